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
    // Who wrote it is told to no reviewer: not at its head, not in its history.
    let seen = body(&world.get(&format!("{ITEMS}/{id}"), &second));
    assert_eq!(seen["author"], json!(""));
    let steps = seen["steps"].as_array().unwrap();
    let who = |command: &str| &steps.iter().find(|one| one["command"] == command).unwrap()["who"];
    assert_eq!(who("submit"), &json!(""), "{seen}");
    assert_ne!(who("pass"), &json!(""), "{seen}");
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
    let told = checked["remarks"][0]["text"].as_str().unwrap();
    assert!(!told.is_empty() && told != "essay", "{told}");
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

#[test]
fn tex_that_stays_text_is_noted_and_a_twin_in_one_language_is_found() {
    let world = World::demo();
    let author = world.session("item.author1");
    let gift = "::T1_ru::Найдите $$x^2$$ при x, равном трём {=девять ~шесть}\n\n::T2_ru::Сколько дней в неделе? {=семь ~пять}\n";
    let checked = body(&import(&world, &author, "check", "a.gift", gift.as_bytes()));
    assert_eq!(checked["taken"], 2, "{checked}");
    let remarks = checked["remarks"].as_array().unwrap();
    let tex: Vec<&Value> = remarks.iter().filter(|one| one["code"] == "tex").collect();
    assert_eq!((tex.len(), &tex[0]["weight"], &tex[0]["line"]), (1, &json!("hint"), &json!(1)));
    let both = ask(&world, &author, "POST", ITEMS, 0, &content("P-1"));
    assert_eq!(both.status, 201);
    let mut one = content("P-2");
    one["content"].as_object_mut().unwrap().remove("kk");
    let ru = ask(&world, &author, "POST", ITEMS, 0, &one);
    assert_eq!(ru.status, 201, "{}", String::from_utf8_lossy(&ru.body));
    let id = body(&ru)["id"].as_str().unwrap().to_owned();
    // The index of likeness knows neither yet.
    let twins = body(&world.get(&format!("{ITEMS}/{id}/twins"), &author));
    assert_eq!(
        (&twins[0]["code"], &twins[0]["grade"]),
        (&json!("P-1"), &json!("exact")),
        "{twins}"
    );
}

/// What a person types never becomes an expression of the index.
#[test]
fn a_search_is_words_whatever_is_typed() {
    let world = World::demo();
    let author = world.session("item.author1");
    let gift = "::NOT::Метод AND NEAR(проект) t:a* — нені білдіреді? {=иә ~жоқ}\n";
    assert_eq!(body(&import(&world, &author, "publish", "a.gift", gift.as_bytes()))["taken"], 1);
    world.with(async |ports| app::bank::catch_up(ports).await.unwrap());
    for (asked, found) in [
        ("t:метод", 1),
        ("NEAR(проект)", 1),
        ("\"", 1),
        ("метод*", 1),
        ("\" OR \"xall", 0),
        ("- метод", 1),
        ("NOT", 1),
        (":", 1),
        ("{a b}", 0),
    ] {
        let answer = world.get(&format!("{ITEMS}?q={}", app::http::encode(asked)), &author);
        assert_eq!(answer.status, 200, "{asked}");
        let list = body(&answer);
        assert_eq!(list["items"].as_array().unwrap().len(), found, "{asked} {list}");
    }
    let wrong = world.get(&format!("{ITEMS}?state=burnt"), &author);
    assert_eq!(wrong.status, 422);
}

fn picture(world: &World, who: &str, bytes: &[u8]) -> Response {
    let mut request = request("POST", "/api/v1/cabinet/bank/media", who);
    request.body = bytes.to_vec();
    world.send(&request)
}

/// An image comes in by its bytes and goes out under its hash.
#[test]
fn an_image_is_what_its_bytes_say() {
    let world = World::demo();
    let author = world.session("item.author1");
    let png = http_tests::samples::png(2, 2);
    let kept = picture(&world, &author, &png);
    assert_eq!(kept.status, 201);
    let hash = body(&kept)["hash"].as_str().unwrap().to_owned();
    let shown = world.get(&format!("/api/v1/cabinet/bank/media/{hash}"), &author);
    assert_eq!((shown.status, shown.body == png), (200, true));
    for bytes in [&b"<svg onload=alert(1)>"[..], b"", b"GIF"] {
        assert_eq!(picture(&world, &author, bytes).status, 422);
    }
    assert_eq!(world.get("/api/v1/cabinet/bank/media/..%2F..%2Fetc", &author).status, 404);
}

/// An item of one language that is in use.
fn taken(world: &World, code: &str) -> String {
    let author = world.session("item.author1");
    let saved = ask(world, &author, "POST", ITEMS, 0, &content(code));
    assert_eq!(saved.status, 201, "{}", String::from_utf8_lossy(&saved.body));
    body(&saved)["id"].as_str().unwrap().to_owned()
}

