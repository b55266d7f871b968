//! The application's ports on SQLite (in memory, the real migrations), with a clock and
//! randomness that the test sets.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test helper fails by panicking")]

pub mod apply;
pub mod demo;
pub mod samples;
pub mod store;

use std::{
    cell::{Cell, RefCell},
    fs,
    future::Future,
    path::PathBuf,
    pin::pin,
    task::{Context, Poll, Waker},
};

use app::{
    error::Fault,
    ports::{Config, Courier, CourierError, Db, DbError, Limit, Limiter, Local, Ports, Rows},
};
use domain::{
    job::{Express, Job},
    shared::{
        statement::{JSON_ROWS, Param, Statement},
        time::Timestamp,
    },
};
use rusqlite::{Connection, limits, types::Value, types::ValueRef};

/// A database in memory, made by the migrations of a folder under `schemas/migrations`.
pub struct Sqlite(RefCell<Connection>);

impl Sqlite {
    /// Opens and migrates.
    pub fn new(folder: &str) -> Sqlite {
        let path =
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../schemas/migrations").join(folder);
        let mut files: Vec<_> =
            fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("PRAGMA foreign_keys = ON").unwrap();
        // The limits of the real runtime, which SQLite's own are far above.
        for (limit, most) in [
            (limits::Limit::SQLITE_LIMIT_COLUMN, 100),
            (limits::Limit::SQLITE_LIMIT_EXPR_DEPTH, 100),
            (limits::Limit::SQLITE_LIMIT_COMPOUND_SELECT, 5),
            (limits::Limit::SQLITE_LIMIT_FUNCTION_ARG, 32),
            (limits::Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50),
            (limits::Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 100),
        ] {
            connection.set_limit(limit, most).unwrap();
        }
        for file in files {
            connection
                .execute_batch(&fs::read_to_string(&file).unwrap())
                .unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        }
        Sqlite(RefCell::new(connection))
    }

    /// Runs SQL of a test.
    pub fn execute(&self, sql: &str) {
        self.0.borrow().execute_batch(sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
    }

    /// Pages of the database that were read so far, from memory or disk: the work of a query
    /// that no clock can blur.
    #[expect(unsafe_code, reason = "the counter is only in SQLite's C interface")]
    pub fn pages_read(&self) -> i64 {
        let connection = self.0.borrow();
        let count = |what| {
            let (mut now, mut most) = (0, 0);
            // SAFETY: the handle lives as long as `connection`, and both places are ours.
            unsafe {
                let handle = connection.handle();
                rusqlite::ffi::sqlite3_db_status(handle, what, &mut now, &mut most, 0);
            }
            i64::from(now)
        };
        count(rusqlite::ffi::SQLITE_DBSTATUS_CACHE_HIT)
            + count(rusqlite::ffi::SQLITE_DBSTATUS_CACHE_MISS)
    }

    /// The rows of a query as JSON.
    pub fn rows(&self, sql: &str) -> Vec<serde_json::Value> {
        let rows = run(&self.0.borrow(), &Statement { sql: sql.to_owned().into(), params: vec![] })
            .unwrap_or_else(|e| panic!("{sql}: {e}"));
        serde_json::from_str(&rows.0).unwrap()
    }
}

fn run(connection: &Connection, statement: &Statement) -> rusqlite::Result<Rows> {
    let mut prepared = connection.prepare_cached(&statement.sql)?;
    let names: Vec<String> = prepared.column_names().map(str::to_owned).collect();
    let params = statement.params.iter().map(|param| match param {
        Param::Null => Value::Null,
        // D1 hands numbers over as doubles; so do we, to meet the same surprises.
        Param::Int(n) => Value::Real(*n as f64),
        Param::Real(n) => Value::Real(*n),
        Param::Text(text) => Value::Text(text.clone()),
    });
    let mut rows = prepared.query(rusqlite::params_from_iter(params))?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let mut object = serde_json::Map::new();
        for (place, name) in names.iter().enumerate() {
            let value = match row.get_ref(place)? {
                ValueRef::Null => serde_json::Value::Null,
                ValueRef::Integer(n) => n.into(),
                ValueRef::Real(n) if n.fract() == 0.0 && n.abs() < 9e15 => (n as i64).into(),
                ValueRef::Real(n) => n.into(),
                ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
                ValueRef::Blob(_) => panic!("no blobs in this schema"),
            };
            object.insert(name.clone(), value);
        }
        out.push(serde_json::Value::Object(object));
    }
    // As the portal does: rows that the database has written as JSON stay as they are.
    if let Some(rows) = out.first().and_then(|row| row.get(JSON_ROWS)).and_then(|r| r.as_str()) {
        return Ok(Rows(rows.to_owned()));
    }
    Ok(Rows(serde_json::Value::Array(out).to_string()))
}

