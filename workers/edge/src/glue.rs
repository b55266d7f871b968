//! The functions of `js/glue.js`.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/js/glue.js")]
extern "C" {
    /// The request head as `[method, url, [[name, value]]]`.
    #[wasm_bindgen(catch)]
    pub fn head(request: &JsValue) -> Result<String, JsValue>;

    /// The body, or undefined when it is too large.
    #[wasm_bindgen(catch)]
    pub async fn body(request: &JsValue, most: u32) -> Result<JsValue, JsValue>;

    /// A response.
    #[wasm_bindgen(catch)]
    pub fn respond(status: u16, headers: &str, bytes: &[u8]) -> Result<JsValue, JsValue>;

    /// A response to HEAD.
    #[wasm_bindgen(catch, js_name = respondHead)]
    pub fn respond_head(status: u16, headers: &str, length: u32) -> Result<JsValue, JsValue>;

    /// One transaction on D1.
    #[wasm_bindgen(catch)]
    pub async fn batch(env: &JsValue, binding: &str, statements: &str) -> Result<JsValue, JsValue>;

    /// Whether a budget has room.
    pub async fn allow(env: &JsValue, binding: &str, key: &str) -> JsValue;

    /// Waits.
    pub async fn pause(ms: u32);

    /// The status with which the worker `dispatch` answers a message that cannot wait.
    pub async fn express(env: &JsValue, message: &str) -> JsValue;

    /// Puts jobs, a JSON array, into the queue.
    #[wasm_bindgen(catch)]
    pub async fn enqueue(env: &JsValue, jobs: &str) -> Result<JsValue, JsValue>;

    /// Streams a body into the store: `[sha256, etag, head, tail]`.
    #[wasm_bindgen(catch)]
    pub async fn receive(
        env: &JsValue,
        request: &JsValue,
        object: &str,
        size: f64,
        upload: &str,
        n: u32,
        first: u32,
        last: u32,
    ) -> Result<JsValue, JsValue>;

    /// Takes what is left of a body.
    pub async fn discard(request: &JsValue, most: u32);

    /// One step in the store.
    #[wasm_bindgen(catch)]
    pub async fn store(
        env: &JsValue,
        what: &str,
        object: &str,
        more: &JsValue,
    ) -> Result<JsValue, JsValue>;

    /// A response whose body is a piece of an object, or undefined.
    #[wasm_bindgen(catch, js_name = respondPiece)]
    pub async fn respond_piece(
        env: &JsValue,
        status: u16,
        headers: &str,
        object: &str,
        offset: f64,
        length: f64,
        bodiless: bool,
    ) -> Result<JsValue, JsValue>;

    /// Hands a request on to the worker `office`; 503 where there is none.
    #[wasm_bindgen(catch)]
    pub async fn hand_on(env: &JsValue, request: &JsValue) -> Result<JsValue, JsValue>;

    /// Asks the worker `office` to do something of its own: whether it did.
    pub async fn ask_office(env: &JsValue, path: &str) -> JsValue;

    /// The settings as JSON.
    #[wasm_bindgen(catch)]
    pub fn settings(env: &JsValue) -> Result<String, JsValue>;

    /// A file of the cabinet.
    #[wasm_bindgen(catch)]
    pub async fn asset(
        env: &JsValue,
        request: &JsValue,
        url: &str,
        headers: &str,
    ) -> Result<JsValue, JsValue>;

    /// A page from the edge cache: `[response, after]` or undefined.
    #[wasm_bindgen(catch)]
    pub async fn cached(request: &JsValue, url: &str) -> Result<JsValue, JsValue>;

    /// Keeps a page in the edge cache.
    #[wasm_bindgen(catch)]
    pub fn keep(
        ctx: &JsValue,
        url: &str,
        response: &JsValue,
        seconds: u32,
        after: &str,
    ) -> Result<(), JsValue>;

    /// Keeps the event alive until a promise is settled.
    #[wasm_bindgen(catch, js_name = waitUntil)]
    pub fn wait_until(ctx: &JsValue, promise: &js_sys::Promise) -> Result<(), JsValue>;

    /// Tells the entry that the module is lost.
    pub fn panicked(message: &str);
}
