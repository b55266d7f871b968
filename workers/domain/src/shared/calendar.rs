//! Working days. Holidays are moved by the Government every year, so they are rows of a table,
//! loaded with a source; a year that nobody loaded is a refusal, never a guess.

use std::collections::{HashMap, HashSet};

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// The working week of an organisation (Labour Code, article 71).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Week {
    /// Five days; Saturday and Sunday are free.
    #[serde(rename = "5")]
    Five,
    /// Six days; Sunday is free.
    #[serde(rename = "6")]
    Six,
}

impl Week {
    /// Both.
    pub const ALL: [Week; 2] = [Week::Five, Week::Six];

    /// The code in the table: `5`, `6`.
    pub const fn code(self) -> &'static str {
        match self {
            Week::Five => "5",
            Week::Six => "6",
        }
    }

    /// The week of a code.
    pub fn parse(code: &str) -> Option<Week> {
        Week::ALL.into_iter().find(|week| week.code() == code)
    }
}

/// What a row of the table makes of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A holiday, or the day off that was moved here.
    Off,
    /// A day of the weekend that is worked.
    Working,
}

impl Kind {
    /// The code in the table: `off`, `working`.
    pub const fn code(self) -> &'static str {
        match self {
            Kind::Off => "off",
            Kind::Working => "working",
        }
    }

    /// The kind of a code.
    pub fn parse(code: &str) -> Option<Kind> {
        [Kind::Off, Kind::Working].into_iter().find(|kind| kind.code() == code)
    }
}

/// A row of the table: a day that differs from its weekday, or a holiday on a free day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Row {
    /// The day.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub day: NaiveDate,
    /// For which week.
    pub week: Week,
    /// Free or worked.
    pub kind: Kind,
    /// Its name in Kazakh.
    #[serde(default)]
    pub kk: String,
    /// Its name in Russian.
    #[serde(default)]
    pub ru: String,
}

/// Nobody loaded the calendar of this year, so nothing can be counted over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoCalendar {
    /// The year.
    pub year: i32,
}

/// The loaded years. Text of the refusal: `calendar.missing` of `schemas/locales/format.json`.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    years: HashSet<(i32, Week)>,
    days: HashMap<(NaiveDate, Week), Kind>,
}

impl Calendar {
    /// From the rows of the table. A year counts as loaded for a week if it has a row for it.
    pub fn new(rows: impl IntoIterator<Item = (NaiveDate, Week, Kind)>) -> Calendar {
        let mut calendar = Calendar::default();
        for (day, week, kind) in rows {
            calendar.years.insert((day.year(), week));
            calendar.days.insert((day, week), kind);
        }
        calendar
    }

    /// Whether a year can be counted over.
    pub fn has(&self, week: Week, year: i32) -> bool {
        self.years.contains(&(year, week))
    }

    /// Whether people work on a day.
    ///
    /// # Errors
    /// [`NoCalendar`] if the year is not loaded for this week.
    pub fn is_working(&self, week: Week, day: NaiveDate) -> Result<bool, NoCalendar> {
        if !self.has(week, day.year()) {
            return Err(NoCalendar { year: day.year() });
        }
        Ok(match self.days.get(&(day, week)) {
            Some(kind) => *kind == Kind::Working,
            None => match day.weekday() {
                Weekday::Sun => false,
                Weekday::Sat => week == Week::Six,
                _ => true,
            },
        })
    }

    /// The day itself if people work on it, else the first working day after it.
    ///
    /// # Errors
    /// [`NoCalendar`] if a year on the way is not loaded.
    pub fn next_working(&self, week: Week, day: NaiveDate) -> Result<NaiveDate, NoCalendar> {
        let mut day = day;
        while !self.is_working(week, day)? {
            day = step(day, true)?;
        }
        Ok(day)
    }

    /// The `n`-th working day after a day; the day itself does not count, as terms run from the
    /// day after the event (Civil Code, article 173). Negative goes back; 0 is the day itself.
    ///
    /// # Errors
    /// [`NoCalendar`] if a year on the way is not loaded.
    pub fn add_working_days(
        &self,
        week: Week,
        from: NaiveDate,
        n: i64,
    ) -> Result<NaiveDate, NoCalendar> {
        let mut day = from;
        let mut left = n.unsigned_abs();
        // Also with nothing to add: a day of an unknown year is no answer.
        self.is_working(week, day)?;
        while left > 0 {
            day = step(day, n > 0)?;
            if self.is_working(week, day)? {
                left -= 1;
            }
        }
        Ok(day)
    }

