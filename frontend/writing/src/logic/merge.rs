//! Two clerks, one vacancy: field by field, nothing is lost.

use domain::vacancy::model::Content;

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
    /// Field of the announcement.
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

/// Names of the fields in which two announcements differ.
pub fn changed(a: &Content, b: &Content) -> Vec<String> {
    // Both have the same fields in the same order.
    let pairs = fields(a).into_iter().zip(fields(b));
    pairs.filter(|((_, a), (_, b))| a != b).map(|((name, _), _)| name).collect()
}

/// Compares what two clerks made of the same announcement.
pub fn compare(base: &Content, mine: &Content, theirs: &Content) -> Vec<Difference> {
    let mut out = Vec::new();
    let others = fields(base).into_iter().zip(fields(theirs));
    for ((field, mine), ((_, was), (_, theirs))) in fields(mine).into_iter().zip(others) {
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
    let mut map = fields(theirs);
    for choice in choices {
        if choice.side == Side::Mine {
            for (_, value) in map.iter_mut().filter(|(name, _)| *name == choice.field) {
                *value = choice.mine.clone();
            }
        }
    }
    Content::from_json(Json::Map(map)).unwrap_or_else(|| theirs.clone())
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
                ("duties", true, Side::Mine),
                ("hours", false, Side::Mine),
                ("contact_name", false, Side::Theirs),
            ]
        );
        assert_eq!(merge(&theirs, &found), content(18, "mine", "Болат"));
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
