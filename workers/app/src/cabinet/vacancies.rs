//! Vacancies in the cabinet: list, one, commands, check, history, views.

use domain::{
    account::permission::Permission,
    directory::Book,
    journal::Entry,
    rule::{Edition, edition, edition_for},
    shared::{
        calendar::Calendar,
        fold::{fold, words},
        lang::Text,
        refusal::{Check, Kind, Refusal},
        stem::stem,
    },
    vacancy::{
        api::{
            CabinetList, CabinetRow, CabinetVacancy, CheckAnswer, Command, Conflict, Create,
            HistoryEntry, Issue, OrganisationRef, Views,
        },
        content::{Directories, check_draft},
        model::{State, Vacancy},
        period::days,
        rules::{Decision, Facts, check, commands, decide, state_at},
        sql::{self as vacancy_sql, Filter, Row, Sort},
        title::address,
    },
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    cx::Cx,
    entry::{field_text, problem},
    error::{Error, Fault},
    facts,
    http::{Request, Response},
    ports::{Ports, read, read_all},
    route,
    routes::Route,
    save::{Change, Event, Replay, once, refused, save},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/vacancies", May(VacancyRead), Cabinet, list),
    route!(Post "/api/v1/cabinet/vacancies", May(VacancyEdit), Cabinet, create),
    route!(Get "/api/v1/cabinet/vacancies/{id}", May(VacancyRead), Cabinet, show),
    route!(Post "/api/v1/cabinet/vacancies/{id}/commands", May(VacancyEdit), Cabinet, command),
    route!(Get "/api/v1/cabinet/vacancies/{id}/check", May(VacancyRead), Cabinet, check_page),
    route!(Get "/api/v1/cabinet/vacancies/{id}/history", May(VacancyRead), Cabinet, history),
    route!(Get "/api/v1/cabinet/vacancies/{id}/views", May(VacancyRead), Cabinet, views),
];

/// Rows of a page of the list.
const PAGE: u32 = 50;

/// Loads a vacancy that the person may see, with the facts of its decisions.
async fn load(cx: &Cx<'_>, id: &str) -> Result<(Row, Book, Calendar), Error> {
    if !domain::shared::id::is_ulid(id) {
        return Err(Refusal::not_found().into());
    }
    let (book, calendar, rows) = facts::load(cx.ports, vec![vacancy_sql::by_id(id)]).await?;
    let found = rows.first().map(|rows| rows.first::<Row>()).transpose()?.flatten();
    let row = found.ok_or_else(Refusal::not_found)?;
    cx.actor()?.check(Permission::VacancyRead, &row.path)?;
    Ok((row, book, calendar))
}

/// The edition that a vacancy keeps.
fn kept_edition(row: &Row) -> Result<&'static Edition, Fault> {
    edition(&row.procedure, &row.edition)
        .ok_or_else(|| Fault::new(format!("edition {}/{} is gone", row.procedure, row.edition)))
}

fn facts_of<'a>(
    cx: &Cx<'_>,
    row: &Row,
    edition: &'a Edition,
    calendar: &'a Calendar,
    book: &'a Book,
) -> Facts<'a> {
    Facts {
        edition,
        calendar,
        directories: book,
        rural: row.rural,
        has_address: row.has_address,
        now: cx.ports.now,
    }
}

/// What the cabinet shows of a vacancy, with the commands this person may give.
fn view(cx: &Cx<'_>, row: &Row, book: &Book) -> Result<CabinetVacancy, Error> {
    let state = state_at(&row.vacancy(), cx.ports.now);
    let approval = kept_edition(row)?.publishing.approval_required.value;
    let actor = cx.actor()?;
    let may = commands(state, approval)
        .iter()
        .filter(|name| actor.may(permission_of(name), &row.path))
        .map(|name| (*name).to_owned())
        .collect();
    Ok(CabinetVacancy {
        id: row.id.clone(),
        number: row.number,
        slug: row.slug.clone(),
        state,
        version: row.version,
        organisation: organisation_of(row),
        title: book.title(&row.content),
        content: row.content.clone(),
        rules: format!("{}/{}", row.procedure, row.edition),
        publish_at: row.publish_at,
        published_at: row.published_at,
        accept_from: row.accept_from,
        accept_to: row.accept_to,
        closes_at: row.closes_at,
        outcome: row.outcome.clone(),
        changed_at: row.changed_at,
        changed_by: row.changed_by.clone(),
        commands: may,
    })
}

