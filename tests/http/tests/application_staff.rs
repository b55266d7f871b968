//! The organisation's side: lists, decisions, messages, tables, and what time does.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use app::import::sheet::{Limits, read};
use http_tests::{
    World,
    apply::{MINE, STAFF, filled, id_of},
    demo::body,
};
use serde_json::{Value, json};

fn open(world: &World, cookie: &str, application: &Value) -> Value {
    let response = world.get(&format!("{STAFF}/{}", application["id"].as_str().unwrap()), cookie);
    assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&response.body));
    body(&response)
}

fn does(world: &World, cookie: &str, application: &Value, command: &Value) -> Value {
    let response = world.process(cookie, application, command);
    assert_eq!(response.status, 200, "{command}: {}", String::from_utf8_lossy(&response.body));
    body(&response)
}

fn mine(world: &World, cookie: &str, application: &Value) -> Value {
    body(&world.get(&format!("{MINE}/{}", application["id"].as_str().unwrap()), cookie))
}

fn told(world: &World, event: &str) -> Vec<Value> {
    world.db.rows(&format!("SELECT account, args FROM notice WHERE event = '{event}' ORDER BY id"))
}

#[test]
fn the_clerk_asks_for_a_paper_the_person_adds_it_and_both_see_it() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let (person, sent) = world.applied("madina", &vacancy);
    let clerk = world.session("hr.school1");
    let seen = open(&world, &clerk, &sent);
    assert_eq!(seen["commands"], json!(["register"]));
    assert_eq!(seen["content"]["person"]["surname"], "Сейітова");
    let seen = does(&world, &clerk, &seen, &json!({ "command": "register" }));
    let item = json!({ "target": "document:education", "text": "Қосымшасы жоқ" });
    let seen = does(&world, &clerk, &seen, &json!({ "command": "request", "items": [item] }));
    assert_eq!(seen["state"], "returned_for_completion");
    assert_eq!(seen["commands"], json!([]));
    let asked = told(&world, "application.requested");
    assert!(asked[0]["args"].as_str().unwrap().contains("Қосымшасы жоқ"));
    let now = mine(&world, &person, &sent);
    let documents = |a: &Value| {
        a["tasks"].as_array().unwrap().iter().find(|t| t["section"] == "documents").unwrap()["state"].clone()
    };
    assert_eq!(
        (documents(&now), &now["commands"]),
        (json!("attention"), &json!(["complete", "withdraw"]))
    );
    // After the deadline only what was asked for can be changed.
    world.at("2026-11-05T12:59:59Z");
    let person = world.somebody("madina");
    let paper = world.file("madina", "supplement", "pending");
    let mut content = now["content"].clone();
    let education = content["documents"]
        .as_array()
        .unwrap()
        .iter()
        .position(|d| d["code"] == "education")
        .unwrap();
    content["documents"][education]["files"] = json!([paper]);
    let saved = body(&world.write(&person, &now, &content));
    assert_eq!(documents(&saved), json!("done"));
    let done = world.act(&person, &saved, &json!({ "command": "complete", "note": "Қосымша осы" }));
    assert_eq!(done.status, 200, "{}", String::from_utf8_lossy(&done.body));
    let clerk = world.session("hr.school1");
    let seen = open(&world, &clerk, &sent);
    assert_eq!(seen["content"]["documents"][education]["files"], json!([paper]));
    assert_eq!(seen["timeline"]["entries"][0]["details"][0], "Қосымша осы");
    assert_eq!(told(&world, "application.completed").len(), 2, "the clerk and the head");
    let uses = world
        .db
        .rows(&format!("SELECT object_type FROM file_use WHERE file = '{paper}' ORDER BY 1"));
    assert_eq!(
        uses.iter().map(|u| u["object_type"].as_str().unwrap()).collect::<Vec<_>>(),
        ["application", "draft"]
    );
    let seen = does(&world, &clerk, &seen, &json!({ "command": "register" }));
    let seen = does(&world, &clerk, &seen, &json!({ "command": "check" }));
    let seen = does(&world, &clerk, &seen, &json!({ "command": "admit" }));
    assert_eq!(told(&world, "application.admitted").len(), 1);
    // The timeline reads the same on both sides, each in the reader's language.
    let person = world.somebody("madina");
    let texts = |a: &Value| {
        a["timeline"]["entries"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| e["action"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let now = mine(&world, &person, &sent);
    assert_eq!(texts(&now), texts(&seen));
    // The same steps, said to each as it is.
    let said = |application: &Value| {
        let submit = texts(application).iter().position(|action| action == "submit");
        application["timeline"]["entries"][submit.unwrap()]["text"].clone()
    };
    assert_eq!(said(&now), "Сіз өтінімді жібердіңіз");
    assert_eq!(said(&seen), "Өтінім беруші өтінімді жіберді");
    assert_eq!(
        texts(&now),
        ["admit", "check", "register", "complete", "request", "register", "submit", "create"]
    );
    let russian =
        body(&world.get(&format!("{MINE}/{}?lang=ru", sent["id"].as_str().unwrap()), &person));
    assert_eq!(russian["timeline"]["now"], "Допущено к конкурсу");
    assert_eq!(now["timeline"]["now"], "Конкурсқа жіберілді");
    assert_eq!(now["timeline"]["next"]["who"], "commission");
}

#[test]
fn an_outcome_is_written_down_after_the_end_for_as_many_as_there_are_posts() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let people = ["madina", "asel"].map(|login| world.applied(login, &vacancy));
    let clerk = world.session("hr.school1");
    let admitted = people.each_ref().map(|(_, sent)| {
        let seen =
            does(&world, &clerk, &open(&world, &clerk, sent), &json!({ "command": "register" }));
        does(&world, &clerk, &seen, &json!({ "command": "admit" }))
    });
    let select = json!({ "command": "decide", "outcome": "selected" });
    let early = world.process(&clerk, &admitted[0], &select);
    assert_eq!((early.status, &body(&early)["code"]), (409, &json!("decide_early")));
    world.at("2026-11-12T05:00:00Z");
    world.drain();
    let head = world.session("head.school1");
    let chosen = does(&world, &head, &open(&world, &head, &admitted[0]), &select);
    assert_eq!(chosen["state"], "selected");
    let second = open(&world, &head, &admitted[1]);
    let full = world.process(&head, &second, &select);
    assert_eq!(body(&full)["code"], "openings_filled");
    let reserve = does(
        &world,
        &head,
        &second,
        &json!({ "command": "decide", "outcome": "reserve", "text": "Келесі" }),
    );
    // The chosen one does not come.
    let person = world.somebody("madina");
    let now = mine(&world, &person, &chosen);
    assert_eq!(now["timeline"]["entries"][0]["text"], "Комиссия сізді таңдады");
    assert_eq!(
        world.act(&person, &now, &json!({ "command": "withdraw", "reason": "" })).status,
        200
    );
    let head = world.session("head.school1");
    assert_eq!(does(&world, &head, &reserve, &select)["state"], "selected");
    assert_eq!(told(&world, "application.decided").len(), 3);
    assert_eq!(told(&world, "application.withdrawn").len(), 2);
}

#[test]
fn a_refusal_gives_grounds_and_the_way_of_appeal_and_can_be_reconsidered() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let (person, sent) = world.applied("madina", &vacancy);
    let clerk = world.session("hr.school1");
    let seen =
        does(&world, &clerk, &open(&world, &clerk, &sent), &json!({ "command": "register" }));
    let wrong = world.process(
        &clerk,
        &seen,
        &json!({ "command": "refuse", "grounds": ["because"], "text": "x" }),
    );
    assert_eq!(wrong.status, 422);
    let refuse =
        json!({ "command": "refuse", "grounds": ["education_mismatch"], "text": "Мамандық басқа" });
    let seen = does(&world, &clerk, &seen, &refuse);
    let now = mine(&world, &person, &sent);
    assert_eq!(now["verdict"]["appeal_until"], "2026-11-16");
    assert!(now["timeline"]["next"]["text"].as_str().unwrap().contains("шағым"));
    assert!(now["timeline"]["next"]["ground"].as_str().unwrap().contains("91-бап"));
    assert_eq!(now["timeline"]["entries"][0]["details"].as_array().unwrap().len(), 3);
    // A refused person may apply anew; then the old one cannot come back.
    let again = world.begin(&person, &vacancy);
    assert_ne!(again["id"], sent["id"]);
    let back = json!({ "command": "reconsider", "reason": "Қате" });
    let taken = world.process(&clerk, &seen, &back);
    assert_eq!((taken.status, &body(&taken)["code"]), (409, &json!("taken_application")));
    assert_eq!(world.act(&person, &again, &json!({ "command": "discard" })).status, 204);
    assert_eq!(does(&world, &clerk, &seen, &back)["state"], "checking");
}

