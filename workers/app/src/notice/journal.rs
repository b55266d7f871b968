//! What was sent: the journal of messages, figures of delivery and cost, sending once more.

use domain::{
    account::contact::Contact,
    journal::Entry,
    notice::{
        Channel,
        api::{
            AlarmRow, GatewayRow, MessageList, MessageRow, MessageView, ResendInput, Statistics,
            StatisticsRow,
        },
    },
    shared::{
        id::is_ulid,
        lang::Lang,
        refusal::{Check, Kind, Refusal},
        time::Timestamp,
    },
    sql,
};
use serde::Deserialize;

use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::{page, read, read_all},
    route,
    routes::Route,
    save::{self, Change, Replay, once, save},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/messages", May(MessageManage), Cabinet, list),
    route!(Get "/api/v1/cabinet/messages/statistics", May(MessageManage), Cabinet, statistics),
    route!(Get "/api/v1/cabinet/messages/{id}", May(MessageManage), Cabinet, show),
    route!(Post "/api/v1/cabinet/messages/{id}/resend", May(MessageManage), Cabinet, resend),
];

/// Messages on a page.
const PAGE: usize = 50;
/// Shortest reason for sending again, characters.
const REASON: usize = 10;
/// States in which sending again makes sense.
const OVER: [&str; 6] = ["sent", "delivered", "failed", "dead", "unsure", "expired"];

#[derive(Deserialize)]
struct Row {
    id: String,
    event: String,
    channel: Channel,
    address: String,
    lang: String,
    state: String,
    gateway: Option<String>,
    attempts: i64,
    error: Option<String>,
    parts: i64,
    cost: Option<i64>,
    queued_at: Timestamp,
    next_at: Option<Timestamp>,
    sent_at: Option<Timestamp>,
    delivered_at: Option<Timestamp>,
    subject: String,
    body: String,
}

const COLUMNS: &str = "SELECT id, event, channel, address, lang, state, gateway, attempts, error, parts, cost, queued_at, next_at, sent_at, delivered_at, subject, body FROM message";

fn shown(row: &Row) -> MessageRow {
    MessageRow {
        id: row.id.clone(),
        event: row.event.clone(),
        channel: row.channel,
        // A device has no address that says anything.
        address: Contact::parse(&row.address).map(|one| one.masked()).unwrap_or_default(),
        lang: Lang::parse(&row.lang).unwrap_or_default(),
        state: row.state.clone(),
        gateway: row.gateway.clone(),
        attempts: row.attempts,
        error: row.error.clone(),
        parts: row.parts,
        cost: row.cost,
        queued_at: row.queued_at,
        next_at: row.next_at,
        sent_at: row.sent_at,
        delivered_at: row.delivered_at,
    }
}

async fn list(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let pairs = request.query_pairs();
    let asked = |name: &str| {
        pairs.iter().find(|(have, _)| have == name).map_or("", |(_, value)| value.trim())
    };
    let cursor = asked("cursor");
    if !cursor.is_empty() && !is_ulid(cursor) {
        return Err(Refusal::new(Kind::Malformed, "cursor").into());
    }
    // A whole address is looked for as it is kept; parts of one find nobody.
    let address = match asked("q") {
        "" => String::new(),
        text => Contact::parse(text).map_or_else(|_| text.to_owned(), |one| one.value().to_owned()),
    };
    let mut rows: Vec<Row> = read(
        cx.ports.db,
        sql!(
            format!(
                "{COLUMNS} WHERE (?1 = '' OR id < ?1) AND (?2 = '' OR state = ?2) AND (?3 = '' OR channel = ?3)
                   AND (?4 = '' OR event = ?4) AND (?5 = '' OR address = ?5) ORDER BY id DESC LIMIT ?6"
            ),
            cursor,
            asked("state"),
            asked("channel"),
            asked("event"),
            address,
            PAGE as i64 + 1
        ),
    )
    .await?
    .all()?;
    let next = page(&mut rows, PAGE, |row| row.id.clone());
    let answer = MessageList { items: rows.iter().map(shown).collect(), next };
    Ok(Response::json(&answer)?)
}

async fn one(cx: &Cx<'_>) -> Result<Row, Error> {
    let id = cx.param("id");
    if !is_ulid(id) {
        return Err(Refusal::not_found().into());
    }
    let found = read(cx.ports.db, sql!(format!("{COLUMNS} WHERE id = ?1"), id)).await?.first()?;
    found.ok_or_else(|| Refusal::not_found().into())
}

