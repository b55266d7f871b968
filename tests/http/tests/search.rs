//! The search over a made-up country of 2,000 vacancies.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test helper fails by panicking")]

#[path = "search/data.rs"]
mod data;

use std::collections::BTreeSet;

use app::{error::Error, search::Found};
use data::{DAY, New, country, insert_vacancies};
use domain::{
    search::{api::Card, query::Query},
    shared::{lang::Lang, time::Timestamp},
};
use http_tests::World;
use serde_json::json;

fn query(text: &str) -> Query {
    Query::parse(&app::http::pairs(text)).unwrap_or_else(|e| panic!("{text}: {e:?}"))
}

fn find(world: &World, text: &str) -> Found {
    find_in(world, Lang::Kk, text)
}

fn find_in(world: &World, lang: Lang, text: &str) -> Found {
    let query = query(text);
    world
        .with(async |ports| app::search::find(ports, lang, &query).await)
        .unwrap_or_else(|e| panic!("{text}: {e:?}"))
}

/// All pages, one after the other.
fn walk(world: &World, text: &str) -> Vec<Card> {
    let mut out = Vec::new();
    let mut next: Option<String> = None;
    loop {
        let page = match &next {
            Some(cursor) => find(world, &format!("{text}&cursor={cursor}")),
            None => find(world, text),
        };
        assert!(page.list.items.len() <= 20);
        out.extend(page.list.items);
        next = page.list.next;
        if next.is_none() {
            return out;
        }
    }
}

fn numbers(cards: &[Card]) -> BTreeSet<i64> {
    cards.iter().map(|card| card.number).collect()
}

fn facet(found: &Found, name: &str, code: &str) -> u32 {
    found
        .facets
        .iter()
        .filter(|facet| facet.name == name)
        .flat_map(|facet| &facet.values)
        .find(|value| value.code == code)
        .map_or(0, |value| value.count)
}

#[test]
fn pages_have_every_match_once_and_in_order() {
    let world = country(2000);
    for search in [
        "",
        "sort=newest",
        "sort=salary",
        "region=33&region=10",
        "region=33&sort=newest",
        "subject=mathematics&sort=salary",
        "q=учитель&sort=relevance",
        "q=мұғалім",
        "term=temporary&rate=100&salary=150000",
        "extra=housing&closing=7",
        "salary=333333",
        "near=331000000&km=300&sort=distance",
        "near=750000000&km=200&sort=newest",
    ] {
        let cards = walk(&world, search);
        assert_eq!(numbers(&cards).len(), cards.len(), "{search}: a result came twice");
        let found = find(&world, search);
        if found.list.total_is_more {
            assert_eq!(found.list.total, 1000, "{search}");
            assert!(cards.len() > 1000, "{search}");
        } else {
            assert_eq!(found.list.total as usize, cards.len(), "{search}");
        }
        assert!(!cards.is_empty(), "{search}");
        let ordered = match query(search).sort.code() {
            "ending" => cards.is_sorted_by_key(|card| card.closes_at),
            "newest" => cards.is_sorted_by_key(|card| std::cmp::Reverse(card.published_at)),
            "salary" => cards.is_sorted_by_key(|card| std::cmp::Reverse(card.salary_from)),
            "distance" => cards.is_sorted_by(|a, b| a.km <= b.km),
            _ => true,
        };
        assert!(ordered, "{search}");
    }
    assert_eq!(walk(&world, "").len(), 2000);
}

#[test]
fn filters_keep_what_they_say() {
    let world = country(600);
    for card in walk(&world, "salary=330000") {
        assert!(card.salary_from.unwrap() >= 330_000);
    }
    let all = walk(&world, "");
    let expected = all.iter().filter(|c| c.salary_from.is_some_and(|pay| pay >= 330_000)).count();
    assert_eq!(walk(&world, "salary=330000").len(), expected);
    let week = world.now.get().plus_seconds(7 * DAY).day();
    let soon = all.iter().filter(|card| card.closes_at.day() <= week).count();
    assert_eq!(walk(&world, "closing=7").len(), soon);
    for card in walk(&world, "near=750000000&km=100") {
        assert!(card.km.unwrap() <= 100.0);
    }
    let temporary = walk(&world, "term=temporary").len();
    assert_eq!(temporary, all.iter().filter(|card| card.temporary).count());
    let slug = &all[0].organisation_slug;
    let own = all.iter().filter(|card| card.organisation_slug == *slug).count();
    assert_eq!(walk(&world, &format!("org={slug}")).len(), own);
}

