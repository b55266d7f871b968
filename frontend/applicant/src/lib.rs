//! The cabinet of a person who looks for work.

mod pages;

use kit::{
    api, browser, dom, form, json, nav, offline, profile, reactive, router, shell::Cabinet, state,
    text, ui,
};
use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the app. The page of the server has said only that it is loading.
#[wasm_bindgen(start)]
pub fn start() {
    kit::shell::start(Cabinet {
        owns: router::Area::Applicant,
        draw: pages::draw,
        places: kit::shell::own_places,
        asks: kit::shell::with_directories,
    });
}
