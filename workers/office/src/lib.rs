//! The office worker: the API of the cabinets, files, imports; the outbox and the sweep. It has no
//! public address: the portal hands requests on to it through a service binding.

use edge::{Worker, World};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(start)]
fn start() {
    edge::begin(Worker {
        tables: app::routes::OFFICE,
        hands_on: false,
        drain: |world| Box::pin(drained(world)),
    });
}

async fn drained(world: World) -> Result<(), String> {
    let done = app::outbox::drain(&world.ports()).await;
    done.map_err(|fault| format!("outbox: {}", fault.text()))
}

/// Hands the outbox to its consumers; the portal asks for it after a change of its own.
#[wasm_bindgen]
pub async fn drain(env: JsValue) -> Result<JsValue, JsValue> {
    let world = edge::world(&env).map_err(|text| JsValue::from(&text))?;
    if let Err(text) = edge::drain(&world).await {
        edge::log(&text);
    }
    Ok(JsValue::UNDEFINED)
}

/// The sweep, every minute.
#[wasm_bindgen]
pub async fn sweep(env: JsValue) -> Result<JsValue, JsValue> {
    let world = edge::world(&env).map_err(|text| JsValue::from(&text))?;
    for text in app::sweep::run(&world.ports()).await {
        edge::log(&format!("sweep: {text}"));
    }
    Ok(JsValue::UNDEFINED)
}