#[test]
fn facets_add_up() {
    let world = country(700);
    for search in
        ["", "region=33", "subject=physics&subject=mathematics", "q=мектеп", "type=school"]
    {
        let found = find(&world, search);
        for name in ["region", "language", "type", "term", "rate", "position", "group"] {
            if query(search).to_query_string().contains(&format!("{name}=")) {
                continue;
            }
            let sum: u32 = found
                .facets
                .iter()
                .filter(|facet| facet.name == name)
                .flat_map(|facet| &facet.values)
                .map(|value| value.count)
                .sum();
            if search == "q=мектеп" {
                // More than are counted one by one.
                assert!(sum > 200 && sum < found.list.total, "{name}: {sum}");
            } else {
                assert_eq!(sum, found.list.total, "{search}: {name}");
            }
        }
    }
    // A facet shows what its own other values would find.
    let all = find(&world, "");
    let one = find(&world, "region=33");
    for region in ["330000000", "100000000", "750000000"] {
        assert_eq!(facet(&all, "region", region), facet(&one, "region", region));
        let found = find(&world, &format!("region={region}"));
        assert_eq!(found.list.total, facet(&all, "region", region), "{region}");
    }
    let with = find(&world, "region=33&term=temporary");
    assert_eq!(
        facet(&with, "term", "permanent"),
        find(&world, "region=33&term=permanent").list.total
    );
    assert_eq!(facet(&all, "closing", "3"), find(&world, "closing=3").list.total);
    assert_eq!(facet(&all, "extra", "housing"), find(&world, "extra=housing").list.total);
    assert!(one.facets.iter().any(|facet| facet.name == "district"));
    let chosen: Vec<_> = one
        .facets
        .iter()
        .flat_map(|facet| &facet.values)
        .filter(|value| value.chosen)
        .map(|value| value.name.as_str())
        .collect();
    assert_eq!(chosen, ["Жетісу облысы"]);
}

#[test]
fn many_matches_are_counted_in_part_and_it_is_said() {
    let world = country(700);
    let (all, some) = (find(&world, ""), find(&world, "q=мектеп"));
    assert!(some.list.total > 300 && !some.list.total_is_more);
    assert!(all.facets.iter().all(|facet| !facet.at_least));
    for facet in some.facets.iter().filter(|facet| facet.name != "closing") {
        assert!(facet.at_least, "{}", facet.name);
        let whole = all.facets.iter().find(|other| other.name == facet.name);
        // Every value can be chosen, whether it was among those that were counted or not.
        if let Some(whole) = whole.filter(|_| facet.name != "district") {
            assert_eq!(whole.values.len(), facet.values.len(), "{}", facet.name);
        }
        for value in &facet.values {
            let exact = find(&world, &format!("q=мектеп&{}={}", facet.name, value.code));
            assert!(value.count <= exact.list.total, "{}: {}", facet.name, value.code);
        }
    }
}

#[test]
fn every_way_to_look_up_finds_the_same() {
    let world = country(900);
    let searches = [
        "q=математика мұғалімі",
        "q=учитель математики&sort=relevance",
        "q=мұғалім&language=kk&term=permanent",
        "q=тәрбиеші&rate=150",
        "q=мектеп мұғалім&language=ru&language=mixed&type=school",
        "q=уиым&term=temporary",
        "subject=physics&term=permanent&language=kk&salary=120000",
        "language=mixed&term=temporary&closing=7",
        "near=750000000&km=300&term=permanent&sort=distance",
        "q=мұғалім&group=pedagogue&type=school&rate=100&language=kk&term=permanent&sort=relevance",
        // All at once: the database allows so much nesting and no more.
        "q=математика мұғалімі мектеп Абай&region=33&position=subject_teacher&subject=mathematics\
         &extra=housing&group=pedagogue&type=school&rate=100&language=kk&term=permanent\
         &near=750000000&km=300&salary=123456&closing=7&sort=distance",
    ];
    let all = || searches.map(|text| (walk(&world, text), find(&world, text)));
    let short = all();
    assert!(short.iter().filter(|(cards, _)| !cards.is_empty()).count() >= 7);
    // An index that is being built anew is asked for the words themselves.
    world.search.execute("UPDATE meta SET value = 'vacancy:' WHERE name = 'rebuild'");
    assert!(all() == short);
    // Nothing is frequent: all filters are looked up in the index.
    world.search.execute("UPDATE tally SET n = n + 1000000 WHERE facet = 'total'");
    let rare = searches.map(|text| walk(&world, text));
    for ((cards, (expected, found)), text) in rare.iter().zip(&short).zip(searches) {
        assert_eq!(cards, expected, "{text}");
        assert_eq!(cards.len(), found.list.total as usize, "{text}");
    }
}

