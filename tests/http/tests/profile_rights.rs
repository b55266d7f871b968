//! What a person may demand: consents, who looked, everything to take along, deletion.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use app::http::Response;
use http_tests::{
    World,
    demo::{body, organisation, shipped},
};
use serde_json::{Value, json};

const MY: &str = "/api/v1/cabinet/my";
/// Stands in every text that the person writes: nothing of it may be left after the deletion.
const MARK: &str = "Ұмытылмас";

fn call(world: &World, method: &str, path: &str, cookie: &str, body: &Value) -> Response {
    let mut request = world.command(&format!("{MY}/{path}"), cookie, body);
    request.method = method.into();
    let version = body["version"].as_i64().unwrap_or_default();
    request.headers.push(("if-match".into(), format!("\"{version}\"")));
    world.send(&request)
}

fn get(world: &World, path: &str, cookie: &str) -> Value {
    let response = world.get(&format!("{MY}/{path}"), cookie);
    assert_eq!(response.status, 200, "{path}: {}", String::from_utf8_lossy(&response.body));
    body(&response)
}

fn sweep(world: &World) {
    let faults = world.with(async |ports| app::sweep::run(ports).await);
    assert_eq!(faults, Vec::<String>::new());
}

/// A vacancy that is published now.
fn vacancy(world: &World) -> String {
    let clerk = world.session("hr.school1");
    let content = json!({
        "position": "subject_teacher", "subject": "mathematics", "openings": 1, "rate": 100,
        "salary_from": 250_000, "language": "kk", "schedule": "full",
        "duties": { "kk": "Сабақ береді", "ru": "Ведёт уроки" },
        "requirements": { "kk": "Жоғары білім", "ru": "Высшее образование" },
        "documents": ["application_form", "identity", "personal_sheet", "education", "criminal_record",
            "score_sheet", "health_075", "psychoneurological", "narcological"],
        "contact_phone": "+7 701 000 00 00", "contact_email": "school@example.kz",
    });
    let input = json!({ "organisation": organisation("school1"), "content": content });
    let draft = body(&world.post("/api/v1/cabinet/vacancies", &clerk, &input));
    let id = draft["id"].as_str().unwrap().to_owned();
    let publish = json!({"command": "publish", "at": null});
    let mut request =
        world.command(&format!("/api/v1/cabinet/vacancies/{id}/commands"), &clerk, &publish);
    request.headers.push(("if-match".into(), format!("\"{}\"", draft["version"])));
    assert_eq!(world.send(&request).status, 200);
    id
}

