//! The cabinet's API, from drafts to the archive, with two clerks and strangers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use domain::{account::role::Role, shared::refusal::Kind};
use http_tests::{
    World,
    demo::{body, organisation, request, shipped},
};
use serde_json::{Value, json};

fn complete() -> Value {
    json!({
        "position": "subject_teacher", "subject": "mathematics", "openings": 1, "rate": 100,
        "salary_from": 250_000, "language": "kk", "schedule": "full",
        "duties": { "kk": "Сабақ береді", "ru": "Ведёт уроки" },
        "requirements": { "kk": "Жоғары білім", "ru": "Высшее образование" },
        "documents": ["application_form", "identity", "personal_sheet", "education", "health_075",
                      "psychoneurological", "narcological", "criminal_record", "score_sheet"],
        "contact_phone": "+7 701 000 00 00", "contact_email": "school@example.kz",
    })
}

fn school(world: &World) -> String {
    let cookie = world.session("hr.school1");
    body(&world.get("/api/v1/cabinet/me", &cookie))["organisations"][0]["id"]
        .as_str()
        .unwrap()
        .into()
}

fn draft(world: &World, cookie: &str) -> Value {
    let input = json!({ "organisation": school(world), "content": complete() });
    let response = world.post("/api/v1/cabinet/vacancies", cookie, &input);
    assert_eq!(response.status, 201, "{}", String::from_utf8_lossy(&response.body));
    body(&response)
}

fn command(world: &World, cookie: &str, vacancy: &Value, command: &Value) -> (u16, Value) {
    let id = vacancy["id"].as_str().unwrap();
    let mut request =
        world.command(&format!("/api/v1/cabinet/vacancies/{id}/commands"), cookie, command);
    request.headers.push(("if-match".into(), format!("\"{}\"", vacancy["version"])));
    let response = world.send(&request);
    (response.status, body(&response))
}

#[test]
fn a_vacancy_is_written_published_extended_and_concluded() {
    let world = World::demo();
    let clerk = world.session("hr.school1");
    let vacancy = draft(&world, &clerk);
    assert_eq!(vacancy["state"], "draft");
    assert_eq!(vacancy["title"]["kk"], "Математика мұғалімі");
    let (status, vacancy) =
        command(&world, &clerk, &vacancy, &json!({"command": "publish", "at": null}));
    assert_eq!(
        (status, &vacancy["state"], &vacancy["accept_to"]),
        (200, &json!("published"), &json!("2026-11-11"))
    );
    assert_eq!(vacancy["commands"], json!(["save", "extend", "pause", "end_early", "cancel"]));
    let extend = json!({"command": "extend", "accept_to": "2026-11-18", "reason": {"kk": "Өтінім аз", "ru": "Мало заявлений"}});
    let (status, vacancy) = command(&world, &clerk, &vacancy, &extend);
    assert_eq!((status, &vacancy["accept_to"]), (200, &json!("2026-11-18")));
    world.at("2026-11-18T13:00:00Z");
    let faults = world.with(async |ports| app::sweep::run(ports).await);
    assert_eq!(faults, Vec::<String>::new());
    let clerk = world.session("hr.school1");
    let id = vacancy["id"].as_str().unwrap();
    let vacancy = body(&world.get(&format!("/api/v1/cabinet/vacancies/{id}"), &clerk));
    assert_eq!(vacancy["state"], "closed");
    let conclude = json!({"command": "conclude", "filled": true, "outcome": {"applicants": 3, "note": {"kk": "Таңдалды", "ru": "Выбран"}}});
    let (status, vacancy) = command(&world, &clerk, &vacancy, &conclude);
    assert_eq!((status, &vacancy["state"]), (200, &json!("filled")));
    let history = body(&world.get(&format!("/api/v1/cabinet/vacancies/{id}/history"), &clerk));
    let actions: Vec<_> =
        history.as_array().unwrap().iter().map(|one| one["action"].as_str().unwrap()).collect();
    assert_eq!(
        actions,
        [
            "vacancy.conclude",
            "vacancy.close",
            "vacancy.extend",
            "vacancy.publish",
            "vacancy.create"
        ]
    );
}

