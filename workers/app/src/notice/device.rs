//! Telling a person that somebody signed in from a device that was not seen before.
//!
//! A browser that signs in gets a mark, a cookie from which no session follows. Who signs in by a
//! code has shown that a phone or a mailbox is theirs: there browser and system in words are enough
//! to know a device. A password may be somebody else's, and the commonest browser too: there only
//! the mark counts.

use domain::{
    account::sql::Factor,
    notice::{Arg, Event, Notice, args},
    sql,
};
use serde::Deserialize;

use super::tell;
use crate::{
    error::Fault,
    http::Request,
    ports::{Ports, read},
    save::Change,
    secret::digest,
};

/// The cookie of the mark.
const COOKIE: &str = "__Host-device";

/// How long a browser keeps it, seconds: a year.
const AGE: u32 = 31_536_000;

#[derive(Deserialize)]
struct Known {
    secret: String,
    device: String,
}

/// A session that begins.
pub struct Begun<'a> {
    /// Account.
    pub account: &'a str,
    /// Identifier of the session.
    pub session: &'a str,
    /// Browser and system in words.
    pub device: &'a str,
    /// How the person has signed in.
    pub factor: Factor,
}

/// The mark of a browser, from the digest of the session that it began.
fn mark(secret: &str) -> String {
    digest(&format!("device {secret}"))
}

/// The header that leaves the mark; `secret` is the digest of the session that begins.
pub fn left(secret: &str) -> String {
    let mark = mark(secret);
    format!("{COOKIE}={mark}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={AGE}")
}

/// Puts the notice into the batch of a sign-in. Sessions are remembered for a month after their
/// end; the first of an account tells nobody, because there is nothing to compare it with.
pub async fn noticed(
    ports: &Ports<'_>,
    change: &mut Change,
    request: &Request,
    begun: &Begun<'_>,
) -> Result<(), Fault> {
    let known: Vec<Known> = read(
        ports.db,
        sql!(
            "SELECT secret, device FROM session WHERE account = ?1 ORDER BY created_at DESC LIMIT 200",
            begun.account
        ),
    )
    .await?
    .all()?;
    let carried = request.cookie(COOKIE).unwrap_or_default();
    let here = known.iter().any(|one| match begun.factor {
        Factor::Password => mark(&one.secret) == carried,
        _ => one.device == begun.device,
    });
    if !known.is_empty() && !here {
        let notice = Notice {
            account: begun.account.to_owned(),
            event: Event::AccountNewDevice,
            object: ("session", begun.session.to_owned()),
            key: begun.session.to_owned(),
            args: args([
                ("device", Arg::Text(begun.device.to_owned())),
                ("moment", Arg::Moment(ports.now)),
            ]),
        };
        tell(ports, change, &notice);
    }
    Ok(())
}
