//! Names of codes, as the directories have them today.

use std::collections::HashMap;

use super::sql::NameRow;
use crate::shared::lang::{Lang, Text};

/// Names by directory and code. Places are in the directory `kato`.
#[derive(Debug, Clone, Default)]
pub struct Names {
    names: HashMap<(String, String), Text>,
    teachers: HashMap<String, Text>,
}

impl Names {
    /// From rows.
    pub fn new(rows: impl IntoIterator<Item = NameRow>) -> Names {
        let mut all = Names::default();
        for row in rows {
            if let Some(text) = row.teacher.and_then(|json| serde_json::from_str(&json).ok()) {
                all.teachers.insert(row.code.clone(), text);
            }
            let text = Text { kk: row.kk, ru: row.ru, en: row.en };
            all.names.insert((row.directory, row.code), text);
        }
        all
    }

    /// The name of a code, in all languages.
    pub fn text(&self, directory: &str, code: &str) -> Option<&Text> {
        self.names.get(&(directory.to_owned(), code.to_owned()))
    }

    /// The name of a code; empty where there is none: a code alone helps no reader.
    pub fn get(&self, lang: Lang, directory: &str, code: &str) -> &str {
        self.text(directory, code).map_or("", |text| text.get(lang))
    }

    /// A subject's phrase for its teacher.
    pub fn teacher(&self, subject: &str) -> Option<&Text> {
        self.teachers.get(subject)
    }

    /// District and region of a KATO code in words. A city of the first level stands alone.
    pub fn place(&self, kato: &str) -> Text {
        let code = |digits: usize| format!("{:0<9}", kato.get(..digits).unwrap_or_default());
        let region = self.text("kato", &code(2));
        let district = self.text("kato", &code(4)).filter(|_| code(2) != code(4));
        let words = |lang: Lang| {
            let parts: Vec<&str> = match lang {
                // Kazakh goes from the whole to the part.
                Lang::Kk => [region, district],
                Lang::Ru | Lang::En => [district, region],
            }
            .into_iter()
            .flatten()
            .map(|text| text.get(lang))
            .collect();
            parts.join(", ")
        };
        Text { kk: words(Lang::Kk), ru: words(Lang::Ru), en: words(Lang::En) }
    }
}
