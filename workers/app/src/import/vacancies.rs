//! `POST /api/v1/cabinet/import/vacancies`: a list of vacancies becomes drafts or announcements.
//!
//! The file is read whole before anything is written. Then it is written in batches of some
//! hundred rows, each all or nothing: what was interrupted is finished by sending the file again,
//! because a row that was imported changes nothing the second time.

use std::collections::{HashMap, HashSet};

use domain::{
    account::permission::Permission,
    directory::Book,
    import::{
        api::{ImportReport, Mode, Note, RowReport, RowStatus},
        complete::{Completed, complete},
        headers::{self, Field, Headings},
        organisations::Organisation,
        plan::{Plan, plan, source},
        report::{self, note},
        rows::{self, Finding, ReadRow, Reference},
        sql::{self as import_sql, By, Earlier, JournalLine, Open, Written},
    },
    rule::{Edition, edition_for},
    shared::{
        lang::Text,
        refusal::{FieldError, Kind, Refusal},
    },
    vacancy::{
        api::{Command, OrganisationRef},
        content::{Directories, check_draft},
        model::{State, Vacancy},
        rules::{Facts, decide},
        title::address,
    },
};
use serde_json::{Value, json};

use super::{
    mode_of,
    sheet::{self, Limits, Sheet},
};
use crate::{
    cabinet::vacancies::{new_draft, take_numbers},
    cx::Cx,
    entry::{detail, field_text},
    error::{Error, Fault},
    facts,
    http::{After, Request, Response},
    ports::read,
    save::refused,
};

/// Rows of a batch.
const BATCH_ROWS: usize = 200;
/// Bytes of the announcements of a batch: the edge takes 2 MB in one value.
const BATCH_BYTES: usize = 1_000_000;

pub(super) async fn post(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let mode = mode_of(request)?;
    let actor = cx.actor()?;
    if mode == Mode::Publish && !actor.may_somewhere(Permission::VacancyPublish) {
        return Err(Refusal::forbidden().into());
    }
    let root = request
        .query_pairs()
        .into_iter()
        .find(|(name, value)| name == "organisation" && !value.is_empty())
        .map(|(_, value)| value);
    let reach = actor.reach(Permission::VacancyImport);
    let places = import_sql::organisations(&reach, root.as_deref());
    let (book, calendar, found) = facts::load(cx.ports, vec![places]).await?;
    let organisations: Vec<Organisation> =
        found.first().map(crate::ports::Rows::all).transpose()?.unwrap_or_default();
    let default = default_of(&organisations, root.as_deref())?;
    let limits = Limits::LIST;
    let sheet = sheet::read(&request.body, &limits).map_err(|bad| bad.refusal(&limits))?;
    let headings = headers::find(&sheet.table)
        .ok_or_else(|| Refusal::new(Kind::Invalid, "import_no_header"))?;
    check_columns(cx, &headings, default)?;
    let reference = Reference {
        book: &book,
        organisations: &organisations,
        default,
        calendar: &calendar,
        today: cx.ports.now.day(),
        lang: cx.lang,
    };
    let rows = rows::read(&sheet.table, &headings, &reference);
    let earlier = earlier(cx, &rows).await?;
    let open = open(cx, &rows, &organisations, &earlier).await?;
    let import = Import {
        cx,
        mode,
        headings: &headings,
        reference: &reference,
        earlier: &earlier,
        open: &open,
    };
    let (mut report, written) = import.run(&rows, &sheet)?;
    let published = written.iter().any(|(_, row)| row.vacancy.state == State::Published);
    if mode != Mode::Check {
        write(cx, written, &mut report).await?;
    }
    let response = Response::json(&report)?;
    Ok(if published && mode == Mode::Publish {
        response.then(After::DrainOutbox)
    } else {
        response
    })
}

/// The organisation of rows that name none: the one that was asked for, if it is no office with
/// others below it, or the only one within reach.
fn default_of(list: &[Organisation], root: Option<&str>) -> Result<Option<usize>, Refusal> {
    let asked = root.and_then(|id| list.iter().position(|have| have.id == id));
    match (root, asked) {
        (Some(_), None) => Err(Refusal::not_found()),
        (_, Some(at)) if list.get(at).is_some_and(|have| have.level == "organisation") => {
            Ok(Some(at))
        }
        _ => Ok((list.len() == 1).then_some(0)),
    }
}

