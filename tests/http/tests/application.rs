//! Applying, from the empty draft to the confirmation, with two devices and a bad line.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use http_tests::{
    World,
    apply::{MINE, filled, id_of},
    demo::{body, request},
};
use serde_json::{Value, json};

fn states(application: &Value) -> Vec<(&str, &str)> {
    let tasks = application["tasks"].as_array().unwrap();
    tasks.iter().map(|t| (t["section"].as_str().unwrap(), t["state"].as_str().unwrap())).collect()
}

fn codes(application: &Value) -> Vec<&str> {
    application["issues"].as_array().unwrap().iter().map(|i| i["field"].as_str().unwrap()).collect()
}

#[test]
fn a_person_fills_an_application_step_by_step_and_sends_it() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let cookie = world.somebody("madina");
    let draft = world.begin(&cookie, &vacancy);
    assert_eq!((&draft["state"], &draft["number"]), (&json!("draft"), &Value::Null));
    assert_eq!(draft["commands"], json!(["submit", "discard"]));
    assert_eq!(
        states(&draft),
        [
            ("person", "in_progress"),
            ("contacts", "not_started"),
            ("education", "not_started"),
            ("experience", "not_started"),
            ("documents", "not_started"),
            ("score_sheet", "cannot_start"),
            ("statement", "not_started"),
            ("check", "cannot_start"),
        ]
    );
    // Without experience the video presentation is obligatory, with experience it is not.
    let video = |application: &Value| {
        let documents = application["form"]["documents"].as_array().unwrap();
        documents.iter().find(|d| d["code"] == "video_presentation").unwrap()["required"].clone()
    };
    assert_eq!(video(&draft), json!(true));
    let refused = world.act(&cookie, &draft, &json!({ "command": "submit" }));
    assert_eq!(
        (refused.status, body(&refused)["code"].clone()),
        (422, json!("application_incomplete"))
    );
    let file = world.file("madina", "scan", "clean");
    let saved = world.write(&cookie, &draft, &filled(&file));
    assert_eq!(saved.status, 200, "{}", String::from_utf8_lossy(&saved.body));
    let saved = body(&saved);
    assert_eq!((video(&saved), codes(&saved)), (json!(false), Vec::<&str>::new()));
    assert!(states(&saved).iter().all(|(section, state)| *state == "done" || *section == "check"));
    assert_eq!(saved["form"]["points"], 3.0);
    let sent = world.act(&cookie, &saved, &json!({ "command": "submit" }));
    assert_eq!(sent.status, 200);
    let sent = body(&sent);
    assert_eq!((&sent["state"], &sent["number"]), (&json!("submitted"), &json!("ПЕД-2026-000001")));
    assert_eq!(sent["timeline"]["next"]["who"], "organisation");
    assert_eq!(sent["timeline"]["next"]["due_at"], "2026-11-03T13:00:00.000Z");
    assert_eq!(
        sent["timeline"]["entries"][0]["ground"].as_str().unwrap(),
        "№ 57 бұйрық, педагогтерді лауазымға тағайындау қағидалары, 107-тармақ"
    );
    // What was sent is kept word for word, with the digests of the files.
    let id = sent["id"].as_str().unwrap();
    let snapshot = body(&world.get(&format!("{MINE}/{id}/sent/1"), &cookie));
    assert_eq!(snapshot["content"], sent["content"]);
    assert_eq!(snapshot["files"][0]["sha256"], "abc");
    assert_eq!(snapshot["number"], sent["number"]);
    assert_eq!(world.get(&format!("{MINE}/{id}/sent/2"), &cookie).status, 404);
    // The applicant and the school are told.
    let told =
        world.db.rows("SELECT event, count(*) AS n FROM notice GROUP BY event ORDER BY event");
    let told: Vec<_> = told.iter().map(|row| row["event"].as_str().unwrap()).collect();
    assert_eq!(told, ["application.received", "application.submitted"]);
    let list = body(&world.get(MINE, &cookie));
    assert_eq!(list["items"][0]["number"], "ПЕД-2026-000001");
}

