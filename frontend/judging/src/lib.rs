//! The cabinet of what stands before and after a test: what a form takes from the bank, appeals by
//! task, decisions by two, and what the answers say about the tasks.

mod pages;

use kit::{api, browser, dom, json, nav, reactive, router, shell::Cabinet, state, text, ui};
use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the app. The page of the server has said only that it is loading.
#[wasm_bindgen(start)]
pub fn start() {
    kit::shell::start(Cabinet {
        owns: router::Area::Judging,
        draw: pages::draw,
        places: kit::shell::work_places,
        asks: kit::shell::with_directories,
    });
}
