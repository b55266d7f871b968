//! Signing in, the lockout, activation: as a browser without script does it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use app::{
    http::{Request, Response, encode},
    secret::{Totp, hash_password},
};
use domain::shared::time::Timestamp;
use http_tests::{
    World,
    demo::{body, request},
};
use serde_json::json;

const PASSWORD: &str = "Сенімді-құпиясөз-1";

/// Gives a demo account a password and a second factor; returns the latter.
fn prepare(world: &World, login: &str) -> Totp {
    let found = world.db.rows(&format!("SELECT id FROM account WHERE login = '{login}'"));
    let id = found[0]["id"].as_str().unwrap().to_owned();
    world.with(async |ports| {
        let totp = Totp::new(ports);
        let sealed = totp.seal(ports, &id).unwrap();
        let phc = hash_password(ports, PASSWORD).unwrap();
        let update = domain::sql!(
            "UPDATE account SET password = ?2, totp = ?3 WHERE id = ?1",
            &id,
            phc,
            sealed
        );
        ports.db.batch(vec![update]).await.unwrap();
        totp
    })
}

fn post(world: &World, address: &str, fields: &[(&str, &str)]) -> Response {
    let mut request: Request = request("POST", address, "");
    request.headers.push(("content-type".into(), "application/x-www-form-urlencoded".into()));
    let pairs: Vec<_> = fields.iter().map(|(n, v)| format!("{n}={}", encode(v))).collect();
    request.body = pairs.join("&").into_bytes();
    world.send(&request)
}

fn sign_in(world: &World, login: &str, password: &str, code: &str) -> Response {
    let fields =
        [("login", login), ("password", password), ("code", code), ("next", "/app/import")];
    post(world, "/kk/sign-in", &fields)
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers.iter().find(|(have, _)| *have == name).map_or("", |(_, value)| value)
}

fn code(world: &World, totp: &Totp) -> String {
    totp.code(world.now.get()).unwrap()
}

