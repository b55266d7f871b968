//! Item analysis: what is kept of it and how it goes from step to step. The numbers themselves are
//! made in the worker of the queue, never in a request.

pub mod api;
pub mod sql;

use crate::shared::time::Timestamp;
use serde::Deserialize;

/// Kind of the queue's jobs; the id is that of the analysis.
pub const JOB: &str = "analysis";
/// Topic of the outbox: an analysis was asked for.
pub const ASKED: &str = "analysis.asked";
/// Edition of the rules that a new analysis obeys.
pub const EDITION: &str = "2026-01-01";
/// Models that may be asked for.
pub const MODELS: [&str; 4] = ["two_parameter", "one_parameter", "rasch", "rasch_free_variance"];

/// What the next step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Reads scored attempts and packs their answers.
    Gather,
    /// Calibrates for a while.
    Calibrate,
    /// Makes all figures and writes them.
    Finish,
}

impl Stage {
    /// Its code.
    pub const fn code(self) -> &'static str {
        match self {
            Stage::Gather => "gather",
            Stage::Calibrate => "calibrate",
            Stage::Finish => "finish",
        }
    }
}

/// An analysis, as a step sees it.
#[derive(Debug, Clone, Deserialize)]
pub struct Run {
    /// Identifier.
    pub id: String,
    /// Exam.
    pub exam: String,
    /// Attempts that were over at this moment.
    pub until: Timestamp,
    /// Model.
    pub model: String,
    /// What the next step does.
    pub stage: Stage,
    /// How many steps were done.
    pub step: i64,
    /// How often the present one was begun.
    pub tries: i64,
    /// The last attempt that was gathered: candidate.
    pub after_candidate: String,
    /// The last attempt that was gathered: number.
    pub after_attempt: i64,
    /// Attempts so far.
    pub attempts: i64,
    /// Answers so far.
    pub answers: i64,
    /// What goes from step to step.
    pub work: String,
}
