//! The shipped data in a test's database: directories, places, the calendar, the demo region,
//! and requests as the browser of a demo account sends them.

use std::{fs, path::PathBuf};

use app::{
    http::{Request, Response},
    routes::Router,
    secret::digest,
};
use domain::shared::{
    statement::{Param, Statement},
    time::Timestamp,
};
use serde_json::{Value, json};

use crate::World;

/// A file under `schemas/`, as JSON.
pub fn shipped(path: &str) -> Value {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../schemas").join(path);
    let text = fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}

fn text(value: &Value) -> Param {
    value.as_str().map_or(Param::Null, Param::from)
}

impl World {
    /// A deployment with the shipped reference data and the demo region.
    pub fn demo() -> World {
        let world = World::new();
        for statement in reference().into_iter().chain(region()) {
            world.with(async |ports| {
                ports.db.batch(vec![statement]).await.unwrap_or_else(|e| panic!("{e:?}"));
            });
        }
        world
    }

    /// Sets the clock.
    pub fn at(&self, moment: &str) {
        self.now.set(Timestamp::parse(moment).unwrap());
    }

    /// Opens a session for a demo login and returns its cookie.
    pub fn session(&self, login: &str) -> String {
        let (id, secret) = self.with(async |ports| (ports.new_id(), ports.new_id()));
        let sql = format!(
            "INSERT INTO session (id, secret, account, created_at, seen_at, until)
             SELECT '{id}', '{}', id, '{now}', '{now}', '2099-01-01T00:00:00.000Z'
             FROM account WHERE login = '{login}'",
            digest(&secret),
            now = self.now.get()
        );
        self.db.execute(&sql);
        format!("{}={secret}", app::session::COOKIE)
    }

    /// Registers somebody who applies (a contact as `+77010000001` or `a@example.kz`) and returns
    /// the cookie of a session as a one-time code opens it. The identifiers: [`World::account_of`].
    pub fn applicant(&self, contact: &str) -> String {
        let [person, account, row, session, secret] =
            self.with(async |ports| std::array::from_fn(|_| ports.new_id()));
        let now = self.now.get();
        let kind = if contact.contains('@') { "email" } else { "phone" };
        self.db.execute(&format!(
            "INSERT INTO person (id, surname, name, {kind}, lang, created_at)
               VALUES ('{person}', '', '', '{contact}', 'kk', '{now}');
             INSERT INTO account (id, person, login, kind, status, created_at)
               VALUES ('{account}', '{person}', lower('{account}'), 'applicant', 'active', '{now}');
             INSERT INTO contact (id, account, kind, value, verified_at)
               VALUES ('{row}', '{account}', '{kind}', '{contact}', '{now}');
             INSERT INTO session (id, secret, account, factor, created_at, seen_at, until)
               VALUES ('{session}', '{}', '{account}', 'code', '{now}', '{now}', '2099-01-01T00:00:00.000Z')",
            digest(&secret)
        ));
        format!("{}={secret}", app::session::COOKIE)
    }

    /// The identifiers of account and person behind a contact.
    pub fn account_of(&self, contact: &str) -> (String, String) {
        let rows = self.db.rows(&format!(
            "SELECT a.id, a.person FROM contact c JOIN account a ON a.id = c.account WHERE c.value = '{contact}'"
        ));
        let of = |name: &str| rows[0][name].as_str().unwrap().to_owned();
        (of("id"), of("person"))
    }

    /// Sends a request through the whole application.
    pub fn send(&self, request: &Request) -> Response {
        let (response, fault) = self.answer(request);
        assert_eq!(fault, None, "{} {}", request.method, request.path);
        response
    }

    /// As [`World::send`], with the text of a fault. As at the edge, the body of a file goes past
    /// the application into the store.
    pub fn answer(&self, request: &Request) -> (Response, Option<String>) {
        let router = Router::new().unwrap();
        if !app::file::streams(&request.method, &request.path) {
            return self.with(async |ports| app::entry::handle(ports, &router, request).await);
        }
        let mut head = request.clone();
        let body = std::mem::take(&mut head.body);
        if head.header("content-length").is_none() {
            head.headers.push(("content-length".into(), body.len().to_string()));
        }
        *self.store.body.borrow_mut() = Some(body);
        self.with(async |ports| app::entry::handle(ports, &router, &head).await)
    }

    /// The body of a response, wherever it lies.
    pub fn content(&self, response: &Response) -> Vec<u8> {
        let Some(piece) = &response.piece else { return response.body.clone() };
        let objects = self.store.objects.borrow();
        let from = piece.from as usize;
        objects[&piece.object][from..from + piece.length as usize].to_vec()
    }

    /// A GET.
    pub fn get(&self, address: &str, cookie: &str) -> Response {
        self.send(&request("GET", address, cookie))
    }

    /// A POST of JSON from our own page, with a fresh idempotency key.
    pub fn post(&self, address: &str, cookie: &str, body: &Value) -> Response {
        self.send(&self.command(address, cookie, body))
    }

    /// The request of [`World::post`], to be changed by the test.
    pub fn command(&self, address: &str, cookie: &str, body: &Value) -> Request {
        let mut request = request("POST", address, cookie);
        request.headers.push(("content-type".into(), "application/json".into()));
        let key = self.with(async |ports| ports.new_id());
        request.headers.push(("idempotency-key".into(), key));
        request.body = body.to_string().into_bytes();
        request
    }
}

