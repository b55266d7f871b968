//! What happened, in a chain of hashes: a row that is changed, taken out or put in shows.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::exam::seed::hex;

/// The hash before the first row.
pub const START: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It counts.
    #[default]
    Counted,
    /// It counts and came in the grace.
    Late,
    /// It came too late and is kept; only a commission may let it count.
    Evidence,
    /// It makes no sense: an unknown task, an answer that cannot be read.
    Unread,
}

impl Fate {
    /// The code, as stored.
    pub const fn code(self) -> &'static str {
        match self {
            Fate::Counted => "counted",
            Fate::Late => "late",
            Fate::Evidence => "evidence",
            Fate::Unread => "unread",
        }
    }
}

/// A row of the log.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Row {
    /// Number, from 1.
    pub n: u32,
    /// Server's clock, milliseconds.
    pub at: i64,
    /// Epoch; 0 for what the server did or saw.
    pub epoch: u32,
    /// Number within the epoch; 0 for the server.
    pub cseq: u32,
    /// What.
    pub kind: String,
    /// Number of the task.
    pub slot: Option<u16>,
    /// More about it.
    pub payload: String,
    /// The page's clock, milliseconds since it was opened.
    pub mono: Option<i64>,
    /// What became of it.
    pub fate: Fate,
    /// SHA-256 over the hash before and this row.
    pub hash: String,
}

/// The hash of a row after another.
pub fn chained(before: &str, row: &Row) -> String {
    let mut digest = Sha256::new();
    let number = |value: Option<i64>| value.map_or_else(|| "-".to_owned(), |v| v.to_string());
    let head = [
        before.to_owned(),
        row.n.to_string(),
        row.at.to_string(),
        row.epoch.to_string(),
        row.cseq.to_string(),
        row.kind.clone(),
        number(row.slot.map(i64::from)),
        number(row.mono),
        row.fate.code().to_owned(),
    ];
    digest.update(head.join("\n").as_bytes());
    // The payload is last: whatever is in it cannot look like another field.
    digest.update(b"\n");
    digest.update(row.payload.as_bytes());
    hex(&digest.finalize())
}
