//! SQL of the bank. Reads of bodies never touch `item_key`; reads of keys are named so.

use serde::Deserialize;

use super::{
    body::Body,
    key::Answers,
    life::{Command, State},
    likeness,
    meta::{Level, Meta},
    parity::Content,
    rich::Rich,
};
use crate::{
    shared::{
        row,
        statement::{Param, Statement, guard},
        time::Timestamp,
    },
    sql,
};

/// An item with one of its versions and the key of that.
#[derive(Debug, Clone, Deserialize)]
pub struct Row {
    /// Identifier.
    pub id: String,
    /// Number.
    pub number: i64,
    /// Version for `If-Match`.
    pub version: i64,
    /// Newest version of the text.
    pub head: i64,
    /// Version in use.
    pub live: Option<i64>,
    /// State of the newest version.
    pub state: State,
    /// State before a suspension.
    pub before: Option<State>,
    /// Version of the text that was read.
    pub text_version: i64,
    /// Who opened it.
    pub created_by: String,
    /// Name of who wrote this version.
    pub author: String,
    /// How often candidates met it.
    pub exposure: i64,
    /// When last.
    pub used_at: Option<Timestamp>,
    code: String,
    topic: String,
    subject: String,
    grade: u8,
    level: Level,
    facility: u16,
    #[serde(deserialize_with = "row::json")]
    enemies: Vec<String>,
    #[serde(deserialize_with = "row::json")]
    tags: Vec<String>,
    source: String,
    #[serde(default, deserialize_with = "row::json_option")]
    kk: Option<Body>,
    #[serde(default, deserialize_with = "row::json_option")]
    ru: Option<Body>,
    #[serde(deserialize_with = "row::json")]
    answers: Answers,
    #[serde(deserialize_with = "row::json")]
    explanation_kk: Rich,
    #[serde(deserialize_with = "row::json")]
    explanation_ru: Rich,
}

impl Row {
    /// Everything that authors see.
    pub fn content(&self) -> Content {
        Content {
            meta: Meta {
                code: self.code.clone(),
                topic: self.topic.clone(),
                subject: self.subject.clone(),
                grade: self.grade,
                level: self.level,
                facility: self.facility,
                enemies: self.enemies.clone(),
                tags: self.tags.clone(),
                source: self.source.clone(),
            },
            kk: self.kk.clone(),
            ru: self.ru.clone(),
            answers: self.answers.clone(),
            explanation_kk: self.explanation_kk.clone(),
            explanation_ru: self.explanation_ru.clone(),
        }
    }
}

/// An item with its key; `version` of the text, or the newest.
pub fn with_key(id: &str, version: Option<i64>) -> Statement {
    sql!(
        "SELECT i.id, i.number, i.version, i.head, i.live, i.state, i.created_by, i.exposure, i.used_at,
           coalesce((SELECT p.surname || ' ' || p.name FROM account a JOIN person p ON p.id = a.person
                     WHERE a.id = v.author), '') AS author, i.code, i.topic, i.subject, i.grade,
           i.level, i.facility, i.enemies, i.tags, i.source, v.version AS text_version, v.before, v.kk, v.ru,
           k.answers, k.explanation_kk, k.explanation_ru
         FROM item i JOIN item_version v ON v.item = i.id AND v.version = coalesce(?2, i.head)
         JOIN item_key k ON k.item = i.id AND k.version = v.version WHERE i.id = ?1",
        id,
        version
    )
}

/// Who wrote on an item: column `account`.
pub fn authors(id: &str) -> Statement {
    sql!("SELECT DISTINCT author AS account FROM item_version WHERE item = ?1", id)
}

/// A step as it is stored.
#[derive(Debug, Clone, Deserialize)]
pub struct StepRow {
    /// When.
    pub at: Timestamp,
    /// Version of the text.
    pub version: i64,
    /// What.
    pub command: Command,
    /// From.
    pub from_state: State,
    /// To.
    pub to_state: State,
    /// Why.
    pub reason: String,
    /// In words.
    pub text: String,
    /// Who.
    pub account: String,
    /// Name.
    pub who: String,
}

/// The history, newest first.
pub fn steps(id: &str) -> Statement {
    sql!(
        "SELECT s.at, s.version, s.command, s.from_state, s.to_state, s.reason, s.text, s.account,
           coalesce((SELECT p.surname || ' ' || p.name FROM account a JOIN person p ON p.id = a.person
                     WHERE a.id = s.account), '') AS who
         FROM item_step s WHERE s.item = ?1 ORDER BY s.at DESC, s.rowid DESC LIMIT 200",
        id
    )
}

/// The version that a change was decided on still stands.
pub fn unchanged(id: &str, version: i64) -> Statement {
    guard("version", "SELECT version = ?2 FROM item WHERE id = ?1", vec![id.into(), version.into()])
}

fn json<T: serde::Serialize>(value: &T) -> Param {
    serde_json::to_string(value).map_or(Param::Null, Param::Text)
}

