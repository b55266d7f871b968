//! The states of a ticket and its clock. The numbers are an edition: `schemas/rules/feedback`.

use std::sync::OnceLock;

use chrono::{NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};

use crate::shared::{
    refusal::{Kind, Refusal},
    time::Timestamp,
};

/// Numbers of the edition.
#[derive(Debug, Clone, Deserialize)]
pub struct Rule {
    /// The desk works from this time of day (Astana), every day.
    window_from: String,
    /// And until this.
    window_to: String,
    /// The first answer is due after so many working minutes.
    pub first_answer_minutes: i64,
    /// A ticket that waits for its writer is remembered after so many days.
    pub remind_days: i64,
    /// And closed after so many.
    pub close_waiting_days: i64,
    /// What is resolved or closed can be taken up again for so many days.
    pub reopen_days: i64,
    /// The public figures look back so many days.
    pub figure_days: i64,
    /// And say nothing below so many scores.
    pub figure_least: i64,
    /// Leading zero bits of a guest's proof of work.
    pub work_bits: u32,
    /// The most that is ever asked.
    pub work_bits_most: u32,
    /// Tickets of guests within an hour that double the work.
    pub work_busy_per_hour: i64,
    /// How long a task for a proof is good, minutes.
    pub work_minutes: i64,
    /// The longest text, characters.
    pub text_most: usize,
}

impl Rule {
    /// The working window of the desk.
    fn window(&self) -> (NaiveTime, NaiveTime) {
        let read = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").ok();
        match (read(&self.window_from), read(&self.window_to)) {
            (Some(from), Some(to)) if from < to => (from, to),
            // Unreachable while the test below passes; a desk that never sleeps owes the most.
            _ => (NaiveTime::MIN, NaiveTime::from_hms_opt(23, 59, 59).unwrap_or_default()),
        }
    }
}

