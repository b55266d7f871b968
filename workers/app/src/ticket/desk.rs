//! The desk: the queue, a ticket, what is done to it. The desk serves the whole country, so the
//! permission is not bound to an organisation.

use domain::{
    journal::Entry,
    notice::Event as Told,
    shared::{
        id::is_ulid,
        refusal::{Check, Kind, Refusal},
    },
    sql,
    ticket::{
        api::{DeskCommand, TicketList},
        rules::{Act, State, Topic, after, due_at, rule},
        sql::{Filter, PAGE, Row, by_id, counts, merged_into, move_to, queue, unchanged, write},
    },
};
use serde::Deserialize;
use serde_json::json;

use super::{
    my::{row, view},
    write::{clean, tell_of},
};
use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::{read, read_all},
    route,
    routes::Route,
    save::{Change, Replay, once, save},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/desk/tickets", May(TicketProcess), Cabinet, list),
    route!(Get "/api/v1/cabinet/desk/tickets/{id}", May(TicketProcess), Cabinet, one),
    route!(Post "/api/v1/cabinet/desk/tickets/{id}/commands", May(TicketProcess), Cabinet, command),
];

fn filter(request: &Request) -> Result<Filter, Refusal> {
    let mut filter = Filter::default();
    let mut wrong = Check::default();
    for (name, value) in request.query_pairs() {
        match name.as_str() {
            "state" if !value.is_empty() => match State::parse(&value) {
                Some(state) => filter.state = Some(state),
                None => wrong.wrong("state", "unknown"),
            },
            "topic" if !value.is_empty() => match Topic::parse(&value) {
                Some(topic) => filter.topic = Some(topic),
                None => wrong.wrong("topic", "unknown"),
            },
            "late" => filter.late = value == "1",
            "q" => filter.text = value.trim().chars().take(100).collect(),
            "cursor" if !value.is_empty() => match value.split_once('|') {
                Some((due, id)) => filter.after = Some((due.to_owned(), id.to_owned())),
                None => wrong.wrong("cursor", "unknown"),
            },
            _ => {}
        }
    }
    wrong.done()?;
    Ok(filter)
}

async fn list(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Counts {
        open: i64,
        late: i64,
    }
    let filter = filter(request)?;
    let rows =
        read_all(cx.ports.db, vec![queue(&filter, cx.ports.now), counts(cx.ports.now)]).await?;
    let [found, count] = rows.as_slice() else { return Err(Refusal::not_found().into()) };
    let mut found: Vec<Row> = found.all()?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|last| format!("{}|{}", last.rank(), last.id));
    let count = count.first::<Counts>()?.unwrap_or(Counts { open: 0, late: 0 });
    let items = found.iter().map(row).collect();
    Ok(Response::json(&TicketList { items, next, open: count.open, late: count.late })?)
}

async fn load(cx: &Cx<'_>) -> Result<Row, Error> {
    let id = cx.param("id");
    let row: Option<Row> = read(cx.ports.db, by_id(id)).await?.first()?;
    row.filter(|_| is_ulid(id)).ok_or_else(|| Refusal::not_found().into())
}

async fn one(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let row = load(cx).await?;
    let mut change = Change::default();
    let mut entry = Entry::new("ticket.view", "ticket", &row.id);
    entry.after = row.account.as_ref().map(|account| json!({ "account": account }));
    change.journal.push(entry);
    let answer = Response::json(&view(cx.ports, row, true).await?)?;
    save(cx, None, change, answer).await
}

