//! The public API, the feed, the map of the site and the contract.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test helper fails by panicking")]

#[path = "search/data.rs"]
mod data;

use app::{
    http::{Request, Response},
    routes::Router,
};
use data::country;
use domain::search::api::{Changes, Facets, List};
use http_tests::World;
use serde_json::{Value, json};

fn ask(world: &World, method: &str, address: &str, headers: &[(&str, &str)]) -> Response {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let request = Request {
        method: method.into(),
        path: path.into(),
        query: query.into(),
        headers: headers.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect(),
        body: Vec::new(),
        client: "192.0.2.1".into(),
    };
    let router = Router::new().unwrap();
    let (response, fault) =
        world.with(async |ports| app::entry::handle(ports, &router, &request).await);
    assert_eq!(fault, None, "{address}");
    response
}

fn get(world: &World, address: &str) -> Response {
    ask(world, "GET", address, &[])
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers.iter().find(|(have, _)| *have == name).map_or("", |(_, value)| value)
}

fn json_of<T: serde::de::DeserializeOwned>(response: &Response) -> T {
    let text = std::str::from_utf8(&response.body).unwrap();
    assert_eq!(response.status, 200, "{text}");
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"))
}

fn text(response: &Response) -> String {
    String::from_utf8(response.body.clone()).unwrap()
}

#[test]
fn lists_page_by_page() {
    let world = country(130);
    let mut address = "/api/v1/vacancies?per_page=50&lang=ru".to_owned();
    let mut seen = Vec::new();
    loop {
        let response = get(&world, &address);
        assert_eq!(header(&response, "content-type"), "application/json");
        assert_eq!(header(&response, "access-control-allow-origin"), "*");
        let list: List = json_of(&response);
        assert_eq!((list.total, list.total_is_more), (130, false));
        assert!(list.items.len() <= 50);
        seen.extend(list.items.iter().map(|card| card.number));
        let Some(next) = list.next else { break };
        address = format!("/api/v1/vacancies?per_page=50&lang=ru&cursor={next}");
    }
    seen.sort_unstable();
    assert_eq!(seen, (1001..1131).collect::<Vec<_>>());
    let facets: Facets = json_of(&get(&world, "/api/v1/vacancies/facets?region=330000000"));
    assert!(facets.facets.iter().any(|facet| facet.name == "region"));
}

#[test]
fn an_unchanged_answer_is_not_sent_again() {
    let world = country(5);
    let first = get(&world, "/api/v1/vacancies");
    let tag = header(&first, "etag").to_owned();
    assert!(tag.starts_with("W/\""));
    let again = ask(&world, "GET", "/api/v1/vacancies", &[("if-none-match", &tag)]);
    assert_eq!((again.status, again.body.len()), (304, 0));
}

