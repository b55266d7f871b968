//! What a closed case was decided on stays as it was; what is written anew takes its place.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use app::http::Response;
use http_tests::{
    World,
    apply::{STAFF, filled},
    demo::body,
};
use serde_json::{Value, json};

const PROFILE: &str = "/api/v1/cabinet/my/profile";

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

fn course(hours: u32, files: &Value) -> Value {
    json!({"record": {"kind": "course", "title": "Дифференциалды оқыту", "provider": "Өрлеу", "hours": hours,
        "from": "2025-06-02", "to": "2025-06-13", "number": "0412345", "agreed_programme": true},
        "evidence": files})
}

fn call(world: &World, method: &str, cookie: &str, item: &Value, input: &Value) -> Response {
    let path = format!("{PROFILE}/{}", text(&item["id"]));
    let mut request = world.command(&path, cookie, input);
    request.method = method.into();
    request.headers.push(("if-match".into(), format!("\"{}\"", item["version"])));
    world.send(&request)
}

fn all(world: &World, cookie: &str) -> Vec<Value> {
    body(&world.get(PROFILE, cookie))["items"].as_array().unwrap().clone()
}

/// Somebody with two records applies and is told no; one record was changed after sending.
struct Refused {
    world: World,
    cookie: String,
    kept: Value,
    changed: Value,
    application: String,
}

fn refused() -> Refused {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let cookie = world.somebody("madina");
    let file = world.file("madina", "scan", "clean");
    let kept = body(&world.post(PROFILE, &cookie, &course(80, &json!([file]))));
    let language =
        json!({"record": {"kind": "language", "language": "en", "level": "b2", "test": "none"}});
    let changed = world.post(PROFILE, &cookie, &language);
    assert_eq!(changed.status, 201, "{}", String::from_utf8_lossy(&changed.body));
    let changed = body(&changed);
    let draft = world.begin(&cookie, &vacancy);
    let taken = draft["content"]["records"].as_array().unwrap().clone();
    assert_eq!(taken.len(), 2, "both are of use here: {taken:?}");
    let mut content = filled(&file);
    content["records"].as_array_mut().unwrap().extend(taken);
    let saved = body(&world.write(&cookie, &draft, &content));
    let sent = body(&world.act(&cookie, &saved, &json!({ "command": "submit" })));
    assert_eq!(sent["state"], "submitted", "{sent}");
    let used = all(&world, &cookie);
    assert!(used.iter().all(|item| item["used_in"] == json!([["application", sent["id"]]])));
    // While nobody has decided, the profile goes on as it likes: the case has its own copy.
    let better =
        json!({"record": {"kind": "language", "language": "en", "level": "c1", "test": "none"}});
    let changed = body(&call(&world, "PUT", &cookie, &changed, &better));
    assert_eq!((&changed["state"], &changed["version"]), (&json!("draft"), &json!(2)));
    let clerk = world.session("hr.school1");
    let application = text(&sent["id"]).to_owned();
    let mut seen = body(&world.get(&format!("{STAFF}/{application}"), &clerk));
    for command in [
        json!({ "command": "register" }),
        json!({ "command": "refuse", "grounds": ["education_mismatch"], "text": "Мамандық басқа" }),
    ] {
        let response = world.process(&clerk, &seen, &command);
        assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&response.body));
        seen = body(&response);
    }
    world.drain();
    Refused { world, cookie, kept, changed, application }
}

fn of(items: &[Value], kind: &str) -> Value {
    items.iter().find(|item| item["kind"] == kind).unwrap_or_else(|| panic!("{kind}")).clone()
}

#[test]
fn a_decision_locks_what_it_was_made_on_and_nothing_else() {
    let Refused { world, cookie, kept, changed, .. } = refused();
    let items = all(&world, &cookie);
    let (course, language) = (of(&items, "course"), of(&items, "language"));
    assert_eq!((&course["state"], &course["version"]), (&json!("locked"), &json!(2)));
    assert_eq!(course["record"], kept["record"]);
    // It was written anew after it was sent: nobody has decided on what it says now.
    assert_eq!((&language["state"], &language["version"]), (&json!("draft"), &changed["version"]));
    let removal = call(&world, "DELETE", &cookie, &course, &json!(null));
    assert_eq!((removal.status, body(&removal)["code"].clone()), (409, json!("record_state")));
    let rows = world.db.rows("SELECT object_id, after FROM journal WHERE action = 'profile.lock'");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["object_id"], course["id"]);
    assert!(!text(&rows[0]["after"]).contains("Өрлеу"), "the journal says nothing of its words");
    // The event may come twice.
    world.db.execute(&format!(
        "INSERT INTO outbox (at, topic, key, next_at) SELECT at, 'application.closed', '{}', at FROM journal LIMIT 1",
        text(&course["used_in"][0][1])
    ));
    world.drain();
    assert_eq!(of(&all(&world, &cookie), "course")["version"], 2);
}

