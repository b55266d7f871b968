//! What becomes of each row of a list, before anything is written.

use std::collections::HashMap;

use domain::{
    account::permission::Permission,
    directory::Book,
    import::{
        api::{ImportReport, Mode, Note, RowReport, RowStatus},
        complete::{Completed, complete},
        headers::Headings,
        organisations::Organisation,
        plan::{Plan, plan, source},
        report::{self, note},
        rows::{Finding, ReadRow, Reference},
        sql::{Earlier, JournalLine, Open, Written},
    },
    rule::{Edition, edition_for},
    shared::{lang::Text, refusal::FieldError},
    vacancy::{
        api::{Command, OrganisationRef},
        content::{Directories, check_draft},
        model::{State, Vacancy},
        rules::{Facts, check, decide},
    },
};
use serde_json::{Value, json};

use super::super::sheet::Sheet;
use crate::{
    cabinet::vacancies::new_draft,
    cx::Cx,
    entry::{detail, field_text},
    error::Error,
};

/// One import.
pub(super) struct Import<'a> {
    pub(super) cx: &'a Cx<'a>,
    pub(super) mode: Mode,
    pub(super) headings: &'a Headings,
    pub(super) reference: &'a Reference<'a>,
    pub(super) earlier: &'a [Earlier],
    pub(super) open: &'a HashMap<String, Vec<Open>>,
}

/// A row and what is to be written of it: place in the report, and the vacancy.
pub(super) type Planned = Vec<(usize, Written)>;

