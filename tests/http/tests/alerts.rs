//! Alerts: from the list page to the message, without an account, and out again.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use http_tests::{
    World,
    demo::{body, request},
};
use serde_json::{Value, json};

fn publish(world: &World, subject: &str, rate: u32) {
    let clerk = world.session("hr.school1");
    let organisation =
        body(&world.get("/api/v1/cabinet/me", &clerk))["organisations"][0]["id"].clone();
    let content = json!({
        "position": "subject_teacher", "subject": subject, "openings": 1, "rate": rate,
        "salary_from": 250_000, "language": "kk", "schedule": "full",
        "duties": { "kk": "Сабақ береді", "ru": "Ведёт уроки" },
        "requirements": { "kk": "Жоғары білім", "ru": "Высшее образование" },
        "documents": ["application_form", "identity", "personal_sheet", "education", "health_075",
                      "psychoneurological", "narcological", "criminal_record", "score_sheet"],
        "contact_phone": "+7 701 000 00 00", "contact_email": "school@example.kz",
    });
    let input = json!({ "organisation": organisation, "content": content });
    let made = body(&world.post("/api/v1/cabinet/vacancies", &clerk, &input));
    let to = format!("/api/v1/cabinet/vacancies/{}/commands", made["id"].as_str().unwrap());
    let mut publish = world.command(&to, &clerk, &json!({ "command": "publish", "at": null }));
    publish.headers.push(("if-match".into(), format!("\"{}\"", made["version"])));
    assert_eq!(world.send(&publish).status, 200);
    sweep(world);
}

fn sweep(world: &World) {
    let faults = world.with(async |ports| app::sweep::run(ports).await);
    assert_eq!(faults, Vec::<String>::new());
}

fn form(world: &World, path: &str, fields: &str) -> app::http::Response {
    let mut post = request("POST", path, "");
    post.headers.push(("content-type".into(), "application/x-www-form-urlencoded".into()));
    post.headers.push(("origin".into(), world.config.origin.clone()));
    post.headers.push(("sec-fetch-site".into(), "same-origin".into()));
    post.body = fields.as_bytes().to_vec();
    world.send(&post)
}

/// A request as a mailbox makes it: no origin, no cookie.
fn bare(world: &World, method: &str, path: &str) -> app::http::Response {
    let mut post = request(method, path, "");
    post.headers
        .retain(|(name, _)| !["origin", "sec-fetch-site", "cookie"].contains(&name.as_str()));
    world.send(&post)
}

fn text(response: &app::http::Response) -> String {
    String::from_utf8_lossy(&response.body).into_owned()
}

fn arg(world: &World, name: &str) -> String {
    let sent = world.courier.sent.borrow();
    let last = sent.last().unwrap();
    last.args.iter().find(|(have, _)| have == name).unwrap().1.clone()
}

fn letters(world: &World) -> Vec<Value> {
    world.db.rows("SELECT * FROM message WHERE event = 'subscription.digest' ORDER BY id")
}

const SEARCH: &str = "query=subject%3Dmathematics&period=daily&contact=A%40mail.kz";

/// Subscribes by the link in the letter; returns the secret of the alert.
fn subscribed(world: &World) -> String {
    assert_eq!(form(world, "/ru/alerts/new", SEARCH).status, 200);
    let link = arg(world, "confirm");
    let path = link.strip_prefix(&world.config.origin).unwrap();
    let page = world.send(&request("GET", path, ""));
    assert_eq!(page.status, 200);
    assert_eq!(
        world.db.rows("SELECT state FROM subscription")[0]["state"],
        "pending",
        "a link that is only opened confirms nothing"
    );
    assert_eq!(form(world, path, "do=confirm").status, 303);
    world.db.rows("SELECT secret FROM subscription WHERE state = 'active'")[0]["secret"]
        .as_str()
        .unwrap()
        .into()
}

#[test]
fn a_new_vacancy_is_told_once_and_never_again() {
    let world = World::demo();
    publish(&world, "mathematics", 100);
    world.at("2026-11-02T06:00:00Z");
    let secret = subscribed(&world);
    // What stood on the list before is not news.
    world.at("2026-11-03T04:00:00Z");
    sweep(&world);
    assert_eq!(letters(&world).len(), 0);
    publish(&world, "mathematics", 50);
    publish(&world, "physics", 100);
    world.at("2026-11-04T04:00:00Z");
    sweep(&world);
    let told = letters(&world);
    assert_eq!(told.len(), 1);
    let args: Value = serde_json::from_str(told[0]["args"].as_str().unwrap()).unwrap();
    assert_eq!(args["count"]["count"], 1);
    assert_eq!(args["list"]["list"][0]["title"], "Учитель математики");
    assert!(args["manage"]["text"].as_str().unwrap().ends_with(&format!("/ru/alerts/my/{secret}")));
    assert_eq!(told[0]["stop"], json!(format!("/stop/{secret}")));
    // Another day, and the day after: nothing new, no letter, whatever the state of the index.
    for day in 5..9 {
        world.at(&format!("2026-11-0{day}T04:00:00Z"));
        world.db.execute("UPDATE vacancy SET version = version + 1");
        sweep(&world);
    }
    assert_eq!(letters(&world).len(), 1);
}