#[test]
fn nobody_processes_his_own_and_strangers_find_nothing() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let (_, sent) = world.applied("madina", &vacancy);
    let id = sent["id"].as_str().unwrap();
    let other = world.session("hr.school2");
    assert_eq!(world.get(&format!("{STAFF}/{id}"), &other).status, 404);
    assert_eq!(world.process(&other, &sent, &json!({ "command": "register" })).status, 404);
    assert_eq!(
        world.post(&format!("{STAFF}/{id}/notes"), &other, &json!({ "text": "x" })).status,
        404
    );
    assert_eq!(body(&world.get(STAFF, &other))["items"], json!([]));
    let table =
        format!("/api/v1/cabinet/vacancies/{}/applications.xlsx", vacancy["id"].as_str().unwrap());
    assert_eq!(world.get(&table, &other).status, 404);
    // The district looks on and does nothing; the ministry does not see people.
    let district = world.session("district.taldykorgan");
    assert_eq!(open(&world, &district, &sent)["commands"], json!([]));
    assert_eq!(world.process(&district, &sent, &json!({ "command": "register" })).status, 403);
    assert_eq!(world.get(&format!("{STAFF}/{id}"), &world.session("ministry")).status, 403);
    // A draft is nobody's business.
    let asel = world.somebody("asel");
    let draft = world.begin(&asel, &vacancy);
    let clerk = world.session("hr.school1");
    assert_eq!(
        world.get(&format!("{STAFF}/{}", draft["id"].as_str().unwrap()), &clerk).status,
        404
    );
    // The clerk applies at her own school: somebody else must process it.
    world.db.execute(&format!("UPDATE application SET person = (SELECT person FROM account WHERE login = 'hr.school1') WHERE id = '{id}'"));
    let own = world.get(&format!("{STAFF}/{id}"), &clerk);
    assert_eq!((own.status, &body(&own)["code"]), (403, &json!("application_own")));
    assert_eq!(world.process(&clerk, &sent, &json!({ "command": "register" })).status, 403);
    let row = &body(&world.get(STAFF, &clerk))["items"][0];
    assert_eq!(row["own"], true);
    assert_eq!(
        does(&world, &world.session("head.school1"), &sent, &json!({ "command": "register" }))["state"],
        "registered"
    );
}

