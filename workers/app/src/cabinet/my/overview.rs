//! The first page of the cabinet: what needs the person, what is due, how much there is.

use domain::{
    profile::{
        api::{Action, ItemState, Overview},
        card::full,
        meter::name,
        sql::overview as overview_sql,
    },
    shared::{format, locale::PROFILE, time::Timestamp},
    vacancy::model::State,
};
use serde::Deserialize;

use super::{profile, saved};
use crate::{
    cx::Cx,
    error::Error,
    facts,
    http::{Request, Response},
    ports::Rows,
    route,
    routes::Route,
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[route!(Get "/api/v1/cabinet/my/overview", SignedIn, Cabinet, show)];

/// A saved vacancy is brought to mind so many seconds before its end.
const SOON: i64 = 3 * 86_400;

#[derive(Deserialize)]
struct Counts {
    applications: u32,
    unread: u32,
    deletion_due: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Waiting {
    application_id: String,
    application_state: String,
    due_at: Option<Timestamp>,
    #[serde(flatten)]
    row: domain::vacancy::sql::Row,
}

async fn show(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let actor = cx.actor()?;
    let (person, profile) = profile::load(cx).await?;
    let saved = saved::load(cx).await?;
    let reads = overview_sql::reads(&actor.account, &actor.person);
    let (book, _, rows) = facts::load(cx.ports, reads.into()).await?;
    let counts: Option<Counts> = rows.first().map(Rows::first).transpose()?.flatten();
    let waiting: Vec<Waiting> = rows.get(1).map(Rows::all).transpose()?.unwrap_or_default();
    let (applications, unread, deletion) =
        counts.map_or((0, 0, None), |c| (c.applications, c.unread, c.deletion_due));
    let lang = cx.lang;
    let mut actions = Vec::new();
    let mut add =
        |code: &str, args: &[(&str, &str)], object: (&str, &str), due: Option<Timestamp>| {
            actions.push(Action {
                code: code.into(),
                text: PROFILE.fill(lang, &format!("action.{code}"), args),
                object: (object.0.into(), object.1.into()),
                due,
            });
        };
    if let Some(due) = deletion {
        add("deletion", &[("day", &format::date(lang, due.day()))], ("deletion", ""), Some(due));
    }
    for one in &waiting {
        let title = book.title(&one.row.vacancy.content);
        let draft = matches!(one.application_state.as_str(), "draft" | "reopened");
        let due = if draft { one.row.vacancy.closes_at } else { one.due_at };
        if due.is_some_and(|due| due > cx.ports.now) || !draft {
            let code = if draft { "draft" } else { "returned" };
            add(code, &[("what", title.get(lang))], ("application", &one.application_id), due);
        }
    }
    for one in saved.iter().filter(|one| one.application.is_none() && one.state == State::Published)
    {
        if one.closes_at.is_some_and(|end| end <= cx.ports.now.plus_seconds(SOON)) {
            let what = one.title.get(lang);
            add("saved_ending", &[("what", what)], ("vacancy", &one.vacancy), one.closes_at);
        }
    }
    for item in profile.items.iter().filter(|item| item.state == ItemState::Returned) {
        let what = name(item.kind, &item.record, lang);
        add("record_returned", &[("what", &what)], ("record", &item.id), None);
    }
    for one in &profile.expiring {
        let code = if one.days < 0 { "expired" } else { "expiring" };
        let day = format::date(lang, one.valid_to);
        let end = Timestamp::from_local(one.valid_to, chrono::NaiveTime::MIN);
        add(code, &[("what", &one.title), ("day", &day)], ("record", &one.id), Some(end));
    }
    for step in profile.meter.steps.iter().filter(|step| !step.done && step.required) {
        let (code, object) = match step.code.as_str() {
            "consent" => ("consent", ("consent", "competition")),
            _ => ("profile", ("step", step.code.as_str())),
        };
        add(code, &[("what", &step.text)], object, None);
    }
    // What has a day comes first, the nearest before the others.
    actions.sort_by_key(|action| (action.due.is_none(), action.due));
    let count = |name: &str, n: usize| (name.to_owned(), u32::try_from(n).unwrap_or(u32::MAX));
    let overview = Overview {
        name: full(&person.card.name),
        percent: profile.meter.percent,
        counts: vec![
            ("applications".into(), applications),
            count("saved", saved.len()),
            count("records", profile.items.len()),
            ("unread".into(), unread),
        ],
        actions,
        now: cx.ports.now,
    };
    Ok(Response::json(&overview)?)
}
