//! What the application needs from the world. The portal implements the ports on D1, cron and
//! the runtime's randomness; the native tests implement them on SQLite and a settable clock.

use std::{future::Future, pin::Pin};

use domain::{
    job::{Express, Job},
    shared::{statement::Statement, time::Timestamp},
};
use serde::de::DeserializeOwned;

use crate::error::Fault;

/// A future of this thread: neither the edge nor the tests move requests between threads.
pub type Local<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Why a batch was not done. Nothing of it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DbError {
    /// A named CHECK of the table `guard`, or any other named CHECK, said no.
    Check(String),
    /// A unique index said no; the text names table and columns: `account.login`.
    Unique(String),
    /// Something else: a fault of ours or of the database.
    Other(String),
}

impl DbError {
    /// Reads SQLite's message, which is the same on D1 and natively.
    pub fn from_message(message: &str) -> DbError {
        let after = |marker: &str| {
            message.split_once(marker).map(|(_, rest)| {
                rest.split([':', '\n']).next().unwrap_or_default().trim().to_owned()
            })
        };
        if let Some(name) = after("CHECK constraint failed: ") {
            DbError::Check(name)
        } else if let Some(columns) = after("UNIQUE constraint failed: ") {
            DbError::Unique(columns)
        } else {
            DbError::Other(message.to_owned())
        }
    }
}

/// The rows of one statement, as the text of a JSON array of objects: one crossing from the
/// runtime, and a ready answer can be passed on without being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows(pub String);

impl Rows {
    /// All rows.
    pub fn all<T: DeserializeOwned>(&self) -> Result<Vec<T>, Fault> {
        serde_json::from_str(&self.0).map_err(|e| Fault::new(format!("rows: {e}")))
    }

    /// The first row, if there is one.
    pub fn first<T: DeserializeOwned>(&self) -> Result<Option<T>, Fault> {
        Ok(self.all::<T>()?.into_iter().next())
    }
}

/// A database: one batch is one transaction, in order, all or nothing.
pub trait Db {
    /// Runs the statements and returns the rows of each.
    fn batch(&self, statements: Vec<Statement>) -> Local<'_, Result<Vec<Rows>, DbError>>;
}

/// Reads made easier. (Writes go through [`crate::save`].)
pub async fn read(db: &dyn Db, statement: Statement) -> Result<Rows, Fault> {
    let mut rows = read_all(db, vec![statement]).await?;
    rows.pop().ok_or_else(|| Fault::new("the database answered without rows"))
}

/// Several reads in one trip.
pub async fn read_all(db: &dyn Db, statements: Vec<Statement>) -> Result<Vec<Rows>, Fault> {
    let asked = statements.len();
    let rows = db.batch(statements).await.map_err(|e| Fault::new(format!("read: {e:?}")))?;
    if rows.len() == asked { Ok(rows) } else { Err(Fault::new("the database lost a statement")) }
}

/// Which budget a request draws from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Pages and the public API without a key, per address: generous, a school shares one.
    Public,
    /// The public API with a key, per key.
    ApiKey,
    /// Attempts to sign in, per address.
    SignIn,
    /// Commands of a signed-in account, per account.
    Command,
}

/// Rate limits.
pub trait Limiter {
    /// Whether one more request of `key` fits. A limiter that cannot answer says yes.
    fn allow<'a>(&'a self, limit: Limit, key: &'a str) -> Local<'a, bool>;
}

/// Why a message that cannot wait was not handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CourierError {
    /// No gateway takes this address: it is wrong or blocked there.
    Address,
    /// No gateway answered: nothing was sent, try again.
    Down,
}

/// The way to the worker `dispatch`.
pub trait Courier {
    /// Hands a message over and waits until a gateway has it.
    fn express<'a>(&'a self, message: &'a Express) -> Local<'a, Result<(), CourierError>>;

    /// Puts jobs into the queue. After an error some may be in it all the same.
    fn enqueue<'a>(&'a self, jobs: &'a [Job]) -> Local<'a, Result<(), Fault>>;
}

/// Settings of a deployment. Secrets come from the runtime's secret store.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Development: demo accounts are shown, `Secure` hosts are not demanded.
    pub dev: bool,
    /// The public origin, without a slash at the end: `https://mansap.kz`.
    pub origin: String,
    /// One host per language, in the order of `Lang::ALL`; empty = prefixes on one host.
    pub hosts: Vec<String>,
    /// 32 bytes that encrypt the second-factor secrets at rest.
    pub totp_key: Vec<u8>,
    /// Name of the build, shown by `/readyz`.
    pub build: String,
}

/// The world, as one request sees it.
pub struct Ports<'a> {
    /// The main database.
    pub db: &'a dyn Db,
    /// The search database: derived, rebuildable.
    pub search: &'a dyn Db,
    /// Rate limits.
    pub limiter: &'a dyn Limiter,
    /// Messages and jobs for the worker `dispatch`.
    pub courier: &'a dyn Courier,
    /// Now. It stands still during a request.
    pub now: Timestamp,
    /// Fills a buffer with random bytes.
    pub random: &'a dyn Fn(&mut [u8]),
    /// Settings.
    pub config: &'a Config,
}

impl Ports<'_> {
    /// A new row identifier.
    pub fn new_id(&self) -> String {
        let mut bytes = [0; 10];
        (self.random)(&mut bytes);
        domain::shared::id::ulid(self.now, bytes)
    }
}
