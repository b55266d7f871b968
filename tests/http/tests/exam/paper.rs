//! A session on paper: printed with a reason and without keys, typed in by two people, scored as if it
//! had been answered on a device.

use domain::shared::time::Timestamp;
use http_tests::{World, demo::body};
use serde_json::{Value, json};

use super::stage::*;

/// The page of forms, printed by somebody.
fn printed(world: &World, session: &str, cookie: &str, attempts: &[&str]) -> (String, String) {
    let path = format!("{SESSIONS}/{session}/prints");
    let asked = json!({ "attempts": attempts, "reason": "аудиторияда байланыс жоқ" });
    let made = world.post(&path, cookie, &asked);
    assert_eq!(made.status, 201, "{}", said(&made));
    let address = body(&made)["address"].as_str().unwrap().to_owned();
    let page = world.get(&address, cookie);
    assert_eq!(page.status, 200, "{}", said(&page));
    (address, String::from_utf8(page.body).unwrap())
}

/// The letter of the option with a text, task by task.
fn letters(page: &str, words: &str) -> Vec<String> {
    let of = |section: &str| {
        let before = section.split_once(&format!("<span>{words}</span>")).unwrap().0;
        let letter = before.rsplit_once("<b>").unwrap().1;
        letter.split_once("</b>").unwrap().0.to_owned()
    };
    page.split("<section>").skip(1).map(of).collect()
}

#[test]
fn forms_are_printed_with_a_reason_near_the_hour_and_without_keys() {
    let world = World::demo();
    let staff = crew(&world);
    let exam = published(&world, &staff);
    sitters(&world);
    let (session, attempts) = seated(&world, &staff, &exam);
    let path = format!("{SESSIONS}/{session}/prints");
    let asked = json!({ "reason": "аудиторияда байланыс жоқ" });
    world.now.set(Timestamp::parse("2026-11-02T03:59:00Z").unwrap());
    let early = world.post(&path, &staff.proctor, &asked);
    assert_eq!((early.status, code(&early).as_str()), (409, "print_early"));
    world.now.set(Timestamp::parse("2026-11-02T04:01:00Z").unwrap());
    let short = world.post(&path, &staff.proctor, &json!({ "reason": "жоқ" }));
    assert_eq!(short.status, 422);
    let foreign = json!({ "attempts": [ulid(999)], "reason": "аудиторияда байланыс жоқ" });
    assert_eq!(world.post(&path, &staff.proctor, &foreign).status, 404);
    assert_eq!(world.post(&path, &staff.judge, &asked).status, 404);

    let (address, page) = printed(&world, &session, &staff.proctor, &[]);
    assert_eq!(page.matches("<article").count(), 3);
    // As on the device: the letters of one are not those of another.
    let (_, one) = printed(&world, &session, &staff.admin, &[&attempts[0]]);
    let (_, two) = printed(&world, &session, &staff.admin, &[&attempts[2]]);
    assert_eq!(letters(&one, "жауап c").len(), 10);
    assert_ne!(letters(&one, "жауап c"), letters(&two, "жауап c"));
    assert_eq!(one.matches("Сұрақ ").count(), 10);
    assert!(!page.contains("right") && !page.contains("answers"));
    // Nobody else opens it, nor anybody for ever.
    assert_eq!(world.get(&address, &staff.admin).status, 404);
    world.now.set(Timestamp::parse("2026-11-03T04:01:00Z").unwrap());
    assert_eq!(world.get(&address, &world.session("test.proctor")).status, 404);
    let rows =
        world.db.rows("SELECT count(*) AS n FROM journal WHERE action = 'exam_session.print'");
    assert_eq!(rows[0]["n"], json!(3));
}

