//! The page of a ticket: what was said, answering, the score.

use askama::Template;
use domain::{
    journal::Entry,
    shared::{
        format,
        refusal::{Check, Kind, Refusal},
    },
    sql,
    ticket::{
        api::MessageRow,
        rules::{Act, State, after, rule},
        sql::{Row, by_secret, messages, unchanged},
    },
};

use super::{
    super::{
        my::replied,
        write::{clean, rest_of, shown},
    },
    T,
};
use crate::{
    cx::Cx,
    entry::{detail, field_text},
    error::Error,
    http::{Request, Response},
    ports::{Limit, read},
    save::{Change, save},
    secret::digest,
    sign_in::value,
    web::page::{Page, lang, render},
};

#[derive(Template)]
#[template(path = "ticket.html")]
struct TicketPage<'a> {
    page: Page<'a>,
    heading: String,
    tag: &'static str,
    tone: &'static str,
    next: String,
    facts: Vec<(&'static str, String)>,
    messages: Vec<(String, String, MessageRow)>,
    article: Option<(String, &'static str)>,
    can_reply: bool,
    can_score: bool,
    score: String,
    sent: bool,
    error: String,
    text: String,
    action: String,
}

impl TicketPage<'_> {
    fn t(&self, key: &'static str) -> &'static str {
        T.get(self.page.lang, key)
    }
}

/// The ticket of an address, if number and key are its own.
async fn load(cx: &Cx<'_>) -> Result<Row, Error> {
    let row: Option<Row> = read(cx.ports.db, by_secret(&digest(cx.param("key")))).await?.first()?;
    let row = row.filter(|row| shown(row.number) == cx.param("number"));
    row.ok_or_else(|| Refusal::not_found().into())
}

pub(super) async fn ticket(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let row = load(cx).await?;
    let sent = value(&request.query_pairs(), "sent") == "1";
    ticket_page(cx, &row, sent, String::new(), String::new()).await
}

async fn ticket_page(
    cx: &Cx<'_>,
    row: &Row,
    sent: bool,
    error: String,
    text: String,
) -> Result<Response, Error> {
    let lang = lang(cx)?;
    let messages: Vec<MessageRow> = read(cx.ports.db, messages(&row.id, false)).await?.all()?;
    let rest = rest_of(cx.ports, &row.id, row.number)?;
    let heading = T.fill(lang, "ticket.title", &[("number", &shown(row.number))]);
    let page = Page::new(cx.ports.config, lang, rest.clone())
        .titled(heading.clone(), "")
        .bare()
        .crumb("/feedback", T.get(lang, "title"))
        .crumb("", shown(row.number));
    let moment = |at| format::date_time(lang, at);
    let state = row.state.code();
    let next = match row.state {
        State::New | State::InWork if row.answered_at.is_none() => {
            T.fill(lang, "next.due", &[("time", &moment(row.due_at))])
        }
        _ => T.find(lang, &format!("next.{state}")).unwrap_or_default().to_owned(),
    };
    let can = |act| after(rule(), row.state, row.since, act, cx.ports.now).is_ok();
    let topic = T.find(lang, &format!("topic.{}", row.topic.code())).unwrap_or_default();
    let slug = crate::web::help::ARTICLES.iter().find(|one| one.slug == row.article);
    let view = TicketPage {
        heading,
        tag: T.find(lang, &format!("state.{state}")).unwrap_or_default(),
        tone: match row.state {
            State::Resolved => "done",
            State::Waiting => "wait",
            State::Closed | State::Merged => "mute",
            State::New | State::InWork => "",
        },
        next,
        facts: vec![
            (T.get(lang, "ticket.topic"), topic.to_owned()),
            (T.get(lang, "ticket.at"), moment(row.created_at)),
        ],
        messages: messages
            .into_iter()
            .map(|one| {
                let who = if one.kind == "user" { "who.you" } else { "who.desk" };
                (T.find(lang, who).unwrap_or_default().to_owned(), moment(one.at), one)
            })
            .collect(),
        article: slug.map(|one| (format!("/help/{}", one.slug), one.texts[lang as usize].title)),
        can_reply: can(Act::Reply),
        can_score: can(Act::Score) && row.score.is_none(),
        score: row
            .score
            .map(|n| T.fill(lang, "score.yours", &[("n", &n.to_string())]))
            .unwrap_or_default(),
        sent,
        error: error.clone(),
        text,
        action: page.link(&rest),
        page,
    };
    let status = if error.is_empty() { 200 } else { 422 };
    Ok(render(&view)?.status(status))
}

pub(super) async fn answer(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let row = load(cx).await?;
    // The address is the key: whoever has it draws on one budget.
    if !cx.ports.limiter.allow(Limit::Command, &row.id).await {
        return Err(Refusal::new(Kind::TooMany, "too_many").into());
    }
    let fields = request.form()?;
    let outcome = if value(&fields, "score").is_empty() {
        reply(cx, &row, value(&fields, "text")).await
    } else {
        score(cx, &row, value(&fields, "score"), value(&fields, "score_text")).await
    };
    match outcome {
        Err(Error::Refusal(refusal)) if refusal.kind != Kind::NotFound => {
            let text = refusal.fields.first().map_or_else(
                || detail(cx.lang, &refusal),
                |field| field_text(cx.lang, field.code, &field.args),
            );
            ticket_page(cx, &load(cx).await?, false, text, value(&fields, "text").to_owned()).await
        }
        other => other,
    }
}

fn back(cx: &Cx<'_>, row: &Row) -> Result<Response, Error> {
    let rest = rest_of(cx.ports, &row.id, row.number)?;
    Ok(Response::redirect(303, format!("/{}{rest}", cx.lang.code())))
}

async fn reply(cx: &Cx<'_>, row: &Row, text: &str) -> Result<Response, Error> {
    let text = clean("text", text)?;
    save(cx, None, replied(cx.ports, row, &text)?, back(cx, row)?).await
}

async fn score(cx: &Cx<'_>, row: &Row, score: &str, text: &str) -> Result<Response, Error> {
    after(rule(), row.state, row.since, Act::Score, cx.ports.now)?;
    let score = score.parse::<i64>().ok().filter(|n| (1..=5).contains(n));
    let Some(score) = score else {
        let mut check = Check::default();
        check.wrong("score", "required");
        return Err(Refusal::fields(check.0).into());
    };
    let text = if text.trim().is_empty() { String::new() } else { clean("score_text", text)? };
    let change = Change {
        statements: vec![
            unchanged(&row.id, row.version),
            sql!(
                "UPDATE ticket SET score = ?2, score_text = ?3, scored_at = ?4, version = version + 1
                 WHERE id = ?1 AND score IS NULL",
                &row.id,
                score,
                text,
                cx.ports.now
            ),
        ],
        journal: vec![Entry::new("ticket.score", "ticket", &row.id)],
        events: vec![],
    };
    save(cx, None, change, back(cx, row)?).await
}
