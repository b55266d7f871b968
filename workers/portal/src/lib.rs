//! The portal worker: what everybody reads, and the doors to the cabinets. What lies behind the
//! doors, and all that happens by itself, is the worker `office`: this one hands those requests on.

use edge::Worker;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(start)]
fn start() {
    edge::begin(Worker {
        tables: app::routes::PORTAL,
        hands_on: true,
        drain: |world| Box::pin(edge::office::ask(world, "/drain")),
    });
}
