//! Days as people write them, in three languages, with and without a year.

use chrono::{Datelike, NaiveDate};

use super::{
    cell::{Cell, day_of_serial},
    words::{begins, words},
};
use crate::shared::fold::fold;

/// What a cell about a day says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// Nothing: the rules decide.
    Open,
    /// A day.
    Day(NaiveDate),
    /// A number of working days.
    WorkingDays(u32),
}

/// Why it says nothing useful.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BadDay {
    /// There is no such day.
    Impossible,
    /// It is not understood.
    Unreadable,
}

/// A piece of the text.
#[derive(Debug, Clone, PartialEq)]
enum Piece {
    /// A number, how many digits it has, and the sign before it.
    Number(u32, usize, char),
    /// A month.
    Month(u32),
}

/// Reads a cell. `last` says whether the end of a range is wanted ("с 1 по 15 декабря") or its
/// beginning. A day without a year is the next such day, today included.
pub(super) fn read(
    cell: &Cell,
    from_1904: bool,
    today: NaiveDate,
    last: bool,
) -> Result<When, BadDay> {
    match cell {
        Cell::Empty => return Ok(When::Open),
        Cell::Date(day) => return Ok(When::Day(*day)),
        Cell::Flag(_) => return Err(BadDay::Unreadable),
        Cell::Number(number) => return serial(*number, from_1904).map(When::Day),
        Cell::Text(_) => {}
    }
    let text = cell.text();
    let folded = fold(&text);
    if folded.is_empty() || words().empty.contains(&folded) {
        return Ok(When::Open);
    }
    let pieces = pieces(&folded);
    if let [Piece::Number(number, 5, _)] = pieces.as_slice() {
        return serial(f64::from(*number), from_1904).map(When::Day);
    }
    if let Some(count) = working_days(&folded, &pieces) {
        return Ok(When::WorkingDays(count));
    }
    let days = days(&pieces, today)?;
    match if last { days.last() } else { days.first() } {
        Some(day) => Ok(When::Day(*day)),
        None if begins(&folded, &words().open_ended) => Ok(When::Open),
        None => Err(BadDay::Unreadable),
    }
}

/// The first day that stands in a text, if there is one; for cells that say other things too.
pub(super) fn within(text: &str, today: NaiveDate) -> Result<Option<NaiveDate>, BadDay> {
    Ok(days(&pieces(&fold(text)), today)?.into_iter().next())
}

fn serial(number: f64, from_1904: bool) -> Result<NaiveDate, BadDay> {
    // Between 2000 and 2100; other numbers are no days of ours.
    let day = day_of_serial(number, from_1904).ok_or(BadDay::Unreadable)?;
    if (2000..2100).contains(&day.year()) { Ok(day) } else { Err(BadDay::Unreadable) }
}

fn pieces(folded: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut chars = folded.chars().peekable();
    let mut sign = ' ';
    while let Some(c) = chars.next() {
        if c.is_ascii_digit() {
            let mut digits = String::from(c);
            while let Some(next) = chars.next_if(char::is_ascii_digit) {
                digits.push(next);
            }
            out.push(Piece::Number(digits.parse().unwrap_or(u32::MAX), digits.len(), sign));
        } else if c.is_alphabetic() {
            let mut word = String::from(c);
            while let Some(next) = chars.next_if(|c| c.is_alphabetic()) {
                word.push(next);
            }
            if let Some(month) = month(&word) {
                out.push(Piece::Month(month));
            }
            sign = ' ';
            continue;
        }
        sign = c;
        if c.is_ascii_digit() {
            sign = ' ';
        }
    }
    out
}

/// The month whose name a word begins with: the longest beginning wins.
fn month(word: &str) -> Option<u32> {
    let mut best = (0, None);
    for (place, names) in (1..).zip(&words().months) {
        for name in names {
            // Three letters may be a whole word only: "там" is not "тамыз" inside another one.
            let fits = if name.chars().count() <= 3 {
                word == name || (name == "маи" && word.starts_with("маи"))
            } else {
                word.starts_with(name.as_str())
            };
            if fits && name.len() > best.0 {
                best = (name.len(), Some(place));
            }
        }
    }
    best.1
}

/// "7 жұмыс күні", "5 рабочих дней".
fn working_days(folded: &str, pieces: &[Piece]) -> Option<u32> {
    let works = begins(folded, &["рабоч".into(), "жумыс".into(), "working".into()]);
    let days =
        begins(folded, &["дн".into(), "ден".into(), "дне".into(), "кун".into(), "day".into()]);
    match pieces {
        [Piece::Number(count @ 1..=60, ..)] if works && days => Some(*count),
        _ => None,
    }
}

