//! A command: decided by the rules, saved in one batch, or answered with both sides.

use domain::{
    directory::Book,
    journal::Entry,
    shared::refusal::{Kind, Refusal},
    vacancy::{
        api::{Command, Conflict},
        model::State,
        rules::{Decision, decide},
        sql::{self as vacancy_sql, Row},
        title::address,
    },
};
use serde_json::json;

use super::{edition_of, facts_of, kept_edition, load, permission_of, twin_of, view};
use crate::{
    cx::Cx,
    entry::problem,
    error::{Error, Fault},
    http::{Request, Response},
    save::{Change, Event, Replay, once, save},
};

/// The version that the clerk saw.
fn if_match(request: &Request) -> Result<i64, Refusal> {
    request
        .header("if-match")
        .and_then(|value| value.trim().trim_matches('"').parse().ok())
        .ok_or_else(|| Refusal::new(Kind::Precondition, "version_missing"))
}

pub(super) async fn command(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let version = if_match(request)?;
    let command: Command = request.json()?;
    let (mut row, book, calendar) = load(cx, cx.param("id")).await?;
    let actor = cx.actor()?;
    actor.check(permission_of(command.name()), &row.path)?;
    if row.vacancy.version != version {
        return conflict(cx, &row, &book, &command);
    }
    if row.is_own_request(command.name(), &actor.account) {
        return Err(Refusal::new(Kind::Forbidden, "own_approval").into());
    }
    let before = row.vacancy.state;
    // A draft follows the edition of its position and of the day on which it is published.
    if row.vacancy.state == State::Draft {
        let position = match &command {
            Command::Save { content } => &content.position,
            _ => &row.vacancy.content.position,
        };
        let edition = edition_of(cx.ports, &book, position)?;
        row.vacancy.procedure.clone_from(&edition.procedure);
        row.vacancy.edition.clone_from(&edition.edition);
    }
    let edition = kept_edition(&row)?;
    let mut facts = facts_of(cx, &row, edition, &calendar, &book);
    if let Command::Publish { .. } = &command {
        facts.twin = twin_of(cx, &row).await?.map(|twin| twin.number);
    }
    let twin = facts.twin;
    let Decision { mut vacancy, changed, reason, reason_code } =
        decide(&row.vacancy, &command, &facts)?;
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
    let mut after = json!({
        "state": vacancy.state,
        "version": vacancy.version,
        "changed": changed,
        "reason": words,
    });
    if let Some(number) = twin {
        // The clerk was asked and said that both are meant.
        after["same_as"] = number.into();
    }
    let mut entry = Entry::new(format!("vacancy.{}", command.name()), "vacancy", &vacancy.id)
        .of(&vacancy.organisation)
        .before(json!({ "state": before, "version": row.vacancy.version }))
        .after(after);
    entry.reason = reason_code;
    if vacancy.state == State::Scheduled {
        // What opens later is not open yet: the history says "published" when it opens.
        entry.action = "vacancy.schedule".to_owned();
    }
    if let Command::Save { .. } = &command {
        // The journal keeps both wordings, so that any version can be read again.
        entry = entry.before(json!({ "state": before, "content": row.vacancy.content }));
    }
    let events = if before.was_public() || vacancy.state.was_public() {
        vec![Event { topic: "vacancy.changed", key: vacancy.id.clone() }]
    } else {
        vec![]
    };
    let after = Row {
        vacancy: vacancy.clone(),
        changed_by: actor.name.clone(),
        changer: actor.account.clone(),
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
        Command::Save { content } => content.differs(&row.vacancy.content),
        _ => vec!["state".into()],
    };
    let conflict = Conflict { current: view(cx, row, book)?, differs };
    let mut body = problem(cx, &Refusal::new(Kind::Stale, "stale"));
    body["conflict"] =
        serde_json::to_value(conflict).map_err(|e| Fault::new(format!("conflict: {e}")))?;
    Ok(Response::new(412, "application/problem+json", body.to_string()))
}
