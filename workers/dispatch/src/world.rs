//! The ports of sending on the runtime.

use std::rc::Rc;

use app::{
    error::Fault,
    ports::{Courier, CourierError, Db, DbError, Local, Rows},
};
use domain::{
    job::{Express, Job},
    shared::{statement::Statement, time::Timestamp},
};
use sender::{Call, Http, Lost, Post, Reply, Settings, World};
use wasm_bindgen::{JsCast, JsValue};

use crate::glue;

/// Everything that an event needs.
pub struct Adapters {
    env: JsValue,
    settings: Rc<Settings>,
}

impl Adapters {
    /// The adapters of an environment.
    pub fn new(env: &JsValue, settings: Rc<Settings>) -> Adapters {
        Adapters { env: env.clone(), settings }
    }

    /// The ports.
    pub fn ports(&self) -> World<'_> {
        World {
            db: self,
            http: self,
            post: self.settings.mail_binding.then_some(self as &dyn Post),
            courier: self,
            now: &now,
            random: &fill,
            settings: &self.settings,
        }
    }
}

fn now() -> Timestamp {
    Timestamp::from_millis(js_sys::Date::now() as i64)
}

fn fill(bytes: &mut [u8]) {
    // Without randomness there are no secrets: a trap, answered with a failure, is the safe end.
    if getrandom::fill(bytes).is_err() {
        std::process::abort();
    }
}

impl Db for Adapters {
    fn batch(&self, statements: Vec<Statement>) -> Local<'_, Result<Vec<Rows>, DbError>> {
        Box::pin(async move {
            if statements.is_empty() {
                return Ok(Vec::new());
            }
            let asked: Vec<_> = statements.iter().map(|s| (&s.sql, &s.params)).collect();
            let asked = serde_json::to_string(&asked)
                .map_err(|e| DbError::Other(format!("statements: {e}")))?;
            let rows = glue::batch(&self.env, &asked)
                .await
                .map_err(|error| DbError::from_message(&error.as_string().unwrap_or_default()))?;
            let rows = rows.as_string().unwrap_or_default();
            Ok(rows.split('\n').map(|line| Rows(line.to_owned())).collect())
        })
    }
}

impl Http for Adapters {
    fn call(&self, call: Call) -> Local<'_, Result<Reply, Lost>> {
        Box::pin(async move {
            let headers = serde_json::to_string(&call.headers).unwrap_or_default();
            let answer = glue::call(call.method, &call.url, &headers, &call.body).await;
            let answer = answer.map_err(|error| match error.as_string().as_deref() {
                Some("not reached") => Lost::NotReached,
                _ => Lost::Silent,
            })?;
            let pair: js_sys::Array = answer.dyn_into().map_err(|_| Lost::Silent)?;
            let status = pair.get(0).as_f64().unwrap_or_default() as u16;
            let body: js_sys::Uint8Array = pair.get(1).dyn_into().map_err(|_| Lost::Silent)?;
            Ok(Reply { status, body: body.to_vec() })
        })
    }
}

impl Post for Adapters {
    fn post<'a>(
        &'a self,
        from: &'a str,
        to: &'a str,
        raw: &'a str,
    ) -> Local<'a, Result<(), String>> {
        Box::pin(async move {
            let sent = glue::post(&self.env, from, to, raw).await;
            sent.map(drop).map_err(|error| error.as_string().unwrap_or_default())
        })
    }
}

impl Courier for Adapters {
    /// Express messages come from the portal; this worker has nobody to hand them to.
    fn express<'a>(&'a self, _: &'a Express) -> Local<'a, Result<(), CourierError>> {
        Box::pin(async { Err(CourierError::Down) })
    }

    fn enqueue<'a>(&'a self, jobs: &'a [Job]) -> Local<'a, Result<(), Fault>> {
        Box::pin(async move {
            let body = serde_json::to_string(jobs).map_err(|e| Fault::new(format!("jobs: {e}")))?;
            glue::enqueue(&self.env, &body)
                .await
                .map(drop)
                .map_err(|e| Fault::new(format!("queue: {}", e.as_string().unwrap_or_default())))
        })
    }
}
