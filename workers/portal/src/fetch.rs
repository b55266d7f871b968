//! From the runtime's request to the application and back.

use app::{
    http::{After, Caching, MAX_BODY, Request, Response},
    routes::Router,
};
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    after, glue,
    headers::{self, Header},
    isolate, log,
    world::World,
};

/// The request head, as the glue hands it over.
type Head = (String, String, Vec<(String, String)>);

/// Answers a request.
pub async fn answer(request: &JsValue, env: &JsValue, ctx: &JsValue) -> Result<JsValue, JsValue> {
    let isolate = match isolate(env) {
        Ok(isolate) => isolate,
        Err(text) => {
            log(&format!("not configured: {text}"));
            return plain(503, &format!("not configured: {text}"));
        }
    };
    let world = World::new(env, isolate.settings);
    let head: Head = serde_json::from_str(&glue::head(request)?)
        .map_err(|e| JsValue::from(format!("head: {e}")))?;
    let mut ours = convert(head);
    let url = ours.url;

    if world.settings.assets && in_cabinet(&ours.request.path) && reads(&ours.request) {
        return cabinet(request, env, &url, &ours.request.path).await;
    }

    let keeps = world.settings.edge_cache && cacheable(&ours.request);
    if keeps {
        let hit = glue::cached(request, &url).await?;
        if let Ok(pair) = hit.dyn_into::<js_sys::Array>() {
            later(ctx, &world, read_after(&pair.get(1).as_string().unwrap_or_default()));
            return Ok(pair.get(0));
        }
    }

    let body = glue::body(request, MAX_BODY as u32).await?;
    let too_large = body.is_undefined();
    if let Ok(bytes) = body.dyn_into::<js_sys::Uint8Array>() {
        ours.request.body = bytes.to_vec();
    }
    let mut response = if too_large {
        refuse_body(&world, &isolate.router, &ours.request).await
    } else {
        app::entry::handle(&world.ports(), &isolate.router, &ours.request).await
    };
    let list = std::mem::take(&mut response.after);
    let kept = match response.caching {
        Caching::Public(seconds) if keeps && response.status == 200 => {
            Some((seconds.min(headers::MOST_SECONDS), write_after(&list)))
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

/// Only what everybody sees alike may be kept: no cookie, no key.
fn cacheable(request: &Request) -> bool {
    reads(request)
        && request.header("cookie").is_none()
        && request.header("authorization").is_none()
}

/// The answer to a body that is too large.
async fn refuse_body(_world: &World, _router: &Router, _request: &Request) -> Response {
    Response::new(413, "text/plain; charset=utf-8", "413")
}

fn make(response: &Response, head: bool) -> Result<JsValue, JsValue> {
    let mut all: Vec<Header> =
        response.headers.iter().map(|(name, value)| ((*name).into(), value.clone())).collect();
    if !all.iter().any(|(name, _)| name == "cache-control") {
        all.push(("cache-control".into(), headers::caching(response.caching)));
    }
    let text = text(&all)?;
    if head {
        glue::respond_head(response.status, &text, response.body.len() as u32)
    } else {
        glue::respond(response.status, &text, &response.body)
    }
}

fn text(headers: &[Header]) -> Result<String, JsValue> {
    serde_json::to_string(headers).map_err(|e| JsValue::from(format!("headers: {e}")))
}

fn plain(status: u16, text: &str) -> Result<JsValue, JsValue> {
    make(&Response::new(status, "text/plain; charset=utf-8", text), false)
}

/// The answer to a request that a panic swallowed, as the entry keeps it.
pub fn sorry() -> String {
    serde_json::json!([500, [["content-type", "text/plain; charset=utf-8"]], "500"]).to_string()
}

fn in_cabinet(path: &str) -> bool {
    path == "/app" || path.starts_with("/app/")
}

/// A file of the cabinet; every other address under /app is a page of the app itself.
async fn cabinet(
    request: &JsValue,
    env: &JsValue,
    url: &str,
    path: &str,
) -> Result<JsValue, JsValue> {
    let https = url.starts_with("https://");
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let origin_end = url.find("://").map_or(0, |at| at + 3);
    let origin_end = url[origin_end..].find('/').map_or(url.len(), |at| origin_end + at);
    let origin = &url[..origin_end];
    let file = if is_file { path } else { "/app/index.html" };
    let found =
        glue::asset(env, request, &format!("{origin}{file}"), &text(&headers::of_asset(file, https))?)
            .await?;
    if found.is_undefined() { plain(404, "404") } else { Ok(found) }
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
