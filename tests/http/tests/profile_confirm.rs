//! An organisation compares records with their originals: who may, what is seen, who is told.

#![expect(clippy::panic, reason = "a test fails by panicking")]

use app::http::{Response, encode};
use http_tests::{
    World,
    apply::id_of,
    demo::{body, organisation},
};
use serde_json::{Value, json};

const PROFILE: &str = "/api/v1/cabinet/my/profile";
const RECORDS: &str = "/api/v1/cabinet/records";

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

fn diploma(world: &World, cookie: &str, file: &str) -> Value {
    let input = json!({"record": {"kind": "education", "level": "bachelor", "institution": "Абай атындағы ҚазҰПУ",
        "specialty": "Математика", "started": 2003, "finished": 2007, "number": "ЖБ 0123456"}, "evidence": [file]});
    let made = world.post(PROFILE, cookie, &input);
    assert_eq!(made.status, 201, "{}", String::from_utf8_lossy(&made.body));
    body(&made)
}

fn command(world: &World, cookie: &str, root: &str, item: &Value, command: &Value) -> Response {
    let path = format!("{root}/{}/commands", text(&item["id"]));
    let mut request = world.command(&path, cookie, command);
    request.headers.push(("if-match".into(), format!("\"{}\"", item["version"])));
    world.send(&request)
}

fn one(world: &World, cookie: &str, item: &Value) -> Response {
    world.get(&format!("{RECORDS}/{}", text(&item["id"])), cookie)
}

fn link(world: &World, cookie: &str, file: &str) -> u16 {
    world.post(&format!("/api/v1/cabinet/files/{file}/link"), cookie, &json!({})).status
}

/// Somebody's diploma that the first school was asked about.
struct Asked {
    world: World,
    owner: String,
    clerk: String,
    file: String,
    item: Value,
}

fn asked() -> Asked {
    let world = World::demo();
    let owner = world.somebody("madina");
    let file = world.file("madina", "diploma", "clean");
    let item = diploma(&world, &owner, &file);
    let clerk = world.session("hr.school1");
    // Until somebody was asked, nobody sees anything.
    assert_eq!((one(&world, &clerk, &item).status, link(&world, &clerk, &file)), (404, 404));
    let nobody = json!({"command": "submit", "organisation": id_of("nobody")});
    assert_eq!(command(&world, &owner, PROFILE, &item, &nobody).status, 422);
    let submit = json!({"command": "submit", "organisation": organisation("school1")});
    let sent = command(&world, &owner, PROFILE, &item, &submit);
    assert_eq!(sent.status, 200, "{}", String::from_utf8_lossy(&sent.body));
    let item = body(&sent);
    assert_eq!(item["state"], "submitted");
    world.drain();
    Asked { world, owner, clerk, file, item }
}

