//! Directories: positions, subjects, languages … Items have editions and are closed, never
//! deleted; a case keeps the text that was valid on its day.

pub mod shape;

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    shared::{lang::Text, row, statement::Statement},
    sql,
    vacancy::{content::Directories, model::Content, title},
};

/// The directories that exist. (A list of codes, because the table is one for all.)
pub const NAMES: &[&str] = &[
    "organisation_type",
    "position_group",
    "position",
    "subject",
    "language_of_instruction",
    "refusal_ground",
    "document_type",
    "check",
    "employment_kind",
    "schedule",
    "category",
    "closing_reason",
    "extra",
];

/// An item as it is on some day: open, or closed and known by the name that it had.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Item {
    /// Name of the directory.
    #[serde(skip_serializing, default)]
    pub directory: String,
    /// Code, unique in the directory.
    pub code: String,
    /// Kazakh name.
    pub kk: String,
    /// Russian name.
    pub ru: String,
    /// English name.
    #[serde(default)]
    pub en: String,
    /// What else is known of it.
    #[serde(default, deserialize_with = "row::json")]
    pub attrs: Value,
    /// Whether it can still be chosen.
    #[serde(skip_serializing, deserialize_with = "row::flag")]
    #[cfg_attr(feature = "schema", schemars(skip))]
    pub open: bool,
}

impl Item {
    /// The name in the three languages.
    pub fn name(&self) -> Text {
        Text { kk: self.kk.clone(), ru: self.ru.clone(), en: self.en.clone() }
    }

    /// A text among the attributes.
    pub fn text(&self, name: &str) -> Option<Text> {
        serde_json::from_value(self.attrs.get(name)?.clone()).ok()
    }
}

/// The items of all directories that have begun by a day, each in its newest edition; none where the
/// counter `facts`, drawn anew with every change of them, still is `mark`: then who asks has them.
pub fn items(day: NaiveDate, mark: Option<i64>) -> Statement {
    sql!(
        "SELECT directory, code, kk, ru, en, attrs, (valid_to IS NULL OR valid_to >= ?1) AS open
         FROM counter k CROSS JOIN directory_item d
         WHERE k.name = 'facts' AND k.value IS NOT ?2 AND valid_from <= ?1
           AND edition = (SELECT max(edition) FROM directory_item e
             WHERE e.directory = d.directory AND e.code = d.code AND e.valid_from <= ?1)
         ORDER BY directory, place, code",
        day,
        mark
    )
}

/// All items, ready for look-ups. Only open ones can be chosen; a closed one keeps its name and
/// what is known of it, because announcements and applications go on naming it.
#[derive(Debug, Default, Clone)]
pub struct Book {
    items: Vec<Item>,
    places: HashMap<(String, String), usize>,
}

impl Book {
    /// From the rows of [`items`].
    pub fn new(items: Vec<Item>) -> Book {
        let places = items
            .iter()
            .enumerate()
            .map(|(place, item)| ((item.directory.clone(), item.code.clone()), place))
            .collect();
        Book { items, places }
    }

    /// An item, open or closed.
    pub fn get(&self, directory: &str, code: &str) -> Option<&Item> {
        let place = self.places.get(&(directory.to_owned(), code.to_owned()))?;
        self.items.get(*place)
    }

    /// The open items of a directory, in its order.
    pub fn all<'a>(&'a self, directory: &'a str) -> impl Iterator<Item = &'a Item> {
        self.items.iter().filter(move |item| item.open && item.directory == directory)
    }

    /// The name of an item; the code where there is none.
    pub fn name(&self, directory: &str, code: &str) -> Text {
        self.get(directory, code).map_or_else(|| Text::new(code, code), Item::name)
    }

    /// The title of an announcement.
    pub fn title(&self, content: &Content) -> Text {
        let position = self.name("position", &content.position);
        let subject = content.subject.as_deref().and_then(|code| self.get("subject", code));
        let name = subject.map(Item::name);
        let teacher = subject
            .filter(|_| content.position == "subject_teacher")
            .and_then(|item| item.text("teacher"));
        title::title(content, &position, name.as_ref(), teacher.as_ref())
    }
}

impl Directories for Book {
    fn called(&self, directory: &str, code: &str) -> Text {
        self.name(directory, code)
    }

    fn has(&self, directory: &str, code: &str) -> bool {
        self.get(directory, code).is_some_and(|item| item.open)
    }

    fn group(&self, position: &str) -> Option<String> {
        let group = self.get("position", position)?.attrs.get("group")?;
        group.as_str().map(str::to_owned)
    }

    fn needs_text(&self, reason: &str) -> bool {
        self.get("closing_reason", reason)
            .and_then(|item| item.attrs.get("needs_text")?.as_bool())
            .unwrap_or(false)
    }

    fn needs_subject(&self, position: &str) -> bool {
        self.get("position", position)
            .and_then(|item| item.attrs.get("needs_subject")?.as_bool())
            .unwrap_or(false)
    }

    fn needs_language(&self, position: &str) -> bool {
        self.get("position", position)
            .and_then(|item| item.attrs.get("needs_language")?.as_bool())
            .unwrap_or(false)
    }
}
