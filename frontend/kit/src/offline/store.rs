//! The functions of `js/store.js`: what the cabinet keeps on the device.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use web_sys::Blob;

use super::queue::{Row, State};
use crate::{
    api::wire::{self, FromJson, ToJson},
    json::{self, Json},
};

#[wasm_bindgen(module = "/js/store.js")]
extern "C" {
    async fn recall(path: &str) -> JsValue;
    #[wasm_bindgen(js_name = remember)]
    async fn remember_text(path: &str, text: &str);
    /// Forgets what was seen, not what waits to be sent.
    #[wasm_bindgen(js_name = forgetAnswers)]
    pub async fn forget_answers();
    async fn queue() -> JsValue;
    #[wasm_bindgen(catch, js_name = change)]
    async fn change_text(put: &str, gone: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = addFile)]
    async fn add_file_text(row: &str, blob: &Blob) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = fileOf)]
    async fn file_of(seq: f64) -> Result<JsValue, JsValue>;
    fn alone(work: &Function, turn: &str) -> Promise;
    /// Tells the other tabs something.
    pub fn tell(what: &str);
    #[wasm_bindgen(js_name = hear)]
    fn hear_each(act: &Function);
    /// Everything private leaves the device; the other tabs are told.
    pub async fn wipe();
    /// Asks the browser to wake us when there is a connection.
    #[wasm_bindgen(js_name = wakeLater)]
    pub async fn wake_later();
}

impl FromJson for State {
    fn from_json(value: Json) -> Option<State> {
        Some(if value.text() == "attention" { State::Attention } else { State::Waiting })
    }
}

impl ToJson for State {
    fn to_json(&self) -> Json {
        let code = if *self == State::Attention { "attention" } else { "waiting" };
        Json::Text(code.to_owned())
    }
}

wire::reads! {
    Row {
        seq, key, owner, method, path, object, body, seen, chained, what, name, state, status,
        problem, at, tries, file,
    }
}
wire::writes! {
    Row {
        seq, key, owner, method, path, object, body, seen, chained, what, name, state, status,
        problem, at, tries, file,
    }
}

/// The last seen answer of an address, and when it was seen (milliseconds).
pub async fn recalled(path: &str) -> Option<(i64, String)> {
    wire::read(&recall(path).await.as_string()?)
}

/// Keeps an answer.
pub fn remember(path: String, text: String) {
    crate::api::run(async move { remember_text(&path, &text).await });
}

/// All rows of the queue.
pub async fn rows() -> Vec<Row> {
    queue().await.as_string().and_then(|text| wire::read(&text)).unwrap_or_default()
}

/// Puts rows in and takes rows out, at once or not at all. The places of those that were put in.
pub async fn change(put: &[Row], drop: &[i64]) -> Option<Vec<i64>> {
    let put = Json::List(put.iter().map(ToJson::to_json).collect());
    let drop = Json::List(drop.iter().map(ToJson::to_json).collect());
    let done = change_text(&json::write(&put), &json::write(&drop)).await.ok()?;
    wire::read(&done.as_string()?)
}

/// Queues a file with its bytes; its place.
pub async fn add_file(row: &Row, blob: &Blob) -> Option<i64> {
    let seq = add_file_text(&json::write(&row.to_json()), blob).await.ok()?;
    seq.as_f64().map(|seq| seq as i64)
}

/// The bytes of a queued file.
pub async fn bytes_of(seq: i64) -> Option<Blob> {
    file_of(seq as f64).await.ok()?.dyn_into().ok()
}

/// Does something with the queue while nothing else does, here or in another tab.
pub async fn exclusively(work: impl Future<Output = ()> + 'static) {
    in_turn("queue", work).await;
}

/// Does something while no other tab does what has the same name.
pub async fn in_turn(name: &str, work: impl Future<Output = ()> + 'static) {
    let work: std::pin::Pin<Box<dyn Future<Output = ()>>> = Box::pin(work);
    let begin = Closure::once_into_js(move || {
        wasm_bindgen_futures::future_to_promise(async move {
            work.await;
            Ok(JsValue::UNDEFINED)
        })
    });
    let _ = wasm_bindgen_futures::JsFuture::from(alone(begin.unchecked_ref(), name)).await;
}

/// Hears the other tabs and the service worker.
pub fn hear(act: impl FnMut(String) + 'static) {
    let act = Closure::<dyn FnMut(String)>::new(act);
    hear_each(act.as_ref().unchecked_ref());
    act.forget();
}