#[test]
fn a_record_is_compared_and_its_owner_is_told() {
    let Asked { world, owner, clerk, file, item } = asked();
    let told = |event: &str| {
        world.db.rows(&format!("SELECT account, args FROM notice WHERE event = '{event}'"))
    };
    assert!(!told("profile.submitted").is_empty(), "the school hears of it");
    let list = body(&world.get(RECORDS, &clerk));
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let row = &list["items"][0];
    assert_eq!((&row["who"], &row["files"]), (&json!("Сейітова madina"), &json!(1)));
    let shown = body(&one(&world, &clerk, &item));
    assert_eq!(shown["files"][0]["id"], json!(file));
    let facts: Vec<(&str, &str)> = shown["facts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| (text(&pair[0]["ru"]), text(&pair[1]["ru"])))
        .collect();
    assert!(facts.iter().any(|(_, said)| *said == "Абай атындағы ҚазҰПУ"), "{facts:?}");
    assert!(facts.iter().all(|(name, said)| !name.is_empty() && !said.is_empty()), "{facts:?}");
    assert_eq!(link(&world, &clerk, &file), 201);
    // The person sees who looked.
    let looks = body(&world.get("/api/v1/cabinet/my/access", &owner)).to_string();
    assert!(looks.contains("Профиль жазбаңызды ашты"), "{looks}");
    let refused =
        command(&world, &clerk, RECORDS, &item, &json!({"command": "return", "reason": " "}));
    assert_eq!(refused.status, 422);
    let done = command(&world, &clerk, RECORDS, &item, &json!({"command": "confirm"}));
    assert_eq!(done.status, 200, "{}", String::from_utf8_lossy(&done.body));
    world.drain();
    let now = body(&world.get(&format!("{PROFILE}/{}", text(&item["id"])), &owner));
    assert_eq!(
        (&now["state"], &now["verification"]),
        (&json!("confirmed"), &json!("organisation"))
    );
    assert_eq!(told("profile.compared").len(), 1);
    // It was done: nobody of the organisation sees it any more.
    assert_eq!((one(&world, &clerk, &item).status, link(&world, &clerk, &file)), (404, 404));
    assert_eq!(body(&world.get(RECORDS, &clerk))["items"], json!([]));
    let who = world.db.rows("SELECT decided_by FROM profile_item");
    assert!(!text(&who[0]["decided_by"]).is_empty());
}

#[test]
fn what_is_sent_back_is_put_right_and_asked_again() {
    let Asked { world, owner, clerk, file, item } = asked();
    let back = json!({"command": "return", "reason": "Қосымшасы жоқ"});
    assert_eq!(command(&world, &clerk, RECORDS, &item, &back).status, 200);
    let path = format!("{PROFILE}/{}", text(&item["id"]));
    let now = body(&world.get(&path, &owner));
    assert_eq!((&now["state"], &now["reason"]), (&json!("returned"), &json!("Қосымшасы жоқ")));
    let mut record = now["record"].clone();
    record["number"] = json!("ЖБ 0123457");
    let mut put = world.command(&path, &owner, &json!({"record": record, "evidence": [file]}));
    put.method = "PUT".into();
    put.headers.push(("if-match".into(), format!("\"{}\"", now["version"])));
    let better = body(&world.send(&put));
    assert_eq!((&better["state"], &better["reason"]), (&json!("draft"), &json!("")));
    let submit = json!({"command": "submit", "organisation": organisation("school1")});
    let again = body(&command(&world, &owner, PROFILE, &better, &submit));
    // What is found to be false stays, as what it is.
    let no = json!({"command": "reject", "reason": "Мұндай диплом берілмеген"});
    assert_eq!(command(&world, &clerk, RECORDS, &again, &no).status, 200);
    let now = body(&world.get(&path, &owner));
    assert_eq!(now["state"], "rejected");
    let mut put = world.command(&path, &owner, &json!({"record": record, "evidence": []}));
    put.method = "PUT".into();
    put.headers.push(("if-match".into(), format!("\"{}\"", now["version"])));
    assert_eq!(world.send(&put).status, 409);
}

#[test]
fn only_who_was_asked_compares_and_nobody_his_own() {
    let Asked { world, owner, item, file, .. } = asked();
    let confirm = json!({"command": "confirm"});
    for login in ["hr.school2", "item.author1", "region.jetisu"] {
        let cookie = world.session(login);
        let seen = one(&world, &cookie, &item).status;
        let done = command(&world, &cookie, RECORDS, &item, &confirm).status;
        assert!([403, 404].contains(&seen) && [403, 404].contains(&done), "{login}: {seen} {done}");
        assert_eq!(link(&world, &cookie, &file), 404, "{login}");
    }
    assert_eq!(one(&world, &owner, &item).status, 403);
    assert_eq!(world.get(RECORDS, "").status, 401);
    // The clerk's own record waits for a colleague.
    let clerk = world.session("hr.school1");
    let award = json!({"record": {"kind": "award", "title": "Алғыс хат", "issuer": "Білім бөлімі", "issued_on": "2025-01-01"}});
    let mine = body(&world.post(PROFILE, &clerk, &award));
    let submit = json!({"command": "submit", "organisation": organisation("school1")});
    let mine = body(&command(&world, &clerk, PROFILE, &mine, &submit));
    let refused = command(&world, &clerk, RECORDS, &mine, &confirm);
    assert_eq!((refused.status, body(&refused)["code"].clone()), (403, json!("record_own")));
    let head = world.session("head.school1");
    assert_eq!(command(&world, &head, RECORDS, &mine, &confirm).status, 200);
}

#[test]
fn a_request_that_was_taken_back_is_not_answered() {
    let Asked { world, owner, clerk, item, .. } = asked();
    let back = command(&world, &owner, PROFILE, &item, &json!({"command": "recall"}));
    assert_eq!(body(&back)["state"], "draft");
    assert_eq!(command(&world, &clerk, RECORDS, &item, &json!({"command": "confirm"})).status, 404);
    // Asked once more, it is another version: an old page cannot confirm what it has not shown.
    let submit = json!({"command": "submit", "organisation": organisation("school1")});
    let again = command(&world, &owner, PROFILE, &body(&back), &submit);
    assert_eq!(again.status, 200);
    assert_eq!(command(&world, &clerk, RECORDS, &item, &json!({"command": "confirm"})).status, 412);
    let now = body(&again);
    let key = |world: &World| {
        let path = format!("{RECORDS}/{}/commands", text(&now["id"]));
        let mut request = world.command(&path, &clerk, &json!({"command": "confirm"}));
        request.headers.push(("if-match".into(), format!("\"{}\"", now["version"])));
        request
    };
    let request = key(&world);
    assert_eq!((world.send(&request).status, world.send(&request).status), (200, 200));
}

#[test]
fn an_organisation_is_found_by_a_part_of_its_name() {
    let world = World::demo();
    let cookie = world.somebody("madina");
    let path = "/api/v1/cabinet/places/organisations?q=";
    let (word, letter) = (encode("мектеп"), encode("м"));
    let found = body(&world.get(&format!("{path}{word}"), &cookie));
    let found = found.as_array().unwrap();
    assert!(!found.is_empty() && found.len() <= 20);
    assert!(found.iter().all(|one| text(&one["name"]["kk"]).to_lowercase().contains("мектеп")));
    assert_eq!(body(&world.get(&format!("{path}{letter}"), &cookie)), json!([]));
    assert_eq!(world.get(&format!("{path}{word}"), "").status, 401);
}
