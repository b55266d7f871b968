//! The acceptance period: working days of the rule edition, counted by the calendar.

use chrono::NaiveDate;

use super::model::{Content, Term};
use crate::{
    rule::{Edition, Sourced},
    shared::{
        calendar::{Calendar, NoCalendar},
        refusal::{FieldError, Kind, Refusal},
        time::Timestamp,
    },
};

/// The acceptance period of a publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// First day: the day of publication.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// The moment at which it ends.
    pub closes_at: Timestamp,
    /// The earliest last day that the edition allows.
    pub earliest: NaiveDate,
    /// Working days that the edition asks for.
    pub working_days: u32,
}

impl From<NoCalendar> for Refusal {
    fn from(missing: NoCalendar) -> Refusal {
        Refusal::new(Kind::Conflict, "no_calendar").with("year", missing.year)
    }
}

/// The working days that apply to a post.
pub fn days(edition: &Edition, term: Term, rural: bool) -> &Sourced<u32> {
    let days = &edition.publishing.acceptance_working_days;
    match (term, rural) {
        (Term::Permanent, _) => &days.permanent,
        (Term::Temporary, false) => &days.temporary,
        (Term::Temporary, true) => &days.rural,
    }
}

/// The period of an announcement that is published on `day`.
///
/// The clerk may ask for a later last day, up to the edition's longest; a day off moves to the
/// next working day where the edition says so.
///
/// Errors: a year without a calendar; a wished day that is too early or too late (as a field).
pub fn period(
    content: &Content,
    edition: &Edition,
    calendar: &Calendar,
    rural: bool,
    day: NaiveDate,
) -> Result<Period, Refusal> {
    let week = edition.week();
    let publishing = &edition.publishing;
    let working_days = days(edition, content.term, rural).value;
    // "Counted from the publication day" = the day itself is the first, if it is a working day.
    let counts_itself =
        publishing.counted_from.value == "publication_day" && calendar.is_working(week, day)?;
    let add = |n: u32| -> Result<NaiveDate, NoCalendar> {
        calendar.add_working_days(week, day, i64::from(n) - i64::from(counts_itself))
    };
    let earliest = add(working_days)?;
    let mut to = content.accept_to.unwrap_or(earliest);
    if publishing.shift_to_working_day.value {
        to = calendar.next_working(week, to)?;
    }
    if to < earliest {
        return wrong(
            "too_early",
            vec![("day", earliest.to_string()), ("days", working_days.to_string())],
        );
    }
    check_longest(edition, calendar, day, to)?;
    Ok(Period {
        from: day,
        to,
        closes_at: Timestamp::from_local(to, edition.closing_time()),
        earliest,
        working_days,
    })
}

/// The new end of a period that is lengthened to `to`.
///
/// Errors: the edition forbids it; it was lengthened too often; the day is too early, too late,
/// or in a year without a calendar.
pub fn extend(
    edition: &Edition,
    calendar: &Calendar,
    accept_from: NaiveDate,
    accept_to: NaiveDate,
    extensions: u32,
    to: NaiveDate,
) -> Result<(NaiveDate, Timestamp), Refusal> {
    let rule = &edition.publishing.extension;
    if !rule.allowed.value {
        return Err(Refusal::new(Kind::Conflict, "extension_off"));
    }
    if extensions >= rule.max_times.value {
        return Err(
            Refusal::new(Kind::Conflict, "extension_limit").with("max", rule.max_times.value)
        );
    }
    let week = edition.week();
    let to = if edition.publishing.shift_to_working_day.value {
        calendar.next_working(week, to)?
    } else {
        to
    };
    let days = rule.min_working_days.value;
    let earliest = calendar.add_working_days(week, accept_to, days.into())?;
    if to < earliest {
        return wrong("too_early", vec![("day", earliest.to_string()), ("days", days.to_string())]);
    }
    check_longest(edition, calendar, accept_from, to)?;
    Ok((to, Timestamp::from_local(to, edition.closing_time())))
}

/// The earliest and the latest day to which a period may be lengthened; `None` where the edition
/// forbids it, it was lengthened too often, or there is no calendar. The latest day is missing
/// where only its year has no calendar.
pub fn extension(
    edition: &Edition,
    calendar: &Calendar,
    accept_from: NaiveDate,
    accept_to: NaiveDate,
    extensions: u32,
) -> Option<(NaiveDate, Option<NaiveDate>)> {
    let rule = &edition.publishing.extension;
    if !rule.allowed.value || extensions >= rule.max_times.value {
        return None;
    }
    let week = edition.week();
    let days = i64::from(rule.min_working_days.value);
    let earliest = calendar.add_working_days(week, accept_to, days).ok()?;
    let max = i64::from(edition.publishing.max_acceptance_days.value);
    let latest = calendar.add_working_days(week, accept_from, max).ok();
    Some((earliest, latest)).filter(|_| latest.is_none_or(|latest| earliest <= latest))
}

/// Refuses a last day beyond the edition's longest acceptance. The days are counted up to the day
/// itself, so near the end of a year the next year's calendar is not needed for a day of this one.
fn check_longest(
    edition: &Edition,
    calendar: &Calendar,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<(), Refusal> {
    let (week, max) = (edition.week(), i64::from(edition.publishing.max_acceptance_days.value));
    if calendar.working_days_between(week, from, to)? <= max {
        return Ok(());
    }
    let latest = calendar.add_working_days(week, from, max)?;
    wrong("too_late", vec![("day", latest.to_string())])
}

fn wrong<T>(code: &'static str, args: Vec<(&'static str, String)>) -> Result<T, Refusal> {
    Err(Refusal::fields(vec![FieldError { field: "accept_to".into(), code, args }]))
}
