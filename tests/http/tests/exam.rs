//! Tests of knowledge in the cabinet: from a form to the certificate, an appeal that changes a key,
//! and everything that somebody could try on the way.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use app::http::Response;
use http_tests::{
    World,
    demo::{body, request},
};
use serde_json::{Value, json};

const EXAMS: &str = "/api/v1/cabinet/exams";
const SESSIONS: &str = "/api/v1/cabinet/exam-sessions";
const RULINGS: &str = "/api/v1/cabinet/exam-rulings";

fn ulid(n: usize) -> String {
    format!("01jd{n:0>22}")
}

/// Items about two topics, in use, with keys; the first of each topic is of every kind in turn.
fn bank(world: &World, per_topic: usize) {
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

fn account(world: &World, login: &str) -> String {
    let rows = world.db.rows(&format!("SELECT id FROM account WHERE login = '{login}'"));
    rows[0]["id"].as_str().unwrap().to_owned()
}

fn form(counts: [u32; 2]) -> Value {
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

fn said(response: &Response) -> String {
    format!("{} {}", response.status, String::from_utf8_lossy(&response.body))
}

fn code(response: &Response) -> String {
    body(response)["code"].as_str().unwrap_or_default().to_owned()
}

/// A command that names the version which was seen.
fn seen(world: &World, path: &str, cookie: &str, version: i64, input: &Value) -> Response {
    let mut request = world.command(path, cookie, input);
    request.headers.push(("if-match".into(), format!("\"{version}\"")));
    world.send(&request)
}

/// Who acts.
struct Staff {
    admin: String,
    guard: String,
    proctor: String,
    judge: String,
    other: String,
}

fn crew(world: &World) -> Staff {
    Staff {
        admin: world.session("test.admin"),
        guard: world.session("security.officer1"),
        proctor: world.session("test.proctor"),
        judge: world.session("test.appeals1"),
        other: world.session("test.appeals2"),
    }
}

/// A published form; returns its identifier.
fn published(world: &World, staff: &Staff) -> String {
    bank(world, 12);
    let made = world.post(EXAMS, &staff.admin, &form([6, 4]));
    assert_eq!(made.status, 201, "{}", said(&made));
    let id = body(&made)["id"].as_str().unwrap().to_owned();
    let path = format!("{EXAMS}/{id}/publish");
    let done = seen(world, &path, &staff.guard, 1, &json!({}));
    assert_eq!(done.status, 200, "{}", said(&done));
    id
}

const SITTERS: [&str; 3] = ["+77010000001", "+77010000002", "+77010000003"];
const IINS: [&str; 3] = ["900101300017", "900102300022", "900103300038"];

/// People with a cabinet and an IIN; returns their cookies.
fn sitters(world: &World) -> Vec<String> {
    let cookies = SITTERS.map(|phone| world.applicant(phone));
    for (phone, iin) in SITTERS.iter().zip(IINS) {
        let (_, person) = world.account_of(phone);
        world.db.execute(&format!(
            "UPDATE person SET iin = '{iin}', surname = 'Әбенова', name = 'Айгүл' WHERE id = '{person}'"
        ));
    }
    cookies.into()
}

fn organisation(world: &World) -> String {
    let rows = world.db.rows("SELECT id FROM organisation WHERE level = 'region' LIMIT 1");
    rows[0]["id"].as_str().unwrap().to_owned()
}

/// A session with three people; returns it and the identifiers of the attempts.
fn seated(world: &World, staff: &Staff, exam: &str) -> (String, Vec<String>) {
    let made = world.post(
        SESSIONS,
        &staff.admin,
        &json!({ "exam": exam, "organisation": organisation(world), "room": "12",
                 "place": { "kk": "Талдықорған, тест орталығы", "ru": "Талдыкорган, центр тестирования" },
                 "starts_at": "2026-11-02T05:00:00Z" }),
    );
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
fn sit(world: &World, attempt: &str, right: usize) {
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
    assert!(!blocks.as_array().unwrap().is_empty());
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
fn run(world: &World, statements: &Value) -> Value {
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
fn sat(world: &World, staff: &Staff, session: &str, attempts: &[String], right: [usize; 3]) {
    for (attempt, right) in attempts.iter().zip(right) {
        let path = format!("{SESSIONS}/{session}/candidates/{attempt}/admit");
        let done = world.post(&path, &staff.proctor, &json!({ "identity": true }));
        assert_eq!(done.status, 204, "{}", said(&done));
        sit(world, attempt, right);
    }
}

fn mine(world: &World, cookie: &str) -> Value {
    body(&world.get("/api/v1/cabinet/my/exams", cookie))[0].clone()
}

#[test]
fn a_form_is_tried_published_by_another_and_commits_to_a_secret() {
    let world = World::demo();
    let staff = crew(&world);
    bank(&world, 5);
    let made = world.post(EXAMS, &staff.admin, &form([6, 4]));
    let id = body(&made)["id"].as_str().unwrap().to_owned();
    // Exact sciences take longer, by the edition.
    assert_eq!(body(&made)["minutes"], json!(125));
    let tried = body(&world.post(&format!("{EXAMS}/{id}/check"), &staff.admin, &json!({})));
    assert_eq!((&tried["kk"]["fits"], &tried["kk"]["why"]), (&json!(false), &json!("short")));
    assert_eq!(tried["kk"]["cells"], json!([{ "section": 0, "cell": 0, "want": 6, "have": 5 }]));
    let publish = format!("{EXAMS}/{id}/publish");
    let refused = seen(&world, &publish, &staff.guard, 1, &json!({}));
    assert_eq!((refused.status, code(&refused).as_str()), (409, "pool_short"));
    let edited = seen(&world, &format!("{EXAMS}/{id}/edit"), &staff.admin, 1, &form([5, 4]));
    assert_eq!(edited.status, 200, "{}", said(&edited));
    let tried = body(&world.post(&format!("{EXAMS}/{id}/check"), &staff.admin, &json!({})));
    assert_eq!((&tried["kk"]["fits"], &tried["ru"]["fits"]), (&json!(true), &json!(true)));
    // What was seen has changed meanwhile; whoever wrote it cannot publish it.
    assert_eq!(seen(&world, &publish, &staff.guard, 1, &json!({})).status, 412);
    assert_eq!(seen(&world, &publish, &staff.admin, 2, &json!({})).status, 403);
    world.db.execute(&format!(
        "UPDATE exam SET changed_by = '{}' WHERE id = '{id}'",
        account(&world, "security.officer1")
    ));
    let own = seen(&world, &publish, &staff.guard, 2, &json!({}));
    assert_eq!((own.status, code(&own).as_str()), (409, "own_form"));
    let second = world.session("security.officer2");
    let done = seen(&world, &publish, &second, 2, &json!({}));
    assert_eq!(done.status, 200, "{}", said(&done));
    assert_eq!(body(&done)["commitment"].as_str().unwrap().len(), 64);
    // The secret is nowhere in what anybody reads.
    let shown = world.get(&format!("{EXAMS}/{id}"), &staff.admin);
    assert!(!String::from_utf8_lossy(&shown.body).contains("sealed"));
    let public = body(&world.get(&format!("/api/v1/exams/{id}/draws"), ""));
    assert_eq!(public["commitment"], body(&done)["commitment"]);
    assert_eq!((&public["secret"], public.get("pool")), (&Value::Null, None));
    // What was committed to stays.
    assert_eq!(
        seen(&world, &format!("{EXAMS}/{id}/edit"), &staff.admin, 3, &form([4, 4])).status,
        409
    );
    assert_eq!(seen(&world, &publish, &second, 3, &json!({})).status, 409);
    let reveal = world.post(&format!("{EXAMS}/{id}/reveal"), &staff.guard, &json!({}));
    assert_eq!(reveal.status, 409, "an exam that is open tells nothing");
}

#[test]
fn three_sit_one_appeals_the_key_changes_and_everybody_is_scored_anew() {
    let world = World::demo();
    let staff = crew(&world);
    let exam = published(&world, &staff);
    let people = sitters(&world);
    let (session, attempts) = seated(&world, &staff, &exam);
    sat(&world, &staff, &session, &attempts, [7, 6, 10]);
    // At once for the person, with parts and the category; not yet for the room.
    let own = mine(&world, &people[0]);
    assert_eq!((&own["state"], &own["result"]["percent"]), (&json!("scored"), &json!(7000)));
    assert_eq!(
        (&own["result"]["reached"], &own["result"]["passed"]),
        (&json!("expert"), &json!(true))
    );
    assert_eq!(mine(&world, &people[2])["minutes"], json!(165), "forty more");
    let room = body(&world.get(&format!("{SESSIONS}/{session}"), &staff.admin));
    assert_eq!(room["seats"][0]["points"], Value::Null);
    // An appeal against a task that the first had wrong; the worker writes it.
    let slot = &world.db.rows(&format!(
        "SELECT n, item FROM exam_slot WHERE attempt = '{}' AND n = 9",
        attempts[0]
    ))[0];
    let item = slot["item"].as_str().unwrap().to_owned();
    world.db.execute(&format!(
        "INSERT INTO exam_appeal (attempt, n, ground, reason, at)
         VALUES ('{}', 9, 'key', 'Дұрыс жауап b: оқулықтың 15-бетін қараңыз', '2026-11-02T05:10:00.000Z')",
        attempts[0]
    ));
    let open = world.post(
        &format!("/api/v1/cabinet/my/exams/{}/certificate", attempts[0]),
        &people[0],
        &json!({}),
    );
    assert_eq!((open.status, code(&open).as_str()), (409, "result_open"));
    world.at("2026-11-02T05:40:00Z");
    let staff = crew(&world);
    let room = body(&world.get(&format!("{SESSIONS}/{session}"), &staff.admin));
    assert!(room["seats"].as_array().unwrap().iter().all(|seat| seat["points"].is_i64()), "{room}");
    // The commission sees numbers and reasons, not names.
    let list = world.get("/api/v1/cabinet/exam-appeals", &staff.judge);
    assert_eq!(body(&list)[0]["item"], json!(item));
    assert_eq!(body(&list)[0]["due"], json!("2026-11-23"));
    let task = world.get(&format!("/api/v1/cabinet/exam-appeals/{exam}/{item}/1"), &staff.judge);
    let text = String::from_utf8_lossy(&task.body).into_owned();
    assert!(text.contains("\"right\":[\"c\"]") && !text.contains("Әбенова"), "{text}");
    // Proposed by one, signed by another.
    let new = json!({ "key": { "of": "options", "right": ["b"] }, "scoring": { "points": 1, "rule": "all" } });
    let wanted = json!({ "exam": exam, "item": item, "version": 1, "decision": "key", "answers": new,
                         "reason": "Оқулықтың қазіргі басылымына сай дұрысы b" });
    let made = world.post(RULINGS, &staff.judge, &wanted);
    assert_eq!(made.status, 201, "{}", said(&made));
    assert_eq!(world.post(RULINGS, &staff.other, &wanted).status, 409, "one at a time");
    let ruling = body(&made)["id"].as_str().unwrap().to_owned();
    let sign = format!("{RULINGS}/{ruling}/sign");
    assert_eq!(code(&world.post(&sign, &staff.judge, &json!({}))), "own_ruling");
    let signed = world.post(&sign, &staff.other, &json!({}));
    assert_eq!(signed.status, 200, "{}", said(&signed));
    assert_eq!(world.post(&sign, &staff.other, &json!({})).status, 409);
    world.drain();
    world.drain();
    let shown = body(&world.get(&format!("{RULINGS}/{ruling}"), &staff.judge));
    assert_eq!(shown["state"], json!("done"), "{shown}");
    assert_eq!(
        shown["digest"],
        json!(
            app::secret::digest(
                world.db.rows(&format!("SELECT protocol FROM exam_ruling WHERE id = '{ruling}'"))
                    [0]["protocol"]
                    .as_str()
                    .unwrap()
            )
        )
    );
    // Everybody who had it, before and after: those who chose b gain, those who chose c lose.
    let had = world.db.rows(&format!("SELECT count(*) AS n FROM exam_slot WHERE item = '{item}'"));
    let changed = shown["rescored"].as_array().unwrap();
    assert_eq!(json!(changed.len()), had[0]["n"]);
    assert!(changed.iter().all(|one| one["changed"] == json!(true)), "{shown}");
    let after = mine(&world, &people[0]);
    assert_eq!((&after["result"]["percent"], &after["open_appeals"]), (&json!(8000), &json!(0)));
    assert_eq!(after["result"]["reached"], json!("researcher"));
    let last = mine(&world, &people[2])["result"]["percent"].as_i64().unwrap();
    let had_it = world.db.rows(&format!(
        "SELECT count(*) AS n FROM exam_slot WHERE item = '{item}' AND attempt = '{}'",
        attempts[2]
    ));
    assert_eq!(last, 10_000 - 1000 * had_it[0]["n"].as_i64().unwrap());
    // Everybody whose result changed is told, once.
    let told = world.db.rows("SELECT count(*) AS n FROM notice WHERE event = 'exam.rescored'");
    assert_eq!(told[0]["n"], json!(changed.len()));
    // Now the certificate, twice the same, and anybody can check it.
    let path = format!("/api/v1/cabinet/my/exams/{}/certificate", attempts[0]);
    let issued = world.post(&path, &people[0], &json!({}));
    assert_eq!(issued.status, 201, "{}", said(&issued));
    let number = code(&issued);
    assert_eq!(code(&world.post(&path, &people[0], &json!({}))), number);
    for lang in ["kk", "ru", "en"] {
        let page = world.get(&format!("/{lang}/certificates/{}", number.to_lowercase()), "");
        let text = String::from_utf8_lossy(&page.body).into_owned();
        assert_eq!(page.status, 200);
        assert!(
            text.contains("Әбенова") && text.contains("<svg") && text.contains("noindex"),
            "{text}"
        );
    }
    let typed = world.get(&format!("/kk/certificates?code={}", number.replace('-', "+")), "");
    assert_eq!(typed.status, 303);
    let slip = number.replacen(|c: char| c.is_ascii_alphanumeric(), "", 1);
    assert_eq!(world.get(&format!("/kk/certificates/{slip}"), "").status, 404);
    assert_eq!(world.get("/kk/certificates?code=%3Cscript%3E", "").status, 422);
    // The same on a page without script.
    let own = world.get("/kk/my-tests", &people[0]);
    let text = String::from_utf8_lossy(&own.body).into_owned();
    assert!(text.contains(&number) && text.contains("10 балдан 8 балл"), "{text}");
    let opened = world.post(&format!("/ru/my-tests/{}/open", attempts[0]), &people[0], &json!({}));
    let text = String::from_utf8_lossy(&opened.body).into_owned();
    assert!(text.contains(&format!("http://127.0.0.1:8790/app/#{}.", attempts[0])), "{text}");
    let foreign = world.post(&format!("/ru/my-tests/{}/open", attempts[1]), &people[0], &json!({}));
    assert_eq!(foreign.status, 404);
    // A later decision replaces the paper that was given out.
    world.db.execute(&format!(
        "UPDATE exam_attempt SET scoring = scoring + 1 WHERE id = '{}'",
        attempts[0]
    ));
    let page = world.get(&format!("/ru/certificates/{number}"), "");
    assert!(String::from_utf8_lossy(&page.body).contains("Заменён после апелляции"));
    // The secret is told once all is settled, and every draw can be repeated.
    let reveal = format!("{EXAMS}/{exam}/reveal");
    assert_eq!(world.post(&reveal, &staff.guard, &json!({})).status, 409);
    assert_eq!(world.post(&format!("{EXAMS}/{exam}/close"), &staff.admin, &json!({})).status, 204);
    let done = world.post(&reveal, &staff.guard, &json!({}));
    assert_eq!(done.status, 204, "{}", said(&done));
    let public = body(&world.get(&format!("/api/v1/exams/{exam}/draws?lang=kk"), ""));
    assert_eq!(public["attempts"].as_array().unwrap().len(), 2);
    again(&public);
}

/// Repeats the draws from public data alone.
fn again(public: &Value) {
    use domain::exam::{blueprint::Blueprint, draw::Plan, pool::Pool, seed};
    let secret: [u8; 32] = seed::unhex(public["secret"].as_str().unwrap()).unwrap();
    assert_eq!(public["commitment"], json!(seed::commitment(&secret)));
    let blob = data_encoding::HEXLOWER.decode(public["pool"].as_str().unwrap().as_bytes()).unwrap();
    let pool = Pool::read(&blob).unwrap();
    let blueprint: Blueprint = serde_json::from_value(public["blueprint"].clone()).unwrap();
    let plan = Plan::new(&blueprint, &pool).unwrap();
    for one in public["attempts"].as_array().unwrap() {
        let case = seed::Case {
            exam: public["exam"].as_str().unwrap(),
            candidate: one["candidate"].as_str().unwrap(),
            attempt: 1,
            bank_version: public["bank_version"].as_str().unwrap(),
        };
        let form = plan.draw(&case.seed(&secret)).unwrap();
        let items: Vec<String> = form.iter().map(|chosen| pool.name(chosen.item)).collect();
        assert_eq!(one["items"], json!(items));
    }
}

#[test]
fn a_voided_task_counts_for_nobody_and_a_refusal_changes_nothing() {
    let world = World::demo();
    let staff = crew(&world);
    let exam = published(&world, &staff);
    let people = sitters(&world);
    let (session, attempts) = seated(&world, &staff, &exam);
    sat(&world, &staff, &session, &attempts, [7, 7, 7]);
    world.at("2026-11-02T05:40:00Z");
    let staff = crew(&world);
    let item = |n: usize| {
        let rows = world.db.rows(&format!(
            "SELECT item FROM exam_slot WHERE attempt = '{}' AND n = {n}",
            attempts[0]
        ));
        rows[0]["item"].as_str().unwrap().to_owned()
    };
    let rule = |item: &str, decision: &str| {
        let wanted = json!({ "exam": exam, "item": item, "version": 1, "decision": decision,
                             "reason": "Тапсырманың мәтіні толық берілмеген" });
        let made = world.post(RULINGS, &staff.judge, &wanted);
        assert_eq!(made.status, 201, "{}", said(&made));
        let id = body(&made)["id"].as_str().unwrap().to_owned();
        assert_eq!(
            world.post(&format!("{RULINGS}/{id}/sign"), &staff.other, &json!({})).status,
            200
        );
        world.drain();
        world.drain();
    };
    let result = || mine(&world, &people[0])["result"].clone();
    rule(&item(9), "refused");
    assert_eq!(result()["percent"], json!(7000));
    rule(&item(9), "drop");
    assert_eq!((&result()["points"], &result()["most"]), (&json!(7_000_000), &json!(9_000_000)));
    rule(&item(8), "credit");
    assert_eq!((&result()["points"], &result()["most"]), (&json!(8_000_000), &json!(9_000_000)));
    // An attempt that is scored after the decision meets it too.
    world.db.execute(&format!(
        "DELETE FROM exam_response WHERE attempt = '{0}'; DELETE FROM exam_rescored WHERE attempt = '{0}';
         UPDATE exam_attempt SET scoring = 0, report = NULL, state = 'submitted' WHERE id = '{0}'",
        attempts[0]
    ));
    sit(&world, &attempts[0], 7);
    assert_eq!((&result()["points"], &result()["most"]), (&json!(8_000_000), &json!(9_000_000)));
    // Nonsense about keys is refused.
    let wrong = json!({ "exam": exam, "item": item(0), "version": 1, "decision": "key", "reason": "қысқа",
                        "answers": { "key": { "of": "number", "right": [] }, "scoring": { "points": 5, "rule": "all" } } });
    let refused = world.post(RULINGS, &staff.judge, &wrong);
    assert_eq!(refused.status, 422);
    assert_eq!(body(&refused)["errors"].as_array().unwrap().len(), 2, "{}", said(&refused));
}

#[test]
fn an_act_that_two_have_signed_annuls_the_result() {
    let world = World::demo();
    let staff = crew(&world);
    let exam = published(&world, &staff);
    let people = sitters(&world);
    let (session, attempts) = seated(&world, &staff, &exam);
    sat(&world, &staff, &session, &attempts[..1], [7, 0, 0]);
    let acts = format!("{SESSIONS}/{session}/candidates/{}/acts", attempts[0]);
    let what =
        json!({ "what": "Үстелдің астынан екінші телефон табылды", "at": "2026-11-02T04:50:00Z" });
    let wrong = json!({ "what": "телефон", "at": "2027-01-01T00:00:00Z" });
    let refused = world.post(&acts, &staff.proctor, &wrong);
    assert_eq!(
        (refused.status, body(&refused)["errors"].as_array().unwrap().len()),
        (422, 2),
        "{}",
        said(&refused)
    );
    let made = world.post(&acts, &staff.proctor, &what);
    assert_eq!(made.status, 201, "{}", said(&made));
    let act = body(&made)["id"].as_str().unwrap().to_owned();
    // One signature changes nothing.
    assert_eq!(mine(&world, &people[0])["state"], json!("scored"));
    let sign = format!("{SESSIONS}/{session}/acts/{act}/sign");
    assert_eq!(world.post(&sign, &staff.proctor, &json!({})).status, 403);
    let signed = world.post(&sign, &staff.admin, &json!({}));
    assert_eq!(signed.status, 204, "{}", said(&signed));
    assert_eq!(world.post(&sign, &staff.admin, &json!({})).status, 409);
    let own = mine(&world, &people[0]);
    assert_eq!((&own["state"], &own["result"]), (&json!("annulled"), &Value::Null));
    let path = format!("/api/v1/cabinet/my/exams/{}/link", attempts[0]);
    assert_eq!(world.post(&path, &people[0], &json!({})).status, 409);
    let list = body(&world.get(&format!("{SESSIONS}/{session}/acts"), &staff.proctor));
    assert_eq!(list[0]["signed_at"], json!(world.now.get()));
    assert_eq!(world.get(&format!("{SESSIONS}/{session}/acts"), &people[0]).status, 404);
    // Of one that is not over there is nothing to annul yet.
    let open = format!("{SESSIONS}/{session}/candidates/{}/acts", attempts[1]);
    let act = body(&world.post(&open, &staff.proctor, &what))["id"].as_str().unwrap().to_owned();
    let early =
        world.post(&format!("{SESSIONS}/{session}/acts/{act}/sign"), &staff.admin, &json!({}));
    assert_eq!(early.status, 409);
}

#[test]
fn strangers_and_the_wrong_hands_get_nowhere() {
    let world = World::demo();
    let staff = crew(&world);
    let exam = published(&world, &staff);
    let people = sitters(&world);
    let (session, attempts) = seated(&world, &staff, &exam);
    let stranger = world.applicant("+77019999999");
    for (path, cookie) in [
        (format!("/api/v1/cabinet/my/exams/{}/link", attempts[0]), &stranger),
        (format!("/api/v1/cabinet/my/exams/{}/link", attempts[0]), &people[1]),
        (format!("/api/v1/cabinet/my/exams/{}/certificate", attempts[0]), &people[1]),
        (format!("{SESSIONS}/{session}/candidates/{}/admit", ulid(1)), &staff.proctor),
    ] {
        let refused = world.post(&path, cookie, &json!({ "identity": true }));
        assert_eq!(refused.status, 404, "{path}: {}", said(&refused));
    }
    assert_eq!(world.get(&format!("{SESSIONS}/{session}"), &stranger).status, 404);
    assert_eq!(body(&world.get(SESSIONS, &stranger))["items"], json!([]));
    assert_eq!(body(&world.get("/api/v1/cabinet/my/exams", &stranger)), json!([]));
    // One's own link is new each time, and only its digest is kept.
    let path = format!("/api/v1/cabinet/my/exams/{}/link", attempts[0]);
    let links: Vec<Value> =
        (0..2).map(|_| body(&world.post(&path, &people[0], &json!({})))["link"].clone()).collect();
    assert_ne!(links[0], links[1]);
    let token = links[1].as_str().unwrap().rsplit('.').next().unwrap();
    let kept =
        world.db.rows(&format!("SELECT token FROM exam_attempt WHERE id = '{}'", attempts[0]));
    assert_eq!(kept[0]["token"], json!(app::secret::digest(token)));
    // Nobody is let in without the document, twice, or by themselves.
    let admit = format!("{SESSIONS}/{session}/candidates/{}/admit", attempts[0]);
    assert_eq!(world.post(&admit, &staff.proctor, &json!({ "identity": false })).status, 422);
    assert_eq!(world.post(&admit, &staff.admin, &json!({ "identity": true })).status, 403);
    let person = world.db.rows("SELECT person FROM account WHERE login = 'test.proctor'");
    world.db.execute(&format!(
        "UPDATE exam_attempt SET person = '{}' WHERE id = '{}'",
        person[0]["person"].as_str().unwrap(),
        attempts[1]
    ));
    let own = format!("{SESSIONS}/{session}/candidates/{}/admit", attempts[1]);
    assert_eq!(
        code(&world.post(&own, &staff.proctor, &json!({ "identity": true }))),
        "own_attempt"
    );
    assert_eq!(
        code(&world.post(&format!("{SESSIONS}/{session}/watch"), &staff.proctor, &json!({}))),
        "own_attempt"
    );
    assert_eq!(world.post(&admit, &staff.proctor, &json!({ "identity": true })).status, 204);
    assert_eq!(world.post(&admit, &staff.proctor, &json!({ "identity": true })).status, 409);
    // A list with everything wrong says everything.
    let list = json!({ "candidates": [
        { "iin": "000000000000", "lang": "kk" },
        { "iin": IINS[0], "lang": "en", "claimed": "king", "seat": "x".repeat(21) },
    ] });
    let refused = world.post(&format!("{SESSIONS}/{session}/candidates"), &staff.admin, &list);
    assert_eq!(
        (refused.status, body(&refused)["errors"].as_array().unwrap().len()),
        (422, 5),
        "{}",
        said(&refused)
    );
    for nonsense in
        [json!({}), json!([]), json!({ "candidates": "all" }), json!({ "candidates": [] })]
    {
        let refused =
            world.post(&format!("{SESSIONS}/{session}/candidates"), &staff.admin, &nonsense);
        assert!([400, 422].contains(&refused.status), "{nonsense}: {}", said(&refused));
    }
    // An attestation has the parts of the act.
    let mut attestation = form([6, 4]);
    attestation["purpose"] = json!("attestation");
    let refused = world.post(EXAMS, &staff.admin, &attestation);
    assert_eq!(refused.status, 422, "{}", said(&refused));
    let mut hostile = form([6, 4]);
    hostile["blueprint"]["sections"][0]["cells"][0]["count"] = json!(4_000_000_000_u32);
    hostile["group"] = json!("'; DROP TABLE exam; --");
    assert_eq!(world.post(EXAMS, &staff.admin, &hostile).status, 422);
    for path in ["/api/v1/exams/x/draws", "/kk/certificates/%00", "/api/v1/cabinet/exams/%27"] {
        assert_eq!(world.get(path, &staff.admin).status, 404, "{path}");
    }
    let foreign = request("POST", &path, &people[0]);
    let mut foreign = http_foreign(foreign);
    foreign.body = b"{}".to_vec();
    assert_eq!(world.send(&foreign).status, 403);
}

fn http_foreign(mut request: app::http::Request) -> app::http::Request {
    for (name, value) in &mut request.headers {
        if name == "origin" {
            *value = "https://evil.example".to_owned();
        }
        if name == "sec-fetch-site" {
            *value = "cross-site".to_owned();
        }
    }
    request
}