/// Whoever reads what was written to somebody leaves a trace.
async fn show(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let row = one(cx).await?;
    let view = MessageView { message: shown(&row), subject: row.subject, body: row.body };
    let change = Change {
        journal: vec![Entry::new("message.view", "message", &row.id)],
        ..Change::default()
    };
    save(cx, None, change, Response::json(&view)?).await
}

/// Sends a message once more, as a message of its own: what went out stays as it was.
async fn resend(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let row = one(cx).await?;
    let input: ResendInput = request.json()?;
    let mut check = Check::default();
    if input.reason.trim().chars().count() < REASON {
        check.wrong_with("reason", "reason", "min", REASON);
    }
    check.done()?;
    // A code is not kept, so it cannot be sent again.
    if !OVER.contains(&row.state.as_str()) || row.event == "account.code" {
        return Err(Refusal::new(Kind::Conflict, "state").into());
    }
    let id = cx.ports.new_id();
    let mut entry = Entry::new("message.resend", "message", &row.id);
    entry.reason = Some(input.reason.trim().to_owned());
    let change = Change {
        statements: vec![sql!(
            "INSERT INTO message (id, notice, event, key, recipient, channel, address, lang, args, link, stop, latin, queued_at, next_at)
             SELECT ?2, notice, event, key || ':' || ?2, recipient, channel, address, lang, args, link, stop, latin, ?3, ?3 FROM message WHERE id = ?1",
            &row.id,
            &id,
            cx.ports.now
        )],
        journal: vec![entry],
        events: vec![save::Event { topic: "message.created", key: id.clone() }],
    };
    let made = MessageRow {
        id,
        state: "queued".into(),
        attempts: 0,
        error: None,
        gateway: None,
        queued_at: cx.ports.now,
        next_at: Some(cx.ports.now),
        sent_at: None,
        delivered_at: None,
        cost: None,
        ..shown(&row)
    };
    save(cx, Some(once), change, Response::json(&made)?.status(201)).await
}

#[derive(Deserialize)]
struct Waiting {
    n: i64,
}

async fn statistics(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let pairs = request.query_pairs();
    let day = |name: &str, usual: chrono::NaiveDate| {
        let text = pairs.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str());
        match text.filter(|text| !text.is_empty()) {
            None => Ok(usual),
            Some(text) => text.parse().map_err(|_| Refusal::new(Kind::Malformed, "fields")),
        }
    };
    let today = cx.ports.now.day();
    let from = day("from", today - chrono::TimeDelta::days(30))?;
    let to = day("to", today)? + chrono::TimeDelta::days(1);
    let at = |day| Timestamp::from_local(day, chrono::NaiveTime::MIN);
    let rows = read_all(
        cx.ports.db,
        vec![
            sql!(
                "SELECT channel, coalesce(gateway, '') AS gateway, event, count(*) AS total,
                   count(sent_at) AS sent, count(delivered_at) AS delivered,
                   count(*) FILTER (WHERE state IN ('failed', 'dead', 'unsure', 'expired')) AS failed,
                   sum(parts) AS parts, coalesce(sum(cost), 0) AS cost
                 FROM message WHERE queued_at >= ?1 AND queued_at < ?2 GROUP BY 1, 2, 3 ORDER BY 4 DESC LIMIT 500",
                at(from),
                at(to)
            ),
            sql!("SELECT name, failures, open_until, balance, balance_at FROM gateway ORDER BY name"),
            sql!(
                "SELECT gateway, kind, detail, opened_at, closed_at FROM gateway_alarm
                 ORDER BY closed_at IS NOT NULL, opened_at DESC LIMIT 50"
            ),
            sql!("SELECT count(*) AS n FROM message WHERE state = 'queued'"),
        ],
    )
    .await?;
    let [figures, gateways, alarms, waiting] = rows.as_slice() else {
        return Err(crate::error::Fault::new("statistics: rows").into());
    };
    let answer = Statistics {
        rows: figures.all::<StatisticsRow>()?,
        gateways: gateways.all::<GatewayRow>()?,
        alarms: alarms.all::<AlarmRow>()?,
        waiting: waiting.first::<Waiting>()?.map_or(0, |row| row.n),
    };
    Ok(Response::json(&answer)?)
}
