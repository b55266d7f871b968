//! Passkeys: adding one to the own account, and signing in with it.

use data_encoding::BASE64URL_NOPAD;
use domain::{
    account::{
        device::describe,
        passkey::{
            self, ES256, PasskeyRow, Wrong, authenticator, challenge, counter_fits, keep_challenge,
            passkeys, point, use_challenge,
        },
        sql::{Factor, SignInRow, sign_in_row_of},
    },
    journal::Entry,
    shared::refusal::{Kind, Refusal},
    sql,
};
use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{
    cx::Cx,
    enter::begin_session,
    error::{Error, Fault},
    http::{Request, Response},
    ports::{Limit, read},
    route,
    routes::Route,
    save::{Change, save},
    secret::{digest, token},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/my/passkeys", SignedIn, Cabinet, list),
    route!(Post "/api/v1/cabinet/my/passkeys/options", SignedIn, Cabinet, add_options),
    route!(Post "/api/v1/cabinet/my/passkeys", SignedIn, Cabinet, add),
    route!(Delete "/api/v1/cabinet/my/passkeys/{id}", SignedIn, Cabinet, remove),
    route!(Post "/api/v1/cabinet/passkey/options", Public, Cabinet, options),
    route!(Post "/api/v1/cabinet/passkey/sign-in", Public, Cabinet, sign_in),
];

/// Passkeys of one account at most.
const MOST: usize = 20;
/// The longest credential id, bytes (WebAuthn Level 3).
const ID_MAX: usize = 1023;

/// The host that passkeys belong to.
fn host<'a>(cx: &'a Cx<'_>) -> &'a str {
    let rest = cx.ports.config.origin.split("://").nth(1).unwrap_or_default();
    rest.split(':').next().unwrap_or_default()
}

fn site(cx: &Cx<'_>) -> [u8; 32] {
    Sha256::digest(host(cx).as_bytes()).into()
}

fn refuse(wrong: Wrong) -> Refusal {
    let code = match wrong {
        Wrong::ClientData | Wrong::Authenticator => "passkey_unreadable",
        Wrong::Origin => "passkey_origin",
        Wrong::Key => "passkey_kind",
    };
    Refusal::new(Kind::Invalid, code)
}

fn bytes(text: &str) -> Result<Vec<u8>, Refusal> {
    BASE64URL_NOPAD
        .decode(text.trim_end_matches('=').as_bytes())
        .map_err(|_| refuse(Wrong::ClientData))
}

async fn list(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let rows: Vec<PasskeyRow> = read(cx.ports.db, passkeys(&cx.actor()?.account)).await?.all()?;
    Ok(Response::json(&rows)?)
}

/// A challenge for a new passkey.
async fn add_options(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let actor = cx.actor()?;
    let have: Vec<PasskeyRow> = read(cx.ports.db, passkeys(&actor.account)).await?.all()?;
    if have.len() >= MOST {
        return Err(Refusal::new(Kind::Conflict, "passkey_many").into());
    }
    let challenge = token(cx.ports);
    let change = Change {
        statements: vec![keep_challenge(&digest(&challenge), Some(&actor.account), cx.ports.now)],
        ..Change::default()
    };
    let name = if actor.name.trim().is_empty() { "Mansap" } else { actor.name.trim() };
    let answer = json!({
        "challenge": challenge,
        "rp": { "id": host(cx), "name": "Mansap" },
        "user": { "id": BASE64URL_NOPAD.encode(actor.account.as_bytes()), "name": name, "displayName": name },
        "pubKeyCredParams": [{ "type": "public-key", "alg": ES256 }],
        "excludeCredentials": have.iter().map(|one| json!({ "type": "public-key", "id": one.id })).collect::<Vec<_>>(),
        "authenticatorSelection": { "residentKey": "required", "userVerification": "preferred" },
        "attestation": "none",
        "timeout": passkey::CHALLENGE_SECONDS * 1000,
    });
    save(cx, None, change, Response::json(&answer)?).await
}

/// What the browser made. All values are base64url.
#[derive(Deserialize)]
struct Made {
    id: String,
    client_data: String,
    authenticator_data: String,
    /// `getPublicKey()`: SubjectPublicKeyInfo, DER.
    public_key: String,
}

