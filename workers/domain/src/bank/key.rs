//! The key of an item and how an answer is counted. Kept apart from what is delivered.

use serde::{Deserialize, Serialize};

use super::{body::Shape, codes};
use crate::shared::lang::Lang;

/// The whole mark in millionths.
pub const WHOLE: i32 = 1_000_000;

/// The right answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Key {
    /// Options: one for a single choice, some for several.
    Options {
        /// Identifiers, in the order of the alphabet.
        right: Vec<String>,
    },
    /// Pairs.
    Pairs {
        /// Left and right identifiers.
        right: Vec<(String, String)>,
    },
    /// The order.
    Order {
        /// Identifiers, first one first.
        right: Vec<String>,
    },
    /// Numbers.
    Number {
        /// Each range is right, to the share that it says.
        right: Vec<Range>,
    },
    /// Areas that the candidate chooses from.
    Areas {
        /// Identifiers.
        right: Vec<String>,
    },
    /// Places of an image that the candidate is not shown.
    Shapes {
        /// Each has to be met by a point.
        right: Vec<Place>,
    },
    /// Words for gaps.
    Gaps {
        /// For each gap what is taken.
        right: Vec<GapKey>,
    },
}

/// Numbers that are right, ends included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// From.
    pub from: f64,
    /// To.
    pub to: f64,
    /// Share of the mark, millionths.
    #[serde(default = "whole", skip_serializing_if = "is_whole")]
    pub share: i32,
}

/// A place of an image that is right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Where.
    pub shape: Shape,
    /// Share of the mark, millionths.
    pub share: i32,
}

/// What is taken in a gap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GapKey {
    /// Identifier of the gap.
    pub gap: String,
    /// Any of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accept: Vec<Accept>,
    /// Or a number in one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub numbers: Vec<Range>,
}

/// A text that is taken, or the option of a gap that is to be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accept {
    /// The text, or the identifier of the option.
    pub text: String,
    /// In which language only; empty = in both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<Lang>,
    /// Whether capitals count.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub case: bool,
    /// Whether `*` stands for any characters.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pattern: bool,
    /// Share of the gap's mark, millionths.
    #[serde(default = "whole", skip_serializing_if = "is_whole")]
    pub share: i32,
}

impl Accept {
    /// A text that is wholly right in both languages.
    pub fn whole(text: impl Into<String>) -> Accept {
        Accept { text: text.into(), lang: None, case: false, pattern: false, share: WHOLE }
    }
}

pub(super) fn whole() -> i32 {
    WHOLE
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_whole(share: &i32) -> bool {
    *share == WHOLE
}

codes! {
    /// What a partly right answer is worth.
    Rule {
        /// Nothing.
        All = "all",
        /// The share of what is right, less the share of what is wrong, never below nothing.
        Part = "part",
        /// What the table of shares says.
        Table = "table",
    }
}

/// How an answer is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scoring {
    /// Points for a wholly right answer.
    #[serde(default = "one")]
    pub points: u32,
    /// What a partly right answer is worth.
    pub rule: Rule,
    /// Shares in millionths, by option (`b`) or pair (`a b`); negative ones are taken off.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub table: Vec<(String, i32)>,
}

fn one() -> u32 {
    1
}

impl Default for Scoring {
    fn default() -> Scoring {
        Scoring { points: 1, rule: Rule::All, table: Vec::new() }
    }
}

/// What an item has besides its texts, kept from candidates. Stored in a column of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answers {
    /// The key.
    pub key: Key,
    /// How it is counted.
    #[serde(default)]
    pub scoring: Scoring,
}
