//! What a form takes from the bank: sections, and in each so many tasks of a topic, a level and a
//! kind. Fixed counts for everybody, so that two forms are equal in law.

use serde::{Deserialize, Serialize};

use crate::{
    bank::{
        body::Kind,
        meta::{Level, is_topic},
    },
    shared::{
        lang::Text,
        refusal::{Check, Refusal},
    },
};

/// Most sections, and cells of a section.
pub const SECTIONS_MAX: usize = 20;
/// Most cells of a section.
pub const CELLS_MAX: usize = 60;
/// Most tasks of a form.
pub const TASKS_MAX: u32 = 200;

/// So many tasks of one sort.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Cell {
    /// Path in the topic tree; everything below it belongs to it. Empty = any topic.
    pub topic: String,
    /// Level; none = any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Kind; none = any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Tasks.
    pub count: u32,
}

impl Cell {
    /// Whether an item is of this sort.
    pub fn takes(&self, topic: &str, level: Level, kind: Kind) -> bool {
        self.takes_topic(topic) && self.takes_sort(level, kind)
    }

    /// Whether a topic is this one or lies below it.
    pub(super) fn takes_topic(&self, topic: &str) -> bool {
        under(topic, &self.topic)
    }

    /// Whether items of a level and a kind belong to it, of whatever topic.
    pub(super) fn takes_sort(&self, level: Level, kind: Kind) -> bool {
        self.level.is_none_or(|only| only == level) && self.kind.is_none_or(|only| only == kind)
    }

    /// Whether an item could be of both sorts.
    fn meets(&self, other: &Cell) -> bool {
        (under(&self.topic, &other.topic) || under(&other.topic, &self.topic))
            && (self.level.is_none() || other.level.is_none() || self.level == other.level)
            && (self.kind.is_none() || other.kind.is_none() || self.kind == other.kind)
    }
}

/// Whether a topic is another or lies below it.
fn under(topic: &str, other: &str) -> bool {
    other.is_empty()
        || topic.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A section.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Section {
    /// Code, for reports and certificates.
    pub code: String,
    /// What the candidate reads.
    pub title: Text,
    /// Its sorts of tasks.
    pub cells: Vec<Cell>,
}

impl Section {
    /// Its tasks.
    pub fn tasks(&self) -> u32 {
        self.cells.iter().fold(0, |sum, cell| sum.saturating_add(cell.count))
    }
}

/// Between which bounds the mean share of right answers of a form must lie, per mille.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// At least.
    pub from: u16,
    /// At most.
    pub to: u16,
}

/// A blueprint.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Blueprint {
    /// Sections, in order.
    pub sections: Vec<Section>,
    /// How hard the whole may be; none = any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difficulty: Option<Window>,
    /// Up to which share of forms one item may go, per mille; an item near it is taken less often,
    /// an item at it never. 0 = no limit.
    pub exposure_cap: u16,
    /// Whether the order of tasks within a section differs from person to person.
    pub shuffle: bool,
}

impl Blueprint {
    /// Its tasks.
    pub fn tasks(&self) -> u32 {
        self.sections.iter().fold(0, |sum, section| sum.saturating_add(section.tasks()))
    }

    /// # Errors
    /// Every field that is wrong. Two cells that one item could belong to are refused: which of
    /// them it is taken for would depend on their order.
    pub fn check(&self) -> Result<(), Refusal> {
        let mut wrong = Check::default();
        if self.sections.is_empty() {
            wrong.wrong("sections", "required");
        }
        if self.sections.len() > SECTIONS_MAX {
            wrong.wrong_with("sections", "too_many", "max", SECTIONS_MAX);
        }
        if self.tasks() > TASKS_MAX {
            wrong.wrong_with("sections", "too_many", "max", TASKS_MAX);
        }
        if self.difficulty.is_some_and(|window| window.from > window.to || window.to > 1000) {
            wrong.wrong("difficulty", "unknown");
        }
        if self.exposure_cap > 1000 {
            wrong.wrong("exposure_cap", "unknown");
        }
        let mut seen: Vec<&Cell> = Vec::new();
        for (s, section) in self.sections.iter().enumerate() {
            if !is_code(&section.code)
                || self.sections[..s].iter().any(|other| other.code == section.code)
            {
                wrong.wrong(format!("sections.{s}.code"), "unknown");
            }
            if !section.title.is_complete() {
                wrong.wrong(format!("sections.{s}.title"), "required");
            }
            if section.cells.is_empty() || section.cells.len() > CELLS_MAX {
                wrong.wrong_with(format!("sections.{s}.cells"), "too_many", "max", CELLS_MAX);
            }
            for (c, cell) in section.cells.iter().enumerate() {
                let field = |name: &str| format!("sections.{s}.cells.{c}.{name}");
                if cell.count == 0 || cell.count > TASKS_MAX {
                    wrong.wrong(field("count"), "unknown");
                }
                if !cell.topic.is_empty() && !is_topic(&cell.topic) {
                    wrong.wrong(field("topic"), "unknown");
                } else if seen.iter().any(|other| other.meets(cell)) {
                    wrong.wrong(field("topic"), "cells_meet");
                }
                seen.push(cell);
            }
        }
        wrong.done()
    }
}

fn is_code(code: &str) -> bool {
    !code.is_empty()
        && code.len() <= 40
        && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(topic: &str, level: Option<Level>, count: u32) -> Cell {
        Cell { topic: topic.into(), level, kind: None, count }
    }

    fn of(cells: Vec<Cell>) -> Blueprint {
        let title = Text::new("Пән", "Предмет");
        let sections = vec![Section { code: "subject".into(), title, cells }];
        Blueprint { sections, ..Blueprint::default() }
    }

    #[test]
    fn a_topic_takes_what_lies_below_it_and_nothing_beside() {
        let pedagogy = cell("pedagogy", None, 1);
        assert!(pedagogy.takes("pedagogy/didactics", Level::Apply, Kind::Single));
        assert!(pedagogy.takes("pedagogy", Level::Apply, Kind::Single));
        assert!(!pedagogy.takes("pedagogy-2", Level::Apply, Kind::Single));
        assert!(cell("", None, 1).takes("", Level::Apply, Kind::Number));
        let hard = cell("", Some(Level::Analyse), 1);
        assert!(!hard.takes("pedagogy", Level::Apply, Kind::Single));
    }

    #[test]
    fn cells_that_share_items_are_refused() {
        let wrong = |cells| of(cells).check().map_err(|r| r.fields[0].code);
        assert_eq!(wrong(vec![cell("a", None, 2), cell("b", None, 2)]), Ok(()));
        assert_eq!(wrong(vec![cell("a", None, 2), cell("a/b", None, 2)]), Err("cells_meet"));
        let (low, high) = (Some(Level::Remember), Some(Level::Apply));
        assert_eq!(wrong(vec![cell("a", low, 2), cell("a", high, 2)]), Ok(()));
        assert_eq!(wrong(vec![cell("a", low, 2), cell("", None, 2)]), Err("cells_meet"));
        assert_eq!(wrong(vec![cell("a", None, 0)]), Err("unknown"));
        assert_eq!(wrong(vec![cell("a", None, 201)]), Err("too_many"));
        assert_eq!(wrong(Vec::new()), Err("too_many"));
        assert_eq!(Blueprint::default().check().unwrap_err().fields[0].code, "required");
    }
}