#[test]
fn what_is_written_anew_takes_the_place_of_a_locked_record() {
    let Refused { world, cookie, application, .. } = refused();
    let locked = of(&all(&world, &cookie), "course");
    let snapshot = |world: &World| {
        let path = format!("/api/v1/cabinet/my/applications/{application}/sent/1");
        body(&world.get(&path, &cookie))
    };
    let before = snapshot(&world);
    let input = course(72, &locked["evidence"]);
    let answer = call(&world, "PUT", &cookie, &locked, &input);
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let next = body(&answer);
    assert_ne!(next["id"], locked["id"]);
    assert_eq!((&next["state"], &next["version"]), (&json!("draft"), &json!(3)));
    assert_eq!((&next["former"], &next["record"]["hours"]), (&locked["id"], &json!(72)));
    assert_eq!((&next["used_in"], &next["duplicates"]), (&json!([]), &json!([])));
    // The list has one course, the case has what it had.
    let items = all(&world, &cookie);
    assert_eq!(items.iter().filter(|item| item["kind"] == "course").count(), 1);
    assert_eq!(of(&items, "course")["id"], next["id"]);
    assert_eq!(snapshot(&world), before);
    let kept = world.db.rows(
        "SELECT state, record ->> '$.hours' AS hours FROM profile_item WHERE successor IS NOT NULL",
    );
    assert_eq!((&kept[0]["state"], &kept[0]["hours"]), (&json!("locked"), &json!(80)));
    // The old address leads to it, so a device that wrote twice without a line loses nothing.
    let old = body(&world.get(&format!("{PROFILE}/{}", text(&locked["id"])), &cookie));
    assert_eq!(old["id"], next["id"]);
    let chained = json!({ "id": locked["id"], "version": next["version"] });
    let again = call(&world, "PUT", &cookie, &chained, &course(74, &json!([])));
    assert_eq!((again.status, &body(&again)["id"]), (200, &next["id"]));
    // A device that has seen only the locked one is told, and both versions are there.
    let stale = call(&world, "PUT", &cookie, &locked, &course(76, &json!([])));
    assert_eq!(stale.status, 412);
    assert_eq!(body(&stale)["conflict"]["current"]["record"]["hours"], 74);
    // It can be removed; what the case was decided on stays, and is taken along.
    let now = body(&again);
    assert_eq!(call(&world, "DELETE", &cookie, &now, &json!(null)).status, 204);
    assert_eq!(world.get(&format!("{PROFILE}/{}", text(&locked["id"])), &cookie).status, 404);
    let export = body(&world.get("/api/v1/cabinet/my/export", &cookie));
    assert!(export.to_string().contains(text(&locked["id"])));
    // Nobody else reaches it by the old address.
    let thief = world.somebody("thief");
    assert_eq!(call(&world, "PUT", &thief, &locked, &input).status, 404);
}

#[test]
fn a_new_application_takes_the_record_that_is_valid_now() {
    let Refused { world, cookie, .. } = refused();
    let locked = of(&all(&world, &cookie), "course");
    let second = world.vacancy("subject_teacher");
    let draft = world.begin(&cookie, &second);
    let records = draft["content"]["records"].as_array().unwrap().clone();
    assert_eq!(records.iter().filter(|one| one["id"] == locked["id"]).count(), 1, "still of use");
    let next = body(&call(&world, "PUT", &cookie, &locked, &course(72, &locked["evidence"])));
    let third = world.vacancy("subject_teacher");
    let draft = world.begin(&cookie, &third);
    let courses: Vec<&Value> = draft["content"]["records"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|record| record["kind"] == "course")
        .collect();
    assert_eq!(courses.len(), 1);
    assert_eq!((&courses[0]["id"], &courses[0]["details"]["hours"]), (&next["id"], &json!(72)));
}
