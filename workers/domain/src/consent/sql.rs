//! SQL of consents.

use super::text::{Wording, current};
use crate::{
    shared::{
        statement::{Param, Statement, guard},
        time::Timestamp,
    },
    sql,
};

/// Whether a person has agreed to a purpose: one row `has` with 1 or 0.
pub fn has(purpose: &str, person: &str, now: Timestamp) -> Statement {
    let (condition, params) = condition(purpose, person, now);
    Statement { sql: format!("SELECT {condition} AS has").into(), params }
}

/// Breaks a batch with [`crate::shared::refusal::Kind::Conflict`] (`state`) unless the person has
/// agreed: a withdrawal that comes between a check and a write is seen.
pub fn demand(purpose: &str, person: &str, now: Timestamp) -> Statement {
    let (condition, params) = condition(purpose, person, now);
    guard("state", &format!("SELECT {condition}"), params)
}

fn condition(purpose: &str, person: &str, now: Timestamp) -> (&'static str, Vec<Param>) {
    let oldest = current(purpose).map_or("9999", |wording| wording.oldest_valid.as_str());
    (
        "EXISTS (SELECT 1 FROM consent WHERE person = ?1 AND purpose = ?2 AND withdrawn_at IS NULL
           AND until > ?3 AND version >= ?4)",
        vec![person.into(), purpose.into(), now.into(), oldest.into()],
    )
}

/// Everything a person ever gave, newest first.
pub fn history(person: &str) -> Statement {
    sql!(
        "SELECT id, purpose, version, given_at, channel, until, withdrawn_at FROM consent
         WHERE person = ?1 ORDER BY given_at DESC, withdrawn_at IS NOT NULL, id DESC LIMIT 500",
        person
    )
}

/// Keeps a consent. An older one of the same purpose ends with it.
#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
pub fn give(
    id: &str,
    person: &str,
    wording: &Wording,
    digest: &str,
    lang: &str,
    channel: &str,
    until: Timestamp,
    now: Timestamp,
) -> Vec<Statement> {
    vec![
        sql!(
            "UPDATE consent SET withdrawn_at = ?3 WHERE person = ?1 AND purpose = ?2 AND withdrawn_at IS NULL",
            person,
            &wording.text.purpose,
            now
        ),
        sql!(
            "INSERT INTO consent (id, person, purpose, version, digest, lang, channel, given_at, until)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            id,
            person,
            &wording.text.purpose,
            &wording.text.version,
            digest,
            lang,
            channel,
            now,
            until
        ),
    ]
}

/// Keeps a consent that is given together with something else (an application that is sent): one to
/// the same text that holds already stays, one to an older text or past its time ends with it.
#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
pub fn give_along(
    id: &str,
    person: &str,
    wording: &Wording,
    digest: &str,
    lang: &str,
    channel: &str,
    until: Timestamp,
    now: Timestamp,
) -> Vec<Statement> {
    vec![
        sql!(
            "UPDATE consent SET withdrawn_at = ?3 WHERE person = ?1 AND purpose = ?2 AND withdrawn_at IS NULL
               AND (version <> ?4 OR until <= ?3)",
            person,
            &wording.text.purpose,
            now,
            &wording.text.version
        ),
        sql!(
            "INSERT OR IGNORE INTO consent (id, person, purpose, version, digest, lang, channel, given_at, until)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            id,
            person,
            &wording.text.purpose,
            &wording.text.version,
            digest,
            lang,
            channel,
            now,
            until
        ),
    ]
}

/// Withdraws a consent; the batch breaks (`state`) where it is not the person's or withdrawn.
pub fn withdraw(id: &str, person: &str, now: Timestamp) -> Vec<Statement> {
    vec![
        guard(
            "state",
            "SELECT EXISTS (SELECT 1 FROM consent WHERE id = ?1 AND person = ?2 AND withdrawn_at IS NULL)",
            vec![id.into(), person.into()],
        ),
        sql!("UPDATE consent SET withdrawn_at = ?2 WHERE id = ?1", id, now),
    ]
}

/// The registry for the data officer: every consent, by numbers and without names, in order.
pub fn registry(after: &str, limit: u32) -> Statement {
    sql!(
        "SELECT id, person, purpose, version, digest, lang, channel, given_at, until, withdrawn_at
         FROM consent WHERE id > ?1 ORDER BY id LIMIT ?2",
        after,
        limit
    )
}
