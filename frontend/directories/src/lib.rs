//! The cabinet of those who keep what everybody chooses from: directories, places, the calendar.

mod pages;

use kit::{api, browser, dom, form, json, nav, reactive, router, shell::Cabinet, state, text, ui};
use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the app. The page of the server has said only that it is loading.
#[wasm_bindgen(start)]
pub fn start() {
    kit::shell::start(Cabinet {
        owns: router::Area::Directories,
        draw: pages::draw,
        places: kit::shell::work_places,
        asks: kit::shell::with_directories,
    });
}
