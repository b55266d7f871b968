//! The trust worker: one address, one method. It takes sealed bytes, keeps them for as long as the
//! rule edition says, and hands them to whoever can prove a right to them.
//!
//! It sees neither an address nor a header: `js/entry.mjs` hands it the body of a request and
//! nothing else. It writes no log. What it decides is in pure modules, tested natively:
//! [`visit`] (what a request may do), [`sql`] (how), [`intake`] (what it costs), [`clock`] (what
//! happens at which hour), [`rules`] (the numbers).

pub mod clock;
pub mod hex;
pub mod intake;
pub mod rules;
pub mod sql;
pub mod visit;

#[cfg(target_arch = "wasm32")]
mod edge;