#[test]
fn every_look_is_in_the_journal() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let (_, sent) = world.applied("madina", &vacancy);
    let clerk = world.session("hr.school1");
    open(&world, &clerk, &sent);
    world.get(&format!("{STAFF}/{}/sent/1", sent["id"].as_str().unwrap()), &clerk);
    world.get(
        &format!("/api/v1/cabinet/vacancies/{}/applications.xlsx", vacancy["id"].as_str().unwrap()),
        &clerk,
    );
    let looks = world.db.rows(&format!(
        "SELECT action, after ->> '$.number' AS number, account, session FROM journal
         WHERE object_type = 'person' AND object_id = '{}' ORDER BY seq",
        id_of("pmadina")
    ));
    let actions: Vec<_> = looks.iter().map(|look| look["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["application.view", "application.view", "application.export"]);
    for look in &looks {
        assert_eq!(look["number"], sent["number"]);
        assert!(look["account"].is_string() && look["session"].is_string());
    }
    world.drain();
    assert_eq!(
        world.db.rows(
            "SELECT count(*) AS n FROM journal WHERE seq NOT IN (SELECT seq FROM journal_seal)"
        )[0]["n"],
        0
    );
}

#[test]
fn the_list_is_filtered_searched_sorted_and_counted() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let people = ["aa", "bb", "cc"].map(|login| world.applied(login, &vacancy).1);
    let clerk = world.session("hr.school1");
    for (person, name) in people.iter().zip(["Ахметов Ә", "Бекова Қ", "Сериков Ң"])
    {
        world.db.execute(&format!(
            "UPDATE application SET name = '{name}' WHERE id = '{}'",
            person["id"].as_str().unwrap()
        ));
    }
    does(&world, &clerk, &people[0], &json!({ "command": "register" }));
    let list = |query: &str| body(&world.get(&format!("{STAFF}?{query}"), &clerk));
    let ids = |answer: &Value| {
        answer["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|i| i["number"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let all = list(&format!("vacancy={}&sort=name", vacancy["id"].as_str().unwrap()));
    assert_eq!(all["states"], json!([["registered", 1], ["submitted", 2]]));
    assert_eq!(ids(&list("state=registered")), ["ПЕД-2026-000001"]);
    assert_eq!(ids(&list("q=000002")), ["ПЕД-2026-000002"]);
    assert_eq!(ids(&list("q=%D1%81%D0%B5%D0%B9%D1%96%D1%82%D0%BE%D0%B2%D0%B0")).len(), 3);
    assert_eq!(ids(&list("q=nobody")).len(), 0);
    assert_eq!(ids(&list("sort=points")).len(), 3);
    for bad in ["state=draft", "state=x", "sort=x", "cursor=x", "due=x"] {
        assert_eq!(world.get(&format!("{STAFF}?{bad}"), &clerk).status, 422, "{bad}");
    }
    // A day later the school is late with two; the applicant sees it, the staff are told once.
    world.at("2026-11-03T13:00:00Z");
    let clerk = world.session("hr.school1");
    world.drain();
    world.drain();
    let late = body(&world.get(&format!("{STAFF}?due=overdue"), &clerk));
    assert_eq!((&late["overdue"], ids(&late).len()), (&json!(2), 2));
    assert_eq!(told(&world, "application.overdue").len(), 4, "two people, two applications, once");
    // Pages follow each other without a gap.
    for n in 0..60 {
        world.db.execute(&format!(
            "INSERT INTO application (id, number, vacancy, organisation, person, account, state, content, procedure, edition, sent, submitted_at, search, name, created_at, changed_by, changed_at)
             SELECT printf('01kdvdzz%018d', {n}), 'T-{n}', vacancy, organisation, person, account, 'withdrawn', content, procedure, edition, 1, submitted_at, search, name, created_at, '', changed_at
             FROM application LIMIT 1"
        ));
    }
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page =
            body(&world.get(&format!("{STAFF}?cursor={}", app::http::encode(&cursor)), &clerk));
        seen.extend(ids(&page));
        match page["next"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    let total = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((total, seen.len()), (63, 63));
}

#[test]
fn a_table_holds_numbers_as_numbers_and_no_formulas() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let cookie = world.somebody("evil");
    let draft = world.begin(&cookie, &vacancy);
    let file = world.file("evil", "scan", "clean");
    let mut content = filled(&file);
    content["person"]["surname"] = json!("=cmd|' /C calc'!A0 <&>\u{1}\"");
    content["contacts"]["email"] = json!("a@example.kz");
    let saved = body(&world.write(&cookie, &draft, &content));
    let sent = world.act(&cookie, &saved, &json!({ "command": "submit" }));
    assert_eq!(sent.status, 200, "{}", String::from_utf8_lossy(&sent.body));
    let clerk = world.session("hr.school1");
    let address = format!(
        "/api/v1/cabinet/vacancies/{}/applications.xlsx?lang=ru",
        vacancy["id"].as_str().unwrap()
    );
    let table = world.get(&address, &clerk);
    assert_eq!(table.status, 200);
    let raw = String::from_utf8_lossy(&table.body);
    assert!(!raw.contains("<f>") && raw.contains("s=\"3\" t=\"inlineStr\""));
    let sheet = read(&table.body, &Limits::LIST).unwrap();
    let row = |n: usize| {
        sheet.table.rows[n]
            .cells
            .iter()
            .map(|cell| format!("{cell:?}"))
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert!(row(0).contains("Заявлено баллов"), "{}", row(0));
    assert!(
        row(1).contains("=cmd|' /C calc'!A0 <&>") && row(1).contains("ПЕД-2026-000001"),
        "{}",
        row(1)
    );
}

#[test]
fn a_message_to_many_is_looked_at_first_and_sent_once() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let sent = ["madina", "asel"].map(|login| world.applied(login, &vacancy).1);
    let clerk = world.session("hr.school1");
    let templates = body(&world.get(&format!("{STAFF}/templates"), &clerk));
    let template = &templates[0];
    let ids: Vec<_> = sent.iter().map(|one| one["id"].clone()).collect();
    let mut message = json!({ "applications": ids, "subject": template["subject"], "body": template["body"], "preview": true });
    let address = format!("{STAFF}/messages");
    let preview = body(&world.post(&address, &clerk, &message));
    assert_eq!(
        (&preview["recipients"], preview["samples"].as_array().unwrap().len()),
        (&json!(2), 2)
    );
    assert!(preview["samples"][0]["body"].as_str().unwrap().contains("ПЕД-2026-"));
    assert_eq!(told(&world, "application.message").len(), 0);
    message["preview"] = json!(false);
    let request = world.command(&address, &clerk, &message);
    for _ in 0..2 {
        assert_eq!(world.send(&request).status, 200);
    }
    assert_eq!(told(&world, "application.message").len(), 2, "a repetition sends nothing");
    let person = world.somebody("madina");
    let first = &mine(&world, &person, &sent[0])["timeline"]["entries"][0];
    assert_eq!(
        (&first["action"], &first["details"][0]),
        (&json!("message"), &template["subject"]["kk"])
    );
    // Hostile lists and texts.
    for (change, field) in [
        (json!({ "body": { "kk": "{iin}", "ru": "x" } }), "body.kk"),
        (json!({ "body": { "kk": "{", "ru": "x" } }), "body.kk"),
        (json!({ "subject": { "kk": "x", "ru": "" } }), "subject.ru"),
        (json!({ "applications": [] }), "applications"),
        (json!({ "applications": ["x"] }), "applications"),
    ] {
        let mut bad = message.clone();
        bad.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let refused = world.post(&address, &clerk, &bad);
        assert_eq!((refused.status, &body(&refused)["errors"][0]["field"]), (422, &json!(field)));
    }
    let other = world.session("hr.school2");
    assert_eq!(world.post(&address, &other, &message).status, 404);
}

#[test]
fn two_clerks_do_not_overwrite_each_other_and_notes_stay_inside() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let (person, sent) = world.applied("madina", &vacancy);
    let (clerk, head) = (world.session("hr.school1"), world.session("head.school1"));
    let seen = open(&world, &clerk, &sent);
    does(&world, &head, &seen, &json!({ "command": "register" }));
    let stale = world.process(&clerk, &seen, &json!({ "command": "register" }));
    assert_eq!(
        (stale.status, &body(&stale)["conflict"]["current"]["state"]),
        (412, &json!("registered"))
    );
    let notes = format!("{STAFF}/{}/notes", sent["id"].as_str().unwrap());
    assert_eq!(world.post(&notes, &clerk, &json!({ "text": "Директорға көрсету" })).status, 201);
    assert_eq!(world.post(&notes, &clerk, &json!({ "text": " " })).status, 422);
    assert_eq!(body(&world.get(&notes, &head))[0]["text"], "Директорға көрсету");
    let whole = String::from_utf8(
        world.get(&format!("{MINE}/{}", sent["id"].as_str().unwrap()), &person).body,
    )
    .unwrap();
    assert!(!whole.contains("Директорға"));
}

#[test]
fn applications_follow_their_vacancy_and_people_are_told() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let (person, sent) = world.applied("madina", &vacancy);
    let drafter = world.somebody("asel");
    let draft = world.begin(&drafter, &vacancy);
    world.vacancy_command(&vacancy, &json!({ "command": "pause", "reason": "text_correction" }));
    assert!(
        mine(&world, &person, &sent)["timeline"]["next"]["text"]
            .as_str()
            .unwrap()
            .contains("есептелмейді")
    );
    let saved = body(&world.write(
        &drafter,
        &mine(&world, &drafter, &draft),
        &filled(&world.file("asel", "s", "clean")),
    ));
    let refused = world.act(&drafter, &saved, &json!({ "command": "submit" }));
    assert_eq!(body(&refused)["code"], "acceptance_paused");
    world.vacancy_command(&vacancy, &json!({ "command": "resume" }));
    let extend = json!({ "command": "extend", "accept_to": "2026-11-18", "reason": { "kk": "Өтінім аз", "ru": "Мало заявлений" } });
    world.vacancy_command(&vacancy, &extend);
    let actions = |a: &Value| {
        a["timeline"]["entries"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| e["action"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        actions(&mine(&world, &person, &sent)),
        ["vacancy_extended", "vacancy_resumed", "vacancy_paused", "submit", "create"]
    );
    world.vacancy_command(&vacancy, &json!({ "command": "cancel", "reason": "funding", "note": { "kk": "Қаржы жоқ", "ru": "Нет средств" } }));
    assert_eq!(mine(&world, &person, &sent)["state"], "cancelled");
    let draft = mine(&world, &drafter, &draft);
    assert_eq!((&draft["state"], &draft["commands"]), (&json!("draft"), &json!(["discard"])));
    assert_eq!(told(&world, "vacancy.changed_for_applicant").len(), 8, "four changes, two people");
    // A second drain changes nothing.
    world.db.execute(&format!(
        "INSERT INTO outbox (at, topic, key, next_at) VALUES ('', 'vacancy.changed', '{}', '')",
        vacancy["id"].as_str().unwrap()
    ));
    world.drain();
    assert_eq!(told(&world, "vacancy.changed_for_applicant").len(), 8);
}

#[test]
fn drafts_are_reminded_of_before_the_deadline_and_forgotten_after_half_a_year() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let cookie = world.somebody("madina");
    let draft = world.begin(&cookie, &vacancy);
    let near = || told(&world, "application.deadline_near").len();
    for (moment, times) in [
        ("2026-11-08T12:59:00Z", 0),
        ("2026-11-08T13:00:00Z", 1),
        ("2026-11-09T05:00:00Z", 1),
        ("2026-11-10T13:00:00Z", 2),
        ("2026-11-11T12:00:00Z", 2),
        ("2026-11-11T13:00:00Z", 2),
    ] {
        world.at(moment);
        world.drain();
        assert_eq!(near(), times, "{moment}");
    }
    let count = || world.db.rows("SELECT count(*) AS n FROM application")[0]["n"].clone();
    world.at("2027-05-01T00:00:00Z");
    world.drain();
    assert_eq!(count(), 1);
    world.at("2027-05-13T00:00:00Z");
    world.drain();
    assert_eq!(count(), 0);
    let acts =
        world.db.rows("SELECT action, object_id FROM journal WHERE action = 'application.forget'");
    assert_eq!(acts[0]["object_id"], draft["id"]);
}

#[test]
fn a_missed_completion_is_written_down_by_the_sweep() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let (_, sent) = world.applied("madina", &vacancy);
    let clerk = world.session("hr.school1");
    let seen = does(&world, &clerk, &sent, &json!({ "command": "register" }));
    let item = json!({ "target": "row:category", "text": "Куәлік анық емес" });
    does(&world, &clerk, &seen, &json!({ "command": "request", "items": [item] }));
    world.at("2026-11-05T13:00:00Z");
    let person = world.somebody("madina");
    // The screen shows it at once, the sweep writes it down.
    assert_eq!(mine(&world, &person, &sent)["state"], "checking");
    assert_eq!(
        world.db.rows("SELECT state FROM application")[0]["state"],
        "returned_for_completion"
    );
    world.drain();
    assert_eq!(world.db.rows("SELECT state FROM application")[0]["state"], "checking");
    assert_eq!(
        mine(&world, &person, &sent)["timeline"]["entries"][0]["action"],
        "completion_missed"
    );
}
