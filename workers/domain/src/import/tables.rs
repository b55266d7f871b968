//! Tables of the state: the classifier of administrative units (KATO) and calendars of working
//! days. They are taken whole or not at all.

use std::collections::{HashMap, HashSet};

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{
    cell::{Cell, Row, Table, letter},
    days::{self, When},
    values::yes_no,
};
use crate::shared::fold::fold;

/// Rows from the top in which the names of the columns are looked for.
const DEPTH: usize = 20;

/// A mistake: row, column from 0, code of the note.
pub type Mistake = (u32, usize, &'static str);

/// Columns by their names; each may have several. `Err` names the first that is missing.
fn columns<const N: usize>(
    table: &Table,
    names: [&[&str]; N],
) -> Result<(usize, [usize; N]), String> {
    let mut missing = names.first().and_then(|list| list.first()).map_or("", |name| *name);
    for (at, row) in table.rows.iter().take(DEPTH).enumerate() {
        let mut found = [0; N];
        let mut known = 0;
        for (place, list) in found.iter_mut().zip(&names) {
            let column = row.filled().find(|(_, cell)| {
                let text = fold(&cell.text());
                list.iter().any(|name| fold(name) == text)
            });
            match column {
                Some((column, _)) => (*place, known) = (column, known + 1),
                None if known > 0 => missing = list.first().map_or("", |name| *name),
                None => {}
            }
        }
        if known == N {
            return Ok((at + 1, found));
        }
    }
    Err(missing.to_owned())
}

/// A unit of the classifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Nine digits: region 2, district 2, rural district 2, settlement 3.
    pub code: String,
    /// The unit above.
    pub parent: Option<String>,
    /// 1 region, 2 district, 3 rural district, 4 settlement.
    pub level: i64,
    /// Kazakh name.
    pub kk: String,
    /// Russian name.
    pub ru: String,
}

/// Reads the official table. `Err` names a column that is missing.
pub fn kato(table: &Table) -> Result<(Vec<Unit>, Vec<Mistake>), String> {
    let (first, [te, kaz, rus]) = columns(table, [&["te"], &["name_kaz"], &["name_rus"]])?;
    let mut units: Vec<Unit> = Vec::new();
    let mut seen = HashSet::new();
    let mut wrong = Vec::new();
    for row in table.rows.iter().skip(first) {
        // A spreadsheet drops zeros in front; no region begins with one, but a file may.
        let code = format!("{:0>9}", row.get(te).text());
        let (kk, ru) = (row.get(kaz).text(), row.get(rus).text());
        if code.len() != 9 || !code.bytes().all(|b| b.is_ascii_digit()) || code.starts_with("00") {
            wrong.push((row.number, te, "kato_code"));
        } else if kk.is_empty() || ru.is_empty() {
            wrong.push((row.number, if kk.is_empty() { kaz } else { rus }, "kato_name"));
        } else if !seen.insert(code.clone()) {
            wrong.push((row.number, te, "kato_duplicate"));
        } else {
            let level = level(&code);
            units.push(Unit { code, parent: None, level, kk: whole_kk(&kk), ru: whole_ru(&ru) });
        }
    }
    for unit in &mut units {
        // Towns of a district stand right below it: the nearest unit above that there is.
        unit.parent = [6, 4, 2]
            .into_iter()
            .filter_map(|digits| unit.code.get(..digits))
            .map(|head| format!("{head:0<9}"))
            .find(|above| *above != unit.code && seen.contains(above));
    }
    Ok((units, wrong))
}

fn level(code: &str) -> i64 {
    match (code.get(2..4), code.get(4..6), code.get(6..)) {
        (Some("00"), ..) => 1,
        (_, Some("00"), _) => 2,
        (.., Some("000")) => 3,
        _ => 4,
    }
}

/// "г.Текели", "Енбекский с.о.": the kind of the unit written out.
fn whole_ru(name: &str) -> String {
    for (end, kind) in [(" Г.А.", "город"), (" г.а.", "город")] {
        if let Some(name) = name.strip_suffix(end) {
            return format!("{kind} {name}");
        }
    }
    for (end, kind) in [(" с.о.", "сельский округ"), (" п.а.", "поселковая администрация")]
    {
        if let Some(name) = name.strip_suffix(end) {
            return format!("{name} {kind}");
        }
    }
    for (start, kind) in [("г.", "город"), ("с.", "село"), ("п.", "посёлок"), ("ст.", "станция")]
    {
        if let Some(name) = name.strip_prefix(start) {
            return format!("{kind} {}", name.trim());
        }
    }
    name.to_owned()
}

/// "Текелі қ.", "Еңбек а.о.": the kind of the unit written out.
fn whole_kk(name: &str) -> String {
    for (end, kind) in [
        (" Қ.Ә.", "қаласы"),
        (" қ.ә.", "қаласы"),
        (" а.о.", "ауылдық округі"),
        (" к.ә.", "кенттік әкімдігі"),
        (" қ.", "қаласы"),
        (" а.", "ауылы"),
        (" к.", "кенті"),
        (" ст.", "станциясы"),
    ] {
        if let Some(name) = name.strip_suffix(end) {
            return format!("{name} {kind}");
        }
    }
    name.to_owned()
}