/// A request of a browser on our own page.
pub fn request(method: &str, address: &str, cookie: &str) -> Request {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let mut headers = vec![
        ("host".to_owned(), "127.0.0.1:8787".to_owned()),
        ("origin".to_owned(), "http://127.0.0.1:8787".to_owned()),
        ("sec-fetch-site".to_owned(), "same-origin".to_owned()),
    ];
    if !cookie.is_empty() {
        headers.push(("cookie".into(), cookie.into()));
    }
    Request {
        method: method.into(),
        path: path.into(),
        query: query.into(),
        headers,
        body: Vec::new(),
        client: "192.0.2.1".into(),
    }
}

/// The body of a response as JSON.
pub fn body(response: &Response) -> Value {
    serde_json::from_slice(&response.body).unwrap_or_else(|e| {
        panic!("{e}: {} {}", response.status, String::from_utf8_lossy(&response.body))
    })
}

/// The identifier of a demo organisation by its short name.
pub fn organisation(key: &str) -> String {
    let region = shipped("demo/region.json");
    let all = region["organisations"].as_array().unwrap().clone();
    let found = all.iter().find(|one| one["key"] == key);
    found.unwrap_or_else(|| panic!("no demo organisation {key}"))["id"].as_str().unwrap().into()
}

fn reference() -> Vec<Statement> {
    let mut out = Vec::new();
    for (directory, items) in shipped("data/directories.json").as_object().unwrap() {
        for (place, item) in items.as_array().unwrap().iter().enumerate() {
            out.push(domain::sql!(
                "INSERT INTO directory_item (directory, code, edition, kk, ru, en, attrs, place, valid_from)
                 VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, '2026-01-01')",
                directory,
                text(&item["code"]),
                text(&item["kk"]),
                text(&item["ru"]),
                item["en"].as_str().unwrap_or_default(),
                item.get("attrs").unwrap_or(&json!({})).to_string(),
                place as i64
            ));
        }
    }
    for unit in shipped("data/kato.json").as_array().unwrap() {
        out.push(domain::sql!(
            "INSERT INTO kato (code, parent, level, kk, ru, en, lat, lon) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            text(&unit["code"]),
            text(&unit["parent"]),
            unit["level"].as_i64().unwrap(),
            text(&unit["kk"]),
            text(&unit["ru"]),
            unit["en"].as_str().unwrap_or_default(),
            unit["lat"].as_f64(),
            unit["lon"].as_f64()
        ));
    }
    for row in domain::shared::calendar::published_2026() {
        out.push(domain::sql!(
            "INSERT INTO calendar_day (day, week, working, kk, ru) VALUES (?1, ?2, ?3, '', '')",
            row.day,
            row.week.code().parse::<i64>().unwrap(),
            row.kind.code() == "working"
        ));
    }
    out
}

fn region() -> Vec<Statement> {
    let region = shipped("demo/region.json");
    let mut out = Vec::new();
    let mut paths: Vec<(String, String)> = Vec::new();
    for one in region["organisations"].as_array().unwrap() {
        let id = one["id"].as_str().unwrap();
        let above = one["parent"].as_str().and_then(|parent| {
            paths.iter().find(|(have, _)| have == parent).map(|(_, path)| path.clone())
        });
        let path = format!("{}{id}/", above.unwrap_or_default());
        paths.push((id.to_owned(), path.clone()));
        out.push(domain::sql!(
            "INSERT INTO organisation (id, slug, bin, level, type, parent, path, kato, name_kk, name_ru, name_en,
               address_kk, address_ru, about_kk, about_ru, lat, lon, phone, email, languages, rural, valid_from, changed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
               '2026-01-01', '2026-01-01T00:00:00.000Z')",
            id,
            text(&one["slug"]),
            text(&one["bin"]),
            text(&one["level"]),
            text(&one["type"]),
            text(&one["parent"]),
            path,
            text(&one["kato"]),
            text(&one["name_kk"]),
            text(&one["name_ru"]),
            one["name_en"].as_str().unwrap_or_default(),
            one["address_kk"].as_str().unwrap_or_default(),
            one["address_ru"].as_str().unwrap_or_default(),
            one["about_kk"].as_str().unwrap_or_default(),
            one["about_ru"].as_str().unwrap_or_default(),
            one["lat"].as_f64(),
            one["lon"].as_f64(),
            one["phone"].as_str().unwrap_or_default(),
            one["email"].as_str().unwrap_or_default(),
            one.get("languages").unwrap_or(&json!([])).to_string(),
            one["rural"].as_bool().or_else(|| Some(one["rural"].as_i64()? != 0)).unwrap_or(false)
        ));
    }
    for one in region["people"].as_array().unwrap() {
        out.push(domain::sql!(
            "INSERT INTO person (id, iin, surname, name, patronymic, created_at) VALUES (?1, ?2, ?3, ?4, ?5, '2026-01-01T00:00:00.000Z')",
            text(&one["id"]),
            text(&one["iin"]),
            text(&one["surname"]),
            text(&one["name"]),
            one["patronymic"].as_str().unwrap_or_default()
        ));
    }
    for one in region["accounts"].as_array().unwrap() {
        out.push(domain::sql!(
            "INSERT INTO account (id, person, login, status, created_at) VALUES (?1, ?2, ?3, 'active', '2026-01-01T00:00:00.000Z')",
            text(&one["id"]),
            text(&one["person"]),
            text(&one["login"])
        ));
        for role in one["roles"].as_array().unwrap() {
            out.push(domain::sql!(
                "INSERT INTO role_assignment (id, account, role, organisation, scope, from_day, to_day, granted_by, granted_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '', '2026-01-01T00:00:00.000Z')",
                text(&role["id"]),
                text(&one["id"]),
                text(&role["role"]),
                text(&role["organisation"]),
                text(&role["scope"]),
                text(&role["from_day"]),
                text(&role["to_day"])
            ));
        }
    }
    out
}
