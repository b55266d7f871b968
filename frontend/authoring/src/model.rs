//! An item as it is edited: one concept, its Kazakh and Russian beside each other. Opening and
//! saving what was not touched gives back what was there.

use domain::bank::body::Kind;

use crate::json::{Json, map};

mod close;
mod open;
#[cfg(test)]
mod tests;

pub use close::close;
pub use open::open;

/// Languages of an item.
pub const LANGS: [&str; 2] = ["kk", "ru"];

/// A new item of a kind.
pub fn blank(kind: Kind) -> Json {
    let meta = map([("code", "".into()), ("topic", "".into()), ("level", "understand".into())]);
    let mut state = map([("meta", meta), ("kind", kind.code().into())]);
    state.put("points", "1".into());
    state.put("rule", "all".into());
    state.put("shuffle", true.into());
    let two = || Json::List(vec![row("a"), row("b")]);
    match kind {
        Kind::Single | Kind::Multiple | Kind::Ordering => {
            let four = ["a", "b", "c", "d"].map(row);
            state.put("rows", Json::List(four.into()));
        }
        Kind::Matching => {
            state.put("rows", two());
            state.put("others", Json::List(vec![row("1"), row("2"), row("3")]));
        }
        Kind::Number => state.put("ranges", Json::List(vec![range()])),
        Kind::Text => state.put("gaps", Json::List(vec![gap("g1")])),
        Kind::Hotspot => {}
    }
    state
}

/// An empty option.
pub fn row(id: &str) -> Json {
    map([("id", id.into())])
}

/// An empty range.
pub fn range() -> Json {
    map([("from", "".into()), ("to", "".into())])
}

/// An empty gap.
pub fn gap(id: &str) -> Json {
    let accept = map([("text", "".into())]);
    map([("id", id.into()), ("accept", Json::List(vec![accept]))])
}

/// A name that no option of a list has.
pub fn fresh(list: &[Json], letters: &str) -> String {
    let free = |id: &str| list.iter().all(|one| one.str("id") != id);
    letters
        .chars()
        .map(String::from)
        .chain((1..).map(|n| format!("o{n}")))
        .find(|id| free(id))
        .unwrap_or_default()
}

fn list(state: &Json, path: &str) -> Vec<Json> {
    state.list(path).to_vec()
}

/// A number as a person types it; `None` where it is none.
pub fn number(text: &str) -> Option<Json> {
    let plain: String = text.trim().replace(',', ".").replace(['\u{2212}', '–'], "-");
    let digits = plain.strip_prefix('-').unwrap_or(&plain);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let fine = |part: &str| {
        !part.is_empty() && part.len() < 16 && part.bytes().all(|b| b.is_ascii_digit())
    };
    (fine(whole) && fine(part) && !(whole.len() > 1 && whole.starts_with('0')))
        .then_some(Json::Number(plain))
}
