//! Statements of tests: forms, sessions, who sits, appeals and what is decided on them. Keys are
//! read by [`disputed`] alone, for the commission on appeals.

use serde::Deserialize;

use super::{blueprint::Blueprint, pool};
use crate::{
    bank::{body::Kind, meta::Level},
    shared::{
        lang::{Lang, Text},
        row,
        statement::{Statement, guard},
        time::Timestamp,
    },
    sql,
};

/// Most items of a pool: its row must fit into the database.
pub const POOL_MOST: usize = 16_000;

/// A form.
#[derive(Debug, Clone, Deserialize)]
pub struct ExamRow {
    /// Identifier.
    pub id: String,
    /// Title.
    #[serde(deserialize_with = "row::json")]
    pub title: Text,
    /// What it is for.
    pub purpose: String,
    /// Edition of the rules.
    pub edition: String,
    /// Group of posts.
    pub group_code: String,
    /// Subject.
    pub subject: String,
    /// What it takes.
    #[serde(deserialize_with = "row::json")]
    pub blueprint: Blueprint,
    /// Minutes without extra time.
    pub minutes: i64,
    /// `free` or `forward`.
    pub navigation: String,
    /// Whether there is a calculator.
    pub calculator: i64,
    /// `draft`, `published`, `closed`.
    pub state: String,
    /// For `If-Match`.
    pub version: i64,
    /// SHA-256 of the secret.
    pub commitment: String,
    /// The secret, sealed.
    pub sealed: String,
    /// The secret, once it was revealed.
    pub secret: Option<String>,
    /// When it was revealed.
    pub revealed_at: Option<Timestamp>,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// Who changed it last.
    pub changed_by: String,
    /// When.
    pub changed_at: Timestamp,
}

const EXAM: &str = "SELECT id, title, purpose, edition, group_code, subject, blueprint, minutes, navigation, calculator, \
  state, version, commitment, sealed, secret, revealed_at, published_at, changed_by, changed_at FROM exam";

/// A form by its identifier.
pub fn exam(id: &str) -> Statement {
    sql!(format!("{EXAM} WHERE id = ?1"), id)
}

/// Forms, newest first.
pub fn exams(before: &str, most: i64) -> Statement {
    sql!(format!("{EXAM} WHERE (?1 = '' OR id < ?1) ORDER BY id DESC LIMIT ?2"), before, most)
}

/// What is written of a form while it is a draft.
#[derive(Debug, Clone)]
pub struct Draft<'a> {
    /// Title.
    pub title: &'a Text,
    /// What it is for.
    pub purpose: &'a str,
    /// Edition of the rules.
    pub edition: &'a str,
    /// Group of posts.
    pub group: &'a str,
    /// Subject.
    pub subject: &'a str,
    /// What it takes.
    pub blueprint: &'a Blueprint,
    /// Minutes.
    pub minutes: u32,
    /// Whether sections that were left are closed.
    pub forward: bool,
    /// Whether there is a calculator.
    pub calculator: bool,
}

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// A statement that takes what a form consists of, in this order.
fn written(
    text: &'static str,
    id: &str,
    draft: &Draft<'_>,
    account: &str,
    now: Timestamp,
) -> Statement {
    sql!(
        text,
        id,
        json(draft.title),
        draft.purpose,
        draft.edition,
        draft.group,
        draft.subject,
        json(draft.blueprint),
        draft.minutes,
        if draft.forward { "forward" } else { "free" },
        draft.calculator,
        account,
        now
    )
}

/// A new form.
pub fn create(id: &str, draft: &Draft<'_>, account: &str, now: Timestamp) -> Statement {
    written(
        "INSERT INTO exam (id, title, purpose, edition, group_code, subject, blueprint, minutes, navigation, calculator,
           state, created_at, changed_by, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'draft', ?12, ?11, ?12)",
        id,
        draft,
        account,
        now,
    )
}

/// The version that the person saw is the one that stands.
pub fn unchanged(id: &str, version: i64) -> Statement {
    guard("version", "SELECT version = ?2 FROM exam WHERE id = ?1", vec![id.into(), version.into()])
}

/// The form is in a state.
pub fn is(id: &str, state: &str) -> Statement {
    guard("state", "SELECT state = ?2 FROM exam WHERE id = ?1", vec![id.into(), state.into()])
}

/// Writes a draft anew.
pub fn update(id: &str, draft: &Draft<'_>, account: &str, now: Timestamp) -> Statement {
    written(
        "UPDATE exam SET title = ?2, purpose = ?3, edition = ?4, group_code = ?5, subject = ?6, blueprint = ?7,
           minutes = ?8, navigation = ?9, calculator = ?10, version = version + 1, changed_by = ?11, changed_at = ?12
         WHERE id = ?1 AND state = 'draft'",
        id,
        draft,
        account,
        now,
    )
}