#[test]
fn a_consent_is_given_kept_with_its_text_and_withdrawn() {
    let world = World::demo();
    let cookie = world.applicant("+77010000001");
    let (_, person) = world.account_of("+77010000001");
    let has = || {
        world.with(async |ports| {
            let statement = domain::consent::has("competition", &person, ports.now);
            app::ports::read(ports.db, statement).await.unwrap().all::<Value>().unwrap()[0]["has"]
                == 1
        })
    };
    let purposes = get(&world, "consents", &cookie)["purposes"].clone();
    let competition = purposes.as_array().unwrap().iter().find(|p| p["required_for"] == "apply");
    let version = competition.unwrap()["text"]["version"].clone();
    assert!(!has());
    let give = json!({"purpose": "competition", "version": version});
    let given = call(&world, "POST", "consents", &cookie, &give);
    assert_eq!(given.status, 201, "{}", String::from_utf8_lossy(&given.body));
    assert!(has());
    let row =
        world.db.rows("SELECT version, length(digest) AS n, lang, channel, until FROM consent");
    let kept = json!({"version": version, "n": 64, "lang": "kk", "channel": "sign_in", "until": "2029-11-02T05:00:00.000Z"});
    assert_eq!(row[0], kept);
    let old = json!({"purpose": "competition", "version": "2020-01-01"});
    assert_eq!(call(&world, "POST", "consents", &cookie, &old).status, 409);
    let unknown = json!({"purpose": "advertising", "version": version});
    assert_eq!(call(&world, "POST", "consents", &cookie, &unknown).status, 422);
    // Given once more: one lives, the history has both.
    assert_eq!(call(&world, "POST", "consents", &cookie, &give).status, 201);
    assert_eq!(get(&world, "consents", &cookie)["history"].as_array().unwrap().len(), 2);
    let id = get(&world, "consents", &cookie)["history"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("consents/{id}");
    let stranger = world.applicant("+77010000002");
    assert_eq!(call(&world, "DELETE", &path, &stranger, &json!(null)).status, 404);
    assert!(has());
    for _ in 0..2 {
        assert_eq!(call(&world, "DELETE", &path, &cookie, &json!(null)).status, 200);
    }
    assert!(!has());
    // A consent that has run out no longer counts.
    assert_eq!(call(&world, "POST", "consents", &cookie, &give).status, 201);
    world.at("2029-11-02T05:00:01Z");
    assert!(!has());
}

#[test]
fn the_registry_of_consents_is_for_the_officer_and_without_names() {
    let world = World::demo();
    let cookie = world.applicant("+77010000001");
    let give = json!({"purpose": "portal", "version": "2026-01-01"});
    assert_eq!(call(&world, "POST", "consents", &cookie, &give).status, 201);
    let address = "/api/v1/cabinet/consents.csv";
    assert_eq!(world.get(address, &cookie).status, 403);
    assert_eq!(world.get(address, &world.session("hr.school1")).status, 403);
    let answer = world.get(address, &world.session("auditor"));
    let text = String::from_utf8(answer.body).unwrap();
    assert_eq!((answer.status, text.lines().count()), (200, 2));
    assert!(text.contains(",portal,2026-01-01,") && !text.contains("+7701"));
}

#[test]
fn a_person_sees_who_looked() {
    let world = World::demo();
    let cookie = world.applicant("+77010000001");
    let (account, person) = world.account_of("+77010000001");
    let clerk = world.db.rows("SELECT id FROM account WHERE login = 'hr.school1'")[0]["id"].clone();
    let look = |account: &str, action: &str, reason: &str| {
        world.db.execute(&format!(
            "INSERT INTO journal (at, account, action, object_type, object_id, reason)
             VALUES ('2026-11-02T05:00:00.000Z', '{account}', '{action}', 'person', '{person}', {reason})"
        ));
    };
    look(clerk.as_str().unwrap(), "application.view", "NULL");
    look(clerk.as_str().unwrap(), "person.view", "'Жеке парақты тексеру'");
    look(clerk.as_str().unwrap(), "person.save", "NULL");
    look(&account, "person.view", "NULL");
    let looks = get(&world, "access", &cookie);
    let items = looks["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{looks}");
    assert_eq!(items[0]["why"], "Жеке парақты тексеру");
    assert_eq!(items[0]["roles"], json!(["Кадр маманы"]));
    assert!(items[0]["organisation"]["kk"].as_str().unwrap().contains("мектеб"), "{looks}");
    assert_eq!(items[1]["what"], "Өтініміңізді ашты");
    assert_eq!(items[1]["why"], "Себебі көрсетілмеген");
    let stranger = world.applicant("+77010000002");
    assert_eq!(get(&world, "access", &stranger)["items"], json!([]));
}

#[test]
fn a_vacancy_is_saved_once_and_stays_when_it_closes() {
    let world = World::demo();
    let cookie = world.applicant("+77010000001");
    let id = vacancy(&world);
    let path = format!("saved/{id}");
    for _ in 0..2 {
        assert_eq!(call(&world, "PUT", &path, &cookie, &json!(null)).status, 200);
    }
    let saved = get(&world, "saved", &cookie);
    assert_eq!(saved.as_array().unwrap().len(), 1);
    assert_eq!((&saved[0]["state"], &saved[0]["application"]), (&json!("published"), &json!(null)));
    assert_eq!(saved[0]["title"]["kk"], "Математика мұғалімі");
    assert_eq!(get(&world, &path, &world.applicant("+77010000002")), json!({"saved": false}));
    // The public page names it by its number: it is the same vacancy, from its cached page.
    let number = saved[0]["number"].as_i64().unwrap();
    let named = |n: i64| call(&world, "PUT", &format!("saved/{n}"), &cookie, &json!({})).status;
    assert_eq!((named(number), named(0)), (200, 404));
    assert_eq!(get(&world, "saved", &cookie).as_array().unwrap().len(), 1);
    let page = world.get(&format!("/ru/vacancies/{}", saved[0]["slug"].as_str().unwrap()), "");
    let page = String::from_utf8(page.body).unwrap();
    assert!(page.contains(&format!("/ru/enter?next=/app/my/saved/{number}\"")), "{page}");
    // A draft of a school does not exist for those who look for work.
    world.db.execute("INSERT INTO vacancy SELECT '01kdvdna01p4380jhytk3w7b3a', 9999, 'x', organisation, 'draft', 1, content, position, subject, procedure, edition, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, created_by, created_at, changed_by, changed_at FROM vacancy LIMIT 1");
    let draft = "saved/01kdvdna01p4380jhytk3w7b3a";
    assert_eq!(call(&world, "PUT", draft, &cookie, &json!(null)).status, 404);
    world.at("2026-12-20T05:00:00Z");
    world.db.execute("UPDATE session SET seen_at = '2026-12-20T05:00:00.000Z'");
    assert_eq!(get(&world, "saved", &cookie)[0]["state"], "closed");
    for _ in 0..2 {
        assert_eq!(call(&world, "DELETE", &path, &cookie, &json!(null)).status, 200);
    }
    assert_eq!(get(&world, "saved", &cookie), json!([]));
}

#[test]
fn reminders_come_once_each() {
    let world = World::demo();
    let cookie = world.applicant("+77010000001");
    let record = json!({"record": {"kind": "document", "document": "criminal_record", "number": "1", "issued_on": "2026-10-01"}});
    let item = body(&world.post(&format!("{MY}/profile"), &cookie, &record));
    assert_eq!(item["valid_to"], "2026-12-31");
    let told =
        || world.db.rows("SELECT event, args FROM notice WHERE event = 'profile.expiring'").len();
    for (at, expected) in [
        ("2026-11-02T06:00:00Z", 0),
        ("2026-12-01T06:00:00Z", 1),
        ("2026-12-01T06:01:00Z", 1),
        ("2026-12-24T06:00:00Z", 2),
        ("2026-12-31T06:00:00Z", 3),
        ("2027-01-05T06:00:00Z", 3),
    ] {
        world.at(at);
        sweep(&world);
        assert_eq!(told(), expected, "{at}");
    }
}

/// Fills everything that a person can fill, with the mark in every text.
fn fill(world: &World, cookie: &str) {
    let card = json!({"version": 0, "name": {"surname": MARK, "name": MARK}, "name_ru": {"name": MARK},
        "citizenship": "KZ", "document": {"type": "passport", "number": MARK, "issuer": MARK},
        "address": {"kato": "331000000", "text": MARK}, "needs": {"codes": ["other"], "text": MARK}});
    assert_eq!(call(world, "PUT", "person", cookie, &card).status, 200);
    let award = json!({"record": {"kind": "award", "title": MARK, "issuer": MARK, "issued_on": "2025-01-01"}});
    assert_eq!(call(world, "POST", "profile", cookie, &award).status, 201);
    let give = json!({"purpose": "competition", "version": "2026-01-01"});
    assert_eq!(call(world, "POST", "consents", cookie, &give).status, 201);
    let id = vacancy(world);
    assert_eq!(call(world, "PUT", &format!("saved/{id}"), cookie, &json!(null)).status, 200);
}

/// The rows of every table that hold a text, as `table: row`.
fn holding(world: &World, text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for database in [&world.db, &world.search] {
        let tables = database.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'",
        );
        for table in tables {
            let name = table["name"].as_str().unwrap();
            if name.contains("_data") || name.contains("_idx") || name.contains("_docsize") {
                continue;
            }
            for row in database.rows(&format!("SELECT * FROM \"{name}\"")) {
                if row.to_string().contains(text) {
                    out.push(format!("{name}: {row}"));
                }
            }
        }
    }
    out
}

