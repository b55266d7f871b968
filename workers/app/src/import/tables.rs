//! `POST /api/v1/cabinet/import/kato` and `…/calendar`: tables of the state, whole or not at all.

use std::collections::{HashMap, HashSet};

use chrono::Datelike;
use domain::{
    import::{
        api::{Mode, Note, TableReport},
        report::{file_note, shorten, text},
        tables::{CalendarDay, Mistake, Unit, calendar, column_of, kato},
    },
    journal::Entry,
    shared::{
        calendar::{Calendar, Kind as DayKind, Week},
        refusal::{Check, Kind, Refusal},
        statement::Statement,
    },
    sql,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    mode_of,
    sheet::{self, Limits, Sheet},
};
use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::read,
    save::{Change, Event, save},
};

/// Rows of one JSON value: the edge takes 2 MB.
const CHUNK: usize = 4000;
/// Mistakes that are listed.
const LISTED: usize = 100;

/// Reads the file and the mode; a table has no drafts.
fn open(request: &Request) -> Result<(Mode, Sheet), Refusal> {
    let mode = mode_of(request)?;
    if mode == Mode::Draft {
        let mut check = Check::default();
        check.wrong("mode", "unknown");
        check.done()?;
    }
    let limits = Limits::TABLE;
    let sheet =
        sheet::read(&request.body, &limits, &|_| true).map_err(|bad| bad.refusal(&limits))?;
    Ok((mode, sheet))
}

fn no_column(name: String) -> Refusal {
    Refusal::new(Kind::Invalid, "import_columns_missing").with("columns", name)
}

fn begin(cx: &Cx<'_>, mode: Mode, sheet: &Sheet, wrong: &[Mistake]) -> TableReport {
    let note = |mistake: &Mistake| {
        let (row, column, code) = mistake;
        let found = sheet.table.rows.iter().find(|have| have.number == *row);
        let note = Note {
            column: column_of(mistake),
            header: String::new(),
            field: String::new(),
            code: (*code).to_owned(),
            text: text(cx.lang, code, &[]),
            value: found.map(|row| shorten(&row.get(*column).text())).unwrap_or_default(),
        };
        (*row, note)
    };
    let mut report = TableReport {
        mode,
        format: sheet.format.clone(),
        refused: wrong.len() as u32,
        errors: wrong.iter().take(LISTED).map(note).collect(),
        ..TableReport::default()
    };
    if sheet.letters_lost {
        report.notes.push(file_note(cx.lang, "letters_lost", &[]));
    }
    report
}

/// Saves unless it is a preview, there is a mistake, or nothing changes.
async fn finish(
    cx: &Cx<'_>,
    report: &TableReport,
    object: &'static str,
    statements: Vec<Statement>,
) -> Result<Response, Error> {
    let response = Response::json(report)?;
    if report.mode == Mode::Check || report.refused > 0 || statements.is_empty() {
        return Ok(response);
    }
    let entry = Entry::new(format!("{object}.import"), object, object).after(json!({
        "created": report.created, "updated": report.updated, "closed": report.closed,
    }));
    // Names of places and organisations are searched: the index takes them from here.
    let events = match object {
        "calendar" => vec![],
        _ => vec![Event { topic: "names.changed", key: object.to_owned() }],
    };
    save(cx, None, Change { statements, journal: vec![entry], events }, response).await
}

#[derive(Deserialize)]
struct Stored {
    #[serde(flatten)]
    unit: Unit,
    closed_on: Option<String>,
}

pub(super) async fn post_kato(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let (mode, sheet) = open(request)?;
    let (units, wrong) = kato(&sheet.table).map_err(no_column)?;
    let stored: Vec<Stored> =
        read(cx.ports.db, sql!("SELECT code, parent, level, kk, ru, closed_on FROM kato"))
            .await?
            .all()?;
    let known: HashMap<&str, &Stored> =
        stored.iter().map(|have| (have.unit.code.as_str(), have)).collect();
    let mut report = begin(cx, mode, &sheet, &wrong);
    report.total = (units.len() + wrong.len()) as u32;
    let mut write: Vec<&Unit> = Vec::new();
    for unit in &units {
        match known.get(unit.code.as_str()) {
            None => report.created += 1,
            Some(have) if have.unit == *unit && have.closed_on.is_none() => {
                report.unchanged += 1;
                continue;
            }
            Some(_) => report.updated += 1,
        }
        write.push(unit);
    }
    // A file of one region says nothing about the others.
    let region = |code: &str| code.get(..2).unwrap_or_default().to_owned();
    let regions: HashSet<String> = units.iter().map(|unit| region(&unit.code)).collect();
    let codes: HashSet<&str> = units.iter().map(|unit| unit.code.as_str()).collect();
    let gone: Vec<&str> = stored
        .iter()
        .filter(|have| have.closed_on.is_none())
        .map(|have| have.unit.code.as_str())
        .filter(|code| regions.contains(&region(code)) && !codes.contains(code))
        .collect();
    report.closed = gone.len() as u32;
    let all: HashSet<String> = stored.iter().map(|have| region(&have.unit.code)).collect();
    if !all.is_subset(&regions) {
        let n = regions.len().to_string();
        report.notes.push(file_note(cx.lang, "kato_partial", &[("n", &n)]));
    }
    let mut statements: Vec<Statement> = write
        .chunks(CHUNK)
        .map(|chunk| {
            sql!(
                "INSERT INTO kato (code, parent, level, kk, ru)
                 SELECT value ->> 'code', value ->> 'parent', value ->> 'level', value ->> 'kk',
                   value ->> 'ru' FROM json_each(?1) WHERE true
                 ON CONFLICT (code) DO UPDATE SET parent = excluded.parent,
                   level = excluded.level, kk = excluded.kk, ru = excluded.ru, closed_on = NULL",
                json!(chunk).to_string()
            )
        })
        .collect();
    if !gone.is_empty() {
        statements.push(sql!(
            "UPDATE kato SET closed_on = ?2 WHERE code IN (SELECT value FROM json_each(?1))",
            json!(gone).to_string(),
            cx.ports.now.day()
        ));
    }
    finish(cx, &report, "kato", statements).await
}