/// All days that stand in the pieces, in order.
fn days(pieces: &[Piece], today: NaiveDate) -> Result<Vec<NaiveDate>, BadDay> {
    let mut out = Vec::new();
    let mut rest = pieces;
    let joined = |sign: char| matches!(sign, '.' | '/' | '-' | ',');
    while !rest.is_empty() {
        let (day, used) = match rest {
            // 2026 жылғы 17 желтоқсан
            [Piece::Number(year, 4, _), Piece::Number(day, 1 | 2, _), Piece::Month(month), ..] => {
                (exact(*year, *month, *day)?, 3)
            }
            // 17 декабря 2026 г.
            [Piece::Number(day, 1 | 2, _), Piece::Month(month), Piece::Number(year, 4, _), ..] => {
                (exact(*year, *month, *day)?, 3)
            }
            [Piece::Number(day, 1 | 2, _), Piece::Month(month), ..] => {
                (next(*month, *day, today)?, 2)
            }
            // 2026-12-25
            [
                Piece::Number(year, 4, _),
                Piece::Number(month, 1 | 2, a),
                Piece::Number(day, 1 | 2, b),
                ..,
            ] if joined(*a) && joined(*b) => (exact(*year, *month, *day)?, 3),
            // 25.12.2026, 25.12.26
            [
                Piece::Number(day, 1 | 2, _),
                Piece::Number(month, 1 | 2, a),
                Piece::Number(year, 4, b),
                ..,
            ] if joined(*a) && joined(*b) => (exact(*year, *month, *day)?, 3),
            [
                Piece::Number(day, 1 | 2, _),
                Piece::Number(month, 1 | 2, a),
                Piece::Number(year, 2, b),
                ..,
            ] if joined(*a) && joined(*b) => (exact(2000 + *year, *month, *day)?, 3),
            [Piece::Number(day, 1 | 2, _), Piece::Number(month, 1 | 2, '.' | '/'), ..] => {
                (next(*month, *day, today)?, 2)
            }
            [_, more @ ..] => {
                rest = more;
                continue;
            }
            [] => break,
        };
        out.push(day);
        rest = rest.get(used..).unwrap_or_default();
    }
    Ok(out)
}

fn exact(year: u32, month: u32, day: u32) -> Result<NaiveDate, BadDay> {
    let year = i32::try_from(year).map_err(|_| BadDay::Impossible)?;
    NaiveDate::from_ymd_opt(year, month, day)
        .filter(|day| (2000..2100).contains(&day.year()))
        .ok_or(BadDay::Impossible)
}

fn next(month: u32, day: u32, today: NaiveDate) -> Result<NaiveDate, BadDay> {
    let of = |year| NaiveDate::from_ymd_opt(year, month, day);
    // 29 February may be some years away.
    (today.year()..today.year() + 8)
        .filter_map(of)
        .find(|day| *day >= today)
        .ok_or(BadDay::Impossible)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Result<When, BadDay> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        read(&Cell::Text(text.into()), false, today, true)
    }

    #[test]
    fn every_way_of_writing_a_day() {
        for (text, expected) in [
            ("2026 жылғы 17 желтоқсан", "2026-12-17"),
            ("17 декабря 2026 г.", "2026-12-17"),
            ("до 11 декабря 2026 года", "2026-12-11"),
            ("с 1 декабря 2026 г.", "2026-12-01"),
            ("21 желтоқсанға дейін", "2026-12-21"),
            ("21 желтоксан", "2026-12-21"),
            ("по 17 декабря", "2026-12-17"),
            ("с 1 по 15 декабря", "2026-12-15"),
            ("с 01.12.2026 по 18.12.2026", "2026-12-18"),
            ("15 қаңтар", "2027-01-15"),
            ("23 қараша", "2026-11-23"),
            ("1 мая 2027", "2027-05-01"),
            ("1 мамыр 2027 ж.", "2027-05-01"),
            ("5 марта 2027", "2027-03-05"),
            ("25 December 2026", "2026-12-25"),
            ("28/12/2026", "2026-12-28"),
            ("28.12.2026 ж.", "2026-12-28"),
            ("23.12.26", "2026-12-23"),
            ("2026-12-25", "2026-12-25"),
            ("до 15.12", "2026-12-15"),
            ("46381", "2026-12-25"),
            ("29 февраля", "2028-02-29"),
        ] {
            assert_eq!(said(text), Ok(When::Day(expected.parse().unwrap())), "{text}");
        }
    }

    #[test]
    fn what_is_no_day() {
        assert_eq!(said("7 жұмыс күні"), Ok(When::WorkingDays(7)));
        assert_eq!(said("5 рабочих дней"), Ok(When::WorkingDays(5)));
        for text in ["", "-", "—", "до заполнения вакансии"] {
            assert_eq!(said(text), Ok(When::Open), "{text}");
        }
        for text in ["31.11.2026", "32 декабря", "12/25/2026", "30 ақпан 2027", "01.01.0026"]
        {
            assert_eq!(said(text), Err(BadDay::Impossible), "{text}");
        }
        for text in ["скоро", "декабрь", "99", "7 дней"] {
            assert_eq!(said(text), Err(BadDay::Unreadable), "{text}");
        }
    }
}