/// No name of a column and no code stands on the page for people.
fn said_in_words(world: &World, lang: &str, cookie: &str) {
    let html = String::from_utf8(world.get(&format!("/{lang}/my-data"), cookie).body).unwrap();
    let texts =
        |mark: &'static str| html.split(mark).skip(1).filter_map(|rest| rest.split('<').next());
    let code = |text: &str| {
        text.contains(['_', '.'])
            && text.bytes().all(|b| b.is_ascii_lowercase() || b"_.".contains(&b))
    };
    for text in texts("<dt>").chain(texts("<dd>")) {
        // "scan.pdf" is the name of a file.
        assert!(!code(text) || text.ends_with(".pdf"), "{lang}: {text}");
    }
    for name in texts("<dt>") {
        assert!(lang == "en" || !name.is_ascii(), "{lang}: {name}");
    }
}

#[test]
fn all_is_taken_along() {
    let world = World::demo();
    let cookie = world.applicant("+77010000001");
    fill(&world, &cookie);
    let vacancy = world.vacancy("subject_teacher");
    let (applied, _) = world.applied("madina", &vacancy);
    let file = get(&world, "export", &cookie);
    let data = &file["data"];
    let schema = shipped("personal-data.schema.json");
    for part in domain::profile::personal::PARTS {
        assert!(data[part.name].is_array(), "{}", part.name);
        let described = &schema["properties"]["data"]["properties"][part.name];
        assert!(described["description"].is_string(), "{} is not in the schema", part.name);
    }
    assert_eq!(data["person"][0]["surname"], MARK);
    assert_eq!(data["person"][0]["content"]["address"]["text"], MARK);
    assert_eq!(data["profile"][0]["record"]["title"], MARK);
    assert_eq!(data["contacts"][0]["value"], "+77010000001");
    assert_eq!(data["consents"][0]["purpose"], "competition");
    assert_eq!(data["saved"].as_array().unwrap().len(), 1);
    // Secrets of signing in are nobody's to read, not even the person's.
    let text = file.to_string();
    assert!(!text.contains("\"secret\"") && !text.contains("totp"));
    for lang in ["kk", "ru", "en"] {
        let page = world.get(&format!("/{lang}/my-data"), &cookie);
        let html = String::from_utf8(page.body).unwrap();
        assert_eq!(page.status, 200);
        assert!(html.contains(MARK) && !html.contains("export.part"), "{lang}");
        for cookie in [&cookie, &applied] {
            said_in_words(&world, lang, cookie);
        }
    }
    assert_eq!(world.get("/kk/my-data", "").status, 303);
    let other = get(&world, "export", &world.applicant("+77010000002"));
    assert!(!other.to_string().contains(MARK));
}

