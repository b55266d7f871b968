//! Pages of vacancies: what they show, what they never do, in every state.
//! `WEB_SAMPLES=<folder>` writes the pages there, with their stylesheet, to be looked at.

#![expect(clippy::unwrap_used, reason = "a test helper fails by panicking")]

use app::http::{After, Response};
use domain::shared::locale::PUBLIC;
use http_tests::{
    World,
    demo::{body, request},
};
use serde_json::{Value, json};

fn text(response: &Response) -> &str {
    std::str::from_utf8(&response.body).unwrap()
}

fn get(world: &World, address: &str) -> Response {
    world.get(address, "")
}

fn content() -> Value {
    json!({
        "position": "subject_teacher", "subject": "mathematics", "openings": 2, "rate": 150,
        "hours": 27, "salary_from": 250_000, "salary_to": 320_000, "language": "kk",
        "schedule": "full", "experience": 3, "category": "moderator",
        "bonuses": { "kk": "Ауылдық жерде жұмыс істегені үшін 25 % үстемақы.",
                     "ru": "Доплата 25 % за работу в сельской местности." },
        "duties": {
            "kk": "5–9-сыныптарда математика сабағын жүргізеді.\nОқушылардың білімін бағалап, ата-анамен байланыс жасайды.\nӘдістемелік бірлестіктің жұмысына қатысады.",
            "ru": "Ведёт уроки математики в 5–9 классах.\nОценивает знания учащихся и держит связь с родителями.\nУчаствует в работе методического объединения." },
        "requirements": {
            "kk": "Тиісті бейін бойынша жоғары педагогикалық білім немесе педагогикалық қайта даярлау туралы құжат.",
            "ru": "Высшее педагогическое образование по профилю или документ о педагогической переподготовке." },
        "conditions": { "kk": "Бес күндік жұмыс аптасы, оқу кабинеті жабдықталған.",
                        "ru": "Пятидневная рабочая неделя, оборудованный кабинет." },
        "documents": ["application_form", "identity", "personal_sheet", "education", "work_record",
                      "health_075", "psychoneurological", "narcological", "criminal_record", "score_sheet"],
        "extras": ["housing", "rural_programme"],
        "contact_name": "Айгүл Серікқызы", "contact_phone": "+7 701 234 56 78",
        "contact_email": "school@example.kz",
    })
}

/// Writes, publishes and indexes a vacancy; returns it as the cabinet sees it.
fn published(world: &World, login: &str, content: &Value) -> Value {
    let cookie = world.session(login);
    let me = body(&world.get("/api/v1/cabinet/me", &cookie));
    let input = json!({ "organisation": me["organisations"][0]["id"], "content": content });
    let made = world.post("/api/v1/cabinet/vacancies", &cookie, &input);
    assert_eq!(made.status, 201, "{}", text(&made));
    let vacancy = command(world, login, &body(&made), &json!({"command": "publish", "at": null}));
    index(world);
    vacancy
}

fn command(world: &World, login: &str, vacancy: &Value, command: &Value) -> Value {
    let cookie = world.session(login);
    let id = vacancy["id"].as_str().unwrap();
    let mut request =
        world.command(&format!("/api/v1/cabinet/vacancies/{id}/commands"), &cookie, command);
    request.headers.push(("if-match".into(), format!("\"{}\"", vacancy["version"])));
    let response = world.send(&request);
    assert_eq!(response.status, 200, "{}", text(&response));
    body(&response)
}

fn index(world: &World) {
    world.with(async |ports| {
        let mut cursor = None;
        loop {
            cursor = app::search::rebuild(ports, cursor.as_deref()).await.unwrap();
            if cursor.is_none() {
                break;
            }
        }
    });
}

fn slug(vacancy: &Value) -> &str {
    vacancy["slug"].as_str().unwrap()
}

