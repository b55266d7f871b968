//! Saving and the applicant's commands: decided by the rules, saved in one batch, or answered with
//! both sides.

use chrono::Datelike;
use domain::{
    application::{
        api::{MyCommand, MyConflict, Save},
        check::{check_draft, issues},
        model::{Application, Content},
        rules::{self, Decision, Step, decide_mine},
        sql::{self as application_sql, number},
        timeline::StepRow,
    },
    journal::Entry,
    shared::{
        refusal::{Kind, Refusal},
        statement::Statement,
    },
};
use serde::Deserialize;
use serde_json::json;

use super::{Case, if_match, own, show::answer, show::view, snapshot, tell};
use crate::{
    cx::Cx,
    entry::problem,
    error::{Error, Fault},
    http::{Request, Response},
    ports::{Ports, read},
    save::{Change, Replay, once, replayed, save},
};

/// What is kept as the answer to an idempotency key: a repetition shows how the application stands
/// by then, so the whole answer need not be kept a second time.
pub(super) fn stub(application: &Application) -> Result<Response, Fault> {
    Response::json(&json!({ "id": application.id, "version": application.version }))
}

/// The rows of what happened on the way to a decision.
pub(super) fn step_rows(
    ports: &Ports<'_>,
    application: &Application,
    steps: &[Step],
    who: &str,
) -> Vec<Statement> {
    let by = |step: &Step| if step.party == rules::Party::System { "" } else { who }.to_owned();
    steps
        .iter()
        .map(|step| application_sql::step(&application.id, step, &by(step), ports.now))
        .collect()
}

/// The journal's row of a step.
pub(super) fn entry(before: &Application, after: &Application, step: &Step) -> Entry {
    let mut entry = Entry::new(format!("application.{}", step.action), "application", &after.id)
        .of(&after.organisation)
        .before(json!({ "state": before.state, "version": before.version }))
        .after(json!({ "state": step.state, "version": after.version }));
    let reasons = step.details.grounds.join(", ");
    entry.reason = (!reasons.is_empty()).then_some(reasons);
    entry
}

/// Takes a decision over into the loaded case, as the database has it now.
pub(super) fn take(case: &mut Case, ports: &Ports<'_>, decision: Decision) {
    let now = ports.now;
    case.steps.extend(decision.steps.into_iter().map(|step| StepRow {
        at: now,
        action: step.action.to_owned(),
        party: step.party.code().to_owned(),
        details: step.details,
    }));
    case.row.application = decision.application;
}

pub(super) async fn save_content(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(_) => return answer(cx, &own(cx, cx.param("id")).await?),
    };
    let version = if_match(request)?;
    let input: Save = request.json()?;
    let mut case = own(cx, cx.param("id")).await?;
    if case.row.application.version != version {
        return conflict(cx, &case, Some(&input.content));
    }
    with_new_files(cx, &mut case, &input.content).await?;
    check_draft(&input.content, &case.situation())?;
    let decision = rules::save(&case.row.application, &input.content, &case.facts(cx.ports))?;
    let account = &cx.actor()?.account;
    let before = case.row.application.clone();
    let next = &decision.application;
    let mut statements: Vec<Statement> = application_sql::update(next, version, account).into();
    statements.extend(application_sql::use_files(next, false, cx.ports.now));
    statements.extend(step_rows(cx.ports, next, &decision.steps, account));
    // Each saved keystroke is not a matter of the journal; what the sweep would have noted is.
    let journal = decision.steps.iter().map(|step| entry(&before, next, step)).collect();
    let mut change = Change { statements, journal, events: vec![] };
    tell::tell(cx.ports, &case, next, &decision.steps, &mut change);
    let stub = stub(next)?;
    let kato = next.content.contacts.kato.clone();
    take(&mut case, cx.ports, decision);
    if kato != before.content.contacts.kato {
        case.place = super::place_of(cx.ports, &kato).await?;
    }
    match save(cx, Some(once), change, stub).await {
        Ok(done) if replayed(&done) => answer(cx, &own(cx, cx.param("id")).await?),
        Ok(done) => Ok(Response { after: done.after, ..answer(cx, &case)? }),
        Err(Error::Refusal(refusal)) if refusal.kind == Kind::Stale => {
            let case = own(cx, cx.param("id")).await?;
            conflict(cx, &case, Some(&input.content))
        }
        Err(error) => Err(error),
    }
}

