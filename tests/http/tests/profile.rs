//! One's own card and records: written, checked, changed by two devices, tried by strangers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use app::http::{Request, Response};
use http_tests::{
    World,
    demo::{body, shipped},
};
use serde_json::{Value, json};

const MY: &str = "/api/v1/cabinet/my";

fn call(
    world: &World,
    method: &str,
    path: &str,
    cookie: &str,
    version: Option<i64>,
    body: &Value,
) -> Request {
    let mut request = world.command(&format!("{MY}/{path}"), cookie, body);
    request.method = method.into();
    if let Some(version) = version {
        request.headers.push(("if-match".into(), format!("\"{version}\"")));
    }
    request
}

fn put(world: &World, path: &str, cookie: &str, version: i64, body: &Value) -> Response {
    world.send(&call(world, "PUT", path, cookie, Some(version), body))
}

fn get(world: &World, path: &str, cookie: &str) -> Value {
    let response = world.get(&format!("{MY}/{path}"), cookie);
    assert_eq!(response.status, 200, "{path}: {}", String::from_utf8_lossy(&response.body));
    body(&response)
}

fn errors(response: &Response) -> Vec<(String, String)> {
    let body = body(response);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = body["errors"].as_array().cloned().unwrap_or_default();
    list.iter().map(|one| (text(&one["field"]), text(&one["code"]))).collect()
}

fn card() -> Value {
    json!({
        "name": {"surname": "Серікқызы", "name": "Айгүл"}, "iin": "850412400003",
        "citizenship": "KZ", "address": {"kato": "331000000", "text": "Абай көшесі, 1"},
        "lang": "kk", "needs": {"codes": ["hearing"], "text": "сурдоаударма", "share": false},
    })
}

/// A number with a sound check digit: the first of the day and century that the register could give.
fn iin(prefix: &str) -> String {
    (0..10)
        .map(|digit| format!("{prefix}{digit}"))
        .find(|text| domain::shared::iin::Iin::parse(text).is_ok())
        .unwrap()
}

fn course() -> Value {
    json!({"record": {"kind": "course", "title": "Дифференциалды оқыту", "provider": "Өрлеу", "hours": 80,
        "from": "2025-06-02", "to": "2025-06-13", "number": "0412345", "agreed_programme": true}})
}

#[test]
fn the_card_is_written_and_completed_from_the_number() {
    let world = World::demo();
    let cookie = world.applicant("+77010000001");
    let empty = get(&world, "person", &cookie);
    assert_eq!((&empty["version"], &empty["card"]["iin"]), (&json!(0), &json!("")));
    assert_eq!(empty["contacts"][0]["value"], "+77010000001");
    let mut input = card();
    input["iin"] = json!(iin("85041240001"));
    let response = put(&world, "person", &cookie, 0, &input);
    assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&response.body));
    let person = get(&world, "person", &cookie);
    assert_eq!(person, body(&response));
    assert_eq!(person["card"]["birth_date"], "1985-04-12");
    assert_eq!(person["card"]["sex"], "female");
    assert_eq!(person["computed"], json!(["birth_date", "sex"]));
    assert!(person["place"]["kk"].as_str().unwrap().starts_with("Жетісу облысы, "), "{person}");
    assert_eq!(person["version"], 1);
    // The journal says which fields changed and nothing of what they say.
    let journal = world.db.rows("SELECT after FROM journal WHERE action = 'person.save'");
    let said = journal[0]["after"].as_str().unwrap();
    assert!(said.contains("\"iin\"") && !said.contains("8504"), "{said}");
    // The first page knows what is still missing.
    let overview = get(&world, "overview", &cookie);
    assert_eq!(overview["name"], "Серікқызы Айгүл");
    let codes: Vec<_> =
        overview["actions"].as_array().unwrap().iter().map(|a| a["object"][1].clone()).collect();
    assert_eq!(codes, [json!("education"), json!("competition")]);
}

