//! What anybody needs to repeat the draws of an exam: before, what was committed to; after the
//! appeals, the secret, the pool and every draw. `scripts/verify-draw` reads it.

use domain::{
    exam::sql,
    shared::{refusal::Refusal, row},
};
use serde::Deserialize;
use serde_json::json;

use super::{forms::load, id};
use crate::{
    cx::Cx,
    error::Error,
    http::{Caching, Request, Response},
    ports::read_all,
    route,
    routes::Route,
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[route!(Get "/api/v1/exams/{id}/draws", Public, Api, draws)];

#[derive(Deserialize)]
struct PoolRow {
    version: String,
    blob: String,
}

#[derive(Deserialize)]
struct DrawRow {
    candidate: String,
    attempt: u32,
    #[serde(deserialize_with = "row::json")]
    items: Vec<String>,
}

async fn draws(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let row = load(cx, id(cx, "id")?).await?;
    if row.commitment.is_empty() {
        return Err(Refusal::not_found().into());
    }
    let lang = request.query_pairs().into_iter().find(|(name, _)| name == "lang");
    let lang = if lang.is_some_and(|(_, value)| value == "ru") { "ru" } else { "kk" };
    let rows = read_all(cx.ports.db, sql::draws(&row.id, lang).into()).await?;
    let [pools, draws] = rows.as_slice() else { return Err(Refusal::not_found().into()) };
    let pool: PoolRow = pools.first()?.ok_or_else(Refusal::not_found)?;
    let mut answer = json!({
        "exam": row.id, "title": row.title, "lang": lang, "commitment": row.commitment,
        "bank_version": pool.version, "blueprint": row.blueprint, "secret": row.secret,
        "revealed_at": row.revealed_at,
    });
    // Which items there are, and who drew which, is told only when nobody can profit any more.
    if row.secret.is_some() {
        let all: Vec<DrawRow> = draws.all()?;
        let all = all.iter().map(
            |one| json!({ "candidate": one.candidate, "attempt": one.attempt, "items": one.items }),
        );
        answer["attempts"] = all.collect();
        answer["pool"] = json!(pool.blob);
    }
    Ok(Response::json(&answer)?.cached(Caching::Public(30)))
}
