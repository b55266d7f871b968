//! Every minute: claims that ended without a word, messages that are due again, whether messages
//! arrived, how much money is left.

use std::collections::BTreeMap;

use app::{error::Fault, ports::read};
use domain::{
    job::Job,
    notice::{Channel, policy::policy},
    shared::time::Timestamp,
    sql,
};
use serde::Deserialize;
use serde_json::json;

use crate::{
    World,
    gateway::{Delivery, Gateway, named},
    settings::Settings,
    store,
};

/// Ids put into the queue by one sweep.
const DUE: i64 = 5000;
/// Messages sent by the sweep itself where the queue is down.
const ALONE: usize = 50;
/// Messages asked about in one sweep.
const CHECKS: i64 = 300;
/// Minutes between two looks at the money.
const BALANCE_MINUTES: i64 = 10;

#[derive(Deserialize)]
struct Id {
    id: String,
}

/// One sweep. Every part runs even if another fails; the faults are for the log.
pub async fn sweep(world: &World<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    for outcome in [
        release(world).await,
        requeue(world).await,
        check(world).await,
        balances(world).await,
        rates(world).await,
        tidy(world).await,
    ] {
        faults.extend(outcome.err().map(|fault| fault.text().to_owned()));
    }
    faults
}

/// The queue gave jobs up: their rows are still there, but somebody should know.
///
/// # Errors
/// A fault of the database.
pub async fn given_up(world: &World<'_>, count: u32) -> Result<(), Fault> {
    let text = count.to_string();
    write(world, store::alarm("queue", "dead", &text, &world.new_id(), (world.now)())).await
}

async fn write(
    world: &World<'_>,
    batch: Vec<domain::shared::statement::Statement>,
) -> Result<(), Fault> {
    world.db.batch(batch).await.map(drop).map_err(|e| Fault::new(format!("sweep: {e:?}")))
}

/// Claims that ended without a word: the gateway may have the message.
async fn release(world: &World<'_>) -> Result<(), Fault> {
    let now = (world.now)();
    let free = sql!(
        "UPDATE message SET state = 'queued', doubt = 1, next_at = ?1, claim = NULL, claimed_until = NULL, error = 'interrupted'
         WHERE state = 'sending' AND claimed_until < ?1",
        now
    );
    write(world, vec![free]).await
}

/// What is due and not in the queue, or lost by it.
async fn requeue(world: &World<'_>) -> Result<(), Fault> {
    let now = (world.now)();
    let lost = now.plus_seconds(-policy().requeue_seconds);
    let due: Vec<Id> = read(
        world.db,
        sql!(
            "UPDATE message SET enqueued_at = ?1 WHERE id IN (
               SELECT id FROM message WHERE state = 'queued' AND next_at <= ?1
                 AND (enqueued_at IS NULL OR enqueued_at < ?2 OR enqueued_at < next_at)
               ORDER BY next_at LIMIT ?3) RETURNING id",
            now,
            lost,
            DUE
        ),
    )
    .await?
    .all()?;
    if due.is_empty() {
        return Ok(());
    }
    let jobs: Vec<Job> =
        due.iter().map(|row| Job { kind: "message".into(), id: row.id.clone() }).collect();
    if world.courier.enqueue(&jobs).await.is_err() {
        let ids: Vec<String> = due.into_iter().take(ALONE).map(|row| row.id).collect();
        crate::send(world, &ids).await?;
    }
    Ok(())
}

#[derive(Deserialize)]
struct Asked {
    id: String,
    channel: Channel,
    address: String,
    gateway: String,
    provider_id: Option<String>,
    checks: i64,
}