#[test]
fn the_second_clerk_sees_what_the_first_changed_and_loses_nothing() {
    let world = World::demo();
    let (clerk, head) = (world.session("hr.school1"), world.session("head.school1"));
    let seen = draft(&world, &clerk);
    let save = |duties: &str| {
        let mut content = seen["content"].clone();
        content["duties"]["ru"] = json!(duties);
        json!({"command": "save", "content": content})
    };
    let (status, _) = command(&world, &head, &seen, &save("Ведёт уроки и кружок"));
    assert_eq!(status, 200);
    let (status, answer) =
        command(&world, &clerk, &seen, &save("Ведёт уроки, классное руководство"));
    assert_eq!(status, 412);
    assert_eq!(answer["conflict"]["differs"], json!(["duties.ru"]));
    assert_eq!(answer["conflict"]["current"]["content"]["duties"]["ru"], "Ведёт уроки и кружок");
    let (status, _) = command(&world, &clerk, &answer["conflict"]["current"], &save("Оба текста"));
    assert_eq!(status, 200);
}

#[test]
fn a_replayed_command_is_answered_not_repeated() {
    let world = World::demo();
    let clerk = world.session("hr.school1");
    let input = json!({ "organisation": school(&world), "content": complete() });
    let request = world.command("/api/v1/cabinet/vacancies", &clerk, &input);
    let (first, again) = (world.send(&request), world.send(&request));
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(body(&first)["id"], body(&again)["id"]);
    assert_eq!(world.db.rows("SELECT count(*) AS n FROM vacancy")[0]["n"], 1);
    let mut other = request.clone();
    other.body = json!({ "organisation": school(&world), "content": {} }).to_string().into_bytes();
    assert_eq!(
        (world.send(&other).status, body(&world.send(&other))["code"].clone()),
        (422, json!("idempotency_reused"))
    );
    let mut without = request;
    without.headers.retain(|(name, _)| name != "idempotency-key");
    assert_eq!(world.send(&without).status, Kind::Precondition.status());
}

#[test]
fn a_stranger_learns_nothing_of_another_school() {
    let world = World::demo();
    let (clerk, stranger) = (world.session("hr.school1"), world.session("hr.school2"));
    let vacancy = draft(&world, &clerk);
    let id = vacancy["id"].as_str().unwrap();
    for rest in ["", "/check", "/history", "/views"] {
        let response = world.get(&format!("/api/v1/cabinet/vacancies/{id}{rest}"), &stranger);
        assert_eq!(response.status, 404, "{rest}");
    }
    assert_eq!(command(&world, &stranger, &vacancy, &json!({"command": "archive"})).0, 404);
    let list = body(&world.get("/api/v1/cabinet/vacancies", &stranger));
    assert_eq!(list["items"], json!([]));
    let input = json!({ "organisation": school(&world), "content": complete() });
    assert_eq!(world.post("/api/v1/cabinet/vacancies", &stranger, &input).status, 404);
    // The district sees its school, the ministry sees but does not act.
    let district = world.session("region.jetisu");
    assert_eq!(world.get(&format!("/api/v1/cabinet/vacancies/{id}"), &district).status, 200);
    let ministry = world.session("ministry");
    assert_eq!(world.get(&format!("/api/v1/cabinet/vacancies/{id}"), &ministry).status, 200);
    assert_eq!(command(&world, &ministry, &vacancy, &json!({"command": "archive"})).0, 403);
}

