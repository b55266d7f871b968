//! The work of a search must not grow with the number of vacancies faster than its logarithm.
//! Work is counted in pages of the database, which is the same on every machine.
//!
//! `GROWTH=1000,10000,100000 cargo test -p http-tests --test search_growth -- --nocapture`
//! prints the table for other sizes.

#![expect(clippy::print_stdout, reason = "the table is the point")]
#![expect(clippy::unwrap_used, reason = "a test helper fails by panicking")]

#[path = "search/data.rs"]
mod data;

use data::country;
use domain::{
    search::{api::Card, query::Query},
    shared::lang::Lang,
};

const SEARCHES: [&str; 10] = [
    "",
    "sort=newest",
    "region=330000000",
    "subject=mathematics&sort=salary",
    "q=мұғалім",
    "q=учитель математики&sort=relevance",
    "q=математика мұғалімі&language=kk&term=permanent",
    "q=мате",
    "term=temporary&extra=housing&salary=150000",
    "near=750000000&km=100",
];

#[test]
fn work_grows_no_faster_than_the_logarithm() {
    let sizes: Vec<usize> = std::env::var("GROWTH")
        .unwrap_or("1500,6000".to_owned())
        .split(',')
        .map(|n| n.parse().unwrap())
        .collect();
    let mut table: Vec<Vec<(i64, i64)>> = Vec::new();
    for size in &sizes {
        let world = country(*size);
        let column = SEARCHES.map(|text| {
            let query = Query::parse(&app::http::pairs(text)).unwrap();
            let before = world.search.pages_read();
            world
                .with(async |ports| app::search::list::<Card>(ports, Lang::Kk, &query, 20).await)
                .unwrap();
            let between = world.search.pages_read();
            world.with(async |ports| app::search::find(ports, Lang::Kk, &query).await).unwrap();
            (between - before, world.search.pages_read() - between)
        });
        table.push(column.to_vec());
    }
    println!("pages read: list | with facets, for {sizes:?} vacancies");
    for (row, text) in SEARCHES.iter().enumerate() {
        let cells: Vec<String> =
            table.iter().map(|c| format!("{:6} | {:6}", c[row].0, c[row].1)).collect();
        println!("{} {text}", cells.join("   "));
    }
    let (first, last) = (sizes[0] as f64, sizes[sizes.len() - 1] as f64);
    let allowed = last.ln() / first.ln() * 1.5;
    for (row, text) in SEARCHES.iter().enumerate() {
        for (few, many) in [
            (table[0][row].0, table[table.len() - 1][row].0),
            (table[0][row].1, table[table.len() - 1][row].1),
        ] {
            // What matches fewer than the bound of counting is still counted whole.
            assert!(many as f64 <= (few as f64).max(1500.0) * allowed, "{text}: {few} -> {many}");
        }
    }
}