#[test]
fn one_meaning_finds_one_set() {
    let world = country(400);
    let want = numbers(&walk(&world, "q=мұғалім"));
    assert!(want.len() > 50);
    for text in ["мугалим", "учитель", "mugalim", "учителя", "мұғалімге", "МҰҒАЛІМ", "ұстаз"]
    {
        assert_eq!(numbers(&walk(&world, &format!("q={text}"))), want, "{text}");
    }
    let layout = find(&world, "q=vfntvfnbrf");
    assert_eq!(layout.understood.as_deref(), Some("математика"));
    assert_eq!(layout.list.total, find(&world, "q=математика").list.total);
    assert_eq!(find(&world, "q=мате").list.total, find(&world, "q=математика").list.total);
    let mixed = find(&world, "q=учитель математики абракадабра");
    assert_eq!(mixed.understood.as_deref(), Some("учитель математики"));
    assert!(mixed.list.total > 0);
    assert_eq!(find(&world, "q=абракадабра").list.total, 0);
    assert_eq!(find(&world, "q=1001").list.items[0].number, 1001);
}

#[test]
fn mistakes_are_mended() {
    let world = country(400);
    for (typed, meant) in [
        ("матемтика", "математика"),
        ("мугалм", "мұғалім"),
        ("физка", "физика"),
        ("учитель матемтики", "учитель математика"),
        ("matematka", "математика"),
    ] {
        let found = find(&world, &format!("q={typed}"));
        assert_eq!(found.understood.as_deref(), Some(meant), "{typed}");
        assert_eq!(found.list.total, find(&world, &format!("q={meant}")).list.total);
        assert!(found.list.total > 0, "{typed}");
    }
    // One vacancy is found by its own mistake: the right word is offered with its count.
    special(&world, 900_003, ("Матемтика кабинеті", "Архив"));
    let found = find_in(&world, Lang::Ru, "q=матемтика");
    assert_eq!((found.list.total, found.understood.as_deref()), (1, None));
    let offer = &found.wider[0];
    assert_eq!(offer.label, "Возможно, вы искали «математика»?");
    assert_eq!(offer.count, find(&world, "q=математика").list.total);
}

#[test]
fn what_cannot_be_looked_for_finds_nothing() {
    let world = country(30);
    for text in ["😀", "!!!", "— «»"] {
        let found = find(&world, &format!("q={}", app::http::encode(text)));
        assert_eq!((found.list.total, found.understood), (0, None), "{text}");
    }
    // One letter is that letter, not the one on the same key.
    for text in ["м", "v", "щ"] {
        assert_eq!(find(&world, &format!("q={text}")).understood, None, "{text}");
    }
}

fn special(world: &World, number: usize, title: (&str, &str)) {
    let now = world.now.get();
    insert_vacancies(
        world,
        &[New {
            number,
            organisation: "org00001".into(),
            state: "published",
            closes_at: now.plus_seconds(5 * DAY),
            published_at: now.plus_seconds(-(number as i64)),
            content: json!({"position": "secretary", "rate": 100, "language": "kk",
                "title": {"kk": title.0, "ru": title.1}}),
        }],
    );
    let id = vec![format!("vac{number:06}")];
    world.with(async |ports| app::search::index(ports, &id).await).unwrap();
}

#[test]
fn an_exact_spelling_ranks_first() {
    let world = country(50);
    special(&world, 900_002, ("Кала кітапханасы", "Архив"));
    special(&world, 900_001, ("Қала кітапханасы", "Архив"));
    let order = |text: &str| -> Vec<i64> {
        walk(&world, &format!("q={text}&sort=relevance"))
            .iter()
            .map(|card| card.number)
            .filter(|number| *number >= 900_000)
            .collect()
    };
    assert_eq!(order("қала"), [900_001, 900_002]);
    assert_eq!(order("кала"), [900_002, 900_001]);
}

