//! Findings as notes for a person, and the counts of a report.

use super::{
    api::{Column, ImportReport, Note, RowStatus},
    headers::{Field, Headings},
    rows::{Finding, ReadRow},
};
use crate::shared::{
    lang::Lang,
    locale::{IMPORT, fill},
};

/// Longest value of a cell in a note, characters.
const VALUE_MAX: usize = 100;

/// The name of a field for a reader.
pub fn label(lang: Lang, field: &str) -> &'static str {
    IMPORT.find(lang, &format!("field.{field}")).unwrap_or_default()
}

/// A text about the whole file.
pub fn file_note(lang: Lang, code: &str, args: &[(&str, &str)]) -> String {
    IMPORT.fill(lang, &format!("file.{code}"), args)
}

/// A finding as a note.
pub fn note(lang: Lang, finding: &Finding, headings: &Headings, row: &ReadRow) -> Note {
    let heading = headings.of(finding.field);
    let args: Vec<_> = finding.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let value = row.values.get(&finding.field).map(String::as_str).unwrap_or_default();
    Note {
        column: heading.map(super::headers::Heading::letter).unwrap_or_default(),
        header: heading.map(|h| h.text.clone()).unwrap_or_default(),
        field: finding.field.code().to_owned(),
        code: finding.code.to_owned(),
        text: text(lang, finding.code, &args),
        value: shorten(value),
    }
}

/// The text of a note.
pub fn text(lang: Lang, code: &str, args: &[(&str, &str)]) -> String {
    fill(IMPORT.find(lang, &format!("note.{code}")).unwrap_or(code), args)
}

/// A value of a cell, not longer than a line.
pub fn shorten(value: &str) -> String {
    if value.chars().count() <= VALUE_MAX {
        return value.to_owned();
    }
    value.chars().take(VALUE_MAX).chain(['…']).collect()
}

/// The field of a name in an announcement (`salary_from`, `duties.kk`) that the file has a column
/// for, or the nearest one.
pub fn field_of(name: &str, headings: &Headings) -> Option<Field> {
    let base = name.split('.').next().unwrap_or(name);
    let field = Field::ALL.iter().copied().find(|field| field.code() == base)?;
    match field {
        Field::SalaryFrom | Field::SalaryTo if headings.of(field).is_none() => Some(Field::Salary),
        field => Some(field),
    }
}

/// The columns of a file.
pub fn columns(lang: Lang, headings: &Headings) -> Vec<Column> {
    headings
        .columns
        .iter()
        .map(|heading| Column {
            letter: heading.letter(),
            header: shorten(&heading.text),
            field: heading.field.map(|field| field.code().to_owned()),
            label: heading
                .field
                .map(|field| label(lang, field.code()))
                .unwrap_or_default()
                .to_owned(),
        })
        .collect()
}

/// Counts the rows.
pub fn count(report: &mut ImportReport) {
    let counted = |status: RowStatus| {
        let n = report.rows.iter().filter(|row| row.status == status).count();
        u32::try_from(n).unwrap_or(u32::MAX)
    };
    report.total = u32::try_from(report.rows.len()).unwrap_or(u32::MAX);
    report.ready = counted(RowStatus::Ready);
    report.created = counted(RowStatus::Created);
    report.updated = counted(RowStatus::Updated);
    report.unchanged = counted(RowStatus::Unchanged);
    report.kept = counted(RowStatus::Kept);
    report.duplicates = counted(RowStatus::Duplicate);
    report.refused = counted(RowStatus::Refused);
    report.accepted = report.total - report.duplicates - report.refused;
    let of = |test: &dyn Fn(&super::api::RowReport) -> bool| {
        u32::try_from(report.rows.iter().filter(|row| test(row)).count()).unwrap_or(u32::MAX)
    };
    let (published, publishable) = (of(&|row| row.published), of(&|row| row.publishable));
    let warned = of(&|row| !row.warnings.is_empty());
    (report.published, report.publishable, report.warned) = (published, publishable, warned);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_a_label_and_every_code_a_text() {
        for field in Field::ALL {
            for lang in Lang::ALL {
                assert!(!label(lang, field.code()).is_empty(), "{field:?}");
            }
        }
        // Codes stand in the sources as literals next to a field.
        let sources = [
            include_str!("rows.rs"),
            include_str!("rows/post.rs"),
            include_str!("rows/fields.rs"),
            include_str!("complete.rs"),
        ];
        let codes: Vec<&str> = sources
            .iter()
            .flat_map(|source| source.split('"').skip(1).step_by(2))
            .filter(|word| {
                word.contains('_') && word.chars().all(|c| c.is_ascii_lowercase() || c == '_')
            })
            .collect();
        assert!(codes.contains(&"bin_invalid") && codes.contains(&"date_past"));
        for code in [
            "rate_step",
            "salary_order",
            "salary_negative",
            "salary_unreadable",
            "salary_out_of_range",
            "rate_unreadable",
            "rate_out_of_range",
            "language_unknown",
        ]
        .iter()
        .chain(&codes)
        .filter(|code| !["subject_teacher", "language_of_instruction"].contains(code))
        {
            let known = IMPORT.find(Lang::Kk, &format!("note.{code}")).is_some();
            assert!(known, "{code}");
        }
    }
}