#[test]
fn two_devices_and_a_replay_lose_nothing() {
    let world = World::demo();
    let cookie = world.applicant("+77010000001");
    let mut input = card();
    input["iin"] = json!("");
    let request = call(&world, "PUT", "person", &cookie, Some(0), &input);
    let (first, again) = (world.send(&request), world.send(&request));
    assert_eq!((first.status, again.status), (200, 200));
    assert_eq!(first.body, again.body);
    input["address"]["text"] = json!("Басқа көше, 2");
    let stale = put(&world, "person", &cookie, 0, &input);
    assert_eq!(stale.status, 412);
    let conflict = &body(&stale)["conflict"];
    assert_eq!(conflict["differs"], json!(["address"]));
    assert_eq!(conflict["current"]["card"]["address"]["text"], "Абай көшесі, 1");
    assert_eq!(put(&world, "person", &cookie, 1, &input).status, 200);
    let without = world.send(&call(&world, "PUT", "person", &cookie, None, &input));
    assert_eq!(without.status, 428);
}

#[test]
fn a_number_belongs_to_one_person_and_nobody_tries_out_numbers() {
    let world = World::demo();
    let (one, other) = (world.applicant("+77010000001"), world.applicant("+77010000002"));
    let mut input = card();
    let number = iin("85041240001");
    input["iin"] = json!(number);
    assert_eq!(put(&world, "person", &one, 0, &input).status, 200);
    for _ in 0..5 {
        let taken = put(&world, "person", &other, 0, &input);
        assert_eq!(errors(&taken), [("iin".to_owned(), "iin_taken".to_owned())]);
    }
    input["iin"] = json!(iin("90010130001"));
    let closed = put(&world, "person", &other, 0, &input);
    assert_eq!((closed.status, &body(&closed)["code"]), (429, &json!("iin_tries")));
    // Everything else can still be saved, and tomorrow the number too.
    let mut rest = input.clone();
    rest["iin"] = json!("");
    assert_eq!(put(&world, "person", &other, 0, &rest).status, 200);
    world.at("2026-11-03T06:00:00Z");
    let other = {
        world.db.execute("UPDATE session SET seen_at = '2026-11-03T06:00:00.000Z'");
        other
    };
    assert_eq!(put(&world, "person", &other, 1, &input).status, 200);
}

#[test]
fn what_the_organisation_wrote_is_changed_by_the_organisation() {
    let world = World::demo();
    let clerk = world.session("hr.school1");
    let person = get(&world, "person", &clerk);
    assert_eq!(person["sources"][0], json!(["name", "organisation"]));
    let mut input = person["card"].clone();
    input["name"]["surname"] = json!("Басқа");
    let refused = put(&world, "person", &clerk, 0, &input);
    assert_eq!(errors(&refused), [("name".to_owned(), "by_organisation".to_owned())]);
    let mut input = person["card"].clone();
    input["address"] = json!({"kato": "331000000", "text": "Үй"});
    assert_eq!(put(&world, "person", &clerk, 0, &input).status, 200);
    input["address"] = json!({"kato": "999999999", "text": "Үй"});
    let unknown = put(&world, "person", &clerk, 1, &input);
    assert_eq!(errors(&unknown), [("address.kato".to_owned(), "unknown".to_owned())]);
}

