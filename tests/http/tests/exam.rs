//! Tests of knowledge in the cabinet: from a form to the certificate, an appeal that changes a key,
//! and everything that somebody could try on the way.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use http_tests::{
    World,
    demo::{body, request},
};
use serde_json::{Value, json};

#[path = "exam/applicants.rs"]
mod applicants;
#[path = "exam/paper.rs"]
mod paper;
#[path = "exam/stage.rs"]
mod stage;

use stage::*;

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

/// The other member does not sign: the appeals stay open, and the same is proposed once more. Returns the
/// second proposal.
fn declined_once(world: &World, staff: &Staff, ruling: &str, wanted: &Value) -> String {
    let decline = format!("{RULINGS}/{ruling}/decline");
    let short = world.post(&decline, &staff.other, &json!({ "reason": "жоқ" }));
    assert_eq!(short.status, 422, "{}", said(&short));
    let why = json!({ "reason": "Оқулықтың қай басылымы екені жазылмаған" });
    assert_eq!(world.post(&decline, &staff.other, &why).status, 204);
    assert_eq!(world.post(&decline, &staff.other, &why).status, 409, "once");
    let sign = world.post(&format!("{RULINGS}/{ruling}/sign"), &staff.other, &json!({}));
    assert_eq!(sign.status, 409, "what was declined is not signed");
    let shown = body(&world.get(&format!("{RULINGS}/{ruling}"), &staff.judge));
    assert_eq!((&shown["state"], &shown["rescored"]), (&json!("declined"), &json!([])));
    let open = body(&world.get("/api/v1/cabinet/exam-appeals", &staff.judge));
    assert_eq!((&open[0]["appeals"], &open[0]["waits"]), (&json!(1), &Value::Null), "{open}");
    let made = world.post(RULINGS, &staff.judge, wanted);
    assert_eq!(made.status, 201, "{}", said(&made));
    body(&made)["id"].as_str().unwrap().to_owned()
}

fn own_appeal(world: &World, cookie: &str) -> Value {
    mine(world, cookie)["appeals"][0].clone()
}

