//! One's own messages, saved vacancies, data, security and feedback.

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
        owns: router::Area::Own,
        draw: pages::draw,
        places: kit::shell::own_places,
        asks: kit::shell::without_directories,
    });
}