/// Items of the bank that are in use in a language and belong to a topic of the blueprint, each with
/// the share of forms that had it.
pub fn candidates(blueprint: &Blueprint, lang: Lang) -> Statement {
    let topics: Vec<&str> = blueprint
        .sections
        .iter()
        .flat_map(|section| section.cells.iter().map(|cell| cell.topic.as_str()))
        .collect();
    let body = if lang == Lang::Ru { "ru" } else { "kk" };
    sql!(
        format!(
            "SELECT i.id, v.version, i.topic, i.level, i.kind, i.facility, i.enemies,
               min(1000, i.exposure * 1000 / max(1, (SELECT count(*) FROM exam_attempt WHERE scoring > 0))) AS exposure
             FROM item i JOIN item_version v ON v.item = i.id AND v.version = i.live
             WHERE i.live IS NOT NULL AND v.state = 'active' AND v.{body} IS NOT NULL
               AND EXISTS (SELECT 1 FROM json_each(?1) t WHERE t.value = '' OR i.topic = t.value
                 OR (i.topic > t.value || '/' AND i.topic < t.value || '0'))
             ORDER BY i.id LIMIT ?2"
        ),
        json(&topics),
        POOL_MOST as i64 + 1
    )
}

/// A row of [`candidates`].
#[derive(Debug, Clone, Deserialize)]
pub struct Candidate {
    id: String,
    version: u16,
    topic: String,
    level: Level,
    kind: Kind,
    facility: u16,
    exposure: u16,
    #[serde(deserialize_with = "row::json")]
    enemies: Vec<String>,
}

impl From<Candidate> for pool::Entry {
    fn from(row: Candidate) -> pool::Entry {
        pool::Entry {
            id: row.id,
            version: row.version,
            topic: row.topic,
            level: row.level,
            kind: row.kind,
            // 0 is "unknown" in the bank.
            facility: if row.facility == 0 { pool::UNKNOWN } else { row.facility },
            exposure: row.exposure,
            enemies: row.enemies,
        }
    }
}

/// Publishes: what is committed to, and by whom.
pub fn publish(
    id: &str,
    commitment: &str,
    sealed: &str,
    account: &str,
    now: Timestamp,
) -> Statement {
    sql!(
        "UPDATE exam SET state = 'published', commitment = ?2, sealed = ?3, published_by = ?4, published_at = ?5,
           version = version + 1 WHERE id = ?1 AND state = 'draft'",
        id,
        commitment,
        sealed,
        account,
        now
    )
}

/// Keeps the pool of a language.
pub fn keep_pool(id: &str, lang: Lang, version: &str, blob: &str) -> Statement {
    sql!(
        "INSERT INTO exam_pool (exam, lang, version, blob) VALUES (?1, ?2, ?3, ?4)",
        id,
        lang.code(),
        version,
        blob
    )
}

/// Closes a form: nobody is put down for it any more.
pub fn close(id: &str, account: &str, now: Timestamp) -> Statement {
    sql!(
        "UPDATE exam SET state = 'closed', version = version + 1, changed_by = ?2, changed_at = ?3 WHERE id = ?1",
        id,
        account,
        now
    )
}

/// Nothing of a form is open: no attempt runs, no window of appeals, no appeal without an answer.
pub fn settled(id: &str, minutes: u32, now: Timestamp) -> Statement {
    guard(
        "state",
        "SELECT NOT EXISTS (SELECT 1 FROM exam_attempt a WHERE a.exam = ?1 AND (
             a.state IN ('running', 'paused', 'submitted', 'expired')
             OR strftime('%Y-%m-%dT%H:%M:%fZ', a.finished_at, '+' || CAST(?2 AS INTEGER) || ' minutes') > ?3))
           AND NOT EXISTS (SELECT 1 FROM exam_appeal p JOIN exam_attempt a ON a.id = p.attempt
             WHERE a.exam = ?1 AND p.ruling IS NULL)
           AND NOT EXISTS (SELECT 1 FROM exam_ruling r WHERE r.exam = ?1 AND r.state <> 'done')",
        vec![id.into(), minutes.into(), now.into()],
    )
}

/// Tells the secret.
pub fn reveal(id: &str, secret: &str, now: Timestamp) -> Statement {
    sql!(
        "UPDATE exam SET secret = ?2, revealed_at = ?3 WHERE id = ?1 AND secret IS NULL",
        id,
        secret,
        now
    )
}

/// The pool of a language and all draws from it, for everybody once the secret was told.
pub fn draws(id: &str, lang: &str) -> [Statement; 2] {
    [
        sql!("SELECT version, blob FROM exam_pool WHERE exam = ?1 AND lang = ?2", id, lang),
        sql!(
            "SELECT a.candidate, a.attempt, (SELECT json_group_array(s.item || '.' || s.version) FROM
               (SELECT item, version FROM exam_slot WHERE attempt = a.id ORDER BY n) s) AS items
             FROM exam_attempt a WHERE a.exam = ?1 AND a.lang = ?2 AND a.bank_version IS NOT NULL
             ORDER BY a.candidate, a.attempt LIMIT 20000",
            id,
            lang
        ),
    ]
}

/// A task that somebody appealed against, with its key: for the commission.
pub fn disputed(exam: &str, item: &str, version: i64) -> Statement {
    sql!(
        "SELECT v.kk, v.ru, k.answers,
           (SELECT count(*) FROM exam_slot s JOIN exam_attempt a ON a.id = s.attempt
            WHERE a.exam = ?1 AND s.item = ?2 AND s.version = ?3) AS had
         FROM item_version v JOIN item_key k ON k.item = v.item AND k.version = v.version
         WHERE v.item = ?2 AND v.version = ?3",
        exam,
        item,
        version
    )
}