#[test]
fn a_vacancy_is_read_in_three_languages() {
    let world = World::demo();
    let vacancy = published(&world, "hr.school1", &content());
    for (lang, title, left) in [
        ("kk", "Математика мұғалімі", "күн қалды"),
        ("ru", "Учитель математики", "сталось"),
        ("en", "Mathematics teacher", "days left"),
    ] {
        let page = get(&world, &format!("/{lang}/vacancies/{}", slug(&vacancy)));
        assert_eq!(page.status, 200);
        let html = text(&page);
        for part in [title, left, "250", "₸", "tel:+77012345678", "rel=\"canonical\""] {
            assert!(html.contains(part), "{lang}: {part}");
        }
        assert!(!html.contains("noindex") && !html.contains("school@example.kz"));
        assert_eq!(html.matches("<h1").count(), 1);
        assert!(!html.contains(" style=") && !html.contains("onclick"));
        let view = &page.after[0];
        let want = vacancy["id"].as_str().unwrap();
        assert!(
            matches!(view, After::CountView { vacancy, source: "direct", .. } if vacancy == want)
        );
    }
    let english = get(&world, &format!("/en/vacancies/{}", slug(&vacancy)));
    assert!(text(&english).contains("class=\"prose text\" lang=\"ru\""));
}

#[test]
fn views_are_added_up() {
    let world = World::demo();
    let vacancy = published(&world, "hr.school1", &content());
    let id = vacancy["id"].as_str().unwrap();
    let counted =
        json!([[id, "2026-11-02", "kk", "direct", 2], [id, "2026-11-02", "ru", "search", 1]]);
    for _ in 0..2 {
        let add = domain::vacancy::sql::add_views(&counted.to_string());
        world.with(async |ports| ports.db.batch(vec![add]).await.map(drop)).unwrap();
    }
    let rows = world.db.rows("SELECT lang, n FROM vacancy_view ORDER BY lang");
    assert_eq!(json!(rows), json!([{ "lang": "kk", "n": 4 }, { "lang": "ru", "n": 2 }]));
}

/// The mark-up of a page, read back.
fn posting(html: &str) -> Option<Value> {
    let (_, rest) = html.split_once("<script type=\"application/ld+json\">")?;
    let (json, _) = rest.split_once("</script>")?;
    Some(serde_json::from_str(json).unwrap())
}

#[test]
fn hostile_texts_stay_texts() {
    let evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&<!--";
    let world = World::demo();
    let mut content = content();
    for field in ["title", "duties", "requirements", "conditions", "bonuses", "address"] {
        content[field] = json!({ "kk": evil, "ru": evil, "en": evil });
    }
    content["contact_name"] = json!(evil);
    let vacancy = published(&world, "hr.school1", &content);
    world.db.execute(&format!(
        "UPDATE organisation SET name_kk = '{0}', name_ru = '{0}', address_kk = '{0}',
           address_ru = '{0}', about_kk = '{0}', site = 'javascript:alert(1)'",
        evil.replace('\'', "''")
    ));
    index(&world);
    let organisation = vacancy["organisation"]["slug"].as_str().unwrap();
    for lang in ["kk", "ru", "en"] {
        for address in [
            format!("/{lang}/vacancies/{}", slug(&vacancy)),
            format!("/{lang}/vacancies"),
            format!("/{lang}/vacancies?q=%3Cscript%3Ealert(1)%3C/script%3E\"'"),
            format!("/{lang}/organisations/{organisation}"),
            format!("/{lang}/organisations"),
            format!("/{lang}/"),
            format!("/{lang}/vacancies/{}/card.svg", slug(&vacancy)),
        ] {
            let page = get(&world, &address);
            assert_eq!(page.status, 200, "{address}");
            let html = text(&page);
            assert!(!html.contains("<script>") && !html.contains("<img"), "{address}");
            assert!(!html.contains("href=\"javascript"), "{address}");
            if let Some(json) = posting(html) {
                assert_eq!(json["title"], evil.trim());
                assert_eq!(html.matches("</script>").count(), 1);
            }
        }
    }
    let file = get(&world, &format!("/kk/vacancies/{}/deadline.ics", slug(&vacancy)));
    assert!(text(&file).lines().all(|line| line.len() <= 75));
}