/// Role by role, route by route: the answer is a refusal exactly where the table says so.
#[test]
fn every_route_obeys_the_table_of_permissions() {
    use app::routes::{Access, all};
    let world = World::demo();
    let region = shipped("demo/region.json");
    let accounts = region["accounts"].as_array().unwrap();
    let any = "01kdvdna06fvpr34d71jkadp5k";
    for route in all().filter(|route| route.access != Access::Public) {
        let path = route.path.replace("{id}", any).replace("{lang}", "kk");
        let nobody = world.send(&request(route.method.name(), &path, ""));
        let signed_out = if path.starts_with("/api/") { 401 } else { 303 };
        assert_eq!(nobody.status, signed_out, "{} {path}", route.method.name());
        for account in accounts {
            let cookie = world.session(account["login"].as_str().unwrap());
            let roles: Vec<Role> = account["roles"]
                .as_array()
                .unwrap()
                .iter()
                .map(|role| Role::parse(role["role"].as_str().unwrap()).unwrap())
                .collect();
            let allowed = match route.access {
                Access::May(permission) => {
                    roles.iter().any(|role| role.permissions().contains(&permission))
                }
                Access::Public | Access::SignedIn => true,
            };
            let status = world.send(&request(route.method.name(), &path, &cookie)).status;
            assert_eq!(
                status == 403,
                !allowed,
                "{} {path} as {}: {status}",
                route.method.name(),
                account["login"]
            );
            assert_ne!(status, 401, "{} {path}", route.method.name());
            world.at(&world.now.get().plus_seconds(1).to_string());
        }
    }
}

#[test]
fn foreign_pages_cannot_post() {
    let world = World::demo();
    let clerk = world.session("hr.school1");
    let input = json!({ "organisation": school(&world), "content": complete() });
    let own = world.command("/api/v1/cabinet/vacancies", &clerk, &input);
    for (name, value) in
        [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), ("origin", "null")]
    {
        let mut foreign = own.clone();
        foreign.headers.retain(|(have, _)| have != name);
        foreign.headers.push((name.into(), value.into()));
        assert_eq!(world.send(&foreign).status, 403, "{name}: {value}");
    }
    let mut bare = own.clone();
    bare.headers.retain(|(name, _)| name != "origin" && name != "sec-fetch-site");
    assert_eq!(world.send(&bare).status, 403);
    assert_eq!(world.send(&own).status, 201);
}

#[test]
fn nonsense_gets_a_clear_answer() {
    let world = World::demo();
    let clerk = world.session("hr.school1");
    let post = |input: Value| {
        let response = world.post("/api/v1/cabinet/vacancies", &clerk, &input);
        let answer = body(&response);
        let fields: Vec<_> = answer["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| {
                format!("{}:{}", one["field"].as_str().unwrap(), one["code"].as_str().unwrap())
            })
            .collect();
        (response.status, fields)
    };
    let with = |change: Value| {
        let mut content = complete();
        for (name, value) in change.as_object().unwrap() {
            content[name] = value.clone();
        }
        json!({ "organisation": school(&world), "content": content })
    };
    assert_eq!(post(with(json!({"position": "king"}))), (422, vec!["position:unknown".into()]));
    assert_eq!(post(with(json!({"rate": 30}))), (422, vec!["rate:rate".into()]));
    assert_eq!(
        post(with(json!({"salary_from": 5, "salary_to": 4}))),
        (422, vec!["salary_to:salary_order".into()])
    );
    assert_eq!(
        post(with(json!({"contact_phone": "call me"}))),
        (422, vec!["contact_phone:phone".into()])
    );
    assert_eq!(
        post(with(json!({"duties": {"kk": "ә".repeat(5000), "ru": ""}}))),
        (422, vec!["duties.kk:too_long".into()])
    );
    assert_eq!(post(json!({"organisation": organisation("region")})).0, 404);
    assert_eq!(post(json!({"organisation": "1' OR '1'='1"})).0, 404);
    let mut broken = world.command("/api/v1/cabinet/vacancies", &clerk, &json!({}));
    broken.body = b"{\"organisation\": \"\xff".to_vec();
    assert_eq!(world.send(&broken).status, 400);
    // What can be read and says something else is told by field, in the reader's language.
    let late = json!({"organisation": school(&world), "content": {"accept_to": "31.12.2026"}});
    let answer = world.post("/api/v1/cabinet/vacancies", &clerk, &late);
    let (status, answer) = (answer.status, body(&answer));
    let wrong = &answer["errors"][0];
    let place = (&wrong["field"], &wrong["pointer"], &wrong["code"]);
    let expected = (&json!("content.accept_to"), &json!("/content/accept_to"), &json!("shape_day"));
    assert_eq!((status, place), (422, expected), "{answer}");
    assert!(wrong["detail"].as_str().unwrap().contains("2026-03-05"), "{wrong}");
    assert_eq!(world.get("/api/v1/cabinet/vacancies?state=limbo", &clerk).status, 422);
    assert_eq!(world.get("/api/v1/cabinet/vacancies?cursor=%FF", &clerk).status, 422);
}

