//! Contacts, password and passkeys of somebody who applies.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use app::http::{Response, encode};
use data_encoding::BASE64URL_NOPAD as B64;
use http_tests::{
    World,
    demo::{body, request},
};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const PHONE: &str = "+77012345678";
const MY: &str = "/api/v1/cabinet/my";

fn code(world: &World) -> String {
    let sent = world.courier.sent.borrow();
    sent.last().unwrap().args.iter().find(|(name, _)| name == "code").unwrap().1.clone()
}

fn delete(world: &World, address: &str, cookie: &str) -> Response {
    world.send(&request("DELETE", address, cookie))
}

fn put(world: &World, address: &str, cookie: &str, value: &Value) -> Response {
    let mut request = world.command(address, cookie, value);
    request.method = "PUT".into();
    world.send(&request)
}

fn add(world: &World, cookie: &str, contact: &str) -> Response {
    let asked = world.post(&format!("{MY}/contacts"), cookie, &json!({ "contact": contact }));
    assert_eq!(asked.status, 200, "{:?}", body(&asked));
    let token = body(&asked)["token"].clone();
    let code = code(world);
    world.post(&format!("{MY}/contacts/confirm"), cookie, &json!({ "token": token, "code": code }))
}

#[test]
fn a_contact_is_added_by_its_code_and_the_last_one_stays() {
    let world = World::demo();
    let cookie = world.applicant(PHONE);
    assert_eq!(add(&world, &cookie, "Aigul@mail.kz").status, 204);
    let rows = body(&world.get(&format!("{MY}/contacts"), &cookie));
    assert_eq!(rows[1]["value"], "aigul@mail.kz");
    let of = |place: usize| format!("{MY}/contacts/{}", rows[place]["id"].as_str().unwrap());
    assert_eq!(delete(&world, &of(0), &cookie).status, 204);
    assert_eq!(body(&delete(&world, &of(1), &cookie))["code"], "last_contact");
    let person =
        world.db.rows("SELECT phone, email FROM person WHERE email <> '' AND surname = ''");
    assert_eq!((&person[0]["phone"], &person[0]["email"]), (&json!(""), &json!("aigul@mail.kz")));
}