#[test]
fn the_mark_up_says_what_search_engines_ask_for() {
    let world = World::demo();
    let vacancy = published(&world, "hr.school1", &content());
    let page = get(&world, &format!("/ru/vacancies/{}", slug(&vacancy)));
    let json = posting(text(&page)).unwrap();
    assert_eq!(json["@type"], "JobPosting");
    assert_eq!(json["title"], "Учитель математики");
    assert_eq!(json["datePosted"], "2026-11-02");
    assert!(json["validThrough"].as_str().unwrap().ends_with("+05:00"));
    assert_eq!(json["baseSalary"]["currency"], "KZT");
    assert_eq!(json["baseSalary"]["value"]["minValue"], 250_000);
    assert_eq!(json["jobLocation"]["address"]["addressCountry"], "KZ");
    assert_eq!(json["totalJobOpenings"], 2);
    assert_eq!(json["directApply"], true);
    assert_eq!(json["employmentType"], json!(["FULL_TIME"]));
}

#[test]
fn the_calendar_file_is_one_event() {
    let world = World::demo();
    let vacancy = published(&world, "hr.school1", &content());
    let file = get(&world, &format!("/kk/vacancies/{}/deadline.ics", slug(&vacancy)));
    let ics = text(&file);
    assert!(ics.starts_with("BEGIN:VCALENDAR\r\n") && ics.ends_with("END:VCALENDAR\r\n"));
    assert!(ics.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')));
    let start = ics.lines().find_map(|line| line.strip_prefix("DTSTART:")).unwrap();
    assert_eq!(start.trim().len(), 16);
    for name in ["UID:", "DTSTAMP:", "SUMMARY:", "TRIGGER:-P1D"] {
        assert_eq!(ics.matches(&format!("\r\n{name}")).count(), 1, "{name}");
    }
}

#[test]
fn what_is_over_stays_readable_and_leaves_the_index() {
    let world = World::demo();
    let vacancy = published(&world, "hr.school1", &content());
    let address = format!("/kk/vacancies/{}", slug(&vacancy));
    let cancel = json!({"command": "cancel", "reason": "funding",
        "note": {"kk": "Қаражат бөлінбеді", "ru": "Не выделено финансирование"}});
    command(&world, "hr.school1", &vacancy, &cancel);
    let page = get(&world, &address);
    assert_eq!(page.status, 200);
    assert!(text(&page).contains("noindex") && posting(text(&page)).is_none());
    assert!(text(&page).contains("Қаражат бөлінбеді"));
    assert!(text(&page).contains("Хабарландырудың күші жойылды"));
    assert_eq!(get(&world, &format!("{address}/deadline.ics")).status, 404);

    let other = published(&world, "hr.school1", &content());
    world.at("2026-12-31T05:00:00Z");
    let page = get(&world, &format!("/ru/vacancies/{}", slug(&other)));
    assert!(text(&page).contains("Приём документов завершён") && text(&page).contains("noindex"));
}

#[test]
fn addresses_lead_where_they_should() {
    let world = World::demo();
    let vacancy = published(&world, "hr.school1", &content());
    let id = vacancy["id"].as_str().unwrap();
    world.db.execute(&format!("INSERT INTO vacancy_slug VALUES ('old-name', '{id}')"));
    let moved = get(&world, "/ru/vacancies/old-name");
    let to = moved.headers.iter().find(|(name, _)| *name == "location").unwrap();
    assert_eq!((moved.status, &*to.1), (301, &*format!("/ru/vacancies/{}", slug(&vacancy))));
    for unknown in [
        "/kk/vacancies/nothing",
        "/kk/organisations/nothing",
        "/kk/vacancies/region/1",
        "/kk/vacancies/subject/nothing",
        "/kk/help/nothing",
    ] {
        assert_eq!(get(&world, unknown).status, 404, "{unknown}");
    }
    world.db.execute("UPDATE vacancy SET state = 'draft'");
    assert_eq!(get(&world, &format!("/kk/vacancies/{}", slug(&vacancy))).status, 404);
}

#[test]
fn the_list_is_found_narrowed_and_empty() {
    let world = World::demo();
    published(&world, "hr.school1", &content());
    let all = get(&world, "/kk/vacancies");
    assert!(text(&all).contains("1 бос орын табылды"));
    let landing = get(&world, "/ru/vacancies/subject/mathematics");
    assert_eq!(landing.status, 200);
    assert!(text(&landing).contains("/ru/vacancies/subject/mathematics\">"));
    assert!(!text(&landing).contains("noindex"));
    let searched = get(&world, "/ru/vacancies?q=vfntvfnbrf");
    assert!(text(&searched).contains("Учитель математики"));
    assert!(text(&searched).contains("noindex"));
    let none = get(&world, "/en/vacancies?q=zzzzzz");
    assert!(text(&none).contains("No such open vacancies"));
}

#[test]
fn every_text_in_use_exists_and_every_text_is_used() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../workers/app");
    let mut sources = String::new();
    let mut folders = vec![root.join("src/web"), root.join("templates")];
    while let Some(folder) = folders.pop() {
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_none_or(|ending| ending != "js") {
                // Scripts get their texts from the page.
                sources += &std::fs::read_to_string(path).unwrap();
            }
        }
    }
    // A page with texts of its own asks itself.
    let sources = sources.replace("self.t(", "own(");
    let keys: Vec<&str> = PUBLIC.keys().collect();
    let asked =
        [".t(\"", ".f(\"", "\nTEXTS.get(lang, \"", " TEXTS.get(lang, \"", "t(\"", "fill(lang, \""];
    for marker in asked {
        for part in sources.split(marker).skip(1) {
            let key = part.split('"').next().unwrap();
            let looks = key
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._".contains(&b));
            let counted = keys.contains(&format!("{key}.many").as_str());
            assert!(
                !looks || key.is_empty() || key.ends_with('.') || counted || keys.contains(&key),
                "{key}"
            );
        }
    }
    for marker in [".n(\"", "TEXTS.count(lang, \""] {
        for part in sources.split(marker).skip(1) {
            let key = part.split('"').next().unwrap();
            for form in ["one", "few", "many"] {
                assert!(keys.contains(&format!("{key}.{form}").as_str()), "{key}.{form}");
            }
        }
    }
    let made = ["tile.", "event.", "changed.", "state."];
    for key in keys {
        let base = key.trim_end_matches(".one").trim_end_matches(".few").trim_end_matches(".many");
        let used =
            sources.contains(&format!("\"{base}\"")) || made.iter().any(|m| key.starts_with(m));
        assert!(used, "nobody uses {key}");
    }
}