#[test]
fn a_record_is_written_changed_and_removed() {
    let world = World::demo();
    let cookie = world.applicant("+77010000001");
    let made = world.post(&format!("{MY}/profile"), &cookie, &course());
    assert_eq!(made.status, 201, "{}", String::from_utf8_lossy(&made.body));
    let item = body(&made);
    assert_eq!((&item["state"], &item["source"]), (&json!("draft"), &json!("owner")));
    let path = format!("profile/{}", item["id"].as_str().unwrap());
    assert_eq!(get(&world, &path, &cookie), item);
    let mut input = course();
    input["record"]["hours"] = json!(72);
    let changed = body(&put(&world, &path, &cookie, 1, &input));
    assert_eq!((&changed["version"], &changed["record"]["hours"]), (&json!(2), &json!(72)));
    let stale = put(&world, &path, &cookie, 1, &course());
    assert_eq!(stale.status, 412);
    assert_eq!(body(&stale)["conflict"]["differs"], json!(["record.hours"]));
    let other_kind = json!({"record": {"kind": "award", "title": "А", "issuer": "Б", "issued_on": "2025-01-01"}});
    let refused = put(&world, &path, &cookie, 2, &other_kind);
    assert_eq!(errors(&refused), [("record.kind".to_owned(), "kind_fixed".to_owned())]);
    // The same certificate once more is told, not refused.
    let twin = body(&world.post(&format!("{MY}/profile"), &cookie, &course()));
    assert_eq!(twin["duplicates"], json!([item["id"]]));
    let removal = call(&world, "DELETE", &path, &cookie, Some(2), &json!(null));
    assert_eq!((world.send(&removal).status, world.send(&removal).status), (204, 204));
    assert_eq!(world.get(&format!("{MY}/{path}"), &cookie).status, 404);
    assert_eq!(get(&world, "profile", &cookie)["items"].as_array().unwrap().len(), 1);
}

#[test]
fn somebody_elses_record_is_not_found() {
    let world = World::demo();
    let (owner, thief) = (world.applicant("+77010000001"), world.applicant("+77010000002"));
    let item = body(&world.post(&format!("{MY}/profile"), &owner, &course()));
    let path = format!("profile/{}", item["id"].as_str().unwrap());
    let staff = world.session("head.school1");
    for cookie in [&thief, &staff] {
        assert_eq!(world.get(&format!("{MY}/{path}"), cookie).status, 404);
        assert_eq!(put(&world, &path, cookie, 1, &course()).status, 404);
        let removal = call(&world, "DELETE", &path, cookie, Some(1), &json!(null));
        assert_eq!(world.send(&removal).status, 404);
        let recall = json!({"command": "recall"});
        let command = call(&world, "POST", &format!("{path}/commands"), cookie, Some(1), &recall);
        assert_eq!(world.send(&command).status, 404);
        assert_eq!(get(&world, "profile", cookie)["items"], json!([]));
    }
    for id in ["1", "01KDVDNA01P4380JHYTK3W7B3F", "'%20OR%201=1--", "..%2f.."] {
        assert_eq!(world.get(&format!("{MY}/profile/{id}"), &owner).status, 404, "{id}");
    }
    assert_eq!(get(&world, &path, &owner)["version"], 1);
    assert_eq!(world.get(&format!("{MY}/profile"), "").status, 401);
}

#[test]
fn evidence_is_ones_own_and_usable() {
    let world = World::demo();
    let (owner, other) = (world.applicant("+77010000001"), world.applicant("+77010000002"));
    let file = |contact: &str, id: &str, state: &str| {
        let (account, person) = world.account_of(contact);
        world.db.execute(&format!(
            "INSERT INTO file (id, person, account, purpose, name, size, state, object, created_at)
             VALUES ('{id}', '{person}', '{account}', 'evidence', 'diploma.pdf', 1, '{state}', 'o-{id}', '2026-11-01T00:00:00.000Z')"
        ));
    };
    let (clean, infected, foreign) =
        ("01kdvdna01p4380jhytk3w7b3a", "01kdvdna01p4380jhytk3w7b3b", "01kdvdna01p4380jhytk3w7b3c");
    file("+77010000001", clean, "clean");
    file("+77010000001", infected, "infected");
    file("+77010000002", foreign, "clean");
    let with = |files: Value| {
        let mut input = course();
        input["evidence"] = files;
        world.post(&format!("{MY}/profile"), &owner, &input)
    };
    for files in [json!([infected]), json!([foreign]), json!(["x"]), json!([clean, foreign])] {
        let wrong = [("evidence".to_owned(), "evidence".to_owned())];
        assert_eq!(errors(&with(files.clone())), wrong, "{files}");
    }
    let many: Vec<_> = (0..11).map(|_| clean).collect();
    assert_eq!(errors(&with(json!(many)))[0].1, "too_many_files");
    let item = body(&with(json!([clean, clean])));
    assert_eq!(item["evidence"], json!([clean]));
    let uses = "SELECT object_id FROM file_use WHERE object_type = 'record'";
    assert_eq!(world.db.rows(uses)[0]["object_id"], item["id"]);
    let path = format!("profile/{}", item["id"].as_str().unwrap());
    assert_eq!(put(&world, &path, &owner, 1, &course()).status, 200);
    assert_eq!(world.db.rows(uses).len(), 0);
    assert_eq!(get(&world, "profile", &other)["items"], json!([]));
}

