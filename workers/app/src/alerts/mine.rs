//! Alerts of the person who is signed in. Their own addresses are proved already.

use domain::{
    account::contact::Contact,
    journal::Entry,
    notice::{
        Channel,
        api::{Period, Subscription, SubscriptionChange, SubscriptionInput, SubscriptionState},
        policy::policy,
    },
    shared::{
        id::is_ulid,
        lang::Lang,
        refusal::{Check, Kind, Refusal},
        statement::Statement,
        time::Timestamp,
    },
    sql,
};
use serde::Deserialize;

use super::{manage::set, search_of};
use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::read,
    route,
    routes::Route,
    save::{Change, Replay, once, save},
    secret::token,
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/my/subscriptions", SignedIn, Cabinet, list),
    route!(Post "/api/v1/cabinet/my/subscriptions", SignedIn, Cabinet, create),
    route!(Put "/api/v1/cabinet/my/subscriptions/{id}", SignedIn, Cabinet, change),
    route!(Delete "/api/v1/cabinet/my/subscriptions/{id}", SignedIn, Cabinet, remove),
];

#[derive(Deserialize)]
struct Row {
    id: String,
    query: String,
    name: String,
    channel: Channel,
    address: String,
    period: Period,
    lang: String,
    state: SubscriptionState,
    created_at: Timestamp,
    next_at: Option<Timestamp>,
    told: i64,
}

/// Those of the account, and those that were confirmed for one of its addresses before it came.
fn rows(account: &str, id: &str) -> Statement {
    sql!(
        "SELECT s.id, s.query, s.name, s.channel, s.address, s.period, s.lang, s.state, s.created_at, s.next_at,
           (SELECT count(*) FROM subscription_told t WHERE t.subscription = s.id) AS told
         FROM subscription s WHERE s.state <> 'pending' AND (?2 = '' OR s.id = ?2)
           AND (s.account = ?1 OR s.address IN (SELECT value FROM contact WHERE account = ?1))
         ORDER BY s.id DESC LIMIT 50",
        account,
        id
    )
}

fn shown(row: Row) -> Subscription {
    Subscription {
        address: Contact::parse(&row.address).map(|one| one.masked()).unwrap_or_default(),
        id: row.id,
        query: row.query,
        name: row.name,
        channel: row.channel,
        period: row.period,
        lang: Lang::parse(&row.lang).unwrap_or_default(),
        state: row.state,
        created_at: row.created_at,
        next_at: row.next_at,
        told: row.told,
    }
}

async fn one(cx: &Cx<'_>) -> Result<Subscription, Error> {
    let id = cx.param("id");
    if !is_ulid(id) {
        return Err(Refusal::not_found().into());
    }
    let row: Option<Row> = read(cx.ports.db, rows(&cx.actor()?.account, id)).await?.first()?;
    Ok(shown(row.ok_or_else(Refusal::not_found)?))
}

async fn list(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let rows: Vec<Row> = read(cx.ports.db, rows(&cx.actor()?.account, "")).await?.all()?;
    let all: Vec<Subscription> = rows.into_iter().map(shown).collect();
    Ok(Response::json(&all)?)
}

async fn create(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let input: SubscriptionInput = request.json()?;
    let (query, name) = search_of(cx.ports, cx.lang, &input.query).await?;
    #[derive(Deserialize)]
    struct Found {
        value: String,
        have: i64,
    }
    let kind = if input.channel == Channel::Sms { "phone" } else { "email" };
    let account = cx.actor()?.account.clone();
    let found: Option<Found> = read(
        cx.ports.db,
        sql!(
            "SELECT c.value, (SELECT count(*) FROM subscription s WHERE s.address = c.value AND s.state = 'active') AS have
             FROM contact c WHERE c.account = ?1 AND c.kind = ?2 ORDER BY c.verified_at DESC LIMIT 1",
            &account,
            kind
        ),
    )
    .await?
    .first()?;
    let mut check = Check::default();
    if input.channel == Channel::Push || found.is_none() {
        check.wrong("channel", "required");
    }
    check.done()?;
    let found = found.ok_or_else(Refusal::not_found)?;
    if found.have >= policy().alerts_most {
        return Err(Refusal::new(Kind::Conflict, "too_many").into());
    }
    let made = Subscription {
        id: cx.ports.new_id(),
        query,
        name,
        channel: input.channel,
        address: Contact::parse(&found.value).map(|one| one.masked()).unwrap_or_default(),
        period: input.period,
        lang: cx.lang,
        state: SubscriptionState::Active,
        created_at: cx.ports.now,
        next_at: Some(policy().next_alert(cx.ports.now, input.period)),
        told: 0,
    };
    let change = Change {
        statements: vec![
            sql!(
                "UPDATE subscription SET state = 'stopped', stopped_at = ?4, next_at = NULL
                 WHERE channel = ?1 AND address = ?2 AND query = ?3 AND state = 'active'",
                made.channel.code(),
                &found.value,
                &made.query,
                cx.ports.now
            ),
            sql!(
                "INSERT INTO subscription (id, account, channel, address, lang, query, name, period, state, secret, created_at, confirmed_at, since, next_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'active', ?9, ?10, ?10, ?10, ?11)",
                &made.id,
                &account,
                made.channel.code(),
                &found.value,
                made.lang.code(),
                &made.query,
                &made.name,
                made.period.code(),
                token(cx.ports),
                cx.ports.now,
                made.next_at
            ),
        ],
        journal: vec![Entry::new("alert.create", "subscription", &made.id)],
        events: vec![],
    };
    save(cx, Some(once), change, Response::json(&made)?.status(201)).await
}

async fn change(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let mut have = one(cx).await?;
    let input: SubscriptionChange = request.json()?;
    let state = match input.state {
        SubscriptionState::Active => "active",
        _ => "stopped",
    };
    let mut statements = Vec::new();
    if let Some(text) = &input.query {
        let (query, name) = search_of(cx.ports, cx.lang, text).await?;
        statements.push(sql!(
            "UPDATE OR IGNORE subscription SET query = ?2, name = ?3, since = ?4 WHERE id = ?1",
            &have.id,
            &query,
            &name,
            cx.ports.now
        ));
        (have.query, have.name) = (query, name);
    }
    statements.push(set(cx.ports, &have.id, input.period, state));
    have.period = input.period;
    have.state = input.state;
    have.next_at = (state == "active").then(|| policy().next_alert(cx.ports.now, input.period));
    let change = Change {
        statements,
        journal: vec![Entry::new("alert.change", "subscription", &have.id)],
        events: vec![],
    };
    save(cx, Some(once), change, Response::json(&have)?).await
}

async fn remove(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let have = one(cx).await?;
    let change = Change {
        statements: vec![sql!("DELETE FROM subscription WHERE id = ?1", &have.id)],
        journal: vec![Entry::new("alert.remove", "subscription", &have.id)],
        events: vec![],
    };
    save(cx, None, change, Response::empty()).await
}
