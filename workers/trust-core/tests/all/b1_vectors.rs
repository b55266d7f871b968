//! The frozen vectors of TRUST-1: what was sealed once must be opened for ever, and sealing with
//! the same randomness must give the same bytes.

use crate::{exchange, world};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/trust/vectors/trust-1.json");

#[test]
fn b1_the_frozen_vectors_are_opened_and_made_again() {
    let made = world::with("frozen vectors of TRUST-1", exchange::make).unwrap();
    // Only a new protocol may write them anew: its reports would not open otherwise.
    if std::env::var_os("MANSAP_WRITE_VECTORS").is_some() {
        std::fs::write(FILE, serde_json::to_string_pretty(&made).unwrap() + "\n").unwrap();
    }
    let frozen: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
    exchange::open(&frozen);
    assert_eq!(made, frozen);
}
