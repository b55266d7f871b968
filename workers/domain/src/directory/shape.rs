//! What is known of an item beside its names, a table for each directory: forms are drawn from it
//! and what comes back is checked by it.

use serde_json::{Map, Value};

use crate::shared::refusal::Check;

/// What an attribute is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Yes or no.
    Flag,
    /// A whole number from 0 to 100.
    Number,
    /// One of these codes.
    Code(&'static [&'static str]),
    /// Some of these codes.
    Codes(&'static [&'static str]),
    /// The code of an item of another directory.
    Item(&'static str),
    /// Codes of items of another directory.
    Items(&'static str),
    /// A name in three languages.
    Name,
    /// A text in Kazakh and Russian.
    Text,
    /// Other spellings that lists use.
    Words,
}

/// An attribute of the items of a directory.
#[derive(Debug, Clone, Copy)]
pub struct Attribute {
    /// Its name in `attrs`.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Whether an item is of no use without it.
    pub needed: bool,
}

const fn attribute(name: &'static str, kind: Kind, needed: bool) -> Attribute {
    Attribute { name, kind, needed }
}

const POSITION: &[Attribute] = &[
    attribute("group", Kind::Item("position_group"), true),
    attribute("needs_subject", Kind::Flag, false),
    attribute("needs_language", Kind::Flag, false),
    attribute("checks", Kind::Items("check"), false),
    attribute("duties", Kind::Text, false),
    attribute("requirements", Kind::Text, false),
    attribute("aliases", Kind::Words, false),
];
const SUBJECT: &[Attribute] =
    &[attribute("teacher", Kind::Name, true), attribute("aliases", Kind::Words, false)];
const REFUSAL_GROUND: &[Attribute] = &[attribute("fixable", Kind::Flag, false)];
const DOCUMENT_TYPE: &[Attribute] = &[
    attribute("for", Kind::Items("position_group"), true),
    attribute("obtained", Kind::Code(&["form", "file", "state_system", "requested"]), true),
    attribute("required", Kind::Flag, false),
];
const CHECK: &[Attribute] = &[attribute("document", Kind::Item("document_type"), true)];
const CATEGORY: &[Attribute] = &[
    attribute("for", Kind::Items("position_group"), true),
    attribute("rank", Kind::Number, true),
    attribute("legacy", Kind::Flag, false),
];
const CLOSING_REASON: &[Attribute] = &[
    attribute("for", Kind::Codes(&["end_early", "cancel", "pause"]), true),
    attribute("needs_text", Kind::Flag, false),
];

/// The attributes of a directory, in the order of its form. Most have none.
pub fn attributes(directory: &str) -> &'static [Attribute] {
    match directory {
        "position" => POSITION,
        "subject" => SUBJECT,
        "refusal_ground" => REFUSAL_GROUND,
        "document_type" => DOCUMENT_TYPE,
        "check" => CHECK,
        "category" => CATEGORY,
        "closing_reason" => CLOSING_REASON,
        _ => &[],
    }
}

/// The longest text of an attribute, letters.
pub const TEXT: usize = 2000;
/// The longest name, letters.
pub const NAME: usize = 300;
/// The most other spellings.
const WORDS: usize = 40;

/// Checks the attributes of an item. What the table does not name may only stay as it was
/// (`before`): it belongs to the program. `has` knows the open items of all directories.
pub fn check(
    directory: &str,
    attrs: &Map<String, Value>,
    before: &Value,
    has: impl Fn(&str, &str) -> bool,
    wrong: &mut Check,
) {
    let table = attributes(directory);
    for (name, value) in attrs {
        if !table.iter().any(|one| one.name == name) && before.get(name) != Some(value) {
            wrong.wrong(format!("attrs.{}", name.chars().take(60).collect::<String>()), "unknown");
        }
    }
    for one in table {
        let field = format!("attrs.{}", one.name);
        match attrs.get(one.name) {
            None | Some(Value::Null) if one.needed => wrong.wrong(field, "required"),
            None | Some(Value::Null) => {}
            Some(value) => check_one(one, &field, value, &has, wrong),
        }
    }
}