/// The edition in force.
pub fn rule() -> &'static Rule {
    static RULE: OnceLock<Rule> = OnceLock::new();
    RULE.get_or_init(|| {
        serde_json::from_str(include_str!("../../../../schemas/rules/feedback/2026-01-01.json"))
            .unwrap_or(Rule {
                // Unreachable while the test below passes.
                window_from: String::new(),
                window_to: String::new(),
                first_answer_minutes: 60,
                remind_days: 3,
                close_waiting_days: 10,
                reopen_days: 14,
                figure_days: 90,
                figure_least: 5,
                work_bits: 20,
                work_bits_most: 20,
                work_busy_per_hour: 60,
                work_minutes: 60,
                text_most: 5000,
            })
    })
}

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$item_doc:meta])* $item:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum $name { $($(#[$item_doc])* #[serde(rename = $code)] $item,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &[$name] = &[$($name::$item,)+];

            /// The code, as stored.
            pub const fn code(self) -> &'static str {
                match self { $($name::$item => $code,)+ }
            }

            /// From the code.
            pub fn parse(code: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}

codes! {
    /// What a ticket is about.
    Topic {
        /// Something does not work.
        Problem = "problem",
        /// How is it done?
        Question = "question",
        /// Something could be better.
        Suggestion = "suggestion",
        /// Data are wrong.
        Correction = "correction",
        /// Something is good.
        Praise = "praise",
    }
}

codes! {
    /// How bad it is.
    Severity {
        /// The service is down: the clock never rests.
        Down = "down",
        /// Somebody cannot go on.
        High = "high",
        /// All else.
        Usual = "usual",
    }
}

codes! {
    /// Where a ticket stands.
    State {
        /// Nobody has taken it yet.
        New = "new",
        /// Somebody works on it.
        InWork = "in_work",
        /// The writer was asked something.
        Waiting = "waiting",
        /// Answered.
        Resolved = "resolved",
        /// Over.
        Closed = "closed",
        /// Part of another ticket.
        Merged = "merged",
    }
}

/// Something that is done to a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// The desk takes it or hands it to a colleague.
    Take,
    /// The desk answers; nothing more is needed.
    Resolve,
    /// The desk asks the writer something.
    Ask,
    /// The desk ends it without an answer (spam, no answer to a question).
    Close,
    /// The desk makes it a part of another.
    Merge,
    /// The writer writes again.
    Reply,
    /// The writer says how it was.
    Score,
    /// The desk changes severity, assignment, article or writes a note.
    Describe,
}

impl Act {
    /// All of them.
    pub const ALL: [Act; 8] = [
        Act::Take,
        Act::Resolve,
        Act::Ask,
        Act::Close,
        Act::Merge,
        Act::Reply,
        Act::Score,
        Act::Describe,
    ];
}

/// The state after an act, or why it cannot be done. `since` is when the present state began.
///
/// Errors: [`Kind::Conflict`] `ticket_state`, [`Kind::Gone`] `ticket_over`.
pub fn after(
    rule: &Rule,
    state: State,
    since: Timestamp,
    act: Act,
    now: Timestamp,
) -> Result<State, Refusal> {
    use State::*;
    let fresh = now <= since.plus_seconds(rule.reopen_days * 86_400);
    let refused = || Err(Refusal::new(Kind::Conflict, "ticket_state"));
    match (act, state) {
        (_, Merged) => refused(),
        (Act::Reply, Resolved | Closed) if !fresh => {
            Err(Refusal::new(Kind::Gone, "ticket_over").with("days", rule.reopen_days))
        }
        (Act::Reply, New) => Ok(New),
        (Act::Reply, _) => Ok(InWork),
        (Act::Score, Resolved | Closed) => Ok(state),
        (Act::Score, _) => refused(),
        (Act::Describe, _) => Ok(state),
        (Act::Merge, _) => Ok(Merged),
        (Act::Take | Act::Ask, Closed) | (Act::Close, Closed) => refused(),
        (Act::Take, Resolved) => refused(),
        (Act::Take, New | InWork) => Ok(InWork),
        (Act::Take, Waiting) => Ok(Waiting),
        (Act::Ask, _) => Ok(Waiting),
        (Act::Resolve, _) => Ok(Resolved),
        (Act::Close, _) => Ok(Closed),
    }
}

/// When the first answer is due: so many minutes within the working window, every day of the
/// week; for a service that is down the clock never rests.
pub fn due_at(rule: &Rule, severity: Severity, created: Timestamp) -> Timestamp {
    let minutes = rule.first_answer_minutes;
    if severity == Severity::Down {
        return created.plus_seconds(minutes * 60);
    }
    let (from, to) = rule.window();
    let local = created.local();
    let start = if local.time() < from {
        local.date().and_time(from)
    } else if local.time() >= to {
        local.date().succ_opt().unwrap_or(local.date()).and_time(from)
    } else {
        local
    };
    let end = start + TimeDelta::minutes(minutes);
    let close = start.date().and_time(to);
    let due = if end <= close {
        end
    } else {
        let next = start.date().succ_opt().unwrap_or(start.date());
        next.and_time(from) + (end - close)
    };
    Timestamp::from_local(due.date(), due.time())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(&format!("{text}:00+05:00")).unwrap()
    }

    #[test]
    fn the_edition_can_be_read() {
        assert_eq!(rule().first_answer_minutes, 60);
        assert_eq!(rule().window().0.to_string(), "09:00:00");
    }

    #[test]
    fn the_clock_runs_from_nine_to_nine_every_day() {
        for (created, due) in [
            ("2026-11-22T10:15", "2026-11-22T11:15"),
            ("2026-11-22T03:00", "2026-11-22T10:00"),
            ("2026-11-22T20:00", "2026-11-22T21:00"),
            ("2026-11-22T20:40", "2026-11-23T09:40"),
            ("2026-11-22T21:00", "2026-11-23T10:00"),
            ("2026-12-31T23:30", "2027-01-01T10:00"),
        ] {
            assert_eq!(due_at(rule(), Severity::Usual, at(created)), at(due), "{created}");
        }
        assert_eq!(due_at(rule(), Severity::Down, at("2026-11-22T23:30")), at("2026-11-23T00:30"));
    }

    #[test]
    fn every_state_is_reached_and_only_merged_is_final() {
        let now = at("2026-11-22T10:00");
        let mut reached = vec![State::New];
        let mut at_state = 0;
        while at_state < reached.len() {
            for act in Act::ALL {
                if let Ok(next) = after(rule(), reached[at_state], now, act, now)
                    && !reached.contains(&next)
                {
                    reached.push(next);
                }
            }
            at_state += 1;
        }
        assert_eq!(reached.len(), State::ALL.len());
        for state in State::ALL {
            let leaves = Act::ALL
                .iter()
                .any(|act| after(rule(), *state, now, *act, now).is_ok_and(|next| next != *state));
            assert_eq!(leaves, *state != State::Merged, "{state:?}");
        }
    }

    #[test]
    fn what_is_over_for_long_stays_over() {
        let since = at("2026-11-01T10:00");
        let reply = |now: &str| after(rule(), State::Closed, since, Act::Reply, at(now));
        assert_eq!(reply("2026-11-15T10:00"), Ok(State::InWork));
        assert_eq!(reply("2026-11-15T10:01").unwrap_err().code, "ticket_over");
    }
}
