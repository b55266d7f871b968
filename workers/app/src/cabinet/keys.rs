//! Keys: of the public API (they only read what is public, with a budget of their own) and of
//! operators' scripts (they act in the name of an account).

use domain::{
    journal::Entry,
    shared::{
        id::is_ulid,
        refusal::{Check, Refusal},
        time::Timestamp,
    },
    sql,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::read,
    route,
    routes::Route,
    save::{Change, Replay, once, save},
    secret::{digest, token},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/keys", May(ApiKeyManage), Cabinet, list),
    route!(Post "/api/v1/cabinet/keys", May(ApiKeyManage), Cabinet, create),
    route!(Delete "/api/v1/cabinet/keys/{id}", May(ApiKeyManage), Cabinet, revoke),
];

#[derive(Serialize, Deserialize)]
struct Key {
    id: String,
    name: String,
    /// Login of the account in whose name it acts; empty for keys that only read.
    login: String,
    created_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

async fn list(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let keys: Vec<Key> = read(
        cx.ports.db,
        sql!(
            "SELECT k.id, k.name, coalesce(a.login, '') AS login, k.created_at, k.revoked_at
             FROM api_key k LEFT JOIN account a ON a.id = k.account ORDER BY k.id DESC LIMIT 500"
        ),
    )
    .await?
    .all()?;
    Ok(Response::json(&keys)?)
}

#[derive(Deserialize)]
struct Create {
    name: String,
    /// Login of the account in whose name it acts; empty for a key that only reads.
    #[serde(default)]
    login: String,
}

/// The secret is shown once; here is only its SHA-256.
async fn create(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Found {
        id: String,
    }
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let input: Create = request.json()?;
    let mut wrong = Check::default();
    if input.name.trim().is_empty() || input.name.chars().count() > 120 {
        wrong.wrong("name", "required");
    }
    let account: Option<Found> =
        read(cx.ports.db, sql!("SELECT id FROM account WHERE login = ?1", &input.login))
            .await?
            .first()?;
    if !input.login.is_empty() && account.is_none() {
        wrong.wrong("login", "unknown");
    }
    wrong.done()?;
    let (id, secret) = (cx.ports.new_id(), token(cx.ports));
    let change = Change {
        statements: vec![sql!(
            "INSERT INTO api_key (id, secret, name, account, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            &id,
            digest(&secret),
            input.name.trim(),
            account.map(|found| found.id),
            cx.ports.now
        )],
        journal: vec![
            Entry::new("key.create", "key", &id)
                .after(json!({ "name": input.name.trim(), "login": input.login })),
        ],
        events: vec![],
    };
    let answer = json!({ "id": id, "secret": secret });
    save(cx, Some(once), change, Response::json(&answer)?.status(201)).await
}

async fn revoke(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let id = cx.param("id");
    if !is_ulid(id) {
        return Err(Refusal::not_found().into());
    }
    let change = Change {
        statements: vec![sql!(
            "UPDATE api_key SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL",
            id,
            cx.ports.now
        )],
        journal: vec![Entry::new("key.revoke", "key", id)],
        events: vec![],
    };
    save(cx, None, change, Response::empty()).await
}
