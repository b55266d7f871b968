//! The way of a request: limits, route, language, session, permission, handler, headers.

use std::hash::{DefaultHasher, Hasher};

use domain::{
    catalog::site::Site,
    shared::{
        lang::Lang,
        locale::{ERRORS, FILE, SEARCH, fill},
        refusal::{Kind, Refusal},
        spoken::said,
    },
};
use serde_json::{Value, json};

use crate::{
    cx::Cx,
    error::Error,
    headers,
    http::{Caching, MAX_QUERY, Method, Request, Response},
    ports::{Config, Limit, Ports},
    routes::{Access, Form, Route, Router},
    session,
};

/// Seconds after which a limited client may come back.
const RETRY_AFTER: &str = "60";

/// With one host per language the language stands in the host, not in the address: this puts it
/// back into the path, so that one table of routes serves both forms. An address with a prefix on
/// such a host is the other form's: it leads to its own host for good.
fn localised(config: &Config, request: &Request) -> Result<Request, String> {
    let host = request.header("host").unwrap_or_default();
    let name = |origin: &str| origin.split_once("://").map_or(origin, |(_, name)| name).to_owned();
    let Some(at) = config.hosts.iter().position(|origin| name(origin) == host) else {
        return Ok(request.clone());
    };
    let first = request.path.split('/').nth(1).unwrap_or_default();
    if let Some(asked) = Lang::parse(first).filter(|_| request.method == "GET") {
        let rest = request.path.get(1 + first.len()..).unwrap_or_default();
        let site = Site { origin: &config.origin, hosts: &config.hosts };
        let mark = if request.query.is_empty() { "" } else { "?" };
        let rest = if rest == "/" { "" } else { rest };
        return Err(format!("{}{mark}{}", site.absolute(asked, rest), request.query));
    }
    let shared = ["api", "app", "assets", "lang", "off", "sitemap", "stop"].contains(&first)
        || [
            "/healthz",
            "/readyz",
            "/robots.txt",
            "/sitemap.xml",
            "/feed.atom",
            "/favicon.ico",
            "/.well-known/security.txt",
        ]
        .contains(&request.path.as_str());
    if shared || Lang::parse(first).is_some() {
        return Ok(request.clone());
    }
    let lang = Lang::ALL.get(at).copied().unwrap_or_default();
    Ok(Request { path: format!("/{}{}", lang.code(), request.path), ..request.clone() })
}

/// Answers a request. Never fails: what goes wrong becomes an answer. The second value is the
/// text of a fault for the log, if there was one.
pub async fn handle(
    ports: &Ports<'_>,
    router: &Router,
    request: &Request,
) -> (Response, Option<String>) {
    let localised =
        if ports.config.hosts.is_empty() { None } else { Some(localised(ports.config, request)) };
    let request = match &localised {
        None => request,
        Some(Ok(request)) => request,
        Some(Err(elsewhere)) => return (Response::redirect(301, elsewhere.clone()), None),
    };
    let mut cx = Cx {
        ports,
        lang: language(request),
        actor: None,
        given: None,
        params: Vec::new(),
        request_id: ports.new_id(),
    };
    let mut form = form_of(&request.path);
    let outcome = route(&mut cx, router, request, &mut form).await;
    let (response, fault) = match outcome {
        Ok(response) => (response, None),
        Err(Error::Refusal(refusal)) => (refused(&cx, form, request, &refusal), None),
        Err(Error::Fault(fault)) => {
            let log =
                format!("{} {} {}: {}", cx.request_id, request.method, request.path, fault.text());
            (failed(&cx, form, request), Some(log))
        }
    };
    (finish(&cx, form, request, response), fault)
}

async fn route(
    cx: &mut Cx<'_>,
    router: &Router,
    request: &Request,
    form: &mut Form,
) -> Result<Response, Error> {
    if request.query.len() > MAX_QUERY {
        return Err(Refusal::new(Kind::Malformed, "query_too_long").into());
    }
    if request.method == "OPTIONS"
        && let Ok(found) = router.find("GET", &request.path)
        && found.route.form == Form::Api
    {
        *form = Form::Api;
        return Ok(preflight());
    }
    let found = match router.find(&request.method, &request.path) {
        Ok(found) => found,
        Err(refusal) => {
            let kindred = kindred(router, request).ok_or(refusal)?;
            return Ok(Response::redirect(301, kindred).cached(Caching::Public(60)));
        }
    };
    let route = found.route;
    *form = route.form;
    cx.params = found.params;
    if route.path.starts_with("/{lang}") && Lang::parse(cx.param("lang")).is_none() {
        let meant = other_case(request).ok_or_else(Refusal::not_found)?;
        return Ok(Response::redirect(301, meant).cached(Caching::Public(60)));
    }
    limit(cx, route, request).await?;
    if route.method != Method::Get && !crate::alerts::ONE_CLICK.contains(&route.path) {
        session::check_origin(cx.ports.config, request)?;
    }
    if route.access != Access::Public {
        // Commands ask with the same trip whether they were done before.
        let key = request.header("idempotency-key").filter(|_| route.method != Method::Get);
        (cx.actor, cx.given) = session::actor_with(cx.ports, request, key).await?;
        let actor = cx.actor()?;
        if let Access::May(permission) = route.access
            && !actor.may_somewhere(permission)
        {
            return Err(Refusal::forbidden().into());
        }
        let account = actor.account.clone();
        if route.method != Method::Get && !cx.ports.limiter.allow(Limit::Command, &account).await {
            return Err(Refusal::new(Kind::TooMany, "too_many").into());
        }
    }
    (route.handler)(cx, request).await
}

