//! The list of organisations as a page.

#![expect(clippy::unwrap_used, reason = "a test helper fails by panicking")]

use app::http::{Response, encode};
use http_tests::World;

fn text(response: &Response) -> &str {
    std::str::from_utf8(&response.body).unwrap()
}

fn indexed() -> World {
    let world = World::demo();
    world.with(async |ports| {
        let mut cursor = None;
        loop {
            cursor = app::search::rebuild(ports, cursor.as_deref()).await.unwrap();
            if cursor.is_none() {
                break;
            }
        }
    });
    world
}

/// Names of the organisations on a page.
fn shown(page: &Response) -> Vec<String> {
    let html = text(page);
    html.split("<li class=\"card\"><h2><a href=\"")
        .skip(1)
        .map(|part| {
            let (_, rest) = part.split_once("\">").unwrap();
            rest.split_once('<').unwrap().0.to_owned()
        })
        .collect()
}

#[test]
fn an_organisation_is_found_by_name_and_place() {
    let world = indexed();
    let row = &world.db.rows("SELECT name_kk, name_ru, kato FROM organisation WHERE level = 'organisation' ORDER BY id LIMIT 1")[0];
    let (kk, ru) = (row["name_kk"].as_str().unwrap(), row["name_ru"].as_str().unwrap());
    let kato = row["kato"].as_str().unwrap();
    for typed in [kk, ru, &ru.to_uppercase(), &domain::shared::fold::fold(kk)] {
        let page = world.get(&format!("/kk/organisations?q={}", encode(typed)), "");
        assert_eq!(page.status, 200);
        assert!(shown(&page).iter().any(|name| name == kk), "{typed}: {:?}", shown(&page));
        assert!(text(&page).contains("noindex"));
    }
    let q = encode(kk);
    let region = &kato[..2];
    let here = world.get(&format!("/kk/organisations?q={q}&region={region}"), "");
    assert!(shown(&here).iter().any(|name| name == kk));
    assert!(text(&here).contains(&format!("<option value=\"{region}0000000\" selected>")));
    assert!(text(&here).contains("id=\"district\""));
    let elsewhere = world.get(&format!("/kk/organisations?q={q}&region=75"), "");
    assert!(shown(&elsewhere).is_empty() && text(&elsewhere).contains("табылмады"));
    // The district of another region is dropped, not searched.
    let moved =
        world.get(&format!("/kk/organisations?q={q}&region={region}&district=751000000"), "");
    assert!(shown(&moved).iter().any(|name| name == kk));
}

#[test]
fn an_organisation_is_found_though_its_name_is_misspelled() {
    let world = World::demo();
    world.db.execute(
        "UPDATE organisation SET name_kk = '«Шапағат» мектебі', name_ru = 'Школа «Шапагат»'
          WHERE id = (SELECT id FROM organisation WHERE level = 'organisation' ORDER BY id LIMIT 1)",
    );
    world.with(async |ports| {
        let mut cursor = None;
        loop {
            cursor = app::search::rebuild(ports, cursor.as_deref()).await.unwrap();
            if cursor.is_none() {
                break;
            }
        }
    });
    let find = |typed: &str| world.get(&format!("/kk/organisations?q={}", encode(typed)), "");
    assert!(!text(&find("шапагат")).contains("class=\"notice\""), "what is right is not mended");
    // A wrong letter, one less, two in the wrong order, Latin letters, another layout.
    for typed in ["шапогат", "шапгат", "шапаагт", "shapogat", "школа шапогат", "ifgfufn"]
    {
        let page = find(typed);
        assert_eq!(shown(&page), ["«Шапағат» мектебі"], "{typed}");
        assert!(text(&page).contains("class=\"notice\""), "{typed}");
    }
    assert!(shown(&find("абракадабра")).is_empty());
}

#[test]
fn bad_input_gets_an_answer() {
    let world = indexed();
    for (query, status) in [
        ("q=%22%27%3B--", 200),
        ("q=%F0%9F%98%80", 200),
        ("q=%00&region=", 200),
        ("region=99", 422),
        ("region=abc", 422),
        ("district=339900000", 422),
        ("from=-1", 404),
        ("from=99999", 404),
    ] {
        let page = world.get(&format!("/ru/organisations?{query}"), "");
        assert_eq!(page.status, status, "{query}");
    }
    let page = world.get(&format!("/ru/organisations?q={}", encode("<script>")), "");
    assert!(!text(&page).contains("<script>"));
}

#[test]
fn the_index_of_names_follows_the_card() {
    let world = indexed();
    let id =
        world.db.rows("SELECT id FROM organisation WHERE level = 'organisation' LIMIT 1")[0]["id"]
            .as_str()
            .unwrap()
            .to_owned();
    world.db.execute(&format!(
        "UPDATE organisation SET name_kk = 'Жаңа Шапағат мектебі' WHERE id = '{id}'"
    ));
    let find =
        || shown(&world.get(&format!("/kk/organisations?q={}", encode("шапагат")), "")).len();
    assert_eq!(find(), 0);
    world.db.execute(&format!("INSERT INTO outbox (at, topic, key, next_at) VALUES ('2026-11-02T05:00:00Z', 'organisation.changed', '{id}', '2026-11-01T05:00:00Z')"));
    world.with(async |ports| app::outbox::drain(ports).await).unwrap();
    assert_eq!(find(), 1);
    world.db.execute(&format!("UPDATE organisation SET status = 'closed' WHERE id = '{id}'"));
    world
        .with(async |ports| app::search::organisations(ports, std::slice::from_ref(&id)).await)
        .unwrap();
    assert_eq!(find(), 0);
}
