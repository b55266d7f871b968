//! What the reporter's page does with a report, in a Worker of the browser: it checks the
//! directory, makes the receipt, seals, works for its requests and opens the answers.
//!
//! It sends nothing: bytes go out and come in as values, so nothing can leave that was not made
//! by [`Desk::request`]. Every refusal is a stable word, the key of a text of the page.

pub mod desk;

#[cfg(target_arch = "wasm32")]
mod edge;

pub use desk::Desk;
