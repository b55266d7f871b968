//! An applicant, an open vacancy and a filled application, for the tests of applying.

use app::http::Response;
use serde_json::{Value, json};

use crate::{
    World,
    demo::{body, organisation},
};

/// The applicant's address.
pub const MINE: &str = "/api/v1/cabinet/my/applications";
/// The staff's address.
pub const STAFF: &str = "/api/v1/cabinet/applications";

/// An identifier made of a short name.
pub fn id_of(name: &str) -> String {
    let letters: String = name.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    format!("01kdvd{letters:0>20}").to_lowercase().replace(['i', 'l', 'o', 'u'], "z")
}

impl World {
    /// An account of somebody who applies; returns the cookie.
    pub fn somebody(&self, login: &str) -> String {
        let (person, account) = (id_of(&format!("p{login}")), id_of(&format!("a{login}")));
        self.db.execute(&format!(
            "INSERT OR IGNORE INTO person (id, surname, name, created_at)
               VALUES ('{person}', 'Сейітова', '{login}', '2026-01-01T00:00:00.000Z');
             INSERT OR IGNORE INTO account (id, person, login, status, kind, created_at)
               VALUES ('{account}', '{person}', '{login}', 'active', 'applicant', '2026-01-01T00:00:00.000Z');"
        ));
        self.session(login)
    }

    /// A file of an applicant in a state.
    pub fn file(&self, login: &str, name: &str, state: &str) -> String {
        let id = id_of(&format!("f{login}{name}"));
        self.db.execute(&format!(
            "INSERT INTO file (id, person, account, purpose, name, kind, size, sha256, state, object, created_at)
             VALUES ('{id}', '{}', '{}', 'document', '{name}.pdf', 'pdf', 1000, 'abc', '{state}', '{id}', '2026-11-02T05:00:00.000Z')",
            id_of(&format!("p{login}")),
            id_of(&format!("a{login}"))
        ));
        id
    }

    /// A clean file of an applicant who need not exist yet.
    pub fn file_of(&self, login: &str) -> String {
        self.somebody(login);
        self.file(login, "scan", "clean")
    }

    /// Opens a vacancy of the first demo school for a position; returns the vacancy.
    pub fn vacancy(&self, position: &str) -> Value {
        let clerk = self.session("hr.school1");
        let content = json!({
            "position": position, "subject": if position == "subject_teacher" { json!("mathematics") } else { Value::Null },
            "openings": 1, "rate": 100, "salary_from": 250_000, "language": "kk", "schedule": "full",
            "duties": { "kk": "Сабақ береді", "ru": "Ведёт уроки" },
            "requirements": { "kk": "Жоғары білім", "ru": "Высшее образование" },
            "documents": ["application_form", "identity", "personal_sheet", "education", "criminal_record",
                "score_sheet", "video_presentation", "health_075", "psychoneurological", "narcological"],
            "contact_phone": "+7 701 000 00 00", "contact_email": "school@example.kz",
        });
        let input = json!({ "organisation": organisation("school1"), "content": content });
        let draft = body(&self.post("/api/v1/cabinet/vacancies", &clerk, &input));
        self.vacancy_command(&draft, &json!({ "command": "publish", "at": null, "again": true }))
    }

    /// A command of the school's clerk on a vacancy.
    pub fn vacancy_command(&self, vacancy: &Value, command: &Value) -> Value {
        let clerk = self.session("hr.school1");
        let id = vacancy["id"].as_str().unwrap_or_else(|| panic!("{vacancy}"));
        let address = format!("/api/v1/cabinet/vacancies/{id}");
        let now = body(&self.get(&address, &clerk));
        let mut request = self.command(&format!("{address}/commands"), &clerk, command);
        request.headers.push(("if-match".into(), format!("\"{}\"", now["version"])));
        let response = self.send(&request);
        assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&response.body));
        self.drain();
        body(&response)
    }

    /// Hands the outbox over and lets a minute's work be done.
    pub fn drain(&self) {
        let faults = self.with(async |ports| app::sweep::run(ports).await);
        assert_eq!(faults, Vec::<String>::new());
    }

    /// Opens a draft for a vacancy.
    pub fn begin(&self, cookie: &str, vacancy: &Value) -> Value {
        let response = self.post(MINE, cookie, &json!({ "vacancy": vacancy["id"] }));
        assert!(
            matches!(response.status, 200 | 201),
            "{}",
            String::from_utf8_lossy(&response.body)
        );
        body(&response)
    }

    /// Saves a content.
    pub fn write(&self, cookie: &str, application: &Value, content: &Value) -> Response {
        let id = application["id"].as_str().unwrap_or_default();
        let mut request =
            self.command(&format!("{MINE}/{id}"), cookie, &json!({ "content": content }));
        request.method = "PUT".into();
        request.headers.push(("if-match".into(), format!("\"{}\"", application["version"])));
        self.send(&request)
    }

    /// A command of the applicant.
    pub fn act(&self, cookie: &str, application: &Value, command: &Value) -> Response {
        self.command_on(MINE, cookie, application, command)
    }

    /// A command of staff.
    pub fn process(&self, cookie: &str, application: &Value, command: &Value) -> Response {
        self.command_on(STAFF, cookie, application, command)
    }

    fn command_on(
        &self,
        root: &str,
        cookie: &str,
        application: &Value,
        command: &Value,
    ) -> Response {
        let id = application["id"].as_str().unwrap_or_default();
        let mut request = self.command(&format!("{root}/{id}/commands"), cookie, command);
        request.headers.push(("if-match".into(), format!("\"{}\"", application["version"])));
        self.send(&request)
    }

    /// A sent application of somebody for a vacancy.
    pub fn applied(&self, login: &str, vacancy: &Value) -> (String, Value) {
        let cookie = self.somebody(login);
        let draft = self.begin(&cookie, vacancy);
        let file = self.file(login, "scan", "clean");
        let saved = body(&self.write(&cookie, &draft, &filled(&file)));
        let sent = self.act(&cookie, &saved, &json!({ "command": "submit" }));
        assert_eq!(sent.status, 200, "{}", String::from_utf8_lossy(&sent.body));
        (cookie, body(&sent))
    }
}

/// A content that can be sent for the vacancy of [`World::vacancy`] with one file.
pub fn filled(file: &str) -> Value {
    json!({
        "person": { "surname": "Сейітова", "name": "Мадина", "iin": "840317400084", "citizenship": "KZ" },
        "contacts": { "phone": "+7 701 123 45 67", "email": "m@example.kz", "kato": "331000000", "address": "Қабанбай, 5", "lang": "kk" },
        "records": [
            { "id": "edu-1", "kind": "education", "title": "ҚазҰПУ, математика", "files": [file] },
            { "id": "exp-1", "kind": "experience", "title": "№ 5 мектеп, мұғалім", "from": "2019-09-01", "files": [file] },
        ],
        "documents": [
            { "code": "identity", "files": [file] },
            { "code": "education", "records": ["edu-1"] },
            { "code": "criminal_record", "files": [file] },
            { "code": "health_075", "files": [file] },
            { "code": "psychoneurological", "files": [file] },
            { "code": "narcological", "files": [file] },
        ],
        "claims": [{ "row": "category", "choices": [{ "option": "moderator", "count": 1 }], "files": [file] }],
        "statement": { "has_relatives": false, "truthful": true, "consent": true },
        "seen": ["person", "contacts", "score_sheet"],
    })
}
