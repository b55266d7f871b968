//! The way to the worker `dispatch`: a service binding and a queue.

use app::{
    error::Fault,
    ports::{Courier, CourierError, Local},
};
use domain::job::{Express, Job};
use wasm_bindgen::JsValue;

use crate::glue;

/// The bindings DISPATCH and JOBS of wrangler.toml.
pub struct Binding {
    env: JsValue,
}

impl Binding {
    /// The bindings of an environment.
    pub fn new(env: &JsValue) -> Binding {
        Binding { env: env.clone() }
    }
}

impl Courier for Binding {
    fn express<'a>(&'a self, message: &'a Express) -> Local<'a, Result<(), CourierError>> {
        Box::pin(async move {
            let body = serde_json::to_string(message).map_err(|_| CourierError::Down)?;
            match glue::express(&self.env, &body).await.as_f64().map(|status| status as u16) {
                Some(200..=299) => Ok(()),
                Some(422) => Err(CourierError::Address),
                _ => Err(CourierError::Down),
            }
        })
    }

    fn enqueue<'a>(&'a self, jobs: &'a [Job]) -> Local<'a, Result<(), Fault>> {
        Box::pin(async move {
            if jobs.is_empty() {
                return Ok(());
            }
            let body = serde_json::to_string(jobs).map_err(|e| Fault::new(format!("jobs: {e}")))?;
            glue::enqueue(&self.env, &body)
                .await
                .map(drop)
                .map_err(|e| Fault::new(format!("queue: {}", e.as_string().unwrap_or_default())))
        })
    }
}