#[test]
fn a_draft_is_filled_from_the_profile_and_the_application_before() {
    let world = World::demo();
    let (first, second) = (world.vacancy("subject_teacher"), world.vacancy("subject_teacher"));
    let (cookie, sent) = world.applied("madina", &first);
    let person = id_of("pmadina");
    let diploma = world.file("madina", "diploma", "clean");
    world.db.execute(&format!(
        "INSERT INTO person_card (person, version, content, changed_at) VALUES ('{person}', 1,
           '{{\"citizenship\": \"KZ\", \"address\": {{\"kato\": \"331000000\", \"text\": \"Абай, 1\"}}}}', '2026-11-02T05:00:00.000Z');
         INSERT INTO contact (id, account, kind, value, verified_at)
           VALUES ('c1', '{}', 'phone', '+77010001122', '2026-11-02T05:00:00.000Z');
         INSERT INTO profile_item (id, person, kind, state, record, evidence, source, created_at, changed_at)
         VALUES ('{}', '{person}', 'category', 'confirmed', '{{\"kind\": \"category\", \"category\": \"expert\", \"number\": \"7\"}}',
           '[\"{diploma}\"]', 'owner', '2026-11-02T05:00:00.000Z', '2026-11-02T05:00:00.000Z')",
        id_of("amadina"),
        id_of("category"),
    ));
    let draft = world.begin(&cookie, &second);
    let content = &draft["content"];
    assert_eq!(
        (&content["contacts"]["phone"], &content["contacts"]["address"]),
        (&json!("+77010001122"), &json!("Абай, 1"))
    );
    assert_eq!(content["person"]["iin"], sent["content"]["person"]["iin"]);
    assert_eq!(content["records"][0]["kind"], "category");
    assert_eq!(content["claims"][0]["choices"][0]["option"], "expert");
    let identity =
        content["documents"].as_array().unwrap().iter().find(|d| d["code"] == "identity");
    assert_eq!(identity.unwrap()["files"], sent["content"]["documents"][0]["files"]);
    // Statements are given anew each time.
    assert_eq!(content["statement"]["truthful"], false);
    // And what was filled in can be saved as it is.
    let saved = world.write(&cookie, &draft, content);
    assert_eq!(saved.status, 200, "{}", String::from_utf8_lossy(&saved.body));
}

#[test]
fn a_draft_begun_before_the_card_was_written_is_filled_from_it_until_a_name_is_saved() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let cookie = world.applicant("+77012345678");
    let draft = world.begin(&cookie, &vacancy);
    assert_eq!(draft["content"]["person"]["surname"], "");
    let (_, person) = world.account_of("+77012345678");
    let write = |surname: &str| {
        world.db.execute(&format!(
            "UPDATE person SET surname = '{surname}', name = 'Нұрсәуле' WHERE id = '{person}'"
        ));
    };
    write("Жүсіпбекова");
    let path = format!("{MINE}/{}", draft["id"].as_str().unwrap());
    let shown = body(&world.get(&path, &cookie));
    assert_eq!(shown["content"]["person"]["surname"], "Жүсіпбекова");
    assert_eq!(shown["version"], draft["version"]);
    // What has been saved once is the person's own text.
    let saved = world.write(&cookie, &shown, &shown["content"]);
    assert_eq!(saved.status, 200, "{}", String::from_utf8_lossy(&saved.body));
    write("Басқа");
    assert_eq!(body(&world.get(&path, &cookie))["content"]["person"]["surname"], "Жүсіпбекова");
}

