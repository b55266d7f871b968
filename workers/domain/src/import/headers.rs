//! Finds the row with the headings and says what every column is. People put titles above it,
//! write it in two rows with merged cells and in two languages at once. The names are data:
//! `schemas/data/import-headers.json`.

use std::sync::OnceLock;

use super::{
    cell::{Row, Table, letter},
    words::{Token, telling, tokens},
};

macro_rules! fields {
    ($($name:ident = $code:literal,)+) => {
        /// What a column holds.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Field {
            $(#[doc = concat!("Field `", $code, "`.")] $name,)+
        }

        impl Field {
            /// All fields.
            pub const ALL: &[Field] = &[$(Field::$name,)+];

            /// The name, as in the report; its label is the key `field.<code>` in `import.json`.
            pub const fn code(self) -> &'static str {
                match self { $(Field::$name => $code,)+ }
            }
        }
    };
}

fields! {
    Bin = "bin",
    Organisation = "organisation",
    Position = "position",
    Subject = "subject",
    Rate = "rate",
    Hours = "hours",
    SalaryFrom = "salary_from",
    SalaryTo = "salary_to",
    Salary = "salary",
    Bonuses = "bonuses",
    Language = "language",
    TemporaryUntil = "temporary_until",
    Term = "term",
    StartOn = "start_on",
    AcceptTo = "accept_to",
    ContactEmail = "contact_email",
    ContactPhone = "contact_phone",
    ContactName = "contact_name",
    Contact = "contact",
    Duties = "duties",
    Requirements = "requirements",
    Conditions = "conditions",
    Housing = "housing",
    Schedule = "schedule",
    Openings = "openings",
    Experience = "experience",
    Category = "category",
    Address = "address",
    Note = "note",
    Ignored = "ignored",
}

/// Rows from the top in which the headings are looked for.
const DEPTH: usize = 40;

/// A column that was understood, or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Column, from 0.
    pub column: usize,
    /// The heading as written; both rows joined by ` / ` where there are two.
    pub text: String,
    /// What it holds.
    pub field: Option<Field>,
}

impl Heading {
    /// The letter of the column.
    pub fn letter(&self) -> String {
        letter(self.column)
    }
}

/// The headings of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headings {
    /// Number of the first heading row.
    pub row: u32,
    /// Index in [`Table::rows`] of the first row after the headings.
    pub first: usize,
    /// The columns that have a heading.
    pub columns: Vec<Heading>,
}

impl Headings {
    /// The column of a field.
    pub fn of(&self, field: Field) -> Option<&Heading> {
        self.columns.iter().find(|heading| heading.field == Some(field))
    }
}

fn names() -> &'static [(Field, Vec<Vec<Token>>)] {
    static NAMES: OnceLock<Vec<(Field, Vec<Vec<Token>>)>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let text = include_str!("../../../../schemas/data/import-headers.json");
        let file: std::collections::BTreeMap<String, Vec<String>> =
            serde_json::from_str(text).unwrap_or_default();
        Field::ALL
            .iter()
            .filter_map(|field| {
                let list = file.get(field.code())?;
                Some((*field, list.iter().map(|name| tokens(name)).collect()))
            })
            .collect()
    })
}

/// What a heading means: the field whose longest name it holds; of equal ones the first in
/// [`Field::ALL`]. The second value is the number of words that spoke for it.
pub fn understand(text: &str) -> Option<(Field, usize)> {
    let text = text.trim();
    if matches!(text, "№" | "N" | "#") {
        return Some((Field::Ignored, 1));
    }
    let have = tokens(text);
    let mut best: Option<(Field, usize)> = None;
    for (field, list) in names() {
        for name in list {
            let holds = !name.is_empty()
                && name.iter().all(|word| {
                    have.iter().any(|token| token.word == word.word || token.stem == word.stem)
                });
            if holds && best.is_none_or(|(_, length)| name.len() > length) {
                best = Some((*field, name.len()));
            }
        }
    }
    best
}

/// Finds the headings. `None` where no row looks like them.
pub fn find(table: &Table) -> Option<Headings> {
    let mut best: Option<(usize, Headings)> = None;
    for start in 0..table.rows.len().min(DEPTH) {
        let single = read(table, start, 1);
        let double = read(table, start, 2);
        for (score, headings) in [single, double].into_iter().flatten() {
            if best.as_ref().is_none_or(|(have, _)| score > *have) {
                best = Some((score, headings));
            }
        }
    }
    best.map(|(_, headings)| headings)
}

