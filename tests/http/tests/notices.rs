//! Telling people: from the batch of a change to the inbox and the queue.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use app::{
    notice::{tell, tell_staff},
    outbox,
    ports::{CourierError, Ports},
    save::Change,
};
use domain::{
    account::permission::Permission,
    journal::Source,
    notice::{Event, Notice, StaffNotice, args},
    shared::lang::Text,
};
use http_tests::{World, demo::body};
use serde_json::{Value, json};

fn account(world: &World, login: &str) -> String {
    let rows = world.db.rows(&format!("SELECT id FROM account WHERE login = '{login}'"));
    rows[0]["id"].as_str().unwrap().to_owned()
}

fn requested(account: &str, occurrence: &str) -> Notice {
    Notice {
        account: account.into(),
        event: Event::ApplicationRequested,
        object: ("application", "01jd0000000000000000000000".into()),
        key: format!("01jd0000000000000000000000:{occurrence}"),
        args: args([
            ("number", "A-1".into()),
            ("vacancy", Text::new("Математика мұғалімі", "Учитель математики").into()),
            ("organisation", Text::new("№ 1 мектеп", "Школа № 1").into()),
            ("due", chrono::NaiveDate::from_ymd_opt(2026, 11, 9).unwrap().into()),
            ("what", Text::new("диплом {x} <b>", "диплом {x} <b>").into()),
        ]),
    }
}

async fn commit(ports: &Ports<'_>, change: Change) {
    let batch = change.into_batch(&Source::default(), ports);
    ports.db.batch(batch).await.unwrap();
}

fn tells(world: &World, notice: &Notice) {
    world.with(async |ports| {
        let mut change = Change::default();
        tell(ports, &mut change, notice);
        commit(ports, change).await;
        outbox::drain(ports).await.unwrap();
    });
}

fn give_addresses(world: &World, account: &str) {
    world.db.execute(&format!(
        "UPDATE person SET email = 'a@example.kz', phone = '+77010000001', lang = 'kk'
         WHERE id = (SELECT person FROM account WHERE id = '{account}')"
    ));
}

fn messages(world: &World) -> Vec<Value> {
    world.db.rows("SELECT * FROM message ORDER BY channel")
}

#[test]
fn a_notice_becomes_an_inbox_row_a_letter_and_a_text_message_once() {
    let world = World::demo();
    let who = account(&world, "hr.school1");
    give_addresses(&world, &who);
    for _ in 0..3 {
        tells(&world, &requested(&who, "1"));
    }
    let rows = messages(&world);
    let found: Vec<_> = rows
        .iter()
        .map(|row| (row["channel"].as_str().unwrap(), row["address"].as_str().unwrap()))
        .collect();
    assert_eq!(found, [("email", "a@example.kz"), ("sms", "+77010000001")]);
    assert_eq!(rows[0]["stop"], "", "what has legal weight cannot be stopped");
    let jobs = world.courier.jobs.borrow().clone();
    assert_eq!(jobs.len(), 2);
    assert!(jobs.iter().all(|job| rows.iter().any(|row| row["id"] == json!(job.id))));
    let cookie = world.session("hr.school1");
    let inbox = body(&world.get("/api/v1/cabinet/my/notices?lang=ru", &cookie));
    assert_eq!(inbox["unread"], 1);
    let one = &inbox["items"][0];
    assert_eq!(one["title"], "Нужно дополнить заявление");
    assert!(one["body"].as_str().unwrap().contains("диплом {x} <b>"), "{one}");
    assert_eq!(one["link"], "/app/my/applications/01jd0000000000000000000000");
    // Another occurrence of the same case is told again.
    tells(&world, &requested(&who, "2"));
    assert_eq!(messages(&world).len(), 4);
}

#[test]
fn a_queue_that_is_down_loses_nothing() {
    let world = World::demo();
    let who = account(&world, "hr.school1");
    give_addresses(&world, &who);
    world.courier.fails.set(Some(CourierError::Down));
    tells(&world, &requested(&who, "1"));
    assert_eq!(messages(&world).len(), 2);
    assert_eq!(world.db.rows("SELECT * FROM outbox").len(), 0);
}

#[test]
fn at_night_only_the_letter_leaves() {
    let world = World::demo();
    let who = account(&world, "hr.school1");
    give_addresses(&world, &who);
    world.at("2026-11-02T18:30:00Z");
    tells(&world, &requested(&who, "1"));
    let next: Vec<_> = messages(&world).iter().map(|row| row["next_at"].clone()).collect();
    assert_eq!(next, [json!("2026-11-02T18:30:00.000Z"), json!("2026-11-03T03:00:00.000Z")]);
    assert_eq!(world.courier.jobs.borrow().len(), 1);
}

