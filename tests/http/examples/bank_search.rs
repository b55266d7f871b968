//! What a search in the bank costs: SQL of items on the standard input, then the median of each
//! kind of question in microseconds, by the application itself on SQLite. For `scripts/bench`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a bench fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]

use std::{io::BufRead, time::Instant};

use http_tests::World;

/// Questions: a name for the table, the query.
const ASKED: [(&str, &str); 5] = [
    ("all", ""),
    ("word", "q=воспитания"),
    ("two words", "q=тәрбие қағида"),
    ("word and filters", "q=метод&state=active&kind=single&topic=pedagogy&level=apply"),
    ("code", "q=SYN-012345"),
];
/// Times that each is asked.
const RUNS: usize = 30;

fn main() {
    let world = World::demo();
    // A line ends a statement where it ends with a semicolon: texts of items have no line ends.
    let mut statement = String::new();
    for line in std::io::stdin().lock().lines() {
        statement.push_str(&line.unwrap());
        if statement.ends_with(';') {
            world.db.execute(&statement);
            statement.clear();
        } else {
            statement.push('\n');
        }
    }
    let count = world.db.rows("SELECT count(*) AS n FROM item")[0]["n"].as_i64().unwrap();
    for _ in 0..=count / 8000 + 1 {
        world.with(async |ports| app::bank::catch_up(ports).await.unwrap());
    }
    let admin = world.session("bank.admin");
    println!("items {count}");
    for (name, query) in ASKED {
        let query: Vec<String> = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| format!("{key}={}", app::http::encode(value)))
            .collect();
        let address = format!("/api/v1/cabinet/bank/items?{}", query.join("&"));
        let mut times: Vec<u128> = (0..RUNS)
            .map(|_| {
                let from = Instant::now();
                let answer = world.get(&address, &admin);
                if answer.status != 200 {
                    panic!("{name}: {}", answer.status);
                }
                from.elapsed().as_micros()
            })
            .collect();
        times.sort_unstable();
        println!("{name}\t{}", times[RUNS / 2]);
    }
}
