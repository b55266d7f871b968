//! The form of an application: documents and rows of the evaluation sheet that the rule edition
//! asks for, and the files.

use serde::{Deserialize, Serialize};

use crate::shared::lang::Text;

/// What the rule edition and the announcement ask for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Form {
    /// Documents, in the order of the announcement.
    pub documents: Vec<FormDocument>,
    /// Rows of the evaluation sheet; empty where the procedure has none.
    pub rows: Vec<FormRow>,
    /// Points claimed so far.
    pub points: f64,
}

/// A document to hand in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FormDocument {
    /// Code in the directory `document_type`.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// Whether it must be there, for this person as the content stands.
    pub required: bool,
    /// The portal makes it from the answers: nothing to attach.
    pub made_here: bool,
    /// Kinds of profile records whose files can be this document.
    pub records: Vec<String>,
    /// How many files at most.
    pub max_files: u32,
    /// Source in the act.
    pub source: String,
}

/// A row of the evaluation sheet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FormRow {
    /// Code.
    pub code: String,
    /// The criterion.
    pub title: Text,
    /// What proves it.
    pub evidence: Text,
    /// `one`: one option; `sum`: several, each with a count; `organisation`: the organisation
    /// obtains it itself, nothing is claimed.
    pub how: String,
    /// Most points of the row, where there is a bound.
    pub cap: Option<f64>,
    /// Kinds of profile records that can prove it.
    pub records: Vec<String>,
    /// Options.
    pub options: Vec<FormOption>,
    /// Whether it applies to this person as the content stands.
    pub applies: bool,
    /// Points claimed.
    pub points: f64,
    /// Source in the act.
    pub source: String,
}

/// An option of a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FormOption {
    /// Code.
    pub code: String,
    /// Its words.
    pub title: Text,
    /// Points for one.
    pub points: f64,
    /// How many may be claimed.
    pub most: u32,
}

/// A file that the content names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FileRef {
    /// Identifier.
    pub id: String,
    /// Name; empty where the file is gone.
    pub name: String,
    /// Kind by content: `pdf`, `jpg` …
    pub kind: String,
    /// Size, bytes.
    pub size: i64,
    /// State of module `files`, or `missing`.
    pub state: String,
}
