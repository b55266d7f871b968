//! What the organisation sees and does. Staff always see what was sent, never what is being
//! written; every look is in the journal, where the applicant finds it.

use domain::{
    account::permission::Permission,
    application::{
        api::{Note, NoteCreate, StaffApplication, StaffCommand, StaffConflict},
        model::State,
        rules::{decide_staff, effective, staff_commands},
        sql as application_sql,
        timeline::{Reader, timeline},
    },
    journal::Entry,
    shared::{
        refusal::{Check, Kind, Refusal},
        statement::{Statement, guard},
    },
};
use serde_json::json;

use super::{
    Case, CaseNames, case_of, case_reads, close,
    command::{entry, step_rows, stub, take},
    if_match, paper,
    show::{act, files, form, snapshot_of, vacancy_ref, version_asked},
    tell,
};
use crate::{
    cx::Cx,
    entry::problem,
    error::{Error, Fault},
    facts,
    http::{Request, Response},
    save::{Change, Replay, once, save},
};

/// Longest note, characters.
const NOTE: usize = 2000;

/// Loads an application within the person's reach, with its notes. A draft, and what is out of
/// reach, is not found; one's own is refused.
async fn load(cx: &Cx<'_>, id: &str, permission: Permission) -> Result<(Case, Vec<Note>), Error> {
    let not_found = || Error::from(Refusal::not_found());
    if !domain::shared::id::is_ulid(id) {
        return Err(not_found());
    }
    let mut reads = case_reads(id);
    reads.push(application_sql::notes(id));
    let (book, calendar, rows) = facts::load(cx.ports, reads).await?;
    let case = case_of(book, calendar, &rows)?.ok_or_else(not_found)?;
    let actor = cx.actor()?;
    let row = &case.row;
    if row.application.sent == 0 || !actor.may(Permission::ApplicationRead, &row.path) {
        return Err(not_found());
    }
    if row.application.person == actor.person {
        return Err(Refusal::new(Kind::Forbidden, "application_own").into());
    }
    if !actor.may(permission, &row.path) {
        return Err(Refusal::forbidden().into());
    }
    let notes = rows.last().map(|rows| rows.all()).transpose()?.unwrap_or_default();
    Ok((case, notes))
}

/// The row of the journal that says who looked.
pub(super) fn looked(case: &Case, action: &'static str) -> Entry {
    let application = &case.row.application;
    Entry::new(action, "person", &application.person)
        .of(&application.organisation)
        .after(json!({ "application": application.id, "number": application.number }))
}

fn view(cx: &Cx<'_>, case: &Case, notes: Vec<Note>) -> Result<StaffApplication, Error> {
    let facts = case.facts(cx.ports);
    let (now, _) = effective(&case.row.application, &facts);
    let content = case.sent.clone().unwrap_or_default();
    let may = cx.actor()?.may(Permission::ApplicationProcess, &case.row.path);
    let commands = if may { staff_commands(now.state) } else { &[] };
    let rules = &case.edition.application;
    Ok(StaffApplication {
        id: now.id.clone(),
        number: now.number.clone().unwrap_or_default(),
        state: now.state,
        version: now.version,
        vacancy: vacancy_ref(&case.row, &case.book, cx.ports),
        rules: case.edition.name(),
        act: act(case.edition),
        form: form(case, &content),
        files: files(&content, &case.known),
        completion: now.completion.clone(),
        verdict: now.verdict.clone(),
        grounds: rules
            .refusal_grounds
            .value
            .iter()
            .map(|code| (code.clone(), case.book.name("refusal_ground", code)))
            .collect(),
        commands: commands.iter().map(|name| (*name).to_owned()).collect(),
        timeline: timeline(&now, &case.steps, &facts, cx.lang, Reader::Staff, &CaseNames(case)),
        sent: case.sents.clone(),
        notes,
        content,
        server_time: cx.ports.now,
    })
}

fn answer(cx: &Cx<'_>, case: &Case, notes: Vec<Note>) -> Result<Response, Error> {
    let version = case.row.application.version;
    Ok(Response::json(&view(cx, case, notes)?)?.header("etag", format!("\"{version}\"")))
}

pub(super) async fn show(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let (case, notes) = load(cx, cx.param("id"), Permission::ApplicationRead).await?;
    let response = answer(cx, &case, notes)?;
    let change = Change { journal: vec![looked(&case, "application.view")], ..Change::default() };
    save(cx, None, change, response).await
}

