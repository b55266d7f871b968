//! The rate limits of the runtime.

use app::ports::{Limit, Limiter, Local};
use wasm_bindgen::JsValue;

use crate::glue;

/// The `[[ratelimits]]` of wrangler.toml.
pub struct Limits {
    env: JsValue,
}

impl Limits {
    /// The limits of an environment.
    pub fn new(env: &JsValue) -> Limits {
        Limits { env: env.clone() }
    }
}

const fn binding(limit: Limit) -> &'static str {
    match limit {
        Limit::Public => "LIMIT_PUBLIC",
        Limit::ApiKey => "LIMIT_API_KEY",
        Limit::SignIn => "LIMIT_SIGN_IN",
        Limit::Command => "LIMIT_COMMAND",
    }
}

impl Limiter for Limits {
    fn allow<'a>(&'a self, limit: Limit, key: &'a str) -> Local<'a, bool> {
        Box::pin(async move {
            glue::allow(&self.env, binding(limit), key).await.as_bool().unwrap_or(true)
        })
    }
}
