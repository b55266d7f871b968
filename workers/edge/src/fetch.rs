//! From the runtime's request to the application and back.

use std::borrow::Cow;

use app::{
    cx::Cx,
    entry,
    headers::{self, Policy},
    http::{After, Caching, MAX_BODY, Piece, Request, Response},
    ports::Config,
    routes,
};
use domain::shared::{
    lang::Lang,
    locale::{ERRORS, FILE},
    refusal::{Kind, Refusal},
};
use wasm_bindgen::{JsCast, JsValue};

use crate::{after, faults, glue, isolate, log, office, worker, world::World};

/// A header.
type Header = (Cow<'static, str>, Cow<'static, str>);

/// The longest time the edge keeps a page, seconds: a correction must show within a minute even
/// when the copy was taken a moment before it.
const MOST_SECONDS: u32 = 30;

/// Bytes of a file nobody wanted that are still taken, so that its sender reads why.
const MOST_DISCARDED: u32 = 32 * 1024 * 1024;

/// The request head, as the glue hands it over.
type Head = (String, String, Vec<(String, String)>);

/// Answers a request.
pub async fn answer(request: &JsValue, env: &JsValue, ctx: &JsValue) -> Result<JsValue, JsValue> {
    let isolate = match isolate(env) {
        Ok(isolate) => isolate,
        Err(text) => {
            log(&format!("not configured: {text}"));
            let response = plain(503, &format!("Mansap is not configured: {text}"));
            return make(&secured(&Config::default(), Policy::Data, response), false);
        }
    };
    let world = World::new(env, isolate.settings);
    let head: Head = serde_json::from_str(&glue::head(request)?)
        .map_err(|e| JsValue::from(format!("head: {e}")))?;
    let mut ours = convert(head);
    let url = ours.url;

    if world.settings.assets && in_cabinet(&ours.request.path) && reads(&ours.request) {
        return cabinet(request, env, &world, &url, &ours.request.path).await;
    }

    if worker(|worker| worker.hands_on) == Some(true) && routes::is_office(&ours.request.path) {
        return office::hand_on(env, request).await;
    }

    let keeps = world.settings.edge_cache && cacheable(&ours.request);
    if keeps {
        let hit = glue::cached(request, &url).await?;
        if let Ok(pair) = hit.dyn_into::<js_sys::Array>() {
            later(ctx, &world, read_after(&pair.get(1).as_string().unwrap_or_default()));
            return Ok(pair.get(0));
        }
    }

    if world.settings.faults {
        faults::maybe(&ours.request.query, world.fault()).await;
    }
    let streams = app::file::streams(&ours.request.method, &ours.request.path);
    let mut too_large = false;
    if streams {
        world.listen(request);
    } else {
        let body = glue::body(request, MAX_BODY as u32).await?;
        too_large = body.is_undefined();
        if let Ok(bytes) = body.dyn_into::<js_sys::Uint8Array>() {
            ours.request.body = bytes.to_vec();
        }
    }
    let mut response = if too_large {
        refuse_body(&world, &ours.request)
    } else {
        let (response, fault) = entry::handle(&world.ports(), &isolate.router, &ours.request).await;
        if let Some(text) = fault {
            log(&text);
        }
        response
    };
    if streams {
        glue::discard(request, MOST_DISCARDED).await;
    }
    if let Some(piece) = &response.piece {
        let list = std::mem::take(&mut response.after);
        let made = stream(env, &response, piece, ours.request.method == "HEAD").await?;
        later(ctx, &world, list);
        return match made {
            Some(made) => Ok(made),
            None => {
                log("an object is missing from the store");
                make(&secured(&world.settings.config, Policy::Data, gone()), false)
            }
        };
    }
    limit_sharing(&mut response);
    let list = std::mem::take(&mut response.after);
    let kept = match response.caching {
        Caching::Public(seconds) if keeps && response.status == 200 && !varies(&response) => {
            Some((seconds.min(MOST_SECONDS), write_after(&list)))
        }
        _ => None,
    };
    let made = make(&response, ours.request.method == "HEAD")?;
    if let Some((seconds, after)) = kept
        && ours.request.method == "GET"
    {
        glue::keep(ctx, &url, &made, seconds, &after)?;
    }
    later(ctx, &world, list);
    Ok(made)
}

struct Converted {
    request: Request,
    url: String,
}

fn convert((method, url, headers): Head) -> Converted {
    let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let rest = rest.split('#').next().unwrap_or_default();
    let local = rest.find(['/', '?']).map_or("", |at| &rest[at..]);
    let (path, query) = local.split_once('?').unwrap_or((local, ""));
    let client = headers.iter().find(|(name, _)| name == "cf-connecting-ip");
    let request = Request {
        method,
        path: if path.is_empty() { "/".to_owned() } else { path.to_owned() },
        query: query.to_owned(),
        client: client.map(|(_, value)| value.clone()).unwrap_or_default(),
        headers,
        body: Vec::new(),
    };
    Converted { request, url }
}

