//! Whole files: good, broken and hostile.

use domain::import::cell::{Cell, Merge};

use super::*;

/// A workbook with these parts, packed or stored.
fn archive(parts: &[(&str, &str)], packed: bool) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in parts {
        let data = if packed {
            miniz_oxide::deflate::compress_to_vec(text.as_bytes(), 6)
        } else {
            text.as_bytes().to_vec()
        };
        let offset = out.len() as u32;
        let mut common = Vec::new();
        for half in [20_u16, 0, if packed { 8 } else { 0 }, 0, 0] {
            common.extend(half.to_le_bytes());
        }
        for word in [0, data.len() as u32, text.len() as u32] {
            common.extend(word.to_le_bytes());
        }
        common.extend((name.len() as u16).to_le_bytes());
        common.extend(0_u16.to_le_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(data);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = out.len() as u32;
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend((parts.len() as u16).to_le_bytes());
    out.extend((parts.len() as u16).to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

const WORKBOOK: &str = r#"<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets>
<sheet name="Скрытый" sheetId="1" state="hidden" r:id="rId1"/>
<sheet name="Пустой" sheetId="2" r:id="rId2"/>
<sheet name="Тізім &amp; список" sheetId="3" r:id="rId3"/></sheets></workbook>"#;
const LINKS: &str = r#"<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Target="worksheets/sheet2.xml"/>
<Relationship Id="rId3" Target="/xl/worksheets/sheet3.xml"/></Relationships>"#;
const STYLES: &str = r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd.mm.yyyy"/></numFmts>
<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;
const STRINGS: &str = r#"<sst><si><t>Қазақ</t></si><si><r><t>тілі </t></r><r><t>&amp; &#x4D9;</t></r><rPh><t>x</t></rPh></si></sst>"#;
const SHEET: &str = r#"<worksheet><sheetData>
<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c><c r="D2" t="inlineStr"><is><t>in</t></is></c></row>
<row r="5"><c r="A5" s="1"><v>44919</v></c><c r="B5"><f>A5*2</f><v>1.5</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c t="str"><f>x</f><v>y</v></c><c s="2"/></row>
</sheetData><mergeCells><mergeCell ref="A2:B2"/></mergeCells></worksheet>"#;

fn workbook(sheet: &str, packed: bool) -> Vec<u8> {
    archive(
        &[
            ("xl/workbook.xml", WORKBOOK),
            ("xl/_rels/workbook.xml.rels", LINKS),
            ("xl/styles.xml", STYLES),
            ("xl/sharedStrings.xml", STRINGS),
            (
                "xl/worksheets/sheet1.xml",
                "<worksheet><sheetData><row r=\"1\"><c><v>1</v></c></row></sheetData></worksheet>",
            ),
            ("xl/worksheets/sheet2.xml", "<worksheet/>"),
            ("xl/worksheets/sheet3.xml", sheet),
        ],
        packed,
    )
}

#[test]
fn reads_a_workbook() {
    for packed in [false, true] {
        let sheet = read(&workbook(SHEET, packed), &Limits::LIST, &|_| true).unwrap();
        assert_eq!(sheet.format, "XLSX, «Тізім & список»");
        assert!(sheet.table.from_1904);
        assert_eq!(sheet.table.merges, [Merge { rows: (2, 2), columns: (0, 1) }]);
        let rows = &sheet.table.rows;
        assert_eq!((rows[0].number, rows[1].number), (2, 5));
        assert_eq!(rows[0].cells[2], Cell::Text("тілі & ә".into()));
        assert_eq!(rows[0].cells[3], Cell::Text("in".into()));
        assert_eq!(
            rows[1].cells,
            [
                Cell::Date("2026-12-25".parse().unwrap()),
                Cell::Number(1.5),
                Cell::Flag(true),
                Cell::Empty,
                Cell::Text("y".into())
            ]
        );
    }
}

#[test]
fn finds_the_sheet_that_is_meant() {
    let links: String = (1..=4)
        .map(|n| format!(r#"<Relationship Id="r{n}" Target="worksheets/s{n}.xml"/>"#))
        .collect();
    let sheets: String =
        (1..=4).map(|n| format!(r#"<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>"#)).collect();
    let workbook = format!(r#"<workbook xmlns:r="r"><sheets>{sheets}</sheets></workbook>"#);
    let links = format!("<Relationships>{links}</Relationships>");
    let cell = |text: &str| {
        format!(
            r#"<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row></sheetData></worksheet>"#
        )
    };
    let parts = [cell("title"), cell("list"), cell("advice"), cell("list")];
    let mut all = vec![("xl/workbook.xml", &*workbook), ("xl/_rels/workbook.xml.rels", &*links)];
    let names = [
        "xl/worksheets/s1.xml",
        "xl/worksheets/s2.xml",
        "xl/worksheets/s3.xml",
        "xl/worksheets/s4.xml",
    ];
    all.extend(names.into_iter().zip(parts.iter().map(String::as_str)));
    let bytes = archive(&all, true);
    let is = |wanted: &'static str| {
        move |table: &Table| table.rows[0].cells[0] == Cell::Text(wanted.to_owned())
    };
    let sheet = read(&bytes, &Limits::LIST, &is("list")).unwrap();
    assert_eq!((&*sheet.format, sheet.others), ("XLSX, «S2»", vec!["S4".to_owned()]));
    // None is such a list: the first with cells in it, so that the answer can say what is missing.
    let sheet = read(&bytes, &Limits::LIST, &is("nothing")).unwrap();
    assert_eq!((&*sheet.format, sheet.others), ("XLSX, «S1»", Vec::new()));
}

#[test]
fn refuses_what_is_no_list() {
    for (bytes, expected) in [
        (b"".to_vec(), Bad::Empty),
        (b"\n;;;\n  \n".to_vec(), Bad::Empty),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), Bad::OldWorkbook),
        (b"%PDF-1.7".to_vec(), Bad::NotAList),
        (b"<html><table>".to_vec(), Bad::NotAList),
        (b"\x89PNG\r\n\x1a\n\0\0".to_vec(), Bad::NotAList),
        (b"PK\x03\x04".to_vec(), Bad::Broken),
        (archive(&[("word/document.xml", "<x/>")], true), Bad::NotAList),
        (workbook("<!DOCTYPE x [<!ENTITY a \"b\">]><worksheet>&a;</worksheet>", true), Bad::Broken),
        (workbook("<worksheet><sheetData><row r=\"9\"/><row r=\"2\"/>", true), Bad::Broken),
        (workbook("<worksheet/>", true), Bad::Empty),
        (
            workbook("<worksheet><row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row></worksheet>", true),
            Bad::Columns,
        ),
    ] {
        assert_eq!(read(&bytes, &Limits::LIST, &|_| true), Err(expected), "{bytes:?}");
    }
}

#[test]
fn a_bomb_is_not_unpacked() {
    let long = " ".repeat(30 * 1024 * 1024);
    assert_eq!(read(&workbook(&long, true), &Limits::LIST, &|_| true), Err(Bad::Unpacked));
    // A directory that lies about the size does not help.
    let mut bytes = workbook(&" ".repeat(1024 * 1024), true);
    let size = (1024 * 1024_u32).to_le_bytes();
    while let Some(at) = bytes.windows(4).position(|w| w == size) {
        bytes[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    assert_eq!(read(&bytes, &Limits::LIST, &|_| true), Err(Bad::Broken));
}

/// Damaged files are refused or read; they never bring the reader down.
#[test]
fn damage_does_no_harm() {
    let mut seed = 7_u64;
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize
    };
    let csv = "Ұйым;БИН\r\n\"a\"\"b\";1\n".as_bytes().to_vec();
    for original in [workbook(SHEET, true), workbook(SHEET, false), csv] {
        for length in 0..original.len().min(600) {
            let _ = read(&original[..length], &Limits::LIST, &|_| true);
            let _ = read(&original[original.len() - length..], &Limits::LIST, &|_| true);
        }
        for _ in 0..3000 {
            let mut bytes = original.clone();
            for _ in 0..1 + next() % 8 {
                let at = next() % bytes.len();
                bytes[at] = next() as u8;
            }
            let _ = read(&bytes, &Limits::LIST, &|_| true);
        }
    }
}
