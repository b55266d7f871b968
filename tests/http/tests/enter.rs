//! Signing in by a one-time code: as a browser without script does it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use app::{
    http::{Request, Response, encode},
    ports::CourierError,
};
use http_tests::{
    World,
    demo::{body, request},
};

const PHONE: &str = "8 701 234 56 78";

fn post(world: &World, address: &str, fields: &[(&str, &str)]) -> Response {
    post_from(world, "", address, fields)
}

/// As [`post`], by a browser that says what it is.
fn post_from(world: &World, agent: &str, address: &str, fields: &[(&str, &str)]) -> Response {
    let mut request: Request = request("POST", address, "");
    request.headers.push(("user-agent".into(), agent.into()));
    request.headers.push(("content-type".into(), "application/x-www-form-urlencoded".into()));
    let pairs: Vec<_> = fields.iter().map(|(n, v)| format!("{n}={}", encode(v))).collect();
    request.body = pairs.join("&").into_bytes();
    world.send(&request)
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers.iter().find(|(have, _)| *have == name).map_or("", |(_, value)| value)
}

fn text(response: &Response) -> String {
    String::from_utf8_lossy(&response.body).into_owned()
}

/// Asks for a code; returns the page's address.
fn ask(world: &World, contact: &str) -> String {
    let response = post(world, "/kk/enter", &[("contact", contact), ("next", "/app/my/x")]);
    assert_eq!(response.status, 303, "{}", text(&response));
    header(&response, "location").to_owned()
}

/// The last code that was sent.
fn sent(world: &World) -> String {
    let sent = world.courier.sent.borrow();
    let last = sent.last().unwrap();
    assert_eq!(last.event, "account.code");
    last.args.iter().find(|(name, _)| name == "code").unwrap().1.clone()
}

fn path(address: &str) -> &str {
    address.split('?').next().unwrap()
}

