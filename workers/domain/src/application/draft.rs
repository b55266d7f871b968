//! What may be stored of an application. Values that are merely wrong are: nothing typed is lost.

use std::borrow::Cow;

use super::{
    check::{Situation, wanted},
    model::Content,
};
use crate::{
    rule::application::How,
    shared::{
        id::is_ulid,
        refusal::{Check, Refusal},
    },
};

/// Longest free text, characters.
const LONG: usize = 4000;
/// Longest line, characters.
const LINE: usize = 200;
/// Records at most; files of one place at most.
const RECORDS: usize = 200;
const FILES: usize = 20;
/// Longest content as JSON, bytes: a person types a hundredth of it.
const CONTENT: usize = 500_000;

/// What may never be stored: endless texts, made-up identifiers, codes that the edition does not
/// know. Values that are merely wrong are stored, so that nothing typed is lost; [`super::check::issues`]
/// names them.
pub fn check_draft(content: &Content, situation: &Situation<'_>) -> Result<(), Refusal> {
    let mut check = Check::default();
    let lines = [
        ("person.surname", &content.person.surname),
        ("person.name", &content.person.name),
        ("person.patronymic", &content.person.patronymic),
        ("person.iin", &content.person.iin),
        ("person.citizenship", &content.person.citizenship),
        ("contacts.phone", &content.contacts.phone),
        ("contacts.email", &content.contacts.email),
        ("contacts.kato", &content.contacts.kato),
        ("contacts.address", &content.contacts.address),
    ];
    for (field, value) in lines {
        long(&mut check, field, value, LINE);
    }
    long(&mut check, "statement.relatives", &content.statement.relatives, LONG);
    long(&mut check, "statement.letter", &content.statement.letter, LONG);
    for code in &content.statement.preferences {
        if !situation.rules.preferences.value.contains(code) {
            check.wrong("statement.preferences", "unknown");
        }
    }
    if content.records.len() > RECORDS {
        check.wrong_with("records", "too_many", "max", RECORDS);
    }
    let mut ids: Vec<&str> = content.records.iter().map(|record| record.id.as_str()).collect();
    ids.sort_unstable();
    if ids.windows(2).any(|pair| pair[0] == pair[1]) {
        check.wrong("records", "twice");
    }
    for record in &content.records {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if record.id.is_empty() || record.id.len() > 40 || !record.id.chars().all(plain) {
            check.wrong("records", "unknown");
        }
        if record.kind.is_empty() || record.kind.len() > 40 || !record.kind.chars().all(plain) {
            check.wrong("records", "unknown");
        }
        long(&mut check, "records", &record.title, 4 * LINE);
        files(&mut check, "records", &record.files);
    }
    places(&mut check, content, situation);
    if serde_json::to_string(content).map_or(0, |text| text.len()) > CONTENT {
        check.wrong_with("content", "too_long", "max", CONTENT);
    }
    check.done()
}

fn places(check: &mut Check, content: &Content, situation: &Situation<'_>) {
    let known = |id: &String| content.records.iter().any(|record| record.id == *id);
    let wanted = wanted(content, situation);
    for (place, document) in content.documents.iter().enumerate() {
        let field = format!("documents.{}", document.code);
        if !wanted.iter().any(|one| one.code == document.code) {
            check.wrong("documents", "unknown");
            continue;
        }
        if content.documents.iter().take(place).any(|other| other.code == document.code) {
            check.wrong(field.clone(), "twice");
        }
        if !document.records.iter().all(known) {
            check.wrong(field.clone(), "unknown");
        }
        long(check, field.clone(), &document.note, LONG);
        files(check, field, &document.files);
    }
    for (place, claim) in content.claims.iter().enumerate() {
        let field = format!("claims.{}", claim.row);
        let Some(row) = situation.rules.row(&claim.row).filter(|r| r.how != How::Organisation)
        else {
            check.wrong("claims", "unknown");
            continue;
        };
        if content.claims.iter().take(place).any(|other| other.row == claim.row) {
            check.wrong(field.clone(), "twice");
        }
        for (nth, choice) in claim.choices.iter().enumerate() {
            match row.options.iter().find(|option| option.code == choice.option) {
                None => check.wrong(field.clone(), "unknown"),
                Some(option) if choice.count == 0 || choice.count > option.most => {
                    check.wrong_with(field.clone(), "at_most", "max", option.most);
                }
                Some(_) => {}
            }
            if claim.choices.iter().take(nth).any(|other| other.option == choice.option) {
                check.wrong(field.clone(), "twice");
            }
        }
        if row.how == How::One && claim.choices.len() > 1 {
            check.wrong(field.clone(), "only_one");
        }
        if !claim.records.iter().all(known) {
            check.wrong(field.clone(), "unknown");
        }
        long(check, field.clone(), &claim.note, LONG);
        files(check, field, &claim.files);
    }
}

fn long(check: &mut Check, field: impl Into<Cow<'static, str>>, value: &str, max: usize) {
    if value.chars().count() > max {
        check.wrong_with(field, "too_long", "max", max);
    }
}

fn files(check: &mut Check, field: impl Into<Cow<'static, str>>, files: &[String]) {
    if files.len() > FILES {
        check.wrong_with(field, "too_many", "max", FILES);
    } else if !files.iter().all(|id| is_ulid(id)) {
        check.wrong(field, "unknown");
    }
}
