//! The calendar of working days as those who keep it see it: what is loaded, a year as a row of
//! days, and where all of it stands together with directories and places.

use chrono::{Datelike, Days, NaiveDate};
use domain::{
    directory::NAMES,
    shared::{
        calendar::Week,
        refusal::{Check, Refusal},
    },
    sql,
};
use serde::{Deserialize, Serialize};

use crate::{
    cx::Cx,
    error::Error,
    facts::{CalendarEnd, calendar_end, ends_soon},
    http::{Request, Response},
    ports::{read, read_all},
    route,
    routes::Route,
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/reference", May(DirectoryEdit), Cabinet, overview),
    route!(Get "/api/v1/cabinet/calendar", May(DirectoryEdit), Cabinet, year),
];

/// Items of a directory by whether they can be chosen today.
#[derive(Deserialize)]
struct Counted {
    directory: String,
    open: u32,
    closed: u32,
    coming: u32,
}

#[derive(Serialize)]
struct DirectoryRow {
    name: &'static str,
    open: u32,
    closed: u32,
    coming: u32,
}

#[derive(Serialize, Deserialize, Default)]
struct Places {
    open: u32,
    closed: u32,
    settlements: u32,
}

#[derive(Serialize)]
struct Overview {
    directories: Vec<DirectoryRow>,
    places: Places,
    calendar: CalendarState,
}

/// How far the calendars reach.
#[derive(Serialize)]
struct CalendarState {
    /// The last day on which something can be counted; nothing = no year is whole.
    until: Option<NaiveDate>,
    /// Whether it is time to load the next year.
    soon: bool,
    /// The year that is to be loaded next.
    next: i32,
}

impl CalendarState {
    fn new(cx: &Cx<'_>, end: Option<CalendarEnd>) -> CalendarState {
        let today = cx.ports.now.day();
        let until = end.and_then(CalendarEnd::day);
        CalendarState {
            until,
            soon: until.is_none_or(|until| ends_soon(today, until)),
            next: until.map_or(today.year(), |until| today.year().max(until.year() + 1)),
        }
    }
}

/// `GET /cabinet/reference`: directories, places and the calendar at a look.
async fn overview(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let today = cx.ports.now.day();
    let counted = sql!(
        "SELECT directory,
                sum(valid_from <= ?1 AND (valid_to IS NULL OR valid_to >= ?1)) AS open,
                sum(valid_to IS NOT NULL AND valid_to < ?1) AS closed,
                sum(valid_from > ?1) AS coming
           FROM directory_item d
          WHERE edition = (SELECT max(edition) FROM directory_item e
                            WHERE e.directory = d.directory AND e.code = d.code)
          GROUP BY directory",
        today
    );
    let places = sql!(
        "SELECT count(*) FILTER (WHERE closed_on IS NULL) AS open,
                count(*) FILTER (WHERE closed_on IS NOT NULL) AS closed,
                count(*) FILTER (WHERE closed_on IS NULL AND level = 4) AS settlements FROM kato"
    );
    let rows = read_all(cx.ports.db, vec![counted, places, calendar_end(today)]).await?;
    let counted: Vec<Counted> =
        rows.first().map(|rows| rows.all()).transpose()?.unwrap_or_default();
    let places = rows.get(1).map(|rows| rows.first()).transpose()?.flatten().unwrap_or_default();
    let end = rows.get(2).map(|rows| rows.first()).transpose()?.flatten();
    let directories = NAMES
        .iter()
        .map(|name| {
            let found = counted.iter().find(|one| one.directory == *name);
            let part = |part: fn(&Counted) -> u32| found.map_or(0, part);
            DirectoryRow {
                name,
                open: part(|one| one.open),
                closed: part(|one| one.closed),
                coming: part(|one| one.coming),
            }
        })
        .collect();
    let calendar = CalendarState::new(cx, end);
    Ok(Response::json(&Overview { directories, places, calendar })?)
}

/// A row of the calendar: a day with a name of its own.
#[derive(Serialize, Deserialize)]
struct Named {
    day: NaiveDate,
    working: u8,
    kk: String,
    ru: String,
}

/// A year that is loaded for a week.
#[derive(Serialize, Deserialize)]
struct Loaded {
    year: i32,
    week: u8,
    revision: i64,
}

#[derive(Serialize)]
struct Year {
    year: i32,
    week: &'static str,
    loaded: Vec<Loaded>,
    #[serde(flatten)]
    state: CalendarState,
    /// A letter a day from 1 January: `w` working, `o` free by its weekday, `h` a holiday or a day
    /// off moved there, `x` a day of the weekend that is worked. Empty where the year is not loaded.
    days: String,
    named: Vec<Named>,
}

/// `GET /cabinet/calendar?year=&week=`: this year and the week of five days where nothing is said.
async fn year(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let (year, week) = asked(cx, request)?;
    let number: i64 = if week == Week::Six { 6 } else { 5 };
    let named = sql!(
        "SELECT day, working, kk, ru FROM calendar_day
          WHERE week = ?1 AND day BETWEEN ?2 AND ?3 ORDER BY day",
        number,
        format!("{year}-01-01"),
        format!("{year}-12-31")
    );
    let loaded = sql!("SELECT year, week, revision FROM calendar_year ORDER BY year, week");
    let named: Vec<Named> = read(cx.ports.db, named).await?.all()?;
    let rows = read_all(cx.ports.db, vec![loaded, calendar_end(cx.ports.now.day())]).await?;
    let loaded = rows.first().map(|rows| rows.all()).transpose()?.unwrap_or_default();
    let end = rows.get(1).map(|rows| rows.first()).transpose()?.flatten();
    let days = if named.is_empty() { String::new() } else { letters(year, week, &named) };
    let state = CalendarState::new(cx, end);
    Ok(Response::json(&Year { year, week: week.code(), loaded, state, days, named })?)
}

fn asked(cx: &Cx<'_>, request: &Request) -> Result<(i32, Week), Refusal> {
    let (mut year, mut week) = (cx.ports.now.day().year(), Week::Five);
    let mut wrong = Check::default();
    for (name, value) in request.query_pairs() {
        match name.as_str() {
            "year" if !value.is_empty() => match value.parse() {
                Ok(one @ 2000..=2100) => year = one,
                _ => wrong.wrong("year", "unknown"),
            },
            "week" if !value.is_empty() => match Week::parse(&value) {
                Some(one) => week = one,
                None => wrong.wrong("week", "unknown"),
            },
            _ => {}
        }
    }
    wrong.done().map(|()| (year, week))
}

/// The year, a letter a day.
fn letters(year: i32, week: Week, named: &[Named]) -> String {
    let Some(first) = NaiveDate::from_ymd_opt(year, 1, 1) else { return String::new() };
    let mut named = named.iter().peekable();
    (0..366)
        .map_while(|n| first.checked_add_days(Days::new(n)).filter(|day| day.year() == year))
        .map(|day| match named.next_if(|row| row.day == day) {
            Some(row) if row.working == 1 => 'x',
            Some(_) => 'h',
            None if day.weekday().number_from_monday() > if week == Week::Six { 6 } else { 5 } => {
                'o'
            }
            None => 'w',
        })
        .collect()
}