fn check_one(
    one: &Attribute,
    field: &str,
    value: &Value,
    has: &impl Fn(&str, &str) -> bool,
    wrong: &mut Check,
) {
    let known = |known: bool| if known { Ok(()) } else { Err("unknown") };
    let listed = |fits: &dyn Fn(&str) -> bool| match value.as_array() {
        Some(list) if list.is_empty() && one.needed => Err("required"),
        Some(list) => known(list.iter().all(|code| code.as_str().is_some_and(fits))),
        None => Err("unknown"),
    };
    let verdict = match one.kind {
        Kind::Flag => known(value.is_boolean()),
        Kind::Number => known(value.as_u64().is_some_and(|n| n <= 100)),
        Kind::Code(codes) => known(value.as_str().is_some_and(|code| codes.contains(&code))),
        Kind::Codes(codes) => listed(&|code| codes.contains(&code)),
        Kind::Item(other) => known(value.as_str().is_some_and(|code| has(other, code))),
        Kind::Items(other) => listed(&|code| has(other, code)),
        Kind::Words => match value.as_array() {
            Some(list) if list.len() <= WORDS => {
                known(list.iter().all(|word| word.as_str().is_some_and(|word| shorter(word, NAME))))
            }
            _ => Err("unknown"),
        },
        Kind::Name => return texts(one, field, value, NAME, wrong),
        Kind::Text => return texts(one, field, value, TEXT, wrong),
    };
    if let Err(code) = verdict {
        wrong.wrong(field.to_owned(), code);
    }
}

fn shorter(text: &str, limit: usize) -> bool {
    text.chars().count() <= limit
}

/// Both languages or none; English may be missing.
fn texts(one: &Attribute, field: &str, value: &Value, limit: usize, wrong: &mut Check) {
    let text = |lang: &str| value.get(lang).and_then(Value::as_str).unwrap_or_default().trim();
    let any = one.needed || ["kk", "ru", "en"].iter().any(|lang| !text(lang).is_empty());
    for (lang, code) in [("kk", "required_kk"), ("ru", "required_ru"), ("en", "")] {
        let name = format!("{field}.{lang}");
        if any && !code.is_empty() && text(lang).is_empty() {
            wrong.wrong(name, code);
        } else if !shorter(text(lang), limit) {
            wrong.wrong_with(name, "too_long", "max", limit);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::directory::NAMES;

    fn shipped() -> Value {
        serde_json::from_str(include_str!("../../../../schemas/data/directories.json")).unwrap()
    }

    fn problems(directory: &str, attrs: &Value, before: &Value) -> Vec<(String, &'static str)> {
        let all = shipped();
        let has = |name: &str, code: &str| {
            all[name].as_array().is_some_and(|list| list.iter().any(|one| one["code"] == code))
        };
        let mut wrong = Check::default();
        check(directory, attrs.as_object().unwrap(), before, has, &mut wrong);
        wrong.0.into_iter().map(|one| (one.field.into_owned(), one.code)).collect()
    }

    #[test]
    fn everything_that_is_shipped_fits_the_table() {
        let all = shipped();
        for name in NAMES {
            for item in all[*name].as_array().unwrap() {
                let attrs = item.get("attrs").cloned().unwrap_or_else(|| json!({}));
                assert_eq!(problems(name, &attrs, &attrs), [], "{name}/{}", item["code"]);
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_named_by_its_field() {
        let none = json!({});
        let cases = [
            ("position", json!({}), vec![("attrs.group", "required")]),
            ("position", json!({"group": "nobody"}), vec![("attrs.group", "unknown")]),
            (
                "position",
                json!({"group": "deputy", "needs_subject": "yes", "checks": ["criminal", 7]}),
                vec![("attrs.needs_subject", "unknown"), ("attrs.checks", "unknown")],
            ),
            (
                "position",
                json!({"group": "deputy", "duties": {"kk": "а", "ru": " "}}),
                vec![("attrs.duties.ru", "required_ru")],
            ),
            (
                "subject",
                json!({"teacher": {"kk": "а", "ru": "б", "en": "x".repeat(301)}}),
                vec![("attrs.teacher.en", "too_long")],
            ),
            ("closing_reason", json!({"for": []}), vec![("attrs.for", "required")]),
            ("category", json!({"for": ["deputy"], "rank": -1}), vec![("attrs.rank", "unknown")]),
            ("extra", json!({"made_up": 1}), vec![("attrs.made_up", "unknown")]),
        ];
        for (directory, attrs, expected) in cases {
            let expected: Vec<_> = expected.into_iter().map(|(f, c)| (f.to_owned(), c)).collect();
            assert_eq!(problems(directory, &attrs, &none), expected, "{attrs}");
        }
        // What the program itself put there stays, as long as nobody changes it.
        let before = json!({"made_up": 1});
        assert_eq!(problems("extra", &json!({"made_up": 1}), &before), []);
        assert_eq!(problems("extra", &json!({"made_up": 2}), &before).len(), 1);
    }
}