#[test]
fn samples_to_look_at() {
    let Ok(folder) = std::env::var("WEB_SAMPLES") else { return };
    let world = World::demo();
    let mut first = Value::Null;
    for (place, subject) in
        ["mathematics", "physics", "kazakh_language", "chemistry", "english", "biology", "music"]
            .into_iter()
            .enumerate()
    {
        let mut content = content();
        content["subject"] = json!(subject);
        content["rate"] = json!(50 + 25 * place);
        content["salary_from"] = json!(180_000 + 20_000 * place);
        if place > 3 {
            content["salary_to"] = Value::Null;
            content["extras"] = json!([]);
        }
        let made =
            published(&world, if place % 2 == 0 { "hr.school1" } else { "hr.school2" }, &content);
        if place == 0 {
            first = made;
        }
    }
    world.at("2026-11-04T05:20:00Z");
    let mut changed = content();
    changed["salary_to"] = json!(350_000);
    first = command(&world, "hr.school1", &first, &json!({"command": "save", "content": changed}));
    let extend = json!({"command": "extend", "accept_to": "2026-11-18",
        "reason": {"kk": "Өтінім аз түсті", "ru": "Поступило мало заявлений"}});
    first = command(&world, "hr.school1", &first, &extend);
    index(&world);
    let organisation = first["organisation"]["slug"].as_str().unwrap().to_owned();
    for lang in ["kk", "ru", "en"] {
        for (name, rest) in [
            ("home", "/".to_owned()),
            ("list", "/vacancies".to_owned()),
            ("filtered", "/vacancies?q=vfntvfnbrf&region=330000000&extra=housing".to_owned()),
            (
                "empty",
                "/vacancies?q=%D1%85%D0%B8%D0%BC%D0%B8%D1%8F&extra=no_experience&language=en"
                    .to_owned(),
            ),
            ("landing", "/vacancies/region/330000000".to_owned()),
            ("vacancy", format!("/vacancies/{}", slug(&first))),
            ("organisations", "/organisations".to_owned()),
            ("organisation", format!("/organisations/{organisation}")),
            ("help", "/help".to_owned()),
            ("article", "/help/publish".to_owned()),
            ("missing", "/vacancies/nothing".to_owned()),
            ("card", format!("/vacancies/{}/card.svg", slug(&first))),
        ] {
            let page = get(&world, &format!("/{lang}{rest}"));
            let kind = if name == "card" { "svg" } else { "html" };
            let style = app::web::assets::STYLES;
            let html = text(&page)
                .replace(style.0, "mansap.css")
                .replace(app::web::assets::ICON.0, "icon.svg");
            std::fs::write(format!("{folder}/{lang}-{name}.{kind}"), html).unwrap();
            std::fs::write(format!("{folder}/mansap.css"), style.1).unwrap();
        }
        let form = app::web::AccountForm {
            action: format!("/{lang}/sign-in"),
            errors: vec![("login".into(), "…".into()), ("code".into(), "…".into())],
            demo: vec![app::web::DemoAccount {
                role: "hr_clerk".into(),
                login: "hr.school1".into(),
                password: "demo".into(),
                code: "123456".into(),
            }],
            ..Default::default()
        };
        let parsed = domain::shared::lang::Lang::parse(lang).unwrap();
        let html = app::web::sign_in_page(&world.config, parsed, &form);
        let html = html.replace(app::web::assets::STYLES.0, "mansap.css");
        std::fs::write(format!("{folder}/{lang}-signin.html"), html).unwrap();
        let form = app::web::AccountForm {
            name: "Айгүл Серікқызы".into(),
            secret: "JBSWY3DPEHPK3PXP".into(),
            otpauth: "otpauth://totp/Mansap:hr?secret=JBSWY3DPEHPK3PXP".into(),
            ..Default::default()
        };
        let html = app::web::activation_page(&world.config, parsed, "/activate/x", &form);
        let html = html.replace(app::web::assets::STYLES.0, "mansap.css");
        std::fs::write(format!("{folder}/{lang}-activation.html"), html).unwrap();
    }
    let _ = request("GET", "/", "");
}

