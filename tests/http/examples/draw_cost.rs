//! What drawing a form of 120 tasks costs as the pool grows, for `scripts/bench`: `draw_cost ITEMS …`
//! prints a line each with microseconds: reading the pool, making the plan, one draw from it (medians).

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]

use std::time::Instant;

use domain::{
    bank::{body::Kind, meta::Level},
    exam::{
        blueprint::{Blueprint, Cell, Section, Window},
        draw::Plan,
        pool::{Entry, Pool, pack},
        seed::Case,
    },
    shared::{id, lang::Text, time::Timestamp},
};

/// Sorts of tasks, and tasks of each: 120 in all.
const CELLS: u32 = 30;
const EACH: u32 = 4;
/// Draws that are measured.
const DRAWS: usize = 200;

/// A made pool: all sorts evenly, some exposed, every fiftieth item with an enemy beside it.
fn entry(n: u32) -> Entry {
    let mixed = n.wrapping_mul(2_654_435_761);
    let mut random = [0; 10];
    random[..4].copy_from_slice(&mixed.to_be_bytes());
    Entry {
        id: id::ulid(Timestamp::from_millis(i64::from(n)), random),
        version: 1,
        topic: format!("subject/t{}", n % CELLS),
        level: Level::ALL[(mixed >> 8) as usize % Level::ALL.len()],
        kind: Kind::Single,
        facility: (300 + (mixed >> 4) % 400) as u16,
        exposure: ((mixed >> 12) % 250) as u16,
        enemies: if n % 50 < 2 { vec![format!("g{}", n / 50)] } else { Vec::new() },
    }
}

fn blueprint() -> Blueprint {
    let cell = |at| Cell { topic: format!("subject/t{at}"), level: None, kind: None, count: EACH };
    let section = |at: u32| Section {
        code: format!("part{at}"),
        title: Text::new("Бөлім", "Раздел"),
        cells: (at * CELLS / 3..(at + 1) * CELLS / 3).map(cell).collect(),
    };
    Blueprint {
        sections: (0..3).map(section).collect(),
        difficulty: Some(Window { from: 400, to: 600 }),
        exposure_cap: 200,
        shuffle: true,
    }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn micros<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let from = Instant::now();
    let made = work();
    (made, from.elapsed().as_secs_f64() * 1e6)
}

fn main() {
    let blueprint = blueprint();
    for count in std::env::args().skip(1).filter_map(|word| word.parse::<u32>().ok()) {
        let blob = pack((0..count).map(entry).collect()).unwrap();
        let pool = Pool::read(&blob).unwrap();
        let read = (0..5).map(|_| micros(|| Pool::read(&blob).unwrap()).1).collect();
        let planned = (0..5).map(|_| micros(|| Plan::new(&blueprint, &pool).unwrap()).1).collect();
        let plan = Plan::new(&blueprint, &pool).unwrap();
        let draws = (0..DRAWS).map(|n| {
            let candidate = format!("c-{n}");
            let case =
                Case { exam: "e", candidate: &candidate, attempt: 1, bank_version: &pool.version };
            let (form, took) = micros(|| plan.draw(&case.seed(&[7; 32])).unwrap());
            assert_eq!(form.len() as u32, CELLS * EACH);
            took
        });
        let drawn = median(draws.collect());
        println!("{count}\t{:.1}\t{:.1}\t{drawn:.2}", median(read), median(planned));
    }
}
