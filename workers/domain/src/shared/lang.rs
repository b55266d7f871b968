//! The three languages. Kazakh is the state language and comes first everywhere.

use serde::{Deserialize, Serialize};

/// A language of the service, as in the first segment of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Kazakh.
    #[default]
    Kk,
    /// Russian.
    Ru,
    /// English.
    En,
}

impl Lang {
    /// All languages in the order in which they are shown.
    pub const ALL: [Lang; 3] = [Lang::Kk, Lang::Ru, Lang::En];

    /// The code: `kk`, `ru`, `en`.
    pub const fn code(self) -> &'static str {
        match self {
            Lang::Kk => "kk",
            Lang::Ru => "ru",
            Lang::En => "en",
        }
    }

    /// The language of a code; `None` for anything else.
    pub fn parse(code: &str) -> Option<Lang> {
        Lang::ALL.into_iter().find(|lang| lang.code() == code)
    }
}

/// A text of the law or of an organisation: Kazakh and Russian are required, English is a help.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Text {
    /// Kazakh.
    #[serde(default)]
    pub kk: String,
    /// Russian.
    #[serde(default)]
    pub ru: String,
    /// English, empty where nobody wrote one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub en: String,
}

impl Text {
    /// A text in the two official languages.
    pub fn new(kk: impl Into<String>, ru: impl Into<String>) -> Text {
        Text { kk: kk.into(), ru: ru.into(), en: String::new() }
    }

    /// The text for a reader. English falls back to Russian, Russian to Kazakh and back.
    pub fn get(&self, lang: Lang) -> &str {
        let order = match lang {
            Lang::Kk => [&self.kk, &self.ru, &self.en],
            Lang::Ru => [&self.ru, &self.kk, &self.en],
            Lang::En => [&self.en, &self.ru, &self.kk],
        };
        order.into_iter().find(|text| !text.trim().is_empty()).map_or("", |text| text.as_str())
    }

    /// Whether both official languages are filled.
    pub fn is_complete(&self) -> bool {
        !self.kk.trim().is_empty() && !self.ru.trim().is_empty()
    }

    /// Whether nothing is filled.
    pub fn is_empty(&self) -> bool {
        Lang::ALL.into_iter().all(|lang| self.get(lang).trim().is_empty())
    }
}
