//! The cabinet of those who run tests: forms, sessions, the room, results. Forms are written in the
//! program of those who judge, which is smaller.

mod pages;
mod room;

use kit::{api, browser, dom, json, nav, reactive, router, shell::Cabinet, state, text, ui};
use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the app. The page of the server has said only that it is loading.
#[wasm_bindgen(start)]
pub fn start() {
    kit::shell::start(Cabinet {
        owns: router::Area::Testing,
        draw: pages::draw,
        places: kit::shell::work_places,
        asks: kit::shell::with_directories,
    });
}
