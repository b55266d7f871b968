//! What an organisation sees of records that it is asked to compare with their originals
//! (`/api/v1/cabinet/records…`).

use serde::{Deserialize, Serialize};

use super::Item;
use crate::{
    application::api::FileRef,
    profile::record::Kind,
    shared::{lang::Text, time::Timestamp},
    vacancy::api::OrganisationRef,
};

/// `GET /cabinet/records`: a record that waits, the oldest request first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Waiting {
    /// Identifier.
    pub id: String,
    /// Kind.
    pub kind: Kind,
    /// What it is, in one line.
    pub title: String,
    /// Whose it is.
    pub who: String,
    /// The organisation that was asked.
    pub organisation: OrganisationRef,
    /// How many files prove it.
    pub files: u32,
    /// Since when it waits.
    pub since: Timestamp,
    /// Whether it is the reader's own: somebody else compares it.
    pub own: bool,
}

/// `GET /cabinet/records/{id}`. `ETag` is the version; each look is in the journal, where the
/// person finds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Comparing {
    /// The record.
    pub item: Item,
    /// What it is, in one line.
    pub title: String,
    /// What it says: the names of its fields and what stands in them.
    pub facts: Vec<(Text, Text)>,
    /// Whose it is.
    pub who: String,
    /// The organisation that was asked.
    pub organisation: OrganisationRef,
    /// Its files.
    pub files: Vec<FileRef>,
}

/// `POST /cabinet/records/{id}/commands` with `If-Match`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum ConfirmCommand {
    /// It says what the original says.
    Confirm,
    /// It is to be put right.
    Return {
        /// What is wrong, in words.
        reason: String,
    },
    /// The original says otherwise, or there is none.
    Reject {
        /// Why, in words.
        reason: String,
    },
}
