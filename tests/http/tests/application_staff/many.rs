//! Many applications at once: the list, the table, a message to those who were chosen.

use app::import::sheet::{Limits, read};
use http_tests::{
    World,
    apply::{STAFF, filled},
    demo::body,
};
use serde_json::{Value, json};

use super::{does, mine, told};

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
    let sheet = read(&table.body, &Limits::LIST, &|_| true).unwrap();
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
    // A day and a place are still to be written.
    let blank = world.post(&address, &clerk, &message);
    assert_eq!((blank.status, &body(&blank)["errors"][0]["code"]), (422, &json!("blank_left")));
    let written = template["body"].to_string().replace("____", "21.11.2026, 10:00");
    message["body"] = serde_json::from_str(&written).unwrap();
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
