//! What the check page and the API ask before they publish: the same vacancy twice, documents of
//! the edition, texts in the wrong language, days in the reader's words.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use http_tests::{
    World,
    demo::{body, shipped},
};
use serde_json::{Value, json};

fn complete() -> Value {
    let edition = shipped("rules/teachers-competition/2023-08-15.json");
    json!({
        "position": "subject_teacher", "subject": "mathematics", "openings": 1, "rate": 100,
        "salary_from": 250_000, "language": "kk", "schedule": "full",
        "duties": { "kk": "Сабақ береді", "ru": "Ведёт уроки" },
        "requirements": { "kk": "Жоғары білім", "ru": "Высшее образование" },
        "documents": edition["publishing"]["documents"]["value"],
        "contact_phone": "+7 701 000 00 00", "contact_email": "school@example.kz",
    })
}

fn draft(world: &World, cookie: &str, content: &Value) -> Value {
    let me = body(&world.get("/api/v1/cabinet/me", cookie));
    let input = json!({ "organisation": me["organisations"][0]["id"], "content": content });
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

fn check(world: &World, cookie: &str, vacancy: &Value, lang: &str) -> Value {
    let id = vacancy["id"].as_str().unwrap();
    body(&world.get(&format!("/api/v1/cabinet/vacancies/{id}/check?lang={lang}"), cookie))
}

#[test]
fn the_same_vacancy_is_published_twice_only_on_purpose() {
    let world = World::demo();
    let clerk = world.session("hr.school1");
    let first = draft(&world, &clerk, &complete());
    assert_eq!(check(&world, &clerk, &first, "kk")["twin"], Value::Null);
    let publish = json!({"command": "publish", "at": null});
    let (status, first) = command(&world, &clerk, &first, &publish);
    assert_eq!(status, 200);
    let second = draft(&world, &clerk, &complete());
    assert_eq!(check(&world, &clerk, &second, "kk")["twin"]["number"], first["number"]);
    let (status, refusal) = command(&world, &clerk, &second, &publish);
    assert_eq!((status, &refusal["code"]), (409, &json!("duplicate")));
    let number = first["number"].to_string();
    assert!(refusal["detail"].as_str().unwrap().contains(&number));
    // A later time changes nothing about it, another language of instruction does.
    let later = json!({"command": "publish", "at": "2026-11-05T05:00:00Z"});
    assert_eq!(command(&world, &clerk, &second, &later).0, 409);
    let mut other = complete();
    other["language"] = json!("ru");
    let third = draft(&world, &clerk, &other);
    assert_eq!(command(&world, &clerk, &third, &publish).0, 200);
    let again = json!({"command": "publish", "at": null, "again": true});
    let (status, second) = command(&world, &clerk, &second, &again);
    assert_eq!((status, &second["state"]), (200, &json!("published")));
    let rows = world.db.rows(&format!(
        "SELECT after ->> 'same_as' AS same FROM journal
          WHERE action = 'vacancy.publish' AND object_id = '{}'",
        second["id"].as_str().unwrap()
    ));
    assert_eq!(rows[0]["same"], first["number"]);
}

#[test]
fn a_head_is_announced_once_a_second_person_has_seen_it() {
    let world = World::demo();
    let (clerk, head) = (world.session("hr.school1"), world.session("head.school1"));
    let mut content = complete();
    content["position"] = json!("school_director");
    content["subject"] = Value::Null;
    content["documents"] =
        shipped("rules/heads-competition/2023-08-15.json")["publishing"]["documents"]["value"]
            .clone();
    let vacancy = draft(&world, &clerk, &content);
    let publish = json!({"command": "publish", "at": null});
    assert_eq!(command(&world, &head, &vacancy, &publish).0, 409, "nobody has asked yet");
    let (status, asked) =
        command(&world, &clerk, &vacancy, &json!({"command": "request_approval"}));
    assert_eq!((status, &asked["state"]), (200, &json!("approval")), "{asked}");
    // Who asked does not give it; the other one may send it back.
    assert_eq!(asked["commands"], json!(["return"]));
    let (status, refusal) = command(&world, &clerk, &asked, &publish);
    assert_eq!((status, &refusal["code"]), (403, &json!("own_approval")));
    let reason = json!({"kk": "Мерзімі жоқ", "ru": "Нет срока"});
    let (status, back) =
        command(&world, &head, &asked, &json!({"command": "return", "reason": reason}));
    assert_eq!((status, &back["state"]), (200, &json!("draft")), "{back}");
    let (_, asked) = command(&world, &clerk, &back, &json!({"command": "request_approval"}));
    let seen = body(
        &world.get(&format!("/api/v1/cabinet/vacancies/{}", asked["id"].as_str().unwrap()), &head),
    );
    assert_eq!(seen["commands"], json!(["publish", "return"]));
    let (status, public) = command(&world, &head, &seen, &publish);
    assert_eq!((status, &public["state"]), (200, &json!("published")), "{public}");
}

#[test]
fn a_cook_is_asked_for_no_language_of_instruction() {
    let world = World::demo();
    let clerk = world.session("hr.school1");
    let mut content = complete();
    content["position"] = json!("cook");
    content["subject"] = Value::Null;
    content["documents"] =
        shipped("rules/workers-hiring/2026-01-01.json")["publishing"]["documents"]["value"].clone();
    // A copy of a teacher's announcement: its language goes with the post.
    let vacancy = draft(&world, &clerk, &content);
    assert_eq!(vacancy["content"]["language"], "");
    let (status, cook) =
        command(&world, &clerk, &vacancy, &json!({"command": "publish", "at": null}));
    assert_eq!(status, 200, "{cook}");
    let teacher = draft(&world, &clerk, &complete());
    let (status, teacher) =
        command(&world, &clerk, &teacher, &json!({"command": "publish", "at": null}));
    assert_eq!(status, 200, "{teacher}");
    let page = |vacancy: &Value| {
        let slug = vacancy["slug"].as_str().unwrap();
        let response = world.get(&format!("/ru/vacancies/{slug}"), "");
        assert_eq!(response.status, 200);
        String::from_utf8(response.body.to_vec()).unwrap()
    };
    assert!(page(&teacher).contains("Язык обучения"));
    assert!(!page(&cook).contains("Язык обучения"));
}

#[test]
fn the_check_page_names_what_is_missing_in_the_readers_words() {
    let world = World::demo();
    let clerk = world.session("hr.school1");
    let mut content = complete();
    content["documents"] = json!(["identity", "education"]);
    content["accept_to"] = json!("2026-11-04");
    content["duties"] = json!({ "kk": "Ведёт уроки", "ru": "Ведёт уроки" });
    let vacancy = draft(&world, &clerk, &content);
    for (lang, document, day) in [
        ("kk", "соттылығының", "2026\u{a0}жылғы 11\u{a0}қараша"),
        ("ru", "судимости", "11 ноября 2026"),
    ] {
        let answer = check(&world, &clerk, &vacancy, lang);
        let text = |field: &str| {
            let issues = answer["issues"].as_array().unwrap();
            let found = issues.iter().find(|issue| issue["field"] == field);
            found.unwrap_or_else(|| panic!("{field}: {answer}"))["text"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        assert!(text("documents").to_lowercase().contains(document), "{}", text("documents"));
        assert!(text("accept_to").contains(day), "{}", text("accept_to"));
        assert_eq!(answer["warnings"][0]["code"], "same_text");
        assert!(answer["required"].as_array().unwrap().contains(&json!("email")));
    }
    let publish = json!({"command": "publish", "at": null});
    let (status, refusal) = command(&world, &clerk, &vacancy, &publish);
    assert_eq!(status, 422);
    assert!(!refusal.to_string().contains('\u{1f}'));
}

#[test]
fn the_days_of_an_extension_are_told_before_it_is_asked_for() {
    let world = World::demo();
    let clerk = world.session("hr.school1");
    let vacancy = draft(&world, &clerk, &complete());
    let (_, vacancy) =
        command(&world, &clerk, &vacancy, &json!({"command": "publish", "at": null}));
    let answer = check(&world, &clerk, &vacancy, "kk");
    assert_eq!(
        (&answer["accept_to"], &answer["extend_from"]),
        (&json!("2026-11-11"), &json!("2026-11-16"))
    );
    let ask = |day: &Value| json!({"command": "extend", "accept_to": day, "reason": {"kk": "Өтінім аз", "ru": "Мало"}});
    let (status, _) = command(&world, &clerk, &vacancy, &ask(&json!("2026-11-13")));
    assert_eq!(status, 422);
    let (status, vacancy) = command(&world, &clerk, &vacancy, &ask(&answer["extend_to"]));
    assert_eq!((status, &vacancy["accept_to"]), (200, &answer["extend_to"]));
}

#[test]
fn what_opens_later_is_scheduled_in_the_history_and_goes_back_without_words() {
    let world = World::demo();
    let clerk = world.session("hr.school1");
    let vacancy = draft(&world, &clerk, &complete());
    let id = vacancy["id"].as_str().unwrap().to_owned();
    let actions = || {
        let history = body(&world.get(&format!("/api/v1/cabinet/vacancies/{id}/history"), &clerk));
        let all = history.as_array().unwrap().iter();
        all.map(|one| one["action"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let later = json!({"command": "publish", "at": "2026-11-05T05:00:00Z"});
    let (status, scheduled) = command(&world, &clerk, &vacancy, &later);
    assert_eq!((status, &scheduled["state"]), (200, &json!("scheduled")), "{scheduled}");
    assert_eq!(actions(), ["vacancy.schedule", "vacancy.create"]);
    let back = json!({"command": "return", "reason": {"kk": "", "ru": ""}});
    let (status, draft) = command(&world, &clerk, &scheduled, &back);
    assert_eq!((status, &draft["state"]), (200, &json!("draft")), "{draft}");
    let (status, _) = command(&world, &clerk, &draft, &later);
    assert_eq!(status, 200);
    world.at("2026-11-05T05:01:00Z");
    assert_eq!(world.with(async |ports| app::sweep::run(ports).await), Vec::<String>::new());
    let clerk = world.session("hr.school1");
    let history = body(&world.get(&format!("/api/v1/cabinet/vacancies/{id}/history"), &clerk));
    assert_eq!(history[0]["action"], "vacancy.publish");
}
