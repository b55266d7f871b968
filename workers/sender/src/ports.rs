//! What sending needs from the world.

use app::ports::{Courier, Db, Local};
use domain::shared::time::Timestamp;

use crate::Settings;

/// A request to a gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Whole address.
    pub url: String,
    /// Headers.
    pub headers: Vec<(&'static str, String)>,
    /// Body.
    pub body: Vec<u8>,
}

/// An answer of a gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// The gateway was not reached: it has nothing of the request.
    NotReached,
    /// Something went wrong on the way: it may have it.
    Silent,
}

/// Calls to gateways. Every call ends: the adapter gives up after some seconds.
pub trait Http {
    /// Makes a call.
    fn call(&self, call: Call) -> Local<'_, Result<Reply, Lost>>;
}

/// The runtime's own way to send a letter.
pub trait Post {
    /// Sends a whole message (RFC 5322). The error is its text.
    fn post<'a>(
        &'a self,
        from: &'a str,
        to: &'a str,
        raw: &'a str,
    ) -> Local<'a, Result<(), String>>;
}

/// The world of one event.
pub struct World<'a> {
    /// The main database.
    pub db: &'a dyn Db,
    /// Calls.
    pub http: &'a dyn Http,
    /// Letters of the runtime, where there is the binding.
    pub post: Option<&'a dyn Post>,
    /// The queue, for what is due again.
    pub courier: &'a dyn Courier,
    /// The clock: sending takes time, so it is asked more than once.
    pub now: &'a dyn Fn() -> Timestamp,
    /// Fills a buffer with random bytes.
    pub random: &'a dyn Fn(&mut [u8]),
    /// Settings.
    pub settings: &'a Settings,
}

impl World<'_> {
    /// A new identifier.
    pub(crate) fn new_id(&self) -> String {
        let mut bytes = [0; 10];
        (self.random)(&mut bytes);
        domain::shared::id::ulid((self.now)(), bytes)
    }
}
