//! Two clerks, one vacancy: field by field, nothing is lost.

use domain::{shared::lang::Lang, vacancy::model::Content};

use crate::{
    api::wire::{FromJson, ToJson},
    json::Json,
};

/// Whose text stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What this clerk wrote.
    Mine,
    /// What the other one saved meanwhile.
    Theirs,
}

/// A field that both have, with different values.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Field of the announcement; of a text with its language (`duties.kk`).
    pub field: String,
    /// What this clerk wrote.
    pub mine: Json,
    /// What the other one saved.
    pub theirs: Json,
    /// Whether both changed it: only then a person has to choose.
    pub both: bool,
    /// Whose text stays; what only one side touched is decided already.
    pub side: Side,
}

fn fields(content: &Content) -> Vec<(String, Json)> {
    match content.to_json() {
        Json::Map(fields) => fields,
        _ => Vec::new(),
    }
}

/// The fields with texts taken apart by language (`duties.kk`): two clerks who write in different
/// languages do not touch each other.
fn parts(content: &Content) -> Vec<(String, Json)> {
    let mut out = Vec::new();
    for (name, value) in fields(content) {
        match value {
            Json::Map(texts) => {
                for lang in Lang::ALL.map(Lang::code) {
                    let text = texts.iter().find(|(have, _)| have == lang);
                    let text = text.map_or_else(|| Json::Text(String::new()), |(_, t)| t.clone());
                    out.push((format!("{name}.{lang}"), text));
                }
            }
            value => out.push((name, value)),
        }
    }
    out
}

/// Names of the fields in which two announcements differ.
pub fn changed(a: &Content, b: &Content) -> Vec<String> {
    // Both have the same fields in the same order.
    let pairs = fields(a).into_iter().zip(fields(b));
    pairs.filter(|((_, a), (_, b))| a != b).map(|((name, _), _)| name).collect()
}

/// Compares what two clerks made of the same announcement.
pub fn compare(base: &Content, mine: &Content, theirs: &Content) -> Vec<Difference> {
    let mut out = Vec::new();
    let others = parts(base).into_iter().zip(parts(theirs));
    for ((field, mine), ((_, was), (_, theirs))) in parts(mine).into_iter().zip(others) {
        if mine == theirs {
            continue;
        }
        let (by_me, by_them) = (mine != was, theirs != was);
        let side = if by_me { Side::Mine } else { Side::Theirs };
        out.push(Difference { field, mine, theirs, both: by_me && by_them, side });
    }
    // What needs a decision comes first.
    crate::text::sort_by(&mut out, |a, b| a.both || !b.both);
    out
}

/// The announcement that follows from the choices, on top of the newer version.
pub fn merge(theirs: &Content, choices: &[Difference]) -> Content {
    let mut map = Json::Map(fields(theirs));
    for choice in choices.iter().filter(|choice| choice.side == Side::Mine) {
        map.put(&choice.field, choice.mine.clone());
    }
    Content::from_json(map).unwrap_or_else(|| theirs.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::shared::lang::Text;

    fn content(hours: u32, duties: &str, name: &str) -> Content {
        Content {
            hours: Some(hours),
            duties: Text::new(duties, ""),
            contact_name: name.into(),
            ..Content::default()
        }
    }

    #[test]
    fn only_what_both_changed_needs_a_decision() {
        let base = content(16, "a", "Айгүл");
        let mine = content(18, "mine", "Айгүл");
        let theirs = content(16, "theirs", "Болат");
        let found = compare(&base, &mine, &theirs);
        let table: Vec<_> = found.iter().map(|d| (d.field.as_str(), d.both, d.side)).collect();
        assert_eq!(
            table,
            [
                ("duties.kk", true, Side::Mine),
                ("hours", false, Side::Mine),
                ("contact_name", false, Side::Theirs),
            ]
        );
        assert_eq!(merge(&theirs, &found), content(18, "mine", "Болат"));
    }

    #[test]
    fn two_languages_of_one_text_are_two_fields() {
        let with = |kk: &str, ru: &str, en: &str| {
            let mut content = content(16, "", "Айгүл");
            (content.duties.kk, content.duties.ru) = (kk.into(), ru.into());
            content.duties.en = en.into();
            content
        };
        let base = with("a", "b", "");
        let (mine, theirs) = (with("a", "mine", ""), with("theirs", "b", "third"));
        let found = compare(&base, &mine, &theirs);
        let table: Vec<_> = found.iter().map(|d| (d.field.as_str(), d.both, d.side)).collect();
        assert_eq!(
            table,
            [
                ("duties.kk", false, Side::Theirs),
                ("duties.ru", false, Side::Mine),
                ("duties.en", false, Side::Theirs),
            ]
        );
        assert_eq!(merge(&theirs, &found), with("theirs", "mine", "third"));
        // The same language of both is a matter for a person.
        let found = compare(&base, &with("x", "b", ""), &with("y", "b", ""));
        assert!(found.iter().all(|d| d.both && d.field == "duties.kk") && found.len() == 1);
    }

    #[test]
    fn each_choice_is_kept_and_nothing_else_moves() {
        let base = content(1, "a", "x");
        let (mine, theirs) = (content(2, "b", "y"), content(3, "c", "z"));
        let mut choices = compare(&base, &mine, &theirs);
        assert!(choices.iter().all(|d| d.both));
        for choice in &mut choices {
            choice.side = if choice.field == "hours" { Side::Mine } else { Side::Theirs };
        }
        assert_eq!(merge(&theirs, &choices), content(2, "c", "z"));
        for choice in &mut choices {
            choice.side = Side::Mine;
        }
        assert_eq!(merge(&theirs, &choices), mine);
        assert_eq!(compare(&base, &mine, &mine), []);
        assert_eq!(changed(&base, &content(1, "a", "y")), ["contact_name"]);
    }
}
