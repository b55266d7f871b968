//! A new draft, or the one that is there already.

use domain::{
    application::{
        api::Create,
        model::{Application, State},
        rules::{Details, Facts, Party, Step, followed},
        sql::{self as application_sql, Row, Target, facts_of},
    },
    journal::Entry,
    profile::sql as profile_sql,
    rule::edition,
    shared::refusal::{Kind, Refusal},
    vacancy::model::State as VacancyState,
};
use serde_json::json;

use super::{
    asked, case_of, case_reads, documents_of_position, own,
    prefill::{Known, prefill},
    show::answer,
};
use crate::{
    cx::Cx,
    error::{Error, Fault},
    facts,
    http::{Request, Response},
    save::{Change, Replay, once, save},
};

pub(super) async fn create(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let actor = cx.actor()?;
    let input: Create = request.json()?;
    let vacancy = vacancy_of(cx, &input.vacancy).await?;
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        // What was done then may have gone on since; the person sees how it stands now.
        Replay::Done(_) => return present(cx, &vacancy).await,
    };
    let mut reads = vec![
        application_sql::target(&vacancy),
        application_sql::active(&actor.person, &vacancy),
        application_sql::earlier(&actor.person, &vacancy),
        profile_sql::items(&actor.person),
    ];
    reads.extend(profile_sql::person(&actor.person, &actor.account));
    let (book, calendar, rows) = facts::load(cx.ports, reads).await?;
    let [target, active, earlier, items, person, contacts, ..] = rows.as_slice() else {
        return Err(Fault::new("application: a statement has no rows").into());
    };
    let target: Target = target.first()?.ok_or_else(Refusal::not_found)?;
    if let Some(row) = active.first::<Row>()? {
        return answer(cx, &own(cx, &row.application.id).await?);
    }
    let edition = edition(&target.procedure, &target.edition)
        .ok_or_else(|| Fault::new(format!("edition {} is gone", target.edition)))?;
    let vacancy_now =
        facts_of(target.state, target.closes_at, target.content.openings, cx.ports.now);
    accepting(target.state, vacancy_now.is_open(cx.ports.now), vacancy_now.state)?;
    let mut items: Vec<domain::profile::api::Item> = items.all()?;
    domain::profile::item::mark_duplicates(&mut items);
    let known = Known {
        person: person.first()?,
        contacts: contacts.all()?,
        items,
        earlier: earlier.first()?,
    };
    // A paper that both ask for is one paper: twice in a draft it could never be saved.
    let mut codes: Vec<String> = Vec::new();
    let of_position = documents_of_position(&book, &target.content.position);
    for code in asked(edition, &target.content).into_iter().chain(of_position) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    let facts = Facts {
        edition,
        calendar: &calendar,
        vacancy: vacancy_now,
        sent: None,
        chosen: 0,
        now: cx.ports.now,
    };
    let application = Application {
        id: cx.ports.new_id(),
        number: None,
        vacancy: target.id.clone(),
        organisation: target.organisation.clone(),
        person: actor.person.clone(),
        account: actor.account.clone(),
        state: State::Draft,
        version: 1,
        content: prefill(&known, &edition.application, &codes, cx.lang),
        procedure: target.procedure.clone(),
        edition: target.edition.clone(),
        sent: 0,
        submitted_at: None,
        registered_at: None,
        due_at: None,
        paused_at: None,
        left_days: None,
        completions: 0,
        completion: None,
        verdict: None,
        followed: followed(&facts),
        nudged: String::new(),
        created_at: cx.ports.now,
        changed_at: cx.ports.now,
    };
    let step = Step {
        action: "create",
        party: Party::Applicant,
        state: State::Draft,
        details: Details::default(),
    };
    let mut statements = vec![
        application_sql::insert(&application, &actor.account),
        application_sql::step(&application.id, &step, &actor.account, cx.ports.now),
    ];
    statements.extend(application_sql::use_files(&application, false, cx.ports.now));
    let entry = Entry::new("application.create", "application", &application.id)
        .of(&application.organisation)
        .after(json!({ "vacancy": application.vacancy, "state": application.state }));
    let change = Change { statements, journal: vec![entry], events: vec![] };
    let stub = Response::json(&json!({ "id": application.id }))?.status(201);
    match save(cx, Some(once), change, stub).await {
        // Two devices at once: the other one was first, and its draft is the draft.
        Err(Error::Refusal(refusal)) if refusal.code == "taken_application" => {
            present(cx, &vacancy).await
        }
        Ok(done) => Ok(Response { after: done.after, ..present(cx, &vacancy).await?.status(201) }),
        Err(error) => Err(error),
    }
}

/// The vacancy that is meant by an identifier or a number.
pub async fn vacancy_of(cx: &Cx<'_>, named: &str) -> Result<String, Error> {
    if domain::shared::id::is_ulid(named) {
        return Ok(named.to_owned());
    }
    let number: i64 = named.parse().map_err(|_| Refusal::not_found())?;
    let found = application_sql::vacancy_of_number(number);
    let found: Option<Found> = crate::ports::read(cx.ports.db, found).await?.first()?;
    Ok(found.ok_or_else(Refusal::not_found)?.id)
}

#[derive(serde::Deserialize)]
struct Found {
    id: String,
}

/// Whether a draft may be begun. What was never public is not found.
fn accepting(stored: VacancyState, open: bool, now: VacancyState) -> Result<(), Refusal> {
    let code = match now {
        _ if !stored.was_public() => return Err(Refusal::not_found()),
        _ if open => return Ok(()),
        VacancyState::Paused => "acceptance_paused",
        VacancyState::Cancelled => "competition_cancelled",
        _ => "not_accepting",
    };
    Err(Refusal::new(Kind::Conflict, code))
}

/// The active application of the person for a vacancy.
async fn present(cx: &Cx<'_>, vacancy: &str) -> Result<Response, Error> {
    let active = application_sql::active(&cx.actor()?.person, vacancy);
    let found: Option<Found> = crate::ports::read(cx.ports.db, active).await?.first()?;
    let id = found.ok_or_else(Refusal::not_found)?.id;
    let (book, calendar, rows) = facts::load(cx.ports, case_reads(&id)).await?;
    let case = case_of(book, calendar, &rows)?.ok_or_else(Refusal::not_found)?;
    answer(cx, &case)
}