#[test]
fn the_right_three_open_the_cabinet_and_a_code_is_good_once() {
    let world = World::demo();
    let totp = prepare(&world, "hr.school1");
    let code = code(&world, &totp);
    let response = sign_in(&world, " HR.school1 ", PASSWORD, &code);
    assert_eq!((response.status, header(&response, "location")), (303, "/app/import#kk"));
    let cookie = header(&response, "set-cookie").to_owned();
    for part in ["__Host-session=", "; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let cookie = cookie.split(';').next().unwrap();
    assert_eq!(world.get("/api/v1/cabinet/me", cookie).status, 200);
    // The journal says who it was, not "the system".
    let rows = world.db.rows(
        "SELECT a.login FROM journal j JOIN account a ON a.id = j.account
          WHERE j.action = 'account.sign_in' AND j.object_id = j.account",
    );
    assert_eq!((rows.len(), &rows[0]["login"]), (1, &json!("hr.school1")));
    assert_eq!(sign_in(&world, "hr.school1", PASSWORD, &code).status, 422);
    // Signing out ends the session on the server too.
    assert_eq!(world.post("/api/v1/cabinet/sign-out", cookie, &json!({})).status, 204);
    assert_eq!(world.get("/api/v1/cabinet/me", cookie).status, 401);
}

#[test]
fn a_session_ends_when_it_is_not_used_and_can_be_revoked_from_elsewhere() {
    let world = World::demo();
    let (here, there) = (world.session("hr.school1"), world.session("hr.school1"));
    world.at("2026-11-02T05:29:00Z");
    assert_eq!(world.get("/api/v1/cabinet/me", &here).status, 200);
    world.at("2026-11-02T05:31:00Z");
    assert_eq!(world.get("/api/v1/cabinet/me", &there).status, 401);
    let third = world.session("hr.school1");
    let sessions = body(&world.get("/api/v1/cabinet/sessions", &here));
    assert_eq!(sessions.as_array().unwrap().len(), 2);
    let other = sessions.as_array().unwrap().iter().find(|one| one["current"] == false).unwrap();
    let address = format!("/api/v1/cabinet/sessions/{}", other["id"].as_str().unwrap());
    assert_eq!(world.send(&request("DELETE", &address, &here)).status, 204);
    assert_eq!(world.get("/api/v1/cabinet/me", &third).status, 401);
    assert_eq!(world.get("/api/v1/cabinet/me", &here).status, 200);
}

#[test]
fn five_failures_lock_the_account_and_nobody_else() {
    let world = World::demo();
    let (totp, other) = (prepare(&world, "hr.school1"), prepare(&world, "head.school1"));
    for _ in 0..4 {
        assert_eq!(sign_in(&world, "hr.school1", "wrong", &code(&world, &totp)).status, 422);
    }
    let page = sign_in(&world, "hr.school1", "wrong", &code(&world, &totp));
    assert_eq!((page.status, header(&page, "retry-after")), (429, "901"));
    assert!(String::from_utf8(page.body).unwrap().contains("10:15"));
    let right = code(&world, &totp);
    assert_eq!(sign_in(&world, "hr.school1", PASSWORD, &right).status, 429);
    let neighbour = code(&world, &other);
    assert_eq!(sign_in(&world, "head.school1", PASSWORD, &neighbour).status, 303);
    world.now.set(Timestamp::parse("2026-11-02T05:15:01Z").unwrap());
    let fresh = code(&world, &totp);
    assert_eq!(sign_in(&world, "hr.school1", PASSWORD, &fresh).status, 303);
}

#[test]
fn nothing_tells_an_unknown_login_from_a_wrong_password_and_next_stays_here() {
    let world = World::demo();
    let totp = prepare(&world, "hr.school1");
    let detail = |response: Response| {
        let page = String::from_utf8(response.body).unwrap();
        page.contains("Логин, құпиясөз немесе код қате")
    };
    assert!(detail(sign_in(&world, "nobody", "x", "000000")));
    assert!(detail(sign_in(&world, "hr.school1", "x", "000000")));
    assert!(detail(sign_in(&world, "' OR 1=1 --", "x", "000000")));
    for next in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
    {
        world.now.set(world.now.get().plus_seconds(60));
        let fields = [
            ("login", "hr.school1"),
            ("password", PASSWORD),
            ("code", &code(&world, &totp)),
            ("next", next),
        ];
        let response = post(&world, "/ru/sign-in", &fields);
        assert_eq!((response.status, header(&response, "location")), (303, "/app/#ru"), "{next}");
    }
}

#[test]
fn an_invited_person_sets_a_password_and_a_second_factor() {
    let world = World::demo();
    let admin = world.session("sys.admin");
    let school =
        http_tests::demo::shipped("demo/region.json")["accounts"][0]["roles"][0]["organisation"]
            .clone();
    let input = json!({ "iin": "850412300006", "surname": "Ахметов", "name": "Әли", "login": "a.akhmetov",
        "role": { "role": "hr_clerk", "organisation": school, "scope": "own" } });
    let answer = body(&world.post("/api/v1/cabinet/accounts", &admin, &input));
    let link = answer["link"].as_str().unwrap().replace("http://127.0.0.1:8787", "");
    let page = String::from_utf8(world.get(&link, "").body).unwrap();
    let stored = world.db.rows("SELECT id, totp FROM account WHERE login = 'a.akhmetov'");
    let totp = world.with(async |ports| {
        Totp::open(ports, stored[0]["id"].as_str().unwrap(), stored[0]["totp"].as_str().unwrap())
            .unwrap()
    });
    assert!(page.contains(&totp.base32()) || page.replace(' ', "").contains(&totp.base32()));
    let fields = |password: &'static str, code: &str| {
        post(&world, &link, &[("new_password", password), ("repeat", password), ("code", code)])
    };
    assert_eq!(fields("short", &code(&world, &totp)).status, 422);
    let html = |response: Response| String::from_utf8(response.body).unwrap();
    let common = fields("Qwerty-12345", &code(&world, &totp));
    assert_eq!(common.status, 422);
    assert!(html(common).contains("жұрттың бәрі біледі"));
    let wrong = fields(PASSWORD, "000000");
    assert_eq!(wrong.status, 422);
    assert!(html(wrong).contains("Код сәйкес келмеді"));
    assert!(html(fields(PASSWORD, "12ab")).contains("6 цифрлы кодты"));
    let done = fields(PASSWORD, &code(&world, &totp));
    assert_eq!((done.status, header(&done, "location")), (303, "/kk/sign-in"));
    // The sign-in page says so once, with the login in its place.
    let cookie = header(&done, "set-cookie").split(';').next().unwrap().to_owned();
    let page = world.get("/kk/sign-in", &cookie);
    assert!(header(&page, "set-cookie").contains("Max-Age=0"));
    let page = html(page);
    assert!(page.contains("Кабинет іске қосылды") && page.contains("value=\"a.akhmetov\""));
    let forged = html(world.get("/kk/sign-in", "__Host-activated=\"><script>"));
    assert!(!forged.contains("іске қосылды") && !forged.contains("<script>"));
    let gone = world.get(&link, "");
    assert_eq!(gone.status, 410);
    assert!(html(gone).contains("Шақыру сілтемесі енді жарамсыз"));
    world.now.set(world.now.get().plus_seconds(60));
    assert_eq!(sign_in(&world, "a.akhmetov", PASSWORD, &code(&world, &totp)).status, 303);
}