async fn add(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let made: Made = request.json()?;
    let actor = cx.actor()?;
    let client = bytes(&made.client_data)?;
    let challenge =
        challenge(&client, "webauthn.create", &cx.ports.config.origin).map_err(refuse)?;
    authenticator(&bytes(&made.authenticator_data)?, &site(cx)).map_err(refuse)?;
    let key = bytes(&made.public_key)?;
    let point = point(&key).map_err(refuse)?;
    VerifyingKey::from_sec1_bytes(point).map_err(|_| refuse(Wrong::Key))?;
    let id = bytes(&made.id)?;
    if id.is_empty() || id.len() > ID_MAX {
        return Err(refuse(Wrong::ClientData).into());
    }
    let mut statements: Vec<_> =
        use_challenge(&digest(&challenge), Some(&actor.account), cx.ports.now).into();
    statements.push(sql!(
        "INSERT INTO passkey (id, account, key, name, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        BASE64URL_NOPAD.encode(&id),
        &actor.account,
        BASE64URL_NOPAD.encode(point),
        describe(request.header("user-agent").unwrap_or_default()),
        cx.ports.now
    ));
    let change = Change {
        statements,
        journal: vec![Entry::new("account.add_passkey", "account", &actor.account)],
        events: vec![],
    };
    match save(cx, None, change, Response::empty()).await {
        Err(Error::Refusal(refusal)) if refusal.code == "state" => {
            Err(Refusal::new(Kind::Gone, "passkey_late").into())
        }
        other => other,
    }
}

async fn remove(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let actor = cx.actor()?;
    let change = Change {
        statements: vec![sql!(
            "DELETE FROM passkey WHERE id = ?1 AND account = ?2",
            cx.param("id"),
            &actor.account
        )],
        journal: vec![Entry::new("account.remove_passkey", "account", &actor.account)],
        events: vec![],
    };
    save(cx, None, change, Response::empty()).await
}

/// A challenge for signing in: the browser knows whose passkeys it has.
async fn options(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    if !cx.ports.limiter.allow(Limit::SignIn, &request.client).await {
        return Err(Refusal::new(Kind::TooMany, "too_many").into());
    }
    let challenge = token(cx.ports);
    let change = Change {
        statements: vec![keep_challenge(&digest(&challenge), None, cx.ports.now)],
        ..Change::default()
    };
    let answer = json!({
        "challenge": challenge,
        "rpId": host(cx),
        "userVerification": "preferred",
        "timeout": passkey::CHALLENGE_SECONDS * 1000,
    });
    save(cx, None, change, Response::json(&answer)?).await
}

/// What the browser signed. All values are base64url.
#[derive(Deserialize)]
struct Signed {
    id: String,
    client_data: String,
    authenticator_data: String,
    signature: String,
}

#[derive(Deserialize)]
struct Stored {
    account: String,
    key: String,
    counter: i64,
}

async fn sign_in(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    if !cx.ports.limiter.allow(Limit::SignIn, &request.client).await {
        return Err(Refusal::new(Kind::TooMany, "too_many").into());
    }
    let signed: Signed = request.json()?;
    let unknown = || Error::from(Refusal::new(Kind::Invalid, "passkey_unknown"));
    let client = bytes(&signed.client_data)?;
    let challenge = challenge(&client, "webauthn.get", &cx.ports.config.origin).map_err(refuse)?;
    let data = bytes(&signed.authenticator_data)?;
    let said = authenticator(&data, &site(cx)).map_err(refuse)?;
    let id = BASE64URL_NOPAD.encode(&bytes(&signed.id)?);
    let stored: Option<Stored> =
        read(cx.ports.db, sql!("SELECT account, key, counter FROM passkey WHERE id = ?1", &id))
            .await?
            .first()?;
    let stored = stored.ok_or_else(unknown)?;
    let point = BASE64URL_NOPAD
        .decode(stored.key.as_bytes())
        .map_err(|_| Fault::new("passkey: the stored key is no base64url"))?;
    let key = VerifyingKey::from_sec1_bytes(&point)
        .map_err(|_| Fault::new("passkey: the stored key is no point"))?;
    let signature = Signature::from_der(&bytes(&signed.signature)?).map_err(|_| unknown())?;
    let message = [data.as_slice(), &Sha256::digest(&client)].concat();
    if key.verify(&message, &signature).is_err() || !counter_fits(stored.counter, said.counter) {
        return Err(unknown());
    }
    let row: Option<SignInRow> =
        read(cx.ports.db, sign_in_row_of(&stored.account)).await?.first()?;
    if row.is_none_or(|row| row.status != "active") {
        return Err(Refusal::new(Kind::Forbidden, "account_blocked").into());
    }
    let mut statements: Vec<_> = use_challenge(&digest(&challenge), None, cx.ports.now).into();
    statements.push(sql!(
        "UPDATE passkey SET counter = ?2, used_at = ?3 WHERE id = ?1",
        &id,
        said.counter,
        cx.ports.now
    ));
    let change = Change { statements, ..Change::default() };
    match begin_session(cx, request, change, &stored.account, Factor::Passkey, "/app/my/").await {
        Ok(response) => Ok(response.status(204)),
        Err(Error::Refusal(refusal)) if refusal.code == "state" => {
            Err(Refusal::new(Kind::Gone, "passkey_late").into())
        }
        other => other,
    }
}
