//! The public API v1: the same search as the pages have, as JSON.
//!
//! It is stricter than the pages: a parameter that is empty or comes twice is refused, since a
//! program has sent it and its author wants to know.

use domain::{
    catalog::sql::Key,
    search::{
        api::{Change, Changes, Facets, List},
        filter::Filter,
        query::Query,
        sql::{Since, changes},
    },
    shared::{
        lang::Lang,
        refusal::{Check, FieldError, Kind, Refusal},
    },
};

use serde_json::value::RawValue;

use crate::{
    cx::Cx,
    error::Error,
    http::{Caching, Request, Response},
    ports::read,
    route,
    routes::Route,
    search,
    web::data::{self, Lookup},
};

#[cfg(feature = "schema")]
pub mod openapi;

/// Routes of this feature. [`openapi`] describes each of them; a test compares.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/vacancies", Public, Api, list),
    route!(Get "/api/v1/vacancies/facets", Public, Api, facets),
    route!(Get "/api/v1/vacancies/changes", Public, Api, changed),
    route!(Get "/api/v1/vacancies/{number}", Public, Api, one),
    route!(Get "/api/openapi.json", Public, Api, document),
];

/// Results in an answer, where the caller does not say.
pub const PER_PAGE: u32 = 20;
/// Results in an answer at most.
pub const PER_PAGE_MAX: u32 = 100;
/// Changes in an answer.
const CHANGES: u32 = 500;
/// The largest number of a vacancy.
pub const NUMBER_MAX: i64 = domain::search::index::NUMBER_MASK;
/// Answers may be kept so many seconds.
const FRESH: Caching = Caching::Public(30);

/// Parameters of a search beside the filters.
const SINGLE: [&str; 10] =
    ["q", "salary", "closing", "near", "km", "sort", "cursor", "lang", "per_page", "since"];

/// The contract, made from the code.
const OPENAPI: &str = include_str!("../../../schemas/openapi.json");

/// What a call asks for.
struct Call {
    lang: Lang,
    query: Query,
    per_page: u32,
}

async fn list(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    searching(request, &["cursor", "per_page"])?;
    let call = read_call(request)?;
    let list: List<Box<RawValue>> = search::list(cx.ports, call.lang, &call.query, call.per_page)
        .await
        .map_err(unknown_is_not_found)?;
    Ok(Response::json(&list)?.cached(FRESH))
}

async fn facets(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    searching(request, &[])?;
    let call = read_call(request)?;
    let (list, facets) =
        search::facets(cx.ports, call.lang, &call.query).await.map_err(unknown_is_not_found)?;
    let answer = Facets { total: list.total, total_is_more: list.total_is_more, facets };
    Ok(Response::json(&answer)?.cached(FRESH))
}

async fn changed(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    known(request, &["since"])?;
    let pairs = request.query_pairs();
    let mut check = Check::default();
    strict(&pairs, &mut check);
    let given = pairs.iter().find(|(name, _)| name == "since").map(|(_, value)| value.as_str());
    let since = given.map_or(Some(Since::default()), Since::decode);
    if since.is_none() {
        check.wrong("since", "search_cursor");
    }
    check.done()?;
    let since = since.unwrap_or_default();
    let rows = read(cx.ports.db, changes(&since, cx.ports.now, CHANGES + 1)).await?;
    let mut rows: Vec<domain::search::sql::ChangeRow> = rows.all()?;
    let more = rows.len() > CHANGES as usize;
    rows.truncate(CHANGES as usize);
    let next = rows.last().map_or(since, Since::of);
    let items = rows.into_iter().map(Change::from).collect();
    Ok(Response::json(&Changes { items, next: next.encode(), more })?.cached(FRESH))
}

/// One vacancy, whole, in all its languages; also after its end, with its outcome.
async fn one(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    known(request, &[])?;
    let text = cx.param("number");
    let plain = text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit());
    let number = text.parse().ok().filter(|n| plain && (1..=NUMBER_MAX).contains(n));
    let number: i64 = number.ok_or_else(Refusal::not_found)?;
    match data::vacancy(cx.ports, Key::Number(number)).await? {
        Lookup::Found(found) if found.vacancy.state.was_public() => {
            Ok(Response::json(&found.vacancy)?.cached(FRESH))
        }
        _ => Err(Refusal::not_found().into()),
    }
}

