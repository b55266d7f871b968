//! The organisation's side: one application and who does what with it; many at once and what time
//! does are in `application_staff/`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use http_tests::{
    World,
    apply::{MINE, STAFF, id_of},
    demo::body,
};
use serde_json::{Value, json};

#[path = "application_staff/many.rs"]
mod many;
#[path = "application_staff/time.rs"]
mod time;

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

/// What was done, newest first, as the timeline has it.
fn actions(application: &Value) -> Vec<String> {
    let entries = application["timeline"]["entries"].as_array().unwrap();
    entries.iter().map(|entry| entry["action"].as_str().unwrap().to_owned()).collect()
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
    let now = mine(&world, &person, &sent);
    assert_eq!(actions(&now), actions(&seen));
    // The same steps, said to each as it is.
    let said = |application: &Value| {
        let submit = actions(application).iter().position(|action| action == "submit");
        application["timeline"]["entries"][submit.unwrap()]["text"].clone()
    };
    assert_eq!(said(&now), "Сіз өтінімді жібердіңіз");
    assert_eq!(said(&seen), "Өтінім беруші өтінімді жіберді");
    assert_eq!(
        actions(&now),
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