fn check_columns(cx: &Cx<'_>, headings: &Headings, default: Option<usize>) -> Result<(), Refusal> {
    let has = |field: Field| headings.of(field).is_some();
    let mut missing = Vec::new();
    if !has(Field::Position) {
        missing.push(report::label(cx.lang, Field::Position.code()));
    }
    if default.is_none() && !has(Field::Bin) && !has(Field::Organisation) {
        missing.push(report::label(cx.lang, Field::Bin.code()));
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(Kind::Invalid, "import_columns_missing").with("columns", missing.join(", ")))
}

/// What was imported earlier under the keys of these rows, oldest first.
async fn earlier(cx: &Cx<'_>, rows: &[ReadRow]) -> Result<Vec<Earlier>, Fault> {
    let keys: Vec<&str> =
        rows.iter().map(|row| row.key.as_str()).filter(|key| !key.is_empty()).collect();
    read(cx.ports.db, import_sql::earlier(&keys)).await?.all()
}

/// Open vacancies of the organisations in the list that did not come from this list: one of them
/// may be the same as a row, and then a person has to say that both are meant.
async fn open(
    cx: &Cx<'_>,
    rows: &[ReadRow],
    organisations: &[Organisation],
    earlier: &[Earlier],
) -> Result<HashMap<String, Vec<Open>>, Fault> {
    let named = rows.iter().filter_map(|row| organisations.get(row.organisation?));
    let mut ids: Vec<&str> = named.map(|organisation| organisation.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let all: Vec<Open> = read(cx.ports.db, import_sql::open(&ids, cx.ports.now)).await?.all()?;
    let own: HashSet<&str> = earlier.iter().map(|row| row.vacancy.as_str()).collect();
    let mut by_organisation: HashMap<String, Vec<Open>> = HashMap::new();
    for one in all.into_iter().filter(|one| !own.contains(one.id.as_str())) {
        by_organisation.entry(one.organisation.clone()).or_default().push(one);
    }
    Ok(by_organisation)
}

/// One import.
struct Import<'a> {
    cx: &'a Cx<'a>,
    mode: Mode,
    headings: &'a Headings,
    reference: &'a Reference<'a>,
    earlier: &'a [Earlier],
    open: &'a HashMap<String, Vec<Open>>,
}

/// A row and what is to be written of it: place in the report, and the vacancy.
type Planned = Vec<(usize, Written)>;

impl Import<'_> {
    /// Decides every row. Numbers of new vacancies are taken when they are written.
    fn run(&self, rows: &[ReadRow], sheet: &Sheet) -> Result<(ImportReport, Planned), Error> {
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

/// Writes the rows in batches and puts the numbers of new vacancies into the report.
async fn write(cx: &Cx<'_>, planned: Planned, report: &mut ImportReport) -> Result<(), Error> {
    let actor = cx.actor()?;
    let by = By {
        account: actor.account.clone(),
        session: actor.session.clone(),
        request_id: cx.request_id.clone(),
    };
    let book = facts::load(cx.ports, vec![]).await?.0;
    let mut rest = planned.into_iter().peekable();
    while rest.peek().is_some() {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while let Some((_, row)) = rest.peek() {
            bytes += serde_json::to_string(&row.vacancy.content).unwrap_or_default().len() + 1000;
            if !batch.is_empty() && (batch.len() >= BATCH_ROWS || bytes > BATCH_BYTES) {
                break;
            }
            batch.extend(rest.next());
        }
        let new = batch.iter().filter(|(_, row)| row.new).count();
        let mut number = match u32::try_from(new) {
            Ok(n @ 1..) => take_numbers(cx.ports, n).await?,
            _ => 0,
        };
        for (place, row) in &mut batch {
            if row.new {
                row.vacancy.number = number;
                number += 1;
                if let Some(answer) = report.rows.get_mut(*place) {
                    answer.number = Some(row.vacancy.number);
                }
            }
            row.vacancy.slug = address(&book.title(&row.vacancy.content), row.vacancy.number);
        }
        let rows: Vec<Written> = batch.into_iter().map(|(_, row)| row).collect();
        cx.ports.db.batch(import_sql::write(&rows, &by, cx.ports.now)).await.map_err(refused)?;
    }
    Ok(())
}
