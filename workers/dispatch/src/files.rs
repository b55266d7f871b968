//! The check of files on the runtime: the bucket, and clamd behind a socket.

use app::ports::{
    Config, Db, DbError, Limit, Limiter, Local, Ports, Received, Rows, Store, StoreError,
};
use domain::{file, job::Job, shared::statement::Statement};
use files_work::{
    clamd::{self, ScanError, Verdict},
    job::{Scanner, check},
};
use sender::World;
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};

use crate::{glue, log};

/// Seconds after which a batch of the queue begins no further file: the runtime ends an event after
/// fifteen minutes, and one file may take some.
const BUDGET: i64 = 240;
/// Seconds without any progress after which a scanner is given up.
const PATIENCE: u32 = 60;

/// Settings as wrangler.toml gives them.
#[derive(Default, Deserialize)]
#[serde(rename_all = "UPPERCASE", default)]
pub struct Raw {
    clamd: String,
    clamd_tls: String,
    clamd_seconds: String,
}

/// Where the scanner is.
pub struct Clamd {
    /// `[address, whether by TLS, seconds of patience]`; empty = there is none.
    scanner: Option<String>,
}

impl Clamd {
    /// Reads the settings.
    pub fn read(raw: &Raw) -> Clamd {
        let seconds = raw.clamd_seconds.parse().ok().filter(|s| *s > 0).unwrap_or(PATIENCE);
        let scanner = serde_json::json!([raw.clamd, raw.clamd_tls == "1", seconds]).to_string();
        Clamd { scanner: (!raw.clamd.is_empty()).then_some(scanner) }
    }
}

struct Scan<'a> {
    env: &'a JsValue,
    clamd: &'a Clamd,
}

impl Scanner for Scan<'_> {
    fn scan<'a>(&'a self, object: &'a str, _: i64) -> Local<'a, Result<Verdict, ScanError>> {
        Box::pin(async move {
            let Some(scanner) = &self.clamd.scanner else { return Ok(Verdict::Off) };
            let said = glue::scan(self.env, scanner, object, clamd::START, clamd::CHUNK).await;
            match said {
                Ok(answer) => clamd::verdict(&bytes(answer)),
                Err(error) => Err(ScanError::Down(error.as_string().unwrap_or_default())),
            }
        })
    }
}

fn bytes(value: JsValue) -> Vec<u8> {
    value.dyn_into::<js_sys::Uint8Array>().map(|all| all.to_vec()).unwrap_or_default()
}

/// Checks files one after the other: each may fill much of the memory. What there is no time for
/// goes back into the queue; what fails is due again by its row.
pub async fn checked(env: &JsValue, world: &World<'_>, clamd: &Clamd, ids: &[String]) {
    let begun = (world.now)();
    let (here, scanner) = (Here(env), Scan { env, clamd });
    let settings = world.settings;
    let config = Config { dev: settings.dev, origin: settings.origin.clone(), ..Config::default() };
    for (place, id) in ids.iter().enumerate() {
        let now = (world.now)();
        if now > begun.plus_seconds(BUDGET) {
            let rest = ids.iter().skip(place);
            let jobs: Vec<Job> =
                rest.map(|id| Job { kind: file::JOB.into(), id: id.clone() }).collect();
            if let Err(fault) = world.courier.enqueue(&jobs).await {
                log(&format!("files: {}", fault.text()));
            }
            return;
        }
        let ports = Ports {
            db: world.db,
            search: &here,
            limiter: &here,
            courier: world.courier,
            store: &here,
            now,
            random: world.random,
            config: &config,
        };
        if let Err(fault) = check(&ports, &scanner, id).await {
            log(&format!("file {id}: {}", fault.text()));
        }
    }
}

/// The bucket; and what the application has elsewhere and a check never asks for.
struct Here<'a>(&'a JsValue);

fn elsewhere<'a, T: 'a>() -> Local<'a, Result<T, StoreError>> {
    Box::pin(async { Err(StoreError::Other("this worker receives no files".into())) })
}

fn store(error: JsValue) -> StoreError {
    StoreError::Other(error.as_string().unwrap_or_default())
}

impl Store for Here<'_> {
    fn receive<'a>(&'a self, _: &'a str, _: i64) -> Local<'a, Result<Received, StoreError>> {
        elsewhere()
    }

    fn begin<'a>(&'a self, _: &'a str) -> Local<'a, Result<String, StoreError>> {
        elsewhere()
    }

    fn receive_part<'a>(
        &'a self,
        _: &'a str,
        _: &'a str,
        _: u32,
        _: i64,
    ) -> Local<'a, Result<Received, StoreError>> {
        elsewhere()
    }

    fn complete<'a>(
        &'a self,
        _: &'a str,
        _: &'a str,
        _: &'a [(u32, String)],
    ) -> Local<'a, Result<(), StoreError>> {
        elsewhere()
    }

    fn abort<'a>(&'a self, _: &'a str, _: &'a str) -> Local<'a, Result<(), StoreError>> {
        elsewhere()
    }

    fn size<'a>(&'a self, _: &'a str) -> Local<'a, Result<Option<i64>, StoreError>> {
        elsewhere()
    }

    fn read<'a>(
        &'a self,
        object: &'a str,
        from: i64,
        length: i64,
    ) -> Local<'a, Result<Option<Vec<u8>>, StoreError>> {
        Box::pin(async move {
            let got = glue::read(self.0, object, from as f64, length as f64).await;
            let got = got.map_err(store)?;
            Ok(if got.is_null() { None } else { Some(bytes(got)) })
        })
    }

    fn write<'a>(&'a self, object: &'a str, bytes: Vec<u8>) -> Local<'a, Result<(), StoreError>> {
        Box::pin(async move { glue::write(self.0, object, &bytes).await.map(drop).map_err(store) })
    }

    fn remove<'a>(&'a self, _: &'a [String]) -> Local<'a, Result<(), StoreError>> {
        elsewhere()
    }
}

impl Db for Here<'_> {
    fn batch(&self, _: Vec<Statement>) -> Local<'_, Result<Vec<Rows>, DbError>> {
        Box::pin(async { Err(DbError::Other("this worker does not search".into())) })
    }
}

impl Limiter for Here<'_> {
    fn allow<'a>(&'a self, _: Limit, _: &'a str) -> Local<'a, bool> {
        Box::pin(async { true })
    }
}
