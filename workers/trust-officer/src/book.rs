//! What an officer's device remembers: which envelopes are of which case, what was done, what is
//! still to be sent. Kept encrypted. What reports say is not in it: that is opened out of the sealed
//! envelopes each time, so that it goes with the keys.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use trust_core::day::Day;

/// Letters of a text that officers write: it travels to the reporter and to each other officer.
pub const MAX_TEXT: usize = 3_000;

/// All of it.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Book {
    /// The last day of which everything has been seen.
    pub scanned: Day,
    /// Envelopes of days whose lists may still grow that were fetched and are for others.
    pub others: BTreeMap<Day, BTreeSet<String>>,
    /// Cases by their mailbox.
    pub cases: BTreeMap<String, Case>,
    /// What is to be sent, in this order.
    pub outbox: Vec<Out>,
    /// Names that officers have asked a custodian for.
    pub asks: Vec<NameAsk>,
}

/// A case.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Case {
    /// Its channel.
    pub channel: String,
    /// The day on which its report was received.
    pub received: Day,
    /// Its envelopes.
    pub items: Vec<Item>,
    /// What was done.
    pub events: Vec<Event>,
    /// The custodian's half of the name's key.
    pub half: Option<String>,
    /// Events and items up to here have been looked at.
    pub seen: usize,
}

/// An envelope of a case.
#[derive(Serialize, Deserialize)]
pub struct Item {
    /// Its number.
    pub id: String,
    /// The day on which it was received.
    pub day: Day,
    /// Whether it began the case.
    pub first: bool,
}

/// What somebody did. Events are equal on all devices whatever order they came in.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Event {
    /// A random number: the same event is the same one.
    pub key: String,
    /// Its place: one more than all that its writer knew.
    pub n: u32,
    /// The day.
    pub day: Day,
    /// The officer.
    pub by: u16,
    /// What it is.
    pub what: What,
    /// The state of the case that it brings.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub status: String,
    /// What was written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// To whom it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<u16>,
    /// The body and the number of the act, where a case was passed on.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub act: String,
    /// What is written to that body: the matter and the ground of its competence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cover: String,
    /// Whether the act carries the report word for word, as it stood on that day.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub verbatim: bool,
    /// The hash of the letter to the reporter.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hash: String,
}

/// Kinds of events.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A letter to the reporter.
    Answer,
    /// An officer took the case or was given it.
    Assign,
    /// A note among officers.
    Note,
    /// Passed on to the body that is competent.
    Forward,
    /// A custodian was asked for the name.
    NameAsked,
    /// The custodian agreed.
    NameGiven,
    /// The custodian refused.
    NameRefused,
    /// Closed.
    Close,
    /// Open again.
    Reopen,
}

/// What is to be sent.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Out {
    /// A letter to a reporter: mailbox, letter.
    Reporter(String, String),
    /// A letter to somebody of the directory: mailbox, letter.
    Person(String, String),
    /// A step in a case: mailbox; 1 confirmed, 2 closed, 3 open again.
    Step(String, u8),
    /// Chunks to be kept.
    Keep(Vec<String>),
}

/// A name that an officer asks a custodian for.
#[derive(Serialize, Deserialize)]
pub struct NameAsk {
    /// A random number.
    pub key: String,
    /// The channel.
    pub channel: String,
    /// The case.
    pub case: String,
    /// The officer.
    pub from: u16,
    /// The day on which it was read.
    pub day: Day,
    /// The sealed half.
    pub half: String,
    /// Why.
    pub reason: String,
    /// What was decided.
    pub given: Option<bool>,
}

impl Case {
    /// Puts an event in; one that is there stays as it is.
    pub fn put(&mut self, event: Event) {
        if self.events.iter().any(|have| have.key == event.key) {
            return;
        }
        self.events.push(event);
        self.events.sort_by(|a, b| (a.n, &a.key).cmp(&(b.n, &b.key)));
    }

    /// The place of the next event.
    pub fn next(&self) -> u32 {
        self.events.iter().map(|event| event.n).max().unwrap_or(0).saturating_add(1)
    }

    /// The state as the reporter knows it: that of the last event that brought one.
    pub fn status(&self) -> &str {
        let mut said = self.events.iter().rev().map(|event| event.status.as_str());
        said.find(|status| !status.is_empty()).unwrap_or("")
    }

    /// Who has the case.
    pub fn assigned(&self) -> Option<u16> {
        self.events.iter().rev().find(|event| event.what == What::Assign).and_then(|event| event.to)
    }

    /// Whether it is closed.
    pub fn closed(&self) -> bool {
        let last = |what: What| self.events.iter().rposition(|event| event.what == what);
        last(What::Close).is_some_and(|at| last(What::Reopen).is_none_or(|again| again < at))
    }

    /// Whether something of a kind was done.
    pub fn has(&self, what: What) -> bool {
        self.events.iter().any(|event| event.what == what)
    }

    /// The envelope that began it.
    pub fn first(&self) -> Option<&Item> {
        self.items.iter().find(|item| item.first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(n: u32, what: What, status: &str) -> Event {
        let (status, text, act, hash) =
            (status.into(), String::new(), String::new(), String::new());
        let cover = String::new();
        Event {
            key: format!("{n}"),
            n,
            day: 1,
            by: 1,
            what,
            status,
            text,
            to: Some(2),
            act,
            cover,
            verbatim: false,
            hash,
        }
    }

    #[test]
    fn events_give_the_same_case_in_whatever_order_they_came() {
        let all = [
            event(1, What::Answer, "open"),
            event(2, What::Assign, ""),
            event(3, What::Close, "confirmed"),
            event(4, What::Reopen, "open"),
            event(5, What::Close, "unconfirmed"),
        ];
        let look = |case: &Case| (case.status().to_owned(), case.assigned(), case.closed());
        let mut forth = Case::default();
        all.iter().for_each(|one| forth.put(one.clone()));
        let mut back = Case::default();
        all.iter().rev().chain(&all).for_each(|one| back.put(one.clone()));
        assert_eq!(forth.events, back.events);
        assert_eq!(look(&back), ("unconfirmed".into(), Some(2), true));
        assert_eq!(back.next(), 6);
        back.put(event(6, What::Reopen, "open"));
        assert_eq!(look(&back), ("open".into(), Some(2), false));
    }
}
