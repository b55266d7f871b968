//! Trades envelopes with the second implementation (`tests/trust/peer`).
//!
//! `peer make` seals one of everything with the machine's randomness and prints it as JSON;
//! `peer open` reads such a JSON from standard input and fails unless everything opens.

#![allow(missing_docs, dead_code, clippy::unwrap_used, clippy::panic, clippy::expect_used)]

#[path = "../tests/all/exchange.rs"]
mod exchange;
#[path = "../tests/all/world.rs"]
mod world;

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("make") => {
            let mut fill = |out: &mut [u8]| getrandom::fill(out).is_ok();
            let made = exchange::make(&mut trust_core::Random::new(&mut fill)).unwrap();
            println!("{made}");
        }
        Some("open") => {
            exchange::open(&serde_json::from_reader(std::io::stdin()).unwrap());
            println!("opened");
        }
        _ => {
            eprintln!("usage: peer make | peer open");
            std::process::exit(2);
        }
    }
}
