//! The worker `dispatch`: takes ids from the queue, codes from the portal, and every minute what
//! is due again. What it decides is in the crates `sender` (messages), `files-work` (files) and
//! `analyst` (item analysis); here
//! are only its runtime's bindings.

mod files;
mod glue;
mod world;

use std::{cell::RefCell, panic, rc::Rc};

use domain::{
    analysis, file,
    job::{Express, Job},
};
use files::Clamd;
use sender::{Settings, express::Failure};
use wasm_bindgen::prelude::*;

thread_local! {
    static SETTINGS: RefCell<Option<Known>> = const { RefCell::new(None) };
}

/// Settings, read once an instance of the module.
type Known = (Rc<Settings>, Rc<Clamd>);

fn known(env: &JsValue) -> Result<Known, JsValue> {
    if let Some(have) = SETTINGS.with_borrow(Clone::clone) {
        return Ok(have);
    }
    let text = glue::settings(env)?;
    let wrong = |e| JsValue::from(format!("settings: {e}"));
    let (raw, binding) = serde_json::from_str(&text).map_err(wrong)?;
    let (scanner, _): (files::Raw, bool) = serde_json::from_str(&text).map_err(wrong)?;
    let made = (Rc::new(Settings::read(&raw, binding)), Rc::new(Clamd::read(&scanner)));
    SETTINGS.set(Some(made.clone()));
    Ok(made)
}

fn settings(env: &JsValue) -> Result<Rc<Settings>, JsValue> {
    Ok(known(env)?.0)
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

/// A line in the log of the worker: never an address, never a text.
fn log(text: &str) {
    web_sys::console::error_1(&text.into());
}

/// Sends a message that cannot wait. Returns the status of the answer: 204, 400 (cannot be read),
/// 422 (no gateway takes the address), 503 (no gateway answers).
#[wasm_bindgen]
pub async fn express(env: JsValue, body: String) -> Result<u16, JsValue> {
    let Ok(message) = serde_json::from_str::<Express>(&body) else { return Ok(400) };
    let world = world::Adapters::new(&env, settings(&env)?);
    let sent = sender::express::deliver(&world.ports(), &message).await;
    Ok(match sent {
        Ok(()) => 204,
        Err(Failure::Malformed) => 400,
        Err(Failure::Address) => 422,
        Err(Failure::Down) => 503,
    })
}

/// Does the jobs of a batch of the queue: a JSON array. An error (of messages: files have their own
/// time in their rows) brings the whole batch back.
#[wasm_bindgen]
pub async fn jobs(env: JsValue, jobs: String) -> Result<(), JsValue> {
    let jobs: Vec<Job> = serde_json::from_str(&jobs).map_err(|e| JsValue::from(e.to_string()))?;
    let (settings, clamd) = known(&env)?;
    let world = world::Adapters::new(&env, settings);
    let of = |kind: &str| -> Vec<String> {
        let mut ids: Vec<_> =
            jobs.iter().filter(|job| job.kind == kind).map(|job| job.id.clone()).collect();
        ids.sort();
        ids.dedup();
        ids
    };
    let messages = of("message");
    if !messages.is_empty() {
        let sent = sender::send(&world.ports(), &messages).await;
        sent.map_err(|fault| JsValue::from(fault.text()))?;
    }
    // Messages go first: who waits for a message waits harder than who waits for a check.
    let received = of(file::JOB);
    if !received.is_empty() {
        files::checked(&env, &world.ports(), &clamd, &received).await;
    }
    // Computing comes last. One step of each; what fails is found again by the sweep.
    let analyses = of(analysis::JOB);
    if !analyses.is_empty() {
        for text in analyst::run(&analyst_world(&world.ports()), &analyses).await {
            log(&format!("analysis {text}"));
        }
    }
    Ok(())
}

/// What item analysis needs of the world.
fn analyst_world<'a>(ports: &sender::World<'a>) -> analyst::World<'a> {
    analyst::World { db: ports.db, courier: ports.courier, now: ports.now }
}

/// The minute's sweep.
#[wasm_bindgen]
pub async fn sweep(env: JsValue) -> Result<(), JsValue> {
    let world = world::Adapters::new(&env, settings(&env)?);
    for text in sender::sweep(&world.ports()).await {
        log(&format!("sweep: {text}"));
    }
    if let Err(fault) = analyst::sweep(&analyst_world(&world.ports())).await {
        log(&format!("sweep: {}", fault.text()));
    }
    Ok(())
}

/// Jobs that the queue gave up: their rows are still there and the sweep goes on with them. It is
/// told to the administrators, because it should not happen.
#[wasm_bindgen]
pub async fn dead(env: JsValue, count: u32) -> Result<(), JsValue> {
    let world = world::Adapters::new(&env, settings(&env)?);
    sender::given_up(&world.ports(), count).await.map_err(|fault| JsValue::from(fault.text()))
}

/// The address of the development mailbox; empty elsewhere.
#[wasm_bindgen]
pub fn mailbox(env: &JsValue) -> Result<String, JsValue> {
    Ok(settings(env)?.mailbox.clone().unwrap_or_default())
}