#[test]
fn after_the_deletion_nothing_holds_what_the_person_wrote() {
    let world = World::demo();
    let cookie = world.applicant("+77010000001");
    fill(&world, &cookie);
    assert!(holding(&world, MARK).len() >= 3);
    let asked = call(&world, "POST", "deletion", &cookie, &json!({"confirm": true}));
    assert_eq!(asked.status, 201, "{}", String::from_utf8_lossy(&asked.body));
    assert_eq!(body(&asked)["due_at"], "2026-12-02T05:00:00.000Z");
    let told = world.db.rows("SELECT args FROM notice WHERE event = 'account.deletion_asked'");
    assert_eq!(told.len(), 1);
    assert!(told[0]["args"].as_str().unwrap().contains("2026-12-02"), "{told:?}");
    assert_eq!(call(&world, "POST", "deletion", &cookie, &json!({"confirm": false})).status, 422);
    let actions = get(&world, "overview", &cookie)["actions"].clone();
    assert!(actions.as_array().unwrap().iter().any(|a| a["code"] == "deletion"), "{actions}");
    // Called off, nothing happens; asked again, it does.
    assert_eq!(call(&world, "DELETE", "deletion", &cookie, &json!(null)).status, 200);
    assert_eq!(call(&world, "DELETE", "deletion", &cookie, &json!(null)).status, 409);
    world.at("2026-12-05T05:00:00Z");
    sweep(&world);
    assert!(!holding(&world, MARK).is_empty());
    world.db.execute("UPDATE session SET seen_at = '2026-12-05T05:00:00.000Z'");
    assert_eq!(call(&world, "POST", "deletion", &cookie, &json!({"confirm": true})).status, 201);
    world.at("2027-01-04T05:00:01Z");
    sweep(&world);
    assert_eq!(holding(&world, MARK), Vec::<String>::new());
    assert_eq!(holding(&world, "+77010000001"), Vec::<String>::new());
    // Nobody can sign in with it, the phone is free for a new account, others are untouched.
    assert_eq!(world.get(&format!("{MY}/person"), &cookie).status, 401);
    world.applicant("+77010000001");
    assert_eq!(world.get(&format!("{MY}/person"), &world.session("hr.school1")).status, 200);
    assert_eq!(
        world.db.rows("SELECT count(*) AS n FROM journal WHERE action = 'account.delete'")[0]["n"],
        1
    );
}

