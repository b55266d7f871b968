//! Reads the file a person sends into rows of cells: CSV or XLSX, told apart by their content.
//! Everything is limited before it is unpacked or copied.

mod csv;
mod text;
mod xlsx;
mod xml;
mod zip;

use domain::{
    import::cell::Table,
    shared::refusal::{Kind, Refusal},
};

/// How much is read.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Rows that hold something.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Characters of a cell.
    pub cell: usize,
}

impl Limits {
    /// A list of vacancies.
    pub const LIST: Limits = Limits { rows: 5_100, columns: 60, cell: 8_000 };
    /// A classifier or a calendar.
    pub const TABLE: Limits = Limits { rows: 30_000, columns: 30, cell: 500 };
}

/// Why a file was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bad {
    /// There is nothing in it.
    Empty,
    /// It is damaged.
    Broken,
    /// A workbook of the old format (or one with a password, which looks the same).
    OldWorkbook,
    /// A part of it is encrypted.
    Locked,
    /// Something else: a document, a picture, a page of the web.
    NotAList,
    /// It unpacks to more than a list can be.
    Unpacked,
    /// Too many rows.
    Rows,
    /// Too many columns.
    Columns,
    /// A cell is too long.
    Cell {
        /// Its row.
        row: u32,
    },
}

impl Bad {
    /// The refusal for a person.
    pub fn refusal(self, limits: &Limits) -> Refusal {
        match self {
            Bad::Empty => Refusal::new(Kind::Invalid, "import_empty"),
            Bad::Broken => Refusal::new(Kind::Invalid, "import_broken"),
            Bad::OldWorkbook => Refusal::new(Kind::MediaType, "import_old_workbook"),
            Bad::Locked => Refusal::new(Kind::MediaType, "import_locked"),
            Bad::NotAList => Refusal::new(Kind::MediaType, "import_not_a_list"),
            Bad::Unpacked => Refusal::new(Kind::TooLarge, "import_unpacked"),
            Bad::Rows => Refusal::new(Kind::TooLarge, "import_rows").with("max", limits.rows),
            Bad::Columns => {
                Refusal::new(Kind::TooLarge, "import_columns").with("max", limits.columns)
            }
            Bad::Cell { row } => Refusal::new(Kind::TooLarge, "import_cell")
                .with("row", row)
                .with("max", limits.cell),
        }
    }
}

/// A sheet and where it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// The cells.
    pub table: Table,
    /// The file in words: `XLSX, «Вакансии»` or `CSV, UTF-8, ;`.
    pub format: String,
    /// Kazakh letters were lost before the file reached us.
    pub letters_lost: bool,
    /// Names of further sheets of a workbook that hold such a list too; they were not read.
    pub others: Vec<String>,
}

/// Reads a file; in a workbook `is_list` finds the sheet that is meant.
pub fn read(bytes: &[u8], limits: &Limits, is_list: &dyn Fn(&Table) -> bool) -> Result<Sheet, Bad> {
    let head = bytes.get(..8).unwrap_or(bytes);
    if head.starts_with(b"PK\x03\x04") {
        let xlsx::Book { table, name, others } = xlsx::read(bytes, limits, is_list)?;
        let format = format!("XLSX, «{name}»");
        return Ok(Sheet { table, format, letters_lost: false, others });
    }
    if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(Bad::OldWorkbook);
    }
    let (text, encoding) = text::decode(bytes);
    let start = text.trim_start();
    // Control characters are in no text; a leading tag is a page saved as a table.
    if start.starts_with('<')
        || start.starts_with("%PDF")
        || start.starts_with("{\\rtf")
        || start.chars().take(4000).any(|c| c.is_control() && !matches!(c, '\t' | '\r' | '\n'))
    {
        return Err(Bad::NotAList);
    }
    let (separator, rest) = csv::separator(&text);
    let table = csv::read(rest, separator, limits)?;
    if table.rows.is_empty() {
        return Err(Bad::Empty);
    }
    let sign = if separator == '\t' { "TAB".to_owned() } else { separator.to_string() };
    Ok(Sheet {
        format: format!("CSV, {encoding}, {sign}"),
        letters_lost: text::letters_lost(&text),
        table,
        others: Vec::new(),
    })
}

#[cfg(test)]
mod tests;
