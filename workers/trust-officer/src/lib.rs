//! What the officers' page does, in a Worker of the browser: it keeps the keys, finds the reports
//! that are meant for them, reads and answers, shares what was done with those who can read too.
//!
//! The server learns nothing from it: lists are asked for by day, the same for all officers, and
//! what officers tell each other is sealed as a letter to a reporter is. Nothing is decided by the
//! server that an officer sees: who may know of a case is what its reporter said inside it.

pub mod act;
pub mod book;
pub mod console;
pub mod hex;
pub mod keyring;
pub mod poster;
pub mod stats;

#[cfg(target_arch = "wasm32")]
mod edge;

pub use console::Console;

/// A stable word for what went wrong: the key of a text.
pub type Word = &'static str;
/// Done, or the word.
pub type Res<T> = Result<T, Word>;
