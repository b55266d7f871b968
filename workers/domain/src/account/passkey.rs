//! Passkeys: what a browser hands over when one is made or used (WebAuthn Level 3), read and
//! checked. Only ES256 keys are asked for; attestation is not, so none is looked at.

use serde::{Deserialize, Serialize};

use crate::{
    shared::{
        statement::{Statement, guard},
        time::Timestamp,
    },
    sql,
};

/// COSE number of ES256, the one algorithm that is asked for.
pub const ES256: i32 = -7;
/// How long a challenge is good, seconds.
pub const CHALLENGE_SECONDS: i64 = 300;
/// Head of a SubjectPublicKeyInfo of an uncompressed P-256 point (RFC 5480).
const SPKI_HEAD: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];
/// Bytes of an uncompressed P-256 point.
const POINT: usize = 65;

/// Why what a browser handed over is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// It is no client data of this kind of ceremony.
    ClientData,
    /// It was made on another site.
    Origin,
    /// The authenticator speaks of another site, or nobody was present.
    Authenticator,
    /// The key is not of the kind that was asked for.
    Key,
}

/// The client data of a ceremony.
#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: bool,
}

/// Checks the client data (`webauthn.create` or `webauthn.get`) and returns its challenge,
/// base64url.
///
/// # Errors
/// [`Wrong::ClientData`], [`Wrong::Origin`].
pub fn challenge(json: &[u8], kind: &str, origin: &str) -> Result<String, Wrong> {
    let data: ClientData = serde_json::from_slice(json).map_err(|_| Wrong::ClientData)?;
    if data.kind != kind {
        return Err(Wrong::ClientData);
    }
    if data.origin != origin || data.cross_origin {
        return Err(Wrong::Origin);
    }
    Ok(data.challenge)
}

/// What an authenticator says: that somebody was there, and how often the key was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// How often it was used, as it counts; 0 = it does not count.
    pub counter: u32,
    /// Whether it has verified who was there (a finger, a face, a code).
    pub verified: bool,
}

/// Reads authenticator data: hash of the site, flags, counter.
///
/// # Errors
/// [`Wrong::Authenticator`] for another site (`site` is the SHA-256 of its host) or where nobody
/// was present.
pub fn authenticator(data: &[u8], site: &[u8; 32]) -> Result<Said, Wrong> {
    const PRESENT: u8 = 1;
    const VERIFIED: u8 = 4;
    let (hash, rest) = data.split_at_checked(32).ok_or(Wrong::Authenticator)?;
    let [flags, a, b, c, d, ..] = *rest else { return Err(Wrong::Authenticator) };
    if hash != site || flags & PRESENT == 0 {
        return Err(Wrong::Authenticator);
    }
    Ok(Said { counter: u32::from_be_bytes([a, b, c, d]), verified: flags & VERIFIED != 0 })
}

/// The point of a public key as browsers hand it over (`getPublicKey()`, DER).
///
/// # Errors
/// [`Wrong::Key`] for any other kind of key.
pub fn point(spki: &[u8]) -> Result<&[u8], Wrong> {
    spki.strip_prefix(&SPKI_HEAD)
        .filter(|point| point.len() == POINT && point.first() == Some(&4))
        .ok_or(Wrong::Key)
}

/// Whether a counter shows no copy of the key: it grows, or the authenticator does not count.
pub fn counter_fits(stored: i64, said: u32) -> bool {
    said == 0 && stored == 0 || i64::from(said) > stored
}

/// A passkey, as the cabinet shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PasskeyRow {
    /// Credential id, base64url.
    pub id: String,
    /// The device it was made on, in words.
    pub name: String,
    /// Since when.
    pub created_at: Timestamp,
    /// Last used.
    pub used_at: Option<Timestamp>,
}

/// Passkeys of an account.
pub fn passkeys(account: &str) -> Statement {
    sql!(
        "SELECT id, name, created_at, used_at FROM passkey WHERE account = ?1 ORDER BY created_at",
        account
    )
}

/// Keeps a challenge (its SHA-256). `account` adds a passkey; none = signing in.
pub fn keep_challenge(id: &str, account: Option<&str>, now: Timestamp) -> Statement {
    sql!(
        "INSERT INTO passkey_challenge (id, account, until) VALUES (?1, ?2, ?3)",
        id,
        account,
        now.plus_seconds(CHALLENGE_SECONDS)
    )
}

/// Uses a challenge up: the batch fails unless it is there, in time, and of this account.
pub fn use_challenge(id: &str, account: Option<&str>, now: Timestamp) -> [Statement; 2] {
    [
        guard(
            "state",
            "EXISTS (SELECT 1 FROM passkey_challenge WHERE id = ?1 AND account IS ?2 AND until > ?3)",
            vec![id.into(), account.into(), now.into()],
        ),
        sql!("DELETE FROM passkey_challenge WHERE id = ?1", id),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn client_data_of_another_site_or_ceremony_is_refused() {
        let json = br#"{"type":"webauthn.get","challenge":"abc","origin":"https://m.kz"}"#;
        assert_eq!(challenge(json, "webauthn.get", "https://m.kz"), Ok("abc".into()));
        assert_eq!(challenge(json, "webauthn.create", "https://m.kz"), Err(Wrong::ClientData));
        assert_eq!(challenge(json, "webauthn.get", "https://n.kz"), Err(Wrong::Origin));
        assert_eq!(challenge(b"{", "webauthn.get", "https://m.kz"), Err(Wrong::ClientData));
    }

    #[test]
    fn authenticator_data_is_of_this_site_and_somebody_is_there() {
        let data = |flags: u8| [&[7; 32][..], &[flags, 0, 0, 1, 2]].concat();
        assert_eq!(authenticator(&data(5), &[7; 32]), Ok(Said { counter: 258, verified: true }));
        assert_eq!(authenticator(&data(4), &[7; 32]), Err(Wrong::Authenticator));
        assert_eq!(authenticator(&data(1), &[8; 32]), Err(Wrong::Authenticator));
        assert_eq!(authenticator(&[7; 36], &[7; 32]), Err(Wrong::Authenticator));
    }

    #[test]
    fn counters_never_go_back() {
        for (stored, said, fits) in
            [(0, 0, true), (0, 1, true), (5, 6, true), (5, 5, false), (5, 0, false)]
        {
            assert_eq!(counter_fits(stored, said), fits, "{stored} {said}");
        }
    }
}