#[test]
fn the_code_confirms_too_and_wrong_ones_run_out() {
    let world = World::demo();
    let page = form(&world, "/kk/alerts/new", "query=&period=weekly&contact=8+701+234+56+78");
    assert!(text(&page).contains("+7 701"), "{}", text(&page));
    let code = arg(&world, "code");
    let token = arg(&world, "confirm").rsplit_once('/').unwrap().1.to_owned();
    let wrong = if code == "000000" { "111111" } else { "000000" };
    assert_eq!(form(&world, "/kk/alerts/code", &format!("token={token}&code={wrong}")).status, 422);
    assert_eq!(form(&world, "/kk/alerts/code", &format!("token={token}&code={code}")).status, 303);
    let stored = world.db.rows("SELECT * FROM subscription")[0].to_string();
    assert!(!stored.contains(&code), "the code is in the database");
    // Weekly: Monday at nine.
    assert!(stored.contains("2026-11-09T04:00:00.000Z"), "{stored}");
    let world = World::demo();
    form(&world, "/kk/alerts/new", "query=&contact=8+701+234+56+78");
    let code = arg(&world, "code");
    let token = arg(&world, "confirm").rsplit_once('/').unwrap().1.to_owned();
    for _ in 0..5 {
        form(
            &world,
            "/kk/alerts/code",
            &format!("token={token}&code={}", if code == "000000" { "111111" } else { "000000" }),
        );
    }
    assert_eq!(form(&world, "/kk/alerts/code", &format!("token={token}&code={code}")).status, 410);
}

#[test]
fn stopping_takes_one_press_and_a_mailbox_may_press_it() {
    let world = World::demo();
    let secret = subscribed(&world);
    let state = |world: &World| {
        world.db.rows("SELECT state FROM subscription")[0]["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(bare(&world, "GET", &format!("/stop/{secret}")).status, 303);
    assert_eq!(state(&world), "active", "a link that is only opened stops nothing");
    assert_eq!(bare(&world, "POST", &format!("/stop/{secret}")).status, 204);
    assert_eq!(state(&world), "stopped");
    publish(&world, "mathematics", 100);
    world.at("2026-11-03T04:00:00Z");
    sweep(&world);
    assert_eq!(letters(&world).len(), 0);
    let my = format!("/ru/alerts/my/{secret}");
    assert_eq!(form(&world, &my, "do=resume&period=weekly").status, 303);
    assert_eq!(state(&world), "active");
    // What was published while it stood still is no news.
    world.at("2026-11-09T04:00:00Z");
    sweep(&world);
    assert_eq!(letters(&world).len(), 0);
    // Other posts still need our own page behind them.
    assert_eq!(bare(&world, "POST", &my).status, 403);
    assert_eq!(bare(&world, "POST", "/stop/none").status, 404);
}

#[test]
fn nobody_can_make_us_write_to_others_at_will() {
    let world = World::demo();
    for n in 0..5 {
        let page =
            form(&world, "/ru/alerts/new", "query=q%3D%3Cb%3Ebuy%3C%2Fb%3E&contact=a%40mail.kz");
        assert_eq!(page.status, if n < 3 { 200 } else { 429 });
        assert!(!text(&page).contains("<b>buy"));
    }
    assert_eq!(world.courier.sent.borrow().len(), 3);
    assert!(world.courier.sent.borrow().iter().all(|one| !format!("{one:?}").contains("buy")));
    assert_eq!(form(&world, "/ru/alerts/new", "query=&contact=nonsense").status, 422);
    assert_eq!(form(&world, "/ru/alerts/new", "query=salary%3Dx&contact=b%40mail.kz").status, 422);
}

#[test]
fn the_list_offers_an_alert_with_its_search() {
    let world = World::demo();
    let page = world.send(&request("GET", "/kk/vacancies?subject=mathematics", ""));
    assert!(text(&page).contains("/kk/alerts/new?subject=mathematics"), "{}", text(&page));
    let form = world.send(&request("GET", "/kk/alerts/new?subject=mathematics", ""));
    assert!(text(&form).contains("Математика"));
}

#[test]
fn who_saved_a_vacancy_is_reminded_once_before_it_ends() {
    let world = World::demo();
    publish(&world, "mathematics", 100);
    let cookie = world.applicant("+77015550001");
    let (account, _) = world.account_of("+77015550001");
    world.db.execute(&format!(
        "INSERT INTO saved_vacancy (account, vacancy, at) SELECT '{account}', id, '2026-11-02' FROM vacancy WHERE state = 'published'"
    ));
    let told = || world.db.rows("SELECT * FROM notice WHERE event = 'vacancy.deadline_near'");
    for (moment, times) in
        [("2026-11-09T12:00:00Z", 0), ("2026-11-09T14:00:00Z", 1), ("2026-11-10T14:00:00Z", 1)]
    {
        world.at(moment);
        sweep(&world);
        assert_eq!(told().len(), times, "{moment}");
    }
    world.at("2026-11-02T05:10:00Z");
    let inbox = body(&world.get("/api/v1/cabinet/my/notices?lang=ru", &cookie));
    assert!(inbox["items"][0]["body"].as_str().unwrap().contains("Учитель математики"), "{inbox}");
}