/// What the people of this test were told, in the order of telling.
fn events(world: &World) -> Vec<String> {
    let rows = world.db.rows("SELECT event FROM notice ORDER BY id");
    rows.iter().map(|row| row["event"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_new_contact_and_one_that_is_gone_are_told() {
    let world = World::demo();
    let cookie = world.applicant(PHONE);
    assert_eq!(add(&world, &cookie, "aigul@mail.kz").status, 204);
    let rows = body(&world.get(&format!("{MY}/contacts"), &cookie));
    let gone = format!("{MY}/contacts/{}", rows[0]["id"].as_str().unwrap());
    assert_eq!(delete(&world, &gone, &cookie).status, 204);
    assert_eq!(events(&world), ["account.contact_added", "account.contact_removed"]);
    // The whole contact is written nowhere.
    let args = world.db.rows("SELECT args FROM notice ORDER BY id");
    assert!(args[0]["args"].as_str().unwrap().contains("a···@mail.kz"), "{args:?}");
    assert!(args[1]["args"].as_str().unwrap().contains("··· ·· 78"), "{args:?}");
    // The last one stays, and nobody is told of what did not happen.
    let rows = body(&world.get(&format!("{MY}/contacts"), &cookie));
    let last = format!("{MY}/contacts/{}", rows[0]["id"].as_str().unwrap());
    assert_eq!(delete(&world, &last, &cookie).status, 409);
    assert_eq!(events(&world).len(), 2);
}

#[test]
fn a_password_sign_in_from_the_same_kind_of_browser_is_news_unless_it_carries_its_mark() {
    const AGENT: &str =
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36";
    let world = World::demo();
    let cookie = world.applicant(PHONE);
    let password = "Сенімді-құпиясөз-1";
    let set = json!({ "password": password });
    assert_eq!(put(&world, &format!("{MY}/password"), &cookie, &set).status, 204);
    let told = |mark: &str| {
        let mut request = request("POST", "/kk/sign-in", mark);
        let kind = "application/x-www-form-urlencoded".to_owned();
        request.headers.push(("content-type".into(), kind));
        request.headers.push(("user-agent".into(), AGENT.into()));
        request.body =
            format!("login={}&password={}", encode(PHONE), encode(password)).into_bytes();
        let entered = world.send(&request);
        assert_eq!(entered.status, 303);
        let is_mark = |value: &str| value.starts_with("__Host-device=");
        let set = entered.headers.iter().find(|(_, value)| is_mark(value)).unwrap();
        let news = events(&world).iter().filter(|event| *event == "account.new_device").count();
        (news, set.1.split(';').next().unwrap().to_owned())
    };
    let (news, mine) = told("");
    assert_eq!(news, 1);
    assert_eq!(told(&mine).0, 1, "this browser is known");
    assert_eq!(told("").0, 2, "another one that says the same of itself is not");
    assert_eq!(told("__Host-device=0123").0, 3);
}

#[test]
fn somebody_elses_contact_stays_theirs_and_their_code_is_no_use() {
    let world = World::demo();
    let (one, other) = (world.applicant(PHONE), world.applicant("b@mail.kz"));
    assert_eq!(body(&add(&world, &other, PHONE))["code"], "contact_taken");
    assert_eq!(world.account_of(PHONE).0, world.account_of(PHONE).0);
    // A code that was asked for in one account does not open another's.
    world.at("2026-11-02T05:05:00Z");
    let asked = world.post(&format!("{MY}/contacts"), &one, &json!({ "contact": "c@mail.kz" }));
    let token = body(&asked)["token"].clone();
    let stolen = json!({ "token": token, "code": code(&world) });
    assert_eq!(world.post(&format!("{MY}/contacts/confirm"), &other, &stolen).status, 410);
    let mine = body(&world.get(&format!("{MY}/contacts"), &one));
    let id = mine[0]["id"].as_str().unwrap();
    assert_eq!(delete(&world, &format!("{MY}/contacts/{id}"), &other).status, 404);
}

#[test]
fn a_password_of_ones_own_opens_the_cabinet_without_a_second_factor() {
    let world = World::demo();
    let cookie = world.applicant(PHONE);
    let set = |value: Value| put(&world, &format!("{MY}/password"), &cookie, &value);
    assert_eq!(set(json!({ "password": "short" })).status, 422);
    // What everybody tries first is refused, in the reader's language, and nothing is set.
    let (surname, name) = ("Жүсіпбекова", "Нұрсәуле");
    world.db.execute(&format!("UPDATE person SET surname = '{surname}', name = '{name}'"));
    for (lang, words) in
        [("kk", "жұрттың бәрі біледі"), ("ru", "известен всем"), ("en", "Everybody knows")]
    {
        for password in ["Password2026!", "Алматы-2026", "Mansap-2026!", "Жүсіпбекова-85"]
        {
            let wanted = json!({ "password": password });
            let mut request = world.command(&format!("{MY}/password"), &cookie, &wanted);
            request.method = "PUT".into();
            request.headers.push(("accept-language".into(), lang.into()));
            let refused = world.send(&request);
            assert_eq!(refused.status, 422, "{password}");
            assert!(String::from_utf8(refused.body).unwrap().contains(words), "{lang} {password}");
        }
    }
    assert_eq!(set(json!({ "password": "Сенімді-құпиясөз-1" })).status, 204);
    assert_eq!(set(json!({ "password": "Сенімді-құпиясөз-2" })).status, 422);
    let change = json!({ "current": "Сенімді-құпиясөз-1", "password": "Сенімді-құпиясөз-2" });
    assert_eq!(set(change).status, 204);
    let sign_in = |password: &str| {
        let mut request = request("POST", "/kk/sign-in", "");
        let kind = "application/x-www-form-urlencoded".to_owned();
        request.headers.push(("content-type".into(), kind));
        let fields = format!("login={}&password={}", encode("8 701 234 56 78"), encode(password));
        request.body = fields.into_bytes();
        world.send(&request).status
    };
    assert_eq!(events(&world), ["account.password_set", "account.password_set"]);
    assert_eq!(sign_in("Сенімді-құпиясөз-1"), 422);
    assert_eq!(sign_in("Сенімді-құпиясөз-2"), 303);
    // Staff still need their second factor.
    world.db.execute("UPDATE account SET password = (SELECT password FROM account WHERE kind = 'applicant'), totp = '' WHERE login = 'hr.school1'");
    let mut staff = request("POST", "/kk/sign-in", "");
    staff.headers.push(("content-type".into(), "application/x-www-form-urlencoded".into()));
    staff.body = format!("login=hr.school1&password={}", encode("Сенімді-құпиясөз-2")).into_bytes();
    let router = app::routes::Router::new().unwrap();
    let (answer, _) = world.with(async |ports| app::entry::handle(ports, &router, &staff).await);
    assert_ne!(answer.status, 303);
}

/// A browser with one passkey.
struct Device {
    key: SigningKey,
    counter: u32,
}

const ORIGIN: &str = "http://127.0.0.1:8787";

impl Device {
    fn new() -> Device {
        Device { key: SigningKey::from_slice(&[9; 32]).unwrap(), counter: 0 }
    }

    fn client_data(kind: &str, challenge: &Value, origin: &str) -> Vec<u8> {
        json!({ "type": kind, "challenge": challenge, "origin": origin }).to_string().into_bytes()
    }

    fn data(&self) -> Vec<u8> {
        let site = Sha256::digest(b"127.0.0.1");
        [&site[..], &[5], &self.counter.to_be_bytes()].concat()
    }

    fn made(&self, challenge: &Value) -> Value {
        let head = [
            0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
            0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
        ];
        let point = self.key.verifying_key().to_sec1_point(false);
        json!({
            "id": B64.encode(b"credential"),
            "client_data": B64.encode(&Self::client_data("webauthn.create", challenge, ORIGIN)),
            "authenticator_data": B64.encode(&self.data()),
            "public_key": B64.encode(&[&head[..], point.as_bytes()].concat()),
        })
    }

    fn signed(&mut self, challenge: &Value, origin: &str) -> Value {
        self.counter += 1;
        let client = Self::client_data("webauthn.get", challenge, origin);
        let data = self.data();
        let message = [data.as_slice(), &Sha256::digest(&client)].concat();
        let signature: Signature = self.key.sign(&message);
        json!({
            "id": B64.encode(b"credential"),
            "client_data": B64.encode(&client),
            "authenticator_data": B64.encode(&data),
            "signature": B64.encode(signature.to_der().as_bytes()),
        })
    }
}

#[test]
fn a_passkey_opens_the_cabinet_once_a_challenge() {
    let world = World::demo();
    let cookie = world.applicant(PHONE);
    let mut device = Device::new();
    let asked = body(&world.post(&format!("{MY}/passkeys/options"), &cookie, &json!({})));
    assert_eq!(asked["rp"]["id"], "127.0.0.1");
    let made = device.made(&asked["challenge"]);
    // Another account cannot use this challenge.
    let other = world.applicant("b@mail.kz");
    assert_eq!(world.post(&format!("{MY}/passkeys"), &other, &made).status, 410);
    assert_eq!(world.post(&format!("{MY}/passkeys"), &cookie, &made).status, 204);
    assert_eq!(world.post(&format!("{MY}/passkeys"), &cookie, &made).status, 410);

    let options = || body(&world.post("/api/v1/cabinet/passkey/options", "", &json!({})));
    let enter = |signed: &Value| world.post("/api/v1/cabinet/passkey/sign-in", "", signed);
    let signed = device.signed(&options()["challenge"], ORIGIN);
    let entered = enter(&signed);
    assert_eq!(entered.status, 204);
    let set = entered.headers.iter().find(|(name, _)| *name == "set-cookie").unwrap();
    let session = set.1.split(';').next().unwrap();
    assert_eq!(world.get(&format!("{MY}/passkeys"), session).status, 200);
    // The same answer again, an answer for another site, one by another key, a counter gone back.
    assert_ne!(enter(&signed).status, 204);
    assert_eq!(
        body(&enter(&device.signed(&options()["challenge"], "https://evil.kz")))["code"],
        "passkey_origin"
    );
    let mut thief = Device { key: SigningKey::from_slice(&[8; 32]).unwrap(), counter: 50 };
    assert_eq!(
        body(&enter(&thief.signed(&options()["challenge"], ORIGIN)))["code"],
        "passkey_unknown"
    );
    device.counter = 0;
    assert_eq!(
        body(&enter(&device.signed(&options()["challenge"], ORIGIN)))["code"],
        "passkey_unknown"
    );
    assert_eq!(
        delete(&world, &format!("{MY}/passkeys/{}", B64.encode(b"credential")), &cookie).status,
        204
    );
    assert_eq!(body(&world.get(&format!("{MY}/passkeys"), &cookie)), json!([]));
}
