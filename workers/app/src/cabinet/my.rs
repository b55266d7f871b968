//! What is one's own, `/api/v1/cabinet/my/…`: the handlers take the person who is signed in and
//! never an identifier of somebody else; what is not one's own is not found.

pub mod access;
pub mod consents;
pub mod deletion;
pub mod export;
pub mod overview;
pub mod person;
pub mod profile;
pub mod reminders;
pub mod saved;

use domain::{
    profile::settings::{Retention, Settings, retention, settings},
    shared::{
        id::is_ulid,
        refusal::{Kind, Refusal},
    },
};
use serde_json::{Value, json};

use crate::{
    cx::Cx,
    entry::problem,
    error::Fault,
    http::{Request, Response},
};

/// The version that the person saw, from `If-Match`.
pub(crate) fn if_match(request: &Request) -> Result<i64, Refusal> {
    request
        .header("if-match")
        .and_then(|value| value.trim().trim_matches('"').parse().ok())
        .ok_or_else(|| Refusal::new(Kind::Precondition, "version_missing"))
}

/// An identifier of the address; what has not its shape is not found.
fn id<'a>(cx: &'a Cx<'_>, name: &str) -> Result<&'a str, Refusal> {
    let id = cx.param(name);
    if is_ulid(id) { Ok(id) } else { Err(Refusal::not_found()) }
}

/// 412 with both sides: what stands now and where it differs from what was sent.
fn conflict(cx: &Cx<'_>, current: &Value, differs: &[String]) -> Response {
    let mut body = problem(cx, &Refusal::new(Kind::Stale, "stale"));
    body["conflict"] = json!({ "current": current, "differs": differs });
    Response::new(412, "application/problem+json", body.to_string())
}

fn rules() -> Result<&'static Settings, Fault> {
    settings().ok_or_else(|| Fault::new("the settings of the profile cannot be read"))
}

fn terms() -> Result<&'static Retention, Fault> {
    retention().ok_or_else(|| Fault::new("the rules of retention cannot be read"))
}
