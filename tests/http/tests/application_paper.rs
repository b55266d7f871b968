//! What was sent, on paper; and the consent that goes along with it.

use app::http::Response;
use http_tests::{
    World,
    apply::{MINE, STAFF},
    demo::body,
};
use serde_json::{Value, json};

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    let found = response.headers.iter().find(|(have, _)| *have == name);
    found.map(|(_, value)| value.as_ref()).unwrap_or_default()
}

fn count(world: &World, condition: &str) -> usize {
    world.db.rows(&format!("SELECT 1 AS one FROM journal WHERE {condition}")).len()
}

#[test]
fn what_was_sent_comes_as_a_pdf_to_its_owner_and_to_the_clerk() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let (mine, sent) = world.applied("madina", &vacancy);
    let id = sent["id"].as_str().unwrap();
    let clerk = world.session("hr.school1");
    for (root, cookie) in [(MINE, &mine), (STAFF, &clerk)] {
        let file = world.get(&format!("{root}/{id}/sent.pdf"), cookie);
        assert_eq!(file.status, 200);
        assert_eq!(header(&file, "content-type"), "application/pdf");
        assert!(header(&file, "content-disposition").starts_with("attachment; filename=\"mansap-"));
        assert!(file.body.starts_with(b"%PDF-") && file.body.ends_with(b"%%EOF"));
        let again = world.get(&format!("{root}/{id}/sent.pdf?n=1"), cookie);
        assert_eq!(again.body, file.body, "the same version gives the same bytes");
        assert_eq!(world.get(&format!("{root}/{id}/sent.pdf?n=2"), cookie).status, 404);
        assert_eq!(world.get(&format!("{root}/{id}/sent.pdf?n=x"), cookie).status, 404);
    }
    // Nobody else's, and nothing that was not sent.
    let stranger = world.somebody("aigul");
    assert_eq!(world.get(&format!("{MINE}/{id}/sent.pdf"), &stranger).status, 404);
    assert_eq!(
        world.get(&format!("{STAFF}/{id}/sent.pdf"), &world.session("hr.school2")).status,
        404
    );
    let draft = world.begin(&stranger, &vacancy);
    let draft = draft["id"].as_str().unwrap();
    assert_eq!(world.get(&format!("{MINE}/{draft}/sent.pdf"), &stranger).status, 404);
    // The clerk's look is where the applicant finds it.
    let looks = count(&world, &format!("action = 'application.view' AND after LIKE '%{id}%'"));
    assert_eq!(looks, 2, "one for each that was found");
}

#[test]
fn sending_gives_the_consent_to_the_text_that_was_shown() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let (cookie, sent) = world.applied("madina", &vacancy);
    let consents = body(&world.get("/api/v1/cabinet/my/consents", &cookie));
    let given = |purpose: &str, all: &Value| {
        let list = all["purposes"].as_array().unwrap();
        list.iter().find(|one| one["text"]["purpose"] == purpose).unwrap()["given"].clone()
    };
    let first = given("competition", &consents);
    assert_eq!(first["version"], "2026-01-01");
    assert_eq!(given("public_profile", &consents), Value::Null);
    let id = sent["id"].as_str().unwrap();
    let snapshot = body(&world.get(&format!("{MINE}/{id}/sent/1"), &cookie));
    assert_eq!(snapshot["consent"]["purpose"], "competition");
    assert_eq!(snapshot["consent"]["digest"].as_str().unwrap().len(), 64);
    // Sent again: the consent that holds stays the one it was.
    let opened = body(&world.act(&cookie, &sent, &json!({ "command": "reopen" })));
    let again = world.act(&cookie, &opened, &json!({ "command": "submit" }));
    assert_eq!(again.status, 200, "{}", String::from_utf8_lossy(&again.body));
    let after = body(&world.get("/api/v1/cabinet/my/consents", &cookie));
    assert_eq!(given("competition", &after), first);
    assert_eq!(after["history"].as_array().unwrap().len(), 1);
}

#[test]
fn all_that_is_known_of_a_person_comes_as_a_pdf() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let (cookie, _) = world.applied("madina", &vacancy);
    let file = world.get("/api/v1/cabinet/my/export.pdf", &cookie);
    assert_eq!(file.status, 200);
    assert_eq!(header(&file, "content-type"), "application/pdf");
    assert!(file.body.starts_with(b"%PDF-"));
    assert_eq!(count(&world, "action = 'person.take_along'"), 1);
}
