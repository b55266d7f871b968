//! A bank, a form, a room and people in it, for the tests of tests.

use app::http::Response;
use http_tests::{World, demo::body};
use serde_json::{Value, json};

pub const EXAMS: &str = "/api/v1/cabinet/exams";
pub const SESSIONS: &str = "/api/v1/cabinet/exam-sessions";
pub const RULINGS: &str = "/api/v1/cabinet/exam-rulings";

pub fn ulid(n: usize) -> String {
    format!("01jd{n:0>22}")
}

/// Items about two topics, in use, with keys; the first of each topic is of every kind in turn.
pub fn bank(world: &World, per_topic: usize) {
    let now = world.now.get();
    let author = account(world, "item.author1");
    let text = |words: &str| json!([{ "p": [{ "t": words }] }]);
    for (t, topic) in ["subject/math", "methods/lesson"].into_iter().enumerate() {
        for n in 0..per_topic {
            let number = t * 1000 + n;
            let options: Vec<Value> = ["a", "b", "c", "d"]
                .map(|id| json!({ "id": id, "text": text(&format!("жауап {id}")) }))
                .into();
            let body = json!({ "stem": text(&format!("Сұрақ {number}")),
                "task": { "kind": "single", "shuffle": true, "options": options } });
            let key = json!({ "key": { "of": "options", "right": ["c"] },
                "scoring": { "points": 1, "rule": "all" } });
            let id = ulid(500 + number);
            world.db.execute(&format!(
                "INSERT INTO item (id, number, code, kind, level, topic, head, state, live, created_by, created_at, changed_at)
                   VALUES ('{id}', {}, 'T-{number}', 'single', 'apply', '{topic}', 1, 'active', 1, '{author}', '{now}', '{now}');
                 INSERT INTO item_version (item, version, state, kk, ru, author, at)
                   VALUES ('{id}', 1, 'active', '{body}', '{body}', '{author}', '{now}');
                 INSERT INTO item_key (item, version, answers) VALUES ('{id}', 1, '{key}');",
                90_000 + number
            ));
        }
    }
}

pub fn account(world: &World, login: &str) -> String {
    let rows = world.db.rows(&format!("SELECT id FROM account WHERE login = '{login}'"));
    rows[0]["id"].as_str().unwrap().to_owned()
}

pub fn form(counts: [u32; 2]) -> Value {
    let section = |code: &str, topic: &str, count: u32| {
        json!({ "code": code, "title": { "kk": "Бөлім", "ru": "Раздел" },
                "cells": [{ "topic": topic, "count": count }] })
    };
    json!({
        "title": { "kk": "Педагогтің білімін бағалау", "ru": "Оценка знаний педагога" },
        "purpose": "rehearsal", "group": "secondary", "subject": "mathematics",
        "blueprint": { "shuffle": true, "sections": [
            section("subject", "subject", counts[0]), section("methods", "methods", counts[1]),
        ] },
    })
}

pub fn said(response: &Response) -> String {
    format!("{} {}", response.status, String::from_utf8_lossy(&response.body))
}

pub fn code(response: &Response) -> String {
    body(response)["code"].as_str().unwrap_or_default().to_owned()
}

/// A command that names the version which was seen.
pub fn seen(world: &World, path: &str, cookie: &str, version: i64, input: &Value) -> Response {
    let mut request = world.command(path, cookie, input);
    request.headers.push(("if-match".into(), format!("\"{version}\"")));
    world.send(&request)
}

/// Who acts.
pub struct Staff {
    pub admin: String,
    pub guard: String,
    pub proctor: String,
    pub judge: String,
    pub other: String,
}

pub fn crew(world: &World) -> Staff {
    Staff {
        admin: world.session("test.admin"),
        guard: world.session("security.officer1"),
        proctor: world.session("test.proctor"),
        judge: world.session("test.appeals1"),
        other: world.session("test.appeals2"),
    }
}

/// A published form; returns its identifier.
pub fn published(world: &World, staff: &Staff) -> String {
    bank(world, 12);
    let made = world.post(EXAMS, &staff.admin, &form([6, 4]));
    assert_eq!(made.status, 201, "{}", said(&made));
    let id = body(&made)["id"].as_str().unwrap().to_owned();
    let path = format!("{EXAMS}/{id}/publish");
    let done = seen(world, &path, &staff.guard, 1, &json!({}));
    assert_eq!(done.status, 200, "{}", said(&done));
    id
}

pub const SITTERS: [&str; 3] = ["+77010000001", "+77010000002", "+77010000003"];
pub const IINS: [&str; 3] = ["900101300017", "900102300022", "900103300038"];

/// People with a cabinet and an IIN; returns their cookies.
pub fn sitters(world: &World) -> Vec<String> {
    let cookies = SITTERS.map(|phone| world.applicant(phone));
    for (phone, iin) in SITTERS.iter().zip(IINS) {
        let (_, person) = world.account_of(phone);
        world.db.execute(&format!(
            "UPDATE person SET iin = '{iin}', surname = 'Әбенова', name = 'Айгүл' WHERE id = '{person}'"
        ));
    }
    cookies.into()
}

pub fn organisation(world: &World) -> String {
    let rows = world.db.rows("SELECT id FROM organisation WHERE level = 'region' LIMIT 1");
    rows[0]["id"].as_str().unwrap().to_owned()
}

/// What a session is made of.
pub fn session_of(world: &World, exam: &str, at: &str) -> Value {
    json!({ "exam": exam, "organisation": organisation(world), "room": "12",
            "place": { "kk": "Талдықорған, тест орталығы", "ru": "Талдыкорган, центр тестирования" },
            "starts_at": at })
}

