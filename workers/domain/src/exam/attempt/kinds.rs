//! How an attempt can stand, its numbers, and what a step leaves to be written.

use serde::{Deserialize, Serialize};

use super::Row;

/// How it stands with an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not begun.
    Ready,
    /// The clock runs.
    Running,
    /// The clock stands still.
    Paused,
    /// The person handed it in.
    Submitted,
    /// The time ran out.
    Expired,
    /// Ended for a violation.
    Terminated,
}

impl Status {
    /// Whether it is over for good.
    pub const fn over(self) -> bool {
        matches!(self, Status::Submitted | Status::Expired | Status::Terminated)
    }

    /// The code, as stored.
    pub const fn code(self) -> &'static str {
        match self {
            Status::Ready => "ready",
            Status::Running => "running",
            Status::Paused => "paused",
            Status::Submitted => "submitted",
            Status::Expired => "expired",
            Status::Terminated => "terminated",
        }
    }
}

/// Numbers of the rule edition and of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Milliseconds of the test, with extra time for special needs.
    pub length: i64,
    /// Milliseconds after the deadline in which what was on its way is taken.
    pub grace: i64,
    /// A silence so long is noted, milliseconds.
    pub gap: i64,
    /// An answer so quick is noted, milliseconds.
    pub quick: i64,
    /// Tasks.
    pub slots: u16,
    /// The first task of each block after the first one.
    pub blocks: Vec<u16>,
    /// Whether a block that was left is closed; otherwise all are open from the beginning.
    pub forward: bool,
}

impl Terms {
    /// The block of a task.
    pub fn block_of(&self, slot: u16) -> u16 {
        self.blocks.partition_point(|first| *first <= slot) as u16
    }
}

/// An answer, or a mark, as it now holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Put {
    /// Number of the task, from 0.
    pub slot: u16,
    /// The answer as JSON, or none where it was taken back; for a mark `true` or `false`.
    pub value: Option<String>,
    /// Whether it is the mark for review.
    pub mark: bool,
    /// Whether it came in the grace.
    pub late: bool,
}

/// What is to be written in one transaction with the state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Writes {
    /// Rows, in order.
    pub rows: Vec<Row>,
    /// Answers and marks, in order.
    pub puts: Vec<Put>,
    /// Whether the attempt was ended by this step: it is so once in its life.
    pub ended: bool,
}

/// Why a step of the server cannot be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cannot {
    /// It has not begun.
    NotBegun,
    /// It is over.
    Over,
    /// It is already so.
    Already,
    /// Too often, or too much.
    TooMuch,
}
