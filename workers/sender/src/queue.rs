//! Sending a batch of messages: look, claim, send, write down.
//!
//! A claim names the gateway before anything goes there. Whatever happens then (a crash, an
//! answer that gets lost, a database that refuses), the message is found again with the gateway
//! that may have it, and that gateway is asked before anything is sent a second time.

use std::{cell::RefCell, collections::BTreeMap};

use app::{error::Fault, ports::read_all};
use domain::{
    notice::{Arg, Channel, Event, Item, Part, policy::policy, render, spec},
    shared::{
        lang::{Lang, Text},
        time::Timestamp,
    },
};
use futures_util::{StreamExt, stream};
use serde::Deserialize;
use serde_json::json;

use crate::{
    World,
    gateway::{Gateway, Memory, Outcome, Recall, Receipt, Why, named, order},
    ready::{Ready, Source, ready},
    store::{self, Digested, Done, EditedRow, Health, Row},
};

/// Calls under way at once: the runtime opens six connections for one event.
const AT_ONCE: usize = 6;

/// Gateways as they are now, and what happened to them meanwhile.
pub(crate) struct Gateways(RefCell<BTreeMap<String, (Health, bool)>>);

impl Gateways {
    pub fn new(rows: Vec<Health>) -> Gateways {
        Gateways(RefCell::new(rows.into_iter().map(|h| (h.name.clone(), (h, false))).collect()))
    }

    pub fn is_open(&self, name: &str, now: Timestamp) -> Option<Timestamp> {
        self.0
            .borrow()
            .get(name)
            .and_then(|(health, _)| health.open_until)
            .filter(|until| *until > now)
    }

    /// Notes how a gateway behaved. `at_once` leaves it alone without waiting for more.
    pub fn note(&self, name: &str, well: bool, at_once: bool, now: Timestamp) {
        let policy = policy();
        let mut all = self.0.borrow_mut();
        let (health, changed) = all
            .entry(name.to_owned())
            .or_insert_with(|| (Health { name: name.into(), ..Health::default() }, false));
        if well {
            if health.failures > 0 || health.open_until.is_some() {
                (health.failures, health.open_until, *changed) = (0, None, true);
            }
            return;
        }
        health.failures += 1;
        *changed = true;
        let over = health.failures - policy.breaker_failures;
        if over >= 0 || at_once {
            let doubled = policy.breaker_seconds.saturating_mul(1 << over.clamp(0, 10));
            let seconds = if at_once { policy.breaker_most_seconds } else { doubled };
            health.open_until = Some(now.plus_seconds(seconds.min(policy.breaker_most_seconds)));
        }
    }

    pub fn changed(&self) -> Vec<Health> {
        self.0.borrow().values().filter(|(_, changed)| *changed).map(|(h, _)| h.clone()).collect()
    }
}

