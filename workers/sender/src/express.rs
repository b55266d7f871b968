//! Messages that cannot wait: one-time codes. They are sent while the person waits and written
//! nowhere; only the fact is kept, for the figures.

use domain::{
    job::Express,
    notice::{Arg, Args, Channel, Event},
    shared::lang::Lang,
    sql,
};
use serde::Deserialize;

use crate::{
    World,
    gateway::{Memory, Outcome, Recall, Receipt, Why, order},
    queue::{Gateways, edited_of},
    ready::{Source, ready},
    store,
};

/// Why it was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The request says nothing that can be sent.
    Malformed,
    /// No gateway takes this address.
    Address,
    /// No gateway answered well.
    Down,
}

/// Sends a message now.
///
/// # Errors
/// See [`Failure`].
pub async fn deliver(world: &World<'_>, message: &Express) -> Result<(), Failure> {
    let channel = Channel::parse(&message.channel).ok_or(Failure::Malformed)?;
    let event = Event::parse(&message.event).ok_or(Failure::Malformed)?;
    let args: Args =
        message.args.iter().map(|(name, value)| (name.clone(), Arg::Text(value.clone()))).collect();
    #[derive(Deserialize)]
    struct Sent {}
    let asked = vec![
        store::health(),
        store::edited(),
        sql!(
            "SELECT id FROM message WHERE event = ?1 AND key = ?2 AND recipient = ?3 AND channel = ?4",
            event.code(),
            &message.key,
            &message.address,
            channel.code()
        ),
    ];
    // A database that is down must not keep a code from its person.
    let rows = world.db.batch(asked).await.unwrap_or_default();
    if rows.get(2).and_then(|rows| rows.first::<Sent>().ok()).flatten().is_some() {
        return Ok(());
    }
    let gateways = Gateways::new(rows.first().and_then(|r| r.all().ok()).unwrap_or_default());
    let edited: Vec<store::EditedRow> = rows.get(1).and_then(|r| r.all().ok()).unwrap_or_default();
    let id = world.new_id();
    let source = Source {
        id: &id,
        event,
        channel,
        lang: Lang::parse(&message.lang).unwrap_or_default(),
        address: &message.address,
        args: &args,
        link: "",
        stop: "",
        latin: false,
        origin: &world.settings.origin,
    };
    let ready = ready(&source, &edited_of(&edited, event.code())).ok_or(Failure::Malformed)?;
    let mut failure = Failure::Down;
    let all = order(world.settings, channel, &message.address);
    let now = (world.now)();
    // Those that rest come last: with nothing else left, a try costs nothing.
    let (resting, awake): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|one| gateways.is_open(one.name(), now).is_some());
    let mut taken = None;
    for gateway in awake.iter().chain(&resting) {
        let mut outcome = gateway.send(world, &ready).await;
        if matches!(outcome, Outcome::Doubt(_)) {
            outcome = match gateway.memory() {
                Memory::Recall => match gateway.recall(world, &ready, &[]).await {
                    Recall::Has(receipt) => Outcome::Accepted(receipt),
                    _ => outcome,
                },
                Memory::Key => gateway.send(world, &ready).await,
                _ => outcome,
            };
        }
        let well = matches!(outcome, Outcome::Accepted(_) | Outcome::Refused(Why::Message, _));
        gateways.note(gateway.name(), well, false, (world.now)());
        match outcome {
            Outcome::Accepted(receipt) => {
                taken = Some((gateway.name(), receipt));
                break;
            }
            Outcome::Refused(Why::Message | Why::Gone, _) => {
                failure = Failure::Address;
                break;
            }
            // In doubt the next gateway is asked: the same code twice does no harm, a code that
            // does not come does.
            _ => {}
        }
    }
    let mut batch = Vec::new();
    let changed = gateways.changed();
    if !changed.is_empty() {
        batch.push(store::store_health(&changed));
    }
    if let Some((gateway, Receipt { provider_id, cost })) = &taken {
        let now = (world.now)();
        batch.push(sql!(
            "INSERT INTO message (id, event, key, recipient, channel, address, lang, state, attempts, gateway, provider_id, parts, cost, queued_at, sent_at, check_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?4, ?6, 'sent', 1, ?7, ?8, ?9, ?10, ?11, ?11, ?12)
             ON CONFLICT (event, key, recipient, channel) DO NOTHING",
            &id,
            event.code(),
            &message.key,
            &message.address,
            channel.code(),
            source.lang.code(),
            *gateway,
            provider_id,
            ready.parts,
            *cost,
            now,
            domain::notice::policy::policy().check(now, 0)
        ));
    }
    if !batch.is_empty() {
        // The code is out; figures that cannot be kept must not take it back.
        drop(world.db.batch(batch).await);
    }
    if taken.is_some() { Ok(()) } else { Err(failure) }
}
