//! What the act says about the assessment of knowledge, as data: `schemas/rules/test`.

use std::sync::OnceLock;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::{
    rule::{Act, Sourced},
    shared::{calendar::Week, lang::Text},
};

const TEXTS: [&str; 1] = [include_str!("../../../../schemas/rules/test/2025-02-25.json")];

/// A part of a test and its tasks.
#[derive(Debug, Clone, Deserialize)]
pub struct Block {
    /// Code.
    pub code: String,
    /// Its name, as in the act.
    pub title: Text,
    /// Tasks.
    pub tasks: Sourced<u16>,
}

/// From which percentage a category is reached.
#[derive(Debug, Clone, Deserialize)]
pub struct Threshold {
    /// Code in the directory `category`; `head` for first heads and deputies, who have one mark.
    pub category: String,
    /// Percent of the points that can be had.
    pub percent: Sourced<u16>,
}

/// Whom a test is for.
#[derive(Debug, Clone, Deserialize)]
pub struct Group {
    /// Code.
    pub code: String,
    /// Its name.
    pub title: Text,
    /// Tasks in total.
    pub tasks: Sourced<u16>,
    /// Parts; their tasks add up to the total.
    pub blocks: Vec<Block>,
    /// Minutes, without the instruction.
    pub minutes: Sourced<u32>,
    /// Whether subjects of the exact sciences have minutes of their own.
    pub exact_sciences: bool,
    /// Pass marks, lowest first.
    pub thresholds: Vec<Threshold>,
}

impl Group {
    /// The highest category that points of a maximum reach: no rounding, 29.99 of 50 is not 60 %.
    /// Both in the same unit.
    pub fn reached(&self, points: i64, most: i64) -> Option<&Threshold> {
        self.thresholds.iter().rev().find(|threshold| threshold.reached(points, most))
    }

    /// The pass mark of a category.
    pub fn threshold(&self, category: &str) -> Option<&Threshold> {
        self.thresholds.iter().find(|threshold| threshold.category == category)
    }
}

impl Threshold {
    /// Whether points of a maximum reach it. Nothing is reached where nothing could be had.
    pub fn reached(&self, points: i64, most: i64) -> bool {
        most > 0 && points * 100 >= most * i64::from(self.percent.value)
    }
}

/// Subjects that take longer.
#[derive(Debug, Clone, Deserialize)]
pub struct ExactSciences {
    /// Codes of the directory `subject`.
    pub subjects: Sourced<Vec<String>>,
    /// Minutes.
    pub minutes: Sourced<u32>,
}

/// How often somebody may sit in a year.
#[derive(Debug, Clone, Deserialize)]
pub struct Attempts {
    /// Free of charge.
    pub free: Sourced<u32>,
    /// Paid.
    pub paid: Sourced<u32>,
    /// Free of charge for an early attestation.
    pub early_free: Sourced<u32>,
}

/// What holds in the room.
#[derive(Debug, Clone, Deserialize)]
pub struct Room {
    /// How often somebody may leave.
    pub absences: Sourced<u32>,
    /// For so many minutes.
    pub absence_minutes: Sourced<u32>,
    /// Not in so many first and last minutes.
    pub edge_minutes: Sourced<u32>,
}

/// Settings of the session.
#[derive(Debug, Clone, Deserialize)]
pub struct Session {
    /// What was on its way when the time ended is taken for so many seconds, with a remark.
    pub grace_seconds: Sourced<u32>,
    /// A silence of so many seconds is noted.
    pub gap_seconds: Sourced<u32>,
    /// An answer within so many milliseconds is noted.
    pub quick_ms: Sourced<u32>,
    /// The notice goes out so many days before.
    pub notice_days: Sourced<u32>,
    /// How often an appointment may be moved.
    pub reschedules: Sourced<u32>,
    /// Forms on paper are printed no earlier than so many minutes before the beginning.
    pub print_minutes: Sourced<u32>,
}

/// A ground of an appeal.
#[derive(Debug, Clone, Deserialize)]
pub struct Ground {
    /// Code.
    pub code: String,
    /// Its words.
    pub title: Text,
    /// Act and paragraph.
    pub source: String,
}

/// Appeals.
#[derive(Debug, Clone, Deserialize)]
pub struct Appeals {
    /// Minutes from the end of the test, inside the session.
    pub window_minutes: Sourced<u32>,
    /// Characters of a reason at least.
    pub reason_least: Sourced<usize>,
    /// And at most.
    pub reason_most: Sourced<usize>,
    /// Working days for the decision.
    pub working_days: Sourced<i64>,
    /// Which week is counted: 5 or 6.
    pub week_type: Sourced<u8>,
    /// Grounds.
    pub grounds: Vec<Ground>,
}

impl Appeals {
    /// The week that is counted.
    pub fn week(&self) -> Week {
        if self.week_type.value == 6 { Week::Six } else { Week::Five }
    }