/// What a batch needs from the database.
struct Facts {
    rows: Vec<Row>,
    digested: Vec<Digested>,
    edited: Vec<EditedRow>,
    gateways: Gateways,
    known: Vec<String>,
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

async fn facts(world: &World<'_>, ids: &str) -> Result<Facts, Fault> {
    let asked = vec![
        store::due(ids, (world.now)()),
        store::digested(ids),
        store::edited(),
        store::health(),
        store::known(ids),
    ];
    let rows = read_all(world.db, asked).await?;
    let [due, digested, edited, health, known] = rows.as_slice() else {
        return Err(Fault::new("send: rows"));
    };
    Ok(Facts {
        rows: due.all()?,
        digested: digested.all()?,
        edited: edited.all()?,
        gateways: Gateways::new(health.all()?),
        known: known.all::<Id>()?.into_iter().map(|row| row.id).collect(),
    })
}

pub(crate) fn edited_of(rows: &[EditedRow], event: &str) -> render::Edited {
    rows.iter()
        .filter(|row| row.event == event && !row.kk.is_empty())
        .map(|row| (row.part, Text { kk: row.kk.clone(), ru: row.ru.clone(), en: row.en.clone() }))
        .collect()
}

/// The values of a letter of the day.
fn digest_args(world: &World<'_>, row: &Row, facts: &Facts, lang: Lang) -> domain::notice::Args {
    let items: Vec<Item> = facts
        .digested
        .iter()
        .filter(|one| one.message == row.id)
        .filter_map(|one| {
            let spec = spec(Event::parse(&one.event)?)?;
            let edited = edited_of(&facts.edited, &one.event);
            let path = render::link(spec, &one.object_id);
            Some(Item {
                title: render::part(spec, &edited, Part::Title, lang, &one.args),
                text: render::part(spec, &edited, Part::Body, lang, &one.args),
                link: if path.is_empty() {
                    path
                } else {
                    format!("{}{path}", world.settings.origin)
                },
            })
        })
        .collect();
    domain::notice::args([("count", Arg::Count(items.len() as i64)), ("list", Arg::List(items))])
}

fn words(world: &World<'_>, row: &Row, facts: &Facts) -> Option<Ready> {
    let event = Event::parse(&row.event)?;
    let lang = Lang::parse(&row.lang).unwrap_or_default();
    let digest = (event == Event::NoticeDigest).then(|| digest_args(world, row, facts, lang));
    let source = Source {
        id: &row.id,
        event,
        channel: row.channel,
        lang,
        address: row.endpoint.as_deref().unwrap_or(&row.address),
        args: digest.as_ref().unwrap_or(&row.args),
        link: &row.link,
        stop: &row.stop,
        latin: row.latin,
        origin: &world.settings.origin,
    };
    let made = ready(&source, &edited_of(&facts.edited, &row.event))?;
    let key = |key: &Option<String>| key.clone().unwrap_or_default();
    Some(Ready { p256dh: key(&row.p256dh), auth: key(&row.auth), ..made })
}

/// A message on its way.
struct Task<'a> {
    row: &'a Row,
    ready: Ready,
    gateway: Gateway<'a>,
}

/// Sends the messages among `ids` that are due and nobody else is sending. Returns how many were
/// claimed.
///
/// # Errors
/// A fault of the database before anything was sent: the whole batch may come again.
pub async fn send(world: &World<'_>, ids: &[String]) -> Result<usize, Fault> {
    let asked = json!(ids).to_string();
    let facts = facts(world, &asked).await?;
    let now = (world.now)();
    let (mut tasks, mut settled) = (Vec::new(), Vec::new());
    for row in &facts.rows {
        match choose(world, row, &facts, now) {
            Ok(task) => tasks.push(task),
            Err((state, error, next_at)) => settled
                .push(json!({ "id": row.id, "state": state, "error": error, "next_at": next_at })),
        }
    }
    let token = world.new_id();
    let pairs: Vec<_> = tasks
        .iter()
        .map(|task| json!({ "id": task.row.id, "gateway": task.gateway.name() }))
        .collect();
    let until = now.plus_seconds(policy().claim_seconds);
    let batch = vec![
        store::settled(&json!(settled).to_string()),
        store::claim(&json!(pairs).to_string(), &token, now, until),
    ];
    let rows = world.db.batch(batch).await.map_err(|e| Fault::new(format!("claim: {e:?}")))?;
    let claimed: Vec<Id> = rows.get(1).map(|rows| rows.all()).transpose()?.unwrap_or_default();
    let ours: std::collections::HashSet<String> = claimed.into_iter().map(|row| row.id).collect();
    tasks.retain(|task| ours.contains(&task.row.id));
    let count = tasks.len();
    let effects = RefCell::new(Effects::default());
    let work = tasks.into_iter().map(|task| one(world, &facts, &token, task, &effects));
    let done: Vec<Done> = stream::iter(work).buffer_unordered(AT_ONCE).collect().await;
    write_down(world, &facts.gateways, done, effects.into_inner(), &token).await?;
    Ok(count)
}