/// How many days of a year are worked when the rows count: who looks at the preview compares it with
/// the published balance of working time.
fn working_days(days: &[CalendarDay], year: i32, week: u8) -> usize {
    let week = if week == 6 { Week::Six } else { Week::Five };
    let calendar = Calendar::new(days.iter().map(|row| {
        let kind = if row.working == 1 { DayKind::Working } else { DayKind::Off };
        (row.day, if row.week == 6 { Week::Six } else { Week::Five }, kind)
    }));
    chrono::NaiveDate::from_ymd_opt(year, 1, 1)
        .into_iter()
        .flat_map(|first| first.iter_days())
        .take_while(|day| day.year() == year)
        .filter(|day| calendar.is_working(week, *day) == Ok(true))
        .count()
}

pub(super) async fn post_calendar(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let (mode, sheet) = open(request)?;
    let (days, wrong) = calendar(&sheet.table, cx.ports.now.day()).map_err(no_column)?;
    let mut report = begin(cx, mode, &sheet, &wrong);
    report.total = (days.len() + wrong.len()) as u32;
    // A file replaces the years and weeks that it holds, no others.
    let mut years: Vec<(i32, u8)> = days.iter().map(|day| (day.day.year(), day.week)).collect();
    years.sort_unstable();
    years.dedup();
    let stored: Vec<CalendarDay> =
        read(cx.ports.db, sql!("SELECT day, week, working, kk, ru FROM calendar_day"))
            .await?
            .all()?;
    let known: HashMap<_, _> = stored.iter().map(|have| ((have.day, have.week), have)).collect();
    let mut changed: HashSet<(i32, u8)> = HashSet::new();
    for day in &days {
        match known.get(&(day.day, day.week)) {
            None => report.created += 1,
            Some(have) if *have == day => {
                report.unchanged += 1;
                continue;
            }
            Some(_) => report.updated += 1,
        }
        changed.insert((day.day.year(), day.week));
    }
    let named: HashSet<_> = days.iter().map(|day| (day.day, day.week)).collect();
    for have in &stored {
        let year = (have.day.year(), have.week);
        if years.contains(&year) && !named.contains(&(have.day, have.week)) {
            report.closed += 1;
            changed.insert(year);
        }
    }
    for (year, week) in &years {
        let [year, week, n] =
            [year.to_string(), week.to_string(), working_days(&days, *year, *week).to_string()];
        let values = [("year", &*year), ("week", &*week), ("n", &*n)];
        report.notes.push(file_note(cx.lang, "calendar_year", &values));
    }
    let mut statements = Vec::new();
    if !changed.is_empty() {
        let mut years: Vec<_> = changed.into_iter().collect();
        years.sort_unstable();
        let rows: Vec<&CalendarDay> =
            days.iter().filter(|day| years.contains(&(day.day.year(), day.week))).collect();
        let years: Vec<Value> = years.iter().map(|(year, week)| json!([year, week])).collect();
        let years = Value::from(years).to_string();
        statements.push(sql!(
            "DELETE FROM calendar_day WHERE (CAST(substr(day, 1, 4) AS INTEGER), week) IN
               (SELECT value ->> 0, value ->> 1 FROM json_each(?1))",
            years.as_str()
        ));
        statements.push(sql!(
            "INSERT INTO calendar_day (day, week, working, kk, ru)
             SELECT value ->> 'day', value ->> 'week', value ->> 'working', value ->> 'kk',
               value ->> 'ru' FROM json_each(?1)",
            json!(rows).to_string()
        ));
        statements.push(sql!(
            "INSERT INTO calendar_year (year, week, revision)
             SELECT value ->> 0, value ->> 1, 1 FROM json_each(?1) WHERE true
             ON CONFLICT (year, week) DO UPDATE SET revision = revision + 1",
            years
        ));
    }
    finish(cx, &report, "calendar", statements).await
}
