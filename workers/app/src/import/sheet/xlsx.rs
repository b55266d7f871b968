//! Workbooks of Office Open XML: the first visible sheet that holds the list. Formulas give the
//! value that the spreadsheet saved with them; serial numbers with a format of days are days.

use domain::import::cell::{Cell, Merge, Row, Table, day_of_serial};

use super::{
    Bad, Limits,
    xml::{Piece, Pieces, attribute},
    zip::Archive,
};

/// Sheets of a workbook that are looked at.
const SHEETS_MAX: usize = 50;

/// A workbook read so far: what its sheets share.
struct Shared {
    strings: Vec<String>,
    /// Whether the style of a number shows it as a day.
    days: Vec<bool>,
    from_1904: bool,
}

/// A workbook read.
pub(super) struct Book {
    /// The list: the first visible sheet that is one, else the first with cells in it.
    pub(super) table: Table,
    /// The name of its sheet.
    pub(super) name: String,
    /// Names of further visible sheets that are such a list too; they are not read.
    pub(super) others: Vec<String>,
}

/// Reads a workbook; `is_list` tells the list from titles, instructions and directories.
pub(super) fn read(
    bytes: &[u8],
    limits: &Limits,
    is_list: &dyn Fn(&Table) -> bool,
) -> Result<Book, Bad> {
    let archive = Archive::open(bytes)?;
    if !archive.has("xl/workbook.xml") {
        return Err(Bad::NotAList);
    }
    let workbook = archive.part("xl/workbook.xml")?.unwrap_or_default();
    let links = archive.part("xl/_rels/workbook.xml.rels")?.unwrap_or_default();
    let (sheets, from_1904) = sheets(&workbook, &links)?;
    let shared = Shared {
        strings: strings(&archive.part("xl/sharedStrings.xml")?.unwrap_or_default())?,
        days: styles(&archive.part("xl/styles.xml")?.unwrap_or_default())?,
        from_1904,
    };
    let mut first = None;
    let mut found: Option<Book> = None;
    for (name, path) in sheets {
        let Some(xml) = archive.part(&path)? else { continue };
        let table = match sheet(&xml, &shared, limits) {
            Ok(table) if table.rows.is_empty() => continue,
            Ok(table) => table,
            Err(bad) if found.is_none() => return Err(bad),
            Err(_) => continue,
        };
        match &mut found {
            Some(book) if is_list(&table) => book.others.push(name),
            Some(_) => {}
            None if is_list(&table) => found = Some(Book { table, name, others: Vec::new() }),
            None => {
                first.get_or_insert(Book { table, name, others: Vec::new() });
            }
        }
    }
    found.or(first).ok_or(Bad::Empty)
}

/// Visible sheets with the paths of their parts, and whether days count from 1904.
fn sheets(workbook: &str, links: &str) -> Result<(Vec<(String, String)>, bool), Bad> {
    let mut paths = Vec::new();
    let mut pieces = Pieces::new(links);
    while let Some(piece) = pieces.next()? {
        if let Piece::Open(name, attributes) = piece
            && name == "Relationship"
            && let (Some(id), Some(target)) =
                (attribute(&attributes, "Id"), attribute(&attributes, "Target"))
            && attribute(&attributes, "TargetMode") != Some("External")
        {
            let path = match target.strip_prefix('/') {
                Some(absolute) => absolute.to_owned(),
                None => format!("xl/{}", target.trim_start_matches("./")),
            };
            paths.push((id.to_owned(), path));
        }
    }
    let mut sheets = Vec::new();
    let mut from_1904 = false;
    let mut pieces = Pieces::new(workbook);
    while let Some(piece) = pieces.next()? {
        let Piece::Open(name, attributes) = piece else { continue };
        match name.as_str() {
            "workbookPr" => {
                from_1904 = matches!(attribute(&attributes, "date1904"), Some("1" | "true"));
            }
            "sheet" if matches!(attribute(&attributes, "state"), None | Some("visible")) => {
                let path = attribute(&attributes, "id")
                    .and_then(|id| paths.iter().find(|(have, _)| have == id));
                if let Some((_, path)) = path {
                    let title = attribute(&attributes, "name").unwrap_or_default();
                    sheets.push((title.to_owned(), path.clone()));
                }
            }
            _ => {}
        }
        if sheets.len() > SHEETS_MAX {
            return Err(Bad::Broken);
        }
    }
    Ok((sheets, from_1904))
}

