//! Directories: lists of codes with names.

use std::collections::BTreeMap;

use domain::shared::lang::Lang;
use serde::Deserialize;
use serde_json::Value;

/// An item.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
pub struct Item {
    /// Code.
    pub code: String,
    #[serde(default)]
    kk: String,
    #[serde(default)]
    ru: String,
    #[serde(default)]
    en: String,
    /// What else is known of it.
    #[serde(default)]
    pub attrs: Value,
}

impl Item {
    /// Name. English falls back to Russian, as everywhere.
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Kk => &self.kk,
            Lang::En if !self.en.is_empty() => &self.en,
            Lang::Ru | Lang::En => &self.ru,
        }
    }

    /// Whether its attribute `for` names something; without the attribute it is for all.
    pub fn is_for(&self, what: &str) -> bool {
        match self.attrs.get("for").and_then(Value::as_array) {
            Some(list) => list.iter().any(|one| one.as_str() == Some(what)),
            None => true,
        }
    }

    /// An attribute that is a text.
    pub fn text(&self, name: &str) -> &str {
        self.attrs.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// An attribute that is yes or no.
    pub fn flag(&self, name: &str) -> bool {
        self.attrs.get(name).and_then(Value::as_bool).unwrap_or_default()
    }
}

/// All directories by name.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(transparent)]
pub struct Directories(BTreeMap<String, Vec<Item>>);

impl Directories {
    /// The items of a directory.
    pub fn items(&self, name: &str) -> &[Item] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// An item.
    pub fn find(&self, name: &str, code: &str) -> Option<&Item> {
        self.items(name).iter().find(|item| item.code == code)
    }
}