#[test]
fn after_the_deadline_the_server_refuses_by_its_own_clock() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let file = world.file_of("madina");
    let cookie = world.somebody("madina");
    let draft = world.begin(&cookie, &vacancy);
    let saved = body(&world.write(&cookie, &draft, &filled(&file)));
    // The device's clock is a week behind and says so; nobody asks it.
    let mut late = world.command(
        &format!("{MINE}/{}/commands", saved["id"].as_str().unwrap()),
        &cookie,
        &json!({ "command": "submit", "at": "2026-11-02T05:00:00Z" }),
    );
    late.headers.push(("if-match".into(), saved["version"].to_string()));
    late.headers.push(("date".into(), "Mon, 02 Nov 2026 05:00:00 GMT".into()));
    world.at("2026-11-11T13:00:00Z");
    late.headers.retain(|(name, _)| name != "cookie");
    let cookie = world.somebody("madina");
    late.headers.push(("cookie".into(), cookie.clone()));
    let refused = world.send(&late);
    let answer = body(&refused);
    assert_eq!((refused.status, &answer["code"]), (409, &json!("deadline_passed")));
    assert!(answer["detail"].as_str().unwrap().contains("2026-11-11T18:00:00+05:00"));
    // Nothing is lost: an extension lets the same draft be sent.
    let kept = body(&world.get(&format!("{MINE}/{}", saved["id"].as_str().unwrap()), &cookie));
    assert_eq!((&kept["content"], &kept["commands"]), (&saved["content"], &json!(["discard"])));
    world.at("2026-11-11T12:59:59.999Z");
    let cookie = world.somebody("madina");
    assert_eq!(world.act(&cookie, &saved, &json!({ "command": "submit" })).status, 200);
}

#[test]
fn one_active_application_a_person_and_competition() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let cookie = world.somebody("madina");
    let draft = world.begin(&cookie, &vacancy);
    // A second device, a second tab, a repeated tap: the same draft.
    let again = world.post(MINE, &world.somebody("madina"), &json!({ "vacancy": vacancy["id"] }));
    assert_eq!((again.status, body(&again)["id"].clone()), (200, draft["id"].clone()));
    let insert = world.db.rows("SELECT count(*) AS n FROM application");
    assert_eq!(insert[0]["n"], 1);
    // Withdrawn, it makes room for another.
    let file = world.file_of("madina");
    let saved = body(&world.write(&cookie, &draft, &filled(&file)));
    let sent = body(&world.act(&cookie, &saved, &json!({ "command": "submit" })));
    let gone = body(&world.act(
        &cookie,
        &sent,
        &json!({ "command": "withdraw", "reason": "Басқа жұмыс" }),
    ));
    assert_eq!(gone["state"], "withdrawn");
    assert_eq!(gone["timeline"]["entries"][0]["details"][0], "Басқа жұмыс");
    let next = world.begin(&cookie, &vacancy);
    assert_ne!(next["id"], draft["id"]);
    let sent = body(&world.write(&cookie, &next, &filled(&file)));
    let sent = body(&world.act(&cookie, &sent, &json!({ "command": "submit" })));
    assert_eq!(sent["number"], "ПЕД-2026-000002", "a number is never given twice");
}

#[test]
fn two_devices_lose_nothing_and_a_lost_answer_is_given_again() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let (phone, laptop) = (world.somebody("madina"), world.somebody("madina"));
    let seen = world.begin(&phone, &vacancy);
    let file = world.file_of("madina");
    let mut first = filled(&file);
    first["contacts"]["address"] = json!("Телефоннан");
    let saved = body(&world.write(&phone, &seen, &first));
    let mut second = filled(&file);
    second["contacts"]["address"] = json!("Ноутбуктен");
    let conflict = world.write(&laptop, &seen, &second);
    let answer = body(&conflict);
    assert_eq!((conflict.status, &answer["conflict"]["differs"]), (412, &json!(["contacts"])));
    assert_eq!(answer["conflict"]["current"]["content"]["contacts"]["address"], "Телефоннан");
    // The answer to the submit is lost; the phone sends it again, twice.
    let mut submit = world.command(
        &format!("{MINE}/{}/commands", saved["id"].as_str().unwrap()),
        &phone,
        &json!({ "command": "submit" }),
    );
    submit.headers.push(("if-match".into(), saved["version"].to_string()));
    let answers: Vec<Value> = (0..3).map(|_| body(&world.send(&submit))).collect();
    assert_eq!(answers[0]["number"], answers[2]["number"]);
    assert_eq!(world.db.rows("SELECT count(*) AS n FROM application_sent")[0]["n"], 1);
    // Steps that come out of order: a save that was queued before the submit finds a newer version.
    let stale = world.write(&laptop, &saved, &second);
    assert_eq!(stale.status, 412);
    // And the same key with another request is refused.
    submit.body = json!({ "command": "withdraw" }).to_string().into_bytes();
    assert_eq!(world.send(&submit).status, 422);
    assert_eq!(
        world
            .post(
                &format!("{MINE}/{}/commands", saved["id"].as_str().unwrap()),
                &phone,
                &json!({ "command": "submit" })
            )
            .status,
        428
    );
}