/// Which gateway gets a message, or why none does.
fn choose<'a>(
    world: &'a World<'_>,
    row: &'a Row,
    facts: &Facts,
    now: Timestamp,
) -> Result<Task<'a>, (&'static str, &'static str, Option<Timestamp>)> {
    let age = (now.millis() - row.queued_at.millis()) / 3_600_000;
    if row.doubt && row.attempts > policy().retry_minutes.len() as i64 {
        return Err(("unsure", "no answer", None));
    }
    if age >= policy().expire_hours && !row.doubt {
        return Err(("expired", "too old", None));
    }
    if row.blocked.is_some() {
        return Err(("suppressed", "blocked", None));
    }
    if row.channel == Channel::Push && row.endpoint.is_none() {
        return Err(("suppressed", "device gone", None));
    }
    let Some(ready) = words(world, row, facts) else {
        return Err(("failed", "unknown event", None));
    };
    if row.doubt {
        let begun =
            row.gateway.as_deref().and_then(|name| named(world.settings, row.channel, name));
        return match begun {
            Some(gateway) if gateway.memory() == Memory::None => Err(("unsure", "no answer", None)),
            Some(gateway) => Ok(Task { row, ready, gateway }),
            None => Err(("unsure", "gateway is gone", None)),
        };
    }
    let all = order(world.settings, row.channel, &row.address);
    let Some(first) = all.first() else { return Err(("failed", "no gateway", None)) };
    let open = |gateway: &Gateway<'_>| facts.gateways.is_open(gateway.name(), now);
    match all.iter().find(|gateway| open(gateway).is_none()) {
        Some(gateway) => Ok(Task { row, ready, gateway: gateway.clone() }),
        None => {
            let soonest = all.iter().filter_map(open).min();
            Err(("queued", "all gateways rest", soonest.or_else(|| open(first))))
        }
    }
}