async fn command(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let command: DeskCommand = request.json()?;
    let version: i64 = request
        .header("if-match")
        .and_then(|text| text.trim_matches('"').parse().ok())
        .ok_or_else(|| Refusal::new(Kind::Precondition, "version_missing"))?;
    let once = match once(cx, request).await? {
        Replay::Done(response) => return Ok(response),
        Replay::First(once) => once,
    };
    let row = load(cx).await?;
    let (ports, me) = (cx.ports, &cx.actor()?.account);
    let mut change = Change { statements: vec![unchanged(&row.id, version)], ..Change::default() };
    let act = act(&command);
    let next = after(rule(), row.state, row.since, act, ports.now)?;
    let say = |kind: &'static str, text: &str| -> Result<_, Refusal> {
        Ok(write(&ports.new_id(), &row.id, kind, Some(me), &clean("text", text)?, ports.now))
    };
    let own = sql!("UPDATE ticket SET assigned = ?2 WHERE id = ?1", &row.id, me);
    let mut told = None;
    match &command {
        DeskCommand::Take => {
            change.statements.extend([own, move_to(&row.id, next, false, ports.now)]);
        }
        DeskCommand::Resolve { text, article } => {
            change.statements.extend([
                say("desk", text)?,
                own,
                move_to(&row.id, next, true, ports.now),
            ]);
            change.statements.push(sql!(
                "UPDATE ticket SET article = ?2 WHERE id = ?1",
                &row.id,
                help_article(article)?
            ));
            told = Some(Told::TicketAnswered);
        }
        DeskCommand::Ask { text } => {
            change.statements.extend([
                say("desk", text)?,
                own,
                move_to(&row.id, next, true, ports.now),
            ]);
            told = Some(Told::TicketAnswered);
        }
        DeskCommand::Close { text } => {
            change.statements.extend([
                say("desk", text)?,
                own,
                move_to(&row.id, next, true, ports.now),
            ]);
            told = Some(Told::TicketClosed);
        }
        DeskCommand::Note { text } => {
            change
                .statements
                .extend([say("note", text)?, move_to(&row.id, next, false, ports.now)]);
        }
        DeskCommand::Severity { severity } => {
            change.statements.push(sql!(
                "UPDATE ticket SET severity = ?2, due_at = ?3, version = version + 1 WHERE id = ?1",
                &row.id,
                severity.code(),
                due_at(rule(), *severity, row.created_at)
            ));
        }
        DeskCommand::Merge { into } => {
            let target = merge_target(cx, &row, *into).await?;
            change.statements.push(sql!(
                "UPDATE ticket SET merged_into = ?2 WHERE id = ?1 OR merged_into = ?1",
                &row.id,
                &target
            ));
            change.statements.push(move_to(&row.id, next, true, ports.now));
            told = Some(Told::TicketAnswered);
        }
    }
    if let DeskCommand::Resolve { text, .. } | DeskCommand::Close { text } = &command {
        also_merged(cx, &row, &clean("text", text)?, version, &mut change).await?;
    }
    if let Some(told) = told {
        tell_of(ports, &row, told, &version.to_string(), &mut change)?;
    }
    let mut entry = Entry::new(format!("ticket.{}", name(&command)), "ticket", &row.id);
    entry.before = Some(json!({ "state": row.state }));
    entry.after = Some(json!({ "state": next }));
    change.journal.push(entry);
    save(cx, Some(once), change, Response::empty()).await
}

/// The writers of tickets that became part of this one get the same answer.
async fn also_merged(
    cx: &Cx<'_>,
    row: &Row,
    text: &str,
    version: i64,
    change: &mut Change,
) -> Result<(), Error> {
    let ports = cx.ports;
    let me = &cx.actor()?.account;
    let parts: Vec<Row> = read(ports.db, merged_into(&row.id)).await?.all()?;
    for part in parts {
        change.statements.push(write(&ports.new_id(), &part.id, "desk", Some(me), text, ports.now));
        let occurrence = format!("{}:{version}", row.id);
        tell_of(ports, &part, Told::TicketAnswered, &occurrence, change)?;
    }
    Ok(())
}

const fn act(command: &DeskCommand) -> Act {
    match command {
        DeskCommand::Take => Act::Take,
        DeskCommand::Resolve { .. } => Act::Resolve,
        DeskCommand::Ask { .. } => Act::Ask,
        DeskCommand::Note { .. } | DeskCommand::Severity { .. } => Act::Describe,
        DeskCommand::Close { .. } => Act::Close,
        DeskCommand::Merge { .. } => Act::Merge,
    }
}

const fn name(command: &DeskCommand) -> &'static str {
    match command {
        DeskCommand::Take => "take",
        DeskCommand::Resolve { .. } => "resolve",
        DeskCommand::Ask { .. } => "ask",
        DeskCommand::Note { .. } => "note",
        DeskCommand::Severity { .. } => "severity",
        DeskCommand::Close { .. } => "close",
        DeskCommand::Merge { .. } => "merge",
    }
}

/// An article of the help that is there, or none.
fn help_article(slug: &str) -> Result<String, Refusal> {
    let known = slug.is_empty() || crate::web::help::ARTICLES.iter().any(|one| one.slug == slug);
    if !known {
        let mut check = Check::default();
        check.wrong("article", "unknown");
        check.done()?;
    }
    Ok(slug.to_owned())
}

/// The ticket that takes in another: there, another one, and not itself part of a third.
async fn merge_target(cx: &Cx<'_>, row: &Row, into: i64) -> Result<String, Error> {
    #[derive(Deserialize)]
    struct Found {
        id: String,
    }
    let found: Option<Found> = read(
        cx.ports.db,
        sql!("SELECT id FROM ticket WHERE number = ?1 AND state <> 'merged'", into),
    )
    .await?
    .first()?;
    match found.filter(|found| found.id != row.id) {
        Some(found) => Ok(found.id),
        None => {
            let mut check = Check::default();
            check.wrong("into", "ticket_unknown");
            Err(Refusal::fields(check.0).into())
        }
    }
}
