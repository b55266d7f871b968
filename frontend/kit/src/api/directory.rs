//! Directories: lists of codes with names.

use domain::shared::lang::{Lang, Text};

use super::wire::{FromJson, reads};
use crate::json::Json;

reads! { Item { code, kk, ru, en, attrs } }

/// An item.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Item {
    /// Code.
    pub code: String,
    kk: String,
    ru: String,
    en: String,
    /// What else is known of it.
    pub attrs: Json,
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
        match self.attrs.get("for") {
            Some(Json::List(list)) => list.iter().any(|one| one.text() == what),
            _ => true,
        }
    }

    /// An attribute that is a text.
    pub fn text(&self, name: &str) -> &str {
        self.attrs.get(name).map_or("", Json::text)
    }

    /// An attribute that is a text in two languages.
    pub fn both(&self, name: &str) -> Text {
        self.attrs.get(name).cloned().and_then(Text::from_json).unwrap_or_default()
    }

    /// An attribute that is yes or no.
    pub fn flag(&self, name: &str) -> bool {
        self.attrs.get(name) == Some(&Json::Bool(true))
    }
}

/// All directories by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Directories(Vec<(String, Vec<Item>)>);

impl FromJson for Directories {
    fn from_json(value: Json) -> Option<Directories> {
        let Json::Map(all) = value else { return None };
        let mut out = Vec::with_capacity(all.len());
        for (name, items) in all {
            out.push((name, Vec::from_json(items)?));
        }
        Some(Directories(out))
    }
}

impl Directories {
    /// The items of a directory.
    pub fn items(&self, name: &str) -> &[Item] {
        self.0.iter().find(|(one, _)| one == name).map_or(&[], |(_, items)| items.as_slice())
    }

    /// An item.
    pub fn find(&self, name: &str, code: &str) -> Option<&Item> {
        self.items(name).iter().find(|item| item.code == code)
    }
}
