//! The public pages of the service desk: writing to it, and the page of a ticket, whose address
//! is the key to it.

use askama::Template;
use domain::{
    journal::Entry,
    shared::{
        format,
        lang::Lang,
        locale::{FEEDBACK, Table},
        refusal::{Check, Kind, Refusal},
    },
    sql,
    ticket::{
        api::{Figures, MessageRow},
        rules::{Act, State, Topic, after, rule},
        sql::{Row, by_secret, figures, guests_last_hour, messages, unchanged},
        work,
    },
};
use serde::Deserialize;

use super::{
    my::replied,
    write::{Wanted, clean, open, rest_of, shown},
};
use crate::{
    cx::Cx,
    entry::{detail, field_text},
    error::Error,
    http::{Request, Response},
    ports::{Limit, Ports, read},
    route,
    routes::Route,
    save::{Change, save},
    secret::{digest, mac, token},
    session,
    sign_in::value,
    web::{
        assets::WORK,
        page::{Page, lang, render},
    },
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/{lang}/feedback", Public, Page, show),
    route!(Post "/{lang}/feedback", Public, Page, send),
    route!(Get "/{lang}/feedback/{number}/{key}", Public, Page, ticket),
    route!(Post "/{lang}/feedback/{number}/{key}", Public, Page, answer),
    route!(Get "/api/v1/feedback/figures", Public, Api, public_figures),
];

/// Texts of these pages.
const T: &Table = &FEEDBACK;

#[derive(Template)]
#[template(path = "feedback.html")]
struct Form<'a> {
    page: Page<'a>,
    form: Typed,
    errors: Vec<(String, String)>,
    topics: Vec<(&'static str, &'static str, bool)>,
    /// Who is signed in; empty = a guest, who works for it.
    name: String,
    task: String,
    bits: u32,
    script: &'static str,
    figures: Vec<(String, String)>,
}

/// What was typed so far.
#[derive(Default)]
struct Typed {
    topic: String,
    text: String,
    email: String,
    screen: String,
}

impl Form<'_> {
    fn t(&self, key: &'static str) -> &'static str {
        T.get(self.page.lang, key)
    }

    fn error(&self, field: &str) -> &str {
        self.errors.iter().find(|(name, _)| name == field).map_or("", |(_, text)| text)
    }
}

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

/// Who sends the request, if somebody is signed in. A broken or old cookie is a guest.
async fn who(cx: &Cx<'_>, request: &Request) -> Option<domain::account::actor::Actor> {
    session::actor(cx.ports, request).await.ok().flatten()
}

async fn work_bits(ports: &Ports<'_>) -> Result<u32, Error> {
    #[derive(Deserialize)]
    struct Count {
        n: i64,
    }
    let count: Option<Count> = read(ports.db, guests_last_hour(ports.now)).await?.first()?;
    Ok(work::bits(rule(), count.map_or(0, |count| count.n)))
}

/// A task for a guest's browser: moment, bits and chance, and the proof that we set it.
async fn task(cx: &Cx<'_>) -> Result<(String, u32), Error> {
    let bits = work_bits(cx.ports).await?;
    let head = format!("{}.{bits}.{}", cx.ports.now.millis(), &token(cx.ports)[..16]);
    let mac = mac(cx.ports, "work", &head)?;
    Ok((format!("{head}.{mac}"), bits))
}

/// Checks a guest's proof of work and returns its digest.
fn check_work(cx: &Cx<'_>, task: &str, text: &str, nonce: &str) -> Result<String, Error> {
    let wrong = |code| Error::from(Refusal::new(Kind::Invalid, code));
    let (head, said) = task.rsplit_once('.').ok_or_else(|| wrong("work_missing"))?;
    if nonce.is_empty() || mac(cx.ports, "work", head)? != said {
        return Err(wrong("work_missing"));
    }
    let mut parts = head.split('.');
    let at: Option<i64> = parts.next().and_then(|text| text.parse().ok());
    let bits: Option<u32> = parts.next().and_then(|text| text.parse().ok());
    let (Some(at), Some(bits)) = (at, bits) else { return Err(wrong("work_missing")) };
    if (cx.ports.now.millis() - at).abs() > rule().work_minutes * 60_000 {
        return Err(wrong("work_old"));
    }
    if !work::is_proof(task, text, nonce, bits) {
        return Err(wrong("work_missing"));
    }
    Ok(digest(task))
}