fn reads(request: &Request) -> bool {
    matches!(request.method.as_str(), "GET" | "HEAD")
}

/// Only what everybody sees alike may be kept: no session, no key. The cookie of the chosen
/// language decides `/` alone, and that answer says so in `Vary`.
fn cacheable(request: &Request) -> bool {
    let only_language = request
        .header("cookie")
        .is_none_or(|all| all.split(';').all(|one| one.trim().starts_with("lang=")));
    reads(request)
        && request.path != "/"
        && only_language
        && request.header("authorization").is_none()
}

/// Caches behind ours (a proxy of a school) keep a page no longer than we do.
fn limit_sharing(response: &mut Response) {
    if let Caching::Public(seconds) = response.caching {
        let rule = headers::cache_control(Caching::Public(seconds.min(MOST_SECONDS)));
        for (name, value) in &mut response.headers {
            if *name == "cache-control" {
                *value = rule.clone().into();
            }
        }
    }
}

/// Whether the answer depends on more than its address.
fn varies(response: &Response) -> bool {
    response.headers.iter().any(|(name, value)| {
        *name == "set-cookie" || (*name == "vary" && !value.eq_ignore_ascii_case("accept-encoding"))
    })
}

/// The answer to a body that is too large: the application never saw it.
fn refuse_body(world: &World, request: &Request) -> Response {
    let ports = world.ports();
    let first = request.path.split('/').nth(1).unwrap_or_default();
    let lang = Lang::parse(first).unwrap_or_default();
    let request_id = ports.new_id();
    let cx = Cx { ports: &ports, lang, actor: None, given: None, params: Vec::new(), request_id };
    let refusal = Refusal::new(Kind::TooLarge, "too_large");
    let body = entry::problem(&cx, &refusal).to_string();
    let response = Response::new(refusal.kind.status(), "application/problem+json", body);
    secured(&world.settings.config, Policy::Data, response)
}

/// With the headers that every answer has.
fn secured(config: &Config, policy: Policy, mut response: Response) -> Response {
    for (name, value) in headers::security(config, policy) {
        response = response.header(name, value);
    }
    let rule = headers::cache_control(response.caching);
    response.header("cache-control", rule)
}

fn make(response: &Response, head: bool) -> Result<JsValue, JsValue> {
    let all: Vec<Header> =
        response.headers.iter().map(|(name, value)| ((*name).into(), value.clone())).collect();
    let text = text(&all)?;
    if head {
        glue::respond_head(response.status, &text, response.body.len() as u32)
    } else {
        glue::respond(response.status, &text, &response.body)
    }
}

/// A response whose body comes from the store; `None` where the object is missing.
async fn stream(
    env: &JsValue,
    response: &Response,
    piece: &Piece,
    head: bool,
) -> Result<Option<JsValue>, JsValue> {
    let all: Vec<Header> =
        response.headers.iter().map(|(name, value)| ((*name).into(), value.clone())).collect();
    let (from, length) = (piece.from as f64, piece.length as f64);
    let made =
        glue::respond_piece(env, response.status, &text(&all)?, &piece.object, from, length, head)
            .await?;
    Ok((!made.is_undefined()).then_some(made))
}

/// The answer where a row names an object that the store does not have.
fn gone() -> Response {
    plain(410, &Lang::ALL.map(|lang| FILE.get(lang, "refusal.file_gone")).join("\n"))
}

fn text(headers: &[Header]) -> Result<String, JsValue> {
    serde_json::to_string(headers).map_err(|e| JsValue::from(format!("headers: {e}")))
}

fn plain(status: u16, text: &str) -> Response {
    Response::new(status, "text/plain; charset=utf-8", text)
}

/// The answer to a request that a panic swallowed, as the entry keeps it: nobody is left who
/// could tell the reader's language, so it speaks all three.
pub fn sorry(env: &JsValue) -> String {
    let config = isolate(env).map_or_else(|_| Config::default(), |i| i.settings.config.clone());
    let text = Lang::ALL.map(|lang| ERRORS.get(lang, "fault")).join("\n");
    let response = secured(&config, Policy::Data, plain(500, &text));
    let headers: Vec<_> = response.headers.iter().map(|(name, value)| (*name, value)).collect();
    serde_json::json!([response.status, headers, text]).to_string()
}

fn in_cabinet(path: &str) -> bool {
    path == "/app" || path.starts_with("/app/")
}

