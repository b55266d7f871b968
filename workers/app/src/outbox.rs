//! The outbox: events wait in the database of the change until their consumers have them.
//! It is drained right after a change and by the sweep, so an event survives any crash.

use domain::{shared::statement::Statement, sql};
use serde::Deserialize;

use crate::{
    error::Fault,
    ports::{Ports, read},
};

/// Minutes to wait after the first, second … failure.
const BACKOFF_MINUTES: [i64; 4] = [1, 5, 30, 120];
/// Events handled in one go.
const BATCH: usize = 250;
/// Goes at most in one drain, so that its work is bounded; the sweep goes on.
const ROUNDS: usize = 20;

#[derive(Deserialize)]
struct Waiting {
    id: i64,
    topic: String,
    key: String,
    attempts: i64,
}

/// Hands waiting events to their consumers. Consumers read the state anew, so an event that is
/// handed over twice does no harm.
pub async fn drain(ports: &Ports<'_>) -> Result<(), Fault> {
    for _ in 0..ROUNDS {
        if round(ports).await? < BATCH {
            break;
        }
    }
    Ok(())
}

/// One go; returns how many events were waiting.
async fn round(ports: &Ports<'_>) -> Result<usize, Fault> {
    let waiting: Vec<Waiting> = read(
        ports.db,
        sql!(
            "SELECT id, topic, key, attempts FROM outbox WHERE next_at <= ?1 ORDER BY next_at, id LIMIT ?2",
            ports.now,
            BATCH as i64
        ),
    )
    .await?
    .all()?;
    let (mut done, mut settle) = (Vec::new(), Vec::new());
    let mut topics: Vec<&str> = waiting.iter().map(|event| event.topic.as_str()).collect();
    topics.sort_unstable();
    topics.dedup();
    for topic in topics {
        let events: Vec<&Waiting> = waiting.iter().filter(|e| e.topic == topic).collect();
        let mut keys: Vec<String> = events.iter().map(|event| event.key.clone()).collect();
        keys.sort();
        keys.dedup();
        match consume(ports, topic, &keys).await {
            Ok(()) => done.extend(events.iter().map(|event| event.id)),
            Err(fault) => settle.extend(events.iter().map(|event| postponed(ports, event, &fault))),
        }
    }
    if !done.is_empty() {
        let done = serde_json::json!(done).to_string();
        settle.push(sql!("DELETE FROM outbox WHERE id IN (SELECT value FROM json_each(?1))", done));
    }
    if !settle.is_empty() {
        ports.db.batch(settle).await.map_err(|e| Fault::new(format!("outbox: {e:?}")))?;
    }
    Ok(waiting.len())
}

/// The consumers: a topic and what it moves.
async fn consume(ports: &Ports<'_>, topic: &str, keys: &[String]) -> Result<(), Fault> {
    match topic {
        "vacancy.changed" => {
            crate::search::index(ports, keys).await?;
            crate::application::time::follow(ports, keys).await
        }
        // The cards of a school's vacancies carry its name and place.
        "organisation.changed" => {
            let ids: Vec<Key> = read(
                ports.db,
                sql!(
                    "SELECT id FROM vacancy WHERE organisation IN (SELECT value FROM json_each(?1))
                       AND state = 'published'",
                    serde_json::json!(keys).to_string()
                ),
            )
            .await?
            .all()?;
            let ids: Vec<String> = ids.into_iter().map(|row| row.id).collect();
            crate::search::organisations(ports, keys).await?;
            crate::search::index(ports, &ids).await
        }
        crate::application::close::CLOSED => crate::application::close::lock(ports, keys).await,
        domain::analysis::ASKED => crate::analysis::announce(ports, keys).await,
        crate::exam::RULED => crate::exam::rescore::follow(ports, keys).await,
        domain::file::RECEIVED => crate::file::announce(ports, keys).await,
        // Names of directories and places are part of every entry.
        "names.changed" => crate::search::restart(ports).await,
        "item.changed" => crate::bank::index(ports, keys).await,
        "notice.created" => crate::notice::deliver(ports, keys).await,
        "message.created" => crate::notice::hand_over(ports, keys).await,
        other => Err(Fault::new(format!("outbox: nobody takes {other}"))),
    }
}

#[derive(Deserialize)]
struct Key {
    id: String,
}

/// An event that a consumer could not take: it waits longer each time.
fn postponed(ports: &Ports<'_>, event: &Waiting, fault: &Fault) -> Statement {
    let step = usize::try_from(event.attempts).unwrap_or_default();
    let wait = BACKOFF_MINUTES[step.min(BACKOFF_MINUTES.len() - 1)];
    sql!(
        "UPDATE outbox SET attempts = attempts + 1, next_at = ?2, error = ?3 WHERE id = ?1",
        event.id,
        ports.now.plus_seconds(wait * 60),
        fault.text()
    )
}