    /// A ground by its code.
    pub fn ground(&self, code: &str) -> Option<&Ground> {
        self.grounds.iter().find(|ground| ground.code == code)
    }
}

/// The certificate of the result.
#[derive(Debug, Clone, Deserialize)]
pub struct CertificateTerms {
    /// Years for which it holds.
    pub years: Sourced<u32>,
    /// Years for which the results are kept.
    pub keep_years: Sourced<u32>,
    /// Years for which a protocol is kept.
    pub protocol_years: Sourced<u32>,
}

/// An edition.
#[derive(Debug, Clone, Deserialize)]
pub struct Edition {
    /// Its name: its day.
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
    pub note: Text,
    /// Groups of posts.
    pub groups: Vec<Group>,
    /// Subjects that take longer.
    pub exact_sciences: ExactSciences,
    /// Minutes more for impaired sight, hearing or movement.
    pub extra_minutes: Sourced<u32>,
    /// Languages of the test.
    pub languages: Sourced<Vec<String>>,
    /// How often.
    pub attempts: Attempts,
    /// The room.
    pub room: Room,
    /// The session.
    pub session: Session,
    /// Appeals.
    pub appeal: Appeals,
    /// The certificate.
    pub certificate: CertificateTerms,
}

impl Edition {
    /// A group of posts.
    pub fn group(&self, code: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.code == code)
    }

    /// Minutes of a test in a subject, with those for special needs.
    pub fn minutes(&self, group: &Group, subject: &str, special_needs: bool) -> u32 {
        let exact = group.exact_sciences
            && self.exact_sciences.subjects.value.iter().any(|code| code == subject);
        let usual = if exact { self.exact_sciences.minutes.value } else { group.minutes.value };
        usual + if special_needs { self.extra_minutes.value } else { 0 }
    }
}

/// All editions, oldest first.
pub fn editions() -> &'static [Edition] {
    static ALL: OnceLock<Vec<Edition>> = OnceLock::new();
    ALL.get_or_init(|| TEXTS.iter().filter_map(|text| serde_json::from_str(text).ok()).collect())
}

/// The edition in force on a day.
pub fn edition_on(day: NaiveDate) -> Option<&'static Edition> {
    editions()
        .iter()
        .filter(|e| e.in_force_from <= day && e.in_force_to.is_none_or(|to| to >= day))
        .max_by_key(|e| e.in_force_from)
}

/// An edition by its name.
pub fn edition(name: &str) -> Option<&'static Edition> {
    editions().iter().find(|e| e.edition == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> &'static Edition {
        assert_eq!(editions().len(), TEXTS.len(), "an edition cannot be read");
        edition_on(NaiveDate::from_ymd_opt(2026, 11, 2).unwrap()).unwrap()
    }

    #[test]
    fn the_parts_of_every_group_add_up_and_the_marks_rise() {
        for group in &now().groups {
            let sum: u16 = group.blocks.iter().map(|block| block.tasks.value).sum();
            assert_eq!(sum, group.tasks.value, "{}", group.code);
            assert!(group.thresholds.is_sorted_by_key(|t| t.percent.value), "{}", group.code);
            assert!(group.title.is_complete() && !group.title.en.is_empty(), "{}", group.code);
        }
        assert!(edition_on(NaiveDate::from_ymd_opt(2020, 1, 1).unwrap()).is_none());
    }

    #[test]
    fn minutes_follow_group_subject_and_needs() {
        let edition = now();
        let of = |group: &str, subject: &str, needs| {
            edition.minutes(edition.group(group).unwrap(), subject, needs)
        };
        assert_eq!(of("secondary", "history", false), 80);
        assert_eq!(of("secondary", "physics", false), 125);
        assert_eq!(of("tvet", "chemistry", true), 165);
        assert_eq!(of("primary", "mathematics", false), 80);
        assert_eq!(of("head", "", false), 90);
        assert_eq!(of("methodist", "", true), 130);
    }

    #[test]
    fn a_mark_is_reached_exactly_and_never_by_rounding() {
        let edition = now();
        let group = edition.group("secondary").unwrap();
        let of = |points| group.reached(points, 5000).map(|t| t.category.as_str());
        assert_eq!(of(2499), None);
        assert_eq!(of(2500), Some("pedagogue"));
        assert_eq!(of(2999), Some("pedagogue"));
        assert_eq!(of(3000), Some("moderator"));
        assert_eq!(of(4499), Some("researcher"));
        assert_eq!(of(4500), Some("master"));
        let head = edition.group("head").unwrap();
        assert!(!head.threshold("head").unwrap().reached(41, 60));
        assert!(head.threshold("head").unwrap().reached(42, 60));
        assert!(head.reached(0, 0).is_none());
    }
}
