//! What a closed case was decided on stays as it was: records of the profile that say what was sent
//! are locked. One that its owner has written anew since then says something else; the case has its
//! own copy of what was sent (`snapshot`).

use domain::{
    application::{
        model::Application,
        sql::{self as application_sql, ContentRow, Row},
    },
    journal::{Entry, Source},
    profile::{
        api::Item,
        item::{Act, decide},
        sql as profile_sql,
    },
};
use serde_json::json;

use crate::{
    error::Fault,
    ports::{DbError, Ports, read_all},
    save::{Change, Event},
};

/// The topic of the outbox: an application was decided on.
pub(crate) const CLOSED: &str = "application.closed";

/// The event of a change that closes the case.
pub(super) fn event(before: &Application, after: &Application) -> Option<Event> {
    let closes = after.state.is_decided() && !before.state.is_decided();
    closes.then(|| Event { topic: CLOSED, key: after.id.clone() })
}

/// Locks what closed applications were decided on. Reads the state anew, so a repetition changes
/// nothing.
pub(crate) async fn lock(ports: &Ports<'_>, applications: &[String]) -> Result<(), Fault> {
    for id in applications {
        lock_of(ports, id).await?;
    }
    Ok(())
}

async fn lock_of(ports: &Ports<'_>, id: &str) -> Result<(), Fault> {
    let reads =
        vec![application_sql::by_id(id), application_sql::last_sent(id), profile_sql::used_by(id)];
    let rows = read_all(ports.db, reads).await?;
    let [row, sent, items] = rows.as_slice() else {
        return Err(Fault::new("closed application: a statement has no rows"));
    };
    let Some(row) = row.first::<Row>()? else { return Ok(()) };
    let Some(sent) = sent.first::<ContentRow>()? else { return Ok(()) };
    if !row.application.state.is_decided() {
        return Ok(());
    }
    for item in items.all::<Item>()?.iter().filter(|item| sent.content.took(item)) {
        let Ok(next) = decide(item, &Act::Lock) else { continue };
        let after =
            json!({ "kind": next.kind.code(), "state": next.state, "version": next.version });
        let change = Change {
            statements: profile_sql::lock(&next, ports.now),
            journal: vec![
                Entry::new("profile.lock", "record", &next.id)
                    .of(&row.application.organisation)
                    .after(after),
            ],
            events: vec![],
        };
        match ports.db.batch(change.into_batch(&Source::default(), ports)).await {
            Ok(_) => {}
            // Its owner wrote at the same moment: the outbox looks again.
            Err(DbError::Check(_)) => {
                return Err(Fault::new("a record changed while it was locked"));
            }
            Err(error) => return Err(Fault::new(format!("locking a record: {error:?}"))),
        }
    }
    Ok(())
}
