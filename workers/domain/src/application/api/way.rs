//! Where an application stands, who acts next, and what happened so far.

use serde::{Deserialize, Serialize};

use crate::shared::time::Timestamp;

/// Until when and what may be edited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Editing {
    /// Until when, by the server's clock.
    pub until: Option<Timestamp>,
    /// Only these places ([`super::super::model::RequestItem::target`]); empty = everything.
    pub targets: Vec<String>,
}

/// Who acts next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Next {
    /// `applicant`, `organisation`, `commission` or `nobody`.
    pub who: String,
    /// What is to be done, in the reader's language.
    pub text: String,
    /// By when.
    pub due_at: Option<Timestamp>,
    /// Whether that moment has passed.
    pub overdue: bool,
    /// Article of the rule edition.
    pub ground: String,
}

/// What happened, and what comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Timeline {
    /// Where it is, in the reader's language.
    pub now: String,
    /// Who acts next.
    pub next: Next,
    /// What happened, newest first.
    pub entries: Vec<TimelineEntry>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TimelineEntry {
    /// When.
    pub at: Timestamp,
    /// What: `submit`, `register`, `request` …
    pub action: String,
    /// In words.
    pub text: String,
    /// Details: what was asked for, grounds, words of the organisation. May be empty.
    pub details: Vec<String>,
    /// `applicant`, `organisation` or `system`.
    pub by: String,
    /// Article of the rule edition, where it rests on one.
    pub ground: String,
}

/// A version that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SentRef {
    /// 1 for the first.
    pub n: u32,
    /// When.
    pub at: Timestamp,
    /// SHA-256 of the snapshot, hexadecimal.
    pub hash: String,
}
