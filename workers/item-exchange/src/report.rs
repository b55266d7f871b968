//! What came in, what did not and why, by file and line.

use domain::{
    bank::meta::Meta,
    shared::{
        lang::Lang,
        locale::{BANK, fill},
    },
};

/// A whole file that is refused: nothing of it is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Key in `schemas/locales/bank.json` after `refused.`.
    pub code: &'static str,
    /// File within the package, as far as it is known.
    pub file: String,
    /// Line, from 1; 0 = none.
    pub line: u32,
    /// What exactly: a name, a number.
    pub what: String,
}

impl Refused {
    /// A refusal without a place.
    pub fn new(code: &'static str, what: impl Into<String>) -> Refused {
        Refused { code, file: String::new(), line: 0, what: what.into() }
    }

    /// The same at a place.
    #[must_use]
    pub fn at(mut self, file: &str, line: u32) -> Refused {
        self.file = file.to_owned();
        self.line = line;
        self
    }

    /// For people.
    pub fn text(&self, lang: Lang) -> String {
        said(lang, "refused", self.code, &self.what)
    }
}

/// How much a note weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Read otherwise than it was written; nothing is lost.
    Hint,
    /// Something was left out; the item came in.
    Dropped,
    /// The item did not come in.
    Refused,
}

impl Weight {
    /// The code.
    pub const fn code(self) -> &'static str {
        match self {
            Weight::Hint => "hint",
            Weight::Dropped => "dropped",
            Weight::Refused => "refused",
        }
    }
}

/// A remark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// How much it weighs.
    pub weight: Weight,
    /// Key in `schemas/locales/bank.json` after `note.`.
    pub code: &'static str,
    /// File within the package; empty = the file itself.
    pub file: String,
    /// Line, from 1; 0 = none.
    pub line: u32,
    /// Identifier of the item, as far as it is known.
    pub item: String,
    /// What exactly: name of an element, of an attribute, a value.
    pub what: String,
}

impl Note {
    /// For people.
    pub fn text(&self, lang: Lang) -> String {
        said(lang, "note", self.code, &self.what)
    }
}

fn said(lang: Lang, group: &str, code: &str, what: &str) -> String {
    match BANK.find(lang, &format!("{group}.{code}")) {
        // Nothing to name: no colon that leads nowhere.
        Some(text) if what.is_empty() => {
            fill(text, &[("what", "")]).trim_end_matches([':', ' ']).into()
        }
        Some(text) => fill(text, &[("what", what)]),
        None => format!("{code}: {what}"),
    }
}

/// Remarks while something is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes {
    /// All so far.
    pub list: Vec<Note>,
    /// Where we are.
    pub file: String,
    /// Which item it is.
    pub item: String,
}

impl Notes {
    /// Most notes that are kept; a hostile file could cause one a byte.
    pub const MOST: usize = 20_000;

    /// Notes something. The same remark on the same item is kept once.
    pub fn note(&mut self, weight: Weight, code: &'static str, line: u32, what: impl Into<String>) {
        let what: String = what.into().chars().take(200).collect();
        let same = |note: &&Note| note.item == self.item && note.file == self.file;
        let again = self.list.iter().rev().take(50).take_while(same).any(|note| {
            note.code == code
                && note.what == what
                && (note.line == line || weight != Weight::Refused)
        });
        if !again && self.list.len() < Notes::MOST {
            let (file, item) = (self.file.clone(), self.item.clone());
            self.list.push(Note { weight, code, file, line, item, what });
        }
    }

    /// Something was read otherwise than it was written.
    pub fn hint(&mut self, code: &'static str, line: u32, what: impl Into<String>) {
        self.note(Weight::Hint, code, line, what);
    }

    /// Something was left out.
    pub fn dropped(&mut self, code: &'static str, line: u32, what: impl Into<String>) {
        self.note(Weight::Dropped, code, line, what);
    }

    /// What formats of plain questions have no place for is left out.
    pub(crate) fn unkept(&mut self, meta: &Meta) {
        if meta.grade > 0
            || meta.facility > 0
            || !meta.enemies.is_empty()
            || !meta.source.is_empty()
        {
            self.dropped("meta", 0, "");
        }
    }

    /// The item is not taken.
    pub fn refused(&mut self, code: &'static str, line: u32, what: impl Into<String>) {
        self.note(Weight::Refused, code, line, what);
    }
}
