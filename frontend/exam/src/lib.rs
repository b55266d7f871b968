//! The page on which somebody sits a test. What is done goes to the store of the device first, then
//! over the line; "saved" is said only when the worker has confirmed it. The clock is the worker's.

mod calc;
mod files;
mod line;
mod model;
mod pages;
mod rich;
mod store;
mod task;

use kit::{browser, json, text};
use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the page.
#[wasm_bindgen(start)]
pub fn start() {
    kit::plain::start(pages::frame);
}
