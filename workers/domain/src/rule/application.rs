//! What an edition says about applying: documents, the evaluation sheet, terms, grounds.

use serde::{Deserialize, Deserializer};

use super::Sourced;
use crate::shared::lang::Text;

/// Points of an evaluation sheet, hundredths: sums of halves must come out exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Points(pub i32);

impl Points {
    /// As a number for people and for JSON.
    pub fn value(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Points, D::Error> {
        Ok(Points((f64::deserialize(deserializer)? * 100.0).round() as i32))
    }
}

/// When a document must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// Always.
    Always,
    /// Where the person has one.
    IfAny,
    /// From people with experience.
    WithExperience,
    /// From people without experience.
    WithoutExperience,
    /// Where the position asks for it (directory `position`, attribute `checks`).
    ByPosition,
}

/// A document of the procedure.
#[derive(Debug, Clone, Deserialize)]
pub struct DocumentRule {
    /// Code in the directory `document_type`.
    pub code: String,
    /// When it must be there.
    pub need: Need,
    /// The portal makes it from the answers.
    pub made_here: bool,
    /// Kinds of profile records whose files can be it.
    pub records: Vec<String>,
    /// Files at most.
    pub max_files: u32,
    /// Act and paragraph.
    pub source: String,
    /// How far to trust it: S, M or D.
    pub mark: String,
}

/// How a row of the evaluation sheet is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// One option.
    One,
    /// Several options, each as often as it may be.
    Sum,
    /// The organisation obtains it; nothing is claimed.
    Organisation,
}

impl How {
    /// The code.
    pub const fn code(self) -> &'static str {
        match self {
            How::One => "one",
            How::Sum => "sum",
            How::Organisation => "organisation",
        }
    }
}

/// To whom a row applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Everybody.
    Always,
    /// People with experience.
    WithExperience,
    /// People without experience.
    WithoutExperience,
}

/// An option of a row.
#[derive(Debug, Clone, Deserialize)]
pub struct ScoreOption {
    /// Code.
    pub code: String,
    /// Its words.
    pub title: Text,
    /// Points for one.
    pub points: Points,
    /// How many may be claimed.
    pub most: u32,
}

/// A row of the evaluation sheet.
#[derive(Debug, Clone, Deserialize)]
pub struct ScoreRow {
    /// Code.
    pub code: String,
    /// The criterion.
    pub title: Text,
    /// What proves it.
    pub evidence: Text,
    /// How it is counted.
    pub how: How,
    /// To whom it applies.
    pub when: When,
    /// Most points of the row.
    pub cap: Option<Points>,
    /// Kinds of profile records that can prove it.
    pub records: Vec<String>,
    /// Options.
    pub options: Vec<ScoreOption>,
    /// Act and row.
    pub source: String,
    /// How far to trust it.
    pub mark: String,
}

impl ScoreRow {
    /// Whether it applies to somebody with or without experience.
    pub fn applies(&self, without_experience: bool) -> bool {
        match self.when {
            When::Always => true,
            When::WithExperience => !without_experience,
            When::WithoutExperience => without_experience,
        }
    }
}

/// Terms, in working days where nothing else is said.
#[derive(Debug, Clone, Deserialize)]
pub struct Terms {
    /// Registration, from the sending.
    pub register_working_days: Sourced<u32>,
    /// Check of the documents, from the end of acceptance (or from a later sending).
    pub check_working_days: Sourced<u32>,
    /// Completion, from the request.
    pub completion_working_days: Sourced<u32>,
    /// Whether completion ends with the acceptance at the latest.
    pub completion_within_acceptance: Sourced<bool>,
    /// Requests for completion at most.
    pub completions: Sourced<u32>,
    /// Decision, from the end of acceptance.
    pub decision_working_days: Sourced<u32>,
    /// Months for which the reserve holds.
    pub reserve_months: Sourced<u32>,
    /// Appeal, from the decision.
    pub appeal_working_days: Sourced<u32>,
}

/// Articles that the applicant reads beside each step.
#[derive(Debug, Clone, Deserialize)]
pub struct Grounds {
    /// Sending and the deadline.
    pub acceptance: Text,
    /// Registration.
    pub registration: Text,
    /// The check.
    pub check: Text,
    /// Completion.
    pub completion: Text,
    /// Refusal.
    pub refusal: Text,
    /// The decision.
    pub decision: Text,
    /// Appeal.
    pub appeal: Text,
    /// Withdrawal.
    pub withdrawal: Text,
}

/// What applying obeys.
#[derive(Debug, Clone, Deserialize)]
pub struct Applying {
    /// Letters of the number: `ПЕД-2026-000123`.
    pub number_prefix: Sourced<String>,
    /// Codes of the applicant's tasks, in order.
    pub sections: Sourced<Vec<String>>,
    /// Documents.
    pub documents: Vec<DocumentRule>,
    /// Rows of the evaluation sheet; empty = the procedure has none.
    pub score_sheet: Vec<ScoreRow>,
    /// Whether what was sent may be edited until the deadline.
    pub edit_until_deadline: Sourced<bool>,
    /// Terms.
    pub terms: Terms,
    /// Codes of `refusal_ground` that the procedure knows.
    pub refusal_grounds: Sourced<Vec<String>>,
    /// Codes of preferences that may be stated.
    pub preferences: Sourced<Vec<String>>,
    /// Months after which an unsent draft is removed.
    pub draft_months: Sourced<u32>,
    /// Hours before the deadline at which the owner of a draft is reminded.
    pub nudge_hours: Sourced<Vec<u32>>,
    /// Articles.
    pub grounds: Sourced<Grounds>,
}

impl Applying {
    /// The rule of a document.
    pub fn document(&self, code: &str) -> Option<&DocumentRule> {
        self.documents.iter().find(|rule| rule.code == code)
    }

    /// A row of the evaluation sheet.
    pub fn row(&self, code: &str) -> Option<&ScoreRow> {
        self.score_sheet.iter().find(|row| row.code == code)
    }
}
