//! The clock of a ticket: how long the first answer may still take, in words and with a sign.

use crate::reactive::{AnyView, RwSignal};
use domain::{
    shared::time::Timestamp,
    ticket::{api::TicketRow, rules::State},
};

use crate::{
    browser,
    dom::{div, el, live, live_text, nothing},
    state::app,
    text::{fill, moment, t},
};

/// Minutes before the end from which on a ticket is near it.
const NEAR: i64 = 15;

/// What the clock says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// So many minutes are left.
    Left(i64),
    /// The answer is late by so many minutes.
    Over(i64),
    /// It was answered in time.
    InTime,
    /// It was answered late.
    Late,
    /// It ended without an answer.
    None,
}

fn reading(state: State, due: Timestamp, answered: Option<Timestamp>, now: Timestamp) -> Reading {
    match answered {
        Some(at) if at <= due => Reading::InTime,
        Some(_) => Reading::Late,
        None if !matches!(state, State::New | State::InWork | State::Waiting) => Reading::None,
        None => {
            let left = due.millis() - now.millis();
            // A minute that has begun counts: nobody is told that nothing is left before it is so.
            if left >= 0 {
                Reading::Left((left + 59_999) / 60_000)
            } else {
                Reading::Over((-left + 59_999) / 60_000)
            }
        }
    }
}

/// Something that changes from time to time for as long as the page is there.
pub fn ticking() -> RwSignal<u32> {
    let tick = RwSignal::new(0);
    go_on(tick);
    tick
}

fn go_on(tick: RwSignal<u32>) {
    browser::after(20_000, move || {
        if tick.try_update(|n| *n = n.wrapping_add(1)).is_some() {
            go_on(tick);
        }
    });
}

/// The clock, kept right by `tick`.
pub fn view(row: &TicketRow, tick: RwSignal<u32>) -> AnyView {
    let (state, due, answered) = (row.state, row.due_at, row.answered_at);
    let when = match answered {
        Some(at) => live_text(move || moment(at)),
        None => live_text(move || fill("clock.due", &[("at", &moment(due))])),
    };
    div("clock")
        .child(live(move || {
            tick.with(|_| ());
            let (class, sign, words) = match reading(state, due, answered, app().now()) {
                Reading::Left(n) => {
                    let class = if n <= NEAR { "tag wait" } else { "tag" };
                    (class, "◷", fill("clock.left", &[("time", &long(n))]))
                }
                Reading::Over(n) => ("tag late", "!", fill("clock.over", &[("time", &long(n))])),
                Reading::InTime => ("tag mute", "✓", t("clock.in_time").to_owned()),
                Reading::Late => ("tag mute", "!", t("clock.was_late").to_owned()),
                Reading::None => return nothing(),
            };
            el("span")
                .class(class)
                .child(el("span").attr("aria-hidden", "true").child(sign))
                .child(words)
                .done()
        }))
        .child(div("small soft").child(when))
        .done()
}

/// A stretch of time, roughly: the two largest parts of it.
fn long(minutes: i64) -> String {
    let (days, hours, rest) = parts(minutes);
    let of = |key: &'static str, n: i64| fill(key, &[("n", &n.to_string())]);
    match (days, hours) {
        (0, 0) => of("clock.minutes", rest),
        (0, _) if rest == 0 => of("clock.hours", hours),
        (0, _) => format!("{} {}", of("clock.hours", hours), of("clock.minutes", rest)),
        (_, 0) => of("clock.days", days),
        _ => format!("{} {}", of("clock.days", days), of("clock.hours", hours)),
    }
}

const fn parts(minutes: i64) -> (i64, i64, i64) {
    (minutes / 1440, minutes % 1440 / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_counts_down_then_up_and_stops_at_the_answer() {
        let due = Timestamp::from_millis(1_795_312_800_000);
        let at = |seconds: i64| due.plus_seconds(seconds);
        let open = |now| reading(State::New, due, None, now);
        assert_eq!(open(at(-3600)), Reading::Left(60));
        assert_eq!(open(at(-61)), Reading::Left(2));
        assert_eq!(open(at(-1)), Reading::Left(1));
        assert_eq!(open(at(0)), Reading::Left(0));
        assert_eq!(open(at(1)), Reading::Over(1));
        assert_eq!(open(at(60)), Reading::Over(1));
        let answered = |seconds| reading(State::Resolved, due, Some(at(seconds)), at(9999));
        assert_eq!((answered(0), answered(1)), (Reading::InTime, Reading::Late));
        assert_eq!(reading(State::Merged, due, None, at(5)), Reading::None);
    }

    #[test]
    fn days_hours_and_minutes_are_taken_apart() {
        assert_eq!(parts(59), (0, 0, 59));
        assert_eq!(parts(60), (0, 1, 0));
        assert_eq!(parts(1440 + 61), (1, 1, 1));
    }
}
