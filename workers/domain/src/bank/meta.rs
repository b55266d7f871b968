//! What is known of an item besides its text: where it belongs and how hard it should be.

use serde::{Deserialize, Serialize};

use super::codes;
use crate::shared::refusal::Check;

codes! {
    /// What a task asks of the mind (Bloom, as revised in 2001).
    Level {
        /// Remember.
        Remember = "remember",
        /// Understand.
        Understand = "understand",
        /// Apply.
        Apply = "apply",
        /// Analyse.
        Analyse = "analyse",
        /// Judge.
        Evaluate = "evaluate",
        /// Make something new.
        Create = "create",
    }
}

/// Longest code, topic and other short text, characters.
pub const SHORT_MAX: usize = 120;
/// Deepest topic.
pub const TOPIC_DEPTH: usize = 6;

/// What is known of an item. The same for both languages; none of it goes to a candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Meta {
    /// Code that people know it by; unique in the bank.
    pub code: String,
    /// Path in the topic tree: `pedagogy/didactics/lesson`.
    pub topic: String,
    /// Code in the directory `subject`, for a profile subject.
    pub subject: String,
    /// Class of the school, 1 to 12; 0 = none.
    pub grade: u8,
    /// What it asks of the mind.
    pub level: Level,
    /// Share of candidates who are expected to answer it, per mille; 0 = unknown.
    pub facility: u16,
    /// Items that may not meet in one form carry the same word.
    pub enemies: Vec<String>,
    /// Words that people look for it by.
    pub tags: Vec<String>,
    /// Where it was taken from.
    pub source: String,
}

impl Default for Meta {
    fn default() -> Meta {
        Meta {
            code: String::new(),
            topic: String::new(),
            subject: String::new(),
            grade: 0,
            level: Level::Understand,
            facility: 0,
            enemies: Vec::new(),
            tags: Vec::new(),
            source: String::new(),
        }
    }
}

/// Whether a text is a path of the topic tree: words of small Latin letters, digits and `-`,
/// separated by `/`.
pub fn is_topic(path: &str) -> bool {
    let parts: Vec<_> = path.split('/').collect();
    parts.len() <= TOPIC_DEPTH
        && path.len() <= SHORT_MAX
        && parts.iter().all(|part| {
            !part.is_empty()
                && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        })
}

impl Meta {
    /// Notes what is wrong.
    pub fn check(&self, wrong: &mut Check) {
        if self.code.trim().is_empty() {
            wrong.wrong("code", "required");
        }
        if !self.topic.is_empty() && !is_topic(&self.topic) {
            wrong.wrong("topic", "unknown");
        }
        if self.grade > 12 {
            wrong.wrong("grade", "unknown");
        }
        if self.facility > 1000 {
            wrong.wrong("facility", "unknown");
        }
        let long = |text: &str| text.chars().count() > SHORT_MAX;
        for (field, text) in
            [("code", &self.code), ("subject", &self.subject), ("source", &self.source)]
        {
            if long(text) {
                wrong.wrong_with(field, "too_long", "max", SHORT_MAX);
            }
        }
        for (field, list) in [("enemies", &self.enemies), ("tags", &self.tags)] {
            if list.len() > 30 || list.iter().any(|word| long(word)) {
                wrong.wrong_with(field, "too_long", "max", 30);
            }
        }
    }
}