/// Asks gateways whether messages arrived.
async fn check(world: &World<'_>) -> Result<(), Fault> {
    let now = (world.now)();
    let rows: Vec<Asked> = read(
        world.db,
        sql!(
            "SELECT id, channel, address, gateway, provider_id, checks FROM message
             WHERE check_at <= ?1 AND state = 'sent' AND gateway IS NOT NULL ORDER BY check_at LIMIT ?2",
            now,
            CHECKS
        ),
    )
    .await?
    .all()?;
    let mut by_gateway: BTreeMap<(Channel, String), Vec<&Asked>> = BTreeMap::new();
    for row in &rows {
        by_gateway.entry((row.channel, row.gateway.clone())).or_default().push(row);
    }
    let (mut updates, mut blocked) = (Vec::new(), Vec::new());
    for ((channel, name), asked) in by_gateway {
        let Some(gateway) = named(world.settings, channel, &name) else { continue };
        let list: Vec<_> = asked
            .iter()
            .map(|row| {
                (row.id.clone(), row.address.clone(), row.provider_id.clone().unwrap_or_default())
            })
            .collect();
        let known: BTreeMap<String, Delivery> =
            gateway.deliveries(world, &list).await.into_iter().collect();
        for row in asked {
            let next = policy().check(now, row.checks + 1);
            let (state, next) = match known.get(&row.id) {
                Some(Delivery::Delivered) => ("delivered", None),
                Some(Delivery::Failed) => ("failed", None),
                Some(Delivery::Blocked) => {
                    blocked.push((row.channel.code(), row.address.clone(), "bounce".to_owned()));
                    ("failed", None)
                }
                Some(Delivery::Pending) | None => ("sent", next),
            };
            updates.push(json!({ "id": row.id, "state": state, "next": next }));
        }
    }
    let mut batch = vec![sql!(
        "UPDATE message SET state = v.value ->> 'state', checks = checks + 1, check_at = v.value ->> 'next',
           delivered_at = CASE WHEN v.value ->> 'state' = 'delivered' THEN ?2 ELSE delivered_at END,
           error = CASE WHEN v.value ->> 'state' = 'failed' THEN 'not delivered' ELSE error END
         FROM json_each(?1) AS v WHERE message.id = v.value ->> 'id' AND message.state = 'sent'",
        json!(updates).to_string(),
        now
    )];
    if !blocked.is_empty() {
        batch.push(store::block(&blocked, now));
    }
    if updates.is_empty() { Ok(()) } else { write(world, batch).await }
}

fn sms(settings: &Settings) -> impl Iterator<Item = Gateway<'_>> {
    settings.sms.iter().map(Gateway::Sms)
}

/// Looks at the money, now and then.
async fn balances(world: &World<'_>) -> Result<(), Fault> {
    #[derive(Deserialize)]
    struct Seen {
        name: String,
        balance_at: Option<Timestamp>,
    }
    if world.settings.sms.is_empty() {
        return Ok(());
    }
    let now = (world.now)();
    let seen: Vec<Seen> =
        read(world.db, sql!("SELECT name, balance_at FROM gateway")).await?.all()?;
    let fresh = now.plus_seconds(-BALANCE_MINUTES * 60);
    let mut batch = Vec::new();
    for gateway in sms(world.settings) {
        let name = gateway.name();
        if seen.iter().any(|one| one.name == name && one.balance_at.is_some_and(|at| at > fresh)) {
            continue;
        }
        let balance = gateway.balance(world).await;
        batch.push(sql!(
            "INSERT INTO gateway (name, balance, balance_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET balance = coalesce(?2, balance), balance_at = ?3",
            name,
            balance,
            now
        ));
        match balance {
            Some(left) if left < policy().balance_low => {
                let text = format!("{} KZT", left / 100);
                batch.extend(store::alarm(name, "balance", &text, &world.new_id(), now));
            }
            Some(_) => batch.push(store::calm(name, "balance", now)),
            None => {}
        }
    }
    if batch.is_empty() { Ok(()) } else { write(world, batch).await }
}

/// Compares what was delivered with what was sent, of the last day; the last hour is too young.
async fn rates(world: &World<'_>) -> Result<(), Fault> {
    #[derive(Deserialize)]
    struct Rate {
        gateway: String,
        total: i64,
        arrived: i64,
    }
    let now = (world.now)();
    let rates: Vec<Rate> = read(
        world.db,
        sql!(
            "SELECT gateway, count(*) AS total, count(*) FILTER (WHERE state = 'delivered') AS arrived FROM message
             WHERE queued_at BETWEEN ?1 AND ?2 AND channel = 'sms' AND sent_at IS NOT NULL
               AND gateway IS NOT NULL AND gateway <> 'kazinfoteh' GROUP BY gateway",
            now.plus_seconds(-86_400),
            now.plus_seconds(-3600)
        ),
    )
    .await?
    .all()?;
    let mut batch = Vec::new();
    for rate in rates.iter().filter(|rate| rate.total >= policy().delivery_least_messages) {
        let percent = rate.arrived * 100 / rate.total;
        if percent < policy().delivery_least_percent {
            let text = format!("{percent} %");
            batch.extend(store::alarm(&rate.gateway, "delivery", &text, &world.new_id(), now));
        } else {
            batch.push(store::calm(&rate.gateway, "delivery", now));
        }
    }
    if batch.is_empty() { Ok(()) } else { write(world, batch).await }
}

/// Texts are kept as long as somebody may ask about them.
async fn tidy(world: &World<'_>) -> Result<(), Fault> {
    let old = (world.now)().plus_seconds(-policy().body_days * 86_400);
    let forget = sql!(
        "UPDATE message SET body = '', subject = '', args = '{}' WHERE queued_at < ?1 AND (body <> '' OR args <> '{}')
           AND state NOT IN ('queued', 'sending')",
        old
    );
    write(world, vec![forget]).await
}