#[test]
fn who_works_for_an_organisation_is_not_deleted_behind_its_back() {
    let world = World::demo();
    let clerk = world.session("hr.school1");
    let state = get(&world, "deletion", &clerk);
    assert_eq!(state["obstacles"].as_array().unwrap().len(), 1);
    let refused = call(&world, "POST", "deletion", &clerk, &json!({"confirm": true}));
    assert_eq!((refused.status, &body(&refused)["code"]), (409, &json!("deletion_obstacle")));
    // A role that was granted during the grace makes it wait.
    let cookie = world.applicant("+77010000001");
    let (account, _) = world.account_of("+77010000001");
    assert_eq!(call(&world, "POST", "deletion", &cookie, &json!({"confirm": true})).status, 201);
    world.db.execute(&format!(
        "INSERT INTO role_assignment (id, account, role, organisation, scope, from_day, granted_by, granted_at)
         VALUES ('r', '{account}', 'hr_clerk', '{}', 'own', '2026-11-03', '', '2026-11-03T00:00:00.000Z')",
        organisation("school1")
    ));
    world.at("2026-12-10T05:00:00Z");
    sweep(&world);
    assert_eq!(world.db.rows("SELECT done_at FROM deletion")[0]["done_at"], json!(null));
    world.db.execute("UPDATE role_assignment SET to_day = '2026-12-10' WHERE id = 'r'");
    world.at("2026-12-12T05:00:00Z");
    sweep(&world);
    assert_ne!(world.db.rows("SELECT done_at FROM deletion")[0]["done_at"], json!(null));
}

#[test]
fn every_table_that_names_a_person_is_on_the_map() {
    let world = World::demo();
    let tables = world.db.rows("SELECT name, sql FROM sqlite_master WHERE type = 'table'");
    for table in tables {
        let (name, sql) =
            (table["name"].as_str().unwrap(), table["sql"].as_str().unwrap_or_default());
        let columns = world.db.rows(&format!("SELECT name FROM pragma_table_info('{name}')"));
        let names = |column: &Value| {
            let column = column["name"].as_str().unwrap();
            ["person", "account", "recipient", "address", "email", "phone", "who"].contains(&column)
        };
        let personal = sql.contains("REFERENCES person") || sql.contains("REFERENCES account");
        assert!(
            !(personal || columns.iter().any(names)) || domain::profile::personal::covers(name),
            "{name} names people: say in domain::profile::personal how it is taken along and deleted"
        );
    }
}