/// A file of the cabinet; every other address under /app is a page of the app itself.
async fn cabinet(
    request: &JsValue,
    env: &JsValue,
    world: &World,
    url: &str,
    path: &str,
) -> Result<JsValue, JsValue> {
    let config = &world.settings.config;
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find('/').map_or(url.len(), |at| start + at);
    let file = format!("{}{}", &url[..end], if is_file { path } else { first_page(path) });
    let cache_control = if hashed(path) {
        headers::cache_control(Caching::Immutable).into()
    } else {
        Cow::Borrowed("no-cache")
    };
    // Only who runs tests speaks to the worker of tests.
    let security = if file.ends_with("/testing.html") {
        headers::testing(config)
    } else {
        headers::security(config, Policy::Cabinet)
            .into_iter()
            .map(|(name, value)| (name, value.into()))
            .collect()
    };
    let mut all: Vec<Header> =
        security.into_iter().map(|(name, value)| (name.into(), value)).collect();
    all.push(("cache-control".into(), cache_control));
    all.push(("x-robots-tag".into(), "noindex".into()));
    let found = glue::asset(env, request, &file, &text(&all)?).await?;
    if found.is_undefined() {
        let text = Lang::ALL.map(|lang| ERRORS.get(lang, "status.404")).join("\n");
        make(&secured(config, Policy::Data, plain(404, &text)), false)
    } else {
        Ok(found)
    }
}

/// The page of the cabinet to which an address belongs: each is a program of its own.
fn first_page(path: &str) -> &'static str {
    let mut parts = path.split('/').skip(2);
    match parts.next().unwrap_or_default() {
        "my" => match parts.next().unwrap_or_default() {
            "profile" | "tests" | "saved" | "inbox" | "privacy" | "security" | "feedback" => {
                "/app/own.html"
            }
            _ => "/app/applicant.html",
        },
        "applications" => "/app/selection.html",
        "messages" => "/app/messages.html",
        "directories" => "/app/directories.html",
        "testing" => match (parts.next().unwrap_or_default(), parts.next(), parts.next()) {
            ("appeals" | "rulings" | "analyses", ..)
            | ("forms", Some("new"), None)
            | ("forms", _, Some("edit")) => "/app/judging.html",
            _ => "/app/testing.html",
        },
        "bank" => match (parts.next().unwrap_or_default(), parts.next(), parts.next()) {
            ("new", None, _) | ("items", _, Some("edit")) => "/app/authoring.html",
            _ => "/app/bank.html",
        },
        "templates" => "/app/writing.html",
        // The wizard: `vacancies/new`, `vacancies/ID/edit`, `vacancies/ID/edit/STEP`.
        "vacancies" => match (parts.next().unwrap_or_default(), parts.next()) {
            ("new", None) | (_, Some("edit")) => "/app/writing.html",
            _ => "/app/staff.html",
        },
        "accounts" | "desk" | "import" | "journal" | "organisations" | "permissions" => {
            "/app/administration.html"
        }
        _ => "/app/staff.html",
    }
}

/// Whether a file name carries a hash of its content: `cabinet-1a2b3c4d5e6f.js`.
fn hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    stem.rsplit_once('-').is_some_and(|(_, hash)| {
        hash.len() >= 8 && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    })
}

/// Work after the answer, kept alive by the runtime.
fn later(ctx: &JsValue, world: &World, list: Vec<After>) {
    if list.is_empty() {
        return;
    }
    let world = world.clone();
    let promise = wasm_bindgen_futures::future_to_promise(async move {
        after::work(&world, list).await;
        Ok(JsValue::UNDEFINED)
    });
    if let Err(error) = glue::wait_until(ctx, &promise) {
        log(&format!("wait until: {error:?}"));
    }
}

/// What a cached page counts each time it is read.
fn write_after(list: &[After]) -> String {
    let views: Vec<_> = list
        .iter()
        .filter_map(|after| match after {
            After::CountView { vacancy, lang, source } => Some((vacancy, lang, source)),
            After::DrainOutbox => None,
        })
        .collect();
    serde_json::to_string(&views).unwrap_or_default()
}

fn read_after(text: &str) -> Vec<After> {
    let views: Vec<(String, String, String)> = serde_json::from_str(text).unwrap_or_default();
    views
        .into_iter()
        .map(|(vacancy, lang, source)| After::CountView {
            vacancy,
            lang: known(&["kk", "ru", "en"], &lang),
            source: known(&["search", "site", "direct", "social"], &source),
        })
        .collect()
}

/// The entry of a closed list that equals `text`, or its first.
fn known(list: &[&'static str], text: &str) -> &'static str {
    list.iter().find(|have| **have == text).or(list.first()).copied().unwrap_or_default()
}
