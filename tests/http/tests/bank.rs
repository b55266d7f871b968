//! The bank of test items: written, reviewed by others, found, imported.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use app::http::Response;
use http_tests::{
    World,
    demo::{body, request},
};
use serde_json::{Value, json};

const ITEMS: &str = "/api/v1/cabinet/bank/items";

fn ask(
    world: &World,
    who: &str,
    method: &str,
    path: &str,
    version: i64,
    value: &Value,
) -> Response {
    let mut request = request(method, path, who);
    request.headers.push(("content-type".into(), "application/json".into()));
    request.headers.push(("if-match".into(), format!("\"{version}\"")));
    let key = format!("key-{}", world.db.rows("SELECT count(*) AS n FROM idempotency")[0]["n"]);
    request.headers.push(("idempotency-key".into(), format!("{key}-{}", who.len())));
    request.body = value.to_string().into_bytes();
    world.send(&request)
}

fn import(world: &World, who: &str, mode: &str, name: &str, bytes: &[u8]) -> Response {
    let path = format!("/api/v1/cabinet/bank/import?mode={mode}&name={name}");
    let (path, query) = path.split_once('?').unwrap();
    let mut request = request("POST", path, who);
    request.query = query.to_owned();
    request.body = bytes.to_vec();
    world.send(&request)
}

fn body_of(stem: &str, options: [&str; 2]) -> Value {
    let option = |id: &str, text: &str| json!({ "id": id, "text": [{ "p": [{ "t": text }] }] });
    json!({ "stem": [{ "p": [{ "t": stem }] }], "task": { "kind": "single", "shuffle": true,
        "options": [option("a", options[0]), option("b", options[1])] } })
}

fn content(code: &str) -> Value {
    json!({ "content": {
        "meta": { "code": code, "topic": "pedagogy/didactics", "level": "apply" },
        "kk": body_of("Оқыту дегеніміз не?", ["үдеріс", "нәтиже"]),
        "ru": body_of("Что такое обучение?", ["процесс", "результат"]),
        "answers": { "key": { "of": "options", "right": ["a"] } } } })
}

#[test]
fn an_item_goes_its_way_through_many_hands() {
    let world = World::demo();
    let [author, first, second, editor, admin] =
        ["item.author1", "item.reviewer1", "item.reviewer2", "language.editor", "bank.admin"]
            .map(|login| world.session(login));
    let saved = ask(&world, &author, "POST", ITEMS, 0, &content("P-1"));
    assert_eq!(saved.status, 201, "{}", String::from_utf8_lossy(&saved.body));
    let id = body(&saved)["id"].as_str().unwrap().to_owned();
    let path = format!("{ITEMS}/{id}/commands");
    let mut version = 1;
    let mut step = |who: &str, command: &str| {
        let act = json!({ "command": command, "text": "себебі" });
        let answer = ask(&world, who, "POST", &path, version, &act);
        if answer.status == 200 {
            version += 1;
        }
        (answer.status, body(&answer))
    };
    assert_eq!(step(&first, "pass").0, 409);
    assert_eq!(step(&author, "submit").0, 200);
    assert_eq!(step(&author, "pass").0, 403);
    assert_eq!(step(&first, "pass").0, 200);
    assert_eq!(step(&first, "pass").0, 403);
    assert_eq!(step(&second, "pass").0, 200);
    assert_eq!(step(&editor, "pass").0, 200);
    let (status, saved) = step(&admin, "activate");
    assert_eq!((status, saved["state"].as_str()), (200, Some("active")));
    let kept = world.db.rows("SELECT live, state FROM item");
    assert_eq!((kept[0]["live"].as_i64(), kept[0]["state"].as_str()), (Some(1), Some("active")));
    // Another author knows nothing of it.
    let stranger = world.session("item.author2");
    assert_eq!(world.get(&format!("{ITEMS}/{id}"), &stranger).status, 404);
    // A change is a new version; what is in use stays in use.
    let changed = ask(&world, &author, "PUT", &format!("{ITEMS}/{id}"), 6, &content("P-1"));
    assert_eq!(changed.status, 200, "{}", String::from_utf8_lossy(&changed.body));
    let kept = world.db.rows("SELECT live, head, state FROM item");
    assert_eq!((kept[0]["live"].as_i64(), kept[0]["head"].as_i64()), (Some(1), Some(2)));
}

#[test]
fn a_file_is_checked_taken_once_and_found() {
    let world = World::demo();
    let author = world.session("item.author1");
    let gift = "::Q1_kk::Оқыту әдісі қайсы? {=жоба ~кесте}\n\n::Q1_ru::Какой метод обучения? {=проект ~таблица}\n\n::E::Эссе {}\n";
    let checked = body(&import(&world, &author, "check", "a.gift", gift.as_bytes()));
    assert_eq!(
        (checked["taken"].as_i64(), checked["refused"].as_i64()),
        (Some(1), Some(1)),
        "{checked}"
    );
    assert_eq!(checked["remarks"][0]["line"], 5);
    assert_eq!(world.db.rows("SELECT 1 FROM item").len(), 0);
    let done = body(&import(&world, &author, "publish", "a.gift", gift.as_bytes()));
    assert_eq!(done["taken"], 1, "{done}");
    let again = body(&import(&world, &author, "publish", "a.gift", gift.as_bytes()));
    assert_eq!((again["taken"].as_i64(), again["known"].as_i64()), (Some(0), Some(1)), "{again}");
    world.with(async |ports| app::bank::catch_up(ports).await.unwrap());
    for (asked, found) in [("метод", 1), ("әдіс", 1), ("Q1", 1), ("алгебра", 0)] {
        let list = body(&world.get(&format!("{ITEMS}?q={}", app::http::encode(asked)), &author));
        assert_eq!(list["items"].as_array().unwrap().len(), found, "{asked} {list}");
    }
    let refused = import(&world, &author, "check", "p.zip", b"PK\x03\x04 nothing");
    assert_eq!(refused.status, 422);
    let reviewer = world.session("item.reviewer1");
    assert_eq!(import(&world, &reviewer, "check", "a.gift", b"x").status, 403);
}