/// What a batch does beside its messages.
#[derive(Default)]
struct Effects {
    alarms: Vec<(String, &'static str, String)>,
    blocked: Vec<(&'static str, String, String)>,
    gone: Vec<String>,
}

/// Sends one message, through other gateways where one does not take it.
async fn one(
    world: &World<'_>,
    facts: &Facts,
    token: &str,
    task: Task<'_>,
    effects: &RefCell<Effects>,
) -> Done {
    let Task { row, ready, mut gateway } = task;
    let mut tried = Vec::new();
    let mut doubt = row.doubt;
    loop {
        let name = gateway.name();
        tried.push(name);
        let outcome = match doubt && gateway.memory() == Memory::Recall {
            true => match gateway.recall(world, &ready, &facts.known).await {
                Recall::Has(receipt) => Outcome::Accepted(receipt),
                Recall::HasNot => gateway.send(world, &ready).await,
                Recall::Unknown => Outcome::Doubt("cannot be asked".into()),
            },
            false => gateway.send(world, &ready).await,
        };
        let now = (world.now)();
        let done = Done {
            id: row.id.clone(),
            gateway: Some(name.into()),
            subject: ready.subject.clone(),
            body: ready.text.clone(),
            parts: ready.parts,
            counts: 1,
            ..Done::default()
        };
        match outcome {
            Outcome::Accepted(Receipt { provider_id, cost }) => {
                facts.gateways.note(name, true, false, now);
                let asks = gateway.reports().then(|| policy().check(now, 0)).flatten();
                return Done {
                    state: "sent",
                    provider_id: Some(provider_id).filter(|id| !id.is_empty()),
                    cost,
                    sent_at: Some(now),
                    check_at: asks,
                    ..done
                };
            }
            Outcome::Refused(Why::Message, code) => {
                facts.gateways.note(name, true, false, now);
                return Done { state: "failed", error: Some(code), ..done };
            }
            Outcome::Refused(Why::Gone, code) => {
                effects.borrow_mut().gone.push(row.address.clone());
                return Done { state: "suppressed", error: Some(code), ..done };
            }
            Outcome::Doubt(text) => {
                facts.gateways.note(name, false, false, now);
                return in_doubt(row, &gateway, text, done, now, effects);
            }
            // It does not have the message: another gateway may get it.
            Outcome::NotReached | Outcome::Refused(..) => {
                let (error, grave) = match &outcome {
                    Outcome::Refused(Why::Balance, code) => (code.clone(), Some("balance")),
                    Outcome::Refused(Why::Access, code) => (code.clone(), Some("access")),
                    Outcome::Refused(_, code) => (code.clone(), None),
                    _ => ("not reached".into(), None),
                };
                facts.gateways.note(name, false, grave.is_some(), now);
                if let Some(kind) = grave {
                    effects.borrow_mut().alarms.push((name.into(), kind, error.clone()));
                }
                doubt = false;
                let other =
                    order(world.settings, row.channel, &row.address).into_iter().find(|one| {
                        !tried.contains(&one.name())
                            && facts.gateways.is_open(one.name(), now).is_none()
                    });
                let moved = match &other {
                    Some(next) => {
                        let note = store::moved(&row.id, token, next.name());
                        world.db.batch(vec![note]).await.is_ok()
                    }
                    None => false,
                };
                match other.filter(|_| moved) {
                    Some(next) => gateway = next,
                    None => return again(row, error, done, now, effects),
                }
            }
        }
    }
}

/// Nobody has it: it is tried again, until it is dead.
fn again(row: &Row, error: String, done: Done, now: Timestamp, effects: &RefCell<Effects>) -> Done {
    match policy().retry(now, row.attempts + 1) {
        Some(next) => Done { state: "queued", next_at: Some(next), error: Some(error), ..done },
        None => {
            effects.borrow_mut().alarms.push(("queue".into(), "dead", row.channel.code().into()));
            Done { state: "dead", error: Some(error), ..done }
        }
    }
}

/// A gateway may have it: only that one is tried again, and only if that can do no harm.
fn in_doubt(
    row: &Row,
    gateway: &Gateway<'_>,
    error: String,
    done: Done,
    now: Timestamp,
    effects: &RefCell<Effects>,
) -> Done {
    let next = policy().retry(now, row.attempts + 1).filter(|_| gateway.memory() != Memory::None);
    match next {
        Some(next) => {
            Done { state: "queued", next_at: Some(next), doubt: 1, error: Some(error), ..done }
        }
        None => {
            effects.borrow_mut().alarms.push((gateway.name().into(), "unsure", error.clone()));
            Done { state: "unsure", doubt: 1, error: Some(error), ..done }
        }
    }
}

/// Writes down what happened. The database is asked thrice: what cannot be written is found by
/// its claim, and the gateway is asked before anything is sent again.
async fn write_down(
    world: &World<'_>,
    gateways: &Gateways,
    done: Vec<Done>,
    effects: Effects,
    token: &str,
) -> Result<(), Fault> {
    let now = (world.now)();
    let changed = gateways.changed();
    let mut batch = vec![store::done(&done, token)];
    for health in &changed {
        match health.open_until {
            Some(_) if health.failures >= policy().breaker_failures => {
                let text = format!("{} failures", health.failures);
                batch.extend(store::alarm(&health.name, "breaker", &text, &world.new_id(), now));
            }
            None => batch.push(store::calm(&health.name, "breaker", now)),
            Some(_) => {}
        }
    }
    if !changed.is_empty() {
        batch.push(store::store_health(&changed));
    }
    let mut seen = Vec::new();
    for (gateway, kind, detail) in effects.alarms {
        if !seen.contains(&(gateway.clone(), kind)) {
            batch.extend(store::alarm(&gateway, kind, &detail, &world.new_id(), now));
            seen.push((gateway, kind));
        }
    }
    if !effects.blocked.is_empty() {
        batch.push(store::block(&effects.blocked, now));
    }
    if !effects.gone.is_empty() {
        batch.push(store::forget_devices(&effects.gone));
    }
    let mut last = None;
    for _ in 0..3 {
        match world.db.batch(batch.clone()).await {
            Ok(_) => return Ok(()),
            Err(error) => last = Some(error),
        }
    }
    Err(Fault::new(format!("send: {last:?}")))
}