#[test]
fn wrong_calls_are_named() {
    let world = country(5);
    for (query, status, field) in [
        ("region=x", 422, "region"),
        ("region=999999999", 422, "region"),
        ("region=", 422, "region"),
        ("district=999900000", 404, "district"),
        ("near=999999999", 404, "near"),
        ("cursor=000000000000000000000000000000", 422, "cursor"),
        ("cursor=nonsense", 422, "cursor"),
        ("per_page=0", 422, "per_page"),
        ("per_page=101", 422, "per_page"),
        ("per_page=1&per_page=2", 422, "per_page"),
        ("lang=de", 422, "lang"),
        ("salary=-1", 422, "salary"),
        ("km=0", 422, "km"),
        ("sort=best", 422, "sort"),
        ("q=a&q=b", 422, "q"),
    ] {
        let response = get(&world, &format!("/api/v1/vacancies?{query}"));
        assert_eq!(response.status, status, "{query}");
        assert_eq!(header(&response, "content-type"), "application/problem+json");
        let body: Value = serde_json::from_slice(&response.body).unwrap();
        assert_eq!(body["errors"][0]["field"], field, "{query}");
        let detail = body["errors"][0]["detail"].as_str().unwrap();
        assert!(detail.contains(' '), "{query}: a text, not a code: {detail}");
    }
    let long = get(&world, &format!("/api/v1/vacancies?q={}", "a".repeat(201)));
    assert_eq!(long.status, 422);
    for query in ["q=%FF%00", "cursor=%FF%FE", "%C0%AF=1", "q=a&region=%ED%A0%80"] {
        let response = get(&world, &format!("/api/v1/vacancies?{query}&lang=ru"));
        let body: Value = serde_json::from_slice(&response.body).unwrap();
        assert_eq!(response.status, 400, "{query}");
        assert_eq!(body["detail"], "Текст не в кодировке UTF-8.", "{query}");
    }
    // A sign that stands for what could not be read is a sign like others.
    assert_eq!(get(&world, "/api/v1/vacancies?q=%EF%BF%BD%00").status, 200);
    for method in ["POST", "TRACE", "PATCH", "X"] {
        let response = ask(&world, method, "/api/v1/vacancies", &[]);
        assert_eq!((response.status, header(&response, "allow")), (405, "GET"), "{method}");
    }
}

#[test]
fn changes_are_told_once_and_drafts_never() {
    let world = country(600);
    world.db.execute("UPDATE vacancy SET state = 'draft' WHERE number = 1003");
    world.now.set(world.now.get().plus_seconds(60));
    let mut seen = Vec::new();
    let mut address = "/api/v1/vacancies/changes".to_owned();
    let next = loop {
        let changes: Changes = json_of(&get(&world, &address));
        seen.extend(changes.items.iter().map(|change| change.number));
        address = format!("/api/v1/vacancies/changes?since={}", changes.next);
        if !changes.more {
            break changes.next;
        }
    };
    assert_eq!(seen.len(), 599);
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 599);
    let now = world.now.get();
    world.db.execute(&format!(
        "UPDATE vacancy SET state = 'cancelled', changed_at = '{now}' WHERE number = 1004"
    ));
    world.now.set(now.plus_seconds(5));
    let address = format!("/api/v1/vacancies/changes?since={next}");
    let changes: Changes = json_of(&get(&world, &address));
    let states: Vec<_> = changes.items.iter().map(|c| (c.number, c.state.code())).collect();
    assert_eq!(states, [(1004, "cancelled")]);
    assert_eq!(get(&world, "/api/v1/vacancies/changes?since=zz").status, 422);
}

#[test]
fn a_vacancy_is_told_whole_and_never_a_draft() {
    let world = country(5);
    let response = get(&world, "/api/v1/vacancies/1001");
    let vacancy: domain::search::api::PublicVacancy = json_of(&response);
    assert_eq!((vacancy.number, vacancy.slug.as_str()), (1001, "bos-oryn-1001"));
    assert!(!vacancy.title.kk.is_empty() && !vacancy.title.ru.is_empty());
    world.db.execute("UPDATE vacancy SET state = 'draft' WHERE number = 1002");
    for wrong in ["1002", "999999", "0", "-1", "x", "1e3", "99999999999999999999", "%00"] {
        let response = get(&world, &format!("/api/v1/vacancies/{wrong}"));
        assert_eq!(response.status, 404, "{wrong}");
        assert_eq!(header(&response, "content-type"), "application/problem+json");
    }
}