/// A row of a calendar: a day that differs from its weekday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarDay {
    /// The day.
    pub day: NaiveDate,
    /// 5 or 6 days a week.
    pub week: u8,
    /// 1 = people work, 0 = they do not.
    pub working: u8,
    /// Its name in Kazakh.
    pub kk: String,
    /// Its name in Russian.
    pub ru: String,
}

/// Reads a calendar. `Err` names a column that is missing.
pub fn calendar(
    table: &Table,
    today: NaiveDate,
) -> Result<(Vec<CalendarDay>, Vec<Mistake>), String> {
    let (first, [day, week, working, kk, ru]) = columns(
        table,
        [
            &["day", "күн", "күні", "день", "дата"],
            &["week", "апта", "неделя"],
            &["working", "жұмыс", "жұмыс күні", "рабочий"],
            &["kk", "name_kaz", "қазақша", "атауы"],
            &["ru", "name_rus", "орысша", "название"],
        ],
    )?;
    let mut days = Vec::new();
    let mut seen = HashMap::new();
    let mut wrong = Vec::new();
    for row in table.rows.iter().skip(first) {
        let at = match days::read(row.get(day), table.from_1904, today, false) {
            Ok(When::Day(day)) => day,
            _ => {
                wrong.push((row.number, day, "calendar_day"));
                continue;
            }
        };
        let length = row.get(week).text().parse().ok().filter(|n| matches!(n, 5 | 6));
        let works = works(row, working);
        match (length, works) {
            _ if at.year() < today.year() => wrong.push((row.number, day, "calendar_past")),
            (None, _) => wrong.push((row.number, week, "calendar_week")),
            (_, None) => wrong.push((row.number, working, "calendar_working")),
            (Some(week), Some(working)) => {
                if seen.insert((at, week), row.number).is_some() {
                    wrong.push((row.number, day, "calendar_duplicate"));
                }
                days.push(CalendarDay {
                    day: at,
                    week,
                    working: working.into(),
                    kk: row.get(kk).text(),
                    ru: row.get(ru).text(),
                });
            }
        }
    }
    Ok((days, wrong))
}

fn works(row: &Row, column: usize) -> Option<bool> {
    match row.get(column) {
        Cell::Flag(flag) => Some(*flag),
        Cell::Empty => None,
        cell => {
            let folded = fold(&cell.text());
            let begins = |word: &str| folded.starts_with(&fold(word));
            if begins("рабоч") || begins("жұмыс") || begins("working") {
                Some(true)
            } else if begins("выход") || begins("демалыс") || begins("off") || begins("праздн")
            {
                Some(false)
            } else {
                yes_no(&cell.text())
            }
        }
    }
}

/// The letter of a mistake's column.
pub fn column_of(mistake: &Mistake) -> String {
    letter(mistake.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        let rows = (1..)
            .zip(text.lines())
            .map(|(number, line)| Row {
                number,
                cells: line.split(',').map(|cell| Cell::Text(cell.into())).collect(),
            })
            .collect();
        Table { rows, ..Table::default() }
    }

    #[test]
    fn the_official_table() {
        let (units, wrong) = kato(&table(
            "te,ab,cd,ef,hij,k,name_kaz,name_rus,nn\n330000000,33,00,00,000,1,Жетісу облысы,область Жетісу,1\n333400000,33,34,00,000,2,Алакөл ауданы,Алакольский район,2\n333420100,33,34,20,100,3,Үшарал қ.,г.Ушарал,3\n333633000,,,,,3,Бақтыбай а.о.,Бактыбайский с.о.,4\n12x,,,,,1,a,b,5\n330000000,,,,,1,a,b,6\n335000000,,,,,2,,b,7",
        ))
        .unwrap();
        let list: Vec<_> = units
            .iter()
            .map(|u| {
                (u.level, u.parent.as_deref().unwrap_or_default(), u.kk.as_str(), u.ru.as_str())
            })
            .collect();
        assert_eq!(
            list,
            [
                (1, "", "Жетісу облысы", "область Жетісу"),
                (2, "330000000", "Алакөл ауданы", "Алакольский район"),
                (4, "333400000", "Үшарал қаласы", "город Ушарал"),
                (3, "330000000", "Бақтыбай ауылдық округі", "Бактыбайский сельский округ"),
            ]
        );
        assert_eq!(wrong, [(6, 0, "kato_code"), (7, 0, "kato_duplicate"), (8, 6, "kato_name")]);
        assert_eq!(kato(&table("te,name_kaz\n1,2")), Err("name_rus".into()));
    }

    #[test]
    fn a_calendar() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let (days, wrong) = calendar(
            &table(
                "day,week,working,kk,ru\n2027-01-01,5,0,Жаңа жыл,Новый год\n02.01.2027,6,выходной,Жаңа жыл,Новый год\n2027-01-01,5,0,,\n2027-13-01,5,0,,\n2027-01-03,7,0,,\n2025-01-01,5,0,,\n2027-01-04,5,?,,",
            ),
            today,
        )
        .unwrap();
        assert_eq!(days.len(), 3);
        assert_eq!((days[1].week, days[1].working), (6, 0));
        let codes: Vec<_> = wrong.iter().map(|(row, _, code)| (*row, *code)).collect();
        assert_eq!(
            codes,
            [
                (4, "calendar_duplicate"),
                (5, "calendar_day"),
                (6, "calendar_week"),
                (7, "calendar_past"),
                (8, "calendar_working")
            ]
        );
    }
}
