//! The journal: append-only, written in the batch of the change itself, sealed by a hash chain.
//!
//! Rows are not chained when they are written: a chain in the batch would make every two changes
//! collide. The sweep seals them in order right after; from then on a rewritten, removed or
//! inserted row breaks the chain, whose head is public.

use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    shared::{statement::Statement, time::Timestamp},
    sql,
};

/// Who did it, in which session and request.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// Account; empty for the system itself.
    pub account: Option<String>,
    /// Session or key.
    pub session: Option<String>,
    /// Identifier of the request.
    pub request_id: String,
}

/// A row to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// `vacancy.publish`, `account.sign_in` …
    pub action: String,
    /// Kind of the object: `vacancy`, `account`, `organisation`, `directory` …
    pub object_type: &'static str,
    /// Its identifier.
    pub object_id: String,
    /// Who did it, where the request had no session yet: whoever signs in by this very request.
    pub account: Option<String>,
    /// The organisation it belongs to, if any.
    pub organisation: Option<String>,
    /// What stood before, as far as it matters.
    pub before: Option<Value>,
    /// What stands now; for public actions of vacancies `{changed: […], reason: {kk, ru}}`.
    pub after: Option<Value>,
    /// Why, in the words or the code that the person gave.
    pub reason: Option<String>,
}

impl Entry {
    /// A row without details.
    pub fn new(
        action: impl Into<String>,
        object_type: &'static str,
        object_id: impl Into<String>,
    ) -> Entry {
        Entry {
            action: action.into(),
            object_type,
            object_id: object_id.into(),
            account: None,
            organisation: None,
            before: None,
            after: None,
            reason: None,
        }
    }

    /// With what stands now.
    #[must_use]
    pub fn after(mut self, value: Value) -> Entry {
        self.after = Some(value);
        self
    }

    /// With what stood before.
    #[must_use]
    pub fn before(mut self, value: Value) -> Entry {
        self.before = Some(value);
        self
    }

    /// With who did it, where no session says so.
    #[must_use]
    pub fn by(mut self, account: &str) -> Entry {
        self.account = Some(account.to_owned());
        self
    }

    /// With the organisation.
    #[must_use]
    pub fn of(mut self, organisation: &str) -> Entry {
        self.organisation = Some(organisation.to_owned());
        self
    }

    /// The statement that writes it.
    pub fn statement(&self, source: &Source, now: Timestamp) -> Statement {
        sql!(
            "INSERT INTO journal (at, account, session, request_id, organisation, action, object_type, object_id, before, after, reason)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            now,
            source.account.as_ref().or(self.account.as_ref()),
            source.session.as_ref(),
            &source.request_id,
            self.organisation.as_ref(),
            &self.action,
            self.object_type,
            &self.object_id,
            self.before.as_ref().map(Value::to_string),
            self.after.as_ref().map(Value::to_string),
            self.reason.as_ref()
        )
    }
}

/// Several rows in one statement, in order: a table of applicants is a look at each of them.
pub fn many(entries: &[Entry], source: &Source, now: Timestamp) -> Statement {
    let rows: Vec<Value> = entries
        .iter()
        .map(|entry| {
            serde_json::json!({
                "organisation": entry.organisation, "action": entry.action,
                "type": entry.object_type, "id": entry.object_id,
                "before": entry.before, "after": entry.after, "reason": entry.reason,
            })
        })
        .collect();
    let field = |name: &str| format!("value ->> '$.{name}'");
    // A JSON null is no value; everything else stays the JSON that it was.
    let part = |name: &str| {
        format!("CASE WHEN json_type(value, '$.{name}') <> 'null' THEN value -> '$.{name}' END")
    };
    sql!(
        format!(
            "INSERT INTO journal (at, account, session, request_id, organisation, action, object_type, object_id, before, after, reason)
             SELECT ?1, ?2, ?3, ?4, {}, {}, {}, {}, {}, {}, {} FROM json_each(?5) ORDER BY key",
            field("organisation"),
            field("action"),
            field("type"),
            field("id"),
            part("before"),
            part("after"),
            field("reason")
        ),
        now,
        source.account.as_ref(),
        source.session.as_ref(),
        &source.request_id,
        Value::Array(rows).to_string()
    )
}

/// A row as it is sealed: every column, in the order of the table.
#[derive(Debug, Clone, Deserialize)]
pub struct Row {
    /// Place in the journal.
    pub seq: i64,
    /// All columns as one JSON array, written by SQLite.
    pub row: String,
}

/// Rows that are not sealed yet, and the last seal.
pub fn unsealed(limit: u32) -> [Statement; 2] {
    [
        sql!("SELECT seq, hash FROM journal_seal ORDER BY seq DESC LIMIT 1"),
        rows_after("(SELECT coalesce(max(seq), 0) FROM journal_seal)", limit),
    ]
}

