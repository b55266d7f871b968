//! Loads what decisions depend on: the directories and the calendar.

use std::{cell::RefCell, rc::Rc};

use domain::{
    directory::{self, Book, Item},
    shared::{
        calendar::{Calendar, Kind, Week},
        statement::Statement,
        time::Timestamp,
    },
    sql,
};
use serde::Deserialize;

use crate::{
    error::Fault,
    ports::{Ports, Rows, read_all},
};

/// What the database holds now, as a mark that every change of directories or calendar draws anew.
const MARK: &str = "SELECT value AS mark FROM counter WHERE name = 'facts'";

/// The years of the calendar that decisions look at, in the table.
const YEARS: &str = "day BETWEEN ?1 AND ?2";

/// First and last day of this year and its neighbours.
fn years(now: Timestamp) -> [String; 2] {
    let year = chrono::Datelike::year(&now.day());
    [format!("{}-01-01", year - 1), format!("{}-12-31", year + 2)]
}

/// All rows of the calendar table of this year and its neighbours.
pub fn calendar_days(ports: &Ports<'_>) -> Statement {
    let [from, to] = years(ports.now);
    sql!(format!("SELECT day, week, working FROM calendar_day WHERE {YEARS}"), from, to)
}

/// Days before the end of the last calendar from which people are warned.
const WARN_DAYS: i64 = 60;

/// The last year up to which there are calendars of both weeks without a gap, from this year on;
/// where this one is missing, the last that there was before it. Rows [`CalendarEnd`].
pub fn calendar_end(today: chrono::NaiveDate) -> Statement {
    sql!(
        "WITH whole AS (SELECT year FROM calendar_year GROUP BY year HAVING count(DISTINCT week) = 2)
         SELECT coalesce(
           (SELECT min(w.year) FROM whole w WHERE w.year >= ?1
              AND EXISTS (SELECT 1 FROM whole WHERE year = ?1)
              AND NOT EXISTS (SELECT 1 FROM whole n WHERE n.year = w.year + 1)),
           (SELECT max(year) FROM whole WHERE year < ?1)) AS year",
        i64::from(chrono::Datelike::year(&today))
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

/// Directories and calendar as this worker has read them.
struct Known {
    mark: i64,
    day: chrono::NaiveDate,
    book: Rc<Book>,
    calendar: Rc<Calendar>,
}

thread_local! {
    static KNOWN: RefCell<Option<Known>> = const { RefCell::new(None) };
}

#[derive(Deserialize)]
struct Mark {
    mark: i64,
}

/// The directories and the calendar, in one trip together with other reads of the caller. What is
/// in memory is used where the database says, in that trip, that nothing has changed since: several
/// thousand rows cost more than all else that a command reads.
pub async fn load(
    ports: &Ports<'_>,
    more: Vec<Statement>,
) -> Result<(Rc<Book>, Rc<Calendar>, Vec<Rows>), Fault> {
    let day = ports.now.day();
    let known = KNOWN.with_borrow(|known| {
        let known = known.as_ref().filter(|known| known.day == day)?;
        Some((known.mark, known.book.clone(), known.calendar.clone()))
    });
    let mark = known.as_ref().map(|(mark, ..)| *mark);
    let [from, to] = years(ports.now);
    let mut statements = vec![
        sql!(MARK),
        directory::items(day, mark),
        sql!(
            format!(
                "SELECT day, week, working FROM counter k CROSS JOIN calendar_day
                 WHERE k.name = 'facts' AND k.value IS NOT ?3 AND {YEARS}"
            ),
            from,
            to,
            mark
        ),
    ];
    statements.extend(more);
    let mut rows = read_all(ports.db, statements).await?.into_iter();
    let missing = || Fault::new("facts: a statement has no rows");
    let now: Option<Mark> = rows.next().ok_or_else(missing)?.first()?;
    let now = now.ok_or_else(|| Fault::new("facts: the mark is missing"))?.mark;
    let [items, days] = [rows.next().ok_or_else(missing)?, rows.next().ok_or_else(missing)?];
    let (book, calendar) = match known {
        Some((mark, book, calendar)) if mark == now => (book, calendar),
        _ => {
            let book = Rc::new(Book::new(items.all::<Item>()?));
            let calendar = Rc::new(calendar_of(&days)?);
            let known = Known { mark: now, day, book: book.clone(), calendar: calendar.clone() };
            KNOWN.set(Some(known));
            (book, calendar)
        }
    };
    Ok((book, calendar, rows.collect()))
}