#[test]
fn a_role_that_ended_on_its_first_day_is_not_shown_with_an_end_before_its_beginning() {
    let world = World::demo();
    let admin = world.session("sys.admin");
    let school =
        http_tests::demo::shipped("demo/region.json")["accounts"][0]["roles"][0]["organisation"]
            .clone();
    let input = json!({ "iin": "850412300006", "surname": "Ахметов", "name": "Әли", "login": "a.akhmetov",
        "role": { "role": "hr_clerk", "organisation": school, "scope": "own" } });
    let answer = body(&world.post("/api/v1/cabinet/accounts", &admin, &input));
    let roles = || {
        let all = body(&world.get("/api/v1/cabinet/accounts", &admin));
        let mut rows = all.as_array().unwrap().iter();
        rows.find(|row| row["id"] == answer["account"]).unwrap()["roles"].clone()
    };
    let given = roles();
    assert_eq!(given[0]["to_day"], serde_json::Value::Null);
    let address = format!("/api/v1/cabinet/roles/{}", given[0]["id"].as_str().unwrap());
    assert_eq!(world.send(&request("DELETE", &address, &admin)).status, 204);
    assert_eq!(roles(), json!([]));
    // The end counts at once, and the journal tells of both.
    let told = world.db.rows("SELECT 1 FROM journal WHERE action = 'account.end_role'");
    assert_eq!(told.len(), 1);
}

#[test]
fn a_login_that_nobody_has_is_locked_as_one_that_somebody_has() {
    let world = World::demo();
    prepare(&world, "hr.school1");
    let blocked = "UPDATE account SET status = 'blocked' WHERE login = 'head.school1'";
    world.db.execute(blocked);
    // All that a stranger sees of an answer: the login of the form is what they typed themselves.
    let seen = |login: &str| {
        let answer = sign_in(&world, login, "wrong", "000000");
        let text = String::from_utf8(answer.body.clone()).unwrap().replace(login, "LOGIN");
        let mut headers = answer.headers;
        // Every request has a number of its own.
        headers.retain(|(name, _)| *name != "x-request-id");
        (answer.status, headers, text)
    };
    for attempt in 1..=7 {
        let known = seen("hr.school1");
        assert_eq!(known.0, if attempt < 5 { 422 } else { 429 });
        for other in ["hr.nobody1", "head.school1", "nobody@example.kz"] {
            assert!(seen(other) == known, "{other}, attempt {attempt}");
        }
        assert_eq!(seen("'; DROP TABLE account; --").0, known.0);
        world.now.set(world.now.get().plus_seconds(1));
    }
    // The lock opens for all of them at the same time.
    world.now.set(world.now.get().plus_seconds(15 * 60));
    assert!(seen("hr.nobody1") == seen("hr.school1"));
    assert_eq!(seen("hr.nobody1").0, 422);
    let kept = world.db.rows("SELECT key, failures FROM sign_in_unknown");
    assert_eq!(kept.len(), 4);
    assert!(kept.iter().all(|row| !row["key"].as_str().unwrap().contains("nobody")));
}