/// Files that the content names for the first time: only one's own are known.
async fn with_new_files(cx: &Cx<'_>, case: &mut Case, content: &Content) -> Result<(), Error> {
    let mut ids = content.file_ids();
    ids.retain(|id| !case.known.contains_key(id) && domain::shared::id::is_ulid(id));
    if ids.is_empty() {
        return Ok(());
    }
    let new = application_sql::files_of(&ids, &cx.actor()?.person);
    let mut files = std::mem::take(&mut case.files);
    files.extend(read(cx.ports.db, new).await?.all()?);
    case.with_files(files);
    Ok(())
}

pub(super) async fn command(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(done) if done.status == 204 => return Ok(Response::empty()),
        Replay::Done(_) => return answer(cx, &own(cx, cx.param("id")).await?),
    };
    let version = if_match(request)?;
    let command: MyCommand = request.json()?;
    let mut case = own(cx, cx.param("id")).await?;
    if case.row.application.version != version {
        return conflict(cx, &case, None);
    }
    let wrong = issues(&case.row.application.content, &case.situation());
    let facts = case.facts(cx.ports);
    let mut decision = decide_mine(&case.row.application, &command, &wrong, &facts)?;
    let account = cx.actor()?.account.clone();
    let before = case.row.application.clone();
    if command == MyCommand::Discard {
        let entry = Entry::new("application.discard", "application", &before.id)
            .of(&before.organisation)
            .before(json!({ "state": before.state, "version": before.version }));
        let statements = application_sql::discard(&before.id, version);
        let change = Change { statements, journal: vec![entry], events: vec![] };
        return save(cx, Some(once), change, Response::empty()).await;
    }
    let was_sent = decision.application.sent > before.sent;
    if was_sent && decision.application.number.is_none() {
        decision.application.number = Some(new_number(cx.ports, &case).await?);
    }
    let next = &decision.application;
    let mut statements: Vec<Statement> = application_sql::update(next, version, &account).into();
    let mut sent = None;
    if was_sent {
        let kept = snapshot::keep(cx.ports, cx.lang, &case, next)?;
        statements.extend(kept.statements);
        statements.push(application_sql::use_records(next));
        sent = Some((next.content.clone(), kept.sent));
    }
    statements.extend(application_sql::use_files(next, was_sent, cx.ports.now));
    statements.extend(step_rows(cx.ports, next, &decision.steps, &account));
    let journal = decision.steps.iter().map(|step| entry(&before, next, step)).collect();
    let mut change = Change { statements, journal, events: vec![] };
    tell::tell(cx.ports, &case, next, &decision.steps, &mut change);
    let stub = stub(next)?;
    match save(cx, Some(once), change, stub).await {
        Ok(done) if replayed(&done) => answer(cx, &own(cx, cx.param("id")).await?),
        Ok(done) => {
            take(&mut case, cx.ports, decision);
            if let Some((content, version)) = sent {
                case.sent = Some(content);
                case.sents.push(version);
            }
            Ok(Response { after: done.after, ..answer(cx, &case)? })
        }
        Err(Error::Refusal(refusal)) if refusal.kind == Kind::Stale => {
            let case = own(cx, cx.param("id")).await?;
            conflict(cx, &case, None)
        }
        Err(error) => Err(error),
    }
}

/// The next number of the year: `ПЕД-2026-000123`. A number that is taken and not used leaves a
/// gap and nothing else.
async fn new_number(ports: &Ports<'_>, case: &Case) -> Result<String, Fault> {
    #[derive(Deserialize)]
    struct Value {
        value: i64,
    }
    let year = ports.now.day().year();
    let taken: Option<Value> = read(ports.db, application_sql::take_number(year)).await?.first()?;
    let value = taken.ok_or_else(|| Fault::new("the counter gave no number"))?.value;
    Ok(number(&case.edition.application.number_prefix.value, year, value))
}

/// 412 with both sides: what stands now and where it differs from what was sent.
fn conflict(cx: &Cx<'_>, case: &Case, sent: Option<&Content>) -> Result<Response, Error> {
    let differs = match sent {
        Some(content) => content.differs(&case.row.application.content),
        None => vec!["state".into()],
    };
    let conflict = MyConflict { current: view(cx, case), differs };
    let mut body = problem(cx, &Refusal::new(Kind::Stale, "stale"));
    body["conflict"] =
        serde_json::to_value(conflict).map_err(|e| Fault::new(format!("conflict: {e}")))?;
    Ok(Response::new(412, "application/problem+json", body.to_string()))
}
