//! The cabinets under /app: a Leptos app that runs in the browser.

mod api;
mod browser;
mod dom;
mod json;
mod logic;
mod nav;
mod pages;
mod reactive;
mod router;
mod shell;
mod state;
mod text;
mod ui;

use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the app. The page of the server has said only that it is loading.
#[wasm_bindgen(start)]
pub fn start() {
    shell::start();
}