#[test]
fn the_feed_is_sound_xml() {
    let world = country(60);
    world.db.execute(
        "UPDATE vacancy SET content = json_set(content, '$.title', json_object('kk',
           '<script>alert(1)</script> & \"]]>', 'ru', 'x' || char(0, 11, 65535) || '</title>'))
         WHERE number = 1001",
    );
    data::rebuild(&world);
    let all = get(&world, "/feed.atom?lang=ru");
    assert_eq!(header(&all, "content-type"), "application/atom+xml; charset=utf-8");
    for address in ["/feed.atom", "/feed.atom?lang=ru", "/feed.atom?q=%3Cb%3E%26&sort=salary"] {
        let body = text(&get(&world, address));
        assert!(body.starts_with("<?xml"), "{address}");
        assert!(!body.contains("<script") && !body.contains("</title></title>"));
        assert!(!body.chars().any(|c| c.is_control() && c != '\n'));
        assert_eq!(body.matches("<entry>").count(), body.matches("</entry>").count());
        well_formed(&body);
    }
    assert_eq!(text(&all).matches("<entry>").count(), 50);
    let some = text(&get(&world, "/feed.atom?region=33&lang=en"));
    assert!(some.contains("http://127.0.0.1:8787/en/vacancies?region=330000000"));
    let wrong = get(&world, "/feed.atom?lang=ru&region=zz");
    assert_eq!(wrong.status, 422);
    let wrong = text(&wrong);
    assert!(wrong.contains("Регион:") && !wrong.contains("region:"), "{wrong}");
    // An unknown language is what the API says of it; broken UTF-8 is no search.
    assert_eq!(get(&world, "/feed.atom?lang=de").status, 422);
    for broken in ["/feed.atom?q=%ff%fe", "/ru/vacancies?q=%ff%fe"] {
        let response = get(&world, broken);
        assert_eq!(response.status, 400, "{broken}");
        assert!(!text(&response).contains('\u{fffd}'), "{broken}");
    }
    assert!(text(&get(&world, "/ru/vacancies?q=%ff")).contains("не в кодировке UTF-8"));
}

#[test]
fn the_map_names_every_open_vacancy_in_three_languages() {
    let world = country(40);
    let index = text(&get(&world, "/sitemap.xml"));
    well_formed(&index);
    let parts: Vec<&str> =
        index.split("<loc>").skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
    assert_eq!(parts.len(), 9);
    for part in parts {
        let response = get(&world, part.strip_prefix("http://127.0.0.1:8787").unwrap());
        let body = text(&response);
        assert_eq!(response.status, 200, "{part}");
        well_formed(&body);
        assert_eq!(body.matches("<url>").count() * 4, body.matches("<xhtml:link").count());
        if part.contains("pages") {
            assert!(body.contains("/organisations<") && body.contains("/help<"), "{part}");
            assert!(body.matches("<loc>").count() > 10 && body.contains("/help/"), "{part}");
        }
        if part.contains("vacancies") {
            assert_eq!(body.matches("<lastmod>").count(), 40);
            assert!(body.contains("/vacancies/bos-oryn-1001<"));
        }
    }
    for wrong in ["kk-vacancies-2.xml", "kk-vacancies-0.xml", "de-pages-1.xml", "x", "kk-x-1.xml"] {
        assert_eq!(get(&world, &format!("/sitemap/{wrong}")).status, 404, "{wrong}");
    }
    let robots = text(&get(&world, "/robots.txt"));
    assert!(robots.contains("Sitemap: http://127.0.0.1:8787/sitemap.xml\n"));
    assert!(
        robots.contains("Allow: /app/card-\nDisallow: /app\n")
            && robots.contains("/api/v1/cabinet\n")
    );
}

