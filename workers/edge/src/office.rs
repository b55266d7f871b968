//! The way from the portal to the worker `office`: a service binding.

use wasm_bindgen::JsValue;

use crate::{glue, world::World};

/// Asks the office to do something of its own: `/drain`.
pub async fn ask(world: World, path: &'static str) -> Result<(), String> {
    let done = glue::ask_office(world.env(), path).await;
    done.as_bool().filter(|done| *done).map(|_| ()).ok_or_else(|| format!("office: no {path}"))
}

/// Hands a request on, as it is.
pub(crate) async fn hand_on(env: &JsValue, request: &JsValue) -> Result<JsValue, JsValue> {
    glue::hand_on(env, request).await
}
