//! Loads what decisions depend on: the directories and the calendar.

use domain::{
    directory::{Book, Item, open_items},
    shared::{
        calendar::{Calendar, Kind, Week},
        statement::Statement,
    },
    sql,
};
use serde::Deserialize;

use crate::{
    error::Fault,
    ports::{Ports, Rows, read_all},
};

/// All rows of the calendar table of this year and its neighbours.
pub fn calendar_days(ports: &Ports<'_>) -> Statement {
    let year = chrono::Datelike::year(&ports.now.day());
    sql!(
        "SELECT day, week, working FROM calendar_day WHERE day BETWEEN ?1 AND ?2",
        format!("{}-01-01", year - 1),
        format!("{}-12-31", year + 2)
    )
}

/// Days before the end of the last calendar from which people are warned.
const WARN_DAYS: i64 = 60;

/// The last year that has calendars of both weeks: rows [`CalendarEnd`].
pub fn calendar_end() -> Statement {
    sql!(
        "SELECT max(year) AS year FROM (SELECT year FROM calendar_year
           GROUP BY year HAVING count(DISTINCT week) = 2)"
    )
}

/// Where the calendars end.
#[derive(Deserialize)]
pub struct CalendarEnd {
    year: Option<i32>,
}

impl CalendarEnd {
    /// The last day on which something can be counted.
    pub fn day(self) -> Option<chrono::NaiveDate> {
        chrono::NaiveDate::from_ymd_opt(self.year?, 12, 31)
    }
}

/// Whether it is time to see to the next calendar.
pub fn ends_soon(today: chrono::NaiveDate, until: chrono::NaiveDate) -> bool {
    domain::shared::time::days_between(today, until) < WARN_DAYS
}

#[derive(Deserialize)]
struct Day {
    day: chrono::NaiveDate,
    week: u8,
    working: u8,
}

/// The calendar from the rows of [`calendar_days`].
pub fn calendar_of(rows: &Rows) -> Result<Calendar, Fault> {
    let days: Vec<Day> = rows.all()?;
    Ok(Calendar::new(days.into_iter().map(|day| {
        let week = if day.week == 6 { Week::Six } else { Week::Five };
        let kind = if day.working == 1 { Kind::Working } else { Kind::Off };
        (day.day, week, kind)
    })))
}

/// The directories and the calendar, in one trip together with other reads of the caller.
pub async fn load(
    ports: &Ports<'_>,
    more: Vec<Statement>,
) -> Result<(Book, Calendar, Vec<Rows>), Fault> {
    let mut statements = vec![open_items(ports.now.day()), calendar_days(ports)];
    statements.extend(more);
    let mut rows = read_all(ports.db, statements).await?.into_iter();
    let missing = || Fault::new("facts: a statement has no rows");
    let items: Vec<Item> = rows.next().ok_or_else(missing)?.all()?;
    let calendar = calendar_of(&rows.next().ok_or_else(missing)?)?;
    Ok((Book::new(items), calendar, rows.collect()))
}