#[test]
fn staff_are_told_by_what_they_may_do() {
    let world = World::demo();
    let path = world.db.rows(
        "SELECT o.path FROM organisation o JOIN role_assignment r ON r.organisation = o.id
         JOIN account a ON a.id = r.account WHERE a.login = 'hr.school1'",
    )[0]["path"]
        .as_str()
        .unwrap()
        .to_owned();
    let notice = StaffNotice {
        path,
        permission: Permission::VacancyEdit,
        event: Event::ApplicationReceived,
        object: ("application", "01jd0000000000000000000000".into()),
        key: "01jd0000000000000000000000".into(),
        args: args([
            ("number", "A-1".into()),
            ("vacancy", "x".into()),
            ("organisation", "y".into()),
        ]),
    };
    world.with(async |ports| {
        for _ in 0..2 {
            let mut change = Change::default();
            tell_staff(ports, &mut change, &notice);
            commit(ports, change).await;
        }
        outbox::drain(ports).await.unwrap();
    });
    let told: Vec<_> = world
        .db
        .rows("SELECT n.id, a.login FROM notice n JOIN account a ON a.id = n.account ORDER BY a.login")
        .into_iter()
        .map(|row| {
            assert!(domain::shared::id::is_ulid(row["id"].as_str().unwrap()));
            row["login"].as_str().unwrap().to_owned()
        })
        .collect();
    assert!(
        told.contains(&"hr.school1".to_owned()) && told.contains(&"head.school1".to_owned()),
        "{told:?}"
    );
    assert!(
        !told.iter().any(|login| login.contains("school2")
            || login.contains("admin")
            || login == "auditor"),
        "{told:?}"
    );
}

#[test]
fn the_inbox_tells_cheaply_that_nothing_is_new_and_marks_what_was_read() {
    let world = World::demo();
    let who = account(&world, "hr.school1");
    let cookie = world.session("hr.school1");
    tells(&world, &requested(&who, "1"));
    tells(&world, &requested(&who, "2"));
    let ask = |world: &World, tag: &str| {
        let mut request = http_tests::demo::request("GET", "/api/v1/cabinet/my/notices", &cookie);
        if !tag.is_empty() {
            request.headers.push(("if-none-match".into(), tag.into()));
        }
        world.send(&request)
    };
    let first = ask(&world, "");
    let tag = first.headers.iter().find(|(name, _)| *name == "etag").unwrap().1.to_string();
    assert_eq!(ask(&world, &tag).status, 304);
    let id = body(&first)["items"][1]["id"].as_str().unwrap().to_owned();
    let read = world.post("/api/v1/cabinet/my/notices/read", &cookie, &json!({ "ids": [id] }));
    assert_eq!(body(&read)["unread"], 1);
    let unread = body(&world.get("/api/v1/cabinet/my/notices?filter=unread", &cookie));
    assert_eq!(unread["items"].as_array().unwrap().len(), 1);
    assert_eq!(ask(&world, &tag).status, 200);
    // Nobody marks another person's notices.
    let other = world.session("head.school1");
    let newest = unread["items"][0]["id"].clone();
    world.post("/api/v1/cabinet/my/notices/read", &other, &json!({ "until": newest }));
    assert_eq!(body(&ask(&world, ""))["unread"], 1);
    let read = world.post("/api/v1/cabinet/my/notices/read", &cookie, &json!({ "until": newest }));
    assert_eq!(body(&read)["unread"], 0);
}

