//! The public pages over the real application.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use app::{
    entry,
    http::{Caching, Request, Response},
    routes::Router,
};
use http_tests::World;

fn get(world: &World, path: &str, headers: &[(&str, &str)]) -> Response {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let request = Request {
        method: "GET".into(),
        path: path.into(),
        query: query.into(),
        headers: headers.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect(),
        body: Vec::new(),
        client: "127.0.0.1".into(),
    };
    let router = Router::new().unwrap();
    world.with(async |ports| entry::handle(ports, &router, &request).await.0)
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers.iter().find(|(have, _)| *have == name).map_or("", |(_, value)| value)
}

fn text(response: &Response) -> &str {
    std::str::from_utf8(&response.body).unwrap()
}

const BROWSER: (&str, &str) = ("user-agent", "Mozilla/5.0 Firefox/140.0");

#[test]
fn the_root_chooses_the_language() {
    let world = World::new();
    let ru = get(&world, "/", &[BROWSER, ("accept-language", "ru-RU,ru;q=0.9")]);
    assert_eq!((ru.status, header(&ru, "location")), (302, "/ru/"));
    let vary = header(&ru, "vary");
    assert!(vary.contains("Accept-Language") && vary.contains("Cookie"));
    let stored = get(&world, "/", &[BROWSER, ("accept-language", "ru"), ("cookie", "lang=en")]);
    assert_eq!(header(&stored, "location"), "/en/");
    let robot = get(&world, "/", &[("user-agent", "Googlebot/2.1"), ("accept-language", "ru")]);
    assert_eq!((robot.status, robot.caching), (200, Caching::Private));
    assert!(text(&robot).contains("<html lang=\"kk\">"));
    assert!(text(&robot).contains("<link rel=\"canonical\" href=\"http://127.0.0.1:8787/kk/\">"));
}

#[test]
fn the_switch_stores_the_choice_and_keeps_page_and_query() {
    let world = World::new();
    let page = get(&world, "/kk/help?x=1", &[BROWSER]);
    assert!(text(&page).contains("href=\"/lang/ru?to=/ru/help%3Fx%3D1\""), "{}", text(&page));
    let to = get(&world, "/lang/ru?to=/ru/help%3Fx%3D1", &[BROWSER]);
    assert_eq!((to.status, header(&to, "location")), (302, "/ru/help?x=1"));
    assert!(header(&to, "set-cookie").starts_with("lang=ru; Path=/;"));
    let away = get(&world, "/lang/ru?to=//evil.example/", &[BROWSER]);
    assert_eq!(header(&away, "location"), "/ru/");
}

#[test]
fn every_page_names_all_its_languages_alike() {
    let world = World::new();
    for rest in ["/", "/help", "/help/find", "/help/open-data"] {
        let mut sets = Vec::new();
        for lang in ["kk", "ru", "en"] {
            let page = get(&world, &format!("/{lang}{rest}"), &[BROWSER]);
            assert_eq!(page.status, 200, "/{lang}{rest}");
            let own = format!(
                "<link rel=\"alternate\" hreflang=\"{lang}\" \
                 href=\"http://127.0.0.1:8787/{lang}{rest}\">"
            );
            assert!(text(&page).contains(&own), "{own}");
            let links: Vec<String> = text(&page)
                .lines()
                .filter(|line| line.starts_with("<link rel=\"alternate\" hreflang"))
                .map(str::to_owned)
                .collect();
            assert_eq!(links.len(), 4);
            sets.push(links);
        }
        assert!(sets.iter().all(|set| *set == sets[0]), "{rest}");
    }
}

#[test]
fn help_leads_to_the_site_of_reports_and_tells_it_nothing() {
    let mut world = World::new();
    let link = "<a href=\"http://127.0.0.1:8788/ru\" rel=\"noreferrer\">";
    assert!(text(&get(&world, "/ru/help", &[BROWSER])).contains(link));
    world.config.help_origin = String::new();
    assert!(!text(&get(&world, "/ru/help", &[BROWSER])).contains("8788"), "none, no link");
}

#[test]
fn pages_have_no_script_and_no_inline_style() {
    let world = World::new();
    for path in ["/kk/", "/ru/help", "/en/help/find"] {
        let page = get(&world, path, &[BROWSER]);
        let html = text(&page);
        assert!(!html.contains("<script") && !html.contains(" style=") && !html.contains(" onc"));
        let style = html.split("rel=\"stylesheet\" href=\"").nth(1).unwrap();
        let css = get(&world, style.split('"').next().unwrap(), &[BROWSER]);
        assert_eq!((css.status, css.caching), (200, Caching::Immutable));
    }
    assert_eq!(get(&world, "/assets/other.css", &[BROWSER]).status, 404);
    assert_eq!(get(&world, "/xx/help", &[BROWSER]).status, 404);
}

#[test]
fn programs_find_the_icon_and_whom_to_tell_of_a_hole() {
    let mut world = World::new();
    let icon = get(&world, "/favicon.ico", &[]);
    assert_eq!(icon.status, 302);
    assert_eq!(get(&world, header(&icon, "location"), &[]).status, 200);
    let file = get(&world, "/.well-known/security.txt", &[]);
    assert_eq!(header(&file, "content-type"), "text/plain; charset=utf-8");
    for line in [
        "Contact: mailto:security@example.kz",
        "Expires: 2027-05-01T00:00:00Z",
        "Canonical: http://127.0.0.1:8787/.well-known/security.txt",
    ] {
        assert!(text(&file).lines().any(|have| have == line), "{line}: {}", text(&file));
    }
    world.config.security_contact.clear();
    assert_eq!(get(&world, "/.well-known/security.txt", &[]).status, 404);
}
