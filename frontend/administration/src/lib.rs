//! The cabinet of those who keep the service: accounts, organisations, journal, import.

mod pages;

use kit::{
    api, browser, dom, form, json, kept, nav, reactive, router, shell::Cabinet, state, text, ui,
};
use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the app. The page of the server has said only that it is loading.
#[wasm_bindgen(start)]
pub fn start() {
    kit::shell::start(Cabinet {
        owns: router::Area::Administration,
        draw: pages::draw,
        places: kit::shell::work_places,
        asks: kit::shell::with_directories,
    });
}
