//! The cabinet of those who hire: what needs action, the list of vacancies, each vacancy.

mod pages;

use kit::{
    api, browser, dom, json, nav, reactive, router, shell::Cabinet, state, text, ui, vacancy,
};
use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the app. The page of the server has said only that it is loading.
#[wasm_bindgen(start)]
pub fn start() {
    kit::shell::start(Cabinet {
        owns: router::Area::Staff,
        draw: pages::draw,
        places: kit::shell::work_places,
        asks: kit::shell::with_directories,
    });
}