fn digests(body: Option<&Body>) -> [Param; 2] {
    match body {
        None => [Param::Null, Param::Null],
        Some(body) => {
            let exact = serde_json::to_string(body).unwrap_or_default();
            [likeness::digest(&exact).into(), likeness::digest(&likeness::normal(body)).into()]
        }
    }
}

/// A version of the text with its key. The state is `draft`.
pub fn add_version(
    id: &str,
    version: i64,
    content: &Content,
    author: &str,
    now: Timestamp,
) -> [Statement; 2] {
    let body = |body: &Option<Body>| body.as_ref().map_or(Param::Null, json);
    let [exact_kk, normal_kk] = digests(content.kk.as_ref());
    let [exact_ru, normal_ru] = digests(content.ru.as_ref());
    [
        Statement {
            sql: "INSERT INTO item_version (item, version, state, kk, ru, exact_kk, exact_ru, normal_kk, normal_ru, author, at)
                  VALUES (?1, ?2, 'draft', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)".into(),
            params: vec![
                id.into(), version.into(), body(&content.kk), body(&content.ru), exact_kk, exact_ru,
                normal_kk, normal_ru, author.into(), now.into(),
            ],
        },
        Statement {
            sql: "INSERT INTO item_key (item, version, answers, explanation_kk, explanation_ru) VALUES (?1, ?2, ?3, ?4, ?5)".into(),
            params: vec![
                id.into(), version.into(), json(&content.answers), json(&content.explanation_kk),
                json(&content.explanation_ru),
            ],
        },
    ]
}

/// What a kind is called by a body.
fn kind(content: &Content) -> &'static str {
    let body = content.kk.as_ref().or(content.ru.as_ref());
    body.map_or("single", |body| body.task.kind().code())
}

/// A new item with its first version.
pub fn create(
    id: &str,
    number: i64,
    content: &Content,
    author: &str,
    now: Timestamp,
) -> Vec<Statement> {
    let meta = &content.meta;
    let mut out = vec![Statement {
        sql: "INSERT INTO item (id, number, code, kind, topic, subject, grade, level, facility, enemies, tags, source,
                head, state, created_by, created_at, changed_at)
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 1, 'draft', ?13, ?14, ?14)".into(),
        params: vec![
            id.into(), number.into(), meta.code.trim().into(), kind(content).into(), meta.topic.as_str().into(),
            meta.subject.as_str().into(), i64::from(meta.grade).into(), meta.level.code().into(),
            i64::from(meta.facility).into(), json(&meta.enemies), json(&meta.tags), meta.source.as_str().into(),
            author.into(), now.into(),
        ],
    }];
    out.extend(add_version(id, 1, content, author, now));
    out
}

/// What is known of an item besides its texts, and its newest version.
pub fn update(id: &str, head: i64, content: &Content, now: Timestamp) -> Statement {
    let meta = &content.meta;
    Statement {
        sql: "UPDATE item SET code = ?2, kind = ?3, topic = ?4, subject = ?5, grade = ?6, level = ?7, facility = ?8,
                enemies = ?9, tags = ?10, source = ?11, head = ?12, state = 'draft', changed_at = ?13,
                version = version + 1 WHERE id = ?1".into(),
        params: vec![
            id.into(), meta.code.trim().into(), kind(content).into(), meta.topic.as_str().into(),
            meta.subject.as_str().into(), i64::from(meta.grade).into(), meta.level.code().into(),
            i64::from(meta.facility).into(), json(&meta.enemies), json(&meta.tags), meta.source.as_str().into(),
            head.into(), now.into(),
        ],
    }
}

/// Moves the newest version to a state. Use begins with `active`: the version before it ends.
pub fn move_to(id: &str, head: i64, from: State, to: State, now: Timestamp) -> Vec<Statement> {
    let mut out = vec![
        sql!(
            "UPDATE item_version SET state = ?3, before = CASE WHEN ?3 = 'suspended' THEN ?4 ELSE before END
             WHERE item = ?1 AND version = ?2",
            id,
            head,
            to.code(),
            from.code()
        ),
        sql!(
            "UPDATE item SET state = ?2, changed_at = ?3, version = version + 1,
               live = CASE WHEN ?2 = 'active' THEN head WHEN live = head THEN NULL ELSE live END WHERE id = ?1",
            id,
            to.code(),
            now
        ),
    ];
    if to == State::Active {
        out.push(sql!(
            "UPDATE item_version SET state = 'retired' WHERE item = ?1 AND version < ?2
               AND state IN ('active', 'suspended', 'approved', 'calibrated', 'pilot')",
            id,
            head
        ));
    }
    out
}

/// Takes the version in use out of use while a newer one is being written.
pub fn withdraw(id: &str, live: i64) -> [Statement; 2] {
    [
        sql!(
            "UPDATE item_version SET state = 'suspended', before = 'active' WHERE item = ?1 AND version = ?2
               AND state = 'active'",
            id,
            live
        ),
        sql!("UPDATE item SET live = NULL, version = version + 1 WHERE id = ?1", id),
    ]
}

