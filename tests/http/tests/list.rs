//! The list of vacancies as a page: wrong conditions, places by name, pages to and fro.

#![expect(clippy::unwrap_used, reason = "a test helper fails by panicking")]

#[path = "search/data.rs"]
mod data;

use app::http::{Response, encode};
use data::country;
use http_tests::World;

fn text(response: &Response) -> &str {
    std::str::from_utf8(&response.body).unwrap()
}

fn location(response: &Response) -> &str {
    response.headers.iter().find(|(name, _)| *name == "location").map_or("", |(_, value)| value)
}

/// The link of a relation, decoded.
fn link(html: &str, rel: &str) -> Option<String> {
    let (before, _) = html.split_once(&format!("\" rel=\"{rel}\""))?;
    Some(before.rsplit_once("href=\"")?.1.replace("&#38;", "&"))
}

#[test]
fn a_wrong_condition_is_named_on_the_list() {
    let world = country(40);
    for (query, parts) in [
        ("salary=abc", vec!["id=\"salary-error\"", "value=\"abc\"", "href=\"#salary\""]),
        ("region=99&q=мұғалім", vec!["Өңір", "Мұндай мән жоқ", "value=\"мұғалім\""]),
        ("subject=alchemy&region=33", vec!["Пән", "Жетісу облысы"]),
        ("cursor=zz", vec!["Бірінші беттен"]),
        ("sort=best&closing=9", vec!["Қабылдаудың аяқталуы"]),
    ] {
        let page = world.get(&format!("/kk/vacancies?{query}"), "");
        let html = text(&page);
        assert_eq!(page.status, 422, "{query}");
        for part in
            parts.into_iter().chain(["id=\"wrong\"", "id=\"f\"", "class=\"card\"", "noindex"])
        {
            assert!(html.contains(part), "{query}: {part}");
        }
    }
    let long = format!("/kk/vacancies?q={}", encode(&"ә".repeat(201)));
    assert_eq!(world.get(&long, "").status, 422);
    // The code of a landing page is its address; another wrong condition is not.
    assert_eq!(world.get("/kk/vacancies/region/990000000", "").status, 404);
    assert_eq!(world.get("/kk/vacancies/region/330000000?salary=x", "").status, 422);
}

#[test]
fn a_place_is_found_by_its_name() {
    let world = country(40);
    let get = |place: &str, rest: &str| {
        world.get(&format!("/ru/vacancies?place={}{rest}", encode(place)), "")
    };
    for spelling in ["Талдықорған", "талдыкорган", "taldyqorgan", "г. Талдыкорган"]
    {
        let page = get(spelling, "&q=школа&cursor=x&km=100");
        assert_eq!(page.status, 302, "{spelling}");
        let to = format!("/ru/vacancies?q={}&km=100&near=331000000", encode("школа"));
        assert_eq!(location(&page), to);
    }
    let several = get("алматы", "&sort=newest");
    assert_eq!(several.status, 200);
    for code in ["190000000", "750000000"] {
        assert!(text(&several).contains(&format!("sort=newest&#38;near={code}")), "{code}");
    }
    let like = get("Талдыкоган", "");
    assert_eq!(like.status, 422);
    assert!(text(&like).contains("near=331000000") && text(&like).contains("id=\"place-error\""));
    let nowhere = get("<b>Атлантида</b>", "");
    assert_eq!(nowhere.status, 422);
    assert!(text(&nowhere).contains("value=\"&#60;b&#62;Атлантида&#60;/b&#62;\""));
    let near = world.get("/ru/vacancies?near=331000000", "");
    assert!(text(&near).contains("name=\"near\" value=\"331000000\" checked"));
    assert_eq!(world.get("/ru/vacancies?near=339999999", "").status, 422);
}

#[test]
fn what_cannot_be_looked_for_is_said() {
    let world = country(30);
    let page = world.get(&format!("/kk/vacancies?q={}", encode("😀")), "");
    assert_eq!(page.status, 200);
    assert!(text(&page).contains("әріп те, сан да жоқ") && !text(&page).contains("class=\"card\""));
    let page = world.get("/ru/vacancies?q=ъ", "");
    assert!(!text(&page).contains("Показано по запросу"));
    let page = world.get("/ru/vacancies?q=щ", "");
    assert!(text(&page).contains("По одной букве искать нельзя"));
}

#[test]
fn pages_lead_to_and_fro() {
    let world = country(70);
    let mut addresses = vec!["/kk/vacancies?sort=newest".to_owned()];
    for _ in 0..3 {
        let page = world.get(addresses.last().unwrap(), "");
        addresses.push(link(text(&page), "next").unwrap());
    }
    let mut here = addresses.last().unwrap().clone();
    for before in addresses.iter().rev().skip(1) {
        let page = world.get(&here, "");
        assert_eq!(page.status, 200);
        here = link(text(&page), "prev").unwrap();
        assert_eq!(&here, before);
    }
    assert_eq!(link(text(&world.get(&here, "")), "prev"), None);
    // Without a trail only the first page is known.
    let bare = addresses[2].split("&back=").next().unwrap();
    let page = world.get(bare, "");
    assert_eq!(link(text(&page), "prev"), None);
    assert!(text(&page).contains("href=\"/kk/vacancies?sort=newest\""));
}

#[test]
fn the_language_in_capitals_leads_to_the_page() {
    let world = World::new();
    for (from, to) in [
        ("/KK/help", "/kk/help"),
        ("/Ru/vacancies?q=X", "/ru/vacancies?q=X"),
        ("/EN/", "/en/"),
        ("/KK", "/kk/"),
    ] {
        let answer = world.get(from, "");
        assert_eq!((answer.status, location(&answer)), (301, to), "{from}");
    }
    assert_eq!(world.get("/XX/help", "").status, 404);
    // A slug keeps its letters.
    assert_eq!(location(&world.get("/KK/vacancies/Mugalim-1", "")), "/kk/vacancies/Mugalim-1");
}
