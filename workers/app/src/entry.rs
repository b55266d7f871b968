//! The way of a request: limits, route, language, session, permission, handler, headers.

use domain::shared::{
    lang::Lang,
    refusal::{Kind, Refusal},
};

use crate::{
    cx::Cx,
    error::Error,
    http::{MAX_QUERY, Request, Response},
    ports::Ports,
    routes::Router,
};

/// Answers a request. Never fails: what goes wrong becomes an answer.
pub async fn handle(ports: &Ports<'_>, router: &Router, request: &Request) -> Response {
    let mut cx = Cx {
        ports,
        lang: language(request),
        actor: None,
        params: Vec::new(),
        request_id: ports.new_id(),
    };
    match route(&mut cx, router, request).await {
        Ok(response) => response,
        Err(Error::Refusal(refusal)) => Response::new(
            refusal.kind.status(),
            "text/plain; charset=utf-8",
            refusal.code.as_bytes(),
        ),
        Err(Error::Fault(_)) => Response::new(500, "text/plain; charset=utf-8", "500"),
    }
}

async fn route(cx: &mut Cx<'_>, router: &Router, request: &Request) -> Result<Response, Error> {
    if request.query.len() > MAX_QUERY {
        return Err(Refusal::new(Kind::Malformed, "query_too_long").into());
    }
    let found = router.find(&request.method, &request.path)?;
    cx.params = found.params;
    (found.route.handler)(cx, request).await
}

/// The language of a page is the first segment of its address.
fn language(request: &Request) -> Lang {
    let first = request.path.split('/').nth(1).unwrap_or_default();
    Lang::parse(first).unwrap_or_default()
}
