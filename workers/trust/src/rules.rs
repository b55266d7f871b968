//! The rule edition: every number that somebody may want to change.

use serde::Deserialize;
use trust_core::{day, terms::Periods};

/// The editions, oldest first.
const EDITIONS: [&str; 1] = [include_str!("../../../schemas/rules/trust/2026-01-01.json")];

/// A number with its source and its mark of trust; only the number counts here.
#[derive(Deserialize)]
struct Value<T> {
    value: T,
}

#[derive(Deserialize)]
struct File {
    in_force_from: String,
    periods: PeriodsFile,
    retention: Retention,
    storage: Storage,
    clock: Clock,
    work: Work,
}

#[derive(Deserialize)]
struct PeriodsFile {
    acknowledge_days: Value<u32>,
    feedback_months: Value<u32>,
    forward_working_days: Value<u32>,
    consider_working_days: Value<u32>,
    warn_days: Value<u32>,
}

#[derive(Deserialize)]
struct Retention {
    closed_months: Value<u32>,
    open_months: Value<u32>,
    digest_days: Value<u32>,
}

#[derive(Deserialize)]
struct Storage {
    most_chunks: Value<u32>,
    most_items: Value<u32>,
}

#[derive(Deserialize)]
struct Clock {
    release_hours: Value<Vec<u32>>,
    digest_hour: Value<u32>,
}

#[derive(Deserialize)]
struct Work {
    send_bits: Value<u8>,
    send_most: Value<u8>,
    send_calm: Value<u32>,
    ask_bits: Value<u8>,
    ask_most: Value<u8>,
    ask_calm: Value<u32>,
}

/// An edition as the worker uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Deadlines; counted by officers, not here.
    pub periods: Periods,
    /// Months that a closed case is kept.
    pub closed_months: u32,
    /// Months that a case is kept which nobody closes.
    pub open_months: u32,
    /// Days that a digest is kept.
    pub digest_days: u32,
    /// Chunks that are kept at most.
    pub most_chunks: u32,
    /// Reports and follow-ups that are kept at most.
    pub most_items: u32,
    /// Hours of Astana at which what came is let out to officers.
    pub release_hours: Vec<u32>,
    /// Hour of Astana of the daily digest.
    pub digest_hour: u32,
    /// What handing in costs.
    pub send: Price,
    /// What asking costs.
    pub ask: Price,
}

/// What a request costs: bits of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// Bits while it is calm.
    pub bits: u8,
    /// Bits at most.
    pub most: u8,
    /// Requests in ten minutes up to which it is calm.
    pub calm: u32,
}

impl Price {
    /// The price when so many came in ten minutes: a bit more for each doubling.
    pub fn at(self, count: u32) -> u8 {
        let more = (count / self.calm.max(1)).checked_ilog2().map_or(0, |doubled| doubled + 1);
        self.bits.saturating_add(more as u8).min(self.most.max(self.bits))
    }
}

/// The edition in force on a day; `None` before the first.
pub fn on(today: day::Day) -> Option<Rules> {
    let files = EDITIONS.iter().rev().filter_map(|text| serde_json::from_str::<File>(text).ok());
    let mut in_force =
        files.filter(|file| day::parse(&file.in_force_from).is_some_and(|d| d <= today));
    in_force.next().map(rules)
}

fn rules(file: File) -> Rules {
    let File { periods, retention, storage, clock, work, .. } = file;
    Rules {
        periods: Periods {
            acknowledge_days: periods.acknowledge_days.value,
            feedback_months: periods.feedback_months.value,
            forward_working_days: periods.forward_working_days.value,
            consider_working_days: periods.consider_working_days.value,
            warn_days: periods.warn_days.value,
        },
        closed_months: retention.closed_months.value,
        open_months: retention.open_months.value,
        digest_days: retention.digest_days.value,
        most_chunks: storage.most_chunks.value,
        most_items: storage.most_items.value,
        release_hours: clock.release_hours.value,
        digest_hour: clock.digest_hour.value,
        send: Price {
            bits: work.send_bits.value,
            most: work.send_most.value,
            calm: work.send_calm.value,
        },
        ask: Price {
            bits: work.ask_bits.value,
            most: work.ask_most.value,
            calm: work.ask_calm.value,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c6_the_edition_has_the_deadlines_of_the_design() {
        let rules = on(20_779).unwrap();
        let periods = &rules.periods;
        assert_eq!((periods.acknowledge_days, periods.feedback_months), (7, 3));
        assert_eq!((periods.forward_working_days, periods.consider_working_days), (3, 15));
        assert!(rules.release_hours.iter().all(|hour| *hour < 24) && rules.digest_hour < 24);
        assert_eq!(on(0), None);
        for text in EDITIONS {
            assert!(serde_json::from_str::<File>(text).is_ok());
        }
    }

    #[test]
    fn c2_the_price_rises_with_the_load_and_has_an_end() {
        let price = Price { bits: 18, most: 23, calm: 60 };
        for (count, bits) in [
            (0, 18),
            (59, 18),
            (60, 19),
            (119, 19),
            (120, 20),
            (500, 22),
            (1000, 23),
            (u32::MAX, 23),
        ] {
            assert_eq!(price.at(count), bits, "{count}");
        }
        assert_eq!(Price { calm: 0, ..price }.at(1), 19);
    }
}
