//! People of a competition who were admitted come into a session without anybody typing them.

use http_tests::{
    World,
    demo::{body, organisation as demo_organisation},
};
use serde_json::{Value, json};

use super::stage::*;

/// A competition with three admitted people and one who is not; a session of the region.
fn staged(world: &World) -> (Staff, Value, String, Vec<Value>) {
    let staff = crew(world);
    let exam = published(world, &staff);
    let vacancy = world.vacancy("subject_teacher");
    let sent: Vec<Value> = ["aida", "bolat", "dana", "erlan"]
        .iter()
        .map(|login| world.applied(login, &vacancy).1)
        .collect();
    for one in &sent[..3] {
        let id = one["id"].as_str().unwrap();
        world.db.execute(&format!("UPDATE application SET state = 'admitted' WHERE id = '{id}'"));
    }
    let made = world.post(
        SESSIONS,
        &staff.admin,
        &json!({ "exam": exam, "organisation": organisation(world), "room": "12",
                 "place": { "kk": "Талдықорған", "ru": "Талдыкорган" }, "starts_at": "2026-12-02T05:00:00Z" }),
    );
    let session = body(&made)["id"].as_str().unwrap().to_owned();
    (staff, vacancy, session, sent)
}

fn put(application: &Value) -> Value {
    json!({ "application": application["id"], "lang": "ru", "seat": "7" })
}

#[test]
fn admitted_people_are_shown_and_put_down_once() {
    let world = World::demo();
    let (staff, vacancy, session, sent) = staged(&world);
    let path = format!("{SESSIONS}/{session}/competitions");
    let all = body(&world.get(&path, &staff.admin));
    let items = all["items"].as_array().unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!(items[0]["vacancy"]["id"], vacancy["id"]);
    assert_eq!((&items[0]["admitted"], &items[0]["seated"]), (&json!(3), &json!(0)));
    let one = format!("{path}/{}", vacancy["id"].as_str().unwrap());
    let people = body(&world.get(&one, &staff.admin));
    let people = people["items"].as_array().unwrap();
    assert_eq!(people.len(), 3);
    // A name, a number and a language: nothing of what was written in the application.
    let mut names: Vec<&String> = people[0].as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["application", "lang", "name", "number", "seated"]);

    let candidates = format!("{SESSIONS}/{session}/candidates");
    let wanted = json!({ "candidates": [put(&sent[0]), put(&sent[1])] });
    let done = world.post(&candidates, &staff.admin, &wanted);
    assert_eq!(done.status, 201, "{}", said(&done));
    assert_eq!(body(&done)["candidates"].as_array().unwrap().len(), 2);
    let rows = world.db.rows(&format!(
        "SELECT t.application, t.lang, t.person = a.person AS same FROM exam_attempt t
           JOIN application a ON a.id = t.application WHERE t.session = '{session}' ORDER BY t.id"
    ));
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row["same"] == 1 && row["lang"] == "ru"));
    let journal = world.db.rows("SELECT * FROM journal WHERE action = 'exam_session.put_down'");
    assert!(format!("{journal:?}").contains(sent[0]["id"].as_str().unwrap()));

    // Asked again, with one more: those who are here stay as they are.
    let wanted = json!({ "candidates": sent[..3].iter().map(put).collect::<Vec<_>>() });
    let more = body(&world.post(&candidates, &staff.admin, &wanted));
    assert_eq!((more["candidates"].as_array().unwrap().len(), &more["already"]), (1, &json!(2)));
    let same = world.post(&candidates, &staff.admin, &wanted);
    assert_eq!((same.status, &body(&same)["already"]), (200, &json!(3)));
    let shown = body(&world.get(&one, &staff.admin));
    assert!(shown["items"].as_array().unwrap().iter().all(|one| one["seated"] == true));
    assert_eq!(body(&world.get(&path, &staff.admin))["items"][0]["seated"], 3);
}

#[test]
fn who_was_not_admitted_or_is_out_of_reach_cannot_be_put_down() {
    let world = World::demo();
    let (staff, vacancy, session, sent) = staged(&world);
    let candidates = format!("{SESSIONS}/{session}/candidates");
    let refused = |list: Value| {
        let answer = world.post(&candidates, &staff.admin, &json!({ "candidates": list }));
        assert_eq!(answer.status, 422, "{}", said(&answer));
        said(&answer)
    };
    assert!(refused(json!([put(&sent[3])])).contains("candidates.0.application"));
    // The same person twice, once by a number, once by the application.
    let person = sent[0]["id"].as_str().unwrap();
    world.db.execute(&format!(
        "UPDATE person SET iin = '900101300017' WHERE id = (SELECT person FROM application WHERE id = '{person}')"
    ));
    let twice = json!([{ "iin": "900101300017", "lang": "kk" }, put(&sent[0])]);
    assert!(refused(twice).contains("candidates.1.application"));
    assert_eq!(world.db.rows("SELECT id FROM exam_attempt").len(), 0);
    // Whoever runs tests of the department alone sees no school's competition.
    world.db.execute(&format!(
        "UPDATE role_assignment SET scope = 'own', organisation = '{}' WHERE role = 'test_admin'",
        organisation(&world)
    ));
    assert_ne!(organisation(&world), demo_organisation("school1"));
    let path = format!("{SESSIONS}/{session}/competitions");
    assert_eq!(body(&world.get(&path, &staff.admin))["items"], json!([]));
    let one = format!("{path}/{}", vacancy["id"].as_str().unwrap());
    assert_eq!(body(&world.get(&one, &staff.admin))["items"], json!([]));
    assert!(refused(json!([put(&sent[0])])).contains("candidates.0.application"));
    // Others have no business there at all.
    assert_eq!(world.get(&path, &staff.proctor).status, 403);
}
