use super::*;
use crate::{
    bank::{body::Kind, meta::Level},
    exam::{
        blueprint::{Cell, Section, Window},
        pool::{Entry, pack, tests::entries},
        seed::{Case, commitment, hex},
    },
    shared::lang::Text,
};

fn cell(topic: &str, level: Option<Level>, kind: Option<Kind>, count: u32) -> Cell {
    Cell { topic: topic.into(), level, kind, count }
}

fn blueprint() -> Blueprint {
    let title = Text::new("Пән", "Предмет");
    let section = |code: &str, cells| Section { code: code.into(), title: title.clone(), cells };
    Blueprint {
        sections: vec![
            section(
                "first",
                vec![
                    cell("subject/t0", Some(Level::Remember), None, 5),
                    cell("subject/t0", Some(Level::Understand), Some(Kind::Single), 4),
                    cell("subject/t1", None, None, 6),
                ],
            ),
            section("second", vec![cell("subject/t2", None, None, 10)]),
        ],
        difficulty: Some(Window { from: 400, to: 700 }),
        exposure_cap: 400,
        shuffle: true,
    }
}

fn seed(n: u32) -> [u8; 32] {
    crate::exam::seed::mac(b"seeds", &[&n.to_string()])
}

#[test]
fn ten_thousand_draws_keep_the_blueprint_and_no_enemies_meet() {
    let pool = Pool::read(&pack(entries(1000)).unwrap()).unwrap();
    let blueprint = blueprint();
    blueprint.check().unwrap();
    let plan = Plan::new(&blueprint, &pool).unwrap();
    for n in 0..10_000 {
        let form = plan.draw(&seed(n)).unwrap();
        assert_eq!(form.len(), 25);
        let mut items: Vec<u32> = form.iter().map(|one| one.item).collect();
        items.sort_unstable();
        items.dedup();
        assert_eq!(items.len(), 25, "seed {n}: an item twice");
        for (s, section) in blueprint.sections.iter().enumerate() {
            for cell in &section.cells {
                let of_it = form.iter().filter(|one| {
                    let item = pool.items[one.item as usize];
                    let topic = &pool.topics[usize::from(item.topic)];
                    usize::from(one.section) == s && cell.takes(topic, item.level, item.kind)
                });
                assert_eq!(of_it.count(), cell.count as usize, "seed {n}");
            }
        }
        let mut groups: Vec<u16> = items.iter().flat_map(|item| pool.groups(*item)).collect();
        let all = groups.len();
        groups.sort_unstable();
        groups.dedup();
        assert_eq!(groups.len(), all, "seed {n}: enemies met");
        let known: Vec<u32> = items
            .iter()
            .map(|item| pool.items[*item as usize].facility)
            .filter(|facility| *facility != UNKNOWN)
            .map(u32::from)
            .collect();
        let mean = f64::from(known.iter().sum::<u32>()) / known.len() as f64;
        assert!((400.0..=700.0).contains(&mean), "seed {n}: {mean}");
        assert!(form.is_sorted_by_key(|one| one.section));
    }
}

/// 100 items of one cell, four taken, 10,000 seeds.
fn counts(exposure: impl Fn(usize) -> u16, cap: u16) -> Vec<u32> {
    let mut list: Vec<Entry> = entries(100);
    for (at, entry) in list.iter_mut().enumerate() {
        entry.enemies.clear();
        entry.exposure = exposure(at);
    }
    let pool = Pool::read(&pack(list).unwrap()).unwrap();
    let mut blueprint = blueprint();
    blueprint.sections.truncate(1);
    blueprint.sections[0].cells = vec![cell("subject", None, None, 4)];
    blueprint.exposure_cap = cap;
    blueprint.difficulty = None;
    let plan = Plan::new(&blueprint, &pool).unwrap();
    let mut seen = vec![0; 100];
    for n in 0..10_000 {
        for one in plan.draw(&seed(n)).unwrap() {
            seen[one.item as usize] += 1;
        }
    }
    seen
}

