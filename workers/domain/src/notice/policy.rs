//! When and how often: the numbers of sending, an edition of the rules
//! (`schemas/rules/messages`), not constants.

use std::{collections::BTreeMap, sync::OnceLock};

use chrono::{Datelike, NaiveTime, TimeDelta, Timelike, Weekday};
use serde::Deserialize;

use super::{Channel, api::Period};
use crate::shared::time::Timestamp;

/// Numbers of the edition.
#[derive(Debug, Clone, Deserialize)]
pub struct Policy {
    /// Minutes to wait after the first, second … failure; after the last the message is dead.
    pub retry_minutes: Vec<i64>,
    /// Hour at which the quiet begins (clocks of the country).
    pub quiet_from: u32,
    /// Hour at which it ends.
    pub quiet_to: u32,
    /// Hour of the day's one letter.
    pub digest_hour: u32,
    /// A message that was not sent for so long is of no use any more, hours.
    pub expire_hours: i64,
    /// A text message of more parts goes in Latin letters, if that makes it shorter.
    pub latin_over_parts: u32,
    /// For how long one consumer has a message for itself, seconds.
    pub claim_seconds: i64,
    /// After how long an id is taken for lost by the queue, seconds.
    pub requeue_seconds: i64,
    /// Failures in a row after which a gateway is left alone.
    pub breaker_failures: i64,
    /// For how long at first, seconds; it doubles.
    pub breaker_seconds: i64,
    /// For how long at most, seconds.
    pub breaker_most_seconds: i64,
    /// Money left at a gateway that is too little, hundredths of a tenge.
    pub balance_low: i64,
    /// Share of delivered messages that is too small, per cent …
    pub delivery_least_percent: i64,
    /// … of at least so many.
    pub delivery_least_messages: i64,
    /// Minutes after sending at which the gateway is asked whether it arrived.
    pub check_minutes: Vec<i64>,
    /// Texts of sent messages are kept for so many days.
    pub body_days: i64,
    /// Hour of alerts.
    pub alert_hour: u32,
    /// Day of weekly alerts, 1 = Monday.
    pub alert_weekday: u32,
    /// Vacancies that an alert lists; it counts the rest.
    pub alert_items: u32,
    /// Alerts looked at in one sweep.
    pub alert_slice: u32,
    /// Alerts of one address at most.
    pub alerts_most: i64,
    /// For how long an alert can be confirmed, minutes.
    pub confirm_minutes: i64,
    /// Wrong codes after which it cannot.
    pub confirm_tries: i64,
    /// Confirmations sent to one address a day.
    pub confirm_per_day: i64,
    /// Confirmations sent in all an hour.
    pub confirm_per_hour: i64,
    /// Hours before the end of acceptance at which people are reminded.
    pub nudge_hours: i64,
    /// The usual channels of a group.
    pub channels: BTreeMap<String, Vec<Channel>>,
}

/// The policy in force. It is compiled in, and a test reads it; should it be unreadable, nothing
/// is sent at night and little is tried.
pub fn policy() -> &'static Policy {
    static POLICY: OnceLock<Policy> = OnceLock::new();
    POLICY.get_or_init(|| {
        serde_json::from_str(include_str!("../../../../schemas/rules/messages/2026-01-01.json"))
            .unwrap_or(Policy {
                retry_minutes: vec![1, 5, 30, 120],
                quiet_from: 20,
                quiet_to: 9,
                digest_hour: 9,
                expire_hours: 72,
                latin_over_parts: 9,
                claim_seconds: 120,
                requeue_seconds: 120,
                breaker_failures: 3,
                breaker_seconds: 60,
                breaker_most_seconds: 900,
                balance_low: 1_000_000,
                delivery_least_percent: 90,
                delivery_least_messages: 20,
                check_minutes: vec![5, 60],
                body_days: 30,
                alert_hour: 9,
                alert_weekday: 1,
                alert_items: 10,
                alert_slice: 10,
                alerts_most: 3,
                confirm_minutes: 15,
                confirm_tries: 3,
                confirm_per_day: 1,
                confirm_per_hour: 50,
                nudge_hours: 48,
                channels: BTreeMap::new(),
            })
    })
}