impl Db for Sqlite {
    fn batch(&self, statements: Vec<Statement>) -> Local<'_, Result<Vec<Rows>, DbError>> {
        Box::pin(async move {
            let mut connection = self.0.borrow_mut();
            let failed = |e: rusqlite::Error| DbError::from_message(&e.to_string());
            let transaction = connection.transaction().map_err(failed)?;
            let rows = statements
                .iter()
                .map(|statement| {
                    assert!(statement.params.len() <= 100, "D1 takes 100 values at most");
                    run(&transaction, statement)
                })
                .collect::<rusqlite::Result<Vec<_>>>()
                .map_err(failed)?;
            transaction.commit().map_err(failed)?;
            Ok(rows)
        })
    }
}

/// A limiter that lets everything through, or nothing of one kind.
#[derive(Default)]
pub struct TestLimiter {
    /// The budget that is used up.
    pub closed: Cell<Option<Limit>>,
}

impl Limiter for TestLimiter {
    fn allow<'a>(&'a self, limit: Limit, _: &'a str) -> Local<'a, bool> {
        let open = self.closed.get() != Some(limit);
        Box::pin(async move { open })
    }
}

/// A courier that remembers what it was given.
#[derive(Default)]
pub struct TestCourier {
    /// Messages that could not wait, in order.
    pub sent: RefCell<Vec<Express>>,
    /// Jobs in the queue, in order.
    pub jobs: RefCell<Vec<Job>>,
    /// What the next messages meet instead of a gateway.
    pub fails: Cell<Option<CourierError>>,
}

impl Courier for TestCourier {
    fn express<'a>(&'a self, message: &'a Express) -> Local<'a, Result<(), CourierError>> {
        Box::pin(async move {
            if let Some(error) = self.fails.get() {
                return Err(error);
            }
            self.sent.borrow_mut().push(message.clone());
            Ok(())
        })
    }

    fn enqueue<'a>(&'a self, jobs: &'a [Job]) -> Local<'a, Result<(), Fault>> {
        Box::pin(async move {
            if self.fails.get().is_some() {
                return Err(Fault::new("the queue is down"));
            }
            self.jobs.borrow_mut().extend_from_slice(jobs);
            Ok(())
        })
    }
}

/// A whole deployment in memory.
pub struct World {
    /// The main database.
    pub db: Sqlite,
    /// The search database.
    pub search: Sqlite,
    /// The limits.
    pub limiter: TestLimiter,
    /// Messages and jobs that left.
    pub courier: TestCourier,
    /// The object store.
    pub store: store::TestStore,
    /// The clock.
    pub now: Cell<Timestamp>,
    /// Counts, so that "random" bytes differ.
    seed: Cell<u64>,
    /// Settings.
    pub config: Config,
}

impl World {
    /// An empty deployment on Monday, 2 November 2026, 10:00 in Astana.
    pub fn new() -> World {
        World {
            db: Sqlite::new("main"),
            search: Sqlite::new("search"),
            limiter: TestLimiter::default(),
            courier: TestCourier::default(),
            store: store::TestStore::default(),
            now: Cell::new(Timestamp::parse("2026-11-02T05:00:00Z").unwrap()),
            seed: Cell::new(0),
            config: Config {
                dev: true,
                origin: "http://127.0.0.1:8787".into(),
                hosts: Vec::new(),
                totp_key: vec![7; 32],
                exam_key: b"devdevdevdevdevdevdevdevdevdevde".to_vec(),
                exam_origin: "http://127.0.0.1:8790".into(),
                help_origin: "http://127.0.0.1:8788".into(),
                build: "test".into(),
                push_key: String::new(),
                security_contact: "mailto:security@example.kz".into(),
            },
        }
    }

    /// Runs `work` with the ports of this moment.
    pub fn with<T>(&self, work: impl AsyncFnOnce(&Ports<'_>) -> T) -> T {
        let random = |bytes: &mut [u8]| {
            for byte in bytes {
                // SplitMix64: distinct and repeatable, nothing more is needed here.
                let mut z = self.seed.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
                self.seed.set(z);
                z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
                *byte = (z >> 56) as u8;
            }
        };
        let ports = Ports {
            db: &self.db,
            search: &self.search,
            limiter: &self.limiter,
            courier: &self.courier,
            store: &self.store,
            now: self.now.get(),
            random: &random,
            config: &self.config,
        };
        ready(work(&ports))
    }
}

impl Default for World {
    fn default() -> World {
        World::new()
    }
}

/// Runs a future that never waits: all ports here answer at once.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a port of the tests had to wait"),
    }
}
