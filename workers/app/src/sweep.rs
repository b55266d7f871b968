//! What happens by itself, every minute: time opens and closes vacancies, the outbox is drained,
//! the journal is sealed, what is no longer needed is removed.

use domain::{
    journal::{Row, link, store_seals, unsealed},
    sql,
};
use serde::Deserialize;

use crate::{
    cabinet::vacancies::pass_time,
    error::{Error, Fault},
    outbox,
    ports::{DbError, Ports, read_all},
};

/// Rows sealed in one go.
const SEALS: u32 = 500;
/// Goes at most in one sweep: a busy minute writes several thousand rows.
const SEALINGS: usize = 20;

/// One sweep. Every part runs even if another fails; the faults are for the log.
pub async fn run(ports: &Ports<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    if let Err(Error::Fault(fault)) = pass_time(ports).await {
        faults.push(fault.text().to_owned());
    }
    for outcome in [
        crate::alerts::remind(ports).await,
        crate::alerts::digest::send(ports).await,
        outbox::drain(ports).await,
        crate::application::time::pass_time(ports).await,
        crate::application::time::nudge(ports).await,
        crate::application::time::forget(ports).await,
        crate::search::catch_up(ports).await,
        crate::bank::catch_up(ports).await,
        crate::search::sweep(ports).await,
        crate::file::sweep(ports).await,
        crate::cabinet::my::deletion::sweep(ports).await,
        crate::cabinet::my::reminders::sweep(ports).await,
        seal(ports).await,
        crate::ticket::sweep(ports).await,
        tidy(ports).await,
    ] {
        faults.extend(outcome.err().map(|fault| fault.text().to_owned()));
    }
    faults
}

/// Chains the rows of the journal that are not sealed yet.
pub async fn seal(ports: &Ports<'_>) -> Result<(), Fault> {
    for _ in 0..SEALINGS {
        if seal_some(ports).await? < SEALS as usize {
            break;
        }
    }
    Ok(())
}

/// One go; returns how many rows were sealed.
async fn seal_some(ports: &Ports<'_>) -> Result<usize, Fault> {
    #[derive(Deserialize)]
    struct Head {
        hash: String,
    }
    let rows = read_all(ports.db, unsealed(SEALS).into()).await?;
    let [head, rows] = rows.as_slice() else { return Err(Fault::new("seal: no rows")) };
    let mut hash = head.first::<Head>()?.map(|head| head.hash).unwrap_or_default();
    let mut seals = Vec::new();
    for row in rows.all::<Row>()? {
        hash = link(&hash, &row.row);
        seals.push((row.seq, hash.clone()));
    }
    if seals.is_empty() {
        return Ok(0);
    }
    match ports.db.batch(vec![store_seals(&seals)]).await {
        Ok(_) => Ok(seals.len()),
        // Another sweep was faster: its seals are the same.
        Err(DbError::Unique(_)) => Ok(0),
        Err(error) => Err(Fault::new(format!("seal: {error:?}"))),
    }
}

/// Removes answers to idempotency keys after a week and sessions a month after their end.
async fn tidy(ports: &Ports<'_>) -> Result<(), Fault> {
    let batch = vec![
        sql!("DELETE FROM idempotency WHERE at < ?1", ports.now.plus_seconds(-7 * 86_400)),
        domain::account::contact::tidy(ports.now),
        sql!(
            "DELETE FROM subscription WHERE state = 'pending' AND created_at < ?1",
            ports.now.plus_seconds(-2 * 86_400)
        ),
        sql!("DELETE FROM passkey_challenge WHERE until < ?1", ports.now),
        domain::account::sql::forget_unknown(ports.now.plus_seconds(-86_400)),
        sql!("DELETE FROM session WHERE until < ?1", ports.now.plus_seconds(-30 * 86_400)),
    ];
    ports.db.batch(batch).await.map(|_| ()).map_err(|e| Fault::new(format!("tidy: {e:?}")))
}