/// The next time the clocks of the country show a full hour, at or after `now`.
fn next_hour(now: Timestamp, hour: u32) -> Timestamp {
    let Some(time) = NaiveTime::from_hms_opt(hour, 0, 0) else { return now };
    let today = Timestamp::from_local(now.day(), time);
    if today >= now { today } else { Timestamp::from_local(now.day() + TimeDelta::days(1), time) }
}

impl Policy {
    /// When a message that must not wake anybody may leave: now, or when the quiet ends.
    pub fn after_quiet(&self, now: Timestamp) -> Timestamp {
        let hour = now.local().hour();
        let quiet = if self.quiet_from > self.quiet_to {
            hour >= self.quiet_from || hour < self.quiet_to
        } else {
            (self.quiet_from..self.quiet_to).contains(&hour)
        };
        if quiet { next_hour(now, self.quiet_to) } else { now }
    }

    /// When the letter of the day leaves.
    pub fn next_digest(&self, now: Timestamp) -> Timestamp {
        next_hour(now.plus_seconds(1), self.digest_hour)
    }

    /// When an alert is looked at next.
    pub fn next_alert(&self, now: Timestamp, period: Period) -> Timestamp {
        let mut next = next_hour(now.plus_seconds(1), self.alert_hour);
        let day = Weekday::try_from((self.alert_weekday.saturating_sub(1) % 7) as u8)
            .unwrap_or(Weekday::Mon);
        while period == Period::Weekly && next.day().weekday() != day {
            next = next.plus_seconds(86_400);
        }
        next
    }

    /// When a message is tried again after its `attempts`-th failure; `None` = never.
    pub fn retry(&self, now: Timestamp, attempts: i64) -> Option<Timestamp> {
        let step = usize::try_from(attempts.saturating_sub(1)).ok()?;
        self.retry_minutes.get(step).map(|minutes| now.plus_seconds(minutes * 60))
    }

    /// When the gateway is asked after its `checks`-th silence; `None` = it is asked no more.
    pub fn check(&self, now: Timestamp, checks: i64) -> Option<Timestamp> {
        let step = usize::try_from(checks).ok()?;
        self.check_minutes.get(step).map(|minutes| now.plus_seconds(minutes * 60))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn the_edition_is_read() {
        let policy: Policy = serde_json::from_str(include_str!(
            "../../../../schemas/rules/messages/2026-01-01.json"
        ))
        .unwrap();
        assert_eq!(policy.retry_minutes, [1, 5, 30, 120]);
        for spec in crate::notice::all().values() {
            assert!(policy.channels.contains_key(&spec.group), "{}", spec.group);
        }
    }

    #[test]
    fn nobody_is_woken() {
        for (now, then) in [
            ("2026-11-20T21:59:59+05:00", "2026-11-20T21:59:59+05:00"),
            ("2026-11-20T22:00:00+05:00", "2026-11-21T08:00:00+05:00"),
            ("2026-11-21T03:00:00+05:00", "2026-11-21T08:00:00+05:00"),
            ("2026-11-21T08:00:00+05:00", "2026-11-21T08:00:00+05:00"),
        ] {
            assert_eq!(policy().after_quiet(at(now)), at(then), "{now}");
        }
    }

    #[test]
    fn alerts_come_by_day_or_on_monday() {
        let now = at("2026-11-20T09:00:00+05:00"); // a Friday
        assert_eq!(policy().next_alert(now, Period::Daily), at("2026-11-21T09:00:00+05:00"));
        assert_eq!(policy().next_alert(now, Period::Weekly), at("2026-11-23T09:00:00+05:00"));
        let monday = at("2026-11-23T09:00:00+05:00");
        assert_eq!(policy().next_alert(monday, Period::Weekly), at("2026-11-30T09:00:00+05:00"));
    }

    #[test]
    fn retries_end() {
        let now = at("2026-11-20T09:00:00+05:00");
        let waits: Vec<_> = (1..=5).map(|n| policy().retry(now, n)).collect();
        let minutes = |n: i64| Some(now.plus_seconds(n * 60));
        assert_eq!(waits, [minutes(1), minutes(5), minutes(30), minutes(120), None]);
    }
}