const EXPORTS: &str = "/api/v1/cabinet/bank/exports";

/// One asks, two others approve, each has half of the password; what was taken tells its origin.
#[test]
fn an_export_needs_two_others_and_is_sealed_and_marked() {
    let world = World::demo();
    let [admin, first, second, author] =
        ["bank.admin", "security.officer1", "security.officer2", "item.author1"]
            .map(|login| world.session(login));
    taken(&world, "P-1");
    taken(&world, "P-2");
    let wish =
        json!({ "format": "gift", "purpose": "Мұрағатқа", "filter": { "topic": "pedagogy" } });
    assert_eq!(ask(&world, &author, "POST", EXPORTS, 0, &wish).status, 403);
    let none = json!({ "format": "gift", "purpose": "", "filter": { "topic": "nothing" } });
    assert_eq!(ask(&world, &admin, "POST", EXPORTS, 0, &none).status, 422);
    let asked = ask(&world, &admin, "POST", EXPORTS, 0, &wish);
    assert_eq!(asked.status, 201, "{}", String::from_utf8_lossy(&asked.body));
    let id = body(&asked)["id"].as_str().unwrap().to_owned();
    let file = || world.send(&request("POST", &format!("{EXPORTS}/{id}/file"), &admin)).status;
    let decide = |who: &str, version: i64| {
        let path = format!("{EXPORTS}/{id}/decision");
        ask(&world, who, "POST", &path, version, &json!({ "approve": true })).status
    };
    let mine = |who: &str| body(&world.get(EXPORTS, who))["items"][0].clone();
    assert_eq!(file(), 409);
    assert_eq!(decide(&admin, 1), 403);
    assert_eq!(decide(&first, 1), 200);
    assert_eq!(decide(&first, 2), 403);
    assert_eq!(file(), 409);
    assert_eq!(decide(&second, 1), 412);
    assert_eq!(decide(&second, 2), 200);
    let halves: Vec<String> =
        [&first, &second].map(|who| mine(who)["half"].as_str().unwrap().to_owned()).into();
    assert!(halves.iter().all(|half| half.len() == 24) && halves[0] != halves[1], "{halves:?}");
    assert_eq!(mine(&admin)["half"], "");
    assert_eq!(mine(&admin)["mark"], "");
    assert!(body(&world.get(EXPORTS, &author))["items"].as_array().unwrap().is_empty());
    let path = format!("{EXPORTS}/{id}/file");
    assert_eq!(world.send(&request("POST", &path, &author)).status, 403);
    let sealed = world.send(&request("POST", &path, &admin));
    assert_eq!(sealed.status, 200);
    let text = item_exchange_text(&sealed.body, &halves.join("-"));
    assert!(!sealed.body.windows(8).any(|part| part == "::P-1_kk".as_bytes()));
    // The text tells where it came from, and coming back it is what it was.
    let line = text.lines().find(|line| line.contains("обучение")).unwrap();
    assert!(line.contains('\u{2060}'), "{line:?}");
    let leak = json!({ "text": line });
    let found = ask(&world, &first, "POST", "/api/v1/cabinet/bank/marks", 0, &leak);
    assert_eq!(body(&found)["exports"][0]["id"], id.as_str(), "{}", body(&found));
    let again = body(&import(&world, &author, "check", "b.gift", text.as_bytes()));
    assert_eq!((again["known"].as_i64(), again["taken"].as_i64()), (Some(2), Some(0)), "{again}");
    let steps = world.db.rows("SELECT action FROM journal WHERE object_type = 'item_export'");
    assert_eq!(steps.len(), 4, "{steps:?}");
}

/// Opens a sealed file as another program would.
fn item_exchange_text(sealed: &[u8], password: &str) -> String {
    use std::io::Read;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(sealed)).unwrap();
    assert!(archive.by_index_decrypt(0, b"another").is_err());
    let mut text = String::new();
    archive.by_index_decrypt(0, password.as_bytes()).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// An author takes an own draft along, and nothing else.
#[test]
fn an_own_draft_can_be_taken_along_in_every_format() {
    let world = World::demo();
    let author = world.session("item.author1");
    let id = taken(&world, "P-1");
    for (format, name) in [
        ("qti3", "p.zip"),
        ("qti2", "p.zip"),
        ("gift", "p.gift"),
        ("moodle", "p.xml"),
        ("csv", "p.csv"),
        ("xlsx", "p.xlsx"),
    ] {
        let file = world.get(&format!("{ITEMS}/{id}/file?format={format}"), &author);
        assert_eq!(file.status, 200, "{format}");
        let back = body(&import(&world, &author, "check", name, &file.body));
        assert_eq!(
            (back["known"].as_i64(), back["taken"].as_i64()),
            (Some(1), Some(0)),
            "{format} {back}"
        );
    }
    assert_eq!(world.get(&format!("{ITEMS}/{id}/file?format=exe"), &author).status, 422);
    let stranger = world.session("item.author2");
    assert_eq!(world.get(&format!("{ITEMS}/{id}/file?format=gift"), &stranger).status, 404);
}