/// Rows after a place, for sealing and for checking.
pub fn rows_after(place: &str, limit: u32) -> Statement {
    sql!(
        format!(
            "SELECT seq, json_array(seq, at, account, role, organisation, session, action, object_type,
               object_id, before, after, reason, request_id) AS row
             FROM journal WHERE seq > {place} ORDER BY seq LIMIT ?1"
        ),
        limit
    )
}

/// The next hash of the chain: SHA-256 of the previous hash and the row, in hex.
pub fn link(previous: &str, row: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(previous.as_bytes());
    hasher.update(b"\n");
    hasher.update(row.as_bytes());
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The statement that stores seals. Two sweeps at once: the second breaks the primary key.
pub fn store_seals(seals: &[(i64, String)]) -> Statement {
    let text = serde_json::to_string(seals).unwrap_or_default();
    sql!(
        "INSERT INTO journal_seal (seq, hash) SELECT value ->> 0, value ->> 1 FROM json_each(?1)",
        text
    )
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;
    use crate::shared::locale::{ACTION, APPLICATION, CABINET};

    /// What stands where `Entry::new` takes the action, all over the code.
    fn written(folder: &Path, out: &mut Vec<String>) {
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                written(&path, out);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                for call in text.split("Entry::new(").skip(1) {
                    let call = call.trim_start();
                    let end = if call.starts_with("format!(") { ')' } else { ',' };
                    out.push(call.split(end).next().unwrap_or_default().trim().to_owned());
                }
            }
        }
    }

    #[test]
    fn every_action_has_words() {
        let mut calls = Vec::new();
        let workers = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for worker in ["app", "files-work", "sender", "exam", "dispatch"] {
            written(&workers.join(worker).join("src"), &mut calls);
        }
        assert!(calls.len() > 80, "{}", calls.len());
        // Actions that are put together: which ones, is listed here.
        let of = |prefix: &str, names: &[&str]| -> Vec<String> {
            names.iter().map(|name| format!("{prefix}{name}")).collect()
        };
        let steps = APPLICATION.keys().filter_map(|key| key.strip_prefix("step."));
        let mut actions: BTreeSet<String> = [
            of("alert.", &["off", "on", "saved"]),
            of("application.", &steps.collect::<Vec<_>>()),
            of("application.", &["decide", "view"]),
            of("ticket.", &["take", "resolve", "ask", "note", "severity", "close", "merge"]),
            of("vacancy.", &["publish", "close", "import", "save", "create"]),
            of("", &["kato.import", "calendar.import", "gateway.alarm"]),
            of("session.", &["revoke", "sign_out"]),
            of("profile.", &["create", "save", "remove", "submit", "recall", "succeed"]),
            of("profile.", &["confirm", "return", "reject"]),
            of("item.export_", &["approve", "refuse"]),
        ]
        .into_iter()
        .flatten()
        .collect();
        let mut others = BTreeSet::new();
        for call in &calls {
            match call.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
                Some(action) => actions.insert(action.to_owned()),
                None => others.insert(call.split_whitespace().collect::<String>()),
            };
        }
        let known = [
            "action",
            "format!(\"alert.{done}\"",
            "format!(\"application.{}\",step.action",
            "format!(\"profile.{}\",act.name(",
            "format!(\"ticket.{}\",name(&command",
            "format!(\"vacancy.{action}\"",
            "format!(\"vacancy.{}\",command.name(",
            "format!(\"{object}.import\"",
        ];
        let known: BTreeSet<String> = known.iter().map(|call| (*call).to_owned()).collect();
        assert_eq!(others, known, "list the actions that such a call writes in this test");
        let has =
            |key: &str| [&ACTION, &CABINET].iter().any(|table| table.keys().any(|k| k == key));
        let missing: Vec<&String> =
            actions.iter().filter(|action| !has(&format!("action.{action}"))).collect();
        assert!(missing.is_empty(), "schemas/locales/action.json lacks {missing:?}");
        for key in ACTION.keys() {
            let action = key.strip_prefix("action.").unwrap_or_default();
            assert!(actions.contains(action), "nothing writes {action}");
        }
    }

    #[test]
    fn a_changed_row_changes_every_hash_after_it() {
        let chain =
            |rows: &[&str]| rows.iter().fold(String::new(), |previous, row| link(&previous, row));
        assert_ne!(chain(&["a", "b", "c"]), chain(&["a", "x", "c"]));
        assert_ne!(chain(&["a", "b"]), chain(&["b", "a"]));
        assert_eq!(link("", "a").len(), 64);
    }
}