#[test]
fn one_host_per_language_is_a_setting() {
    let mut world = World::demo();
    world.config.origin = "https://mansap.example".into();
    world.config.hosts =
        ["https://mansap.example", "https://rus.mansap.example", "https://eng.mansap.example"]
            .map(str::to_owned)
            .into();
    let get = |host: &str, path: &str| {
        let mut asked = http_tests::demo::request("GET", path, "");
        asked.headers.retain(|(name, _)| name != "host");
        asked.headers.push(("host".into(), host.into()));
        let answer = world.send(&asked);
        let to = answer
            .headers
            .iter()
            .find(|(name, _)| *name == "location")
            .map(|(_, to)| to.to_string());
        (answer.status, to.unwrap_or_default(), String::from_utf8_lossy(&answer.body).into_owned())
    };
    assert!(get("mansap.example", "/help").2.contains("<html lang=\"kk\""));
    let russian = get("rus.mansap.example", "/");
    assert!(russian.0 == 200 && russian.2.contains("<html lang=\"ru\""));
    assert!(russian.2.contains("href=\"https://eng.mansap.example/\""));
    let prefixed = get("rus.mansap.example", "/kk/vacancies?q=a");
    assert_eq!((prefixed.0, prefixed.1.as_str()), (301, "https://mansap.example/vacancies?q=a"));
    assert_eq!(get("rus.mansap.example", "/healthz").0, 200);
    assert_eq!(get("rus.mansap.example", "/nothing").0, 404);
}
