//! Checks of an application: what may be stored and what is missing for sending. All of it follows
//! from the content, the files and the rule edition.

use std::{borrow::Cow, collections::BTreeMap};

use super::{
    api::FileRef,
    model::{Content, Section},
    score::without_experience,
};
use crate::{
    file,
    rule::application::{Applying, DocumentRule, How, Need},
    shared::{
        id::is_ulid,
        iin::Iin,
        phone::Phone,
        refusal::{Check, FieldError, Refusal},
    },
    vacancy::content::is_email,
};

/// Longest free text, characters.
const LONG: usize = 4000;
/// Longest line, characters.
const LINE: usize = 200;
/// Records at most; files of one place at most.
const RECORDS: usize = 200;
const FILES: usize = 20;
/// Longest content as JSON, bytes: a person types a hundredth of it.
const CONTENT: usize = 200_000;

/// Everything that the checks look at beside the content.
pub struct Situation<'a> {
    /// The rules of the edition.
    pub rules: &'a Applying,
    /// Codes of documents in the announcement.
    pub asked: &'a [String],
    /// Codes of documents that the position asks for.
    pub by_position: &'a [String],
    /// Files of the person that the content names, by identifier.
    pub files: &'a BTreeMap<String, FileRef>,
}

/// A document of the form.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// Code in the directory `document_type`.
    pub code: &'a str,
    /// Its rule; a document that only the announcement asks for has none.
    pub rule: Option<&'a DocumentRule>,
    /// Whether this person must hand it in.
    pub required: bool,
}

impl Wanted<'_> {
    /// Whether the portal makes it from the answers.
    pub fn made_here(&self) -> bool {
        self.rule.is_some_and(|rule| rule.made_here)
    }

    /// Files at most.
    pub fn max_files(&self) -> u32 {
        self.rule.map_or(5, |rule| rule.max_files)
    }
}

/// The documents of the form, in the order of the announcement, then those of the position.
pub fn wanted<'a>(content: &Content, situation: &Situation<'a>) -> Vec<Wanted<'a>> {
    let without = without_experience(content);
    let more = situation.by_position.iter().filter(|code| !situation.asked.contains(code));
    situation
        .asked
        .iter()
        .chain(more)
        .map(|code| {
            let rule = situation.rules.document(code);
            let by_position = situation.by_position.contains(code);
            let required = by_position
                || rule.is_some_and(|rule| match rule.need {
                    Need::Always => true,
                    Need::IfAny | Need::ByPosition => false,
                    Need::WithExperience => !without,
                    Need::WithoutExperience => without,
                });
            Wanted { code, rule, required }
        })
        .collect()
}

/// What may never be stored: endless texts, made-up identifiers, codes that the edition does not
/// know. Values that are merely wrong are stored, so that nothing typed is lost; [`issues`] names
/// them.
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
        long(&mut check, "records", &record.title, 2 * LINE);
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

/// Something that stands in the way of sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// Where it is mended.
    pub section: Section,
    /// The field and the text.
    pub error: FieldError,
}

impl Obstacle {
    /// Whether something is merely not there yet, as opposed to being wrong.
    pub(super) fn is_missing(&self) -> bool {
        matches!(
            self.error.code,
            "required"
                | "document_needed"
                | "record_needed"
                | "answer_needed"
                | "declare"
                | "evidence_needed"
                | "look"
        )
    }
}

/// The sections of the edition, in order.
pub fn sections(rules: &Applying) -> Vec<Section> {
    rules.sections.value.iter().filter_map(|code| Section::parse(code)).collect()
}

/// What stands in the way of sending, in the order of the sections.
pub fn issues(content: &Content, situation: &Situation<'_>) -> Vec<Obstacle> {
    let mut out = Vec::new();
    for section in sections(situation.rules) {
        let mut check = Check::default();
        match section {
            Section::Person => person(&mut check, content),
            Section::Contacts => contacts(&mut check, content),
            Section::Education => {
                if !content.records.iter().any(|record| record.kind == "education") {
                    check.wrong("records.education", "record_needed");
                }
            }
            Section::Experience => experience(&mut check, content),
            Section::Documents => documents(&mut check, content, situation),
            Section::ScoreSheet => score_sheet(&mut check, content, situation),
            Section::Statement => statement(&mut check, content),
            Section::Check => {}
        }
        for record in &content.records {
            if section_of_record(&record.kind, situation.rules) == section {
                file_states(
                    &mut check,
                    &format!("records.{}", record.id),
                    &record.files,
                    situation,
                );
                if record.from.zip(record.to).is_some_and(|(from, to)| to < from) {
                    check.wrong(format!("records.{}", record.id), "dates");
                }
            }
        }
        out.extend(check.0.into_iter().map(|error| Obstacle { section, error }));
    }
    out
}

/// Where a record of a kind is shown and mended.
fn section_of_record(kind: &str, rules: &Applying) -> Section {
    let has = |section: Section| sections(rules).contains(&section);
    match kind {
        "education" if has(Section::Education) => Section::Education,
        "experience" if has(Section::Experience) => Section::Experience,
        "document" => Section::Documents,
        _ if has(Section::ScoreSheet) => Section::ScoreSheet,
        _ => Section::Documents,
    }
}