fn organisation_of(row: &Row) -> OrganisationRef {
    OrganisationRef {
        id: row.organisation.clone(),
        name: Text { kk: row.name_kk.clone(), ru: row.name_ru.clone(), en: row.name_en.clone() },
        slug: row.organisation_slug.clone(),
    }
}

/// Drafts are edited by those who may edit; what the public sees is decided by those who publish.
fn permission_of(command: &str) -> Permission {
    match command {
        "save" | "request_approval" | "archive" => Permission::VacancyEdit,
        _ => Permission::VacancyPublish,
    }
}

async fn show(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let (row, book, _) = load(cx, cx.param("id")).await?;
    Ok(Response::json(&view(cx, &row, &book)?)?.header("etag", format!("\"{}\"", row.version)))
}

#[derive(Deserialize)]
struct ListRow {
    #[serde(flatten)]
    row: Row,
    views: u32,
}

#[derive(Deserialize)]
struct StateCount {
    state: State,
    n: u32,
}

async fn list(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let mut filter = Filter::default();
    let mut wrong = Check::default();
    let mut q = String::new();
    for (name, value) in request.query_pairs() {
        match name.as_str() {
            "state" if !value.is_empty() => match State::parse(&value) {
                Some(state) => filter.state = Some(state),
                None => wrong.wrong("state", "unknown"),
            },
            "organisation" if !value.is_empty() => filter.organisation = Some(value),
            "number" if !value.is_empty() => match value.parse() {
                Ok(number) => filter.number = Some(number),
                Err(_) => wrong.wrong("number", "unknown"),
            },
            "sort" if !value.is_empty() => match Sort::parse(&value) {
                Some(sort) => filter.sort = sort,
                None => wrong.wrong("sort", "unknown"),
            },
            "q" => q = value,
            "cursor" if !value.is_empty() => match value.split_once('~') {
                Some((at, id)) => filter.after = Some((at.to_owned(), id.to_owned())),
                None => wrong.wrong("cursor", "unknown"),
            },
            _ => {}
        }
    }
    wrong.done()?;
    let (book, _, _) = facts::load(cx.ports, vec![]).await?;
    filter.named = named(&book, &q);
    let reach = cx.actor()?.reach(Permission::VacancyRead);
    let rows = read_all(cx.ports.db, vacancy_sql::list(&reach, &filter, PAGE + 1).into()).await?;
    let [page, counted] = rows.as_slice() else {
        return Err(Fault::new("list: a statement has no rows").into());
    };
    let mut rows: Vec<ListRow> = page.all()?;
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let next =
        rows.last().filter(|_| more).map(|last| format!("{}~{}", last.row.changed_at, last.row.id));
    let items = rows
        .iter()
        .map(|ListRow { row, views }| CabinetRow {
            id: row.id.clone(),
            number: row.number,
            state: state_at(&row.vacancy(), cx.ports.now),
            title: book.title(&row.content),
            organisation: organisation_of(row),
            accept_to: row.accept_to,
            publish_at: row.publish_at,
            changed_at: row.changed_at,
            views: *views,
        })
        .collect();
    let counts: Vec<StateCount> = counted.all()?;
    let states = counts.into_iter().map(|count| (count.state, count.n)).collect();
    Ok(Response::json(&CabinetList { states, items, next })?)
}

/// Positions and subjects whose names contain every word of `q`, in either language and any
/// spelling; nothing where `q` has no words.
fn named(book: &Book, q: &str) -> Option<(Vec<String>, Vec<String>)> {
    let words: Vec<String> = words(&fold(q)).iter().map(|word| stem(word)).collect();
    if words.is_empty() {
        return None;
    }
    let codes = |directory: &str| -> Vec<String> {
        book.all(directory)
            .filter(|item| {
                let teacher = item.text("teacher").unwrap_or_default();
                let name = fold(&format!("{} {} {} {}", item.kk, item.ru, teacher.kk, teacher.ru));
                words.iter().all(|word| name.contains(word.as_str()))
            })
            .map(|item| item.code.clone())
            .collect()
    };
    Some((codes("position"), codes("subject")))
}

