//! SQL of the card and of the records.

pub mod confirm;
pub mod deletion;
pub mod overview;
mod person;
pub mod saved;

pub use person::{PersonRow, PlaceRow, person, place, place_of, place_of_application, save_person};

use serde::Deserialize;
use serde_json::Value;

use super::{api::Item, kind::Kind};
use crate::{
    shared::{
        row,
        statement::{Statement, guard},
        time::Timestamp,
    },
    sql,
};

const COLUMNS: &str = "i.id, i.version, i.kind, i.state, i.record, i.evidence, i.source, i.verification,
    i.visibility, i.organisation, i.reason, i.valid_to, i.successor, i.changed_at,
    (SELECT f.id FROM profile_item f WHERE f.successor = i.id) AS former,
    (SELECT json_group_array(json_array(u.object_type, u.object_id)) FROM profile_use u WHERE u.item = i.id) AS used_in";

/// All records of a person, by kind, newest first. Locked ones that were written anew are not among
/// them: they belong to their cases.
pub fn items(person: &str) -> Statement {
    sql!(
        format!(
            "SELECT {COLUMNS} FROM profile_item i WHERE i.person = ?1 AND i.successor IS NULL
             ORDER BY i.kind, i.id DESC LIMIT 2000"
        ),
        person
    )
}

/// One record of a person, or the one that has taken its place. Somebody else's is not found.
pub fn item(id: &str, person: &str) -> Statement {
    sql!(
        format!(
            "WITH RECURSIVE line (id, n) AS (SELECT ?1, 0 UNION ALL
               SELECT i.successor, line.n + 1 FROM line JOIN profile_item i ON i.id = line.id
               WHERE i.successor IS NOT NULL AND line.n < 1000)
             SELECT {COLUMNS} FROM line CROSS JOIN profile_item i ON i.id = line.id
             WHERE i.person = ?2 AND i.successor IS NULL"
        ),
        id,
        person
    )
}

/// The records that an application was sent with.
pub fn used_by(application: &str) -> Statement {
    sql!(
        format!(
            "SELECT {COLUMNS} FROM application a CROSS JOIN profile_item i ON i.person = a.person
             WHERE a.id = ?1 AND EXISTS (SELECT 1 FROM profile_use u WHERE u.item = i.id
               AND u.object_type = 'application' AND u.object_id = a.id)"
        ),
        application
    )
}

/// Which of these files are the person's and usable as evidence.
pub fn own_files(files: &[String], person: &str) -> Statement {
    sql!(
        "SELECT id FROM file WHERE person = ?2 AND state NOT IN ('infected', 'refused')
           AND id IN (SELECT value FROM json_each(?1))",
        serde_json::json!(files).to_string(),
        person
    )
}

/// How many records a person has.
pub fn count(person: &str) -> Statement {
    sql!("SELECT count(*) AS n FROM profile_item WHERE person = ?1", person)
}

fn code<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn evidence(item: &Item, now: Timestamp) -> [Statement; 2] {
    let files = serde_json::json!(item.evidence).to_string();
    [
        sql!(
            "DELETE FROM file_use WHERE object_type = 'record' AND object_id = ?1
               AND file NOT IN (SELECT value FROM json_each(?2))",
            &item.id,
            &files
        ),
        sql!(
            "INSERT OR IGNORE INTO file_use (file, object_type, object_id, created_at)
             SELECT value, 'record', ?1, ?3 FROM json_each(?2)",
            &item.id,
            &files,
            now
        ),
    ]
}

/// Stores a new record.
pub fn insert(
    item: &Item,
    person: &str,
    remind_on: Option<chrono::NaiveDate>,
    now: Timestamp,
) -> Vec<Statement> {
    let mut out = vec![sql!(
        "INSERT INTO profile_item (id, person, kind, state, version, record, evidence, source, verification,
           visibility, valid_to, remind_on, created_at, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13)",
        &item.id,
        person,
        item.kind.code(),
        code(&item.state),
        item.version,
        item.record.to_string(),
        serde_json::json!(item.evidence).to_string(),
        code(&item.source),
        code(&item.verification),
        code(&item.visibility),
        item.valid_to,
        remind_on,
        now
    )];
    out.extend(evidence(item, now));
    out
}