#[test]
fn the_switch_of_language_takes_along_what_was_typed() {
    let world = World::demo();
    type Form<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [&'a str]);
    let forms: [Form<'_>; 4] = [
        (
            "enter",
            &[("contact", "8 701 \"234"), ("next", "/app/my/apply/1001")],
            &["value=\"8 701 &#34;234\"", "value=\"/app/my/apply/1001\""],
        ),
        (
            "sign-in",
            &[("login", "hr.school1"), ("password", "secret"), ("next", "/app/journal")],
            &["value=\"hr.school1\"", "value=\"/app/journal\""],
        ),
        (
            "alerts/new",
            &[("contact", "a@b"), ("period", "weekly"), ("query", "subject=mathematics")],
            &["value=\"a@b\"", "value=\"weekly\" checked", "value=\"subject=mathematics\""],
        ),
        (
            "feedback",
            &[("topic", "idea"), ("text", "Екі <b>жол</b>"), ("email", "x")],
            &["Екі &#60;b&#62;жол", "name=\"email\""],
        ),
    ];
    for (page, fields, kept) in forms {
        let address = format!("/ru/{page}");
        let shown = text(&world.get(&format!("/kk/{page}"), ""));
        assert!(shown.contains(&format!("formaction=\"{address}\"")), "{page}: {shown}");
        let all: Vec<_> = fields.iter().copied().chain([("switch", "ru")]).collect();
        let answer = post(&world, &address, &all);
        assert_eq!(answer.status, 200, "{page}");
        assert!(header(&answer, "set-cookie").starts_with("lang=ru;"), "{page}");
        let html = text(&answer);
        assert!(html.contains("<html lang=\"ru\">"), "{page}");
        assert!(!html.contains("class=\"errors\""), "{page}: nothing was sent yet");
        assert!(!html.contains("secret"), "{page}: a password is not shown");
        for part in kept {
            assert!(html.contains(part), "{page}: {part}\n{html}");
        }
    }
    assert!(world.courier.sent.borrow().is_empty());
    assert!(world.db.rows("SELECT 1 FROM subscription UNION ALL SELECT 1 FROM ticket").is_empty());
}

#[test]
fn a_code_opens_an_account_and_the_next_code_the_same() {
    let world = World::demo();
    let address = ask(&world, PHONE);
    assert!(address.ends_with("?next=%2Fapp%2Fmy%2Fx"), "{address}");
    {
        let sent = world.courier.sent.borrow();
        assert_eq!((sent[0].channel.as_str(), sent[0].address.as_str()), ("sms", "+77012345678"));
        assert_eq!(sent[0].lang, "kk");
    }
    let page = text(&world.get(&address, ""));
    assert!(page.contains("+7 701 ··· ·· 78") && !page.contains(&sent(&world)), "{page}");
    let fields = [("code", sent(&world)), ("next", "/app/my/x".to_owned())];
    let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let entered = post(&world, path(&address), &fields);
    assert_eq!((entered.status, header(&entered, "location")), (303, "/app/my/x#kk"));
    let cookie = header(&entered, "set-cookie").split(';').next().unwrap().to_owned();
    let me = body(&world.get("/api/v1/cabinet/me", &cookie));
    assert_eq!(
        (&me["roles"], &me["permissions"]),
        (&serde_json::json!([]), &serde_json::json!([]))
    );
    // The code is used up, whoever has seen it.
    assert_eq!(post(&world, path(&address), &fields).status, 410);
    let (account, _) = world.account_of("+77012345678");

    world.at("2026-11-02T05:02:00Z");
    let address = ask(&world, "+7 (701) 234-56-78");
    assert_eq!(post(&world, path(&address), &[("code", &sent(&world))]).status, 303);
    assert_eq!(world.account_of("+77012345678").0, account);
    let rows = world.db.rows("SELECT count(*) AS n FROM account WHERE kind = 'applicant'");
    assert_eq!(rows[0]["n"], 1);
}

#[test]
fn a_sign_in_from_a_new_device_is_told_and_one_from_a_known_device_is_not() {
    const PHONE_AGENT: &str = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36";
    const DESK_AGENT: &str =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0";
    let world = World::demo();
    let told = |agent: &str, minute: u32| {
        world.at(&format!("2026-11-02T05:{minute:02}:00Z"));
        let address = ask(&world, PHONE);
        let entered = post_from(&world, agent, path(&address), &[("code", &sent(&world))]);
        assert_eq!(entered.status, 303);
        let account = world.account_of("+77012345678").0;
        world.db.rows(&format!(
            "SELECT args FROM notice WHERE account = '{account}' AND event = 'account.new_device'"
        ))
    };
    assert_eq!(told(PHONE_AGENT, 1).len(), 0, "the first device is no news");
    assert_eq!(told(PHONE_AGENT, 3).len(), 0);
    let rows = told(DESK_AGENT, 5);
    assert_eq!(rows.len(), 1);
    assert!(rows[0]["args"].as_str().unwrap().contains("Firefox"), "{rows:?}");
    assert_eq!(told(DESK_AGENT, 7).len(), 1);
    assert_eq!(told(PHONE_AGENT, 9).len(), 1);
}

#[test]
fn five_wrong_entries_kill_a_code_and_its_time_does() {
    let world = World::demo();
    let address = ask(&world, "aigul@mail.kz");
    let code = sent(&world);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(post(&world, &address, &[("code", "12")]).status, 422);
    for left in (1..5).rev() {
        let page = post(&world, path(&address), &[("code", wrong)]);
        assert_eq!(page.status, 422);
        assert!(text(&page).contains(&format!("Қалған мүмкіндік: {left}.")), "{left}");
    }
    assert_eq!(post(&world, path(&address), &[("code", wrong)]).status, 410);
    assert_eq!(post(&world, path(&address), &[("code", &code)]).status, 410);

    world.at("2026-11-02T05:10:00Z");
    let address = ask(&world, "aigul@mail.kz");
    world.at("2026-11-02T05:15:00Z");
    assert_eq!(post(&world, path(&address), &[("code", &sent(&world))]).status, 410);
    // The page offers another one, and it works.
    let again = post(&world, path(&address), &[("again", "1")]);
    assert_eq!(again.status, 303);
    let address = header(&again, "location").to_owned();
    assert_eq!(post(&world, path(&address), &[("code", &sent(&world))]).status, 303);
}

#[test]
fn codes_are_limited_per_contact_and_what_was_not_sent_costs_nothing() {
    let world = World::demo();
    world.courier.fails.set(Some(CourierError::Down));
    assert_eq!(post(&world, "/ru/enter", &[("contact", PHONE)]).status, 503);
    world.courier.fails.set(Some(CourierError::Address));
    assert_eq!(post(&world, "/ru/enter", &[("contact", PHONE)]).status, 422);
    world.courier.fails.set(None);
    ask(&world, PHONE);
    let page = post(&world, "/ru/enter", &[("contact", PHONE)]);
    assert_eq!(page.status, 429);
    assert!(text(&page).contains("60 с."), "{}", text(&page));
    // What was typed is still there.
    assert!(text(&page).contains("8 701 234 56 78"));
    for minute in 1..5 {
        world.at(&format!("2026-11-02T05:0{minute}:30Z"));
        ask(&world, PHONE);
    }
    world.at("2026-11-02T05:30:00Z");
    assert_eq!(post(&world, "/ru/enter", &[("contact", PHONE)]).status, 429);
    // Another person behind the same address is not held up.
    ask(&world, "8 701 234 56 79");
    world.at("2026-11-02T06:30:00Z");
    ask(&world, PHONE);
}

#[test]
fn neither_the_database_nor_the_journal_knows_the_code() {
    let world = World::demo();
    let address = ask(&world, PHONE);
    let code = sent(&world);
    let token = path(&address).rsplit('/').next().unwrap();
    for table in ["sign_in_code", "journal", "outbox", "idempotency"] {
        let rows = serde_json::json!(world.db.rows(&format!("SELECT * FROM {table}"))).to_string();
        assert!(!rows.contains(&code) && !rows.contains(token), "{table}");
    }
}

#[test]
fn hostile_contacts_and_addresses_are_refused() {
    let world = World::demo();
    for contact in
        ["", "мектеп", "a@b", "+1 202 555 0100", "8 7172 55 66 77", "a@b.kz\r\nBcc: c@d.kz"]
    {
        assert_eq!(post(&world, "/kk/enter", &[("contact", contact)]).status, 422, "{contact}");
    }
    assert_eq!(world.get("/kk/enter/nothing", "").status, 410);
    let address = ask(&world, PHONE);
    let fields = [("code", sent(&world)), ("next", "https://evil.example/".to_owned())];
    let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let entered = post(&world, path(&address), &fields);
    assert_eq!(header(&entered, "location"), "/app/#kk");
    assert_eq!(world.courier.sent.borrow().len(), 1);
}

#[test]
fn roles_do_not_count_in_a_session_without_a_second_factor() {
    let world = World::demo();
    world.db.execute(
        "INSERT INTO contact (id, account, kind, value, verified_at)
         SELECT 'c', id, 'phone', '+77012345678', '2026-01-01T00:00:00.000Z' FROM account WHERE login = 'hr.school1'",
    );
    let address = ask(&world, PHONE);
    let entered = post(&world, path(&address), &[("code", &sent(&world))]);
    let cookie = header(&entered, "set-cookie").split(';').next().unwrap().to_owned();
    assert_eq!(body(&world.get("/api/v1/cabinet/me", &cookie))["roles"], serde_json::json!([]));
    assert_eq!(world.get("/api/v1/cabinet/vacancies", &cookie).status, 403);
}
