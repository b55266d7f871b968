//! Forms: written by the administrator of tests, tried against the bank before anybody commits to
//! them.

use domain::{
    account::permission::Permission::{ItemCalibrate, ItemGuard, TestManage},
    exam::{
        blueprint::Blueprint,
        draw::{NoForm, Plan},
        pool::{Pool, pack},
        rules::{Edition, Group, edition_on},
        sql::{self, Candidate, Draft, ExamRow},
    },
    journal::Entry,
    shared::{
        lang::{Lang, Text},
        refusal::{Check, Kind, Refusal},
    },
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{any_of, id};
use crate::{
    cabinet::my::if_match,
    cx::Cx,
    error::{Error, Fault},
    http::{Request, Response},
    ports::{Ports, page, read},
    route,
    routes::Route,
    save::{Change, Replay, once, save},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/exams", SignedIn, Cabinet, list),
    route!(Post "/api/v1/cabinet/exams", May(TestManage), Cabinet, create),
    route!(Get "/api/v1/cabinet/exams/{id}", SignedIn, Cabinet, one),
    route!(Post "/api/v1/cabinet/exams/{id}/edit", May(TestManage), Cabinet, edit),
    route!(Post "/api/v1/cabinet/exams/{id}/check", SignedIn, Cabinet, check),
    route!(Post "/api/v1/cabinet/exams/{id}/close", May(TestManage), Cabinet, close),
];

/// Rows of a page.
const PAGE: usize = 50;
/// What a test may be for.
pub(super) const PURPOSES: [&str; 3] = ["attestation", "hiring", "rehearsal"];
/// Seeds with which a form is tried: what fails once in so many would fail for somebody.
const TRIALS: u8 = 20;

/// What the administrator writes.
#[derive(Deserialize)]
struct Written {
    title: Text,
    purpose: String,
    group: String,
    #[serde(default)]
    subject: String,
    blueprint: Blueprint,
    #[serde(default)]
    forward: bool,
    #[serde(default)]
    calculator: bool,
}

/// How a form is shown; the secret is not in it, whatever state it is in.
pub(super) fn view(row: &ExamRow) -> Value {
    json!({
        "id": row.id, "title": row.title, "purpose": row.purpose, "edition": row.edition,
        "group": row.group_code, "subject": row.subject, "blueprint": row.blueprint,
        "minutes": row.minutes, "forward": row.navigation == "forward",
        "calculator": row.calculator != 0, "state": row.state, "version": row.version,
        "commitment": row.commitment, "published_at": row.published_at,
        "revealed_at": row.revealed_at, "changed_at": row.changed_at,
        "tasks": row.blueprint.tasks(),
    })
}

pub(super) async fn load(cx: &Cx<'_>, id: &str) -> Result<ExamRow, Error> {
    let row: Option<ExamRow> = read(cx.ports.db, sql::exam(id)).await?.first()?;
    Ok(row.ok_or_else(Refusal::not_found)?)
}

async fn list(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    // Who analyses items asks for the exam by its name.
    any_of(cx, &[TestManage, ItemGuard, ItemCalibrate])?;
    let pairs = request.query_pairs();
    let before = pairs.iter().find(|(name, _)| name == "cursor").map_or("", |(_, v)| v.as_str());
    let mut rows: Vec<ExamRow> =
        read(cx.ports.db, sql::exams(before, PAGE as i64 + 1)).await?.all()?;
    let next = page(&mut rows, PAGE, |row| row.id.clone());
    let items: Vec<Value> = rows.iter().map(view).collect();
    Ok(Response::json(&json!({ "items": items, "next": next }))?)
}

async fn one(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    any_of(cx, &[TestManage, ItemGuard])?;
    let row = load(cx, id(cx, "id")?).await?;
    Ok(Response::json(&view(&row))?.header("etag", format!("\"{}\"", row.version)))
}

/// The edition in force and the group, with every wrong field at once.
fn checked(cx: &Cx<'_>, written: &Written) -> Result<(&'static Edition, &'static Group), Error> {
    let edition =
        edition_on(cx.ports.now.day()).ok_or_else(|| Refusal::new(Kind::Conflict, "no_edition"))?;
    let mut wrong = Check::default();
    if !written.title.is_complete() || written.title.kk.chars().count() > 200 {
        wrong.wrong("title", "required");
    }
    if !PURPOSES.contains(&written.purpose.as_str()) {
        wrong.wrong("purpose", "unknown");
    }
    let group = edition.group(&written.group);
    if group.is_none() {
        wrong.wrong("group", "unknown");
    }
    if let Err(refusal) = written.blueprint.check() {
        wrong.0.extend(refusal.fields);
    } else if let Some(group) = group.filter(|_| written.purpose == "attestation") {
        parts(&mut wrong, &written.blueprint, group);
    }
    wrong.done()?;
    let group = group.ok_or_else(|| Fault::new("a group that was found"))?;
    Ok((edition, group))
}

/// An attestation has the parts of the act, each with its tasks.
fn parts(wrong: &mut Check, blueprint: &Blueprint, group: &Group) {
    for block in &group.blocks {
        let section = blueprint.sections.iter().find(|section| section.code == block.code);
        let want = u32::from(block.tasks.value);
        if section.is_none_or(|section| section.tasks() != want) {
            wrong.wrong_with("sections", "part_tasks", "part", format!("{}: {want}", block.code));
        }
    }
    if blueprint.sections.len() != group.blocks.len() {
        wrong.wrong_with("sections", "too_many", "max", group.blocks.len());
    }
}

fn draft<'a>(written: &'a Written, edition: &'a Edition, group: &Group) -> Draft<'a> {
    Draft {
        title: &written.title,
        purpose: &written.purpose,
        edition: &edition.edition,
        group: &written.group,
        subject: &written.subject,
        blueprint: &written.blueprint,
        minutes: edition.minutes(group, &written.subject, false),
        forward: written.forward,
        calculator: written.calculator,
    }
}

async fn create(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let written: Written = request.json()?;
    let (edition, group) = checked(cx, &written)?;
    let id = cx.ports.new_id();
    let draft = draft(&written, edition, group);
    let change = Change {
        statements: vec![sql::create(&id, &draft, &cx.actor()?.account, cx.ports.now)],
        journal: vec![Entry::new("exam.create", "exam", &id).after(
            json!({ "title": draft.title, "group": draft.group, "blueprint": draft.blueprint }),
        )],
        events: vec![],
    };
    let answer = json!({ "id": id, "version": 1, "minutes": draft.minutes });
    save(cx, Some(once), change, Response::json(&answer)?.status(201)).await
}

async fn edit(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let version = if_match(request)?;
    let written: Written = request.json()?;
    let before = load(cx, id(cx, "id")?).await?;
    let (edition, group) = checked(cx, &written)?;
    let draft = draft(&written, edition, group);
    let change = Change {
        statements: vec![
            sql::unchanged(&before.id, version),
            sql::is(&before.id, "draft"),
            sql::update(&before.id, &draft, &cx.actor()?.account, cx.ports.now),
        ],
        journal: vec![
            Entry::new("exam.edit", "exam", &before.id)
                .before(json!({ "title": before.title, "blueprint": before.blueprint }))
                .after(json!({ "title": draft.title, "blueprint": draft.blueprint })),
        ],
        events: vec![],
    };
    let answer = json!({ "version": version + 1, "minutes": draft.minutes });
    save(cx, Some(once), change, Response::json(&answer)?).await
}

/// The pool of a form in a language, packed.
pub(super) async fn pool(ports: &Ports<'_>, row: &ExamRow, lang: Lang) -> Result<Vec<u8>, Error> {
    let found: Vec<Candidate> =
        read(ports.db, sql::candidates(&row.blueprint, lang)).await?.all()?;
    if found.len() > sql::POOL_MOST {
        let refusal = Refusal::new(Kind::Conflict, "pool_large").with("max", sql::POOL_MOST);
        return Err(refusal.into());
    }
    let entries = found.into_iter().map(Into::into).collect();
    pack(entries).map_err(|_| Fault::new("items of the bank cannot be packed").into())
}

/// How a form stands against a pool.
pub(super) struct Fit {
    /// Whether every seed of the trial gives a form.
    pub fits: bool,
    /// Cell by cell: section, cell, tasks wanted, items there.
    pub cells: Vec<Value>,
    /// A word, where it does not fit.
    pub why: &'static str,
}

/// Tries a form on a pool: counts first, then draws, because enemies and the window of difficulty
/// are only met by drawing.
pub(super) fn fit(blueprint: &Blueprint, pool: &Pool) -> Fit {
    let plan = match Plan::new(blueprint, pool) {
        Ok(plan) => plan,
        Err(short) => return Fit { fits: false, cells: short_cell(&short), why: "short" },
    };
    let places = blueprint.sections.iter().enumerate().flat_map(|(s, section)| {
        section.cells.iter().enumerate().map(move |(c, cell)| (s, c, cell.count))
    });
    let cells = places
        .zip(plan.room())
        .map(|((s, c, want), have)| json!({ "section": s, "cell": c, "want": want, "have": have }))
        .collect();
    for trial in 0..TRIALS {
        match plan.draw(&[trial; 32]) {
            Ok(_) => {}
            Err(NoForm::Window) => return Fit { fits: false, cells, why: "window" },
            Err(_) => return Fit { fits: false, cells, why: "enemies" },
        }
    }
    Fit { fits: true, cells, why: "" }
}

fn short_cell(short: &NoForm) -> Vec<Value> {
    match short {
        NoForm::Short { section, cell, have, want } => {
            vec![json!({ "section": section, "cell": cell, "want": want, "have": have })]
        }
        NoForm::Window => Vec::new(),
    }
}

/// A pool that was just packed, read as the worker reads it.
pub(super) fn read_pool(blob: &[u8]) -> Result<Pool, Fault> {
    Pool::read(blob).map_err(|_| Fault::new("a pool that was packed cannot be read"))
}

async fn check(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    any_of(cx, &[TestManage, ItemGuard])?;
    let row = load(cx, id(cx, "id")?).await?;
    let mut answer = json!({});
    for lang in [Lang::Kk, Lang::Ru] {
        let pool = read_pool(&pool(cx.ports, &row, lang).await?)?;
        let fit = fit(&row.blueprint, &pool);
        answer[lang.code()] = json!({
            "fits": fit.fits, "why": fit.why, "cells": fit.cells, "items": pool.items.len(),
        });
    }
    Ok(Response::json(&answer)?)
}

async fn close(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let exam = id(cx, "id")?;
    load(cx, exam).await?;
    let change = Change {
        statements: vec![
            sql::is(exam, "published"),
            sql::close(exam, &cx.actor()?.account, cx.ports.now),
        ],
        journal: vec![Entry::new("exam.close", "exam", exam)],
        events: vec![],
    };
    save(cx, Some(once), change, Response::empty()).await
}
