//! Writing to the desk: the form, the guest's proof of work, what becomes of it.

use askama::Template;
use domain::{
    shared::refusal::{Check, Kind, Refusal},
    sql,
    ticket::{
        rules::{Topic, rule},
        sql::guests_last_hour,
        work,
    },
};
use serde::Deserialize;

use super::{
    super::write::{Wanted, clean, open, rest_of},
    T,
    figures::{read_figures, shown_figures},
    shot, who,
};
use crate::{
    cx::Cx,
    entry::{detail, field_text},
    error::Error,
    http::{Request, Response},
    ports::{Limit, Ports, read},
    save::save,
    secret::{digest, mac, token},
    sign_in::value,
    web::{
        address::{is_switch, switched},
        assets::WORK,
        page::{Page, lang, render},
    },
};

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
        .taking()
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

pub(super) async fn show(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let query = request.query_pairs();
    let typed = Typed {
        topic: value(&query, "topic").to_owned(),
        screen: value(&query, "from").chars().take(300).collect(),
        ..Typed::default()
    };
    form(cx, request, typed, vec![]).await
}

pub(super) async fn send(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    if !cx.ports.limiter.allow(Limit::SignIn, &request.client).await {
        return Err(Refusal::new(Kind::TooMany, "too_many").into());
    }
    let (fields, sent) = request.form_with_file("screenshot")?;
    let typed = Typed {
        topic: value(&fields, "topic").to_owned(),
        text: value(&fields, "text").to_owned(),
        email: value(&fields, "email").trim().to_lowercase(),
        screen: value(&fields, "screen").to_owned(),
    };
    if is_switch(&fields) {
        return Ok(switched(cx, form(cx, request, typed, vec![]).await?));
    }
    let shot = match sent.map(|(name, bytes)| shot::look(name, bytes)).transpose() {
        Ok(shot) => shot,
        Err(refusal) => {
            let errors = vec![("screenshot".to_owned(), detail(cx.lang, &refusal))];
            return form(cx, request, typed, errors).await;
        }
    };
    match try_send(cx, request, &fields, &typed, shot).await {
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
    shot: Option<shot::Shot<'_>>,
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
    let kept = match shot {
        Some(shot) => Some(shot::keep(cx, actor.as_ref(), shot).await?),
        None => None,
    };
    let wanted = Wanted {
        topic,
        text: &text,
        screen: &typed.screen,
        role: roles.join(" "),
        email: if actor.is_some() { String::new() } else { typed.email.clone() },
        account: actor.map(|actor| actor.account),
        file: kept.as_ref().map(|kept| (kept.id.clone(), kept.person.clone())),
        work,
    };
    let mut opened = open(cx, request, wanted).await?;
    if let Some(kept) = kept {
        kept.into_change(&mut opened.change);
    }
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