/// Takes `n` numbers for new vacancies; returns the first of them.
pub async fn take_numbers(ports: &Ports<'_>, n: u32) -> Result<i64, Fault> {
    #[derive(Deserialize)]
    struct Value {
        value: i64,
    }
    let last: Option<Value> = read(ports.db, vacancy_sql::take_numbers(n)).await?.first()?;
    let last = last.ok_or_else(|| Fault::new("the counter of vacancies is missing"))?;
    Ok(last.value - i64::from(n) + 1)
}

/// A new draft under the edition of its position's group (a draft without a position starts
/// under the edition for pedagogues and changes with the position).
pub fn new_draft(
    ports: &Ports<'_>,
    book: &Book,
    organisation: &str,
    number: i64,
    content: domain::vacancy::model::Content,
) -> Result<Vacancy, Error> {
    let edition = edition_of(ports, book, &content.position)?;
    let slug = address(&book.title(&content), number);
    Ok(Vacancy {
        id: ports.new_id(),
        number,
        slug,
        organisation: organisation.to_owned(),
        state: State::Draft,
        version: 1,
        content,
        procedure: edition.procedure.clone(),
        edition: edition.edition.clone(),
        publish_at: None,
        published_at: None,
        accept_from: None,
        accept_to: None,
        closes_at: None,
        extensions: 0,
        outcome: None,
        changed_at: ports.now,
    })
}