/// Takes `n` numbers: column `value` is the last.
pub fn take_numbers(n: usize) -> Statement {
    let n = i64::try_from(n).unwrap_or(i64::MAX);
    sql!("UPDATE counter SET value = value + ?1 WHERE name = 'item' RETURNING value", n)
}

/// What the index needs of an item. No key.
#[derive(Debug, Clone, Deserialize)]
pub struct Indexed {
    /// Number.
    pub number: i64,
    /// Identifier.
    pub id: String,
    /// Code.
    pub code: String,
    /// State.
    pub state: State,
    /// Kind.
    pub kind: String,
    /// Topic.
    pub topic: String,
    /// Subject.
    pub subject: String,
    /// Level.
    pub level: String,
    /// Who opened it.
    pub created_by: String,
    /// When it was changed.
    pub changed_at: Timestamp,
    /// How often candidates met it.
    pub exposure: i64,
    /// Kazakh.
    #[serde(default, deserialize_with = "row::json_option")]
    pub kk: Option<Body>,
    /// Russian.
    #[serde(default, deserialize_with = "row::json_option")]
    pub ru: Option<Body>,
}

const INDEXED: &str =
    "i.number, i.id, i.code, i.state, i.kind, i.topic, i.subject, i.level, i.created_by,
  i.changed_at, i.exposure, v.kk, v.ru FROM item i JOIN item_version v ON v.item = i.id AND v.version = i.head";

/// By identifiers.
pub fn indexed(ids: &[String]) -> Statement {
    sql!(format!("SELECT {INDEXED} WHERE i.id IN (SELECT value FROM json_each(?1))"), json(&ids))
}

/// By numbers.
pub fn by_numbers(numbers: &[i64]) -> Statement {
    sql!(
        format!(
            "SELECT {INDEXED} WHERE i.number IN (SELECT value FROM json_each(?1)) ORDER BY i.number DESC"
        ),
        json(&numbers)
    )
}

/// A slice for building the index anew: numbers above one.
pub fn slice(after: i64, most: i64) -> Statement {
    sql!(format!("SELECT {INDEXED} WHERE i.number > ?1 ORDER BY i.number LIMIT ?2"), after, most)
}

/// Items whose newest version has one of these digests: `id`, `code`, `exact`, `normal`.
pub fn same(exact: &[String], normal: &[String]) -> Statement {
    sql!(
        "SELECT DISTINCT i.id, i.number, i.code, v.exact_kk, v.exact_ru, v.normal_kk, v.normal_ru
         FROM item i JOIN item_version v ON v.item = i.id AND v.version = i.head
         WHERE i.id IN (
           SELECT item FROM item_version WHERE exact_kk IN (SELECT value FROM json_each(?1))
           UNION SELECT item FROM item_version WHERE exact_ru IN (SELECT value FROM json_each(?1))
           UNION SELECT item FROM item_version WHERE normal_kk IN (SELECT value FROM json_each(?2))
           UNION SELECT item FROM item_version WHERE normal_ru IN (SELECT value FROM json_each(?2)))
         LIMIT 5000",
        json(&exact),
        json(&normal)
    )
}

/// The digests of a content: exact ones, normalised ones.
pub fn digests_of(content: &Content) -> (Vec<String>, Vec<String>) {
    let (mut exact, mut normal) = (Vec::new(), Vec::new());
    for body in [content.kk.as_ref(), content.ru.as_ref()] {
        if let [Param::Text(a), Param::Text(b)] = digests(body) {
            exact.push(a);
            normal.push(b);
        }
    }
    (exact, normal)
}

/// The passport: totals, then counts.
pub fn passport() -> [Statement; 2] {
    [
        sql!(
            "SELECT count(*) AS items, coalesce(sum(live IS NOT NULL), 0) AS live,
               (SELECT count(*) FROM item i JOIN item_version v ON v.item = i.id AND v.version = i.head
                WHERE v.kk IS NOT NULL AND v.ru IS NOT NULL) AS bilingual,
               (SELECT count(*) FROM item i JOIN item_version v ON v.item = i.id AND v.version = i.head
                WHERE v.a IS NOT NULL) AS calibrated,
               (SELECT count(*) FROM item_complaint WHERE state = 'open') AS complaints FROM item"
        ),
        sql!(
            "SELECT 'state' AS by, state AS code, count(*) AS n FROM item GROUP BY state
             UNION ALL SELECT 'kind', kind, count(*) FROM item GROUP BY kind
             UNION ALL SELECT 'topic', topic, count(*) FROM item GROUP BY topic
             UNION ALL SELECT 'level', level, count(*) FROM item GROUP BY level
             UNION ALL SELECT 'subject', subject, count(*) FROM item WHERE subject <> '' GROUP BY subject"
        ),
    ]
}