#[test]
fn the_index_follows_the_vacancy() {
    let world = country(30);
    let id = vec!["vac001005".to_owned()];
    let total = || find(&world, "").list.total;
    let reindex = || world.with(async |ports| app::search::index(ports, &id).await).unwrap();
    assert_eq!(total(), 30);
    reindex();
    reindex();
    assert_eq!((total(), walk(&world, "").len()), (30, 30));
    for state in ["paused", "closed", "cancelled", "draft"] {
        world.db.execute(&format!("UPDATE vacancy SET state = '{state}' WHERE id = '{}'", id[0]));
        reindex();
        assert_eq!((total(), walk(&world, "").len()), (29, 29), "{state}");
        assert!(walk(&world, "sort=salary").iter().all(|card| card.number != 1005));
    }
    world.db.execute("UPDATE vacancy SET state = 'published' WHERE id = 'vac001005'");
    data::rebuild(&world);
    assert_eq!((total(), walk(&world, "sort=newest").len()), (30, 30));
    assert!(world.search.rows("SELECT 1 FROM tally WHERE n < 0").is_empty());
}

#[test]
fn what_is_over_is_never_shown() {
    let world = country(300);
    let all = walk(&world, "");
    let now = all[100].closes_at;
    world.now.set(now);
    for sort in ["ending", "newest", "salary"] {
        let left = walk(&world, &format!("sort={sort}"));
        assert!(left.iter().all(|card| card.closes_at > now), "{sort}");
        assert_eq!(left.len(), all.iter().filter(|card| card.closes_at > now).count());
    }
    world.with(async |ports| app::search::sweep(ports).await).unwrap();
    let left = all.iter().filter(|card| card.closes_at > now).count();
    assert_eq!(find(&world, "").list.total as usize, left);
    world.now.set(Timestamp::parse("2099-01-01T00:00:00Z").unwrap());
    assert!(find(&world, "sort=newest").list.items.is_empty());
}

#[test]
fn little_found_offers_more() {
    let world = country(300);
    let found = find_in(&world, Lang::Ru, "region=33&subject=algebra&term=temporary&salary=590000");
    assert_eq!(found.chips.len(), 4);
    assert!(found.wider.iter().all(|wider| wider.count > found.list.total));
    assert!(!found.wider.is_empty() && found.wider.len() <= 4);
    for wider in &found.wider {
        let total = find_in(&world, Lang::Ru, &wider.query).list.total;
        assert_eq!(total, wider.count, "{}: {}", wider.label, wider.query);
    }
    for chip in &found.chips {
        assert!(find(&world, &chip.without).list.total >= found.list.total);
    }
}

#[test]
fn unknown_codes_are_refused() {
    let world = country(10);
    for (text, field) in [
        ("region=99", "region"),
        ("subject=alchemy", "subject"),
        ("near=999999999", "near"),
        ("district=339900000", "district"),
    ] {
        let query = query(text);
        let answer = world.with(async |ports| app::search::find(ports, Lang::Kk, &query).await);
        match answer {
            Err(Error::Refusal(refusal)) => assert_eq!(refusal.fields[0].field, field),
            other => panic!("{text}: {other:?}"),
        }
    }
    assert_eq!(find(&world, "org=no-such-school").list.total, 0);
    // Known to the directories, and nobody looks for one.
    assert_eq!(find(&world, "subject=tajik_language&region=62").list.total, 0);
}

#[test]
fn hostile_texts_do_no_harm() {
    let world = country(20);
    for text in [
        "\"",
        "\"\"\"",
        "a OR b",
        "NOT",
        "AND AND",
        "NEAR(a b, 5)",
        "{t} : x",
        "^a",
        "a*",
        "*",
        "-a",
        "' OR 1=1 --",
        "\u{0}",
        "a\u{0}b",
        "🙂🙂",
        "((((((",
        "fz",
        "fr330000000",
        "s\" OR \"fz",
        "%00",
        "ӛ̈̈̈",
        "𝕬𝖇",
        "ﷺ",
        "\u{202e}abc",
        "a_b",
        "__",
        "1 2 3 4 5 6 7 8 9 10 11 12 13 14",
    ] {
        let encoded = app::http::encode(text);
        for sort in ["ending", "relevance"] {
            find(&world, &format!("q={encoded}&sort={sort}"));
        }
    }
    let long = app::http::pairs(&format!("q={}", "ә".repeat(5000)));
    assert!(Query::parse(&long).is_err());
    let wide = "я ".repeat(100);
    find(&world, &format!("q={}", app::http::encode(&wide)));
    assert_eq!(find(&world, "q=fz").list.total, 0);
}
