//! Experience counted from records.
//!
//! The method: periods are cut at the day of counting (a job that goes on ends there), periods
//! that touch or overlap are one, each of what is left is counted in whole years, whole months and
//! days from its first day to the day after its last, and the sums carry: 30 days make a month,
//! 12 months a year. Merging comes first, so neither the order of the records nor the cutting of a
//! period into two changes the outcome, and jobs at the same time count once.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::{
    api::{Experience, Gap, Span},
    settings::Counting,
};
use crate::shared::time::days_between;

/// A period of a record: both days are part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// First day.
    pub from: NaiveDate,
    /// Last day; empty = goes on.
    pub to: Option<NaiveDate>,
}

/// What counting needs to know of a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Work {
    /// Code of what it was.
    pub occupation: String,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day; empty = goes on.
    pub to: Option<NaiveDate>,
    /// Counts as pedagogical.
    pub pedagogical: bool,
    /// Counts as leading.
    pub administrative: bool,
}

/// Half-open periods, merged and in order: from a day up to, not including, another.
fn merged(periods: &[Period], on: NaiveDate) -> Vec<(NaiveDate, NaiveDate)> {
    let mut all: Vec<(NaiveDate, NaiveDate)> = periods
        .iter()
        .filter_map(|period| {
            let last = period.to.map_or(on, |to| to.min(on));
            let end = last.checked_add_days(Days::new(1))?;
            (period.from < end).then_some((period.from, end))
        })
        .collect();
    all.sort_unstable();
    let mut out: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for (from, end) in all {
        match out.last_mut() {
            Some((_, have)) if from <= *have => *have = end.max(*have),
            _ => out.push((from, end)),
        }
    }
    out
}

/// Whole years, months and days from a day up to, not including, another.
fn difference(from: NaiveDate, end: NaiveDate) -> Span {
    let months_of = |day: NaiveDate| day.year() * 12 + day.month0() as i32;
    let mut months = u32::try_from(months_of(end) - months_of(from)).unwrap_or_default();
    // The day of the month may not be reached yet, and a short month has no 31st.
    let mut at = from.checked_add_months(Months::new(months)).unwrap_or(end);
    if at > end {
        months = months.saturating_sub(1);
        at = from.checked_add_months(Months::new(months)).unwrap_or(end);
    }
    let days = u32::try_from(days_between(at, end)).unwrap_or_default();
    Span { years: months / 12, months: months % 12, days }
}

/// The length of the periods taken together, as of a day.
pub fn count(periods: &[Period], on: NaiveDate, rules: &Counting) -> Span {
    let shift = u64::from(!rules.last_day_counts.value);
    let mut sum = Span::default();
    for (from, end) in merged(periods, on) {
        let end = end.checked_sub_days(Days::new(shift)).unwrap_or(end);
        let one = difference(from, end);
        sum.years += one.years;
        sum.months += one.months;
        sum.days += one.days;
    }
    let month = rules.days_in_month.value.max(1);
    let year = rules.months_in_year.value.max(1);
    sum.months += sum.days / month;
    sum.days %= month;
    sum.years += sum.months / year;
    sum.months %= year;
    sum
}

/// Times without any record, longer than the settings allow, up to the day.
pub fn gaps(periods: &[Period], on: NaiveDate, rules: &Counting) -> Vec<Gap> {
    let all = merged(periods, on);
    let limit = i64::from(rules.gap_days.value);
    let mut out = Vec::new();
    let today = on.checked_add_days(Days::new(1)).unwrap_or(on);
    for (place, (_, end)) in all.iter().enumerate() {
        let next = all.get(place + 1).map(|(from, _)| *from);
        let days = days_between(*end, next.unwrap_or(today));
        if days > limit {
            let to = next.and_then(|next| next.pred_opt());
            out.push(Gap { from: *end, to, days: u32::try_from(days).unwrap_or_default() });
        }
    }
    out
}

/// Experience of the records, as of a day.
pub fn of(records: &[Work], on: NaiveDate, rules: &Counting) -> Experience {
    let counts = |work: &&Work| rules.counted.value.contains(&work.occupation);
    let periods = |keep: &dyn Fn(&&Work) -> bool| -> Vec<Period> {
        records
            .iter()
            .filter(|work| keep(work))
            .filter_map(|work| Some(Period { from: work.from?, to: work.to }))
            .collect()
    };
    let ongoing = |work: &&Work| {
        work.occupation == "job"
            && work.from.is_some_and(|from| from <= on)
            && work.to.is_none_or(|to| to > on)
    };
    Experience {
        on,
        total: count(&periods(&counts), on, rules),
        pedagogical: count(&periods(&|work| counts(work) && work.pedagogical), on, rules),
        administrative: count(&periods(&|work| counts(work) && work.administrative), on, rules),
        gaps: gaps(&periods(&|_| true), on, rules),
        open_jobs: u32::try_from(records.iter().filter(ongoing).count()).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests;
