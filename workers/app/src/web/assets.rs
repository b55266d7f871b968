//! Files of the public pages, carried by the worker: their names change with their content.

use domain::shared::refusal::Refusal;

use crate::{
    cx::Cx,
    error::Error,
    http::{Caching, Request, Response},
};

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// `/assets/{name}`.
pub(crate) async fn asset(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let name = cx.param("name");
    let (kind, body) = if STYLES.0.strip_prefix("/assets/") == Some(name) {
        ("text/css; charset=utf-8", STYLES.1)
    } else if ICON.0.strip_prefix("/assets/") == Some(name) {
        ("image/svg+xml", ICON.1)
    } else if WORK.0.strip_prefix("/assets/") == Some(name) {
        ("text/javascript; charset=utf-8", WORK.1)
    } else {
        return Err(Refusal::not_found().into());
    };
    Ok(Response::new(200, kind, body).cached(Caching::Immutable))
}
