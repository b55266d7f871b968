//! The journal: reading it (auditors) and its public head (everybody).

use domain::{
    shared::{refusal::Check, row, time::Timestamp},
    sql,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    cx::Cx,
    error::Error,
    http::{Caching, Request, Response},
    ports::{page, read},
    route,
    routes::Route,
};

/// Routes of this feature.
pub const ROUTES: &[Route] =
    &[route!(Get "/api/v1/cabinet/journal", May(JournalRead), Cabinet, list)];

/// The head of the chain, for everybody.
pub const HEAD: &[Route] = &[route!(Get "/api/v1/journal/head", Public, Api, head)];

#[derive(Serialize, Deserialize)]
struct Row {
    seq: i64,
    at: Timestamp,
    who: String,
    action: String,
    object_type: String,
    object_id: String,
    organisation: String,
    #[serde(default, deserialize_with = "row::json_option")]
    before: Option<Value>,
    #[serde(default, deserialize_with = "row::json_option")]
    after: Option<Value>,
    reason: String,
    hash: Option<String>,
}

#[derive(Serialize)]
struct Page {
    items: Vec<Row>,
    next: Option<String>,
}

/// Newest first; `object=vacancy:01j…` narrows it to one thing, `cursor` goes on.
async fn list(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let (mut object, mut before) = (None, i64::MAX >> 11);
    let mut wrong = Check::default();
    for (name, value) in request.query_pairs() {
        match name.as_str() {
            "object" if !value.is_empty() => match value.split_once(':') {
                Some((kind, id)) => object = Some((kind.to_owned(), id.to_owned())),
                None => wrong.wrong("object", "unknown"),
            },
            "cursor" if !value.is_empty() => match value.parse() {
                Ok(seq) => before = seq,
                Err(_) => wrong.wrong("cursor", "unknown"),
            },
            _ => {}
        }
    }
    wrong.done()?;
    let (kind, id) = object.unwrap_or_default();
    let mut items: Vec<Row> = read(
        cx.ports.db,
        sql!(
            "SELECT j.seq, j.at, coalesce(p.surname || ' ' || p.name, '') AS who, j.action, j.object_type,
                j.object_id, coalesce(o.name_ru, '') AS organisation, j.before, j.after,
                coalesce(j.reason, '') AS reason, s.hash
             FROM journal j LEFT JOIN account a ON a.id = j.account LEFT JOIN person p ON p.id = a.person
             LEFT JOIN organisation o ON o.id = j.organisation LEFT JOIN journal_seal s ON s.seq = j.seq
             WHERE j.seq < ?1 AND (?2 = '' OR (j.object_type = ?2 AND j.object_id = ?3))
             ORDER BY j.seq DESC LIMIT 101",
            before,
            kind,
            id
        ),
    )
    .await?
    .all()?;
    let next = page(&mut items, 100, |last| last.seq.to_string());
    Ok(Response::json(&Page { items, next })?)
}

/// The head of the journal's chain of hashes.
#[derive(Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Head {
    /// Rows that are sealed.
    seq: i64,
    /// SHA-256 over all of them, in order; empty where nothing is sealed yet.
    hash: String,
}

/// The head of the chain. Whoever noted an earlier head can demand the rows that lead here.
async fn head(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    crate::public_api::known(request, &[])?;
    let last: Option<Head> =
        read(cx.ports.db, sql!("SELECT seq, hash FROM journal_seal ORDER BY seq DESC LIMIT 1"))
            .await?
            .first()?;
    Ok(Response::json(&last.unwrap_or_default())?.cached(Caching::Public(30)))
}
