//! The example list of a district: every row against what must come out of it, from CSV and XLSX.

#![expect(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{fs, path::PathBuf};

use app::import::sheet::{self, Limits};
use domain::{
    directory::{Book, Item},
    import::{
        headers,
        organisations::Organisation,
        rows::{ReadRow, Reference, read},
    },
    shared::calendar::{Calendar, published_2026},
};
use http_tests::demo::shipped;
use serde_json::{Value, json};

fn book() -> Book {
    let mut items = Vec::new();
    for (directory, list) in shipped("data/directories.json").as_object().unwrap() {
        for item in list.as_array().unwrap() {
            let mut item = item.clone();
            item["attrs"] = json!(item.get("attrs").unwrap_or(&json!({})).to_string());
            item["directory"] = json!(directory);
            item["open"] = json!(1);
            items.push(serde_json::from_value::<Item>(item).unwrap());
        }
    }
    Book::new(items)
}

fn organisations() -> (Vec<Organisation>, Vec<String>) {
    let demo = shipped("demo/region.json");
    let list = demo["organisations"].as_array().unwrap();
    let organisations = list
        .iter()
        .map(|row| {
            let mut row = row.clone();
            row["languages"] = json!(row["languages"].to_string());
            row["path"] = json!("");
            row["has_address"] = json!(1);
            row["rural"] = json!(u8::from(row["rural"] == true));
            serde_json::from_value(row).unwrap_or_else(|e| panic!("{e}"))
        })
        .collect();
    (organisations, list.iter().map(|row| row["key"].as_str().unwrap().to_owned()).collect())
}

fn example(kind: &str) -> Vec<ReadRow> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../schemas/examples/district-vacancies")
        .with_extension(kind);
    let sheet = sheet::read(&fs::read(file).unwrap(), &Limits::LIST, &|_| true).unwrap();
    let headings = headers::find(&sheet.table).unwrap();
    assert_eq!(headings.row, 4);
    let (organisations, _) = organisations();
    let days = published_2026();
    let calendar = Calendar::new(days.into_iter().map(|row| (row.day, row.week, row.kind)));
    let reference = Reference {
        book: &book(),
        organisations: &organisations,
        default: None,
        calendar: &calendar,
        lang: domain::shared::lang::Lang::Ru,
        today: "2026-11-23".parse().unwrap(),
    };
    read(&sheet.table, &headings, &reference)
}

fn check(kind: &str) {
    let (_, keys) = organisations();
    let expected = shipped("examples/district-vacancies.expected.json");
    let rows = example(kind);
    let mut wrong = Vec::new();
    let mut seen = 0;
    for row in &rows {
        let Some(want) =
            expected["rows"].as_array().unwrap().iter().find(|want| want["row"] == row.number)
        else {
            wrong.push(format!("{}: not a row of data: {}", row.number, row.written));
            continue;
        };
        seen += 1;
        let content = serde_json::to_value(&row.content).unwrap();
        let status = want["status"].as_str().unwrap();
        let errors: Vec<_> = row.errors.iter().map(|e| (e.field.code(), e.code)).collect();
        let mut problem = |text: String| wrong.push(format!("{} {status}: {text}", row.number));
        match status {
            "error" => {
                let one = (want["column"].as_str().unwrap(), want["code"].as_str().unwrap());
                if errors != [one] {
                    problem(format!("{errors:?} instead of {one:?}"));
                }
            }
            "duplicate" => {
                if row.duplicate_of != want["of"].as_u64().map(|n| n as u32) {
                    problem(format!("{:?}: {errors:?}", row.duplicate_of));
                }
            }
            _ => {
                if !errors.is_empty() || row.duplicate_of.is_some() {
                    problem(format!("{errors:?} {:?}", row.duplicate_of));
                }
                let salary = row.content.salary_from.or(row.content.salary_to);
                if (status == "ready") != salary.is_some() {
                    problem("salary".into());
                }
            }
        }
        for (name, want) in want["value"].as_object().into_iter().flatten() {
            let have = match name.as_str() {
                "organisation" => json!(row.organisation.map(|at| &keys[at])),
                "accept_working_days" => json!(row.accept_days),
                _ => content[name].clone(),
            };
            let empty = |value: &Value| value.is_null() || value == "" || *value == json!([]);
            if have != *want && !(empty(&have) && empty(want)) {
                problem(format!("{name}: {have} instead of {want} ({})", row.written));
            }
        }
    }
    assert!(wrong.is_empty(), "{kind}:\n{}", wrong.join("\n"));
    assert_eq!(seen, 200);
}

#[test]
fn csv_gives_what_is_expected() {
    check("csv");
}

#[test]
fn the_workbook_gives_what_is_expected() {
    check("xlsx");
}

#[test]
fn both_kinds_of_file_say_the_same() {
    let digests = |kind| -> Vec<_> {
        example(kind).into_iter().map(|row| (row.number, row.key, row.digest)).collect()
    };
    assert_eq!(digests("csv"), digests("xlsx"));
}
