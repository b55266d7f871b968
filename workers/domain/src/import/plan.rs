//! What becomes of a row that was read, in the light of earlier imports.

use super::sql::Earlier;
use crate::{shared::time::Timestamp, vacancy::model::State};

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Plan<'a> {
    /// A new vacancy; the number is the generation of its source.
    Create(usize),
    /// The draft of an earlier import is replaced.
    Update(&'a Earlier),
    /// It says what it said before.
    Unchanged(&'a Earlier),
    /// It has changed, but the vacancy is public or was: a person decides.
    KeepPublished(&'a Earlier),
    /// It has changed, but a person has edited the draft since.
    KeepEdited(&'a Earlier),
}

/// Decides for a row with this digest, given what was imported under its key, oldest first.
///
/// A vacancy that has found its end (filled, not filled, called off, put away) does not stand in
/// the way of the same post announced anew: that is a new vacancy. One whose acceptance is over
/// but whose outcome is open still does.
pub fn plan<'a>(digest: &str, earlier: &[&'a Earlier], now: Timestamp) -> Plan<'a> {
    if let Some(same) = earlier.iter().rev().find(|have| have.digest == digest) {
        return Plan::Unchanged(same);
    }
    let Some(last) = earlier.last() else { return Plan::Create(1) };
    let over = last.closes_at.is_some_and(|end| end <= now);
    match last.state {
        State::Filled | State::NotFilled | State::Cancelled | State::Archived => {
            Plan::Create(earlier.len() + 1)
        }
        State::Draft if !over && last.version == last.written => Plan::Update(last),
        State::Draft => Plan::KeepEdited(last),
        _ => Plan::KeepPublished(last),
    }
}

/// The value of `vacancy.source`.
pub fn source(key: &str, generation: usize) -> String {
    if generation <= 1 { key.to_owned() } else { format!("{key}#{generation}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_meets_its_past() {
        let now = Timestamp::parse("2026-11-23T05:00:00Z").unwrap();
        let of = |state, digest: &str, version| Earlier {
            source: "k".into(),
            key: "k".into(),
            vacancy: "v".into(),
            digest: digest.into(),
            written: 1,
            version,
            number: 1,
            state,
            closes_at: None,
        };
        let draft = of(State::Draft, "a", 1);
        let edited = of(State::Draft, "a", 2);
        let public = of(State::Published, "a", 2);
        let closed = of(State::Closed, "a", 3);
        let filled = of(State::Filled, "a", 4);
        assert_eq!(plan("a", &[], now), Plan::Create(1));
        assert_eq!(plan("a", &[&edited], now), Plan::Unchanged(&edited));
        assert_eq!(plan("b", &[&draft], now), Plan::Update(&draft));
        assert_eq!(plan("b", &[&edited], now), Plan::KeepEdited(&edited));
        assert_eq!(plan("b", &[&public], now), Plan::KeepPublished(&public));
        assert_eq!(plan("b", &[&closed], now), Plan::KeepPublished(&closed));
        assert_eq!(plan("b", &[&filled], now), Plan::Create(2));
        // The list of last year is sent again by mistake.
        assert_eq!(plan("a", &[&filled, &of(State::Draft, "b", 1)], now), Plan::Unchanged(&filled));
        assert_eq!((source("k", 1), source("k", 2)), ("k".to_owned(), "k#2".to_owned()));
    }
}
