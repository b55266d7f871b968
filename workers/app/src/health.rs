//! `/healthz` (the worker answers) and `/readyz` (its databases answer too).

use domain::sql;
use serde_json::json;

use crate::{
    cx::Cx,
    error::Error,
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
/// and the last day of the calendar, beyond whose year nothing is counted.
async fn ready(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let outbox = read(
        cx.ports.db,
        sql!(
            "SELECT count(*) AS waiting, min(at) AS oldest,
               (SELECT max(day) FROM calendar_day) AS calendar_until FROM outbox"
        ),
    )
    .await;
    let search = read(cx.ports.search, sql!("SELECT 1 AS ok")).await;
    let ok = outbox.is_ok() && search.is_ok();
    let body = json!({
        "status": if ok { "ok" } else { "unavailable" },
        "build": cx.ports.config.build,
        "database": outbox.is_ok(),
        "search": search.is_ok(),
        "outbox": outbox.ok().and_then(|rows| rows.first::<serde_json::Value>().ok().flatten()),
    });
    Ok(Response::json(&body)?.status(if ok { 200 } else { 503 }))
}