#[test]
fn the_journal_is_sealed_and_cannot_be_rewritten() {
    let world = World::demo();
    let clerk = world.session("hr.school1");
    draft(&world, &clerk);
    draft(&world, &clerk);
    world.with(async |ports| app::sweep::run(ports).await);
    let seals = world.db.rows("SELECT seq, hash FROM journal_seal ORDER BY seq");
    assert_eq!(seals.len(), world.db.rows("SELECT seq FROM journal").len());
    let head = body(&world.get("/api/v1/journal/head", ""));
    assert_eq!(head["hash"], seals.last().unwrap()["hash"]);
    for sql in
        ["UPDATE journal SET action = 'x'", "DELETE FROM journal", "DELETE FROM journal_seal"]
    {
        let refused = world.with(async |ports| ports.db.batch(vec![domain::sql!(sql)]).await);
        assert!(refused.is_err(), "{sql}");
    }
}

#[test]
fn an_account_is_opened_by_those_who_may_and_duties_stay_separate() {
    let world = World::demo();
    let admin = world.session("sys.admin");
    let input = |role: &str| {
        json!({
            "iin": "850412300006", "surname": "Ахметов", "name": "Әли", "login": "a.akhmetov",
            "role": { "role": role, "organisation": school(&world), "scope": "own" },
        })
    };
    let response = world.post("/api/v1/cabinet/accounts", &admin, &input("hr_clerk"));
    assert_eq!(response.status, 201, "{}", String::from_utf8_lossy(&response.body));
    let account = body(&response)["account"].as_str().unwrap().to_owned();
    assert!(body(&response)["link"].as_str().unwrap().contains("/activate/"));
    let again = world.post("/api/v1/cabinet/accounts", &admin, &input("hr_clerk"));
    assert_eq!((again.status, body(&again)["code"].clone()), (409, json!("taken_person")));
    let role = json!({ "role": "auditor", "organisation": school(&world), "scope": "own" });
    let refused = world.post(&format!("/api/v1/cabinet/accounts/{account}/roles"), &admin, &role);
    assert_eq!((refused.status, body(&refused)["code"].clone()), (409, json!("grant_exclusive")));
    let clerk = world.session("hr.school1");
    assert_eq!(world.post("/api/v1/cabinet/accounts", &clerk, &input("hr_clerk")).status, 403);
}

#[test]
fn budgets_are_kept_and_keys_cannot_be_made_up() {
    use app::ports::Limit;
    let world = World::demo();
    let with_key = |key: &str| {
        let mut asked = request("GET", "/api/v1/journal/head", "");
        asked.headers.push(("authorization".into(), format!("Bearer {key}")));
        world.send(&asked).status
    };
    assert_eq!(with_key("made-up"), 401);
    let admin = world.session("sys.admin");
    let answer = body(&world.post("/api/v1/cabinet/keys", &admin, &json!({"name": "Partner"})));
    let (id, key) = (answer["id"].as_str().unwrap(), answer["secret"].as_str().unwrap());
    assert_eq!(with_key(key), 200);
    world.limiter.closed.set(Some(Limit::Public));
    let limited = world.get("/api/v1/journal/head", "");
    assert_eq!((limited.status, with_key(key)), (429, 200));
    assert!(limited.headers.iter().any(|(name, _)| *name == "retry-after"));
    world.limiter.closed.set(Some(Limit::ApiKey));
    assert_eq!(with_key(key), 429);
    world.limiter.closed.set(None);
    let revoke = request("DELETE", &format!("/api/v1/cabinet/keys/{id}"), &admin);
    assert_eq!((world.send(&revoke).status, with_key(key)), (204, 401));
}

