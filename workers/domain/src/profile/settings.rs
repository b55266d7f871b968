//! Settings of the profile and of retention: data with their sources (`schemas/rules`).

use std::{collections::HashMap, sync::OnceLock};

use serde::Deserialize;

use crate::{rule::Sourced, shared::lang::Text};

/// How experience is counted.
#[derive(Debug, Clone, Deserialize)]
pub struct Counting {
    /// Whether the last day of a period is part of it.
    pub last_day_counts: Sourced<bool>,
    /// Days that make a month when days of several periods are added.
    pub days_in_month: Sourced<u32>,
    /// Months that make a year.
    pub months_in_year: Sourced<u32>,
    /// Kinds of periods that count; the others only explain a gap.
    pub counted: Sourced<Vec<String>>,
    /// A time without a record that is longer than so many days is a gap.
    pub gap_days: Sourced<u32>,
}

/// How much one person may keep.
#[derive(Debug, Clone, Deserialize)]
pub struct Limits {
    /// Records.
    pub records: u32,
    /// Files of one record.
    pub evidence: usize,
    /// Saved vacancies.
    pub saved: u32,
    /// Numbers of others that a person may hit in a day before the door closes.
    pub iin_tries_a_day: u32,
}

/// A step of the completeness meter.
#[derive(Debug, Clone, Deserialize)]
pub struct MeterStep {
    /// Code; the texts are `meter.<code>` and `meter.<code>.why`.
    pub code: String,
    /// Its share.
    pub weight: u32,
    /// Whether applying asks for it.
    pub required: bool,
}

/// Settings of the profile.
#[derive(Debug, Clone, Deserialize)]
pub struct Settings {
    /// How experience is counted.
    pub experience: Counting,
    /// Days before the last day on which the person is reminded, the earliest first.
    pub expiring_days: Sourced<Vec<i64>>,
    /// Months for which a certificate holds that names no last day, by kind or by document.
    pub valid_months: Sourced<HashMap<String, u32>>,
    /// Limits.
    pub limits: Limits,
    /// Years and days before it are slips of the finger.
    pub oldest_year: Sourced<i32>,
    /// Letters of a pupil's initials at most.
    pub students_initials: Sourced<usize>,
    /// The meter.
    pub meter: Vec<MeterStep>,
}

/// A class of retention.
#[derive(Debug, Clone, Deserialize)]
pub struct Class {
    /// Code.
    pub code: String,
    /// Months of keeping; empty = deleted.
    pub keep_months: Option<u32>,
    /// What it is.
    pub what: Text,
    /// The ground.
    pub basis: Text,
}

/// Retention.
#[derive(Debug, Clone, Deserialize)]
pub struct Retention {
    /// Days between the wish and the deletion.
    pub grace_days: Sourced<i64>,
    /// The classes.
    pub classes: Vec<Class>,
}

/// The settings. `None` only if the shipped file is broken, which a test forbids.
pub fn settings() -> Option<&'static Settings> {
    static ALL: OnceLock<Option<Settings>> = OnceLock::new();
    ALL.get_or_init(|| {
        serde_json::from_str(include_str!("../../../../schemas/rules/profile/2026-01-01.json")).ok()
    })
    .as_ref()
}

/// The rules of retention. `None` only if the shipped file is broken, which a test forbids.
pub fn retention() -> Option<&'static Retention> {
    static ALL: OnceLock<Option<Retention>> = OnceLock::new();
    ALL.get_or_init(|| {
        serde_json::from_str(include_str!("../../../../schemas/rules/retention/2026-01-01.json"))
            .ok()
    })
    .as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::{lang::Lang, locale::PROFILE};

    #[test]
    fn the_settings_can_be_read_and_every_step_has_its_texts() {
        let settings = settings().unwrap();
        assert!(settings.expiring_days.value.is_sorted_by(|a, b| a > b));
        assert_eq!(settings.meter.iter().map(|step| step.weight).sum::<u32>(), 100);
        for step in &settings.meter {
            for key in [format!("meter.{}", step.code), format!("meter.{}.why", step.code)] {
                assert!(PROFILE.find(Lang::Kk, &key).is_some(), "{key}");
            }
        }
        let retention = retention().unwrap();
        assert!(retention.classes.iter().all(|c| c.what.is_complete() && c.basis.is_complete()));
    }
}