/// What a browser asks before a foreign page may read the public API.
fn preflight() -> Response {
    Response::empty()
        .header("access-control-allow-methods", "GET, HEAD, OPTIONS")
        .header("access-control-allow-headers", "authorization, if-none-match")
        .header("access-control-max-age", "86400")
}

/// The address that somebody meant who typed one of ours with another ending: without the slash,
/// or with one too many, or in capitals.
fn kindred(router: &Router, request: &Request) -> Option<String> {
    let path = request.path.to_lowercase();
    let trimmed = path.trim_end_matches('/');
    let mark = if request.query.is_empty() { "" } else { "?" };
    [format!("{trimmed}/"), trimmed.to_owned()]
        .into_iter()
        .filter(|path| *path != request.path && !path.starts_with("//"))
        .find(|path| {
            Lang::parse(path.split('/').nth(1).unwrap_or_default()).is_some()
                && router.find(&request.method, path).is_ok()
        })
        .map(|path| format!("{path}{mark}{}", request.query))
}

/// The address with its language in small letters, where only their case was wrong.
fn other_case(request: &Request) -> Option<String> {
    let (first, rest) = request.path.strip_prefix('/')?.split_once('/')?;
    let lang = Lang::parse(&first.to_ascii_lowercase()).filter(|lang| lang.code() != first)?;
    let mark = if request.query.is_empty() { "" } else { "?" };
    Some(format!("/{}/{rest}{mark}{}", lang.code(), request.query))
}

/// Draws on the budget of the client: generous for addresses, because a school shares one; a
/// budget of its own for a key, which must be a good one: else anybody could make up a new key
/// for every request.
async fn limit(cx: &Cx<'_>, route: &Route, request: &Request) -> Result<(), Error> {
    if route.access != Access::Public || route.path.starts_with("/assets/") {
        return Ok(());
    }
    let limiter = cx.ports.limiter;
    let fits = match session::bearer(request) {
        Some(key) => {
            let digest = crate::secret::digest(key);
            session::check_key(cx.ports, &digest).await?;
            limiter.allow(Limit::ApiKey, &digest).await
        }
        None => limiter.allow(Limit::Public, &request.client).await,
    };
    if fits { Ok(()) } else { Err(Refusal::new(Kind::TooMany, "too_many").into()) }
}

/// The language of a page is the first segment of its address, else the parameter `lang`, else
/// the cookie, else what the client prefers. A program says what it wants in the header, so of an
/// API call that comes before the cookie: the cabinet may be read in another language than the
/// public pages.
fn language(request: &Request) -> Lang {
    let first = request.path.split('/').nth(1).unwrap_or_default();
    let asked =
        || request.query_pairs().into_iter().find(|(name, _)| name == "lang").map(|(_, v)| v);
    let preferred = || {
        let header = request.header("accept-language")?;
        header.split(',').find_map(|part| Lang::parse(part.trim().get(..2)?))
    };
    let kept = || Lang::parse(request.cookie("lang")?);
    let found = Lang::parse(first).or_else(|| Lang::parse(&asked()?));
    match first {
        "api" => found.or_else(preferred).or_else(kept),
        _ => found.or_else(kept).or_else(preferred),
    }
    .unwrap_or_default()
}

/// The form of the answer where no route was found.
fn form_of(path: &str) -> Form {
    if path.starts_with("/api/v1/cabinet") {
        Form::Cabinet
    } else if path.starts_with("/api/") {
        Form::Api
    } else {
        Form::Page
    }
}

/// The text of a refusal in the reader's language.
pub fn detail(lang: Lang, refusal: &Refusal) -> String {
    text(lang, "refusal", refusal.code, &refusal.args)
}