#[test]
fn somebody_elses_application_does_not_exist() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let (_, sent) = world.applied("madina", &vacancy);
    let stranger = world.somebody("stranger");
    let id = sent["id"].as_str().unwrap();
    for address in [
        format!("{MINE}/{id}"),
        format!("{MINE}/{id}/sent/1"),
        format!("{MINE}/..%2f{id}"),
        format!("{MINE}/' OR 1=1 --"),
    ] {
        assert_eq!(world.get(&address.replace(' ', "%20"), &stranger).status, 404, "{address}");
    }
    assert_eq!(world.write(&stranger, &sent, &filled("x")).status, 404);
    assert_eq!(
        world.act(&stranger, &sent, &json!({ "command": "withdraw", "reason": "" })).status,
        404
    );
    assert_eq!(body(&world.get(MINE, &stranger))["items"], json!([]));
    // A file of somebody else is as good as none.
    let theirs = world.file("madina", "other", "clean");
    let draft = world.begin(&stranger, &vacancy);
    let saved = body(&world.write(&stranger, &draft, &filled(&theirs)));
    assert_eq!(saved["files"][0]["state"], "missing");
    assert!(saved["issues"].as_array().unwrap().iter().any(|i| i["code"] == "file_missing"));
    let uses = format!("SELECT count(*) AS n FROM file_use WHERE file = '{theirs}'");
    assert_eq!(world.db.rows(&uses)[0]["n"], 0);
    // Nobody is signed in at all.
    assert_eq!(world.send(&request("GET", MINE, "")).status, 401);
}

#[test]
fn files_that_are_bad_stop_the_sending_and_say_so_a_pending_one_does_not() {
    for (state, code) in [
        ("infected", "file_infected"),
        ("refused", "file_refused"),
        ("uploading", "file_uploading"),
        ("pending", ""),
        ("unscanned", ""),
    ] {
        let world = World::demo();
        let vacancy = world.vacancy("subject_teacher");
        let cookie = world.somebody("madina");
        let draft = world.begin(&cookie, &vacancy);
        let file = world.file("madina", "scan", state);
        let saved = body(&world.write(&cookie, &draft, &filled(&file)));
        let sent = world.act(&cookie, &saved, &json!({ "command": "submit" }));
        if code.is_empty() {
            assert_eq!(sent.status, 200, "{state}");
        } else {
            assert_eq!((sent.status, &body(&sent)["errors"][0]["code"]), (422, &json!(code)));
            let documents = states(&saved).into_iter().find(|(s, _)| *s == "documents").unwrap();
            assert_eq!(documents.1, "attention", "{state}");
        }
    }
}

