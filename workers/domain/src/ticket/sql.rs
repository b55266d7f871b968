//! SQL of tickets.

use serde::Deserialize;

use super::rules::{Rule, Severity, State, Topic};
use crate::{
    shared::{
        statement::{Statement, guard},
        time::Timestamp,
    },
    sql,
};

/// Tickets on a page of a list.
pub const PAGE: usize = 50;

/// A ticket as it is stored.
#[derive(Debug, Clone, Deserialize)]
pub struct Row {
    /// Identifier.
    pub id: String,
    /// Number.
    pub number: i64,
    /// Account of the writer.
    pub account: Option<String>,
    /// E-mail of a guest.
    pub email: String,
    /// Language.
    pub lang: String,
    /// Topic.
    pub topic: Topic,
    /// Severity.
    pub severity: Severity,
    /// Screen.
    pub screen: String,
    /// Roles.
    pub role: String,
    /// Device.
    pub device: String,
    /// Screenshot.
    pub file: Option<String>,
    /// State.
    pub state: State,
    /// Since when.
    pub since: Timestamp,
    /// When the first answer is due.
    pub due_at: Timestamp,
    /// When it was given.
    pub answered_at: Option<Timestamp>,
    /// Name of who works on it.
    pub assigned: String,
    /// Help article.
    pub article: String,
    /// Number of the ticket it was merged into.
    pub merged_into: Option<i64>,
    /// Score.
    pub score: Option<i64>,
    /// Words to it.
    pub score_text: String,
    /// Version.
    pub version: i64,
    /// When it was written.
    pub created_at: Timestamp,
    /// First message.
    pub text: String,
}

const COLUMNS: &str = "t.id, t.number, t.account, t.email, t.lang, t.topic, t.severity, t.screen, t.role, t.device,
  t.file, t.state, t.since, t.due_at, t.answered_at, t.article, t.score, t.score_text, t.version, t.created_at,
  coalesce((SELECT p.surname || ' ' || p.name FROM account a JOIN person p ON p.id = a.person WHERE a.id = t.assigned), '') AS assigned,
  (SELECT m.number FROM ticket m WHERE m.id = t.merged_into) AS merged_into,
  coalesce((SELECT m.text FROM ticket_message m WHERE m.ticket = t.id ORDER BY m.id LIMIT 1), '') AS text";

/// One by its identifier.
pub fn by_id(id: &str) -> Statement {
    sql!(format!("SELECT {COLUMNS} FROM ticket t WHERE t.id = ?1"), id)
}

/// One by the digest of its secret.
pub fn by_secret(secret: &str) -> Statement {
    sql!(format!("SELECT {COLUMNS} FROM ticket t WHERE t.secret = ?1"), secret)
}

/// Those that became part of a ticket.
pub fn merged_into(id: &str) -> Statement {
    sql!(format!("SELECT {COLUMNS} FROM ticket t WHERE t.merged_into = ?1 LIMIT {PAGE}"), id)
}

/// One's own, newest first.
pub fn of_account(account: &str) -> Statement {
    sql!(
        format!(
            "SELECT {COLUMNS} FROM ticket t WHERE t.account = ?1 ORDER BY t.created_at DESC LIMIT {PAGE}"
        ),
        account
    )
}

/// What the desk asks for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// State; empty = all that is open.
    pub state: Option<State>,
    /// Topic.
    pub topic: Option<Topic>,
    /// Only those whose first answer is late.
    pub late: bool,
    /// Number, or a part of the text.
    pub text: String,
    /// Rank and identifier of the last row before this page.
    pub after: Option<(String, String)>,
}

/// Where a ticket stands in the desk's queue: first what still owes its first answer, what is due
/// first on top; then what writers have come back with, the longest waiting on top; then what waits
/// for its writer or is over. [`Row::rank`] says the same.
const RANK: &str =
    "CASE WHEN t.state IN ('new', 'in_work') AND t.answered_at IS NULL THEN '1' || t.due_at
  WHEN t.state IN ('new', 'in_work') THEN '2' || t.since ELSE '3' || t.since END";

impl Row {
    /// Where it stands in the desk's queue; smaller comes first.
    pub fn rank(&self) -> String {
        let open = matches!(self.state, State::New | State::InWork);
        match (open, self.answered_at) {
            (true, None) => format!("1{}", self.due_at),
            (true, Some(_)) => format!("2{}", self.since),
            (false, _) => format!("3{}", self.since),
        }
    }
}

