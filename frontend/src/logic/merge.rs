//! Two clerks, one vacancy: field by field, nothing is lost.

use domain::vacancy::model::Content;
use serde_json::{Map, Value};

use crate::api::read::take;

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
    pub mine: Value,
    /// What the other one saved.
    pub theirs: Value,
    /// Whether both changed it: only then a person has to choose.
    pub both: bool,
    /// Whose text stays; what only one side touched is decided already.
    pub side: Side,
}

fn fields(content: &Content) -> Map<String, Value> {
    // By way of the text: a second way of writing would be a second copy of the code.
    let text = serde_json::to_string(content).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// Names of the fields in which two announcements differ.
pub fn changed(a: &Content, b: &Content) -> Vec<String> {
    let b = fields(b);
    fields(a).into_iter().filter(|(key, value)| b.get(key) != Some(value)).map(|(k, _)| k).collect()
}

/// Compares what two clerks made of the same announcement.
pub fn compare(base: &Content, mine: &Content, theirs: &Content) -> Vec<Difference> {
    let (base, theirs) = (fields(base), fields(theirs));
    let mut out = Vec::new();
    for (field, mine) in fields(mine) {
        let theirs = theirs.get(&field).cloned().unwrap_or_default();
        if mine == theirs {
            continue;
        }
        let was = base.get(&field).cloned().unwrap_or_default();
        let (by_me, by_them) = (mine != was, theirs != was);
        let side = if by_me { Side::Mine } else { Side::Theirs };
        out.push(Difference { field, mine, theirs, both: by_me && by_them, side });
    }
    // What needs a decision comes first.
    out.sort_by_key(|difference| !difference.both);
    out
}

/// The announcement that follows from the choices, on top of the newer version.
pub fn merge(theirs: &Content, choices: &[Difference]) -> Content {
    let mut map = fields(theirs);
    for choice in choices {
        if choice.side == Side::Mine {
            map.insert(choice.field.clone(), choice.mine.clone());
        }
    }
    take(Value::Object(map)).unwrap_or_else(|_| theirs.clone())
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
                ("contact_name", false, Side::Theirs),
                ("hours", false, Side::Mine),
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
