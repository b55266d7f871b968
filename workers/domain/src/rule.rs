//! Rule editions: the numbers of the law, as data with their source. A case keeps the edition
//! that was in force on the day it was opened; no number of an act stands in code.

pub mod application;

use std::sync::OnceLock;

use chrono::{NaiveDate, NaiveTime};
use serde::Deserialize;

use self::application::Applying;
use crate::shared::{
    calendar::Week,
    lang::{Lang, Text},
};

include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// A value with the place that it comes from.
#[derive(Debug, Clone, Deserialize)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Act and paragraph, or "portal setting".
    pub source: String,
}

/// The act.
#[derive(Debug, Clone, Deserialize)]
pub struct Act {
    /// Title.
    pub title: Text,
    /// Number.
    pub number: String,
    /// Date.
    pub date: NaiveDate,
    /// Its code in the state's database of acts.
    pub code: String,
}

impl Act {
    /// Whether it is an order of a ministry. The state's database of acts numbers orders with V in
    /// front, laws with Z, codes with K.
    pub fn is_order(&self) -> bool {
        self.code.starts_with('V')
    }

    /// Its text in the state's database of acts.
    pub fn link(&self, lang: Lang) -> String {
        let lang = match lang {
            Lang::Kk => "kaz",
            Lang::Ru => "rus",
            Lang::En => "eng",
        };
        format!("https://adilet.zan.kz/{lang}/docs/{}", self.code)
    }
}

/// Working days of acceptance.
#[derive(Debug, Clone, Deserialize)]
pub struct Acceptance {
    /// For a permanent post.
    pub permanent: Sourced<u32>,
    /// For a temporarily vacant post.
    pub temporary: Sourced<u32>,
    /// For a temporarily vacant post of a rural organisation.
    pub rural: Sourced<u32>,
}

/// Lengthening of the acceptance.
#[derive(Debug, Clone, Deserialize)]
pub struct Extension {
    /// Whether it is allowed.
    pub allowed: Sourced<bool>,
    /// How often.
    pub max_times: Sourced<u32>,
    /// By how many working days at least.
    pub min_working_days: Sourced<u32>,
}

/// What publishing obeys.
#[derive(Debug, Clone, Deserialize)]
pub struct Publishing {
    /// Working days of acceptance.
    pub acceptance_working_days: Acceptance,
    /// `publication_day_next` or `publication_day`.
    pub counted_from: Sourced<String>,
    /// Astana time at which the last day ends, `HH:MM`.
    pub closing_time: Sourced<String>,
    /// Whether an end on a day off moves to the next working day.
    pub shift_to_working_day: Sourced<bool>,
    /// Longest acceptance, working days.
    pub max_acceptance_days: Sourced<u32>,
    /// Lengthening.
    pub extension: Extension,
    /// Whether the head must approve first.
    pub approval_required: Sourced<bool>,
    /// Which week is counted: 5 or 6 days.
    pub week_type: Sourced<u8>,
    /// Codes of the documents to hand in.
    pub documents: Sourced<Vec<String>>,
    /// Fields that the announcement must have.
    pub required_fields: Sourced<Vec<String>>,
}

/// An edition.
#[derive(Debug, Clone, Deserialize)]
pub struct Edition {
    /// `teachers-competition` …
    pub procedure: String,
    /// Name of the edition, usually its day.
    pub edition: String,
    /// Title of the procedure.
    pub title: Text,
    /// The act.
    pub act: Act,
    /// First day in force.
    pub in_force_from: NaiveDate,
    /// Last day in force.
    pub in_force_to: Option<NaiveDate>,
    /// How far to trust it: S, M or D.
    pub mark: String,
    /// A note for the reader.
    #[serde(default)]
    pub note: Text,
    /// Groups of positions that it regulates.
    pub position_groups: Vec<String>,
    /// What publishing obeys.
    pub publishing: Publishing,
    /// What applying obeys.
    pub application: Applying,
}

impl Edition {
    /// The week that is counted.
    pub fn week(&self) -> Week {
        if self.publishing.week_type.value == 6 { Week::Six } else { Week::Five }
    }

    /// The time at which the last day ends.
    pub fn closing_time(&self) -> NaiveTime {
        NaiveTime::parse_from_str(&self.publishing.closing_time.value, "%H:%M").unwrap_or_default()
    }

    /// `procedure/edition`.
    pub fn name(&self) -> String {
        format!("{}/{}", self.procedure, self.edition)
    }
}

/// All editions.
pub fn editions() -> &'static [Edition] {
    static ALL: OnceLock<Vec<Edition>> = OnceLock::new();
    ALL.get_or_init(|| TEXTS.iter().filter_map(|text| serde_json::from_str(text).ok()).collect())
}

/// The edition that regulates a group of positions on a day.
pub fn edition_for(group: &str, day: NaiveDate) -> Option<&'static Edition> {
    editions()
        .iter()
        .filter(|e| e.position_groups.iter().any(|have| have == group))
        .filter(|e| e.in_force_from <= day && e.in_force_to.is_none_or(|to| to >= day))
        .max_by_key(|e| e.in_force_from)
}

/// An edition by its name.
pub fn edition(procedure: &str, edition: &str) -> Option<&'static Edition> {
    editions().iter().find(|e| e.procedure == procedure && e.edition == edition)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_edition_can_be_read_and_every_group_has_one() {
        assert_eq!(editions().len(), TEXTS.len());
        let day = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
        for group in
            ["first_head", "deputy", "pedagogue", "methodist", "civil_servant", "technical_worker"]
        {
            let found = edition_for(group, day).unwrap_or_else(|| panic!("{group}"));
            assert_ne!(found.closing_time(), NaiveTime::default(), "{}", found.name());
        }
        assert!(edition_for("pedagogue", NaiveDate::from_ymd_opt(2001, 1, 1).unwrap()).is_none());
    }
}