#[test]
fn hostile_texts_are_kept_as_texts_or_refused() {
    let world = World::demo();
    let cookie = world.applicant("+77010000001");
    let post =
        |record: Value| world.post(&format!("{MY}/profile"), &cookie, &json!({"record": record}));
    let mut hostile = course()["record"].clone();
    hostile["title"] =
        json!("'); DROP TABLE person; -- <img src=x onerror=alert(1)> \u{202e}=cmd|'/c'!A1");
    let kept = body(&post(hostile));
    assert_eq!(
        kept["record"]["title"],
        "'); DROP TABLE person; -- <img src=x onerror=alert(1)> =cmd|'/c'!A1"
    );
    for record in
        [json!(null), json!([]), json!("course"), json!({"kind": 7}), json!({"kind": "person"})]
    {
        let response = post(record.clone());
        assert!([400, 422].contains(&response.status), "{record}: {}", response.status);
    }
    let mut deep = course()["record"].clone();
    deep["title"] = json!([[[[{"a": [1]}]]]]);
    assert_eq!(errors(&post(deep)), [("record.title".to_owned(), "text".to_owned())]);
    let page = world.get("/kk/my-data", &cookie);
    let html = String::from_utf8(page.body).unwrap();
    assert_eq!(page.status, 200);
    assert!(html.contains("&#60;img src=x") || html.contains("&lt;img src=x"), "escaped");
    assert!(!html.contains("<img src=x"));
}

#[test]
fn the_demo_applicants_are_as_the_rules_want_them() {
    let world = World::demo();
    let people = shipped("demo/applicants.json");
    for (place, person) in people.as_array().unwrap().iter().enumerate() {
        let cookie = world.applicant(&format!("+7701000000{place}"));
        let mut card = person["card"].clone();
        for field in ["iin", "lang"] {
            card[field] = person[field].clone();
        }
        card["name"] = json!({"surname": person["surname"], "name": person["name"], "patronymic": person["patronymic"]});
        let saved = put(&world, "person", &cookie, 0, &card);
        assert_eq!(saved.status, 200, "{}", String::from_utf8_lossy(&saved.body));
        for item in person["records"].as_array().unwrap() {
            let input = json!({"record": item["record"], "visibility": item["visibility"]});
            let made = world.post(&format!("{MY}/profile"), &cookie, &input);
            assert_eq!(made.status, 201, "{item}: {}", String::from_utf8_lossy(&made.body));
            assert_eq!(body(&made)["record"], item["record"], "kept as it is written");
        }
        let profile = get(&world, "profile", &cookie);
        let experience = &profile["experience"];
        let expected = [
            json!([{"years": 10, "months": 2, "days": 2}, []]),
            json!([{"years": 15, "months": 4, "days": 23}, [
                {"from": "2015-08-01", "to": "2016-01-10", "days": 163},
                {"from": "2026-07-01", "to": null, "days": 125},
            ]]),
        ];
        assert_eq!(json!([experience["total"], experience["gaps"]]), expected[place]);
    }
}