/// Stores a changed record, unless somebody else changed it first.
pub fn update(
    item: &Item,
    decided_by: Option<&str>,
    remind_on: Option<chrono::NaiveDate>,
    now: Timestamp,
) -> Vec<Statement> {
    let mut out = vec![
        version_guard(&item.id, item.version - 1),
        sql!(
            "UPDATE profile_item SET kind = ?2, state = ?3, version = ?4, record = ?5, evidence = ?6, source = ?7,
               verification = ?8, visibility = ?9, organisation = ?10, reason = ?11, decided_by = ?12,
               valid_to = ?13, remind_on = ?14, changed_at = ?15 WHERE id = ?1",
            &item.id,
            item.kind.code(),
            code(&item.state),
            item.version,
            item.record.to_string(),
            serde_json::json!(item.evidence).to_string(),
            code(&item.source),
            code(&item.verification),
            code(&item.visibility),
            item.organisation.as_ref(),
            &item.reason,
            decided_by,
            item.valid_to,
            remind_on,
            now
        ),
    ];
    out.extend(evidence(item, now));
    out
}

/// Locks a record as [`super::item::decide`] has it, unless somebody changed it first.
pub fn lock(item: &Item, now: Timestamp) -> Vec<Statement> {
    vec![
        version_guard(&item.id, item.version - 1),
        sql!(
            "UPDATE profile_item SET state = ?2, version = ?3, changed_at = ?4 WHERE id = ?1",
            &item.id,
            code(&item.state),
            item.version,
            now
        ),
    ]
}

/// Stores a record that takes the place of a locked one, unless another one was faster.
pub fn succeed(
    former: &Item,
    next: &Item,
    person: &str,
    remind_on: Option<chrono::NaiveDate>,
    now: Timestamp,
) -> Vec<Statement> {
    let mut out = vec![
        version_guard(&former.id, former.version),
        sql!(
            "UPDATE profile_item SET successor = ?2, version = version + 1, remind_on = NULL WHERE id = ?1",
            &former.id,
            &next.id
        ),
    ];
    out.extend(insert(next, person, remind_on, now));
    out
}

fn version_guard(id: &str, version: i64) -> Statement {
    guard(
        "version",
        "SELECT coalesce((SELECT version FROM profile_item WHERE id = ?1), -1) = ?2",
        vec![id.into(), version.into()],
    )
}

/// Removes a record, unless somebody changed it first.
pub fn remove(item: &Item) -> Vec<Statement> {
    vec![
        version_guard(&item.id, item.version),
        sql!("DELETE FROM file_use WHERE object_type = 'record' AND object_id = ?1", &item.id),
        sql!("DELETE FROM profile_item WHERE id = ?1", &item.id),
    ]
}

/// A record whose next reminder is due.
#[derive(Debug, Clone, Deserialize)]
pub struct DueRow {
    /// The record.
    pub id: String,
    /// The account of its owner.
    pub account: String,
    /// Its kind.
    pub kind: Kind,
    /// The record.
    #[serde(deserialize_with = "row::json")]
    pub record: Value,
    /// Its last day.
    pub valid_to: chrono::NaiveDate,
    /// The day of this reminder.
    pub remind_on: chrono::NaiveDate,
    /// Language of the person.
    pub lang: String,
}

/// Records whose next reminder is due on a day.
pub fn due(day: chrono::NaiveDate, limit: u32) -> Statement {
    sql!(
        "SELECT i.id, a.id AS account, i.kind, i.record, i.valid_to, i.remind_on, p.lang
         FROM profile_item i JOIN person p ON p.id = i.person JOIN account a ON a.person = i.person
         WHERE i.remind_on <= ?1 AND a.status = 'active' ORDER BY i.remind_on, i.id LIMIT ?2",
        day,
        limit
    )
}

/// Notes that a reminder went out.
pub fn reminded(
    id: &str,
    was: chrono::NaiveDate,
    next: Option<chrono::NaiveDate>,
) -> [Statement; 2] {
    [
        guard(
            "state",
            "SELECT EXISTS (SELECT 1 FROM profile_item WHERE id = ?1 AND remind_on = ?2)",
            vec![id.into(), was.into()],
        ),
        sql!("UPDATE profile_item SET remind_on = ?2 WHERE id = ?1", id, next),
    ]
}