/// A session with three people; returns it and the identifiers of the attempts.
pub fn seated(world: &World, staff: &Staff, exam: &str) -> (String, Vec<String>) {
    let wanted = session_of(world, exam, "2026-11-02T05:00:00Z");
    let made = world.post(SESSIONS, &staff.admin, &wanted);
    assert_eq!(made.status, 201, "{}", said(&made));
    let session = body(&made)["id"].as_str().unwrap().to_owned();
    let list: Vec<Value> = IINS
        .iter()
        .enumerate()
        .map(|(n, iin)| {
            json!({ "iin": iin, "lang": if n == 1 { "ru" } else { "kk" }, "claimed": "expert",
                    "special_needs": n == 2, "seat": format!("{}", n + 1) })
        })
        .collect();
    let put = world.post(
        &format!("{SESSIONS}/{session}/candidates"),
        &staff.admin,
        &json!({ "candidates": list }),
    );
    assert_eq!(put.status, 201, "{}", said(&put));
    let ids = body(&put)["candidates"].as_array().unwrap().clone();
    (session, ids.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect())
}

/// Runs the worker of tests on the rows, as its objects do: draws, and scores what was answered.
/// `right` is how many of the tasks are answered as the key says; the others get `b`.
pub fn sit(world: &World, attempt: &str, right: usize) {
    let rows = world.db.rows(&format!(
        "SELECT a.id, a.exam, a.candidate, a.attempt, a.lang, a.extra_minutes, a.claimed, e.edition, e.group_code,
           e.blueprint, e.minutes, e.navigation, e.commitment, e.sealed, p.version AS pool_version, p.blob
         FROM exam_attempt a JOIN exam e ON e.id = a.exam JOIN exam_pool p ON p.exam = e.id AND p.lang = a.lang
         WHERE a.id = '{attempt}'"
    ));
    let row = &rows[0];
    let act = |what: &str, input: Value| -> Value {
        let answer: Value = serde_json::from_str(&exam::act(what, &input.to_string())).unwrap();
        assert_eq!(answer.get("no"), None, "{what}: {answer}");
        answer
    };
    let key = domain::exam::seed::hex(&world.config.exam_key);
    let drawn = act("draw", json!({ "row": row, "pool": row["blob"], "key": key }));
    run(world, &drawn["write"]);
    let begun = world.now.get().millis();
    let mut state = drawn["state"].clone();
    let mut step = |now: i64, op: Value| {
        let done = act("step", json!({ "state": state, "now": now, "op": op }));
        state = done["state"].clone();
        done
    };
    step(begun, json!({ "take_over": { "device": "test" } }));
    step(begun, json!("start"));
    let bodies = run(world, &drawn["read"]);
    let blocks = act(
        "blocks",
        json!({ "attempt": attempt, "key": drawn["key"], "state": drawn["state"], "slots": drawn["slots"], "bodies": bodies }),
    );
    assert!(!blocks["blocks"].as_array().unwrap().is_empty());
    let slots = drawn["slots"].as_array().unwrap().len();
    let attempt_key: [u8; 32] = domain::exam::seed::unhex(drawn["key"].as_str().unwrap()).unwrap();
    let mut answers = Vec::new();
    for slot in 0..slots {
        let letter = if slot < right { "c" } else { "b" };
        let item = drawn["slots"][slot]["item"].as_str().unwrap();
        let veiled = domain::exam::seed::mac(&attempt_key, &["option", item, "options", letter]);
        let id = domain::exam::seed::hex(&veiled[..8]);
        answers.push(
            json!({ "slot": slot, "value": json!({ "options": [id] }).to_string(), "late": false }),
        );
    }
    step(
        begun + 1000,
        json!({ "receive": { "epoch": 1, "events": [{ "n": 1, "what": "finish" }] } }),
    );
    let tasks = run(world, &act("ask", json!({ "attempt": attempt, "lang": row["lang"] })));
    let outcome = act(
        "result",
        json!({ "attempt": attempt, "lang": row["lang"], "claimed": row["claimed"], "edition": row["edition"],
                "group": row["group_code"], "key": drawn["key"], "state": state, "tasks": tasks,
                "answers": answers, "now": begun + 1000 }),
    );
    run(world, &outcome["write"]);
}

/// Runs statements as the glue of the worker does; returns the rows of the last.
pub fn run(world: &World, statements: &Value) -> Value {
    let list: Vec<(String, Vec<Value>)> = serde_json::from_value(statements.clone()).unwrap();
    let mut last = json!([]);
    for (sql, values) in list {
        let params = values
            .iter()
            .map(|value| match value {
                Value::String(text) => domain::shared::statement::Param::Text(text.clone()),
                Value::Number(n) => domain::shared::statement::Param::Int(n.as_i64().unwrap()),
                _ => domain::shared::statement::Param::Null,
            })
            .collect();
        let statement = domain::shared::statement::Statement { sql: sql.into(), params };
        let rows = world.with(async |ports| ports.db.batch(vec![statement]).await.unwrap());
        last = serde_json::from_str(&rows[0].0).unwrap();
    }
    last
}

/// Lets everybody in; then they sit, with so many right answers.
pub fn sat(world: &World, staff: &Staff, session: &str, attempts: &[String], right: [usize; 3]) {
    for (attempt, right) in attempts.iter().zip(right) {
        let path = format!("{SESSIONS}/{session}/candidates/{attempt}/admit");
        let done = world.post(&path, &staff.proctor, &json!({ "identity": true }));
        assert_eq!(done.status, 204, "{}", said(&done));
        sit(world, attempt, right);
    }
}

pub fn mine(world: &World, cookie: &str) -> Value {
    body(&world.get("/api/v1/cabinet/my/exams", cookie))[0].clone()
}
