//! Tickets of somebody who is signed in.

use domain::journal::Entry;
use domain::{
    shared::{
        id::is_ulid,
        refusal::{Check, Refusal},
    },
    sql,
    ticket::{
        api::{TicketCreate, TicketCreated, TicketList, TicketRow, TicketView},
        rules::{Act, State, after, rule},
        sql::{Row, by_id, messages, move_to, of_account, unchanged, write},
    },
};
use serde::Deserialize;

use super::write::{Wanted, clean, open, rest_of};
use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::{Ports, read, read_all},
    route,
    routes::Route,
    save::{Change, Replay, once, save},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/my/tickets", SignedIn, Cabinet, list),
    route!(Post "/api/v1/cabinet/my/tickets", SignedIn, Cabinet, create),
    route!(Get "/api/v1/cabinet/my/tickets/{id}", SignedIn, Cabinet, one),
    route!(Post "/api/v1/cabinet/my/tickets/{id}/messages", SignedIn, Cabinet, reply),
];

/// Characters of a text in a list.
const EXCERPT: usize = 160;

/// A row of a list.
pub(super) fn row(row: &Row) -> TicketRow {
    TicketRow {
        id: row.id.clone(),
        number: row.number,
        topic: row.topic,
        severity: row.severity,
        state: row.state,
        text: row.text.chars().take(EXCERPT).collect(),
        created_at: row.created_at,
        due_at: row.due_at,
        answered_at: row.answered_at,
        assigned: row.assigned.clone(),
    }
}

/// A ticket with its messages; notes and what the desk knows of the writer only for the desk.
pub(super) async fn view(ports: &Ports<'_>, stored: Row, desk: bool) -> Result<TicketView, Error> {
    let messages = read(ports.db, messages(&stored.id, desk)).await?.all()?;
    let page = if desk { String::new() } else { rest_of(ports, &stored.id, stored.number)? };
    Ok(TicketView {
        row: row(&stored),
        page,
        version: stored.version,
        reachable: stored.account.is_some() || !stored.email.is_empty(),
        lang: stored.lang,
        screen: stored.screen,
        role: stored.role,
        device: stored.device,
        file: stored.file,
        article: stored.article,
        merged_into: stored.merged_into,
        score: stored.score,
        score_text: stored.score_text,
        messages,
    })
}

async fn list(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let rows: Vec<Row> = read(cx.ports.db, of_account(&cx.actor()?.account)).await?.all()?;
    let is_open = |one: &&Row| matches!(one.state, State::New | State::InWork | State::Waiting);
    let answer = TicketList {
        open: rows.iter().filter(is_open).count() as i64,
        late: 0,
        items: rows.iter().map(row).collect(),
        next: None,
    };
    Ok(Response::json(&answer)?)
}

async fn create(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let wanted: TicketCreate = request.json()?;
    let once = match once(cx, request).await? {
        Replay::Done(response) => return Ok(response),
        Replay::First(once) => once,
    };
    let actor = cx.actor()?;
    let text = clean("text", &wanted.text)?;
    if let Some(file) = &wanted.file {
        own_file(cx, file).await?;
    }
    let mut roles: Vec<&str> = actor.grants.iter().map(|grant| grant.role.code()).collect();
    roles.dedup();
    let opened = open(
        cx,
        request,
        Wanted {
            topic: wanted.topic,
            text: &text,
            screen: &wanted.screen,
            role: roles.join(" "),
            account: Some(actor.account.clone()),
            email: String::new(),
            file: wanted.file.map(|file| (file, actor.person.clone())),
            work: None,
        },
    )
    .await?;
    let answer = TicketCreated {
        number: super::write::shown(opened.number),
        due_at: opened.due_at,
        page: format!("/{}{}", cx.lang.code(), opened.rest),
    };
    save(cx, Some(once), opened.change, Response::json(&answer)?.status(201)).await
}

/// A screenshot must be a file of one's own.
async fn own_file(cx: &Cx<'_>, file: &str) -> Result<(), Error> {
    #[derive(Deserialize)]
    struct Found {}
    let found: Option<Found> = read(
        cx.ports.db,
        sql!(
            "SELECT 1 AS found FROM file WHERE id = ?1 AND account = ?2",
            file,
            &cx.actor()?.account
        ),
    )
    .await?
    .first()?;
    if found.is_none() {
        let mut check = Check::default();
        check.wrong("file", "unknown");
        check.done()?;
    }
    Ok(())
}

async fn mine(cx: &Cx<'_>) -> Result<Row, Error> {
    let id = cx.param("id");
    let rows = read_all(cx.ports.db, vec![by_id(id)]).await?;
    let row: Option<Row> = rows.first().map(|rows| rows.first()).transpose()?.flatten();
    let account = &cx.actor()?.account;
    row.filter(|row| is_ulid(id) && row.account.as_ref() == Some(account))
        .ok_or_else(|| Refusal::not_found().into())
}

async fn one(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let row = mine(cx).await?;
    Ok(Response::json(&view(cx.ports, row, false).await?)?)
}

#[derive(Deserialize)]
struct Reply {
    text: String,
}

async fn reply(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let reply: Reply = request.json()?;
    let once = match once(cx, request).await? {
        Replay::Done(response) => return Ok(response),
        Replay::First(once) => once,
    };
    let (row, text) = (mine(cx).await?, clean("text", &reply.text)?);
    let change = replied(cx.ports, &row, &text)?;
    save(cx, Some(once), change, Response::empty()).await
}

/// The writer writes again.
pub(super) fn replied(ports: &Ports<'_>, row: &Row, text: &str) -> Result<Change, Refusal> {
    let next = after(rule(), row.state, row.since, Act::Reply, ports.now)?;
    Ok(Change {
        statements: vec![
            unchanged(&row.id, row.version),
            write(&ports.new_id(), &row.id, "user", row.account.as_deref(), text, ports.now),
            move_to(&row.id, next, false, ports.now),
        ],
        journal: vec![Entry::new("ticket.reply", "ticket", &row.id)],
        events: vec![],
    })
}