    /// How many working days lie after one day up to and including another, so that it undoes
    /// [`Calendar::add_working_days`]. Negative where `to` is earlier: then `from` is left out
    /// and `to` counts.
    ///
    /// # Errors
    /// [`NoCalendar`] if a year on the way is not loaded.
    pub fn working_days_between(
        &self,
        week: Week,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<i64, NoCalendar> {
        let forward = from <= to;
        let mut day = from;
        let mut count = 0;
        self.is_working(week, day)?;
        while day != to {
            day = step(day, forward)?;
            if self.is_working(week, day)? {
                count += if forward { 1 } else { -1 };
            }
        }
        Ok(count)
    }
}

/// The next or the previous day.
fn step(day: NaiveDate, forward: bool) -> Result<NaiveDate, NoCalendar> {
    if forward { day.succ_opt() } else { day.pred_opt() }.ok_or(NoCalendar { year: day.year() })
}

/// The calendar of 2026 for a new installation: the five-day week as published by the Ministry
/// of Labour, the six-day week by the same rule (a holiday on the free day moves to the next
/// working day). Later years come in through the import.
pub fn published_2026() -> Vec<Row> {
    let text = include_str!("../../../../schemas/data/calendar-2026.json");
    serde_json::from_str(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar() -> Calendar {
        Calendar::new(published_2026().into_iter().map(|row| (row.day, row.week, row.kind)))
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn year() -> impl Iterator<Item = NaiveDate> {
        day("2026-01-01").iter_days().take(365)
    }

    #[test]
    fn has_as_many_days_as_published() {
        let calendar = calendar();
        let working = |week| year().filter(|day| calendar.is_working(week, *day).unwrap()).count();
        // 104 days of weekends and 15 on weekdays: 119 days off.
        assert_eq!(working(Week::Five), 246);
        // 52 Sundays and 15 other days.
        assert_eq!(working(Week::Six), 298);
        // January, as published: 19 and 24.
        let january =
            |week| year().take(31).filter(|day| calendar.is_working(week, *day).unwrap()).count();
        assert_eq!((january(Week::Five), january(Week::Six)), (19, 24));
    }

    #[test]
    fn rows_are_named_and_useful() {
        let rows = published_2026();
        assert_eq!(rows.len(), 30);
        for row in rows {
            assert!(!row.kk.is_empty() && !row.ru.is_empty(), "{}", row.day);
            let free = match row.week {
                Week::Five => matches!(row.day.weekday(), Weekday::Sat | Weekday::Sun),
                Week::Six => row.day.weekday() == Weekday::Sun,
            };
            assert!(!free, "{} is free anyway", row.day);
        }
    }

    #[test]
    fn counts_over_holidays() {
        let calendar = calendar();
        for (week, from, n, to) in [
            (Week::Five, "2026-01-01", 1, "2026-01-05"),
            (Week::Six, "2026-01-01", 1, "2026-01-03"),
            (Week::Five, "2026-01-06", 1, "2026-01-08"),
            (Week::Five, "2026-03-06", 1, "2026-03-10"),
            (Week::Six, "2026-03-06", 1, "2026-03-07"),
            (Week::Five, "2026-03-19", 2, "2026-03-26"),
            (Week::Six, "2026-03-20", 1, "2026-03-25"),
            (Week::Five, "2026-03-18", 7, "2026-04-01"),
            (Week::Five, "2026-05-08", 1, "2026-05-12"),
            (Week::Six, "2026-05-08", 1, "2026-05-11"),
            (Week::Five, "2026-08-28", 1, "2026-09-01"),
            (Week::Five, "2026-10-23", 1, "2026-10-27"),
            (Week::Five, "2026-12-15", 1, "2026-12-17"),
            (Week::Five, "2026-03-26", -1, "2026-03-20"),
            (Week::Five, "2026-03-21", 0, "2026-03-21"),
        ] {
            assert_eq!(calendar.add_working_days(week, day(from), n), Ok(day(to)), "{from}+{n}");
            assert_eq!(calendar.working_days_between(week, day(from), day(to)), Ok(n), "{from}");
        }
        assert_eq!(calendar.next_working(Week::Five, day("2026-03-21")), Ok(day("2026-03-26")));
        assert_eq!(calendar.next_working(Week::Five, day("2026-03-26")), Ok(day("2026-03-26")));
    }

    #[test]
    fn refuses_to_guess() {
        let calendar = calendar();
        let none = |year| Err(NoCalendar { year });
        let end = day("2026-12-31");
        assert_eq!(calendar.add_working_days(Week::Five, end, 1), none(2027));
        assert_eq!(calendar.add_working_days(Week::Five, day("2026-01-02"), -1), none(2025));
        assert_eq!(calendar.add_working_days(Week::Five, end, i64::MAX), none(2027));
        assert_eq!(calendar.add_working_days(Week::Five, end, i64::MIN), none(2025));
        assert_eq!(calendar.add_working_days(Week::Five, day("2027-01-05"), 0), none(2027));
        assert_eq!(
            calendar.working_days_between(Week::Five, end, day("2027-01-01")),
            Err(NoCalendar { year: 2027 })
        );
        assert!(calendar.is_working(Week::Five, NaiveDate::MAX).is_err());
        assert!(Calendar::default().next_working(Week::Six, end).is_err());
        // A calendar for one week says nothing about the other.
        let five = Calendar::new([(day("2026-01-01"), Week::Five, Kind::Off)]);
        assert!(five.is_working(Week::Six, day("2026-01-02")).is_err());
    }

    #[test]
    fn a_free_day_can_be_worked() {
        let moved = Calendar::new([(day("2027-01-09"), Week::Five, Kind::Working)]);
        assert_eq!(moved.is_working(Week::Five, day("2027-01-09")), Ok(true));
        assert_eq!(moved.is_working(Week::Five, day("2027-01-10")), Ok(false));
    }

    #[test]
    fn counting_undoes_adding() {
        let calendar = calendar();
        for week in Week::ALL {
            for from in year() {
                for n in [-20, -3, -1, 0, 1, 2, 5, 7, 15, 30] {
                    let Ok(to) = calendar.add_working_days(week, from, n) else { continue };
                    assert_eq!(calendar.working_days_between(week, from, to), Ok(n));
                    assert!(n == 0 || calendar.is_working(week, to).unwrap());
                }
            }
        }
    }
}
