//! What the cabinet, `scripts/import` and the server say to each other about imports.
//!
//! `POST /api/v1/cabinet/import/vacancies?organisation=<id>&mode=check|draft|publish&lang=kk|ru|en`
//! with the raw bytes of the file as the body answers with an [`ImportReport`], status 200, also
//! where every row was refused: the report says so. A file that cannot be read at all is refused
//! (400, 413, 415, 422) with the usual problem document.

use serde::{Deserialize, Serialize};

use crate::{shared::lang::Text, vacancy::api::OrganisationRef};

/// What is done with the rows that are right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Nothing: a preview.
    #[default]
    Check,
    /// Saved as drafts.
    Draft,
    /// Saved and published at once.
    Publish,
}

impl Mode {
    /// The mode of a word of the address.
    pub fn parse(text: &str) -> Option<Mode> {
        Some(match text {
            "check" => Mode::Check,
            "draft" => Mode::Draft,
            "publish" => Mode::Publish,
            _ => return None,
        })
    }
}

/// What came of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RowStatus {
    /// Preview: it is right and would become a new vacancy.
    Ready,
    /// A new vacancy was saved.
    Created,
    /// It was imported earlier, has changed since, and its draft was (in a preview: would be)
    /// updated.
    Updated,
    /// It was imported earlier and says the same: nothing was done.
    Unchanged,
    /// It was imported earlier and has changed since, but its vacancy is no longer a draft:
    /// nothing was done, a person decides.
    Kept,
    /// It repeats a row above it (`duplicate_of`): nothing was done.
    Duplicate,
    /// Something in it is wrong (`errors`): nothing of it was saved.
    Refused,
}

/// Something about one cell, in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Note {
    /// Letter of the column as the spreadsheet shows it; empty where it is about the whole row.
    pub column: String,
    /// Heading of the column as the file has it; empty where the file has no such column.
    pub header: String,
    /// Name of the field: `rate`, `accept_to` …
    pub field: String,
    /// Code of the text: key `note.<code>` in `import.json`.
    pub code: String,
    /// The text.
    pub text: String,
    /// What the cell holds, shortened.
    pub value: String,
}

/// A row of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RowReport {
    /// Number of the row as the spreadsheet shows it, from 1.
    pub row: u32,
    /// What came of it.
    pub status: RowStatus,
    /// Title: position and subject, as understood; what the cell says where it was not.
    pub title: Text,
    /// The organisation, where it was recognised.
    pub organisation: Option<OrganisationRef>,
    /// What is wrong; every mistake of the row at once.
    pub errors: Vec<Note>,
    /// What was understood with a guess or completed: worth a look, not in the way.
    pub warnings: Vec<Note>,
    /// Identifier of the vacancy, where there is one.
    pub vacancy: Option<String>,
    /// Its number for people.
    pub number: Option<i64>,
    /// Whether it is complete for publication; the warnings say what is missing.
    #[serde(default)]
    pub publishable: bool,
    /// Whether this import published it.
    #[serde(default)]
    pub published: bool,
    /// The row that it repeats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duplicate_of: Option<u32>,
}

/// A column of the file and what it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Column {
    /// Letter as the spreadsheet shows it.
    pub letter: String,
    /// Heading as the file has it.
    pub header: String,
    /// Name of the field; `None` = not recognised, its cells are not used.
    pub field: Option<String>,
    /// Name of the field in the reader's language.
    pub label: String,
}

/// The answer to an import of vacancies. The counts of rows add up:
/// `total = ready + created + updated + unchanged + kept + duplicates + refused`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportReport {
    /// What was asked for.
    pub mode: Mode,
    /// How the file was read, in words: `XLSX, sheet «Вакансии»`, `CSV, Windows-1251, ;`.
    pub format: String,
    /// Number of the row with the headings.
    pub header_row: u32,
    /// The columns.
    pub columns: Vec<Column>,
    /// Rows with data; titles, totals and empty rows are not counted.
    pub total: u32,
    /// Rows without mistakes: all but refused ones and duplicates.
    pub accepted: u32,
    /// Rows that would become new vacancies (only in a preview).
    pub ready: u32,
    /// New vacancies.
    pub created: u32,
    /// Of the created, updated and unchanged ones: published by this import.
    pub published: u32,
    /// Drafts that were (in a preview: would be) updated.
    pub updated: u32,
    /// Imported earlier, nothing new.
    pub unchanged: u32,
    /// Changed in the file, but no longer drafts.
    pub kept: u32,
    /// Repeated rows.
    pub duplicates: u32,
    /// Refused rows.
    pub refused: u32,
    /// Accepted rows that are complete for publication.
    pub publishable: u32,
    /// Rows with warnings.
    pub warned: u32,
    /// What is worth saying about the whole file, in the reader's language.
    pub notes: Vec<String>,
    /// The rows in the order of the file.
    pub rows: Vec<RowReport>,
}

/// The answer to an import of a classifier (KATO) or of a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TableReport {
    /// What was asked for: check or publish (a table has no drafts).
    pub mode: Mode,
    /// How the file was read, in words.
    pub format: String,
    /// Rows with data.
    pub total: u32,
    /// New items.
    pub created: u32,
    /// Items that changed.
    pub updated: u32,
    /// Items that are as they were.
    pub unchanged: u32,
    /// Items that the file no longer has: closed from today on.
    pub closed: u32,
    /// Rows that could not be read; with one of them nothing of the table is saved.
    pub refused: u32,
    /// The first hundred mistakes: number of the row and what is wrong.
    pub errors: Vec<(u32, Note)>,
    /// What is worth saying about the whole file, in the reader's language.
    pub notes: Vec<String>,
}