#[test]
fn preferences_decide_and_a_made_up_push_address_is_refused() {
    let world = World::demo();
    let who = account(&world, "hr.school1");
    give_addresses(&world, &who);
    let cookie = world.session("hr.school1");
    let mut wish = body(&world.get("/api/v1/cabinet/my/preferences", &cookie));
    assert_eq!(wish["has_phone"], true);
    for group in wish["groups"].as_array_mut().unwrap() {
        group["sms"] = json!(false);
        group["email"] = json!(false);
    }
    wish["digest"] = json!(true);
    let mut put = world.command("/api/v1/cabinet/my/preferences", &cookie, &wish);
    put.method = "PUT".into();
    assert_eq!(world.send(&put).status, 200);
    tells(&world, &requested(&who, "1"));
    let left: Vec<_> = messages(&world).iter().map(|row| row["channel"].clone()).collect();
    assert_eq!(left, [json!("email")], "legal weight goes by letter whatever was chosen");
    let push = |endpoint: &str| {
        json!({ "endpoint": endpoint, "keys": {
            "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            "auth": "BTBZMqHH6r4Tts7J_aSIgg" } })
    };
    for bad in [
        "https://169.254.169.254/x",
        "https://fcm.googleapis.com.evil.kz/x",
        "https://evil.kz/fcm.googleapis.com",
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com@evil.kz/",
        "http://127.0.0.1/x",
    ] {
        assert_eq!(world.post("/api/v1/cabinet/my/push", &cookie, &push(bad)).status, 422, "{bad}");
    }
    let made = world.post(
        "/api/v1/cabinet/my/push",
        &cookie,
        &push("https://fcm.googleapis.com/fcm/send/x"),
    );
    assert_eq!(made.status, 201);
    let devices = body(&world.get("/api/v1/cabinet/my/preferences", &cookie))["devices"].clone();
    assert_eq!(devices.as_array().unwrap().len(), 1);
}

#[test]
fn texts_are_edited_with_versions_and_wrong_ones_are_refused() {
    let world = World::demo();
    let admin = world.session("sys.admin");
    let base = "/api/v1/cabinet/messages/templates/application.requested";
    let shown = body(&world.get(base, &admin));
    assert_eq!(shown["preview"].as_array().unwrap().len(), 3);
    assert_eq!(shown["preview"][0]["sms_size"]["alphabet"], "ucs2");
    assert_eq!(shown["preview"][0]["sms_latin_size"]["alphabet"], "gsm");
    let put = |text: Value, version: i64| {
        let input = json!({ "texts": { "sms": text } });
        let mut request = world.command(&format!("{base}/sms"), &admin, &input);
        request.method = "PUT".into();
        request.headers.push(("if-match".into(), format!("\"{version}\"")));
        world.send(&request)
    };
    let wrong = put(json!({ "kk": "{number}", "ru": "{nobody}", "en": "{due" }), 0);
    assert_eq!(wrong.status, 422);
    let codes: Vec<_> = body(&wrong)["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["field"].clone(), e["code"].clone()))
        .collect();
    assert_eq!(
        codes,
        [
            (json!("texts.sms.ru"), json!("template_unknown")),
            (json!("texts.sms.en"), json!("template_brace"))
        ]
    );
    let good = json!({ "kk": "Толықтырыңыз: {number}", "ru": "Дополните: {number}", "en": "Complete: {number}" });
    assert_eq!(put(good.clone(), 0).status, 200);
    assert_eq!(put(good, 0).status, 412, "somebody else has edited it");
    assert_eq!(body(&world.get(base, &admin))["preview"][1]["sms"], "Дополните: A-100234");
    assert_eq!(put(json!({}), 1).status, 200);
    assert!(
        body(&world.get(base, &admin))["preview"][1]["sms"]
            .as_str()
            .unwrap()
            .starts_with("Mansap:")
    );
}

#[test]
fn sending_again_wants_a_reason_and_leaves_a_trace() {
    let world = World::demo();
    let who = account(&world, "hr.school1");
    give_addresses(&world, &who);
    tells(&world, &requested(&who, "1"));
    world.db.execute("UPDATE message SET state = 'unsure', body = 'text', gateway = 'kazinfoteh'");
    let admin = world.session("sys.admin");
    let list = body(&world.get("/api/v1/cabinet/messages?channel=sms", &admin));
    let one = &list["items"][0];
    assert!(!one.to_string().contains("77010000001"), "{one}");
    let at = format!("/api/v1/cabinet/messages/{}", one["id"].as_str().unwrap());
    assert_eq!(body(&world.get(&at, &admin))["body"], "text");
    assert_eq!(world.db.rows("SELECT 1 FROM journal WHERE action = 'message.view'").len(), 1);
    assert_eq!(world.post(&format!("{at}/resend"), &admin, &json!({ "reason": "" })).status, 422);
    let again = world.post(
        &format!("{at}/resend"),
        &admin,
        &json!({ "reason": "The person did not get it" }),
    );
    assert_eq!(again.status, 201);
    assert_eq!(messages(&world).len(), 3);
    let figures = body(&world.get("/api/v1/cabinet/messages/statistics", &admin));
    assert_eq!(figures["waiting"], 1);
}
