//! Values in messages, said as the reader says them: a refusal is made before its language is
//! known, so a value may hold all three languages, and a day is written as `2026-11-12`.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::{
    format,
    lang::{Lang, Text},
    locale::Table,
};

/// Between the languages of a value.
const BETWEEN: char = '\u{1f}';

/// A value in all languages.
pub fn every(text: &Text) -> String {
    [text.get(Lang::Kk), text.get(Lang::Ru), text.get(Lang::En)].join(&BETWEEN.to_string())
}

/// A name that stands in a table of texts; what the table does not know is said as it is.
pub fn named(table: &Table, group: &str, code: &str) -> String {
    let key = format!("{group}.{code}");
    let name = |lang| table.find(lang, &key).unwrap_or(code);
    Lang::ALL.map(name).join(&BETWEEN.to_string())
}

/// A value as a reader is to see it.
pub fn said(lang: Lang, value: &str) -> Cow<'_, str> {
    if value.contains(BETWEEN) {
        return value.split(BETWEEN).nth(lang as usize).unwrap_or_default().into();
    }
    let day = (value.len() == 10).then(|| value.parse::<NaiveDate>().ok()).flatten();
    day.map_or(Cow::Borrowed(value), |day| format::date(lang, day).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::locale::ERRORS;

    #[test]
    fn values_are_said_in_the_language_of_the_reader() {
        let value = every(&Text::new("құжат", "документ"));
        assert_eq!(said(Lang::Kk, &value), "құжат");
        assert_eq!(said(Lang::Ru, &value), "документ");
        let day = said(Lang::Ru, "2026-11-12");
        assert!(day.contains("ноября 2026"), "{day}");
        let state = named(&ERRORS, "vacancy_state", "draft");
        assert_eq!([Lang::Kk, Lang::Ru].map(|lang| said(lang, &state)), ["қаралама", "черновик"]);
        assert_eq!(said(Lang::En, &named(&ERRORS, "vacancy_state", "new")), "new");
        for plain in ["12", "2026", "2026-13-40", "a@b.kz", ""] {
            assert_eq!(said(Lang::Kk, plain), plain);
        }
    }
}