#[test]
fn three_sit_one_appeals_the_key_changes_and_everybody_is_scored_anew() {
    let world = World::demo();
    let staff = crew(&world);
    let exam = published(&world, &staff);
    let people = sitters(&world);
    let (session, attempts) = seated(&world, &staff, &exam);
    // Whoever is put down is told when and where, once.
    let told =
        world.db.rows("SELECT object_id, args FROM notice WHERE event = 'exam.listed' ORDER BY id");
    assert_eq!(told.len(), 3);
    assert!(
        told.iter()
            .all(|one| one["args"].as_str().unwrap().contains("Талдықорған, тест орталығы, 12"))
    );
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
    let first = body(&made)["id"].as_str().unwrap().to_owned();
    let ruling = declined_once(&world, &staff, &first, &wanted);
    let sign = format!("{RULINGS}/{ruling}/sign");
    assert_eq!(code(&world.post(&sign, &staff.judge, &json!({}))), "own_ruling");
    // Before signing: the task with the old key, the new one, and who gains and loses.
    let shown = body(&world.get(&format!("{RULINGS}/{ruling}"), &staff.other));
    assert_eq!(shown["task"]["answers"]["key"]["right"], json!(["c"]));
    assert_eq!(shown["answers"]["key"]["right"], json!(["b"]));
    assert_eq!(shown["appeals"].as_array().unwrap().len(), 1);
    let mut forecast = shown["forecast"].as_array().unwrap().clone();
    assert_eq!(json!(forecast.len()), shown["had"]);
    assert!(forecast.iter().all(|one| one["before"] != one["after"]), "{shown}");
    forecast.sort_by_key(|one| one["candidate"].as_str().unwrap().to_owned());
    assert_eq!(own_appeal(&world, &people[0])["decision"], Value::Null);
    assert_eq!(own_appeal(&world, &people[0])["due"], json!("2026-11-23"));
    let signed = world.post(&sign, &staff.other, &json!({}));
    assert_eq!(signed.status, 200, "{}", said(&signed));
    assert_eq!(world.post(&sign, &staff.other, &json!({})).status, 409);
    world.drain();
    world.drain();
    let shown = body(&world.get(&format!("{RULINGS}/{ruling}"), &staff.judge));
    assert_eq!(shown["state"], json!("done"), "{shown}");
    // What was forecast is what came.
    let after = shown["rescored"].as_array().unwrap();
    assert_eq!(after.len(), forecast.len());
    for (came, told) in after.iter().zip(&forecast) {
        assert_eq!((&came["candidate"], &came["after"]), (&told["candidate"], &told["after"]));
    }
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
    // Nobody is given the task any more until its author has mended it.
    let left = world.db.rows(&format!("SELECT state, live FROM item WHERE id = '{item}'"));
    assert_eq!((&left[0]["state"], &left[0]["live"]), (&json!("suspended"), &Value::Null));
    let steps = world.db.rows(&format!(
        "SELECT count(*) AS n FROM item_step WHERE item = '{item}' AND command = 'suspend'"
    ));
    assert_eq!(steps[0]["n"], json!(1));
    // The file is what was signed, byte by byte; the list names no person.
    let paper = world.get(&format!("{RULINGS}/{ruling}/protocol"), &staff.judge);
    assert_eq!(
        json!(app::secret::digest(std::str::from_utf8(&paper.body).unwrap())),
        shown["digest"]
    );
    let listed = body(&world.get(RULINGS, &staff.other));
    let items = listed["items"].as_array().unwrap();
    let of = |id: &str| items.iter().find(|one| one["id"] == json!(id)).unwrap();
    assert_eq!((&of(&ruling)["state"], &of(&first)["state"]), (&json!("done"), &json!("declined")));
    assert_eq!(of(&ruling)["changed"], of(&ruling)["rescored"]);
    // Everybody who had it, before and after: those who chose b gain, those who chose c lose.
    let had = world.db.rows(&format!("SELECT count(*) AS n FROM exam_slot WHERE item = '{item}'"));
    let changed = shown["rescored"].as_array().unwrap();
    assert_eq!(json!(changed.len()), had[0]["n"]);
    assert!(changed.iter().all(|one| one["changed"] == json!(true)), "{shown}");
    // The page of the test reads the result as it stands now, and the appeal with its answer.
    let asked = exam::act("standing", &json!({ "attempt": attempts[0] }).to_string());
    let stands = run(&world, &serde_json::from_str(&asked).unwrap())[0].clone();
    let report: Value = serde_json::from_str(stands["report"].as_str().unwrap()).unwrap();
    assert_eq!(report["total"]["points"], json!(8_000_000), "{stands}");
    assert!(stands["appeals"].as_str().unwrap().contains("\"decision\":\"key\""), "{stands}");
    assert_eq!(own_appeal(&world, &people[0])["decision"]["decision"], json!("key"));
    // As it is the task does not come back: its author writes another version.
    let version = world.db.rows(&format!("SELECT version AS v FROM item WHERE id = '{item}'"));
    let resume = format!("/api/v1/cabinet/bank/items/{item}/commands");
    let back = json!({ "command": "resume", "text": "Қайта қосу" });
    let refused = seen(
        &world,
        &resume,
        &world.session("bank.admin"),
        version[0]["v"].as_i64().unwrap(),
        &back,
    );
    assert_eq!((refused.status, code(&refused).as_str()), (409, "overruled"), "{}", said(&refused));
    // The form still has the task: it takes no new session, and says which task it is.
    let refused =
        world.post(SESSIONS, &staff.admin, &session_of(&world, &exam, "2026-11-20T05:00:00Z"));
    assert_eq!((refused.status, code(&refused).as_str()), (409, "form_left"), "{}", said(&refused));
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
    let room = body(&world.get(&format!("{SESSIONS}/{session}"), &staff.admin));
    let seats = room["seats"].as_array().unwrap();
    let seat = seats.iter().find(|seat| seat["id"] == json!(attempts[0])).unwrap();
    assert_eq!((&seat["certificate"], &seat["points"]), (&json!(number), &json!(8_000_000)));
    let parts: i64 =
        seat["parts"].as_array().unwrap().iter().map(|p| p["points"].as_i64().unwrap()).sum();
    assert_eq!(parts, 8_000_000, "{seat}");
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
    assert!(text.contains(&number) && text.contains("10 балдың 8 балы"), "{text}");
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

#[test]
fn who_runs_tests_reads_the_rules_and_what_the_bank_has_and_nobody_else() {
    let world = World::demo();
    let staff = crew(&world);
    let exam = published(&world, &staff);
    for cookie in [&staff.admin, &staff.guard] {
        let terms = body(&world.get("/api/v1/cabinet/exam-terms", cookie));
        let group =
            terms["groups"].as_array().unwrap().iter().find(|one| one["code"] == "secondary");
        let group = group.unwrap();
        assert_eq!((&group["tasks"], &group["minutes"]), (&json!(50), &json!(80)));
        let sum: i64 =
            terms["stock"].as_array().unwrap().iter().map(|one| one["kk"].as_i64().unwrap()).sum();
        assert_eq!(sum, 24, "{terms}");
    }
    for cookie in [&staff.proctor, &staff.judge, &world.applicant("+77010000099")] {
        for path in ["/api/v1/cabinet/exam-terms", EXAMS] {
            assert_eq!(world.get(path, cookie).status, 404, "{path}");
        }
    }
    // Who analyses items finds an exam by its name, and does not read a form.
    let analyst = world.session("psychometrician");
    assert_eq!(body(&world.get(EXAMS, &analyst))["items"][0]["id"], json!(exam));
    assert_eq!(world.get(&format!("{EXAMS}/{exam}"), &analyst).status, 404);
    let people = sitters(&world);
    let (session, _) = seated(&world, &staff, &exam);
    let room = format!("{SESSIONS}/{session}");
    let (manages, watches) =
        (body(&world.get(&room, &staff.admin)), body(&world.get(&room, &staff.proctor)));
    assert_eq!((&manages["may_manage"], &manages["may_watch"]), (&json!(true), &json!(false)));
    assert_eq!((&watches["may_manage"], &watches["may_watch"]), (&json!(false), &json!(true)));
    assert_eq!(manages["sections"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&manages["candidates"], &manages["admitted"], &manages["over"]),
        (&json!(3), &json!(0), &json!(0))
    );
    assert_eq!(world.get(&room, &people[0]).status, 404);
}