/// Tags open and close in order, and nothing but known entities stands between them.
fn well_formed(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    for piece in xml.split('<').skip(1) {
        let (tag, rest) = piece.split_once('>').unwrap_or_else(|| panic!("unclosed: {piece}"));
        for entity in rest.split('&').skip(1).chain(tag.split('&').skip(1)) {
            let name = entity.split(';').next().unwrap();
            assert!(["amp", "lt", "gt", "quot", "#39"].contains(&name), "&{name}");
        }
        let name = tag.split([' ', '/']).next().unwrap();
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.starts_with('?') && !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

/// `UPDATE=1 cargo test -p http-tests the_contract` rewrites the file.
#[test]
fn the_contract_is_what_the_code_says() {
    let folder = format!("{}/../../schemas", env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| -> Value {
        let text = std::fs::read_to_string(format!("{folder}/{name}")).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    let kato = read("data/kato.json");
    let regions: Vec<String> = kato
        .as_array()
        .unwrap()
        .iter()
        .filter(|unit| unit["level"] == json!(1))
        .map(|unit| unit["code"].as_str().unwrap().to_owned())
        .collect();
    let document = app::public_api::openapi::document(&read("data/directories.json"), &regions);
    let want = serde_json::to_string_pretty(&document).unwrap() + "\n";
    let file = format!("{folder}/openapi.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &want).unwrap();
    }
    let have = std::fs::read_to_string(&file).unwrap();
    assert!(have == want, "schemas/openapi.json has drifted: run the test with UPDATE=1");
    // Every public API route is described, and nothing else is.
    let described: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    let mut routes: Vec<&str> = app::public_api::ROUTES.iter().map(|route| route.path).collect();
    routes.extend(["/api/v1/journal/head", "/api/v1/feedback/figures"]);
    routes.sort_unstable();
    assert_eq!(described, routes);
}

#[test]
fn foreign_pages_may_read_and_only_read() {
    let world = country(5);
    let foreign = [("origin", "https://partner.example")];
    for address in
        ["/api/v1/vacancies", "/api/v1/vacancies/1001", "/api/v1/journal/head", "/api/openapi.json"]
    {
        let asked = ask(&world, "OPTIONS", address, &foreign);
        assert_eq!(asked.status, 204, "{address}");
        assert_eq!(header(&asked, "access-control-allow-origin"), "*");
        assert!(header(&asked, "access-control-allow-methods").contains("GET"));
        assert_eq!(header(&asked, "access-control-allow-credentials"), "");
    }
    // A refusal is read too, or its reader would not know what was wrong.
    let refused = ask(&world, "GET", "/api/v1/vacancies?lang=xx", &foreign);
    assert_eq!(header(&refused, "access-control-allow-origin"), "*");
    for address in ["/api/v1/cabinet/me", "/api/v1/cabinet/vacancies", "/kk/vacancies"] {
        for method in ["OPTIONS", "GET"] {
            let answer = ask(&world, method, address, &foreign);
            assert_eq!(header(&answer, "access-control-allow-origin"), "", "{method} {address}");
        }
        assert_eq!(ask(&world, "OPTIONS", address, &foreign).status, 405, "{address}");
    }
}

#[test]
fn a_parameter_that_nobody_knows_is_named() {
    let world = country(5);
    for (address, name) in [
        ("/api/v1/vacancies?qq=x&lang=ru", "qq"),
        ("/api/v1/vacancies?since=000000000000", "since"),
        ("/api/v1/vacancies/facets?cursor=x", "cursor"),
        ("/api/v1/vacancies/changes?q=x", "q"),
        ("/api/v1/vacancies/1001?utm_source=x", "utm_source"),
        ("/api/v1/journal/head?x=1", "x"),
        ("/api/openapi.json?%D2%9B", "қ"),
    ] {
        let response = get(&world, address);
        assert_eq!(response.status, 400, "{address}");
        let problem: Value = serde_json::from_str(&text(&response)).unwrap();
        assert_eq!(problem["errors"][0]["field"], name, "{address}");
        assert!(problem["detail"].as_str().unwrap().contains(name));
    }
    let many: String = (0..500).map(|n| format!("x{n}=&")).collect();
    let response = get(&world, &format!("/api/v1/vacancies?{many}"));
    let problem: Value = serde_json::from_str(&text(&response)).unwrap();
    assert_eq!(problem["errors"].as_array().unwrap().len(), 10);
    // Pages are shared with all kinds of marks.
    assert_eq!(get(&world, "/kk/vacancies?utm_source=x&fbclid=y").status, 200);
}
