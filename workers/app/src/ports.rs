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

/// Cuts rows of which one more was asked for than a page holds; the cursor of the last one where the
/// page does not end the list.
pub fn page<T>(
    rows: &mut Vec<T>,
    holds: usize,
    cursor: impl FnOnce(&T) -> String,
) -> Option<String> {
    let more = rows.len() > holds;
    rows.truncate(holds);
    rows.last().filter(|_| more).map(cursor)
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

/// What came into the store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Received {
    /// SHA-256, hex.
    pub sha256: String,
    /// The store's name for it (of a part: wanted when all parts are joined).
    pub etag: String,
    /// First bytes, at most `domain::file::look::HEAD`. Empty for a part.
    pub head: Vec<u8>,
    /// Last bytes, at most `domain::file::look::TAIL`. Empty for a part.
    pub tail: Vec<u8>,
}

/// Why the store did not do it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreError {
    /// The body ended before the length it had named. Nothing was kept.
    Cut,
    /// The body was longer than it had said. Nothing was kept.
    Longer,
    /// The upload is not there: it was joined, ended, or never was.
    NoUpload,
    /// The parts that are there are not those that were named.
    Parts,
    /// Something else: a fault of ours or of the store.
    Other(String),
}

/// The object store. Names of objects are ours and random; what a person calls a file is not in
/// them. Nothing is visible before a row of the database names it.
pub trait Store {
    /// Streams the body of the present request, `size` bytes, into a new object.
    fn receive<'a>(&'a self, object: &'a str, size: i64)
    -> Local<'a, Result<Received, StoreError>>;

    /// Opens an upload by parts and returns the store's name for it.
    fn begin<'a>(&'a self, object: &'a str) -> Local<'a, Result<String, StoreError>>;

    /// Streams the body of the present request, `size` bytes, into part `n` (from 1) of an upload.
    fn receive_part<'a>(
        &'a self,
        object: &'a str,
        upload: &'a str,
        n: u32,
        size: i64,
    ) -> Local<'a, Result<Received, StoreError>>;

    /// Joins parts (number and store's name, in order) into the object.
    fn complete<'a>(
        &'a self,
        object: &'a str,
        upload: &'a str,
        parts: &'a [(u32, String)],
    ) -> Local<'a, Result<(), StoreError>>;

    /// Ends an upload without an object. One that is not there is no error.
    fn abort<'a>(&'a self, object: &'a str, upload: &'a str) -> Local<'a, Result<(), StoreError>>;

    /// Bytes of an object; `None` where there is none.
    fn size<'a>(&'a self, object: &'a str) -> Local<'a, Result<Option<i64>, StoreError>>;

    /// A piece of an object, in memory: for small pieces. `None` where there is no object.
    fn read<'a>(
        &'a self,
        object: &'a str,
        from: i64,
        length: i64,
    ) -> Local<'a, Result<Option<Vec<u8>>, StoreError>>;

    /// Writes an object from memory.
    fn write<'a>(&'a self, object: &'a str, bytes: Vec<u8>) -> Local<'a, Result<(), StoreError>>;

    /// Removes objects. Those that are not there are no error.
    fn remove<'a>(&'a self, objects: &'a [String]) -> Local<'a, Result<(), StoreError>>;
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
    /// 32 bytes under which secrets of tests lie in the database; empty where no tests are run. The
    /// worker `exam` has the same.
    pub exam_key: Vec<u8>,
    /// Origin of the worker `exam`, without a slash at the end.
    pub exam_origin: String,
    /// Origin of the worker `trust`, the site of help where one reports without a name; empty = no
    /// page leads there.
    pub help_origin: String,
    /// Name of the build, shown by `/readyz`.
    pub build: String,
    /// Whom to tell of a hole: `mailto:…` or `https://…`; empty = nobody is named.
    pub security_contact: String,
    /// Public key for web push (VAPID), base64url; empty = no push.
    pub push_key: String,
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
    /// The object store.
    pub store: &'a dyn Store,
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
