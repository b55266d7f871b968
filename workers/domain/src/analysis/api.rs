//! What the cabinet and the server say to each other about item analysis
//! (`/api/v1/cabinet/analyses…`). A number that the answers cannot give is null: not estimable.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::shared::time::Timestamp;

/// `POST /analyses`: looks at all scored attempts of an exam that are over by now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Create {
    /// Identifier of the exam.
    pub exam: String,
    /// `two_parameter`, `one_parameter`, `rasch` or `rasch_free_variance`.
    pub model: String,
}

/// `POST /analyses/{id}/accept`: the bank takes the parameters over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Accept {
    /// Identifiers and versions of items.
    pub items: Vec<(String, i64)>,
}

/// An analysis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Analysis {
    /// Identifier.
    pub id: String,
    /// Exam.
    pub exam: String,
    /// Attempts that were over at this moment.
    pub until: Timestamp,
    /// Model.
    pub model: String,
    /// Edition of the rules.
    pub edition: String,
    /// `queued`, `running`, `done`, `failed`.
    pub state: String,
    /// `gather`, `calibrate`, `finish`.
    pub stage: String,
    /// Steps that were done.
    pub step: i64,
    /// Attempts that were read.
    pub attempts: i64,
    /// Answers that were read.
    pub answers: i64,
    /// Why it failed: `none`, `many`, `stuck`; else empty.
    pub failure: String,
    /// Figures of the whole test; empty until it is done.
    pub summary: Value,
    /// Items that it has figures of.
    pub items: i64,
    /// Items with flags.
    pub flagged: i64,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it was over.
    pub finished_at: Option<Timestamp>,
}

/// `GET /analyses`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Analyses {
    /// Newest first.
    pub items: Vec<Analysis>,
    /// Goes on: `?cursor=`.
    pub next: Option<String>,
}

/// A flag: a reason to look at an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FlagRow {
    /// `too_hard`, `too_easy`, `negative_discrimination`, `idle_distractor`,
    /// `distractor_beats_key`, `language_dif`.
    pub kind: String,
    /// Option that it is about; empty = the item.
    pub option: String,
    /// The figure that says so.
    pub value: f64,
    /// The limit that it passed.
    pub bound: f64,
    /// In the reader's language.
    #[serde(default)]
    pub text: String,
}

/// Figures of an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ItemRow {
    /// Identifier.
    pub item: String,
    /// Version.
    pub version: i64,
    /// Code that people know it by.
    pub code: String,
    /// How many people had it.
    pub answered: f64,
    /// Share of the mark that people got.
    pub facility: Option<f64>,
    /// Its standard error.
    pub facility_se: Option<f64>,
    /// Standard deviation of the mark.
    pub sd: Option<f64>,
    /// Correlation with the rest of the test.
    pub discrimination: Option<f64>,
    /// Its standard error.
    pub discrimination_se: Option<f64>,
    /// Discriminative efficiency, percent.
    pub efficiency: Option<f64>,
    /// Slope.
    pub a: Option<f64>,
    /// Its standard error.
    pub a_se: Option<f64>,
    /// Difficulty.
    pub b: Option<f64>,
    /// Its standard error.
    pub b_se: Option<f64>,
    /// Intercept.
    pub d: Option<f64>,
    /// Its standard error.
    pub d_se: Option<f64>,
    /// Why there are no parameters.
    pub why: Option<String>,
    /// Mean square, weighted by information.
    pub infit: Option<f64>,
    /// Mean square.
    pub outfit: Option<f64>,
    /// Probability of S-X² where the model holds.
    pub fit_p: Option<f64>,
    /// Difference between languages: below zero it is harder in the focal one.
    pub delta: Option<f64>,
    /// Its standard error.
    pub delta_se: Option<f64>,
    /// Class A, B or C.
    pub dif_class: Option<String>,
    /// Share of the tests that had it.
    pub exposure: Option<f64>,
    /// Options and what else there is.
    pub more: Value,
    /// Flags.
    pub flags: Vec<FlagRow>,
}

/// `GET /analyses/{id}/items`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Items {
    /// By identifier.
    pub items: Vec<ItemRow>,
    /// Goes on: `?cursor=`.
    pub next: Option<String>,
}
