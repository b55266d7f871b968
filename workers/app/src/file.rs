//! Files that people hand in: received whole or in parts, listed, opened by short-lived links,
//! removed. The heavy part of the check is not here: it runs in the worker `dispatch`.

mod links;
mod parts;
mod sweep;
mod whole;

use domain::{
    file::{
        self, RECEIVED, State,
        look::Bad,
        rules::{Purpose, Rules},
        sql::{self as files, FileRow},
    },
    job::Job,
    journal::Entry,
    shared::{
        id::is_ulid,
        lang::Lang,
        locale::FILE,
        refusal::{FieldError, Kind, Refusal},
    },
};
use serde::Deserialize;
use serde_json::json;

pub use sweep::sweep;

pub(crate) use whole::ASK_AGAIN;

use crate::{
    cx::Cx,
    entry::detail,
    error::{Error, Fault},
    http::{Method, Request, Response},
    ports::{Ports, read},
    route,
    routes::Route,
    save::{Change, Event, Replay, once, save},
};

/// Bytes of a megabyte, as people are told.
const MB: i64 = 1024 * 1024;

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/my/files", SignedIn, Cabinet, list),
    route!(Post "/api/v1/cabinet/my/files", SignedIn, Cabinet, whole::receive),
    route!(Get "/api/v1/cabinet/my/files/purposes", SignedIn, Cabinet, purposes),
    route!(Post "/api/v1/cabinet/my/files/uploads", SignedIn, Cabinet, parts::begin),
    route!(Get "/api/v1/cabinet/my/files/uploads/{id}", SignedIn, Cabinet, parts::status),
    route!(Put "/api/v1/cabinet/my/files/uploads/{id}/parts/{n}", SignedIn, Cabinet, parts::part),
    route!(Post "/api/v1/cabinet/my/files/uploads/{id}/complete", SignedIn, Cabinet, parts::complete),
    route!(Get "/api/v1/cabinet/my/files/{id}", SignedIn, Cabinet, one),
    route!(Delete "/api/v1/cabinet/my/files/{id}", SignedIn, Cabinet, remove),
    route!(Post "/api/v1/cabinet/my/files/{id}/link", SignedIn, Cabinet, links::make),
    route!(Post "/api/v1/cabinet/files/{id}/link", SignedIn, Cabinet, links::make),
    route!(Delete "/api/v1/cabinet/files/{id}/links", SignedIn, Cabinet, links::revoke),
    route!(Get "/files/{token}", Public, Page, links::open),
];

/// Whether the body of a request goes past the application, straight into the store.
pub fn streams(method: &str, path: &str) -> bool {
    match Method::parse(method) {
        Some(Method::Post) => path == "/api/v1/cabinet/my/files",
        Some(Method::Put) => {
            path.starts_with("/api/v1/cabinet/my/files/uploads/") && path.contains("/parts/")
        }
        _ => false,
    }
}

/// The limits in force.
pub(crate) fn rules() -> Result<&'static Rules, Fault> {
    file::rules::rules().ok_or_else(|| Fault::new("the limits of files cannot be read"))
}

async fn purposes(_: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    Ok(Response::json(&rules()?.listed())?)
}

async fn list(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let rows = read(cx.ports.db, files::list(&cx.actor()?.person, rules()?.quota_files)).await?;
    let rows: Vec<FileRow> = rows.all()?;
    let all: Result<Vec<_>, Fault> = rows.iter().map(|row| shown(cx, row)).collect();
    Ok(Response::json(&all?)?)
}

async fn one(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let row = own(cx).await?;
    Ok(Response::json(&shown(cx, &row)?)?)
}

/// The person's own file that the address names. What is not the person's is not found.
async fn own(cx: &Cx<'_>) -> Result<FileRow, Error> {
    let id = cx.param("id");
    if !is_ulid(id) {
        return Err(Refusal::not_found().into());
    }
    let found = read(cx.ports.db, files::own(id, &cx.actor()?.person)).await?.first()?;
    found.ok_or_else(|| Refusal::not_found().into())
}

/// A file as its owner sees it.
fn shown(cx: &Cx<'_>, row: &FileRow) -> Result<file::api::File, Fault> {
    Ok(row.api(notice(cx.lang, row)?))
}

/// What the owner should know of a file.
pub fn notice(lang: Lang, row: &FileRow) -> Result<Option<String>, Fault> {
    let rules = rules()?;
    Ok(match row.state {
        State::Uploading | State::Clean => None,
        State::Pending => Some(FILE.get(lang, "notice.pending").to_owned()),
        State::Unscanned => Some(FILE.get(lang, "notice.unscanned").to_owned()),
        State::Infected => Some(FILE.fill(lang, "notice.infected", &[("found", &row.reason)])),
        State::Refused => {
            let bad = Bad::ALL.into_iter().find(|bad| bad.code() == row.reason);
            let refusal = refusal(bad.unwrap_or(Bad::Broken), rules.purpose(&row.purpose), rules);
            Some(detail(lang, &refusal))
        }
    })
}