fn edition_of(ports: &Ports<'_>, book: &Book, position: &str) -> Result<&'static Edition, Error> {
    let group = book.group(position).unwrap_or_else(|| "pedagogue".into());
    let found = edition_for(&group, ports.now.day());
    Ok(found.ok_or_else(|| Refusal::new(Kind::Conflict, "no_edition"))?)
}

#[derive(Deserialize)]
struct Place {
    id: String,
    path: String,
    name_kk: String,
    name_ru: String,
    name_en: String,
    slug: String,
    rural: u8,
    has_address: u8,
}

async fn create(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let input: Create = request.json()?;
    let place_of = domain::sql!(
        "SELECT id, path, name_kk, name_ru, name_en, slug, rural,
           address_kk <> '' AND address_ru <> '' AS has_address
         FROM organisation WHERE id = ?1 AND status = 'active'",
        &input.organisation
    );
    let (book, _, rows) = facts::load(cx.ports, vec![place_of]).await?;
    let place = rows.first().map(|rows| rows.first::<Place>()).transpose()?.flatten();
    let place = place.ok_or_else(Refusal::not_found)?;
    cx.actor()?.check(Permission::VacancyEdit, &place.path)?;
    let mut content = input.content;
    if let Some(copy_of) = &input.copy_of {
        content = load(cx, copy_of).await?.0.content;
        content.accept_to = None;
    } else if let Some(template) = &input.template {
        content = super::templates::content(cx, template).await?;
    }
    check_draft(&content, &book)?;
    let number = take_numbers(cx.ports, 1).await?;
    let vacancy = new_draft(cx.ports, &book, &place.id, number, content)?;
    let row = Row {
        id: vacancy.id.clone(),
        number,
        slug: vacancy.slug.clone(),
        organisation: place.id.clone(),
        state: vacancy.state,
        version: 1,
        content: vacancy.content.clone(),
        procedure: vacancy.procedure.clone(),
        edition: vacancy.edition.clone(),
        publish_at: None,
        published_at: None,
        accept_from: None,
        accept_to: None,
        closes_at: None,
        extensions: 0,
        outcome: None,
        changed_at: vacancy.changed_at,
        path: place.path,
        rural: place.rural == 1,
        name_kk: place.name_kk,
        name_ru: place.name_ru,
        name_en: place.name_en,
        organisation_slug: place.slug,
        has_address: place.has_address == 1,
        changed_by: cx.actor()?.name.clone(),
    };
    let response = Response::json(&view(cx, &row, &book)?)?.status(201);
    let change = Change {
        statements: vec![vacancy_sql::insert(&vacancy, &cx.actor()?.account, None)],
        journal: vec![
            Entry::new("vacancy.create", "vacancy", &vacancy.id)
                .of(&vacancy.organisation)
                .after(json!({ "number": number, "rules": row.procedure })),
        ],
        events: vec![],
    };
    save(cx, Some(once), change, response).await
}

/// The version that the clerk saw.
fn if_match(request: &Request) -> Result<i64, Refusal> {
    request
        .header("if-match")
        .and_then(|value| value.trim().trim_matches('"').parse().ok())
        .ok_or_else(|| Refusal::new(Kind::Precondition, "version_missing"))
}

async fn command(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let version = if_match(request)?;
    let command: Command = request.json()?;
    let (mut row, book, calendar) = load(cx, cx.param("id")).await?;
    let actor = cx.actor()?;
    actor.check(permission_of(command.name()), &row.path)?;
    if row.version != version {
        return conflict(cx, &row, &book, &command);
    }
    let before = row.state;
    // A draft follows the edition of its position and of the day on which it is published.
    if row.state == State::Draft {
        let position = match &command {
            Command::Save { content } => &content.position,
            _ => &row.content.position,
        };
        let edition = edition_of(cx.ports, &book, position)?;
        row.procedure.clone_from(&edition.procedure);
        row.edition.clone_from(&edition.edition);
    }
    let edition = kept_edition(&row)?;
    let facts = facts_of(cx, &row, edition, &calendar, &book);
    let Decision { mut vacancy, changed, reason, reason_code } =
        decide(&row.vacancy(), &command, &facts)?;
    let mut statements = Vec::new();
    if !vacancy.state.was_public() && before == State::Draft {
        vacancy.slug = address(&book.title(&vacancy.content), vacancy.number);
    }
    if matches!(vacancy.state, State::Published | State::Scheduled) {
        statements.push(vacancy_sql::keep_slug(&vacancy.slug, &vacancy.id));
    }
    statements.extend(vacancy_sql::update(&vacancy, &actor.account));
    let words = match &reason_code {
        Some(code) if reason.is_empty() => book.name("closing_reason", code),
        _ => reason,
    };
    let mut entry = Entry::new(format!("vacancy.{}", command.name()), "vacancy", &vacancy.id)
        .of(&vacancy.organisation)
        .before(json!({ "state": before, "version": row.version }))
        .after(json!({
            "state": vacancy.state,
            "version": vacancy.version,
            "changed": changed,
            "reason": words,
        }));
    entry.reason = reason_code;
    if let Command::Save { .. } = &command {
        // The journal keeps both wordings, so that any version can be read again.
        entry = entry.before(json!({ "state": before, "content": row.content }));
    }
    let events = if before.was_public() || vacancy.state.was_public() {
        vec![Event { topic: "vacancy.changed", key: vacancy.id.clone() }]
    } else {
        vec![]
    };
    let after = Row {
        state: vacancy.state,
        version: vacancy.version,
        slug: vacancy.slug.clone(),
        content: vacancy.content.clone(),
        publish_at: vacancy.publish_at,
        published_at: vacancy.published_at,
        accept_from: vacancy.accept_from,
        accept_to: vacancy.accept_to,
        closes_at: vacancy.closes_at,
        extensions: vacancy.extensions,
        outcome: vacancy.outcome.clone(),
        changed_at: vacancy.changed_at,
        changed_by: actor.name.clone(),
        ..row.clone()
    };
    let response = Response::json(&view(cx, &after, &book)?)?
        .header("etag", format!("\"{}\"", vacancy.version));
    let change = Change { statements, journal: vec![entry], events };
    match save(cx, Some(once), change, response).await {
        Err(Error::Refusal(refusal)) if refusal.kind == Kind::Stale => {
            // Somebody was faster between the load and the save.
            let (row, book, _) = load(cx, cx.param("id")).await?;
            conflict(cx, &row, &book, &command)
        }
        other => other,
    }
}

/// 412 with both sides: what stands now and where it differs from what was sent.
fn conflict(cx: &Cx<'_>, row: &Row, book: &Book, command: &Command) -> Result<Response, Error> {
    let differs = match command {
        Command::Save { content } => content.differs(&row.content),
        _ => vec!["state".into()],
    };
    let conflict = Conflict { current: view(cx, row, book)?, differs };
    let mut body = problem(cx, &Refusal::new(Kind::Stale, "stale"));
    body["conflict"] =
        serde_json::to_value(conflict).map_err(|e| Fault::new(format!("conflict: {e}")))?;
    Ok(Response::new(412, "application/problem+json", body.to_string()))
}

async fn check_page(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let (mut row, book, calendar) = load(cx, cx.param("id")).await?;
    if row.state == State::Draft {
        let edition = edition_of(cx.ports, &book, &row.content.position)?;
        row.procedure.clone_from(&edition.procedure);
        row.edition.clone_from(&edition.edition);
    }
    let edition = kept_edition(&row)?;
    let facts = facts_of(cx, &row, edition, &calendar, &book);
    let at = row.publish_at.unwrap_or(cx.ports.now);
    let (wrong, period) = check(&row.content, &facts, at);
    let issues = wrong
        .iter()
        .map(|field| Issue {
            field: field.field.to_string(),
            code: field.code.to_owned(),
            text: field_text(cx.lang, field.code, &field.args),
        })
        .collect();
    let rule = days(edition, row.content.term, row.rural);
    let act = |title: &str| format!("{title}, № {}, {}", edition.act.number, edition.act.date);
    let answer = CheckAnswer {
        issues,
        accept_from: period.as_ref().map(|p| p.from),
        accept_to: period.as_ref().map(|p| p.to),
        closes_at: period.as_ref().map(|p| p.closes_at),
        earliest_accept_to: period.as_ref().map(|p| p.earliest),
        working_days: Some(rule.value),
        act: Text {
            kk: act(&edition.act.title.kk),
            ru: act(&edition.act.title.ru),
            en: act(&edition.act.title.en),
        },
    };
    Ok(Response::json(&answer)?)
}

#[derive(Deserialize)]
struct HistoryRow {
    at: domain::shared::time::Timestamp,
    who: String,
    action: String,
    #[serde(default, deserialize_with = "domain::shared::row::json_option")]
    after: Option<Value>,
    reason: String,
}

async fn history(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let (row, _, _) = load(cx, cx.param("id")).await?;
    let rows: Vec<HistoryRow> = read(cx.ports.db, vacancy_sql::history(&row.id)).await?.all()?;
    let entries: Vec<HistoryEntry> = rows
        .into_iter()
        .map(|row| {
            let after = row.after.unwrap_or_default();
            let words: Text = serde_json::from_value(after["reason"].clone()).unwrap_or_default();
            HistoryEntry {
                at: row.at,
                who: row.who,
                action: row.action,
                changed: serde_json::from_value(after["changed"].clone()).unwrap_or_default(),
                reason: if words.is_empty() { row.reason } else { words.get(cx.lang).to_owned() },
            }
        })
        .collect();
    Ok(Response::json(&entries)?)
}

#[derive(Deserialize)]
struct Count<T> {
    name: T,
    n: u32,
}

async fn views(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let (row, _, _) = load(cx, cx.param("id")).await?;
    let rows = read_all(cx.ports.db, vacancy_sql::views(&row.id).into()).await?;
    let [days, langs, sources] = rows.as_slice() else {
        return Err(Fault::new("views: a statement has no rows").into());
    };
    let days: Vec<Count<chrono::NaiveDate>> = days.all()?;
    let pairs = |counts: Vec<Count<String>>| counts.into_iter().map(|c| (c.name, c.n)).collect();
    let answer = Views {
        total: days.iter().map(|day| day.n).sum(),
        days: days.into_iter().map(|day| (day.name, day.n)).collect(),
        langs: pairs(langs.all()?),
        sources: pairs(sources.all()?),
    };
    Ok(Response::json(&answer)?)
}

/// What the passing of time changes: opens what is scheduled, closes what is over. Each vacancy
/// is its own batch; one that somebody changes at the same moment is left for the next sweep.
pub async fn pass_time(ports: &Ports<'_>) -> Result<usize, Error> {
    let due: Vec<Row> = read(ports.db, vacancy_sql::due(ports.now, 100)).await?.all()?;
    let mut done = 0;
    for row in due {
        let Some((next, action)) = domain::vacancy::rules::passing(&row.vacancy(), ports.now)
        else {
            continue;
        };
        let change = Change {
            statements: vacancy_sql::update(&next, "").into(),
            journal: vec![
                Entry::new(format!("vacancy.{action}"), "vacancy", &next.id)
                    .of(&next.organisation)
                    .before(json!({ "state": row.state, "version": row.version }))
                    .after(json!({ "state": next.state, "version": next.version })),
            ],
            events: vec![Event { topic: "vacancy.changed", key: next.id.clone() }],
        };
        let batch = change.into_batch(&domain::journal::Source::default(), ports);
        match ports.db.batch(batch).await.map_err(refused) {
            Ok(_) => done += 1,
            Err(Error::Refusal(_)) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(done)
}
