//! The application on Cloudflare: the ports on D1, R2, Queues, rate limits, assets and the edge
//! cache. The workers `portal` and `office` are this with different routes.
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
pub mod office;
mod r2;
mod world;

use std::{
    cell::{OnceCell, RefCell},
    panic,
    rc::Rc,
};

use app::{
    ports::Local,
    routes::{Route, Router},
};
use wasm_bindgen::prelude::*;
use world::Settings;

pub use after::drain;
pub use world::World;

/// What one worker is beside the application.
pub struct Worker {
    /// The routes it answers.
    pub tables: &'static [&'static [Route]],
    /// Whether it hands the office's requests on.
    pub hands_on: bool,
    /// Hands the outbox to its consumers. A failure is logged: the answer has gone out.
    pub drain: fn(World) -> Local<'static, Result<(), String>>,
}

/// What is made once an instance of the module.
#[derive(Clone)]
struct Isolate {
    router: Rc<Router>,
    settings: Rc<Settings>,
}

thread_local! {
    static WORKER: OnceCell<Worker> = const { OnceCell::new() };
    static ISOLATE: RefCell<Option<Isolate>> = const { RefCell::new(None) };
}

/// Says which worker this is. Called once, when the module starts.
pub fn begin(worker: Worker) {
    // A second beginning would be a mistake of ours; the first one stands.
    let _ = WORKER.with(|place| place.set(worker).is_ok());
    panic::set_hook(Box::new(|info| {
        // The place is enough to find it; a message could carry somebody's data.
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        log(&format!("panic at {place}"));
        glue::panicked(&place);
    }));
}

/// Something of the worker; nothing before [`begin`].
fn worker<T>(of: fn(&Worker) -> T) -> Option<T> {
    WORKER.with(|place| place.get().map(of))
}

/// The isolate's state, made at the first event. The error names what is wrong.
fn isolate(env: &JsValue) -> Result<Isolate, String> {
    if let Some(have) = ISOLATE.with_borrow(Clone::clone) {
        return Ok(have);
    }
    let tables = worker(|worker| worker.tables).ok_or("the worker has not begun")?;
    let router = Router::of(tables).map_err(|fault| fault.text().to_owned())?;
    let settings = Settings::read(env).map_err(|name| format!("setting {name}"))?;
    let made = Isolate { router: Rc::new(router), settings: Rc::new(settings) };
    ISOLATE.set(Some(made.clone()));
    Ok(made)
}

/// The world of an environment; the error names the setting that is wrong.
pub fn world(env: &JsValue) -> Result<World, String> {
    Ok(World::new(env, isolate(env)?.settings))
}

/// A line in the log of the worker.
pub fn log(text: &str) {
    web_sys::console::error_1(&text.into());
}

/// Answers a request.
#[wasm_bindgen]
pub async fn fetch(request: JsValue, env: JsValue, ctx: JsValue) -> Result<JsValue, JsValue> {
    fetch::answer(&request, &env, &ctx).await
}

/// `[status, headers, body]` of the answer to a request that a panic swallowed.
#[wasm_bindgen]
pub fn sorry(env: JsValue) -> String {
    fetch::sorry(&env)
}
