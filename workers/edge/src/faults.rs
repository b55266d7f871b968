//! Faults on demand, so that the tests can see what a request gets when the module dies.
//! Nothing here runs unless the variable FAULTS is "on"; no environment of wrangler.toml sets it.

use std::cell::Cell;

use wasm_bindgen_futures::JsFuture;

/// What the database does to the batch of a change of this request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Batch {
    /// It is refused: nothing of it is written.
    Refused,
    /// It is written, and the answer gets lost.
    Lost,
}

/// The fault that waits for a batch; happens once.
pub type Waiting = Cell<Option<Batch>>;

/// Does what `?fault=` asks for.
pub async fn maybe(query: &str, waiting: &Waiting) {
    let Some(kind) = query.strip_prefix("fault=") else {
        return;
    };
    match kind {
        "batch-refused" => waiting.set(Some(Batch::Refused)),
        "batch-lost" => waiting.set(Some(Batch::Lost)),
        "trap" => std::process::abort(),
        "stack" => {
            deep(0);
        }
        "later" => {
            // After a turn of the event loop nobody's call is left to throw into.
            let turn = js_sys::Promise::resolve(&wasm_bindgen::JsValue::UNDEFINED);
            drop(JsFuture::from(turn).await);
            panics();
        }
        _ => panics(),
    }
}

#[expect(clippy::panic, reason = "this is what it is for")]
fn panics() {
    panic!("asked for");
}

#[expect(unconditional_recursion, reason = "this is what it is for")]
fn deep(depth: u64) -> u64 {
    let room = std::hint::black_box([depth; 512]);
    deep(depth + 1) + std::hint::black_box(room)[0]
}
