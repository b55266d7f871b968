//! The service desk: guests, users, the desk, the clock.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use app::{
    http::{Response, encode},
    ports::Local,
};
use domain::{file::State, ticket::work};
use files_work::{
    clamd::{ScanError, Verdict},
    job::{Outcome, Scanner, check},
};
use http_tests::{
    World,
    demo::{body, request},
    samples::{PLACE, eicar, photo},
};
use serde_json::{Value, json};

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers.iter().find(|(have, _)| *have == name).map_or("", |(_, value)| value)
}

fn text(response: &Response) -> String {
    String::from_utf8_lossy(&response.body).into_owned()
}

fn post(world: &World, address: &str, cookie: &str, fields: &[(&str, &str)]) -> Response {
    let mut request = request("POST", address, cookie);
    request.headers.push(("content-type".into(), "application/x-www-form-urlencoded".into()));
    let pairs: Vec<_> = fields.iter().map(|(n, v)| format!("{n}={}", encode(v))).collect();
    request.body = pairs.join("&").into_bytes();
    world.send(&request)
}

/// As a browser posts a form with a file.
fn post_file(
    world: &World,
    cookie: &str,
    fields: &[(&str, &str)],
    (name, content): (&str, &[u8]),
) -> Response {
    let mut request = request("POST", "/kk/feedback", cookie);
    request.headers.push(("content-type".into(), "multipart/form-data; boundary=--b0".into()));
    let part = |head: String, content: &[u8]| {
        let head = format!("----b0\r\nContent-Disposition: form-data; {head}\r\n\r\n");
        [head.as_bytes(), content, b"\r\n"].concat()
    };
    for (name, value) in fields {
        request.body.extend(part(format!("name=\"{name}\""), value.as_bytes()));
    }
    request.body.extend(part(format!("name=\"screenshot\"; filename=\"{name}\""), content));
    request.body.extend(b"----b0--\r\n");
    world.send(&request)
}

