//! Telling people: what a feature calls, and what becomes of a notice afterwards.

use domain::{
    job::Job,
    notice::{
        Event, Letter, Notice, StaffNotice,
        plan::{Rows, Told, plan, told},
        policy::policy,
        spec,
    },
    sql,
};
use serde::Deserialize;

use crate::{
    error::Fault,
    ports::{Ports, read},
    save::{self, Change},
    secret::token,
};

pub mod desk;
pub mod device;
pub mod inbox;
pub mod journal;
pub mod preferences;

/// Tells one person, in the batch of the change that is told.
pub fn tell(ports: &Ports<'_>, change: &mut Change, notice: &Notice) {
    let id = ports.new_id();
    change.statements.extend(notice.statements(ports.now, &id));
    change.events.push(save::Event { topic: "notice.created", key: id });
}

/// Tells everybody who holds a permission for an organisation, in the batch of the change.
pub fn tell_staff(ports: &Ports<'_>, change: &mut Change, notice: &StaffNotice) {
    let id = ports.new_id();
    change.statements.extend(notice.statements(ports.now, &id));
    change.events.push(save::Event { topic: "notice.created", key: id });
}

/// Writes to an address without an account, in the batch of the change.
pub fn write(ports: &Ports<'_>, change: &mut Change, letter: &Letter) {
    let id = ports.new_id();
    change.statements.extend(letter.statements(ports.now, &id));
    change.events.push(save::Event { topic: "message.created", key: id });
}

/// Notices of one batch of rows: what they take stays far below the limits of a transaction.
const SLICE: usize = 250;

#[derive(Deserialize)]
struct Id {
    id: String,
}

/// The consumer of `notice.created`: writes the messages and puts those that may leave now into
/// the queue. What the queue loses, the sweep of the worker `dispatch` finds again.
pub async fn deliver(ports: &Ports<'_>, batches: &[String]) -> Result<(), Fault> {
    let people: Vec<Told> = read(ports.db, told(batches)).await?.all()?;
    for slice in people.chunks(SLICE) {
        let mut rows = Rows::default();
        for person in slice {
            let Some(spec) = Event::parse(&person.event).and_then(spec) else { continue };
            let planned = plan(policy(), spec, person, ports.now);
            rows.add(person, &planned, || ports.new_id(), || token(ports));
        }
        if rows.is_empty() {
            continue;
        }
        let batch = rows.statements(ports.now);
        let done = ports.db.batch(batch).await;
        let done = done.map_err(|e| Fault::new(format!("messages: {e:?}")))?;
        let new: Vec<Id> =
            done.last().map(crate::ports::Rows::all).transpose()?.unwrap_or_default();
        let due = new.into_iter().filter(|row| !row.id.is_empty());
        let jobs: Vec<Job> = due.map(|row| Job { kind: "message".into(), id: row.id }).collect();
        enqueue(ports, &jobs).await;
    }
    Ok(())
}

/// The consumer of `message.created`: puts written messages into the queue.
pub async fn hand_over(ports: &Ports<'_>, ids: &[String]) -> Result<(), Fault> {
    let update = sql!(
        "UPDATE message SET enqueued_at = ?2 WHERE id IN (SELECT value FROM json_each(?1)) AND state = 'queued'",
        serde_json::json!(ids).to_string(),
        ports.now
    );
    ports.db.batch(vec![update]).await.map_err(|e| Fault::new(format!("messages: {e:?}")))?;
    let jobs: Vec<Job> =
        ids.iter().map(|id| Job { kind: "message".into(), id: id.clone() }).collect();
    enqueue(ports, &jobs).await;
    Ok(())
}

/// The rows are the truth; a queue that is down only makes them leave with the next sweep.
async fn enqueue(ports: &Ports<'_>, jobs: &[Job]) {
    if !jobs.is_empty() {
        drop(ports.courier.enqueue(jobs).await);
    }
}
