//! Saved vacancies.

use domain::shared::lang::Text;
use domain::{
    profile::{api::Saved, sql::saved as saved_sql},
    shared::{
        refusal::{Kind, Refusal},
        time::Timestamp,
    },
    vacancy::{api::OrganisationRef, rules::state_at, sql::Row},
};
use serde::Deserialize;
use serde_json::json;

use super::{id, rules};
use crate::{
    application::create::vacancy_of,
    cx::Cx,
    error::Error,
    facts,
    http::{Request, Response},
    ports::read,
    route,
    routes::Route,
    save::{Change, Replay, once, save},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/my/saved", SignedIn, Cabinet, list),
    route!(Get "/api/v1/cabinet/my/saved/{vacancy}", SignedIn, Cabinet, one),
    route!(Put "/api/v1/cabinet/my/saved/{vacancy}", SignedIn, Cabinet, put),
    route!(Delete "/api/v1/cabinet/my/saved/{vacancy}", SignedIn, Cabinet, remove),
];

#[derive(Deserialize)]
struct SavedRow {
    #[serde(flatten)]
    row: Row,
    saved_at: Timestamp,
    application: Option<String>,
    application_state: Option<String>,
}

/// All saved vacancies: the one that ends soonest first, then those that are over.
pub(super) async fn load(cx: &Cx<'_>) -> Result<Vec<Saved>, Error> {
    let actor = cx.actor()?;
    let reads = vec![saved_sql::list(&actor.account, &actor.person)];
    let (book, _, rows) = facts::load(cx.ports, reads).await?;
    let rows: Vec<SavedRow> =
        rows.first().map(crate::ports::Rows::all).transpose()?.unwrap_or_default();
    let mut out: Vec<Saved> = rows
        .into_iter()
        .map(|saved| {
            let SavedRow { row, saved_at, application, application_state } = saved;
            Saved {
                number: row.vacancy.number,
                slug: row.vacancy.slug.clone(),
                title: book.title(&row.vacancy.content),
                state: state_at(&row.vacancy, cx.ports.now),
                closes_at: row.vacancy.closes_at,
                organisation: OrganisationRef {
                    id: row.vacancy.organisation.clone(),
                    name: Text { kk: row.name_kk, ru: row.name_ru, en: row.name_en },
                    slug: row.organisation_slug,
                },
                saved_at,
                application: application.zip(application_state),
                vacancy: row.vacancy.id,
            }
        })
        .collect();
    let open = domain::vacancy::model::State::Published;
    out.sort_by_key(|one| (one.state != open, one.closes_at, std::cmp::Reverse(one.saved_at)));
    Ok(out)
}

async fn list(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    Ok(Response::json(&load(cx).await?)?)
}

#[derive(Deserialize)]
struct Facts {
    known: i64,
    saved: i64,
    n: u32,
}

async fn facts_of(cx: &Cx<'_>, vacancy: &str) -> Result<Facts, Error> {
    let statement = saved_sql::facts(&cx.actor()?.account, vacancy);
    let facts: Option<Facts> = read(cx.ports.db, statement).await?.first()?;
    // A vacancy that was never public does not exist for somebody who looks for work.
    Ok(facts.filter(|facts| facts.known == 1 || facts.saved == 1).ok_or_else(Refusal::not_found)?)
}

async fn one(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let facts = facts_of(cx, id(cx, "vacancy")?).await?;
    Ok(Response::json(&json!({ "saved": facts.saved == 1 }))?)
}

async fn put(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    // The public page of a vacancy names it by its number.
    let vacancy = &vacancy_of(cx, cx.param("vacancy")).await?;
    let facts = facts_of(cx, vacancy).await?;
    let max = rules()?.limits.saved;
    if facts.saved == 0 && facts.n >= max {
        return Err(Refusal::new(Kind::Conflict, "saved_full").with("max", max).into());
    }
    let change = Change {
        statements: vec![saved_sql::put(&cx.actor()?.account, vacancy, cx.ports.now)],
        ..Change::default()
    };
    save(cx, Some(once), change, Response::json(&json!({ "saved": true }))?).await
}

async fn remove(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let change = Change {
        statements: vec![saved_sql::remove(&cx.actor()?.account, id(cx, "vacancy")?)],
        ..Change::default()
    };
    save(cx, Some(once), change, Response::json(&json!({ "saved": false }))?).await
}