#[test]
fn hostile_contents_are_refused_or_kept_as_they_are() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let cookie = world.somebody("madina");
    let draft = world.begin(&cookie, &vacancy);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut content = filled("01kdvdna06fvpr34d71jkadp5k");
        change(&mut content);
        content
    };
    let long = "ә".repeat(5000);
    let bad: Vec<(Value, &str)> = vec![
        (with(&|c| c["person"]["surname"] = json!(long)), "person.surname"),
        (with(&|c| c["claims"][0]["row"] = json!("made_up")), "claims"),
        (with(&|c| c["claims"][0]["choices"][0]["option"] = json!("made_up")), "claims.category"),
        (
            with(&|c| {
                c["claims"][0]["choices"] = json!([{"option": "moderator", "count": 4_000_000}])
            }),
            "claims.category",
        ),
        (with(&|c| c["claims"] = json!([c["claims"][0], c["claims"][0]])), "claims.category"),
        (with(&|c| c["claims"] = json!([{"row": "recommendation", "choices": []}])), "claims"),
        (with(&|c| c["documents"] = json!([{"code": "passport_of_mars"}])), "documents"),
        (with(&|c| c["documents"][0]["files"] = json!(["../../etc/passwd"])), "documents.identity"),
        (with(&|c| c["documents"][1]["records"] = json!(["nobody"])), "documents.education"),
        (with(&|c| c["records"][1]["id"] = json!("edu-1")), "records"),
        (with(&|c| c["records"][0]["id"] = json!("'; DROP TABLE application; --")), "records"),
        (with(&|c| c["statement"]["preferences"] = json!(["king"])), "statement.preferences"),
        (with(&|c| c["records"][0]["details"] = json!({ "x": "y".repeat(300_000) })), "content"),
    ];
    for (content, field) in bad {
        let refused = world.write(&cookie, &draft, &content);
        let answer = body(&refused);
        assert_eq!((refused.status, &answer["errors"][0]["field"]), (422, &json!(field)));
    }
    for (text, status) in [("{", 400), ("{\"content\": 5}", 422), ("[]", 422)] {
        let mut request = world.command(
            &format!("{MINE}/{}", draft["id"].as_str().unwrap()),
            &cookie,
            &json!({}),
        );
        request.method = "PUT".into();
        request.body = text.as_bytes().to_vec();
        request.headers.push(("if-match".into(), draft["version"].to_string()));
        assert_eq!(world.send(&request).status, status, "{text}");
    }
    // Words are words, whatever they look like.
    let words = "=HYPERLINK(\"http://x\") <script>alert(1)</script> ' OR 1=1 -- \u{202e}\u{0}";
    let content = with(&|c| c["statement"]["letter"] = json!(words));
    let saved = body(&world.write(&cookie, &draft, &content));
    assert_eq!(saved["content"]["statement"]["letter"], words);
    // What is merely wrong is kept and named: nothing typed is lost.
    let content = with(&|c| {
        c["person"]["iin"] = json!("123");
        c["contacts"]["phone"] = json!("жоқ");
        c["contacts"]["email"] = json!("a@b");
        c["no_experience"] = json!(true);
        c["records"][0]["from"] = json!("2020-01-01");
        c["records"][0]["to"] = json!("2019-01-01");
    });
    let saved = body(&world.write(&cookie, &saved, &content));
    let wrong: Vec<_> = saved["issues"]
        .as_array()
        .unwrap()
        .iter()
        .map(|i| i["code"].as_str().unwrap())
        .filter(|c| *c != "file_missing")
        .collect();
    assert_eq!(wrong, ["iin", "phone", "email", "dates", "contradiction", "document_needed"]);
}

#[test]
fn a_batch_that_the_database_refuses_leaves_everything_as_it_was() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let cookie = world.somebody("madina");
    let draft = world.begin(&cookie, &vacancy);
    let file = world.file_of("madina");
    let saved = body(&world.write(&cookie, &draft, &filled(&file)));
    world.db.execute("CREATE TRIGGER broken BEFORE INSERT ON application_sent BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
    let mut submit = world.command(
        &format!("{MINE}/{}/commands", saved["id"].as_str().unwrap()),
        &cookie,
        &json!({ "command": "submit" }),
    );
    submit.headers.push(("if-match".into(), saved["version"].to_string()));
    let (failed, fault) = world.answer(&submit);
    assert_eq!(failed.status, 500);
    assert!(fault.unwrap().contains("the disk is full"));
    let rows = world.db.rows("SELECT state, sent, number FROM application");
    assert_eq!(rows[0], json!({ "state": "draft", "sent": 0, "number": null }));
    assert_eq!(world.db.rows("SELECT count(*) AS n FROM notice")[0]["n"], 0);
    // The same request goes through once the database is well again.
    world.db.execute("DROP TRIGGER broken");
    let sent = body(&world.send(&submit));
    assert_eq!((&sent["state"], &sent["number"]), (&json!("submitted"), &json!("ПЕД-2026-000002")));
}

#[test]
fn what_was_sent_cannot_be_rewritten() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    world.applied("madina", &vacancy);
    for sql in
        ["UPDATE application_sent SET snapshot = '{}'", "UPDATE application_step SET action = 'x'"]
    {
        let statement = domain::shared::statement::Statement { sql: sql.into(), params: vec![] };
        let refused = world.with(async |ports| ports.db.batch(vec![statement]).await.is_err());
        assert!(refused, "{sql}");
    }
}