/// The shared texts; runs with fonts of their own are joined, readings of characters left out.
fn strings(xml: &str) -> Result<Vec<String>, Bad> {
    let mut out = Vec::new();
    let mut current = String::new();
    let (mut inside, mut reading) = (false, false);
    let mut pieces = Pieces::new(xml);
    while let Some(piece) = pieces.next()? {
        match piece {
            Piece::Open(name, _) => match name.as_str() {
                "si" => current.clear(),
                "t" => inside = true,
                "rPh" => reading = true,
                _ => {}
            },
            Piece::Close(name) => match name.as_str() {
                "si" => out.push(std::mem::take(&mut current)),
                "t" => inside = false,
                "rPh" => reading = false,
                _ => {}
            },
            Piece::Text(text) if inside && !reading => current.push_str(&text),
            Piece::Text(_) => {}
        }
    }
    Ok(out)
}

/// For every cell style: whether it shows a number as a day.
fn styles(xml: &str) -> Result<Vec<bool>, Bad> {
    let mut own = Vec::new();
    let mut out = Vec::new();
    let mut inside = false;
    let mut pieces = Pieces::new(xml);
    while let Some(piece) = pieces.next()? {
        match piece {
            Piece::Open(name, attributes) => {
                let id = attribute(&attributes, "numFmtId").and_then(|id| id.parse::<u32>().ok());
                match (name.as_str(), id) {
                    ("numFmt", Some(id)) => {
                        let code = attribute(&attributes, "formatCode").unwrap_or_default();
                        own.push((id, shows_day(code)));
                    }
                    ("cellXfs", _) => inside = true,
                    ("xf", id) if inside => {
                        let id = id.unwrap_or_default();
                        let shows = own.iter().find(|(have, _)| *have == id).map(|(_, day)| *day);
                        // 14-17 and 22 are days; 27-36 and 50-58 are days of East Asian editions.
                        out.push(shows.unwrap_or(matches!(id, 14..=17 | 22 | 27..=36 | 50..=58)));
                    }
                    _ => {}
                }
            }
            Piece::Close(name) if name == "cellXfs" => inside = false,
            _ => {}
        }
    }
    Ok(out)
}

/// Whether a format has a day or a year, outside of quoted words and bracketed conditions.
fn shows_day(code: &str) -> bool {
    let (mut quoted, mut bracket, mut escaped) = (false, false, false);
    for c in code.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            '[' if !quoted => bracket = true,
            ']' => bracket = false,
            'd' | 'D' | 'y' | 'Y' if !quoted && !bracket => return true,
            ';' if !quoted => return false,
            _ => {}
        }
    }
    false
}

/// Column (from 0) and row (from 1) of an address such as `AB12`.
fn address(text: &str) -> Option<(usize, u32)> {
    let letters = text.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = text.split_at_checked(letters)?;
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let column = letters.bytes().try_fold(0, |sum, b| {
        b.is_ascii_uppercase().then(|| sum * 26 + usize::from(b - b'A') + 1)
    })?;
    Some((column - 1, digits.parse().ok().filter(|row| *row > 0)?))
}