#[test]
fn the_list_is_searched_by_words_of_either_language_and_sorted() {
    let world = World::demo();
    let clerk = world.session("hr.school1");
    let first = draft(&world, &clerk);
    let mut content = complete();
    content["subject"] = json!("physics");
    let second = json!({ "organisation": school(&world), "content": content });
    let second = body(&world.post("/api/v1/cabinet/vacancies", &clerk, &second));
    let (_, second) = command(&world, &clerk, &second, &json!({"command": "publish", "at": null}));
    let numbers = |query: &str| -> Vec<Value> {
        let answer = body(&world.get(&format!("/api/v1/cabinet/vacancies?{query}"), &clerk));
        answer["items"].as_array().unwrap().iter().map(|one| one["number"].clone()).collect()
    };
    let (a, b) = (first["number"].clone(), second["number"].clone());
    assert_eq!(
        numbers(
            "q=%D1%83%D1%87%D0%B8%D1%82%D0%B5%D0%BB%D1%8F+%D1%84%D0%B8%D0%B7%D0%B8%D0%BA%D0%B8"
        ),
        std::slice::from_ref(&b)
    );
    assert_eq!(numbers("q=matematika"), std::slice::from_ref(&a));
    assert_eq!(numbers(&format!("number={a}")), std::slice::from_ref(&a));
    assert_eq!(numbers("q=nothing"), Vec::<Value>::new());
    assert_eq!(numbers("sort=ending"), [b.clone(), a.clone()]);
    assert_eq!(numbers("sort=number"), [b, a]);
    assert_eq!(world.get("/api/v1/cabinet/vacancies?sort=beauty", &clerk).status, 422);
}

#[test]
fn a_draft_is_previewed_by_its_own_people_only() {
    let world = World::demo();
    let clerk = world.session("hr.school1");
    let vacancy = draft(&world, &clerk);
    let address = format!("/ru/preview/{}", vacancy["id"].as_str().unwrap());
    let page = world.get(&address, &clerk);
    assert_eq!(page.status, 200);
    let framed = page.headers.iter().any(|(_, value)| value.contains("frame-ancestors 'self'"));
    let kept = page.headers.iter().any(|(_, value)| value == "private, no-store");
    assert!(framed && kept && String::from_utf8(page.body).unwrap().contains("Учитель математики"));
    assert_eq!(world.get(&address, &world.session("hr.school2")).status, 404);
    assert_eq!(world.get(&address, "").status, 303);
    assert_eq!(
        world.get(&format!("/ru/vacancies/{}", vacancy["slug"].as_str().unwrap()), "").status,
        404
    );
}

#[test]
fn the_end_of_the_calendar_is_told_in_time() {
    let world = World::demo();
    let end = |login: &str| {
        body(&world.get("/api/v1/cabinet/me", &world.session(login)))["calendar_until"].clone()
    };
    let ready = || body(&world.get("/readyz", ""))["calendar"].clone();
    world.db.execute(
        "INSERT INTO calendar_year (year, week, revision) VALUES (2026, 5, 1), (2026, 6, 1)",
    );
    world.at("2026-11-01T18:00:00Z");
    assert_eq!(end("directory.admin"), Value::Null);
    assert_eq!(ready(), json!({ "until": "2026-12-31", "ends_soon": false }));
    world.at("2026-11-01T20:00:00Z");
    for login in ["directory.admin", "sys.admin"] {
        assert_eq!(end(login), "2026-12-31", "{login}");
    }
    assert_eq!(end("hr.school1"), Value::Null);
    assert_eq!(ready(), json!({ "until": "2026-12-31", "ends_soon": true }));
    // One week's calendar alone is none.
    world.db.execute("INSERT INTO calendar_year (year, week, revision) VALUES (2027, 5, 1)");
    assert_eq!(ready()["ends_soon"], true);
    world.db.execute("INSERT INTO calendar_year (year, week, revision) VALUES (2027, 6, 1)");
    assert_eq!(ready(), json!({ "until": "2027-12-31", "ends_soon": false }));
    world.db.execute("DELETE FROM calendar_year");
    let answer = world.get("/readyz", "");
    assert_eq!(
        (answer.status, &body(&answer)["calendar"]),
        (200, &json!({ "until": null, "ends_soon": true }))
    );
}
