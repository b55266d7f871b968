//! The numbers of item analysis: an edition of `schemas/rules/item-analysis`.

use std::sync::OnceLock;

use app::error::Fault;
use psychometrics::{
    calibration::{Priors, Settings},
    dif::Limits,
    flag::Thresholds,
    model::Model,
};
use serde::Deserialize;

/// An edition.
#[derive(Debug, Deserialize)]
pub struct Rules {
    /// Limits of the flags.
    pub flags: Thresholds,
    /// Differences between languages.
    pub dif: DifRules,
    /// How to calibrate.
    pub calibration: Calibrating,
    /// Item fit.
    pub fit: FitRules,
    /// Groups of people beside a characteristic curve.
    pub observed_groups: usize,
    /// How much one step does.
    pub step: StepRules,
}

/// Differences between languages.
#[derive(Debug, Deserialize)]
pub struct DifRules {
    /// Language with whose readers the others are compared.
    pub reference: String,
    /// Language whose readers are compared.
    pub focal: String,
    /// Limits of the classes.
    pub limits: Limits,
    /// Most rounds of purification.
    pub rounds: u32,
    /// Groups of equal ability, where people had different items.
    pub groups: usize,
}

/// How to calibrate; the model is asked for.
#[derive(Debug, Deserialize)]
pub struct Calibrating {
    points: usize,
    bound: f64,
    tolerance: f64,
    most_evaluations: u32,
    least_answers: f64,
    largest_slope: f64,
    priors: Priors,
    error_work: f64,
}

/// Item fit.
#[derive(Debug, Deserialize)]
pub struct FitRules {
    /// Groups of scores are joined until each expects so many.
    pub least_expected: f64,
}

/// How much one step does.
#[derive(Debug, Deserialize)]
pub struct StepRules {
    /// Attempts read at once.
    pub attempts: i64,
    /// Answers times points of the scale in one step of the calibration.
    pub work: f64,
    /// A step that failed so often fails the analysis.
    pub tries: i64,
    /// Most answers of an analysis.
    pub answers_most: i64,
    /// An analysis that nobody went on with for so long is put into the queue again.
    pub stale_seconds: i64,
}

impl Calibrating {
    /// Settings for a model.
    pub fn settings(&self, model: Model) -> Settings {
        Settings {
            model,
            points: self.points,
            bound: self.bound,
            tolerance: self.tolerance,
            most_evaluations: self.most_evaluations,
            least_answers: self.least_answers,
            largest_slope: self.largest_slope,
            priors: self.priors,
            error_work: self.error_work,
        }
    }
}

/// The edition that analyses obey.
///
/// # Errors
/// The edition cannot be read: a fault of ours.
pub fn rules() -> Result<&'static Rules, Fault> {
    static RULES: OnceLock<Option<Rules>> = OnceLock::new();
    const TEXT: &str = include_str!("../../../schemas/rules/item-analysis/2026-01-01.json");
    RULES
        .get_or_init(|| serde_json::from_str(TEXT).ok())
        .as_ref()
        .ok_or_else(|| Fault::new("rules of item analysis"))
}

/// The model of a code.
pub(crate) fn model(code: &str) -> Result<Model, Fault> {
    serde_json::from_value(code.into()).map_err(|_| Fault::new(format!("model {code}")))
}
