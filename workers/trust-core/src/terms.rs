//! Deadlines, counted on the officer's device from the day of a report. The numbers come from the
//! rule edition, the days off from the calendar of the year.

use crate::day::{Day, plus_months};

/// The periods of a rule edition (`schemas/rules/trust`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Periods {
    /// Days until the receipt of a report must be confirmed.
    pub acknowledge_days: u32,
    /// Months until the reporter must hear what was done.
    pub feedback_months: u32,
    /// Working days until a report that belongs to another body is forwarded.
    pub forward_working_days: u32,
    /// Working days until it is decided.
    pub consider_working_days: u32,
    /// Days before a deadline from which it is shown as near.
    pub warn_days: u32,
}

/// How a deadline stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Done.
    Met,
    /// Far enough.
    Open,
    /// Near.
    Near,
    /// Missed.
    Missed,
}

/// The deadlines of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// Last day to confirm receipt.
    pub acknowledge: Day,
    /// Last day to say what was done.
    pub feedback: Day,
    /// Last day to forward; `None` without a calendar for those days.
    pub forward: Option<Day>,
    /// Last day to decide; `None` without a calendar for those days.
    pub consider: Option<Day>,
}

impl Periods {
    /// The deadlines of a report received on a day. `off` says whether a day is a day off, or
    /// `None` where no calendar is loaded: without one no working day is counted.
    pub fn of(&self, received: Day, off: &dyn Fn(Day) -> Option<bool>) -> Deadlines {
        Deadlines {
            acknowledge: received + self.acknowledge_days,
            feedback: plus_months(received, self.feedback_months),
            forward: working(received, self.forward_working_days, off),
            consider: working(received, self.consider_working_days, off),
        }
    }

    /// How a deadline stands on a day.
    pub fn standing(&self, deadline: Day, today: Day, done: bool) -> Standing {
        if done {
            Standing::Met
        } else if today > deadline {
            Standing::Missed
        } else if today + self.warn_days >= deadline {
            Standing::Near
        } else {
            Standing::Open
        }
    }
}

/// The working day so many after a day, which is not counted itself.
fn working(from: Day, count: u32, off: &dyn Fn(Day) -> Option<bool>) -> Option<Day> {
    let (mut day, mut left) = (from, count);
    while left > 0 {
        day += 1;
        if !off(day)? {
            left -= 1;
        }
    }
    Some(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::{parse, text};

    const PERIODS: Periods = Periods {
        acknowledge_days: 7,
        feedback_months: 3,
        forward_working_days: 3,
        consider_working_days: 15,
        warn_days: 2,
    };

    fn weekend(day: Day) -> Option<bool> {
        // 1970-01-01 was a Thursday; the calendar ends with 2026.
        (day < 20_819).then_some(matches!(day % 7, 2 | 3))
    }

    #[test]
    fn c6_deadlines_warn_on_day_five_and_are_missed_after_day_seven_and_three_months() {
        let received = parse("2026-11-20").unwrap();
        let deadlines = PERIODS.of(received, &weekend);
        assert_eq!(text(deadlines.acknowledge), "2026-11-27");
        assert_eq!(text(deadlines.feedback), "2027-02-20");
        assert_eq!(deadlines.forward.map(text).as_deref(), Some("2026-11-25"));
        assert_eq!(deadlines.consider.map(text).as_deref(), Some("2026-12-11"));
        let standing =
            |after: u32| PERIODS.standing(deadlines.acknowledge, received + after, false);
        let all: Vec<Standing> = (0..10).map(standing).collect();
        assert_eq!(all[..5], [Standing::Open; 5]);
        assert_eq!(all[5..8], [Standing::Near; 3]);
        assert_eq!(all[8..], [Standing::Missed; 2]);
        assert_eq!(PERIODS.standing(deadlines.acknowledge, received + 9, true), Standing::Met);
        assert_eq!(
            PERIODS.standing(deadlines.feedback, deadlines.feedback + 1, false),
            Standing::Missed
        );
    }

    #[test]
    fn c6_without_a_calendar_no_working_day_is_counted() {
        let received = parse("2026-12-30").unwrap();
        let deadlines = PERIODS.of(received, &weekend);
        assert_eq!((deadlines.forward, deadlines.consider), (None, None));
        assert_eq!(text(deadlines.acknowledge), "2027-01-06");
    }
}