async fn form(
    cx: &Cx<'_>,
    request: &Request,
    typed: Typed,
    errors: Vec<(String, String)>,
) -> Result<Response, Error> {
    let lang = lang(cx)?;
    let actor = who(cx, request).await;
    let (task, bits) = if actor.is_some() { (String::new(), 0) } else { task(cx).await? };
    let title = T.get(lang, "title");
    let page = Page::new(cx.ports.config, lang, "/feedback")
        .titled(title, T.get(lang, "lead"))
        .crumb("", title);
    let topics = Topic::ALL
        .iter()
        .map(|topic| {
            let name = T.find(lang, &format!("topic.{}", topic.code())).unwrap_or_default();
            (topic.code(), name, typed.topic == topic.code())
        })
        .collect();
    let figures = shown_figures(lang, &read_figures(cx.ports).await?);
    let status = if errors.is_empty() { 200 } else { 422 };
    let name = actor.map(|actor| {
        let name = actor.name.trim();
        if name.is_empty() { T.get(lang, "signed_in").to_owned() } else { name.to_owned() }
    });
    let view = Form {
        page,
        form: typed,
        errors,
        topics,
        name: name.unwrap_or_default(),
        task,
        bits,
        script: WORK.0,
        figures,
    };
    Ok(render(&view)?.status(status))
}

async fn show(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let query = request.query_pairs();
    let typed = Typed {
        topic: value(&query, "topic").to_owned(),
        screen: value(&query, "from").chars().take(300).collect(),
        ..Typed::default()
    };
    form(cx, request, typed, vec![]).await
}

async fn send(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    if !cx.ports.limiter.allow(Limit::SignIn, &request.client).await {
        return Err(Refusal::new(Kind::TooMany, "too_many").into());
    }
    let fields = request.form()?;
    let typed = Typed {
        topic: value(&fields, "topic").to_owned(),
        text: value(&fields, "text").to_owned(),
        email: value(&fields, "email").trim().to_lowercase(),
        screen: value(&fields, "screen").to_owned(),
    };
    match try_send(cx, request, &fields, &typed).await {
        Err(Error::Refusal(refusal)) if refusal.kind == Kind::Invalid => {
            let mut errors: Vec<(String, String)> = refusal
                .fields
                .iter()
                .map(|field| {
                    (field.field.to_string(), field_text(cx.lang, field.code, &field.args))
                })
                .collect();
            if errors.is_empty() {
                errors.push((String::new(), detail(cx.lang, &refusal)));
            }
            form(cx, request, typed, errors).await
        }
        other => other,
    }
}

async fn try_send(
    cx: &Cx<'_>,
    request: &Request,
    fields: &[(String, String)],
    typed: &Typed,
) -> Result<Response, Error> {
    let actor = who(cx, request).await;
    let mut check = Check::default();
    let topic = Topic::parse(&typed.topic);
    if topic.is_none() {
        check.wrong("topic", "required");
    }
    let text = match clean("text", &typed.text) {
        Ok(text) => text,
        Err(refusal) => {
            check.0.extend(refusal.fields);
            String::new()
        }
    };
    let email_fine = typed.email.is_empty() || domain::vacancy::content::is_email(&typed.email);
    if actor.is_none() && !email_fine {
        check.wrong("email", "contact_email");
    }
    check.done()?;
    let Some(topic) = topic else { return Err(Refusal::not_found().into()) };
    let work = match &actor {
        Some(_) => None,
        None => {
            // The text as the browser has it: line ends of one kind.
            let plain = typed.text.replace("\r\n", "\n").replace('\r', "\n");
            let proof = check_work(cx, value(fields, "task"), &plain, value(fields, "nonce"))?;
            if let Some((page, said)) = by_work(cx, &proof).await? {
                // The same message twice is one; another one on a page that came back from the
                // browser's memory gets a task of its own, and its text stays.
                if said == text {
                    return Ok(Response::redirect(303, page));
                }
                return Err(Refusal::new(Kind::Invalid, "work_old").into());
            }
            Some(proof)
        }
    };
    let mut roles: Vec<&str> =
        actor.iter().flat_map(|actor| &actor.grants).map(|grant| grant.role.code()).collect();
    roles.dedup();
    let wanted = Wanted {
        topic,
        text: &text,
        screen: &typed.screen,
        role: roles.join(" "),
        email: if actor.is_some() { String::new() } else { typed.email.clone() },
        account: actor.map(|actor| actor.account),
        file: None,
        work,
    };
    let opened = open(cx, request, wanted).await?;
    let to = format!("/{}{}?sent=1", cx.lang.code(), opened.rest);
    save(cx, None, opened.change, Response::redirect(303, to)).await
}

