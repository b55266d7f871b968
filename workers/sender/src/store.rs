//! What sending reads and writes. Claims make sure that one consumer has a message at a time.

use domain::{
    notice::{Args, Channel, Part},
    shared::{row, statement::Statement, time::Timestamp},
    sql,
};
use serde::{Deserialize, Serialize};

/// A message that is to be sent.
#[derive(Debug, Clone, Deserialize)]
pub struct Row {
    pub id: String,
    pub event: String,
    pub channel: Channel,
    pub address: String,
    pub lang: String,
    #[serde(deserialize_with = "row::json")]
    pub args: Args,
    pub link: String,
    pub stop: String,
    #[serde(deserialize_with = "row::flag")]
    pub latin: bool,
    pub attempts: i64,
    pub gateway: Option<String>,
    #[serde(deserialize_with = "row::flag")]
    pub doubt: bool,
    pub queued_at: Timestamp,
    pub endpoint: Option<String>,
    pub p256dh: Option<String>,
    pub auth: Option<String>,
    pub blocked: Option<String>,
}

pub fn due(ids: &str, now: Timestamp) -> Statement {
    sql!(
        "SELECT m.id, m.event, m.channel, m.address, m.lang, m.args, m.link, m.stop, m.latin, m.attempts,
           m.gateway, m.doubt, m.queued_at, s.endpoint, s.p256dh, s.auth, b.reason AS blocked
         FROM message m
         LEFT JOIN push_subscription s ON m.channel = 'push' AND s.id = m.address
         LEFT JOIN message_block b ON b.channel = m.channel AND b.address = m.address
         WHERE m.id IN (SELECT value FROM json_each(?1)) AND m.state = 'queued' AND m.next_at <= ?2",
        ids,
        now
    )
}

/// A notice that a letter of the day tells.
#[derive(Debug, Clone, Deserialize)]
pub struct Digested {
    pub message: String,
    pub event: String,
    pub object_id: String,
    #[serde(deserialize_with = "row::json")]
    pub args: Args,
}

pub fn digested(ids: &str) -> Statement {
    sql!(
        "SELECT m.id AS message, n.event, n.object_id, n.args
         FROM json_each(?1) j CROSS JOIN message m ON m.id = j.value
         JOIN notice n ON n.account = m.recipient AND n.digest = m.key
         WHERE +m.event = 'notice.digest' ORDER BY n.id",
        ids
    )
}

/// An edited text.
#[derive(Debug, Clone, Deserialize)]
pub struct EditedRow {
    pub event: String,
    pub part: Part,
    pub kk: String,
    pub ru: String,
    pub en: String,
}

pub fn edited() -> Statement {
    sql!(
        "SELECT event, part, kk, ru, en FROM message_template t
         WHERE version = (SELECT max(version) FROM message_template m WHERE m.event = t.event AND m.part = t.part)"
    )
}

/// How a gateway is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Health {
    pub name: String,
    pub failures: i64,
    pub open_until: Option<Timestamp>,
}

pub fn health() -> Statement {
    sql!("SELECT name, failures, open_until FROM gateway")
}

/// Identifiers that gateways gave to messages of the same addresses: they are accounted for.
pub fn known(ids: &str) -> Statement {
    sql!(
        "SELECT DISTINCT k.provider_id AS id FROM message m JOIN message k ON k.address = m.address
         WHERE m.id IN (SELECT value FROM json_each(?1)) AND m.doubt = 1 AND k.provider_id IS NOT NULL",
        ids
    )
}

/// Claims messages: `[{id, gateway}]`. Only those that nobody else has claimed come back.
pub fn claim(pairs: &str, token: &str, now: Timestamp, until: Timestamp) -> Statement {
    sql!(
        "UPDATE message SET state = 'sending', claim = ?2, claimed_until = ?4, attempts = attempts + 1,
           gateway = v.gateway
         FROM (SELECT value ->> 'id' AS id, value ->> 'gateway' AS gateway FROM json_each(?1)) AS v
         WHERE message.id = v.id AND message.state = 'queued' AND message.next_at <= ?3
         RETURNING message.id AS id",
        pairs,
        token,
        now,
        until
    )
}

/// Writes down to which gateway a claimed message goes next, before it goes there.
pub fn moved(id: &str, token: &str, gateway: &str) -> Statement {
    sql!("UPDATE message SET gateway = ?3 WHERE id = ?1 AND claim = ?2", id, token, gateway)
}

/// What became of a message.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Done {
    pub id: String,
    pub state: &'static str,
    pub next_at: Option<Timestamp>,
    pub gateway: Option<String>,
    pub provider_id: Option<String>,
    pub doubt: i64,
    pub error: Option<String>,
    pub subject: String,
    pub body: String,
    pub parts: u32,
    pub cost: Option<i64>,
    pub sent_at: Option<Timestamp>,
    pub check_at: Option<Timestamp>,
    /// Whether the try counts.
    pub counts: i64,
}