/// Reads `height` rows from `start` as headings. The score counts fields that are known, and
/// takes off what a row of data would show: cells that mean nothing.
fn read(table: &Table, start: usize, height: usize) -> Option<(usize, Headings)> {
    let top = table.rows.get(start)?;
    let bottom = if height == 2 { Some(table.rows.get(start + 1)?) } else { None };
    if bottom.is_some_and(|row| row.number != top.number + 1) {
        return None;
    }
    let width = top.cells.len().max(bottom.map_or(0, |row| row.cells.len()));
    let mut columns = Vec::new();
    let mut taken = Vec::new();
    let (mut known, mut unknown) = (0_usize, 0_usize);
    for column in 0..width {
        let above = above(table, top, bottom, column);
        let below = bottom.map(|row| row.get(column).text()).unwrap_or_default();
        let text = match (above.is_empty(), below.is_empty()) {
            (true, true) => continue,
            (false, true) => above.clone(),
            (true, false) => below.clone(),
            (false, false) => format!("{above} / {below}"),
        };
        // A data row of numbers is no heading.
        if text.chars().count() > 200 || !text.chars().any(|c| c.is_alphabetic() || c == '№') {
            unknown += 1;
            continue;
        }
        // The lower row is the narrower one: it decides where it says anything.
        let field = if below.is_empty() {
            understand(&above)
        } else {
            understand(&below)
                .filter(|(field, _)| *field != Field::Ignored)
                .or_else(|| understand(&text))
        }
        .map(|(field, _)| field);
        match field {
            Some(field) if field == Field::Ignored || !taken.contains(&field) => {
                if field != Field::Ignored {
                    taken.push(field);
                    known += 1;
                }
                columns.push(Heading { column, text, field: Some(field) });
            }
            _ => {
                unknown += 1;
                columns.push(Heading { column, text, field: None });
            }
        }
    }
    let enough = known >= 2 && (taken.contains(&Field::Position) || known >= 4);
    let first = start + height;
    let score = (known * 4).saturating_sub(unknown);
    enough.then_some((score, Headings { row: top.number, first, columns }))
}

/// The heading above: a merged cell speaks for all its columns, and so does the last filled cell
/// to the left where the upper row is empty and the lower is not (a merge kept as CSV).
fn above(table: &Table, top: &Row, bottom: Option<&Row>, column: usize) -> String {
    let own = top.get(column).text();
    if !own.is_empty() {
        return own;
    }
    let merge = table.merges.iter().find(|merge| {
        (merge.rows.0..=merge.rows.1).contains(&top.number)
            && (merge.columns.0..=merge.columns.1).contains(&column)
    });
    if let Some(merge) = merge {
        return top.get(merge.columns.0).text();
    }
    let below = bottom.is_some_and(|row| !row.get(column).is_empty());
    let left_below = |left: usize| bottom.is_some_and(|row| !row.get(left).is_empty());
    if below && table.merges.is_empty() {
        let left = (0..column).rev().find(|left| !top.get(*left).is_empty());
        if let Some(left) = left
            && (left..column).all(left_below)
        {
            return top.get(left).text();
        }
    }
    String::new()
}

/// Whether a row repeats the headings, as at the top of every printed page, or numbers the
/// columns: 1 2 3 4 …
pub(super) fn repeats(row: &Row, headings: &Headings) -> bool {
    let cells: Vec<(usize, String)> =
        row.filled().map(|(column, cell)| (column, cell.text())).collect();
    let numbered = cells.len() >= 3
        && cells.iter().zip(cells.iter().skip(1)).all(|((_, a), (_, b))| {
            matches!((a.parse::<u32>(), b.parse::<u32>()), (Ok(a), Ok(b)) if b == a + 1)
        });
    let same = |(column, text): &(usize, String)| {
        headings.columns.iter().any(|heading| {
            heading.column == *column
                && !telling(text).is_empty()
                && heading.text.contains(text.as_str())
        })
    };
    numbered
        || (cells.len() >= 3 && cells.iter().filter(|cell| same(cell)).count() * 2 > cells.len())
}

#[cfg(test)]
mod tests;
