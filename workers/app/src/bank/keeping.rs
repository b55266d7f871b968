//! What the bank is kept in order by: the tree of topics, complaints about items.

use domain::{
    bank::{
        api::{Complaints, Topics},
        complaint::{self, Complain, Decide, check_words},
        topic::{self, Topic},
    },
    journal::Entry,
    shared::{
        id::is_ulid,
        refusal::{Check, Refusal},
    },
};
use serde_json::json;

use super::{item, only_own, parts};
use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::{page, read},
    save::{Change, Replay, once, save},
};

/// Complaints of a page.
const PAGE: usize = 50;

/// `GET topics`.
pub(super) async fn topics(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let items: Vec<Topic> = read(cx.ports.db, topic::list()).await?.all()?;
    Ok(Response::json(&Topics { items })?)
}

/// `PUT topics`: writes one.
pub(super) async fn write_topic(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let said: Topic = request.json()?;
    let once = match once(cx, request).await? {
        Replay::Done(response) => return Ok(response),
        Replay::First(once) => once,
    };
    said.check().done()?;
    let mut entry = Entry::new("item_topic.write", "item_topic", &said.path);
    entry.after = Some(json!({ "name": said.name, "position": said.position }));
    let change =
        Change { statements: topic::write(&said), journal: vec![entry], events: Vec::new() };
    save(cx, Some(once), change, Response::json(&said)?).await
}

/// `POST topics/remove {path}`.
pub(super) async fn remove_topic(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    #[derive(serde::Deserialize)]
    struct Path {
        path: String,
    }
    let said: Path = request.json()?;
    let once = match once(cx, request).await? {
        Replay::Done(response) => return Ok(response),
        Replay::First(once) => once,
    };
    let change = Change {
        statements: topic::remove(&said.path).into(),
        journal: vec![Entry::new("item_topic.remove", "item_topic", &said.path)],
        events: Vec::new(),
    };
    save(cx, Some(once), change, Response::json(&json!({}))?).await
}

/// `GET complaints?state=&item=&cursor=`. An author sees those about own items.
pub(super) async fn complaints(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let (mut state, mut of, mut before) = (String::new(), String::new(), String::new());
    let mut wrong = Check::default();
    for (name, value) in request.query_pairs() {
        match name.as_str() {
            "state" if ["", "open", "upheld", "dismissed"].contains(&value.as_str()) => {
                state = value;
            }
            "state" => wrong.wrong("state", "unknown"),
            "item" => of = value,
            "cursor" => before = value,
            _ => {}
        }
    }
    wrong.done()?;
    let actor = cx.actor()?;
    let author = if only_own(&parts(actor)) { actor.account.as_str() } else { "" };
    let most = PAGE as i64 + 1;
    let asked = complaint::list(&state, &of, author, &before, most);
    let mut items: Vec<complaint::Row> = read(cx.ports.db, asked).await?.all()?;
    let next = page(&mut items, PAGE, |row| row.id.clone());
    Ok(Response::json(&Complaints { items, next })?)
}

/// `POST items/{id}/complaints`.
pub(super) async fn complain(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let said: Complain = request.json()?;
    let once = match once(cx, request).await? {
        Replay::Done(response) => return Ok(response),
        Replay::First(once) => once,
    };
    let loaded = item::load(cx, None).await?;
    check_words("text", &said.text).done()?;
    let (ports, id, row) = (cx.ports, cx.ports.new_id(), &loaded.row);
    // What candidates meet is what a complaint is about.
    let version = row.live.unwrap_or(row.head);
    let mut entry = Entry::new("item.complain", "item", &row.id);
    entry.after = Some(json!({ "ground": said.ground, "version": version }));
    let me = &cx.actor()?.account;
    let change = Change {
        statements: vec![complaint::add(&id, &row.id, version, &said, me, ports.now)],
        journal: vec![entry],
        events: Vec::new(),
    };
    save(cx, Some(once), change, Response::json(&json!({ "id": id }))?.status(201)).await
}

/// `POST complaints/{id}/decision`.
pub(super) async fn decide(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let said: Decide = request.json()?;
    let id = cx.param("id");
    if !is_ulid(id) {
        return Err(Refusal::not_found().into());
    }
    let once = match once(cx, request).await? {
        Replay::Done(response) => return Ok(response),
        Replay::First(once) => once,
    };
    check_words("answer", &said.answer).done()?;
    let mut entry = Entry::new("item.complaint_decide", "item_complaint", id);
    entry.after = Some(json!({ "upheld": said.upheld }));
    let change = Change {
        statements: complaint::decide(id, &said, &cx.actor()?.account, cx.ports.now).into(),
        journal: vec![entry],
        events: Vec::new(),
    };
    save(cx, Some(once), change, Response::json(&json!({}))?).await
}
