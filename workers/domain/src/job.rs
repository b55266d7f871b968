//! What the portal asks the worker `dispatch` to do.

use serde::{Deserialize, Serialize};

/// A message that cannot wait in the outbox: a one-time code. It is written nowhere; a person who
/// does not get it asks again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Express {
    /// The same key is the same message: a gateway that knows keys sends it once.
    pub key: String,
    /// `sms` or `email`.
    pub channel: String,
    /// Phone in E.164 or e-mail.
    pub address: String,
    /// Language of the text: `kk`, `ru` or `en`.
    pub lang: String,
    /// The event whose text is sent: a file of `schemas/messages`.
    pub event: String,
    /// Values of the text's variables.
    pub args: Vec<(String, String)>,
}

/// Work for the queue. A job may be handed over twice or late: whoever does it looks at the
/// database first. A job that got lost is found again by the sweep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// `message` (send), `file` (scan and prepare) …
    pub kind: String,
    /// Identifier of the row that says what to do.
    pub id: String,
}
