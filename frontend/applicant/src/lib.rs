//! The cabinet of a person who looks for work.

mod pages;

use kit::{reactive, router, shell::Cabinet, ui};
use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the app. The page of the server has said only that it is loading.
#[wasm_bindgen(start)]
pub fn start() {
    kit::shell::start(Cabinet { owns: router::Area::Applicant, draw: pages::draw });
}
