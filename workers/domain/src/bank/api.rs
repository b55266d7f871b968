//! What the cabinet of the bank and the server say to each other (`/api/v1/cabinet/bank/…`).

use serde::{Deserialize, Serialize};

use super::{
    complaint,
    life::{Command, Reason, State},
    parity::Content,
    release::{Format, Stage},
    topic::Topic,
};
use crate::shared::time::Timestamp;

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemRow {
    /// Identifier.
    pub id: String,
    /// Number.
    pub number: i64,
    /// Code.
    pub code: String,
    /// Kind.
    pub kind: String,
    /// Topic.
    pub topic: String,
    /// Level.
    pub level: String,
    /// State of the newest version.
    pub state: State,
    /// The beginning of the question, Kazakh.
    pub kk: String,
    /// The beginning of the question, Russian.
    pub ru: String,
    /// When it was changed last.
    pub changed_at: Timestamp,
    /// How often candidates met it.
    pub exposure: i64,
}

/// `GET items`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemList {
    /// This page, newest first.
    pub items: Vec<ItemRow>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// How many there are, up to a thousand; one more says "more than".
    pub total: i64,
}

/// `POST items`, `PUT items/{id}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Write {
    /// The item.
    pub content: Content,
}

/// A step of an item's history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// When.
    pub at: Timestamp,
    /// Which version.
    pub version: i64,
    /// What.
    pub command: Command,
    /// From.
    pub from: State,
    /// To.
    pub to: State,
    /// Why.
    pub reason: String,
    /// In words.
    pub text: String,
    /// Name of who did it; empty where the reader is its author, who does not learn reviewers.
    pub who: String,
}

/// `GET items/{id}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Identifier.
    pub id: String,
    /// Number.
    pub number: i64,
    /// Version for `If-Match`.
    pub version: i64,
    /// Number of the shown version of the text, and of the newest.
    pub text_version: i64,
    /// Number of the newest.
    pub head: i64,
    /// Number of the version in use.
    pub live: Option<i64>,
    /// State of the newest version.
    pub state: State,
    /// How often candidates met it.
    pub exposure: i64,
    /// When last.
    pub used_at: Option<Timestamp>,
    /// Name of who wrote this version; empty where the reader is not to know it.
    pub author: String,
    /// Everything.
    pub content: Content,
    /// History, newest first.
    pub steps: Vec<Step>,
    /// What this person may do now.
    pub commands: Vec<Command>,
    /// Whether this person may change it.
    pub editable: bool,
    /// Whether this person wrote on it.
    pub mine: bool,
}

/// `POST items/{id}/commands`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Act {
    /// What.
    pub command: Command,
    /// Why; needed where [`Command::needs_reason`] says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// In words.
    #[serde(default)]
    pub text: String,
}

/// An answer to a change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    /// Identifier.
    pub id: String,
    /// Version for the next `If-Match`.
    pub version: i64,
    /// State.
    pub state: State,
}

/// Another item that is the same or nearly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Twin {
    /// Identifier.
    pub id: String,
    /// Code.
    pub code: String,
    /// `exact`, `normal` or `near`.
    pub grade: String,
    /// Trigrams in common, per mille.
    pub likeness: u32,
    /// The beginning of its question.
    pub text: String,
}

/// A remark of an import.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Remark {
    /// `hint`, `dropped` or `refused`.
    pub weight: String,
    /// Code.
    pub code: String,
    /// File within the package.
    pub file: String,
    /// Line; 0 = none.
    pub line: u32,
    /// Which item.
    pub item: String,
    /// In the language of the reader.
    pub text: String,
}

/// `POST import`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportAnswer {
    /// `qti`, `gift`, `moodle` or `table`.
    pub format: String,
    /// Items of the file, taken or not; an item in two languages counts twice.
    pub seen: u32,
    /// Items that came in (or would).
    pub taken: u32,
    /// Items that are in the bank already, word by word.
    pub known: u32,
    /// Items that did not come in.
    pub refused: u32,
    /// Whether it was written.
    pub done: bool,
    /// Codes of the items, in order, with the identifier of those that were written.
    pub items: Vec<(String, Option<String>)>,
    /// By file and line.
    pub remarks: Vec<Remark>,
}

/// A cell of the passport.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Count {
    /// Of what: `state`, `kind`, `topic`, `level`, `subject`.
    pub by: String,
    /// Its code.
    pub code: String,
    /// How many items.
    pub n: i64,
}

/// `GET passport`: what the bank holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Passport {
    /// Items.
    pub items: i64,
    /// Of them in use.
    pub live: i64,
    /// In both languages.
    pub bilingual: i64,
    /// With parameters of a calibration.
    pub calibrated: i64,
    /// Complaints that wait.
    pub complaints: i64,
    /// By kinds of grouping.
    pub counts: Vec<Count>,
}

/// `GET topics`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topics {
    /// The tree, above before below.
    pub items: Vec<Topic>,
}

/// `GET complaints`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaints {
    /// This page, newest first.
    pub items: Vec<complaint::Row>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// `POST media`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// SHA-256 of its bytes: its name.
    pub hash: String,
    /// MIME type, by the bytes.
    pub r#type: String,
}

/// An export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportRow {
    /// Identifier.
    pub id: String,
    /// Version for `If-Match`.
    pub version: i64,
    /// How it is written.
    pub format: Format,
    /// What for.
    pub purpose: String,
    /// How many items.
    pub items: i64,
    /// How far.
    pub state: Stage,
    /// Who asked.
    pub asked_name: String,
    /// When.
    pub asked_at: Timestamp,
    /// Who approved first.
    pub first_name: String,
    /// Who approved second, or refused.
    pub second_name: String,
    /// When it was taken first.
    pub taken_at: Option<Timestamp>,
    /// Until when it can be approved and taken.
    pub until: Timestamp,
    /// The half of the password that this person has; empty for all others.
    pub half: String,
    /// Whether this person may approve or refuse now.
    pub may_decide: bool,
    /// Whether this person may take the file now.
    pub may_take: bool,
    /// The mark of its texts, for those who watch over secrecy.
    pub mark: String,
}

/// `GET exports`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exports {
    /// The newest.
    pub items: Vec<ExportRow>,
}

/// `POST marks`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkFound {
    /// Marks that the text has.
    pub marks: Vec<String>,
    /// Exports that they belong to.
    pub exports: Vec<ExportRow>,
}