#[test]
fn complaints_are_heard_and_topics_are_kept() {
    let world = World::demo();
    let [author, reviewer, admin] =
        ["item.author1", "item.reviewer1", "bank.admin"].map(|login| world.session(login));
    let id = taken(&world, "P-1");
    let path = format!("{ITEMS}/{id}/complaints");
    let said = json!({ "ground": "several", "text": "Екі нұсқа да дұрыс." });
    assert_eq!(ask(&world, &reviewer, "POST", &path, 0, &json!({ "ground": "key" })).status, 422);
    let made = ask(&world, &reviewer, "POST", &path, 0, &said);
    assert_eq!(made.status, 201);
    let complaint = body(&made)["id"].as_str().unwrap().to_owned();
    let open = "/api/v1/cabinet/bank/complaints?state=open";
    assert_eq!(body(&world.get(open, &author))["items"].as_array().unwrap().len(), 1);
    let stranger = world.session("item.author2");
    assert_eq!(body(&world.get(open, &stranger))["items"].as_array().unwrap().len(), 0);
    let decision = format!("/api/v1/cabinet/bank/complaints/{complaint}/decision");
    let yes = json!({ "upheld": true, "answer": "Түзетіледі." });
    assert_eq!(ask(&world, &author, "POST", &decision, 0, &yes).status, 403);
    assert_eq!(ask(&world, &admin, "POST", &decision, 0, &yes).status, 200);
    let no = json!({ "upheld": false, "answer": "Тағы." });
    assert_eq!(ask(&world, &admin, "POST", &decision, 0, &no).status, 409);
    let topics = "/api/v1/cabinet/bank/topics";
    let topic = |path: &str| json!({ "path": path, "name": { "kk": "Сабақ", "ru": "Урок" } });
    assert_eq!(ask(&world, &admin, "PUT", topics, 0, &topic("Bad path")).status, 422);
    assert_eq!(ask(&world, &admin, "PUT", topics, 0, &topic("nowhere/below")).status, 409);
    assert_eq!(ask(&world, &admin, "PUT", topics, 0, &topic("pedagogy")).status, 200);
    assert_eq!(ask(&world, &admin, "PUT", topics, 0, &topic("pedagogy/didactics")).status, 200);
    let gone = |path: &str| {
        ask(&world, &admin, "POST", &format!("{topics}/remove"), 0, &json!({ "path": path })).status
    };
    assert_eq!((gone("pedagogy"), gone("pedagogy/didactics")), (409, 409));
    let list = body(&world.get(topics, &author));
    let paths: Vec<&str> =
        list["items"].as_array().unwrap().iter().map(|one| one["path"].as_str().unwrap()).collect();
    assert!(paths.contains(&"pedagogy/didactics"), "{paths:?}");
}

/// What is refused whole says so in the language of the reader, and nothing is kept.
#[test]
fn hostile_packages_are_refused_whole_in_the_readers_language() {
    let world = World::demo();
    let author = world.session("item.author1");
    let good = br#"<?xml version="1.0"?><x/>"#.as_slice();
    let climbing = http_tests::samples::zip([("../../evil.xml", good), ("imsmanifest.xml", good)]);
    let bomb = br#"<!DOCTYPE a [<!ENTITY b "c">]><quiz>&b;</quiz>"#.as_slice();
    for (name, bytes) in [("p.zip", climbing.as_slice()), ("q.xml", bomb), ("r.zip", b"PK\x03\x04")]
    {
        let mut told = Vec::new();
        for lang in ["kk", "ru"] {
            let mut request = request("POST", "/api/v1/cabinet/bank/import", &author);
            // The language of the texts of the file is not that of the answer.
            request.query = format!("mode=publish&texts=kk&name={name}");
            request.headers.push(("accept-language".into(), lang.into()));
            request.body = bytes.to_vec();
            let answer = world.send(&request);
            assert_eq!(answer.status, 422, "{name}");
            told.push(body(&answer)["detail"].as_str().unwrap().to_owned());
        }
        assert_ne!(told[0], told[1], "{name}");
    }
    for table in ["item", "item_media", "item_import"] {
        assert!(world.db.rows(&format!("SELECT 1 FROM {table}")).is_empty(), "{table}");
    }
}
