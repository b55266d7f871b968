//! The tests of the design's section B, each named after its letter and number.

#![allow(clippy::unwrap_used, clippy::panic)]

mod a6_alike;
mod b1_known_answers;
mod b1_vectors;
mod b2_changed;
mod b3_foreign;
mod b4_directory;
mod b5_excluded;
mod b6_receipt;
mod b8_randomness;
mod exchange;
mod wire;
mod world;