pub(super) async fn sent(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let (case, _) = load(cx, cx.param("id"), Permission::ApplicationRead).await?;
    let response = snapshot_of(cx, &case.row.application.id).await?;
    let change = Change { journal: vec![looked(&case, "application.view")], ..Change::default() };
    save(cx, None, change, response).await
}

/// What was sent, as a PDF to be printed for the commission; a look as any other.
pub(super) async fn sent_pdf(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let (case, _) = load(cx, cx.param("id"), Permission::ApplicationRead).await?;
    let n = version_asked(request);
    let response = paper::pdf(cx, &case.row.application.id, n.as_deref()).await?;
    let change = Change { journal: vec![looked(&case, "application.view")], ..Change::default() };
    save(cx, None, change, response).await
}

pub(super) async fn command(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let id = cx.param("id");
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(_) => {
            let (case, notes) = load(cx, id, Permission::ApplicationProcess).await?;
            return answer(cx, &case, notes);
        }
    };
    let version = if_match(request)?;
    let command: StaffCommand = request.json()?;
    let (mut case, notes) = load(cx, id, Permission::ApplicationProcess).await?;
    if case.row.application.version != version {
        return conflict(cx, &case, notes);
    }
    let decision = decide_staff(&case.row.application, &command, &case.facts(cx.ports))?;
    let account = &cx.actor()?.account;
    let before = case.row.application.clone();
    let next = &decision.application;
    let mut statements: Vec<Statement> = application_sql::update(next, version, account).into();
    if next.state == State::Selected && before.state != State::Selected {
        // Two clerks at once must not choose more people than there are posts.
        statements.push(guard(
            "state",
            "SELECT count(*) < ?3 FROM application WHERE vacancy = ?1 AND state = 'selected' AND id <> ?2",
            vec![
                next.vacancy.as_str().into(),
                next.id.as_str().into(),
                case.row.announcement.openings.max(1).into(),
            ],
        ));
    }
    statements.extend(step_rows(cx.ports, next, &decision.steps, account));
    let journal = decision.steps.iter().map(|step| entry(&before, next, step)).collect();
    let mut change = Change { statements, journal, events: vec![] };
    tell::tell(cx.ports, &case, next, &decision.steps, &mut change);
    change.events.extend(close::event(&before, next));
    let stub = stub(next)?;
    take(&mut case, cx.ports, decision);
    match save(cx, Some(once), change, stub).await {
        Ok(done) => Ok(Response { after: done.after, ..answer(cx, &case, notes)? }),
        Err(Error::Refusal(refusal)) if refusal.kind == Kind::Stale => {
            let (case, notes) = load(cx, id, Permission::ApplicationProcess).await?;
            conflict(cx, &case, notes)
        }
        Err(error) => Err(error),
    }
}

fn conflict(cx: &Cx<'_>, case: &Case, notes: Vec<Note>) -> Result<Response, Error> {
    let conflict = StaffConflict { current: view(cx, case, notes)? };
    let mut body = problem(cx, &Refusal::new(Kind::Stale, "stale"));
    body["conflict"] =
        serde_json::to_value(conflict).map_err(|e| Fault::new(format!("conflict: {e}")))?;
    Ok(Response::new(412, "application/problem+json", body.to_string()))
}

pub(super) async fn notes(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let (_, notes) = load(cx, cx.param("id"), Permission::ApplicationRead).await?;
    Ok(Response::json(&notes)?)
}

pub(super) async fn add_note(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let input: NoteCreate = request.json()?;
    let mut check = Check::default();
    if input.text.trim().is_empty() {
        check.wrong("text", "required");
    }
    if input.text.chars().count() > NOTE {
        check.wrong_with("text", "too_long", "max", NOTE);
    }
    check.done()?;
    let (case, _) = load(cx, cx.param("id"), Permission::ApplicationRead).await?;
    let (actor, application) = (cx.actor()?, &case.row.application);
    let note =
        Note { id: cx.ports.new_id(), at: cx.ports.now, who: actor.name.clone(), text: input.text };
    let row = application_sql::insert_note(
        &note.id,
        &application.id,
        &actor.account,
        cx.ports.now,
        &note.text,
    );
    let entry = Entry::new("application.note", "application", &application.id)
        .of(&application.organisation);
    let change = Change { statements: vec![row], journal: vec![entry], events: vec![] };
    let response = Response::json(&note)?.status(201);
    save(cx, Some(once), change, response).await
}
