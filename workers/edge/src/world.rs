//! The ports of one deployment, as the runtime hands them over.

use std::rc::Rc;

use app::ports::{Config, Ports};
use domain::shared::time::Timestamp;
use serde::Deserialize;
use wasm_bindgen::JsValue;

use crate::{courier::Binding, d1::D1, faults::Waiting, glue, limits::Limits, r2::R2};

/// Bytes of the key that encrypts the second-factor secrets.
const KEY_BYTES: usize = 32;

/// Settings as wrangler.toml and the secret store give them.
#[derive(Deserialize)]
struct Raw {
    origin: String,
    hosts: String,
    dev: String,
    build: String,
    #[serde(default)]
    security_contact: String,
    push_key: String,
    edge_cache: String,
    faults: String,
    totp_key: Option<Vec<u8>>,
    #[serde(default)]
    exam_key: Vec<u8>,
    #[serde(default)]
    exam_origin: String,
    #[serde(default)]
    help_origin: String,
    assets: bool,
}

/// Settings of the deployment and of the edge itself.
pub struct Settings {
    /// What the application sees.
    pub config: Config,
    /// Whether pages are kept in the edge cache.
    pub edge_cache: bool,
    /// Whether a request may ask for a fault: only the tests of the entry say so.
    pub faults: bool,
    /// Whether the files of the cabinet are there.
    pub assets: bool,
}

impl Settings {
    /// Reads the environment. The error names the setting that is wrong, never its value.
    pub fn read(env: &JsValue) -> Result<Settings, &'static str> {
        let text = glue::settings(env).map_err(|_| "settings")?;
        let raw: Raw = serde_json::from_str(&text).map_err(|_| "settings")?;
        let totp_key = raw.totp_key.filter(|key| key.len() == KEY_BYTES).ok_or("TOTP_KEY")?;
        if raw.origin.is_empty() {
            return Err("ORIGIN");
        }
        let hosts = raw.hosts.split(',').map(str::trim).filter(|h| !h.is_empty());
        Ok(Settings {
            config: Config {
                dev: raw.dev == "1",
                origin: raw.origin.trim_end_matches('/').to_owned(),
                hosts: hosts.map(str::to_owned).collect(),
                totp_key,
                exam_key: raw.exam_key,
                exam_origin: raw.exam_origin.trim_end_matches('/').to_owned(),
                help_origin: raw.help_origin.trim_end_matches('/').to_owned(),
                build: raw.build,
                security_contact: raw.security_contact,
                push_key: raw.push_key,
            },
            edge_cache: raw.edge_cache == "on",
            faults: raw.faults == "on",
            assets: raw.assets,
        })
    }
}

/// Everything a request needs; outlives it for the work that is done after the answer.
#[derive(Clone)]
pub struct World {
    env: JsValue,
    db: Rc<D1>,
    search: Rc<D1>,
    limits: Rc<Limits>,
    courier: Rc<Binding>,
    store: Rc<R2>,
    /// Settings.
    pub settings: Rc<Settings>,
}

impl World {
    /// The world of an environment.
    pub fn new(env: &JsValue, settings: Rc<Settings>) -> World {
        World {
            env: env.clone(),
            db: Rc::new(D1::new(env, "DB")),
            search: Rc::new(D1::new(env, "SEARCH")),
            limits: Rc::new(Limits::new(env)),
            courier: Rc::new(Binding::new(env)),
            store: Rc::new(R2::new(env)),
            settings,
        }
    }

    /// Lets the store stream the body of this request.
    pub fn listen(&self, request: &JsValue) {
        self.store.listen(request);
    }

    /// The fault that waits for a batch of this request.
    pub(crate) fn fault(&self) -> &Waiting {
        &self.db.fault
    }

    /// The environment it was made of.
    pub(crate) fn env(&self) -> &JsValue {
        &self.env
    }

    /// The ports of this moment.
    pub fn ports(&self) -> Ports<'_> {
        Ports {
            db: &*self.db,
            search: &*self.search,
            limiter: &*self.limits,
            courier: &*self.courier,
            store: &*self.store,
            now: Timestamp::from_millis(js_sys::Date::now() as i64),
            random: &fill,
            config: &self.settings.config,
        }
    }
}

fn fill(bytes: &mut [u8]) {
    // Without randomness there are no secrets: a trap, answered with a 500, is the only safe end.
    if getrandom::fill(bytes).is_err() {
        std::process::abort();
    }
}
