//! Who looked at my data, in plain words.

use domain::{
    profile::{
        access::{LookRow, looks},
        api::{Look, Looks},
    },
    shared::{lang::Lang, locale::PROFILE},
};

use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::{page, read},
    route,
    routes::Route,
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[route!(Get "/api/v1/cabinet/my/access", SignedIn, Cabinet, list)];

/// Looks of a page.
const PAGE: u32 = 50;

fn words(lang: Lang, row: &LookRow) -> Look {
    let key = format!("access.{}", row.action);
    let what = PROFILE.find(lang, &key).unwrap_or_else(|| PROFILE.get(lang, "access.other"));
    let why = match (&row.reason, &row.number) {
        (Some(reason), _) if !reason.is_empty() => reason.clone(),
        (_, Some(number)) => PROFILE.fill(lang, "access.why_application", &[("number", number)]),
        _ => PROFILE.get(lang, "access.why_none").to_owned(),
    };
    let mut roles: Vec<String> = row
        .roles
        .iter()
        .map(|role| PROFILE.fill(lang, &format!("role.{}", role.role), &[]))
        .collect();
    roles.dedup();
    Look {
        at: row.at,
        who: row.who.clone().unwrap_or_else(|| PROFILE.get(lang, "access.system").to_owned()),
        roles,
        organisation: row.organisation(),
        what: what.to_owned(),
        why,
    }
}

pub(super) async fn load(cx: &Cx<'_>, before: i64, limit: u32) -> Result<Looks, Error> {
    let actor = cx.actor()?;
    let statement = looks(&actor.person, &actor.account, before, limit + 1);
    let mut rows: Vec<LookRow> = read(cx.ports.db, statement).await?.all()?;
    let next = page(&mut rows, limit as usize, |row| row.seq.to_string());
    Ok(Looks { items: rows.iter().map(|row| words(cx.lang, row)).collect(), next })
}

async fn list(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let cursor = request.query_pairs().into_iter().find(|(name, _)| name == "cursor");
    let before = cursor.and_then(|(_, value)| value.parse().ok()).unwrap_or(1_i64 << 52);
    Ok(Response::json(&load(cx, before, PAGE).await?)?)
}