/// The task of the page and its bits, as the script reads them.
fn task(world: &World) -> (String, u32) {
    let page = text(&world.get("/kk/feedback", ""));
    let of = |name: &str| {
        let (_, rest) = page.split_once(&format!("{name}=\"")).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    (of("data-task"), of("data-bits").parse().unwrap())
}

fn send(world: &World, message: &str, email: &str) -> Response {
    let (task, bits) = task(world);
    let nonce = work::find(&task, &message.replace("\r\n", "\n"), bits);
    let fields = [
        ("topic", "question"),
        ("text", message),
        ("email", email),
        ("screen", "/kk/vacancies?q=1#x"),
        ("task", &task),
        ("nonce", &nonce),
    ];
    post(world, "/kk/feedback", "", &fields)
}

fn desk(world: &World, cookie: &str, id: &str, version: i64, command: &Value) -> Response {
    let address = format!("/api/v1/cabinet/desk/tickets/{id}/commands");
    let mut request = world.command(&address, cookie, command);
    request.headers.push(("if-match".into(), format!("\"{version}\"")));
    world.send(&request)
}

fn queue(world: &World, cookie: &str, query: &str) -> Value {
    body(&world.get(&format!("/api/v1/cabinet/desk/tickets?{query}"), cookie))
}

fn one(world: &World, cookie: &str, id: &str) -> Value {
    body(&world.get(&format!("/api/v1/cabinet/desk/tickets/{id}"), cookie))
}

#[test]
fn a_guest_writes_gets_a_page_and_an_answer_and_scores_it() {
    let world = World::demo();
    let sent = send(&world, "Сүзгі істемейді.\r\n<script>alert(1)</script>", "a@mail.kz");
    assert_eq!(sent.status, 303, "{}", text(&sent));
    let address = header(&sent, "location").to_owned();
    let page = text(&world.get(&address, ""));
    assert!(page.contains("T-1001") && page.contains("&#60;script&#62;"), "{page}");
    let path = address.split('?').next().unwrap();

    let cookie = world.session("support.desk");
    let list = queue(&world, &cookie, "");
    assert_eq!((&list["open"], &list["late"]), (&json!(1), &json!(0)));
    let id = list["items"][0]["id"].as_str().unwrap();
    let ticket = one(&world, &cookie, id);
    assert_eq!(ticket["screen"], "/kk/vacancies?q=1");
    assert_eq!(desk(&world, &cookie, id, 1, &json!({ "command": "take" })).status, 204);
    // Who looked before that does not overwrite.
    assert_eq!(desk(&world, &cookie, id, 1, &json!({ "command": "take" })).status, 412);
    let note = json!({ "command": "note", "text": "Ішкі жазба" });
    assert_eq!(desk(&world, &cookie, id, 2, &note).status, 204);
    let answer = json!({ "command": "resolve", "text": "Түзетілді", "article": "find" });
    assert_eq!(desk(&world, &cookie, id, 3, &answer).status, 204);
    let told = world.db.rows("SELECT event, recipient FROM message ORDER BY id");
    assert_eq!(
        told.last().unwrap(),
        &json!({ "event": "ticket.answered", "recipient": "a@mail.kz" })
    );

    let page = text(&world.get(path, ""));
    assert!(page.contains("Түзетілді") && !page.contains("Ішкі жазба"), "{page}");
    assert!(page.contains("/kk/help/find"));
    assert_eq!(post(&world, path, "", &[("score", "9")]).status, 422);
    assert_eq!(post(&world, path, "", &[("score", "5"), ("score_text", "")]).status, 303);
    assert_eq!(post(&world, path, "", &[("text", "Тағы да")]).status, 303);
    assert_eq!(one(&world, &cookie, id)["state"], "in_work");
}

#[test]
fn without_work_with_old_or_foreign_work_nothing_is_written_and_the_text_stays() {
    let world = World::demo();
    let (task_now, bits) = task(&world);
    let nonce = work::find(&task_now, "мәтін", bits);
    let try_with = |task: &str, message: &str, nonce: &str| {
        let fields = [("topic", "problem"), ("text", message), ("task", task), ("nonce", nonce)];
        post(&world, "/kk/feedback", "", &fields)
    };
    for (task, message, nonce) in [
        ("", "мәтін", ""),
        (task_now.as_str(), "мәтін", ""),
        (task_now.as_str(), "басқа мәтін", nonce.as_str()),
        ("1.0.x.y", "мәтін", "1"),
    ] {
        let page = try_with(task, message, nonce);
        assert_eq!(page.status, 422);
        assert!(text(&page).contains(message));
    }
    world.at("2026-11-02T07:00:00Z");
    assert_eq!(try_with(&task_now, "мәтін", &nonce).status, 422);
    assert_eq!(world.db.rows("SELECT * FROM ticket"), Vec::<Value>::new());
    world.at("2026-11-02T05:30:00Z");
    let first = try_with(&task_now, "мәтін", &nonce);
    // Sent twice: the same page.
    let again = try_with(&task_now, "мәтін", &nonce);
    assert_eq!((first.status, header(&first, "location")), (303, header(&again, "location")));
    assert_eq!(world.db.rows("SELECT * FROM ticket").len(), 1);
}

#[test]
fn the_page_of_a_ticket_opens_with_its_whole_address_only() {
    let world = World::demo();
    let address = header(&send(&world, "Сұрақ", ""), "location").to_owned();
    let path = address.split('?').next().unwrap();
    let (head, key) = path.rsplit_once('/').unwrap();
    let wrong = format!("{head}/{}", key.chars().rev().collect::<String>());
    assert_eq!(world.get(&wrong, "").status, 404);
    assert_eq!(world.get(&path.replace("T-1001", "T-1002"), "").status, 404);
    assert!(!text(&world.get(path, "")).contains("from=%2Fkk%2Ffeedback%2FT"));
}

#[test]
fn a_user_needs_no_work_and_others_do_not_see_the_ticket() {
    let world = World::demo();
    let mine = world.applicant("+77010000001");
    let other = world.applicant("+77010000002");
    let created = world.post(
        "/api/v1/cabinet/my/tickets",
        &mine,
        &json!({ "topic": "correction", "text": "Аты-жөнім қате", "screen": "/app/my/profile" }),
    );
    assert_eq!(created.status, 201, "{}", text(&created));
    let list = body(&world.get("/api/v1/cabinet/my/tickets", &mine));
    let id = list["items"][0]["id"].as_str().unwrap();
    let address = format!("/api/v1/cabinet/my/tickets/{id}");
    let seen = body(&world.get(&address, &mine));
    assert!(seen["page"].as_str().unwrap().starts_with("/feedback/T-"), "where it is scored");
    assert_eq!(
        world
            .get(seen["page"].as_str().map(|page| format!("/ru{page}")).as_deref().unwrap(), "")
            .status,
        200
    );
    assert_eq!(one(&world, &world.session("support.desk"), id)["page"], "");
    assert_eq!(world.get(&address, &other).status, 404);
    assert_eq!(world.get(&format!("/api/v1/cabinet/desk/tickets/{id}"), &mine).status, 403);
    let foreign = json!({ "topic": "problem", "text": "x", "file": "01kdvdna158d12dzn3dhavgmes" });
    assert_eq!(world.post("/api/v1/cabinet/my/tickets", &mine, &foreign).status, 422);
}

#[test]
fn duplicates_are_merged_and_both_are_answered() {
    let world = World::demo();
    let cookie = world.session("support.desk");
    send(&world, "Бірінші", "a@mail.kz");
    send(&world, "Екінші", "b@mail.kz");
    let items = queue(&world, &cookie, "")["items"].clone();
    let id = |place: usize| items[place]["id"].as_str().unwrap().to_owned();
    let merge = |from: &str, into: i64| {
        desk(&world, &cookie, from, 1, &json!({ "command": "merge", "into": into })).status
    };
    assert_eq!(merge(&id(1), 1002), 422);
    assert_eq!(merge(&id(1), 1001), 204);
    let first = one(&world, &cookie, &id(0));
    assert_eq!(first["messages"].as_array().unwrap().len(), 2);
    assert_eq!(queue(&world, &cookie, "")["open"], 1);
    let answer = json!({ "command": "resolve", "text": "Екеуіне де жауап" });
    assert_eq!(desk(&world, &cookie, &id(0), 1, &answer).status, 204);
    let told = world
        .db
        .rows("SELECT recipient FROM message WHERE event = 'ticket.answered' ORDER BY recipient");
    let told: Vec<_> = told.iter().map(|row| row["recipient"].as_str().unwrap()).collect();
    // Told that it was merged, and of the answer.
    assert_eq!(told, ["a@mail.kz", "b@mail.kz", "b@mail.kz"]);
    let texts = world.db.rows("SELECT text FROM ticket_message WHERE kind = 'desk'");
    assert_eq!(texts.len(), 2);
}

#[test]
fn who_does_not_answer_is_reminded_and_then_the_ticket_is_closed() {
    let world = World::demo();
    let cookie = world.session("support.desk");
    send(&world, "Сұрақ", "a@mail.kz");
    let id = queue(&world, &cookie, "")["items"][0]["id"].as_str().unwrap().to_owned();
    let ask = json!({ "command": "ask", "text": "Қай браузер?" });
    assert_eq!(desk(&world, &cookie, &id, 1, &ask).status, 204);
    let sweep = || world.with(async |ports| app::sweep::run(ports).await);
    let state = || {
        let rows = world.db.rows("SELECT state, reminded_at FROM ticket");
        (rows[0]["state"].clone(), !rows[0]["reminded_at"].is_null())
    };
    world.at("2026-11-05T04:00:00Z");
    assert_eq!(sweep(), Vec::<String>::new());
    assert_eq!(state(), (json!("waiting"), false));
    world.at("2026-11-05T06:00:00Z");
    sweep();
    assert_eq!(state(), (json!("waiting"), true));
    world.at("2026-11-12T06:00:00Z");
    sweep();
    assert_eq!(state().0, "closed");
    let events: Vec<_> = world
        .db
        .rows("SELECT event FROM message ORDER BY queued_at, id")
        .iter()
        .map(|row| row["event"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(events.iter().filter(|event| *event == "ticket.answered").count(), 2);
    assert_eq!(events.last().unwrap(), "ticket.closed");
}

#[test]
fn late_ones_are_seen_and_figures_say_nothing_while_there_are_few() {
    let world = World::demo();
    send(&world, "Сұрақ", "");
    world.at("2026-11-02T06:30:00Z");
    let cookie = world.session("support.desk");
    assert_eq!(queue(&world, &cookie, "late=1")["late"], 1);
    assert_eq!(queue(&world, &cookie, "state=what")["code"], "fields");
    let figures = body(&world.get("/api/v1/feedback/figures", ""));
    assert_eq!((&figures["scores"], &figures["mean"]), (&json!(0), &Value::Null));
}

#[test]
fn what_owes_an_answer_comes_before_what_waits_for_its_writer() {
    let world = World::demo();
    let mut addresses = Vec::new();
    for (at, message) in [("06:00", "Бірінші"), ("06:01", "Екінші"), ("06:02", "Үшінші")]
    {
        world.at(&format!("2026-11-02T{at}:00Z"));
        addresses.push(header(&send(&world, message, ""), "location").to_owned());
    }
    let cookie = world.session("support.desk");
    let first = || queue(&world, &cookie, "")["items"][0].clone();
    let order = |query: &str| -> Vec<i64> {
        let all = queue(&world, &cookie, query);
        all["items"].as_array().unwrap().iter().map(|one| one["number"].as_i64().unwrap()).collect()
    };
    assert_eq!(order(""), [1001, 1002, 1003]);
    // The first is asked for more: the ball is with its writer.
    let id = first()["id"].as_str().unwrap().to_owned();
    let version = one(&world, &cookie, &id)["version"].as_i64().unwrap();
    let ask = json!({ "command": "ask", "text": "Қай бетте?" });
    assert_eq!(desk(&world, &cookie, &id, version, &ask).status, 204);
    assert_eq!(order(""), [1002, 1003, 1001]);
    // The writer comes back: before those that wait, after those that have no answer at all.
    let address = addresses[0].split('?').next().unwrap();
    assert_eq!(post(&world, address, "", &[("text", "Тізім бетінде")]).status, 303);
    assert_eq!(order(""), [1002, 1003, 1001]);
    let second = first()["id"].as_str().unwrap().to_owned();
    assert_eq!(desk(&world, &cookie, &second, 1, &ask).status, 204);
    assert_eq!(order(""), [1003, 1001, 1002]);
    // A page goes on after the last row of the one before: here after the second of three.
    let since = world.db.rows(&format!("SELECT since FROM ticket WHERE id = '{id}'"));
    let cursor = format!("2{}|{id}", since[0]["since"].as_str().unwrap());
    assert_eq!(order(&format!("cursor={}", encode(&cursor))), [1002]);
}

#[test]
fn the_desk_opens_a_screenshot_that_a_ticket_names_and_no_other_file() {
    let mut world = World::demo();
    world.config.dev = false;
    let (mine, cookie) = (world.applicant("+77010000001"), world.session("support.desk"));
    let file = |name: &str| {
        let address = format!("/api/v1/cabinet/my/files?purpose=document&name={name}");
        let mut sending = world.command(&address, &mine, &Value::Null);
        sending.body = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n".to_vec();
        let sent = world.send(&sending);
        assert_eq!(sent.status, 201, "{}", text(&sent));
        let id = body(&sent)["id"].as_str().unwrap().to_owned();
        world.db.execute(&format!("UPDATE file SET state = 'clean' WHERE id = '{id}'"));
        id
    };
    let (named, other) = (file("a.pdf"), file("b.pdf"));
    let open = |id: &str| {
        world.post(&format!("/api/v1/cabinet/files/{id}/link"), &cookie, &Value::Null).status
    };
    assert_eq!(open(&named), 404);
    let ticket = json!({ "topic": "problem", "text": "Бет бос", "file": named });
    assert_eq!(world.post("/api/v1/cabinet/my/tickets", &mine, &ticket).status, 201);
    assert_eq!((open(&named), open(&other)), (201, 404));
    // The person sees who looked, and cannot take away what the ticket shows.
    let looked = world.db.rows("SELECT organisation FROM journal WHERE action = 'file.view'");
    assert_eq!((looked.len(), &looked[0]["organisation"]), (1, &Value::Null));
    let clerk = world.session("hr.school1");
    let address = format!("/api/v1/cabinet/files/{named}/link");
    assert_eq!(world.post(&address, &clerk, &Value::Null).status, 404);
}

#[test]
fn a_task_is_good_for_one_message_and_another_one_is_not_lost() {
    let world = World::demo();
    let (task, bits) = task(&world);
    let send = |message: &str| {
        let nonce = work::find(&task, message, bits);
        let fields = [("topic", "question"), ("text", message), ("task", &task), ("nonce", &nonce)];
        post(&world, "/kk/feedback", "", &fields)
    };
    let first = send("Бірінші сұрақ");
    let again = send("Бірінші сұрақ");
    assert_eq!((first.status, again.status), (303, 303));
    assert_eq!(header(&first, "location"), header(&again, "location"));
    let other = send("Екінші сұрақ");
    assert_eq!(other.status, 422);
    assert!(text(&other).contains("Екінші сұрақ"));
    let tickets = world.db.rows("SELECT id FROM ticket");
    assert_eq!(tickets.len(), 1);
}

/// A scanner that says what it is told to.
struct Says(Verdict);

impl Scanner for Says {
    fn scan<'a>(&'a self, _: &'a str, _: i64) -> Local<'a, Result<Verdict, ScanError>> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}

/// What a guest posts, with a proof.
fn guest(world: &World, message: &str, name: &str, content: &[u8]) -> Response {
    let (task, bits) = task(world);
    let nonce = work::find(&task, message, bits);
    let fields = [("topic", "problem"), ("text", message), ("task", &task), ("nonce", &nonce)];
    post_file(world, "", &fields, (name, content))
}

#[test]
fn a_guest_sends_a_screenshot_which_the_desk_opens_once_it_is_clean() {
    let mut world = World::demo();
    world.config.dev = false;
    let shot = photo(640, 480, 1);
    let sent = guest(&world, "Бет бос", "C:\\экран.html", &shot);
    assert_eq!(sent.status, 303, "{}", text(&sent));
    let row = world.db.rows("SELECT id, person, account, name, kind, state FROM file");
    let id = row[0]["id"].as_str().unwrap().to_owned();
    let known = json!({ "id": id, "person": "guest", "account": "", "name": row[0]["name"], "kind": "jpeg", "state": "pending" });
    assert_eq!(row, [known]);
    assert!(row[0]["name"].as_str().unwrap().ends_with(".jpg"), "{row:?}");

    let cookie = world.session("support.desk");
    let ticket = queue(&world, &cookie, "")["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(one(&world, &cookie, &ticket)["file"], id.as_str());
    let open = |cookie: &str| {
        world.post(&format!("/api/v1/cabinet/files/{id}/link"), cookie, &Value::Null)
    };
    assert_eq!(open(&cookie).status, 409, "nobody opens it before it is clean");
    let done = world.with(async |ports| check(ports, &Says(Verdict::Clean), &id).await).unwrap();
    assert_eq!(done, Outcome::Now(State::Clean));
    assert_eq!(open(&world.session("hr.school1")).status, 404);
    let link = open(&cookie);
    assert_eq!(link.status, 201, "{}", text(&link));
    let opened = world.content(&world.get(body(&link)["url"].as_str().unwrap(), ""));
    let holds = |bytes: &[u8]| bytes.windows(PLACE.len()).any(|window| window == PLACE);
    assert!(holds(&shot) && !holds(&opened), "where it was taken stays with its sender");
}

#[test]
fn what_is_no_screenshot_is_refused_and_what_was_typed_stays() {
    let world = World::demo();
    let large = [photo(64, 48, 1), vec![0; 5 * 1024 * 1024]].concat();
    let page: &[u8] = b"<!doctype html><script>alert(1)</script>";
    for (name, content) in
        [("a.jpg", page), ("a.png", &eicar()), ("a.jpg", &large), ("a.pdf", b"%PDF-1.4\n%%EOF")]
    {
        let refused = guest(&world, "Бет бос", name, content);
        let page = text(&refused);
        assert_eq!(refused.status, 422, "{name}: {page}");
        assert!(page.contains("screenshot-error") && page.contains("Бет бос"), "{page}");
    }
    // Without a proof nothing is kept, whatever comes with it.
    let fields = [("topic", "problem"), ("text", "Бет бос"), ("task", "1.0.x.y"), ("nonce", "1")];
    assert_eq!(post_file(&world, "", &fields, ("a.jpg", &photo(64, 48, 1))).status, 422);
    assert_eq!(world.db.rows("SELECT id FROM file"), Vec::<Value>::new());
    assert_eq!(world.db.rows("SELECT object FROM file_object"), Vec::<Value>::new());
    // A form in which nothing was chosen is a form without a file.
    assert_eq!(guest(&world, "Бет бос", "", b"").status, 303);
    assert_eq!(world.db.rows("SELECT file FROM ticket"), [json!({ "file": null })]);
}

#[test]
fn an_infected_screenshot_of_a_guest_is_removed_and_tells_no_account() {
    let world = World::demo();
    assert_eq!(guest(&world, "Бет бос", "a.jpg", &photo(640, 480, 1)).status, 303);
    let id = world.db.rows("SELECT id FROM file")[0]["id"].as_str().unwrap().to_owned();
    let found = Says(Verdict::Found("Test".into()));
    let done = world.with(async |ports| check(ports, &found, &id).await).unwrap();
    assert_eq!(done, Outcome::Now(State::Infected));
    let cookie = world.session("support.desk");
    let open = world.post(&format!("/api/v1/cabinet/files/{id}/link"), &cookie, &Value::Null);
    assert!(matches!(open.status, 403..=410), "{}", text(&open));
    assert_eq!(world.db.rows("SELECT id FROM notice"), Vec::<Value>::new());
}

#[test]
fn who_is_signed_in_sends_a_screenshot_of_their_own() {
    let world = World::demo();
    let mine = world.applicant("+77010000001");
    let fields = [("topic", "problem"), ("text", "Бет бос")];
    let sent = post_file(&world, &mine, &fields, ("a.jpg", &photo(64, 48, 1)));
    assert_eq!(sent.status, 303, "{}", text(&sent));
    let own = body(&world.get("/api/v1/cabinet/my/files", &mine));
    assert_eq!(
        (own[0]["purpose"].clone(), own[0]["uses"].clone()),
        (json!("screenshot"), json!(1))
    );
}
