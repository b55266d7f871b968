//! Comma-separated text as spreadsheets write it. Blank lines count as rows, so that row numbers
//! are those the spreadsheet shows; a quote inside an unquoted cell is only a quote.

use domain::import::cell::{Cell, Row, Table};

use super::{Bad, Limits};

/// Separators in the order of preference.
const SEPARATORS: [char; 4] = [';', '\t', ',', '|'];

/// The separator: the one that splits most rows of the head of the file into the same number of
/// cells. `sep=;` in the first line decides at once.
pub(super) fn separator(text: &str) -> (char, &str) {
    if let Some(rest) = text.strip_prefix("sep=")
        && let Some(first) = rest.chars().next()
        && let Some(rest) = rest.get(first.len_utf8()..)
        && let Some((end, rest)) = rest.split_once('\n')
        && end.trim_end().is_empty()
    {
        return (first, rest);
    }
    let head: String = text.chars().take(20_000).collect();
    let best = SEPARATORS.iter().rev().max_by_key(|separator| {
        let mut quoted = false;
        let mut counts = vec![0_u32];
        for c in head.chars() {
            match c {
                '"' => quoted = !quoted,
                '\n' if !quoted => counts.push(0),
                c if c == **separator && !quoted => {
                    if let Some(last) = counts.last_mut() {
                        *last += 1;
                    }
                }
                _ => {}
            }
        }
        counts.retain(|count| *count > 0);
        counts.sort_unstable();
        let usual = counts.get(counts.len() / 2).copied().unwrap_or_default();
        counts.iter().filter(|count| **count == usual).count()
    });
    (best.copied().unwrap_or(';'), text)
}

/// Reads the cells.
pub(super) fn read(text: &str, separator: char, limits: &Limits) -> Result<Table, Bad> {
    let mut table = Table::default();
    let mut reader = Reader { cells: Vec::new(), cell: String::new(), number: 1 };
    let mut chars = text.chars().peekable();
    // A quoted cell that never ends would swallow the rest: it is read again as plain text.
    let mut quoted = false;
    let mut start = true;
    while let Some(c) = chars.next() {
        if quoted {
            match c {
                '"' if chars.peek() == Some(&'"') => {
                    chars.next();
                    reader.cell.push('"');
                }
                '"' => quoted = false,
                '\r' if chars.peek() == Some(&'\n') => {}
                c => reader.cell.push(c),
            }
            if reader.cell.len() > limits.cell * 4 {
                return Err(Bad::Broken);
            }
            continue;
        }
        match c {
            '"' if start => quoted = true,
            '\r' if chars.peek() == Some(&'\n') => continue,
            '\r' | '\n' => {
                reader.end_row(&mut table, limits)?;
                start = true;
                continue;
            }
            c if c == separator => {
                reader.end_cell(limits)?;
                start = true;
                continue;
            }
            c => reader.cell.push(c),
        }
        start = false;
    }
    if quoted {
        return Err(Bad::Broken);
    }
    reader.end_row(&mut table, limits)?;
    Ok(table)
}

struct Reader {
    cells: Vec<Cell>,
    cell: String,
    number: u32,
}

impl Reader {
    fn end_cell(&mut self, limits: &Limits) -> Result<(), Bad> {
        let text = std::mem::take(&mut self.cell);
        let cell = if text.trim().is_empty() {
            Cell::Empty
        } else if text.chars().count() > limits.cell {
            return Err(Bad::Cell { row: self.number });
        } else {
            Cell::Text(text)
        };
        if self.cells.len() >= limits.columns {
            if !cell.is_empty() {
                return Err(Bad::Columns);
            }
            return Ok(());
        }
        self.cells.push(cell);
        Ok(())
    }

    fn end_row(&mut self, table: &mut Table, limits: &Limits) -> Result<(), Bad> {
        self.end_cell(limits)?;
        let cells = std::mem::take(&mut self.cells);
        if cells.iter().any(|cell| !cell.is_empty()) {
            if table.rows.len() >= limits.rows {
                return Err(Bad::Rows);
            }
            table.rows.push(Row { number: self.number, cells });
        }
        self.number = self.number.saturating_add(1);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u32, Vec<String>)> {
        let (separator, rest) = separator(text);
        read(rest, separator, &Limits::LIST)
            .unwrap()
            .rows
            .into_iter()
            .map(|row| (row.number, row.cells.iter().map(Cell::text).collect()))
            .collect()
    }

    #[test]
    fn finds_the_separator() {
        for (text, expected) in [
            ("a;b;c\n1,5;2,5;3\n", ';'),
            ("a,b,c\n1;2,x,y\n", ','),
            ("a\tb\n1,5\t2\n", '\t'),
            ("Список, на 1 ноября; черновик\n;;\nA;B;C\n1;2;3\n", ';'),
            ("sep=|\na|b;c\n", '|'),
            ("один столбец\nи всё\n", ';'),
        ] {
            assert_eq!(separator(text).0, expected, "{text}");
        }
    }

    #[test]
    fn reads_quotes_blank_lines_and_line_ends() {
        assert_eq!(
            rows("a;\"b;\"\"x\"\"\"\r\n\r\n;;\nc;\"d\ne\";СШ \"Береке\"\n"),
            [
                (1, vec!["a".to_owned(), "b;\"x\"".into()]),
                (4, vec!["c".into(), "d e".into(), "СШ \"Береке\"".into()]),
            ]
        );
    }

    #[test]
    fn limits_hold() {
        let limits = Limits { rows: 2, columns: 3, cell: 5 };
        assert_eq!(read("a\nb\nc\n", ';', &limits), Err(Bad::Rows));
        assert_eq!(read("a;b;c;d\n", ';', &limits), Err(Bad::Columns));
        assert!(read("a;b;c;;;\n", ';', &limits).is_ok());
        assert_eq!(read("\n123456\n", ';', &limits), Err(Bad::Cell { row: 2 }));
        assert_eq!(read("a;\"b\n", ';', &limits), Err(Bad::Broken));
    }
}
