//! What the cabinet's forms choose from: the directories. And the table of permissions.

use std::collections::BTreeMap;

use domain::{
    account::role::Role,
    directory::{Item, NAMES},
    profile::sql::confirm,
    shared::{lang::Text, row},
    sql,
};
use serde::{Deserialize, Serialize};

use crate::{
    cx::Cx,
    error::Error,
    facts,
    http::{Caching, Request, Response},
    ports::read,
    route,
    routes::{Access, Route, all},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/directories", SignedIn, Cabinet, directories),
    route!(Get "/api/v1/cabinet/places", SignedIn, Cabinet, places),
    route!(Get "/api/v1/cabinet/places/organisations", SignedIn, Cabinet, organisations),
    route!(Get "/api/v1/cabinet/permissions", May(PermissionRead), Cabinet, permissions),
];

/// All open items, by directory. The same for everybody, so that the edge answers 304.
async fn directories(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let (book, _, _) = facts::load(cx.ports, vec![]).await?;
    let all: BTreeMap<&str, Vec<&Item>> =
        NAMES.iter().map(|name| (*name, book.all(name).collect())).collect();
    Ok(Response::json(&all)?.cached(Caching::Public(0)))
}

/// A place that somebody may live in.
#[derive(Serialize, Deserialize)]
struct PlaceRow {
    /// KATO code.
    code: String,
    /// Name.
    #[serde(deserialize_with = "row::json")]
    name: Text,
    /// Name of what it lies in.
    #[serde(deserialize_with = "row::json")]
    around: Text,
}

/// The most places of an answer: who looks for more types another letter.
const PLACES: u32 = 20;

/// `GET /cabinet/places?q=`: places whose Kazakh or Russian name contains the letters, as typed or
/// with a capital (the database knows no Cyrillic capitals). A code finds its place.
async fn places(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let Some((typed, capital)) = letters(request) else {
        return Ok(Response::json(&Vec::<PlaceRow>::new())?);
    };
    let found = sql!(
        "SELECT k.code, json_object('kk', k.kk, 'ru', k.ru, 'en', k.en) AS name,
                coalesce((SELECT json_object('kk', p.kk, 'ru', p.ru, 'en', p.en)
                            FROM kato p WHERE p.code = k.parent), '{}') AS around
           FROM kato k
          WHERE k.closed_on IS NULL
            AND (k.code = ?1 OR instr(k.kk, ?1) > 0 OR instr(k.ru, ?1) > 0
                 OR instr(k.kk, ?2) > 0 OR instr(k.ru, ?2) > 0)
          ORDER BY k.level, k.code LIMIT ?3",
        typed,
        capital,
        PLACES
    );
    let rows: Vec<PlaceRow> = read(cx.ports.db, found).await?.all()?;
    Ok(Response::json(&rows)?)
}

/// What was typed, and the same with a capital; `None` where it is too little to look for.
fn letters(request: &Request) -> Option<(String, String)> {
    let (_, typed) = request.query_pairs().into_iter().find(|(name, _)| name == "q")?;
    let typed: String = typed.trim().chars().take(40).collect();
    if typed.chars().count() < 2 {
        return None;
    }
    let lower = typed.to_lowercase();
    let mut rest = lower.chars();
    let capital = rest.next().into_iter().flat_map(char::to_uppercase).chain(rest).collect();
    Some((typed, capital))
}

/// `GET /cabinet/places/organisations?q=`: organisations by their names, as public as their pages;
/// who has a record asks one of them to compare it. Answered as places are.
async fn organisations(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let Some((typed, capital)) = letters(request) else {
        return Ok(Response::json(&Vec::<PlaceRow>::new())?);
    };
    let found = confirm::organisations(&typed, &capital, PLACES);
    let rows: Vec<PlaceRow> = read(cx.ports.db, found).await?.all()?;
    Ok(Response::json(&rows)?)
}

#[derive(Serialize)]
struct Table {
    roles: Vec<RoleRow>,
    routes: Vec<RouteRow>,
}

#[derive(Serialize)]
struct RoleRow {
    role: &'static str,
    permissions: Vec<&'static str>,
}

#[derive(Serialize)]
struct RouteRow {
    method: &'static str,
    path: &'static str,
    /// `public`, `signed_in` or a permission.
    access: &'static str,
    /// Roles that may call it.
    roles: Vec<&'static str>,
}

/// The table of permissions, made from the very rows that the dispatcher obeys.
async fn permissions(_: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let roles = Role::ALL
        .iter()
        .map(|role| RoleRow {
            role: role.code(),
            permissions: role.permissions().iter().map(|p| p.code()).collect(),
        })
        .collect();
    let routes = all()
        .map(|route| {
            let access = match route.access {
                Access::Public => "public",
                Access::SignedIn => "signed_in",
                Access::May(permission) => permission.code(),
            };
            let may = |role: &&Role| match route.access {
                Access::Public | Access::SignedIn => true,
                Access::May(permission) => role.permissions().contains(&permission),
            };
            RouteRow {
                method: route.method.name(),
                path: route.path,
                access,
                roles: Role::ALL.iter().filter(may).map(|role| role.code()).collect(),
            }
        })
        .collect();
    Ok(Response::json(&Table { roles, routes })?)
}