fn sheet(xml: &str, shared: &Shared, limits: &Limits) -> Result<Table, Bad> {
    let mut table = Table { from_1904: shared.from_1904, ..Table::default() };
    let mut row = Row::default();
    let mut column = 0;
    let (mut kind, mut style) = (String::new(), 0_usize);
    let (mut value, mut inside) = (String::new(), false);
    let mut last = 0;
    let mut pieces = Pieces::new(xml);
    while let Some(piece) = pieces.next()? {
        match piece {
            Piece::Open(name, attributes) => match name.as_str() {
                "row" => {
                    let number = attribute(&attributes, "r").and_then(|r| r.parse().ok());
                    let number: u32 = number.unwrap_or(last + 1);
                    // Rows go down the page; anything else is no spreadsheet's work.
                    if number <= last || number > 1_048_576 {
                        return Err(Bad::Broken);
                    }
                    last = number;
                    row = Row { number, cells: Vec::new() };
                    column = 0;
                }
                "c" => {
                    if let Some((at, _)) = attribute(&attributes, "r").and_then(address) {
                        column = at;
                    }
                    kind = attribute(&attributes, "t").unwrap_or("n").to_owned();
                    let s = attribute(&attributes, "s").and_then(|s| s.parse().ok());
                    style = s.unwrap_or_default();
                    value.clear();
                }
                "v" | "t" => inside = true,
                "mergeCell" => {
                    let range = attribute(&attributes, "ref").unwrap_or_default();
                    if let Some((from, to)) = range.split_once(':')
                        && let (Some(from), Some(to)) = (address(from), address(to))
                        && table.merges.len() < 10_000
                    {
                        table.merges.push(Merge { rows: (from.1, to.1), columns: (from.0, to.0) });
                    }
                }
                _ => {}
            },
            Piece::Text(text) if inside => value.push_str(&text),
            Piece::Text(_) => {}
            Piece::Close(name) => match name.as_str() {
                "v" | "t" => inside = false,
                "c" => {
                    let cell = cell(&kind, style, &value, shared);
                    if !cell.is_empty() {
                        if column >= limits.columns {
                            return Err(Bad::Columns);
                        }
                        if value.chars().count() > limits.cell {
                            return Err(Bad::Cell { row: row.number });
                        }
                        row.cells.resize(row.cells.len().max(column + 1), Cell::Empty);
                        if let Some(place) = row.cells.get_mut(column) {
                            *place = cell;
                        }
                    }
                    column += 1;
                }
                "row" if !row.cells.is_empty() => {
                    if table.rows.len() >= limits.rows {
                        return Err(Bad::Rows);
                    }
                    table.rows.push(std::mem::take(&mut row));
                }
                _ => {}
            },
        }
    }
    Ok(table)
}

/// The value of a cell by its type.
fn cell(kind: &str, style: usize, value: &str, shared: &Shared) -> Cell {
    let text = |text: &str| {
        if text.trim().is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
    };
    match kind {
        "s" => {
            let index = value.trim().parse::<usize>().ok();
            index.and_then(|i| shared.strings.get(i)).map_or(Cell::Empty, |s| text(s))
        }
        "str" | "inlineStr" => text(value),
        "b" => Cell::Flag(value.trim() == "1"),
        // A day written out (ISO 8601), as some programs do.
        "d" => value.get(..10).and_then(|day| day.parse().ok()).map_or(text(value), Cell::Date),
        // What a formula could not compute is nothing to read.
        "e" => Cell::Empty,
        _ => match value.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => {
                let day = shared.days.get(style).copied().unwrap_or_default();
                day.then(|| day_of_serial(number, shared.from_1904))
                    .flatten()
                    .map_or(Cell::Number(number), Cell::Date)
            }
            _ => text(value),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_that_show_a_day() {
        for code in ["dd.mm.yyyy", "[$-43F]d mmmm yyyy;@", "yyyy-mm-dd\\ hh:mm", "mmm-yy"] {
            assert!(shows_day(code), "{code}");
        }
        for code in ["0.00", "# ##0\"дней\"", "[Red]0;[Blue]-0", "hh:mm", "\"year\"0", "0;d"] {
            assert!(!shows_day(code), "{code}");
        }
    }

    #[test]
    fn addresses() {
        assert_eq!(address("A1"), Some((0, 1)));
        assert_eq!(address("AB12"), Some((27, 12)));
        for bad in ["", "1", "A", "A0", "a1", "AAAA1", "A-1", "Ы1"] {
            assert_eq!(address(bad), None, "{bad}");
        }
    }
}
