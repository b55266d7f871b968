//! Files of the public pages, carried by the worker: their names change with their content.

use domain::shared::refusal::Refusal;

use crate::{
    cx::Cx,
    error::Error,
    http::{Caching, Request, Response},
};

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// `/favicon.ico`: where programs look that do not read the head of a page.
pub(crate) async fn favicon(_: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    Ok(Response::redirect(302, ICON.0).cached(Caching::Public(60)))
}

/// Days for which the answer of [`security`] is good.
const GOOD_DAYS: i64 = 180;

/// `/.well-known/security.txt` (RFC 9116): whom to tell of a hole. The contact is a setting;
/// without one there is no such file.
pub(crate) async fn security(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let config = cx.ports.config;
    if config.security_contact.is_empty() {
        return Err(Refusal::not_found().into());
    }
    let until = cx.ports.now.plus_seconds(GOOD_DAYS * 86_400).day();
    let text = format!(
        "Contact: {}\nExpires: {until}T00:00:00Z\nPreferred-Languages: kk, ru, en\n\
         Canonical: {}/.well-known/security.txt\n",
        config.security_contact, config.origin
    );
    Ok(Response::new(200, "text/plain; charset=utf-8", text).cached(Caching::Public(60)))
}

/// `/assets/{name}`.
pub(crate) async fn asset(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let name = cx.param("name");
    let (kind, body) = if STYLES.0.strip_prefix("/assets/") == Some(name) {
        ("text/css; charset=utf-8", STYLES.1)
    } else if PAPER.0.strip_prefix("/assets/") == Some(name) {
        ("text/css; charset=utf-8", PAPER.1)
    } else if ICON.0.strip_prefix("/assets/") == Some(name) {
        ("image/svg+xml", ICON.1)
    } else if PASSKEY.0.strip_prefix("/assets/") == Some(name) {
        ("text/javascript; charset=utf-8", PASSKEY.1)
    } else if WORK.0.strip_prefix("/assets/") == Some(name) {
        ("text/javascript; charset=utf-8", WORK.1)
    } else {
        return Err(Refusal::not_found().into());
    };
    Ok(Response::new(200, kind, body).cached(Caching::Immutable))
}