async fn document(_: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    known(request, &[])?;
    Ok(Response::new(200, "application/json", OPENAPI).cached(Caching::Public(300)))
}

/// Reads the parameters of a search.
fn read_call(request: &Request) -> Result<Call, Error> {
    let pairs = request.query_pairs();
    let mut check = Check::default();
    strict(&pairs, &mut check);
    let one =
        |name: &str| pairs.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str());
    let lang = one("lang").map_or(Some(Lang::Kk), Lang::parse);
    if lang.is_none() {
        check.wrong("lang", "search_value");
    }
    let per_page = one("per_page").map_or(Some(PER_PAGE), |text| {
        let plain = text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit());
        text.parse().ok().filter(|n| plain && (1..=PER_PAGE_MAX).contains(n))
    });
    if per_page.is_none() {
        let range = format!("1–{PER_PAGE_MAX}");
        check.wrong_with("per_page", "search_number", "range", range);
    }
    let query = match Query::parse(&pairs) {
        Ok(query) => query,
        Err(mut refusal) => {
            check.0.append(&mut refusal.fields);
            Query::default()
        }
    };
    check.done().map_err(|refusal| unknown_is_not_found(refusal.into()))?;
    Ok(Call { lang: lang.unwrap_or_default(), query, per_page: per_page.unwrap_or(PER_PAGE) })
}

/// Refuses parameters that an operation does not know, by name, and a query that is no text. `lang`
/// is known everywhere: it is the language of refusals too.
///
/// # Errors
/// 400 with every unknown name, as far as there is room for them.
pub fn known(request: &Request, names: &[&str]) -> Result<(), Refusal> {
    if !request.query_is_text() {
        return Err(Refusal::new(Kind::Malformed, "malformed_text"));
    }
    let mut unknown: Vec<String> = Vec::new();
    for (name, _) in request.query_pairs() {
        let short: String = name.chars().take(40).collect();
        if name != "lang" && !names.contains(&name.as_str()) && !unknown.contains(&short) {
            unknown.push(short);
        }
    }
    unknown.truncate(10);
    if unknown.is_empty() {
        return Ok(());
    }
    let mut refusal = Refusal::new(Kind::Malformed, "parameters").with("names", unknown.join(", "));
    refusal.fields = unknown
        .into_iter()
        .map(|name| FieldError { field: name.into(), code: "search_parameter", args: vec![] })
        .collect();
    Err(refusal)
}

/// The parameters of a search, and those of an operation beside them.
fn searching(request: &Request, more: &[&str]) -> Result<(), Refusal> {
    let mut names = vec!["q", "salary", "closing", "near", "km", "sort"];
    names.extend(Filter::ALL.iter().map(|filter| filter.name()));
    names.extend(more);
    known(request, &names)
}

/// Refuses empty parameters and those that come twice where once is meant.
fn strict(pairs: &[(String, String)], check: &mut Check) {
    for name in SINGLE {
        let mut values = pairs.iter().filter(|(have, _)| have == name);
        let first = values.next();
        if values.next().is_some() {
            check.wrong(name, "search_once");
        } else if name != "q" && first.is_some_and(|(_, value)| value.is_empty()) {
            check.wrong(name, "search_value");
        }
    }
    for filter in Filter::ALL {
        if pairs.iter().any(|(name, value)| name == filter.name() && value.is_empty()) {
            check.wrong(filter.name(), "search_value");
        }
    }
}

/// A place that is well formed but does not exist is "not found"; a contract cannot say which
/// ones exist, so a caller who keeps to it must not be told that the call was wrong.
fn unknown_is_not_found(error: Error) -> Error {
    match error {
        Error::Refusal(Refusal { kind: Kind::Invalid, code, args, fields })
            if !fields.is_empty()
                && fields.iter().all(|error| matches!(&*error.field, "near" | "district")) =>
        {
            Error::Refusal(Refusal { kind: Kind::NotFound, code, args, fields })
        }
        other => other,
    }
}
