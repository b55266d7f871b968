//! Complaints about items: what is wrong with one, and what was decided. The grounds are those of
//! an appeal against a task (Order 83 of 2016, rules of appeals), and a leak.

use serde::{Deserialize, Serialize};

use super::codes;
use crate::{
    shared::{
        refusal::Check,
        statement::{Statement, guard},
        time::Timestamp,
    },
    sql,
};

/// Longest words, characters.
pub const TEXT_MAX: usize = 2000;

codes! {
    /// What is wrong.
    Ground {
        /// The key is not right.
        Key = "key",
        /// No option is right.
        None = "none",
        /// Several options are right.
        Several = "several",
        /// The task cannot be understood.
        Task = "task",
        /// A part of it is missing: a text, a picture, a formula.
        Fragment = "fragment",
        /// It became known outside.
        Leak = "leak",
    }
}

/// `POST items/{id}/complaints`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complain {
    /// What is wrong.
    pub ground: Ground,
    /// In words.
    #[serde(default)]
    pub text: String,
}

/// `POST complaints/{id}/decision`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decide {
    /// Whether it is right.
    pub upheld: bool,
    /// Why.
    #[serde(default)]
    pub answer: String,
}

/// Notes what is wrong with words that are needed.
pub fn check_words(field: &'static str, text: &str) -> Check {
    let mut wrong = Check::default();
    if text.trim().is_empty() {
        wrong.wrong(field, "required");
    }
    if text.chars().count() > TEXT_MAX {
        wrong.wrong_with(field, "too_long", "max", TEXT_MAX);
    }
    wrong
}

/// A complaint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Identifier.
    pub id: String,
    /// Item.
    pub item: String,
    /// Code of the item.
    pub code: String,
    /// Version of the text.
    pub version: i64,
    /// What is wrong.
    pub ground: Ground,
    /// In words.
    pub text: String,
    /// `open`, `upheld`, `dismissed`.
    pub state: String,
    /// Why it was decided so.
    pub answer: String,
    /// When.
    pub at: Timestamp,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
}

/// Newest first: in a state or all, of an item or all, of items that somebody opened or all.
pub fn list(state: &str, item: &str, author: &str, before: &str, most: i64) -> Statement {
    sql!(
        "SELECT c.id, c.item, i.code, c.version, c.ground, c.text, c.state, c.answer, c.at, c.decided_at
         FROM item_complaint c JOIN item i ON i.id = c.item
         WHERE (?1 = '' OR c.state = ?1) AND (?2 = '' OR c.item = ?2) AND (?3 = '' OR i.created_by = ?3)
           AND (?4 = '' OR c.id < ?4) ORDER BY c.id DESC LIMIT ?5",
        state,
        item,
        author,
        before,
        most
    )
}

/// Writes one.
pub fn add(
    id: &str,
    item: &str,
    version: i64,
    said: &Complain,
    account: &str,
    now: Timestamp,
) -> Statement {
    sql!(
        "INSERT INTO item_complaint (id, item, version, ground, text, account, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        id,
        item,
        version,
        said.ground.code(),
        said.text.trim(),
        account,
        now
    )
}

/// Decides one that is open; otherwise the batch is refused.
pub fn decide(id: &str, said: &Decide, account: &str, now: Timestamp) -> [Statement; 2] {
    [
        guard(
            "state",
            "SELECT count(*) = 1 FROM item_complaint WHERE id = ?1 AND state = 'open'",
            vec![id.into()],
        ),
        sql!(
            "UPDATE item_complaint SET state = ?2, answer = ?3, decided_by = ?4, decided_at = ?5 WHERE id = ?1",
            id,
            if said.upheld { "upheld" } else { "dismissed" },
            said.answer.trim(),
            account,
            now
        ),
    ]
}