/// The text of a field's error in the reader's language.
pub fn field_text(lang: Lang, code: &str, args: &[(&'static str, String)]) -> String {
    text(lang, "field", code, args)
}

fn text(lang: Lang, prefix: &str, code: &str, args: &[(&'static str, String)]) -> String {
    let args: Vec<_> = args.iter().map(|(name, value)| (*name, said(lang, value))).collect();
    let args: Vec<_> = args.iter().map(|(name, value)| (*name, &**value)).collect();
    let key = format!("{prefix}.{code}");
    fill(ERRORS.find(lang, &key).or_else(|| FILE.find(lang, &key)).unwrap_or(code), &args)
}

/// A refusal as RFC 9457 problem details.
pub fn problem(cx: &Cx<'_>, refusal: &Refusal) -> Value {
    let status = refusal.kind.status();
    let mut body = json!({
        "type": "about:blank",
        "title": title(cx.lang, status),
        "status": status,
        "detail": detail(cx.lang, refusal),
        "code": refusal.code,
        "request_id": cx.request_id,
    });
    if !refusal.fields.is_empty() {
        body["errors"] = refusal
            .fields
            .iter()
            .map(|field| {
                let mut one = json!({
                    "field": field.field,
                    "code": field.code,
                    "detail": field_text(cx.lang, field.code, &field.args),
                });
                // Where it stands in the body, for programs (RFC 6901).
                if let Some((_, pointer)) = field.args.iter().find(|(name, _)| *name == "pointer") {
                    one["pointer"] = json!(pointer);
                }
                one
            })
            .collect();
    }
    body
}

fn title(lang: Lang, status: u16) -> &'static str {
    ERRORS
        .find(lang, &format!("status.{status}"))
        .or_else(|| ERRORS.find(lang, "status.other"))
        .unwrap_or("error")
}

fn refused(cx: &Cx<'_>, form: Form, request: &Request, refusal: &Refusal) -> Response {
    let status = refusal.kind.status();
    let mut response = match form {
        Form::Page if refusal.kind == Kind::SignIn => {
            let next = crate::http::encode(&request.path);
            Response::redirect(303, format!("/{}/sign-in?next={next}", cx.lang.code()))
        }
        Form::Page => {
            let mut text = detail(cx.lang, refusal);
            for field in &refusal.fields {
                let why = field_text(cx.lang, field.code, &field.args);
                // Whoever reads a page knows filters by their words, not by their names.
                let key = format!("facet.{}", field.field);
                let name = SEARCH.find(cx.lang, &key).unwrap_or(&field.field);
                text = format!("{text} {name}: {why}");
            }
            let own = ERRORS.find(cx.lang, &format!("title.{}", refusal.code));
            page(cx, request, status, own.unwrap_or_default(), &text)
        }
        Form::Api | Form::Cabinet => {
            let body = problem(cx, refusal).to_string();
            Response::new(status, "application/problem+json", body)
        }
    };
    if refusal.kind == Kind::TooMany {
        response = response.header("retry-after", RETRY_AFTER);
    }
    if let Some((_, allow)) = refusal.args.iter().find(|(name, _)| *name == "allow") {
        response = response.header("allow", allow.clone());
    }
    response
}

/// Our fault: the reader learns that it was ours, the number for the service desk, nothing else.
fn failed(cx: &Cx<'_>, form: Form, request: &Request) -> Response {
    let detail = ERRORS.get(cx.lang, "fault");
    match form {
        Form::Page => page(cx, request, 500, "", detail),
        Form::Api | Form::Cabinet => {
            let body = json!({
                "type": "about:blank",
                "title": title(cx.lang, 500),
                "status": 500,
                "detail": detail,
                "code": "fault",
                "request_id": cx.request_id,
            });
            Response::new(500, "application/problem+json", body.to_string())
        }
    }
}

fn page(cx: &Cx<'_>, request: &Request, status: u16, own: &str, detail: &str) -> Response {
    let prefix = format!("/{}", cx.lang.code());
    let failure = crate::web::error_page::Failure {
        status,
        title: if own.is_empty() { title(cx.lang, status) } else { own },
        detail,
        request_id: &cx.request_id,
        rest: request.path.strip_prefix(&prefix).unwrap_or("/"),
        query: &request.query,
    };
    let html = crate::web::error_page::error_page(cx.ports.config, cx.lang, &failure);
    Response::html(html).status(status)
}

/// Headers that every answer has; a validator and 304 for what may be cached.
fn finish(cx: &Cx<'_>, form: Form, request: &Request, mut response: Response) -> Response {
    let kind = response
        .headers
        .iter()
        .find(|(name, _)| *name == "content-type")
        .map(|(_, value)| value.to_string())
        .unwrap_or_default();
    if response.status == 200 && matches!(response.caching, Caching::Public(_)) {
        let tag = format!("W/\"{}\"", etag(&response.body));
        let known = request
            .header("if-none-match")
            .is_some_and(|have| have.split(',').any(|one| one.trim() == tag || one.trim() == "*"));
        if known {
            response.status = 304;
            response.body = Vec::new();
            response.headers.retain(|(name, _)| *name != "content-type");
        }
        response = response.header("etag", tag);
    }
    let policy = headers::policy(form, &request.path, &kind);
    for (name, value) in headers::security(cx.ports.config, policy) {
        response = response.header(name, value);
    }
    // Anybody's page may read the public API, refusals too; cookies never count there.
    if form == Form::Api && request.path.starts_with("/api/") {
        response = response
            .header("access-control-allow-origin", "*")
            .header("access-control-expose-headers", "etag, retry-after, x-request-id");
    }
    let cache_control = headers::cache_control(response.caching);
    response.header("cache-control", cache_control).header("x-request-id", cx.request_id.clone())
}

/// A fingerprint of the body, to tell versions of one address apart. Nothing depends on its being
/// hard to forge, and a cryptographic hash of every page would be a good part of its cost.
fn etag(body: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(body);
    format!("{:016x}", hasher.finish())
}
