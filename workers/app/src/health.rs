//! `/healthz` (the worker answers) and `/readyz` (its databases answer too).

use domain::sql;
use serde_json::json;

use crate::{
    cx::Cx,
    error::Error,
    facts::{CalendarEnd, calendar_end, ends_soon},
    http::{Request, Response},
    ports::read,
    route,
    routes::Route,
};

/// Routes of this feature.
pub const ROUTES: &[Route] =
    &[route!(Get "/healthz", Public, Api, alive), route!(Get "/readyz", Public, Api, ready)];

async fn alive(_: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    Ok(Response::json(&json!({ "status": "ok" }))?)
}

/// Ready = both databases answer. What an operator watches: the age of the oldest waiting event
/// and the last day of the calendars, beyond which nothing is counted; `ends_soon` is true from
/// sixty days before it.
async fn ready(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let outbox =
        read(cx.ports.db, sql!("SELECT count(*) AS waiting, min(at) AS oldest FROM outbox")).await;
    let end = match read(cx.ports.db, calendar_end(cx.ports.now.day())).await {
        Ok(rows) => rows.first::<CalendarEnd>().ok().flatten().and_then(CalendarEnd::day),
        Err(_) => None,
    };
    // No calendar at all is the loudest warning; it is no reason to take the portal away.
    let soon = end.is_none_or(|end| ends_soon(cx.ports.now.day(), end));
    let search = read(cx.ports.search, sql!("SELECT 1 AS ok")).await;
    let ok = outbox.is_ok() && search.is_ok();
    let body = json!({
        "status": if ok { "ok" } else { "unavailable" },
        "build": cx.ports.config.build,
        "database": outbox.is_ok(),
        "search": search.is_ok(),
        "outbox": outbox.ok().and_then(|rows| rows.first::<serde_json::Value>().ok().flatten()),
        "calendar": { "until": end, "ends_soon": soon },
    });
    Ok(Response::json(&body)?.status(if ok { 200 } else { 503 }))
}
