//! The functions of `js/glue.js`.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/js/glue.js")]
extern "C" {
    /// Settings and secrets as `[{NAME: value}, whether letters are bound]`.
    #[wasm_bindgen(catch)]
    pub fn settings(env: &JsValue) -> Result<String, JsValue>;

    /// One transaction on D1, as JSON; a line of rows a statement.
    #[wasm_bindgen(catch)]
    pub async fn batch(env: &JsValue, statements: &str) -> Result<JsValue, JsValue>;

    /// A call: `[status, bytes]`. The error is `not reached` or `silent`.
    #[wasm_bindgen(catch)]
    pub async fn call(
        method: &str,
        url: &str,
        headers: &str,
        body: &[u8],
    ) -> Result<JsValue, JsValue>;

    /// Sends a letter by the runtime.
    #[wasm_bindgen(catch)]
    pub async fn post(env: &JsValue, from: &str, to: &str, raw: &str) -> Result<JsValue, JsValue>;

    /// Puts jobs into the queue.
    #[wasm_bindgen(catch)]
    pub async fn enqueue(env: &JsValue, jobs: &str) -> Result<JsValue, JsValue>;

    /// A piece of an object of the store, or null; a length of 0 reads all of it.
    #[wasm_bindgen(catch)]
    pub async fn read(
        env: &JsValue,
        object: &str,
        from: f64,
        length: f64,
    ) -> Result<JsValue, JsValue>;

    /// Writes an object.
    #[wasm_bindgen(catch)]
    pub async fn write(env: &JsValue, object: &str, bytes: &[u8]) -> Result<JsValue, JsValue>;

    /// Streams an object to clamd and returns what it says. The error is why it says nothing.
    #[wasm_bindgen(catch)]
    pub async fn scan(
        env: &JsValue,
        scanner: &str,
        object: &str,
        start: &[u8],
        chunk: u32,
    ) -> Result<JsValue, JsValue>;

    /// Tells the entry that the module is lost.
    pub fn panicked(place: &str);
}
