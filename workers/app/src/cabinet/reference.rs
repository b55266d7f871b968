//! What the cabinet's forms choose from: the directories. And the table of permissions.

use std::collections::BTreeMap;

use domain::{
    account::role::Role,
    directory::{Item, NAMES},
};
use serde::Serialize;

use crate::{
    cx::Cx,
    error::Error,
    facts,
    http::{Caching, Request, Response},
    route,
    routes::{Access, Route, all},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/directories", SignedIn, Cabinet, directories),
    route!(Get "/api/v1/cabinet/permissions", May(PermissionRead), Cabinet, permissions),
];

/// All open items, by directory. The same for everybody, so that the edge answers 304.
async fn directories(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let (book, _, _) = facts::load(cx.ports, vec![]).await?;
    let all: BTreeMap<&str, Vec<&Item>> =
        NAMES.iter().map(|name| (*name, book.all(name).collect())).collect();
    Ok(Response::json(&all)?.cached(Caching::Public(0)))
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