impl Import<'_> {
    /// Decides every row. Numbers of new vacancies are taken when they are written.
    pub(super) fn run(
        &self,
        rows: &[ReadRow],
        sheet: &Sheet,
    ) -> Result<(ImportReport, Planned), Error> {
        let mut by_key: HashMap<&str, Vec<&Earlier>> = HashMap::new();
        for row in self.earlier {
            by_key.entry(row.key.as_str()).or_default().push(row);
        }
        let lang = self.cx.lang;
        let mut report = ImportReport {
            mode: self.mode,
            format: sheet.format.clone(),
            header_row: self.headings.row,
            columns: report::columns(lang, self.headings),
            ..ImportReport::default()
        };
        let mut written = Vec::new();
        let (mut texts, mut contacts) = (0, 0);
        for row in rows {
            let before = by_key.get(row.key.as_str()).map(Vec::as_slice).unwrap_or_default();
            let (answer, write, completed) = self.row(row, before)?;
            texts += i64::from(completed.texts);
            contacts += i64::from(completed.contacts);
            if let Some(write) = write {
                written.push((report.rows.len(), write));
            }
            report.rows.push(answer);
        }
        report::count(&mut report);
        let mut say = |code: &str, name: &str, value: String| {
            report.notes.push(report::file_note(lang, code, &[(name, &value)]));
        };
        if sheet.letters_lost {
            say("letters_lost", "", String::new());
        }
        if !sheet.others.is_empty() {
            say("other_sheets", "list", report::shorten(&sheet.others.join("; ")));
        }
        if rows.is_empty() {
            say("no_rows", "", String::new());
        }
        let unknown: Vec<&str> = self
            .headings
            .columns
            .iter()
            .filter(|heading| heading.field.is_none())
            .map(|heading| heading.text.as_str())
            .collect();
        if !unknown.is_empty() {
            say("unknown_columns", "list", report::shorten(&unknown.join("; ")));
        }
        let drafts = report.accepted.saturating_sub(report.publishable);
        for (code, n) in
            [("completed", texts), ("contacts", contacts), ("drafts", i64::from(drafts))]
        {
            if n > 0 {
                report.notes.push(report::file_note(lang, code, &[("n", &n.to_string())]));
            }
        }
        Ok((report, written))
    }

    fn note(&self, finding: &Finding, row: &ReadRow) -> Note {
        note(self.cx.lang, finding, self.headings, row)
    }

    /// Decides one row.
    fn row(
        &self,
        row: &ReadRow,
        before: &[&Earlier],
    ) -> Result<(RowReport, Option<Written>, Completed), Error> {
        let book = self.reference.book;
        let organisation = row.organisation.and_then(|at| self.reference.organisations.get(at));
        let mut answer = RowReport {
            row: row.number,
            status: RowStatus::Refused,
            title: Text::new(report::shorten(&row.written), report::shorten(&row.written)),
            organisation: organisation.map(reference_of),
            errors: row.errors.iter().map(|finding| self.note(finding, row)).collect(),
            warnings: row.warnings.iter().map(|finding| self.note(finding, row)).collect(),
            vacancy: None,
            number: None,
            publishable: false,
            published: false,
            duplicate_of: row.duplicate_of,
        };
        let edition = edition_of(book, &row.content.position, self);
        let (Some(organisation), Some(edition), true) =
            (organisation, edition, row.errors.is_empty())
        else {
            return Ok((answer, None, Completed::default()));
        };
        let done = complete(
            row,
            organisation,
            edition,
            book,
            self.reference.calendar,
            self.reference.today,
            self.cx.lang,
        );
        answer.title = book.title(&done.content);
        if let Some(first) = row.duplicate_of {
            answer.status = RowStatus::Duplicate;
            answer.warnings.push(self.plain("duplicate", &[("row", &first.to_string())]));
            return Ok((answer, None, Completed::default()));
        }
        if let Err(refusal) = check_draft(&done.content, book) {
            answer.errors = self.issues(&refusal.fields, row);
            return Ok((answer, None, Completed::default()));
        }
        answer.warnings.extend(done.notes.iter().map(|finding| self.note(finding, row)));
        let draft = new_draft(self.cx.ports, book, &organisation.id, 0, done.content.clone())?;
        let mut open = self.open.get(&organisation.id).into_iter().flatten();
        let twin = open.find(|one| one.is_twin(&organisation.id, &draft.content));
        let published = match decide(
            &draft,
            &Command::Publish { at: None, again: false },
            &self.facts(organisation, edition, twin.map(|twin| twin.number)),
        ) {
            Ok(decision) => Some(decision.vacancy),
            Err(_) if edition.publishing.approval_required.value => {
                answer.warnings.push(self.plain("approval", &[]));
                let facts = self.facts(organisation, edition, None);
                let (wrong, _) = check(&draft.content, &facts, self.cx.ports.now);
                answer.warnings.extend(self.issues(&wrong, row));
                None
            }
            Err(refusal) => {
                if refusal.fields.is_empty() {
                    let what = detail(self.cx.lang, &refusal);
                    answer.warnings.push(self.plain("missing", &[("what", &what)]));
                }
                answer.warnings.extend(self.issues(&refusal.fields, row));
                None
            }
        };
        answer.publishable = published.is_some();
        let may = self.cx.actor()?.may(Permission::VacancyPublish, &organisation.path);
        let published = published.filter(|_| self.mode == Mode::Publish && may);
        let plan = plan(&row.digest, before, self.cx.ports.now);
        let write = self.apply(plan, row, draft, published, &mut answer);
        Ok((answer, write, done))
    }

    /// Turns a plan into the status of the row and what is to be written.
    fn apply(
        &self,
        plan: Plan<'_>,
        row: &ReadRow,
        draft: Vacancy,
        published: Option<Vacancy>,
        answer: &mut RowReport,
    ) -> Option<Written> {
        let known = |answer: &mut RowReport, have: &Earlier| {
            answer.vacancy = Some(have.vacancy.clone());
            answer.number = Some(have.number);
        };
        let write = |vacancy: Vacancy, new: bool, source: String, journal| Written {
            vacancy,
            new,
            source,
            key: row.key.clone(),
            digest: row.digest.clone(),
            journal,
        };
        match plan {
            Plan::Create(_) if self.mode == Mode::Check => {
                answer.status = RowStatus::Ready;
                None
            }
            Plan::Create(generation) => {
                answer.status = RowStatus::Created;
                answer.published = published.is_some();
                let mut journal =
                    vec![("vacancy.create", Value::Null, json!({ "import": row.number }))];
                journal.extend(published.as_ref().map(|_| publication()));
                let vacancy = published.unwrap_or(draft);
                answer.vacancy = Some(vacancy.id.clone());
                Some(write(vacancy, true, source(&row.key, generation), journal))
            }
            Plan::Update(have) => {
                answer.status = RowStatus::Updated;
                known(answer, have);
                self.again(have, draft, published, answer).map(|(vacancy, mut journal)| {
                    journal
                        .insert(0, ("vacancy.save", Value::Null, json!({ "import": row.number })));
                    write(vacancy, false, have.source.clone(), journal)
                })
            }
            Plan::Unchanged(have) => {
                answer.status = RowStatus::Unchanged;
                known(answer, have);
                // The only thing left to do: what was imported as a draft is published now.
                let still = have.state == State::Draft && have.version == have.written;
                let publish = published.filter(|_| still)?;
                self.again(have, draft, Some(publish), answer)
                    .map(|(vacancy, journal)| write(vacancy, false, have.source.clone(), journal))
            }
            Plan::KeepPublished(have) | Plan::KeepEdited(have) => {
                answer.status = RowStatus::Kept;
                known(answer, have);
                let code =
                    if have.state == State::Draft { "kept_edited" } else { "kept_published" };
                answer.warnings.push(self.plain(code, &[]));
                None
            }
        }
    }

    /// A vacancy of an earlier import, with what the row says now.
    fn again(
        &self,
        have: &Earlier,
        draft: Vacancy,
        published: Option<Vacancy>,
        answer: &mut RowReport,
    ) -> Option<(Vacancy, Vec<JournalLine>)> {
        if self.mode == Mode::Check {
            return None;
        }
        answer.published = published.is_some();
        let journal = published.as_ref().map(|_| publication()).into_iter().collect();
        let vacancy = Vacancy {
            id: have.vacancy.clone(),
            number: have.number,
            version: have.version + 1,
            ..published.unwrap_or(draft)
        };
        Some((vacancy, journal))
    }

    fn facts<'f>(
        &'f self,
        organisation: &Organisation,
        edition: &'f Edition,
        twin: Option<i64>,
    ) -> Facts<'f> {
        Facts {
            edition,
            calendar: self.reference.calendar,
            directories: self.reference.book,
            rural: organisation.rural,
            has_address: organisation.has_address,
            twin,
            now: self.cx.ports.now,
        }
    }

    /// Wrong fields of an announcement as notes on the columns they came from.
    fn issues(&self, fields: &[FieldError], row: &ReadRow) -> Vec<Note> {
        let lang = self.cx.lang;
        fields
            .iter()
            .map(|wrong| {
                let what = field_text(lang, wrong.code, &wrong.args);
                let base = wrong.field.split('.').next().unwrap_or_default();
                let Some(field) = report::field_of(&wrong.field, self.headings) else {
                    return Note {
                        field: wrong.field.to_string(),
                        ..self.plain(
                            "missing",
                            &[("what", &format!("{}. {what}", report::label(lang, base)))],
                        )
                    };
                };
                let text = format!("{}. {what}", report::label(lang, field.code()));
                let finding = Finding { field, code: "missing", args: vec![("what", text)] };
                self.note(&finding, row)
            })
            .collect()
    }

    /// A note about the whole row.
    fn plain(&self, code: &str, args: &[(&str, &str)]) -> Note {
        Note {
            column: String::new(),
            header: String::new(),
            field: String::new(),
            code: code.to_owned(),
            text: report::text(self.cx.lang, code, args),
            value: String::new(),
        }
    }
}

fn publication() -> JournalLine {
    ("vacancy.publish", json!({ "state": State::Draft }), json!({ "state": State::Published }))
}

fn edition_of(book: &Book, position: &str, import: &Import<'_>) -> Option<&'static Edition> {
    edition_for(&book.group(position)?, import.reference.today)
}

fn reference_of(organisation: &Organisation) -> OrganisationRef {
    OrganisationRef {
        id: organisation.id.clone(),
        name: organisation.name(),
        slug: organisation.slug.clone(),
    }
}
