//! Rows of the journal, as the auditor sees them.

use domain::shared::time::Timestamp;

use super::wire::reads;
use crate::json::Json;

reads! {
    JournalPage { items, next }
    Permissions { routes }
    RouteRow { method, path, access, roles }
    JournalRow { seq, at, who, role, action, object_type, object_id, reason, before, after }
}

/// `GET /cabinet/journal?object=&cursor=`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JournalPage {
    /// This page, newest first.
    pub items: Vec<JournalRow>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// A row of the journal.
#[derive(Debug, Clone, PartialEq)]
pub struct JournalRow {
    /// Number in the chain.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who (name); empty for the system.
    pub who: String,
    /// In which role.
    pub role: String,
    /// What: `vacancy.publish` …
    pub action: String,
    /// Kind of the object.
    pub object_type: String,
    /// Identifier of the object.
    pub object_id: String,
    /// Why.
    pub reason: String,
    /// What it was.
    pub before: Json,
    /// What it is.
    pub after: Json,
}

/// `GET /cabinet/permissions`: the table that the server obeys.
#[derive(Debug, Clone, PartialEq)]
pub struct Permissions {
    /// Addresses.
    pub routes: Vec<RouteRow>,
}

/// An address and who may use it.
#[derive(Debug, Clone, PartialEq)]
pub struct RouteRow {
    /// Method.
    pub method: String,
    /// Path with its parameters in braces.
    pub path: String,
    /// `public`, `signed_in` or a permission.
    pub access: String,
    /// Codes of the roles that may.
    pub roles: Vec<String>,
}
