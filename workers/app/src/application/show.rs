//! What the applicant sees.

use std::collections::BTreeMap;

use domain::{
    application::{
        api::{
            Editing, FileRef, Form, FormDocument, FormOption, FormRow, Issue, MyApplication,
            MyList, MyRow, Task, VacancyRef,
        },
        check::{Obstacle, issues, wanted},
        model::{Application, Content, Section, State, TaskState},
        rules::{effective, may_edit, my_commands},
        score::{points, total, without_experience},
        sql::{self as application_sql, Row},
        tasks::tasks,
        timeline::{Reader, next, timeline},
    },
    directory::Book,
    profile::sql as profile_sql,
    rule::{Edition, edition},
    shared::{
        format,
        lang::{Lang, Text},
        locale::APPLICATION,
        refusal::Refusal,
    },
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    Case, CaseNames, own, paper, place_of,
    prefill::{Known, complete, is_nameless},
};
use crate::{
    cx::Cx,
    entry::field_text,
    error::{Error, Fault},
    facts,
    http::{Request, Response},
    ports::{Ports, read, read_all},
};

pub(super) async fn show(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let mut case = own(cx, cx.param("id")).await?;
    if case.row.application.state == State::Draft && is_nameless(&case.row.application.content) {
        fill(cx, &mut case).await?;
    }
    answer(cx, &case)
}

/// Fills a draft that was begun before the card of the person was written. It is shown so, and kept
/// when the person saves it.
async fn fill(cx: &Cx<'_>, case: &mut Case) -> Result<(), Error> {
    let actor = cx.actor()?;
    let reads = profile_sql::person(&actor.person, &actor.account).into();
    let rows = read_all(cx.ports.db, reads).await?;
    let [person, contacts, ..] = rows.as_slice() else {
        return Err(Fault::new("application: a statement has no rows").into());
    };
    let known = Known {
        person: person.first()?,
        contacts: contacts.all()?,
        items: Vec::new(),
        earlier: None,
    };
    complete(&mut case.row.application.content, &known, cx.lang);
    case.place = place_of(cx.ports, &case.row.application.content.contacts.kato).await?;
    Ok(())
}

/// The application as an answer, with its version as the tag.
pub(super) fn answer(cx: &Cx<'_>, case: &Case) -> Result<Response, Error> {
    let version = case.row.application.version;
    Ok(Response::json(&view(cx, case))?.header("etag", format!("\"{version}\"")))
}

/// The vacancy of an application.
pub(crate) fn vacancy_ref(row: &Row, book: &Book, ports: &Ports<'_>) -> VacancyRef {
    VacancyRef {
        id: row.application.vacancy.clone(),
        number: row.vacancy_number,
        slug: row.vacancy_slug.clone(),
        state: row.vacancy(ports.now).state,
        title: book.title(&row.announcement),
        organisation: row.organisation(),
        accept_to: row.accept_to,
        closes_at: row.closes_at,
    }
}

/// The act of an edition in one line.
pub(super) fn act(edition: &Edition) -> Text {
    let act = &edition.act;
    let line = |lang| {
        format!("{}, №\u{a0}{}, {}", act.title.get(lang), act.number, format::date(lang, act.date))
    };
    Text { kk: line(Lang::Kk), ru: line(Lang::Ru), en: line(Lang::En) }
}

/// Documents and rows, as they stand for a content.
pub(super) fn form(case: &Case, content: &Content) -> Form {
    let rules = &case.edition.application;
    let without = without_experience(content);
    let documents = wanted(content, &case.situation())
        .into_iter()
        .map(|document| FormDocument {
            code: document.code.to_owned(),
            name: case.book.name("document_type", document.code),
            required: document.required,
            made_here: document.made_here(),
            records: document.rule.map(|rule| rule.records.clone()).unwrap_or_default(),
            max_files: document.max_files(),
            source: document.rule.map(|rule| rule.source.clone()).unwrap_or_default(),
        })
        .collect();
    let rows = rules
        .score_sheet
        .iter()
        .map(|row| FormRow {
            code: row.code.clone(),
            title: row.title.clone(),
            evidence: row.evidence.clone(),
            how: row.how.code().to_owned(),
            cap: row.cap.map(|cap| cap.value()),
            records: row.records.clone(),
            options: row
                .options
                .iter()
                .map(|option| FormOption {
                    code: option.code.clone(),
                    title: option.title.clone(),
                    points: option.points.value(),
                    most: option.most,
                })
                .collect(),
            applies: row.applies(without),
            points: content
                .claims
                .iter()
                .find(|claim| claim.row == row.code && row.applies(without))
                .map_or(0.0, |claim| points(row, claim).value()),
            source: row.source.clone(),
        })
        .collect();
    Form { documents, rows, points: total(content, rules).value() }
}

/// The files that a content names; those that are gone are named as missing.
pub(super) fn files(content: &Content, known: &BTreeMap<String, FileRef>) -> Vec<FileRef> {
    let missing = |id: String| FileRef {
        id,
        name: String::new(),
        kind: String::new(),
        size: 0,
        state: "missing".into(),
    };
    let ids = content.file_ids();
    ids.into_iter().map(|id| known.get(&id).cloned().unwrap_or_else(|| missing(id))).collect()
}

