//! The functions of `js/line.js`.

use js_sys::Function;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/js/line.js")]
extern "C" {
    /// Record and unconfirmed events of an attempt; an empty text for nothing.
    pub async fn recall(attempt: &str) -> JsValue;
    /// The attempt that was open last.
    pub async fn last() -> JsValue;
    /// Keeps a record; whether it is on the device.
    #[wasm_bindgen(js_name = keepRecord)]
    pub async fn keep_record(attempt: &str, text: &str, token: &str) -> JsValue;
    /// Keeps an event; whether it is on the device.
    #[wasm_bindgen(js_name = keepEvent)]
    pub async fn keep_event(attempt: &str, epoch: u32, n: u32, text: &str) -> JsValue;
    /// Forgets events that were confirmed.
    #[wasm_bindgen(js_name = dropEvents)]
    pub async fn drop_events(attempt: &str, epoch: u32, upto: u32) -> JsValue;
    /// A sealed block that is on the device.
    #[wasm_bindgen(js_name = recallBlock)]
    pub async fn recall_block(attempt: &str, n: u32) -> JsValue;
    /// Fetches a sealed block.
    #[wasm_bindgen(js_name = fetchBlock)]
    pub async fn fetch_block(attempt: &str, token: &str, n: u32) -> JsValue;
    /// Whether a file of a task is on the device.
    #[wasm_bindgen(js_name = hasFile)]
    pub async fn has_file(attempt: &str, n: u32) -> JsValue;
    /// Fetches a sealed file of a task; whether it is here now.
    #[wasm_bindgen(js_name = fetchFile)]
    pub async fn fetch_file(attempt: &str, token: &str, n: u32) -> JsValue;
    /// A sealed file of a task that is here.
    #[wasm_bindgen(js_name = recallFile)]
    pub async fn recall_file(attempt: &str, n: u32) -> JsValue;
    /// An address within the page for bytes of a type.
    #[wasm_bindgen(js_name = addressOf)]
    pub fn address_of(bytes: &js_sys::Uint8Array, kind: &str) -> String;
    /// Asks the worker: status and text.
    pub async fn ask(attempt: &str, token: &str, word: &str, body: Option<String>) -> JsValue;
    /// Opens the line.
    pub fn connect(attempt: &str, token: &str, epoch: u32, heard: &Function, gone: &Function);
    /// Closes the line.
    #[wasm_bindgen(js_name = hangUp)]
    pub fn hang_up();
    /// Sends over the line; whether it was open.
    pub fn say(text: &str) -> bool;
    /// Whether this tab alone is the page of that name.
    pub async fn alone(page: &str) -> JsValue;
    /// A new name of a page.
    #[wasm_bindgen(js_name = newPage)]
    pub fn new_page() -> String;
    /// Attempt and token of the address.
    #[wasm_bindgen(js_name = takeToken)]
    pub fn take_token() -> String;
    /// Keeps the page itself on the device.
    #[wasm_bindgen(js_name = keepPage)]
    pub async fn keep_page();
    /// A file of the build.
    pub async fn file(name: &str) -> JsValue;
}

/// A text that came from there.
pub fn text(value: &JsValue) -> String {
    value.as_string().unwrap_or_default()
}

/// Whether it was done.
pub fn done(value: &JsValue) -> bool {
    value.as_bool().unwrap_or(false)
}