#[test]
fn what_two_people_read_alike_is_scored_once_even_after_the_time_ran_out() {
    let world = World::demo();
    let staff = crew(&world);
    let exam = published(&world, &staff);
    sitters(&world);
    let (session, attempts) = seated(&world, &staff, &exam);
    world.now.set(Timestamp::parse("2026-11-02T05:00:00Z").unwrap());
    let attempt = &attempts[0];
    // Two answers on the device, then nothing more: the time ran out.
    sit(&world, attempt, 2);
    world.db.execute(&format!("UPDATE exam_attempt SET ended = 'expired' WHERE id = '{attempt}'"));
    let (_, page) = printed(&world, &session, &staff.proctor, &[attempt]);
    let right = letters(&page, "жауап c");
    let path = format!("{SESSIONS}/{session}/candidates/{attempt}/paper");
    let asked = body(&world.get(&path, &staff.proctor));
    assert_eq!(asked["tasks"][0], json!({ "how": "one", "of": 4 }));
    assert!(!asked.to_string().contains("Сұрақ"));
    let typed = |answers: &[String]| json!({ "answers": answers, "act": "12-акт" });

    // What is no letter of the form is said of its task.
    let mut wrong = right.clone();
    wrong[3] = "Ж".into();
    let refused = world.post(&path, &staff.proctor, &typed(&wrong));
    assert_eq!(refused.status, 422);
    assert_eq!(body(&refused)["errors"][0]["field"], json!("answers.3"));
    let mut slip = right.clone();
    slip[7] = if right[7] == "A" { "B".into() } else { "A".into() };
    let first = world.post(&path, &staff.proctor, &typed(&slip));
    assert_eq!(body(&first)["state"], json!("first"));
    // The same person twice is one person.
    let again = world.post(&path, &staff.proctor, &typed(&slip));
    assert_eq!(body(&again)["state"], json!("first"));
    let second = world.post(&path, &staff.admin, &typed(&right));
    assert_eq!(
        (&body(&second)["state"], &body(&second)["differs"]),
        (&json!("differs"), &json!([8]))
    );
    assert_eq!(body(&world.get(&path, &staff.proctor))["differs"], json!([8]));
    let agreed = world.post(&path, &staff.proctor, &typed(&right));
    assert_eq!(body(&agreed)["state"], json!("agreed"), "{}", said(&agreed));
    assert_eq!(world.post(&path, &staff.admin, &typed(&right)).status, 409);

    taken(&world, attempt);
    let row = || {
        let sql = format!("SELECT points, scoring, state FROM exam_attempt WHERE id = '{attempt}'");
        world.db.rows(&sql)[0].clone()
    };
    assert_eq!(row(), json!({ "points": 10_000_000, "scoring": 2, "state": "scored" }));
    // The worker that says it twice has said it once.
    taken(&world, attempt);
    assert_eq!(row()["scoring"], json!(2));
    assert!(!body(&world.get(&path, &staff.proctor))["applied_at"].is_null());
    // What was handed in on a device is not typed over.
    let other = &attempts[1];
    sit(&world, other, 3);
    let path = format!("{SESSIONS}/{session}/candidates/{other}/paper");
    let closed = world.post(&path, &staff.proctor, &typed(&right));
    assert_eq!((closed.status, code(&closed).as_str()), (409, "paper_closed"));
    let steps = world.db.rows(
        "SELECT action, count(*) AS n FROM journal WHERE action LIKE 'exam_paper.%' GROUP BY action",
    );
    assert_eq!(steps.len(), 2, "{steps:?}");
}

/// The worker of tests takes what two have read, as its object does.
fn taken(world: &World, attempt: &str) {
    let act = |what: &str, input: Value| -> Value {
        let answer: Value = serde_json::from_str(&exam::act(what, &input.to_string())).unwrap();
        assert_eq!(answer.get("no"), None, "{what}: {answer}");
        answer
    };
    let papers = run(world, &act("paper", json!({ "attempt": attempt })));
    let rows =
        world.db.rows(&format!("SELECT answers FROM exam_paper WHERE attempt = '{attempt}'"));
    let text = papers[0]["answers"].as_str().or(rows[0]["answers"].as_str()).unwrap();
    let given: Value = serde_json::from_str(text).unwrap();
    let source = world.db.rows(&format!(
        "SELECT a.id, a.exam, a.candidate, a.attempt, a.lang, a.extra_minutes, a.claimed, e.edition, e.group_code,
           e.blueprint, e.minutes, e.navigation, e.commitment, e.sealed, p.version AS pool_version, p.blob
         FROM exam_attempt a JOIN exam e ON e.id = a.exam JOIN exam_pool p ON p.exam = e.id AND p.lang = a.lang
         WHERE a.id = '{attempt}'"
    ));
    let row = &source[0];
    let key = domain::exam::seed::hex(&world.config.exam_key);
    let drawn = act("draw", json!({ "row": row, "pool": row["blob"], "key": key }));
    let now = world.now.get().millis();
    let step = |state: &Value, now: i64, op: Value| {
        act("step", json!({ "state": state, "now": now, "op": op }))["state"].clone()
    };
    let begun = step(&drawn["state"], now, json!("start"));
    let late = now + 10 * 3_600_000;
    let done = act(
        "step",
        json!({ "state": begun, "now": late, "op": { "paper": { "answers": given, "why": "12-акт" } } }),
    );
    assert_eq!((&done["state"]["status"], done.get("cannot")), (&json!("expired"), None));
    let tasks = run(world, &act("ask", json!({ "attempt": attempt, "lang": row["lang"] })));
    let outcome = act(
        "result",
        json!({ "attempt": attempt, "lang": row["lang"], "claimed": row["claimed"], "edition": row["edition"],
                "group": row["group_code"], "key": drawn["key"], "state": done["state"], "tasks": tasks,
                "answers": done["puts"], "now": late }),
    );
    run(world, &outcome["write"]);
}
