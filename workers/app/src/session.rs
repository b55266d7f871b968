//! Who is signed in: the cookie of a browser or the key of an operator's script.

use domain::{
    account::{
        actor::Actor,
        sql::{ActorRow, Holder, actor_by_key, actor_by_session, given_to, touch_session},
    },
    shared::{
        lang::Lang,
        refusal::{Kind, Refusal},
    },
};

use crate::{
    error::Error,
    http::Request,
    ports::{Config, Ports, Rows, read, read_all},
    secret::digest,
};

/// The cookie of a session. `__Host-` binds it to this host, to HTTPS and to the whole site.
pub const COOKIE: &str = "__Host-session";

/// The header that sets (or, with an empty secret, removes) the cookie.
pub fn cookie(secret: &str) -> String {
    let age = if secret.is_empty() { "; Max-Age=0" } else { "" };
    format!("{COOKIE}={secret}; Path=/; Secure; HttpOnly; SameSite=Strict{age}")
}

/// Where to go after signing in. The cabinet is one page for all languages: the fragment tells its
/// script in which one the person has been reading.
pub fn onward(next: &str, lang: Lang) -> String {
    let cabinet = next.starts_with("/app/") && !next.contains('#');
    if cabinet { format!("{next}#{}", lang.code()) } else { next.to_owned() }
}

/// The key of an operator's script: `Authorization: Bearer …`.
pub fn bearer(request: &Request) -> Option<&str> {
    request.header("authorization")?.strip_prefix("Bearer ").map(str::trim)
}

/// Who sent the request, if the cookie or the key is good.
pub async fn actor(ports: &Ports<'_>, request: &Request) -> Result<Option<Actor>, Error> {
    Ok(actor_with(ports, request, None).await?.0)
}

/// As [`actor`], and in the same trip the answer that was given before to an idempotency key of
/// that account: its rows, as [`crate::save::once`] reads them.
pub(crate) async fn actor_with(
    ports: &Ports<'_>,
    request: &Request,
    key: Option<&str>,
) -> Result<(Option<Actor>, Option<Rows>), Error> {
    let (mut statements, who, secret) = if let Some(key) = bearer(request) {
        let secret = digest(key);
        (vec![actor_by_key(&secret, ports.now)], Holder::Key, secret)
    } else if let Some(secret) = request.cookie(COOKIE).filter(|secret| !secret.is_empty()) {
        let secret = digest(secret);
        let statements =
            vec![actor_by_session(&secret, ports.now), touch_session(&secret, ports.now)];
        (statements, Holder::Session, secret)
    } else {
        return Ok((None, None));
    };
    statements.extend(key.map(|key| given_to(who, &secret, key)));
    let mut rows = read_all(ports.db, statements).await?;
    let given = key.and_then(|_| rows.pop());
    let found = rows.first().map(|rows| rows.first::<ActorRow>()).transpose()?.flatten();
    let actor = found.map(|row| Actor {
        account: row.account,
        person: row.person,
        session: row.session,
        name: row.name,
        grants: row.grants,
    });
    Ok((actor, given))
}

/// Refuses what another site's page makes a browser send: a request that changes something must
/// come from our own pages, unless it carries an operator's key (no browser adds that by itself).
pub fn check_origin(config: &Config, request: &Request) -> Result<(), Refusal> {
    if bearer(request).is_some() {
        return Ok(());
    }
    let refused = || Refusal::new(Kind::Forbidden, "foreign_origin");
    match request.header("sec-fetch-site") {
        Some("same-origin" | "none") | None => {}
        Some(_) => return Err(refused()),
    }
    let origin = request.header("origin").ok_or_else(refused)?;
    let host = origin.split_once("://").map(|(_, host)| host);
    let own = origin == config.origin
        || (host.is_some() && host == request.header("host"))
        || config.hosts.iter().any(|own| host == Some(own));
    if own { Ok(()) } else { Err(refused()) }
}

/// Refuses a key (by its SHA-256) that was never issued or was revoked.
pub async fn check_key(ports: &Ports<'_>, digest: &str) -> Result<(), Error> {
    #[derive(serde::Deserialize)]
    struct Found {}
    let found: Option<Found> = read(
        ports.db,
        domain::sql!("SELECT id FROM api_key WHERE secret = ?1 AND revoked_at IS NULL", digest),
    )
    .await?
    .first()?;
    found.map(|_| ()).ok_or_else(|| Refusal::new(Kind::SignIn, "key_unknown").into())
}
