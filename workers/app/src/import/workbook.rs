//! A small writer of workbooks: one sheet of texts, numbers and moments. Texts are inline strings,
//! which no program takes for a formula, whatever they begin with; those that look like one also
//! carry the mark that keeps them texts when somebody edits the cell.

use std::fmt::Write;

use domain::shared::time::Timestamp;

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// A moment, shown on the clocks of the country.
    Moment(Timestamp),
}

/// Day 0 of workbooks: 30 December 1899, in milliseconds since 1970.
const DAY_ZERO: f64 = -2_209_161_600_000.0;
const DAY: f64 = 86_400_000.0;

/// The bytes of a workbook with one sheet; the first row is its head and stays in sight.
pub fn workbook(sheet: &str, rows: &[Vec<Cell>]) -> Vec<u8> {
    let name: String = sheet.chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(31).collect();
    let head = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let form = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let types = format!(
        r#"{head}<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{form}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{form}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="{form}.styles+xml"/></Types>"#
    );
    let root = format!(
        r#"{head}<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let book = format!(
        r#"{head}<workbook xmlns="{main}" xmlns:r="{links}"><sheets><sheet name="{}" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
        escaped(&name)
    );
    let book_links = format!(
        r#"{head}<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{links}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{links}/styles" Target="styles.xml"/></Relationships>"#
    );
    // Styles: 0 plain, 1 moment, 2 head, 3 a text that looks like a formula.
    let styles = format!(
        r#"{head}<styleSheet xmlns="{main}"><fonts count="2"><font/><font><b/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/><xf numFmtId="22" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/><xf quotePrefix="1"/></cellXfs></styleSheet>"#
    );
    zip(&[
        ("[Content_Types].xml", types),
        ("_rels/.rels", root),
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", book_links),
        ("xl/styles.xml", styles),
        ("xl/worksheets/sheet1.xml", format!("{head}{}", sheet_xml(main, rows))),
    ])
}

fn sheet_xml(main: &str, rows: &[Vec<Cell>]) -> String {
    let mut out = format!(
        r#"<worksheet xmlns="{main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols><col min="1" max="{}" width="24" customWidth="1"/></cols><sheetData>"#,
        rows.first().map_or(1, Vec::len).max(1)
    );
    for (number, row) in rows.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(out, r#"<row r="{}">"#, number + 1);
        for (place, cell) in row.iter().enumerate() {
            let at = format!("{}{}", column(place), number + 1);
            let _ = match cell {
                Cell::Empty => Ok(()),
                Cell::Text(text) => {
                    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
                    let style = match (number, formula) {
                        (0, _) => 2,
                        (_, true) => 3,
                        _ => 0,
                    };
                    let text = escaped(text);
                    write!(
                        out,
                        r#"<c r="{at}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>"#
                    )
                }
                Cell::Number(value) if value.is_finite() => {
                    write!(out, r#"<c r="{at}"><v>{value}</v></c>"#)
                }
                Cell::Number(_) => Ok(()),
                Cell::Moment(moment) => {
                    let local = moment.local().and_utc().timestamp_millis() as f64;
                    let days = (local - DAY_ZERO) / DAY;
                    write!(out, r#"<c r="{at}" s="1"><v>{days:.6}</v></c>"#)
                }
            };
        }
        out.push_str("</row>");
    }
    out.push_str("</sheetData></worksheet>");
    out
}

/// Letters of a column, from 0.
fn column(mut place: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + (place % 26) as u8));
        if place < 26 {
            break;
        }
        place = place / 26 - 1;
    }
    letters.iter().rev().collect()
}

/// A text for XML, without the characters that XML does not have.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(c),
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

/// A ZIP archive of stored entries.
fn zip(entries: &[(&str, String)]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, text) in entries {
        let offset = out.len() as u32;
        let size = (text.len() as u32).to_le_bytes();
        // Version, UTF-8 names, stored, 1 January 1980: the same rows give the same bytes.
        let mut common = vec![20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0];
        common.extend(crc32(text.as_bytes()).to_le_bytes());
        common.extend(size);
        common.extend(size);
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(text.as_bytes());
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = (out.len() as u32).to_le_bytes();
    let count = (entries.len() as u16).to_le_bytes();
    let length = (directory.len() as u32).to_le_bytes();
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count);
    out.extend(count);
    out.extend(length);
    out.extend(start);
    out.extend([0, 0]);
    out
}

/// CRC-32 as ZIP has it, bit by bit: tables of some thousand rows need no faster one.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_and_columns_are_the_usual_ones() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        let columns = [0, 25, 26, 51, 52, 701, 702].map(column);
        assert_eq!(columns, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