/// Sections in which the clerk asked for something that has not been changed since.
fn requested(application: &Application, sent: Option<&Content>) -> Vec<Section> {
    let (State::Returned, Some(asked)) = (application.state, &application.completion) else {
        return Vec::new();
    };
    let changed = sent.map(|sent| application.content.differs(sent)).unwrap_or_default();
    let done = |target: &str| match target {
        "documents" => changed.iter().any(|part| part.starts_with("document:")),
        "score_sheet" => changed.iter().any(|part| part.starts_with("row:")),
        target => changed.iter().any(|part| part == target),
    };
    asked
        .items
        .iter()
        .filter(|item| !done(&item.target))
        .filter_map(|item| match item.target.split_once(':') {
            Some(("document", _)) => Some(Section::Documents),
            Some(_) => Some(Section::ScoreSheet),
            None => Section::parse(&item.target),
        })
        .collect()
}

fn task_list(cx: &Cx<'_>, case: &Case, now: &Application, wrong: &[Obstacle]) -> Vec<Task> {
    let name = |section: Section| {
        let key = format!("section.{}", section.code());
        APPLICATION.find(cx.lang, &key).unwrap_or_default().to_owned()
    };
    let requested = requested(now, case.sent.as_ref());
    tasks(&now.content, &case.situation(), wrong, &requested)
        .into_iter()
        .map(|task| Task {
            section: task.section,
            title: name(task.section),
            state: task.state,
            why: match (task.state, task.wrong) {
                (TaskState::CannotStart, _) => {
                    let first: Vec<String> = task.first.into_iter().map(name).collect();
                    APPLICATION.fill(cx.lang, "why.first", &[("sections", &first.join(", "))])
                }
                (TaskState::Attention, Some(wrong)) => field_text(cx.lang, wrong.code, &wrong.args),
                (TaskState::Attention, None) => {
                    APPLICATION.get(cx.lang, "why.requested").to_owned()
                }
                _ => String::new(),
            },
        })
        .collect()
}

/// An application as its applicant sees it.
pub(super) fn view(cx: &Cx<'_>, case: &Case) -> MyApplication {
    let facts = case.facts(cx.ports);
    let (now, _) = effective(&case.row.application, &facts);
    let wrong = issues(&now.content, &case.situation());
    let until = match now.state {
        State::Returned => now.due_at,
        _ => case.row.closes_at,
    };
    MyApplication {
        id: now.id.clone(),
        number: now.number.clone(),
        state: now.state,
        version: now.version,
        vacancy: vacancy_ref(&case.row, &case.book, cx.ports),
        rules: case.edition.name(),
        act: act(case.edition),
        tasks: task_list(cx, case, &now, &wrong),
        issues: wrong
            .iter()
            .map(|issue| Issue {
                section: issue.section,
                field: issue.error.field.to_string(),
                code: issue.error.code.to_owned(),
                text: field_text(cx.lang, issue.error.code, &issue.error.args),
            })
            .collect(),
        form: form(case, &now.content),
        files: files(&now.content, &case.known),
        editing: may_edit(&now, &facts).map(|targets| Editing { until, targets }),
        completion: now.completion.clone(),
        verdict: now.verdict.clone(),
        commands: my_commands(&now, &facts).into_iter().map(str::to_owned).collect(),
        timeline: timeline(&now, &case.steps, &facts, cx.lang, Reader::Applicant, &CaseNames(case)),
        sent: case.sents.clone(),
        place: case.place.clone(),
        content: now.content,
        server_time: cx.ports.now,
    }
}

pub(super) async fn list(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let mine = application_sql::mine(&cx.actor()?.person);
    let (book, calendar, rows) = facts::load(cx.ports, vec![mine]).await?;
    let rows: Vec<Row> = rows.first().map(|rows| rows.all()).transpose()?.unwrap_or_default();
    let mut items = Vec::new();
    for row in &rows {
        let application = &row.application;
        let edition = edition(&application.procedure, &application.edition)
            .ok_or_else(|| Fault::new("an edition is gone"))?;
        let facts = domain::application::rules::Facts {
            edition,
            calendar: &calendar,
            vacancy: row.vacancy(cx.ports.now),
            sent: None,
            chosen: row.chosen,
            now: cx.ports.now,
        };
        let (now, _) = effective(application, &facts);
        items.push(MyRow {
            id: now.id.clone(),
            number: now.number.clone(),
            state: now.state,
            vacancy: vacancy_ref(row, &book, cx.ports),
            next: next(&now, &facts, cx.lang, Reader::Applicant),
            changed_at: now.changed_at,
        });
    }
    Ok(Response::json(&MyList { items, server_time: cx.ports.now })?)
}

#[derive(Deserialize)]
struct Snapshot {
    snapshot: String,
}

/// A version that was sent, word for word as it was kept.
pub(super) async fn sent(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let id = own(cx, cx.param("id")).await?.row.application.id;
    snapshot_of(cx, &id).await
}

/// The same as a PDF; `?n=` names an earlier version.
pub(super) async fn sent_pdf(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let id = own(cx, cx.param("id")).await?.row.application.id;
    paper::pdf(cx, &id, version_asked(request).as_deref()).await
}

/// The version that the query names.
pub(super) fn version_asked(request: &Request) -> Option<String> {
    request.query_pairs().into_iter().find(|(name, _)| name == "n").map(|(_, n)| n)
}

/// The snapshot that the address names.
pub(super) async fn snapshot_of(cx: &Cx<'_>, id: &str) -> Result<Response, Error> {
    let n: u32 = cx.param("n").parse().map_err(|_| Refusal::not_found())?;
    let found: Option<Snapshot> =
        read(cx.ports.db, application_sql::snapshot(id, n)).await?.first()?;
    let found = found.ok_or_else(Refusal::not_found)?;
    let raw = RawValue::from_string(found.snapshot)
        .map_err(|e| Fault::new(format!("a snapshot is no JSON: {e}")))?;
    Ok(Response::json(&raw)?)
}
