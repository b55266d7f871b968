//! A sheet as rows of cells, whatever file it came from.

use chrono::{Days, NaiveDate};

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// A text, as it stands.
    Text(String),
    /// A number.
    Number(f64),
    /// A number that the workbook shows as a date.
    Date(NaiveDate),
    /// Yes or no.
    Flag(bool),
}

impl Cell {
    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        match self {
            Cell::Empty => true,
            Cell::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// The cell as a person would read it aloud: spaces and line breaks in one run are one space.
    pub fn text(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
            Cell::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
                (*number as i64).to_string()
            }
            Cell::Number(number) => number.to_string(),
            Cell::Date(day) => day.format("%d.%m.%Y").to_string(),
            Cell::Flag(true) => "да".to_owned(),
            Cell::Flag(false) => "нет".to_owned(),
        }
    }

    /// The cell with its own line breaks, for long texts.
    pub fn lines(&self) -> String {
        match self {
            Cell::Text(text) => text
                .lines()
                .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
                .filter(|line| !line.is_empty())
                .collect::<Vec<_>>()
                .join("\n"),
            other => other.text(),
        }
    }
}

/// A row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// Its number as the spreadsheet shows it, from 1.
    pub number: u32,
    /// Cells from column A on.
    pub cells: Vec<Cell>,
}

/// What of a cell that is not there.
static NOTHING: Cell = Cell::Empty;

impl Row {
    /// The cell of a column, counted from 0; past the end there is nothing.
    pub fn get(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&NOTHING)
    }

    /// Cells that hold something, with their columns.
    pub fn filled(&self) -> impl Iterator<Item = (usize, &Cell)> {
        self.cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty())
    }
}

/// Cells that were merged into their first one: rows from 1, columns from 0, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    /// First and last row.
    pub rows: (u32, u32),
    /// First and last column.
    pub columns: (usize, usize),
}

/// A sheet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Rows that hold something, in order.
    pub rows: Vec<Row>,
    /// Merged cells.
    pub merges: Vec<Merge>,
    /// Serial numbers of days count from 1904, as in old workbooks from a Mac.
    pub from_1904: bool,
}

/// The letters of a column, counted from 0: `A`, `Z`, `AA`.
pub fn letter(column: usize) -> String {
    let mut out = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        out.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    out.reverse();
    String::from_utf8(out).unwrap_or_default()
}

/// The day of a serial number of a spreadsheet. Serials of 1900 count a 29 February that never
/// was; days before March 1900 are not read.
pub fn day_of_serial(serial: f64, from_1904: bool) -> Option<NaiveDate> {
    if !(61.0..=2_958_465.0).contains(&serial) {
        return None;
    }
    let zero = if from_1904 {
        NaiveDate::from_ymd_opt(1904, 1, 1)?
    } else {
        NaiveDate::from_ymd_opt(1899, 12, 30)?
    };
    zero.checked_add_days(Days::new(serial as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        for (column, expected) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (702, "AAA")] {
            assert_eq!(letter(column), expected);
        }
    }

    #[test]
    fn serials_of_both_calendars() {
        let day = NaiveDate::from_ymd_opt(2026, 12, 25);
        assert_eq!(day_of_serial(46381.0, false), day);
        assert_eq!(day_of_serial(46381.75, false), day);
        assert_eq!(day_of_serial(44919.0, true), day);
        for bad in [-1.0, 0.0, 60.0, 1e12, f64::NAN, f64::INFINITY] {
            assert_eq!(day_of_serial(bad, false), None);
        }
    }

    #[test]
    fn cells_are_read_as_people_see_them() {
        assert_eq!(Cell::Number(0.5).text(), "0.5");
        assert_eq!(Cell::Number(90340012228.0).text(), "90340012228");
        assert_eq!(
            Cell::Text(" Математика пәнінің\nмұғалімі ".into()).text(),
            "Математика пәнінің мұғалімі"
        );
        assert_eq!(Cell::Text("a \r\n\n b  c".into()).lines(), "a\nb c");
    }
}