fn person(check: &mut Check, content: &Content) {
    let person = &content.person;
    if person.surname.trim().is_empty() && person.name.trim().is_empty() {
        check.wrong("person.name", "required");
    }
    if person.citizenship.trim().is_empty() {
        check.wrong("person.citizenship", "required");
    }
    match (person.iin.trim(), person.citizenship.trim()) {
        ("", "KZ" | "") => check.wrong("person.iin", "required"),
        ("", _) => {}
        (iin, _) => match Iin::parse(iin) {
            Err(_) => check.wrong("person.iin", "iin"),
            Ok(iin) if person.birth_date.is_some_and(|day| iin.birth_date() != Some(day)) => {
                check.wrong("person.birth_date", "iin_birth");
            }
            Ok(_) => {}
        },
    }
    if person.birth_date.is_none() && person.iin.trim().is_empty() {
        check.wrong("person.birth_date", "required");
    }
}

fn contacts(check: &mut Check, content: &Content) {
    let contacts = &content.contacts;
    let (phone, email) = (contacts.phone.trim(), contacts.email.trim());
    if phone.is_empty() && email.is_empty() {
        check.wrong("contacts.phone", "required");
    }
    if !phone.is_empty() && Phone::parse(phone).is_err() {
        check.wrong("contacts.phone", "phone");
    }
    if !email.is_empty() && !is_email(email) {
        check.wrong("contacts.email", "email");
    }
    if contacts.address.trim().is_empty() {
        check.wrong("contacts.address", "required");
    }
}

fn experience(check: &mut Check, content: &Content) {
    let has = content.records.iter().any(|record| record.kind == "experience");
    match (has, content.no_experience) {
        (false, false) => check.wrong("no_experience", "answer_needed"),
        (true, true) => check.wrong("no_experience", "contradiction"),
        _ => {}
    }
}

fn documents(check: &mut Check, content: &Content, situation: &Situation<'_>) {
    for wanted in wanted(content, situation) {
        let field = format!("documents.{}", wanted.code);
        let part = content.documents.iter().find(|part| part.code == wanted.code);
        let attached =
            part.is_some_and(|part| !part.files.is_empty() || proven(content, &part.records));
        if wanted.required && !wanted.made_here() && !attached {
            let absent = part.is_some_and(|part| part.absent);
            check.wrong(field.clone(), if absent { "absent_required" } else { "document_needed" });
        }
        if let Some(part) = part {
            if part.files.len() > wanted.max_files() as usize {
                check.wrong_with(field.clone(), "at_most", "max", wanted.max_files());
            }
            file_states(check, &field, &part.files, situation);
        }
    }
}

fn score_sheet(check: &mut Check, content: &Content, situation: &Situation<'_>) {
    let without = without_experience(content);
    for claim in content.claims.iter().filter(|claim| !claim.choices.is_empty()) {
        let Some(row) = situation.rules.row(&claim.row) else { continue };
        let field = format!("claims.{}", claim.row);
        if !row.applies(without) {
            check.wrong(field, if without { "only_with" } else { "only_without" });
            continue;
        }
        if claim.files.is_empty() && !proven(content, &claim.records) {
            check.wrong(field.clone(), "evidence_needed");
        }
        file_states(check, &field, &claim.files, situation);
    }
    // An empty sheet is an answer, but one that the person must have given.
    let claimed = content.claims.iter().any(|claim| !claim.choices.is_empty());
    if !claimed && !content.seen.contains(&Section::ScoreSheet) {
        check.wrong("claims", "look");
    }
}

fn statement(check: &mut Check, content: &Content) {
    let statement = &content.statement;
    match statement.has_relatives {
        None => check.wrong("statement.has_relatives", "answer_needed"),
        Some(true) if statement.relatives.trim().is_empty() => {
            check.wrong("statement.relatives", "required");
        }
        Some(_) => {}
    }
    if !statement.truthful {
        check.wrong("statement.truthful", "declare");
    }
    if !statement.consent {
        check.wrong("statement.consent", "declare");
    }
}

/// Whether one of the records has a file.
fn proven(content: &Content, records: &[String]) -> bool {
    content.records.iter().any(|record| records.contains(&record.id) && !record.files.is_empty())
}

fn file_states(check: &mut Check, field: &str, files: &[String], situation: &Situation<'_>) {
    for id in files {
        let found = situation.files.get(id);
        let state = found.and_then(|file| file::State::parse(&file.state));
        // A file that waits for its scan may be sent: the scanner is ours, the deadline is not.
        let code = match state {
            Some(state) if file::usable(state) => continue,
            Some(file::State::Infected) => "file_infected",
            Some(file::State::Uploading) => "file_uploading",
            Some(_) => "file_refused",
            None => "file_missing",
        };
        let name = found.map(|file| file.name.clone()).unwrap_or_default();
        check.wrong_with(field.to_owned(), code, "name", name);
    }
}