#[test]
fn every_item_of_a_cell_is_as_likely_as_any_other() {
    // Drawing without replacement lessens the spread by (100 − 4) / (100 − 1); with 99 degrees of
    // freedom 148.23 is passed by chance once in a thousand.
    let chi = |seen: &[u32]| {
        let sum: f64 = seen.iter().map(|n| (f64::from(*n) - 400.0).powi(2) / 400.0).sum();
        sum * 99.0 / 96.0
    };
    let plain = counts(|_| 0, 0);
    assert!(chi(&plain) < 148.23, "{}", chi(&plain));
    let capped = counts(|_| 100, 400);
    assert!(chi(&capped) < 148.23, "{}", chi(&capped));
}

#[test]
fn exposure_makes_an_item_rarer_and_the_cap_ends_it() {
    let seen = counts(|at| [0, 200, 400, 1000][at % 4], 400);
    let of = |class: usize| seen.iter().skip(class).step_by(4).sum::<u32>();
    assert_eq!((of(2), of(3)), (0, 0));
    // Weights 1000 and 500: a little less than 2 to 1, for the drawn ones are not put back.
    let ratio = f64::from(of(0)) / f64::from(of(1));
    assert!((1.8..2.0).contains(&ratio), "{ratio}");
    assert_eq!(weight(399, 400), 3);
    assert_eq!(weight(999, 1000), 1);
}

#[test]
fn what_cannot_be_drawn_is_said_and_nothing_hangs() {
    let pool = Pool::read(&pack(entries(1000)).unwrap()).unwrap();
    let mut short = blueprint();
    short.sections[1].cells[0].count = 150;
    let answer = Plan::new(&short, &pool).map(|_| ());
    assert_eq!(answer, Err(NoForm::Short { section: 1, cell: 0, have: 100, want: 150 }));
    let mut narrow = blueprint();
    narrow.difficulty = Some(Window { from: 0, to: 1 });
    let answer = Plan::new(&narrow, &pool).unwrap().draw(&seed(1));
    assert_eq!(answer, Err(NoForm::Window));
    // All of a cell are enemies: one fits, two never do.
    let mut list = entries(100);
    for entry in &mut list {
        entry.enemies = vec!["same".into()];
    }
    let foes = Pool::read(&pack(list).unwrap()).unwrap();
    let mut two = blueprint();
    two.sections.truncate(1);
    two.sections[0].cells = vec![cell("subject", None, None, 2)];
    let answer = Plan::new(&two, &foes).unwrap().draw(&seed(1));
    assert_eq!(answer, Err(NoForm::Short { section: 0, cell: 0, have: 1, want: 2 }));
}

/// The vector that `scripts/verify-draw` must come to as well. `BLESS=1` writes it anew.
#[test]
fn the_draw_is_the_one_of_the_golden_file() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/exam/draw.json");
    let blob = pack(entries(1000)).unwrap();
    let pool = Pool::read(&blob).unwrap();
    let blueprint = blueprint();
    let plan = Plan::new(&blueprint, &pool).unwrap();
    let secret = [42; 32];
    let attempts: Vec<_> = (1..=20_u32)
        .map(|n| {
            let candidate = format!("k-{n}");
            let case = Case {
                exam: "01jd0000000000000000000000",
                candidate: &candidate,
                attempt: 1 + n % 2,
                bank_version: &pool.version,
            };
            assert!(case.sound());
            let form = plan.draw(&case.seed(&secret)).unwrap();
            let items: Vec<_> = form.iter().map(|one| pool.name(one.item)).collect();
            serde_json::json!({ "candidate": candidate, "attempt": case.attempt, "items": items })
        })
        .collect();
    let made = serde_json::json!({
        "exam": "01jd0000000000000000000000",
        "commitment": commitment(&secret),
        "secret": hex(&secret),
        "bank_version": pool.version,
        "blueprint": blueprint,
        "pool": hex(&blob),
        "attempts": attempts,
    });
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, format!("{made:#}\n")).unwrap();
    }
    let golden: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(made, golden, "the draw has changed: every published draw would be doubted");
}