pub fn done(list: &[Done], token: &str) -> Statement {
    sql!(
        "UPDATE message SET state = v.value ->> 'state', next_at = v.value ->> 'next_at', gateway = v.value ->> 'gateway',
           provider_id = v.value ->> 'provider_id', doubt = v.value ->> 'doubt', error = v.value ->> 'error',
           subject = v.value ->> 'subject', body = v.value ->> 'body', parts = v.value ->> 'parts',
           cost = v.value ->> 'cost', sent_at = v.value ->> 'sent_at', check_at = v.value ->> 'check_at',
           attempts = attempts - 1 + (v.value ->> 'counts'), claim = NULL, claimed_until = NULL
         FROM json_each(?1) AS v
         WHERE message.id = v.value ->> 'id' AND message.claim = ?2",
        serde_json::to_string(list).unwrap_or_default(),
        token
    )
}

/// Messages that are settled without a gateway: `[{id, state, error}]`.
pub fn settled(list: &str) -> Statement {
    sql!(
        "UPDATE message SET state = v.value ->> 'state', error = v.value ->> 'error', next_at = v.value ->> 'next_at'
         FROM json_each(?1) AS v
         WHERE message.id = v.value ->> 'id' AND message.state = 'queued'",
        list
    )
}

pub fn store_health(list: &[Health]) -> Statement {
    sql!(
        "INSERT INTO gateway (name, failures, open_until)
         SELECT value ->> 'name', value ->> 'failures', value ->> 'open_until' FROM json_each(?1) WHERE true
         ON CONFLICT (name) DO UPDATE SET failures = excluded.failures, open_until = excluded.open_until",
        serde_json::to_string(list).unwrap_or_default()
    )
}

/// Addresses that said no for good: `[[channel, address, reason]]`.
pub fn block(list: &[(&str, String, String)], now: Timestamp) -> Statement {
    sql!(
        "INSERT INTO message_block (channel, address, reason, at)
         SELECT value ->> 0, value ->> 1, value ->> 2, ?2 FROM json_each(?1) WHERE true
         ON CONFLICT (channel, address) DO NOTHING",
        serde_json::to_string(list).unwrap_or_default(),
        now
    )
}

/// Removes subscriptions of browsers that ended.
pub fn forget_devices(ids: &[String]) -> Statement {
    sql!(
        "DELETE FROM push_subscription WHERE id IN (SELECT value FROM json_each(?1))",
        serde_json::json!(ids).to_string()
    )
}

/// Opens an alarm: a row for the administrators, a row of the journal and a notice to each of
/// them, unless it is open already. `id` is a new identifier.
pub fn alarm(gateway: &str, kind: &str, detail: &str, id: &str, now: Timestamp) -> Vec<Statement> {
    let args = serde_json::json!({
        "gateway": { "text": gateway },
        "what": { "text": format!("{kind}: {detail}") },
    });
    let fresh = "NOT EXISTS (SELECT 1 FROM gateway_alarm WHERE gateway = ?1 AND kind = ?2 AND closed_at IS NULL)";
    vec![
        sql!(
            format!(
                "INSERT INTO journal (at, action, object_type, object_id, after, request_id)
                 SELECT ?4, 'gateway.alarm', 'gateway', ?1, json_object('kind', ?2, 'detail', ?3), '' WHERE {fresh}"
            ),
            gateway,
            kind,
            detail,
            now
        ),
        sql!(
            format!(
                "INSERT INTO notice (id, batch, account, event, object_type, object_id, key, args, at)
                 SELECT substr(?5, 1, 16) || substr(a.id, 17), ?5, a.id, 'gateway.alarm', 'gateway', ?1, ?1 || ':' || ?2 || ':' || ?4, ?3, ?4
                 FROM account a WHERE a.status = 'active' AND {fresh} AND EXISTS (
                   SELECT 1 FROM role_assignment r WHERE r.account = a.id AND r.role = 'sys_admin'
                     AND r.from_day <= ?6 AND (r.to_day IS NULL OR r.to_day >= ?6))
                 ON CONFLICT (account, event, key) DO NOTHING"
            ),
            gateway,
            kind,
            args.to_string(),
            now,
            id,
            now.day()
        ),
        sql!(
            format!(
                "INSERT INTO outbox (at, topic, key, next_at) SELECT ?4, 'notice.created', ?3, ?4 WHERE {fresh}"
            ),
            gateway,
            kind,
            id,
            now
        ),
        sql!(
            "INSERT OR IGNORE INTO gateway_alarm (gateway, kind, detail, opened_at) VALUES (?1, ?2, ?3, ?4)",
            gateway,
            kind,
            detail,
            now
        ),
    ]
}

/// Closes an alarm, where it is open.
pub fn calm(gateway: &str, kind: &str, now: Timestamp) -> Statement {
    sql!(
        "UPDATE gateway_alarm SET closed_at = ?3 WHERE gateway = ?1 AND kind = ?2 AND closed_at IS NULL",
        gateway,
        kind,
        now
    )
}