/// Why a file is not taken, for a person.
pub fn refusal(bad: Bad, purpose: Option<&Purpose>, rules: &Rules) -> Refusal {
    let kind = match bad {
        Bad::Kind | Bad::Web | Bad::OldOffice | Bad::Heic | Bad::Archive | Bad::Program => {
            Kind::MediaType
        }
        Bad::Unpacked | Bad::Pixels => Kind::TooLarge,
        _ => Kind::Invalid,
    };
    let (width, height) = purpose.and_then(|purpose| purpose.min_pixels).unwrap_or_default();
    let seconds = purpose.and_then(|purpose| purpose.min_seconds).unwrap_or_default();
    Refusal::new(kind, bad.code())
        .with("allowed", purpose.map(Purpose::allowed).unwrap_or_default())
        .with("side", rules.picture.max_side)
        .with("pixels", rules.picture.max_pixels / 1_000_000)
        .with("width", width)
        .with("height", height)
        .with("minutes", seconds / 60)
}

/// The purpose a person named.
fn purpose<'a>(rules: &'a Rules, code: &str) -> Result<&'a Purpose, Refusal> {
    rules.purpose(code).ok_or_else(|| {
        let known: Vec<_> = rules.purposes.iter().map(|purpose| purpose.code.as_str()).collect();
        Refusal::fields(vec![FieldError {
            field: "purpose".into(),
            code: "file_purpose",
            args: vec![("known", known.join(", "))],
        }])
    })
}

/// The length that a request names for its body.
fn length(request: &Request) -> Result<i64, Refusal> {
    request
        .header("content-length")
        .and_then(|text| text.parse().ok())
        .filter(|length| (0..i64::from(u32::MAX)).contains(length))
        .ok_or_else(|| Refusal::new(Kind::Precondition, "file_length"))
}

/// Refuses a size beyond what a purpose allows.
pub(crate) fn check_size(size: i64, most: i64, purpose: &Purpose) -> Result<(), Refusal> {
    if size == 0 {
        return Err(Refusal::new(Kind::Invalid, Bad::Empty.code()));
    }
    if size > purpose.max_bytes {
        let most = purpose.max_bytes / MB;
        return Err(Refusal::new(Kind::TooLarge, "file_too_large").with("max", most));
    }
    if size > most {
        return Err(Refusal::new(Kind::TooLarge, "file_in_parts").with("max", most / MB));
    }
    Ok(())
}

#[derive(Deserialize)]
struct Kept {
    files: i64,
    bytes: i64,
    open: i64,
}

/// Refuses what would go beyond the quota of a person; the batch that writes checks it again.
async fn check_quota(cx: &Cx<'_>, size: i64, rules: &Rules) -> Result<Kept, Error> {
    let kept: Kept = read(cx.ports.db, files::kept(&cx.actor()?.person))
        .await?
        .first()?
        .ok_or_else(|| Fault::new("no quota row"))?;
    if kept.files >= rules.quota_files || kept.bytes + size > rules.quota_bytes {
        return Err(Refusal::new(Kind::Conflict, "file_quota")
            .with("files", rules.quota_files)
            .with("max", rules.quota_bytes / MB)
            .into());
    }
    Ok(kept)
}

/// A new name for an object of the store: random, so that nobody finds it by trying.
pub(crate) fn object_name(ports: &Ports<'_>) -> String {
    format!("file/{}", crate::secret::token(ports))
}

/// The journal's row for a file that is here.
pub(crate) fn uploaded(id: &str, purpose: &str, kind: file::FileKind, size: i64) -> Entry {
    Entry::new("file.upload", "file", id)
        .after(json!({ "purpose": purpose, "kind": kind, "size": size }))
}

pub(crate) fn received(id: &str) -> Event {
    Event { topic: RECEIVED, key: id.to_owned() }
}

/// Hands files that wait for their check to the queue: the consumer of [`RECEIVED`].
pub async fn announce(ports: &Ports<'_>, ids: &[String]) -> Result<(), Fault> {
    let jobs: Vec<Job> =
        ids.iter().map(|id| Job { kind: file::JOB.into(), id: id.clone() }).collect();
    ports.courier.enqueue(&jobs).await
}

/// Removes a file that nothing names. Its content goes with the next sweep.
async fn remove(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let row = own(cx).await?;
    if row.uses > 0 {
        return Err(Refusal::new(Kind::Conflict, "file_used").into());
    }
    let mut statements = vec![files::unused(&row.id)];
    statements.extend(files::doom_all(&row, cx.ports.now));
    statements.push(files::delete(&row.id));
    let journal = vec![
        Entry::new("file.delete", "file", &row.id)
            .before(json!({ "purpose": row.purpose, "size": row.size, "sha256": row.sha256 })),
    ];
    save(cx, Some(once), Change { statements, journal, events: Vec::new() }, Response::empty())
        .await
}
