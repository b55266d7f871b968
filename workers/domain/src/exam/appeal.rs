//! Appeals: from inside the session, within the window, for each task with a reason of its own
//! (Order 83, par. 48 to 52).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{attempt::Status, rules::Appeals, score::Voided};
use crate::shared::{
    calendar::{Calendar, NoCalendar},
    fold,
    refusal::{Check, Kind, Refusal},
};

/// What a person writes about one task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// Number of the task, from 0.
    pub slot: u16,
    /// Code of the ground.
    pub ground: String,
    /// The reason.
    pub reason: String,
}

/// What the commission decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum Decision {
    /// It stays as it is.
    Refused,
    /// The task was wrong.
    Voided {
        /// What becomes of its points.
        how: Voided,
    },
    /// Another answer is right: the new key is a version of its own.
    Key {
        /// Number of the new version of the key.
        version: u32,
    },
}

/// When the window ends, milliseconds; `None` where there is none.
pub fn until(rules: &Appeals, status: Status, finished_at: Option<i64>) -> Option<i64> {
    let minutes = i64::from(rules.window_minutes.value);
    // Whoever was sent out has no result to appeal against.
    let over = matches!(status, Status::Submitted | Status::Expired);
    finished_at.filter(|_| over).map(|at| at + minutes * 60_000)
}

/// Checks an appeal. `left` says whether the person has left the room, `have` what the same person
/// appealed against before.
///
/// # Errors
/// It is too early or too late, the person has left, or a field is wrong. The same words for two
/// tasks are no reason for either: an appeal against everything without reasons is not considered.
pub fn check(
    rules: &Appeals,
    now: i64,
    until: Option<i64>,
    left: bool,
    slots: u16,
    appeal: &Appeal,
    have: &[Appeal],
) -> Result<(), Refusal> {
    let Some(until) = until else {
        return Err(Refusal::new(Kind::Conflict, "appeal_not_open"));
    };
    if now > until || left {
        let minutes = rules.window_minutes.value;
        return Err(Refusal::new(Kind::Conflict, "appeal_closed").with("minutes", minutes));
    }
    if have.iter().any(|other| other.slot == appeal.slot) {
        return Err(Refusal::new(Kind::Conflict, "appeal_twice"));
    }
    let mut wrong = Check::default();
    if appeal.slot >= slots {
        wrong.wrong("slot", "unknown");
    }
    if rules.ground(&appeal.ground).is_none() {
        wrong.wrong("ground", "unknown");
    }
    let words = fold::exact(&appeal.reason);
    let (least, most) = (rules.reason_least.value, rules.reason_most.value);
    if words.chars().count() < least {
        wrong.wrong_with("reason", "too_short", "min", least);
    } else if appeal.reason.chars().count() > most {
        wrong.wrong_with("reason", "too_long", "max", most);
    } else if have.iter().any(|other| fold::exact(&other.reason) == words) {
        wrong.wrong("reason", "reason_repeated");
    }
    wrong.done()
}

/// The last day for the decision on an appeal of a day.
///
/// # Errors
/// A year without a calendar.
pub fn due(rules: &Appeals, calendar: &Calendar, day: NaiveDate) -> Result<NaiveDate, NoCalendar> {
    calendar.add_working_days(rules.week(), day, rules.working_days.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{exam::rules::editions, shared::calendar::published_2026};

    const MINUTE: i64 = 60_000;

    fn rules() -> &'static Appeals {
        &editions()[0].appeal
    }

    fn appeal(slot: u16, reason: &str) -> Appeal {
        Appeal { slot, ground: "key".into(), reason: reason.into() }
    }

    const REASON: &str = "Дұрыс жауап А емес, себебі формула бойынша 5 шығады";

    #[test]
    fn the_window_is_thirty_minutes_from_the_end_and_only_inside() {
        let ends = until(rules(), Status::Submitted, Some(0));
        assert_eq!(ends, Some(30 * MINUTE));
        let code = |now, until, left| {
            check(rules(), now, until, left, 50, &appeal(0, REASON), &[]).map_err(|r| r.code)
        };
        assert_eq!(code(30 * MINUTE, ends, false), Ok(()));
        assert_eq!(code(30 * MINUTE + 1, ends, false), Err("appeal_closed"));
        assert_eq!(code(1, ends, true), Err("appeal_closed"));
        assert_eq!(code(1, until(rules(), Status::Running, None), false), Err("appeal_not_open"));
        assert_eq!(until(rules(), Status::Terminated, Some(0)), None);
    }

    #[test]
    fn each_task_needs_a_reason_of_its_own() {
        let code = |one: &Appeal, have: &[Appeal]| {
            let refusal = check(rules(), 0, Some(1), false, 50, one, have).err();
            refusal.map(|r| r.fields.first().map_or(r.code, |field| field.code))
        };
        assert_eq!(code(&appeal(1, REASON), &[appeal(0, "Басқа себеп")]), None);
        assert_eq!(code(&appeal(1, "келіспеймін        !!"), &[]), Some("too_short"));
        assert_eq!(code(&appeal(1, &"ұ".repeat(4001)), &[]), Some("too_long"));
        let same = format!("  {}", REASON.to_uppercase());
        assert_eq!(code(&appeal(1, &same), &[appeal(0, REASON)]), Some("reason_repeated"));
        assert_eq!(code(&appeal(0, REASON), &[appeal(0, REASON)]), Some("appeal_twice"));
        assert_eq!(code(&appeal(50, REASON), &[]), Some("unknown"));
        let foreign = Appeal { ground: "because".into(), ..appeal(1, REASON) };
        assert_eq!(code(&foreign, &[]), Some("unknown"));
    }

    #[test]
    fn fifteen_working_days_are_counted_by_the_calendar() {
        let rows = published_2026();
        let calendar = Calendar::new(rows.into_iter().map(|r| (r.day, r.week, r.kind)));
        let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d).unwrap();
        assert_eq!(due(rules(), &calendar, day(11, 2)), Ok(day(11, 23)));
        assert!(due(rules(), &calendar, NaiveDate::from_ymd_opt(2031, 1, 5).unwrap()).is_err());
    }
}
