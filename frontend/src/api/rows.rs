//! Rows of the journal, as the auditor sees them.

use domain::shared::time::Timestamp;
use serde::Deserialize;
use serde_json::Value;

/// `GET /cabinet/journal?object=&cursor=`.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct JournalPage {
    /// This page, newest first.
    pub items: Vec<JournalRow>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// A row of the journal.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct JournalRow {
    /// Number in the chain.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who (name); empty for the system.
    #[serde(default)]
    pub who: String,
    /// In which role.
    #[serde(default)]
    pub role: String,
    /// What: `vacancy.publish` …
    pub action: String,
    /// Kind of the object.
    #[serde(default)]
    pub object_type: String,
    /// Identifier of the object.
    #[serde(default)]
    pub object_id: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// What it was.
    #[serde(default)]
    pub before: Value,
    /// What it is.
    #[serde(default)]
    pub after: Value,
}