/// The page of the ticket that a task was used for, and what it said.
async fn by_work(cx: &Cx<'_>, work: &str) -> Result<Option<(String, String)>, Error> {
    #[derive(Deserialize)]
    struct Found {
        id: String,
        number: i64,
        text: String,
    }
    let found: Option<Found> = read(
        cx.ports.db,
        sql!(
            "SELECT t.id, t.number, coalesce((SELECT m.text FROM ticket_message m
               WHERE m.ticket = t.id ORDER BY m.id LIMIT 1), '') AS text
             FROM ticket t WHERE t.work = ?1",
            work
        ),
    )
    .await?
    .first()?;
    found
        .map(|found| {
            let rest = rest_of(cx.ports, &found.id, found.number)?;
            Ok((format!("/{}{rest}?sent=1", cx.lang.code()), found.text))
        })
        .transpose()
}

/// The ticket of an address, if number and key are its own.
async fn load(cx: &Cx<'_>) -> Result<Row, Error> {
    let row: Option<Row> = read(cx.ports.db, by_secret(&digest(cx.param("key")))).await?.first()?;
    let row = row.filter(|row| shown(row.number) == cx.param("number"));
    row.ok_or_else(|| Refusal::not_found().into())
}

async fn ticket(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
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

async fn answer(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
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

async fn read_figures(ports: &Ports<'_>) -> Result<Figures, Error> {
    #[derive(Deserialize)]
    struct Found {
        scores: i64,
        mean: Option<f64>,
        answered: i64,
        in_time: i64,
    }
    let rule = rule();
    let found: Option<Found> = read(ports.db, figures(rule, ports.now)).await?.first()?;
    let found = found.unwrap_or(Found { scores: 0, mean: None, answered: 0, in_time: 0 });
    let mean = found.mean.filter(|_| found.scores >= rule.figure_least);
    Ok(Figures {
        days: rule.figure_days,
        scores: found.scores,
        mean: mean.map(|mean| (mean * 10.0).round() / 10.0),
        answered: found.answered,
        in_time: found.in_time,
    })
}

/// The figures in words; too few say nothing.
fn shown_figures(lang: Lang, figures: &Figures) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let days = figures.days.to_string();
    if let Some(mean) = figures.mean {
        let value = T.fill(
            lang,
            "figure.mean.value",
            &[("mean", &decimal(lang, mean)), ("n", &figures.scores.to_string())],
        );
        out.push((T.fill(lang, "figure.mean", &[("days", &days)]), value));
    }
    if figures.answered >= rule().figure_least {
        let percent = figures.in_time * 100 / figures.answered.max(1);
        let value = T.fill(
            lang,
            "figure.time.value",
            &[("percent", &percent.to_string()), ("n", &figures.answered.to_string())],
        );
        out.push((T.fill(lang, "figure.time", &[("days", &days)]), value));
    }
    out
}

/// One place after the point, as the language writes it.
fn decimal(lang: Lang, n: f64) -> String {
    let text = format!("{n:.1}");
    if lang == Lang::En { text } else { text.replace('.', ",") }
}

async fn public_figures(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    Ok(Response::json(&read_figures(cx.ports).await?)?)
}