/// The desk's queue. One more than a page, to know whether there is another.
pub fn queue(filter: &Filter, now: Timestamp) -> Statement {
    let (rank, id) = filter.after.clone().unwrap_or_default();
    sql!(
        format!(
            "SELECT {COLUMNS} FROM ticket t
             WHERE CASE WHEN ?1 = '' THEN t.state IN ('new', 'in_work', 'waiting') ELSE t.state = ?1 END
               AND (?2 = '' OR t.topic = ?2)
               AND (?3 = 0 OR (t.answered_at IS NULL AND t.due_at < ?4))
               AND (?5 = '' OR 'T-' || t.number = upper(?5) OR CAST(t.number AS TEXT) = ?5
                    OR EXISTS (SELECT 1 FROM ticket_message m WHERE m.ticket = t.id AND instr(m.text, ?5) > 0))
               AND ({RANK}, t.id) > (?6, ?7)
             ORDER BY {RANK}, t.id LIMIT {}",
            PAGE + 1
        ),
        filter.state.map_or("", State::code),
        filter.topic.map_or("", Topic::code),
        filter.late,
        now,
        &filter.text,
        rank,
        id
    )
}

/// How many are open and how many late: columns `open` and `late`.
pub fn counts(now: Timestamp) -> Statement {
    sql!(
        "SELECT count(*) AS open, coalesce(sum(answered_at IS NULL AND due_at < ?1), 0) AS late
         FROM ticket WHERE state IN ('new', 'in_work', 'waiting')",
        now
    )
}

/// Messages of a ticket and of those that became part of it; notes only for the desk.
pub fn messages(ticket: &str, notes: bool) -> Statement {
    sql!(
        "SELECT m.at, m.kind, m.text, CASE WHEN m.kind = 'user' THEN '' ELSE
            coalesce((SELECT p.surname || ' ' || p.name FROM account a JOIN person p ON p.id = a.person WHERE a.id = m.account), '') END AS who
         FROM ticket_message m WHERE (m.ticket = ?1 OR (?2 = 1 AND m.kind = 'user' AND m.ticket IN (SELECT id FROM ticket WHERE merged_into = ?1)))
           AND (?2 = 1 OR m.kind <> 'note') ORDER BY m.id",
        ticket,
        notes
    )
}

/// Tickets of guests within the last hour: column `n`.
pub fn guests_last_hour(now: Timestamp) -> Statement {
    sql!(
        "SELECT count(*) AS n FROM ticket WHERE account IS NULL AND created_at > ?1",
        now.plus_seconds(-3600)
    )
}

/// The next number: column `value`.
pub fn next_number() -> Statement {
    sql!("UPDATE counter SET value = value + 1 WHERE name = 'ticket' RETURNING value")
}

/// A message.
pub fn write(
    id: &str,
    ticket: &str,
    kind: &str,
    account: Option<&str>,
    text: &str,
    now: Timestamp,
) -> Statement {
    sql!(
        "INSERT INTO ticket_message (id, ticket, at, kind, account, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        id,
        ticket,
        now,
        kind,
        account,
        text
    )
}

/// The version that a change was decided on still stands.
pub fn unchanged(id: &str, version: i64) -> Statement {
    guard(
        "version",
        "SELECT version = ?2 FROM ticket WHERE id = ?1",
        vec![id.into(), version.into()],
    )
}

/// Moves a ticket to a state; the first answer stops its clock.
pub fn move_to(id: &str, state: State, answered: bool, now: Timestamp) -> Statement {
    sql!(
        "UPDATE ticket SET since = CASE WHEN state = ?2 THEN since ELSE ?4 END, state = ?2, reminded_at = NULL,
           answered_at = CASE WHEN ?3 = 1 THEN coalesce(answered_at, ?4) ELSE answered_at END,
           version = version + 1 WHERE id = ?1",
        id,
        state.code(),
        answered,
        now
    )
}

/// Tickets that wait for their writers for long enough: to be remembered, to be closed.
pub fn waiting(rule: &Rule, now: Timestamp) -> [Statement; 2] {
    let since = |days: i64| now.plus_seconds(-days * 86_400);
    [
        sql!(
            format!(
                "SELECT {COLUMNS} FROM ticket t WHERE t.state = 'waiting' AND t.since <= ?1 AND t.since > ?2 AND t.reminded_at IS NULL LIMIT 50"
            ),
            since(rule.remind_days),
            since(rule.close_waiting_days)
        ),
        sql!(
            format!(
                "SELECT {COLUMNS} FROM ticket t WHERE t.state = 'waiting' AND t.since <= ?1 LIMIT 50"
            ),
            since(rule.close_waiting_days)
        ),
    ]
}

/// The public figures: columns `scores`, `mean`, `answered`, `in_time`.
pub fn figures(rule: &Rule, now: Timestamp) -> Statement {
    sql!(
        "SELECT (SELECT count(*) FROM ticket WHERE scored_at > ?1) AS scores,
           (SELECT avg(score) FROM ticket WHERE scored_at > ?1) AS mean,
           count(*) AS answered, coalesce(sum(answered_at <= due_at), 0) AS in_time
         FROM ticket WHERE created_at > ?1 AND answered_at IS NOT NULL",
        now.plus_seconds(-rule.figure_days * 86_400)
    )
}
