//! The title of an announcement and the last segment of its address.

use super::model::Content;
use crate::shared::{
    lang::{Lang, Text},
    translit::slug,
};

/// The title: the clerk's own where there is one, else made from the names of position and
/// subject. `teacher` is the subject's own phrase for its teacher ("Математика мұғалімі",
/// "Учитель математики"), which a pair of nouns cannot give in either language.
pub fn title(
    content: &Content,
    position: &Text,
    subject: Option<&Text>,
    teacher: Option<&Text>,
) -> Text {
    let made = |lang: Lang| -> String {
        let phrase = |text: &Text| match lang {
            Lang::Kk => text.kk.clone(),
            Lang::Ru => text.ru.clone(),
            Lang::En => text.en.clone(),
        };
        match (teacher, subject) {
            (Some(teacher), _) if !phrase(teacher).is_empty() => phrase(teacher),
            (_, Some(subject)) => format!("{}: {}", position.get(lang), subject.get(lang)),
            _ => phrase(position),
        }
    };
    let or = |own: &String, lang| if own.trim().is_empty() { made(lang) } else { own.clone() };
    Text {
        kk: or(&content.title.kk, Lang::Kk),
        ru: or(&content.title.ru, Lang::Ru),
        en: or(&content.title.en, Lang::En),
    }
}

/// The last segment of the address: words and the number, which makes it unique.
pub fn address(title: &Text, number: i64) -> String {
    let words = slug(title.get(Lang::Kk));
    let short: String = words.chars().take(60).collect();
    format!("{}-{number}", short.trim_end_matches('-'))
}
