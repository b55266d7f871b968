//! The portal worker: the application on D1, rate limits, assets, edge cache and cron.
//!
//! `js/entry.mjs` hands it events, `js/glue.js` does the crossings. Nothing here panics on the
//! way of a request; should something do so nevertheless, the entry answers with a plain 500 and
//! takes a fresh instance of the module.

mod after;
mod courier;
mod d1;
mod faults;
mod fetch;
mod glue;
mod limits;
mod r2;
mod world;

use std::{cell::RefCell, panic, rc::Rc};

use app::routes::Router;
use wasm_bindgen::prelude::*;
use world::Settings;

/// What is made once an instance of the module.
#[derive(Clone)]
struct Isolate {
    router: Rc<Router>,
    settings: Rc<Settings>,
}

thread_local! {
    static ISOLATE: RefCell<Option<Isolate>> = const { RefCell::new(None) };
}

/// The isolate's state, made at the first event. The error names what is wrong.
fn isolate(env: &JsValue) -> Result<Isolate, String> {
    if let Some(have) = ISOLATE.with_borrow(Clone::clone) {
        return Ok(have);
    }
    let router = Router::new().map_err(|fault| fault.text().to_owned())?;
    let settings = Settings::read(env).map_err(|name| format!("setting {name}"))?;
    let made = Isolate { router: Rc::new(router), settings: Rc::new(settings) };
    ISOLATE.set(Some(made.clone()));
    Ok(made)
}

#[wasm_bindgen(start)]
fn start() {
    panic::set_hook(Box::new(|info| {
        // The place is enough to find it; a message could carry somebody's data.
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        log(&format!("panic at {place}"));
        glue::panicked(&place);
    }));
}

/// A line in the log of the worker.
fn log(text: &str) {
    web_sys::console::error_1(&text.into());
}

/// Answers a request.
#[wasm_bindgen]
pub async fn fetch(request: JsValue, env: JsValue, ctx: JsValue) -> Result<JsValue, JsValue> {
    fetch::answer(&request, &env, &ctx).await
}

/// The sweep, every minute.
#[wasm_bindgen]
pub async fn scheduled(env: JsValue) -> Result<JsValue, JsValue> {
    let isolate = isolate(&env).map_err(|text| JsValue::from(&text))?;
    let world = world::World::new(&env, isolate.settings);
    after::sweep(&world).await;
    Ok(JsValue::UNDEFINED)
}

/// `[status, headers, body]` of the answer to a request that a panic swallowed.
#[wasm_bindgen]
pub fn sorry(env: JsValue) -> String {
    fetch::sorry(&env)
}
