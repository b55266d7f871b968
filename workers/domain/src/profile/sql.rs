//! SQL of the card and of the records.

pub mod deletion;
pub mod overview;
pub mod saved;

use serde::Deserialize;
use serde_json::Value;

use super::{
    api::{Card, Item, Source},
    kind::Kind,
};
use crate::{
    shared::{
        lang::{Lang, Text},
        row,
        statement::{Statement, guard},
        time::Timestamp,
    },
    sql,
};

/// A person as stored.
#[derive(Debug, Clone, Deserialize)]
pub struct PersonRow {
    /// IIN.
    pub iin: Option<String>,
    /// Surname.
    pub surname: String,
    /// Given name.
    pub name: String,
    /// Patronymic.
    pub patronymic: String,
    /// Language.
    pub lang: String,
    /// Whether the account is of the staff.
    #[serde(deserialize_with = "row::flag")]
    pub staff: bool,
    /// Version of the card; 0 = none was written yet.
    pub version: i64,
    /// The card.
    #[serde(default, deserialize_with = "row::json_option")]
    pub content: Option<Card>,
    /// Sources of fields.
    #[serde(default, deserialize_with = "row::json_option")]
    pub sources: Option<Value>,
    /// When it was changed.
    pub changed_at: Option<Timestamp>,
}

impl PersonRow {
    /// The card, with what stands in the columns.
    pub fn card(&self) -> Card {
        let mut card = self.content.clone().unwrap_or_default();
        card.iin = self.iin.clone().unwrap_or_default();
        card.name.surname.clone_from(&self.surname);
        card.name.name.clone_from(&self.name);
        card.name.patronymic.clone_from(&self.patronymic);
        card.lang = Lang::parse(&self.lang).unwrap_or_default();
        card
    }

    /// Sources of the fields that the person did not write.
    pub fn marks(&self) -> Vec<(String, Source)> {
        let kept = self.sources.as_ref().and_then(Value::as_object);
        kept.into_iter()
            .flatten()
            .filter_map(|(field, source)| {
                Some((field.clone(), serde_json::from_value(source.clone()).ok()?))
            })
            .collect()
    }
}

/// The person of an account: the card, the confirmed contacts, the names of the address's place.
pub fn person(person: &str, account: &str) -> [Statement; 3] {
    [
        sql!(
            "SELECT p.iin, p.surname, p.name, p.patronymic, p.lang,
               EXISTS (SELECT 1 FROM account a WHERE a.person = p.id AND a.kind = 'staff') AS staff,
               coalesce(c.version, 0) AS version, c.content, c.sources, c.changed_at
             FROM person p LEFT JOIN person_card c ON c.person = p.id WHERE p.id = ?1",
            person
        ),
        sql!(
            "SELECT kind, value, verified_at FROM contact WHERE account = ?1 ORDER BY verified_at",
            account
        ),
        places(
            "JOIN person_card c ON c.person = ?1 AND k.code = c.content ->> '$.address.kato'",
            person,
        ),
    ]
}

/// The names of a place, from the region down.
pub fn place_of(code: &str) -> Statement {
    places("WHERE k.code = ?1", code)
}

fn places(from: &str, value: &str) -> Statement {
    sql!(
        format!(
            "WITH RECURSIVE up (code, parent, level, kk, ru, en) AS (
               SELECT k.code, k.parent, k.level, k.kk, k.ru, k.en FROM kato k {from}
               UNION ALL
               SELECT k.code, k.parent, k.level, k.kk, k.ru, k.en FROM kato k JOIN up ON k.code = up.parent
             ) SELECT kk, ru, en FROM up ORDER BY level LIMIT 6"
        ),
        value
    )
}

/// A place's names.
#[derive(Debug, Clone, Deserialize)]
pub struct PlaceRow {
    /// Kazakh.
    pub kk: String,
    /// Russian.
    pub ru: String,
    /// English.
    pub en: String,
}

/// The names of a place from the region down.
pub fn place(rows: &[PlaceRow]) -> Text {
    let join = |of: fn(&PlaceRow) -> &str| {
        rows.iter().map(of).filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ")
    };
    Text { kk: join(|r| &r.kk), ru: join(|r| &r.ru), en: join(|r| &r.en) }
}

/// Stores a card, unless somebody else changed it first. `version` is the new one.
pub fn save_person(
    id: &str,
    card: &Card,
    sources: &Value,
    version: i64,
    now: Timestamp,
) -> Vec<Statement> {
    let iin = (!card.iin.is_empty()).then(|| card.iin.clone());
    // Kept once: these stand in the columns of `person`.
    let mut rest = card.clone();
    rest.iin.clear();
    rest.name = super::api::Name::default();
    let content = serde_json::to_string(&rest).unwrap_or_default();
    vec![
        guard(
            "version",
            "SELECT coalesce((SELECT version FROM person_card WHERE person = ?1), 0) = ?2",
            vec![id.into(), (version - 1).into()],
        ),
        sql!(
            "UPDATE person SET iin = ?2, surname = ?3, name = ?4, patronymic = ?5, lang = ?6 WHERE id = ?1",
            id,
            iin,
            &card.name.surname,
            &card.name.name,
            &card.name.patronymic,
            card.lang.code()
        ),
        sql!(
            "INSERT INTO person_card (person, version, content, sources, changed_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (person) DO UPDATE SET version = ?2, content = ?3, sources = ?4, changed_at = ?5",
            id,
            version,
            content,
            sources.to_string(),
            now
        ),
    ]
}

const COLUMNS: &str = "i.id, i.version, i.kind, i.state, i.record, i.evidence, i.source, i.verification,
    i.visibility, i.organisation, i.reason, i.valid_to, i.changed_at,
    (SELECT json_group_array(json_array(u.object_type, u.object_id)) FROM profile_use u WHERE u.item = i.id) AS used_in";

/// All records of a person, by kind, newest first.
pub fn items(person: &str) -> Statement {
    sql!(
        format!(
            "SELECT {COLUMNS} FROM profile_item i WHERE i.person = ?1 ORDER BY i.kind, i.id DESC LIMIT 2000"
        ),
        person
    )
}

/// One record of a person. Somebody else's is not found.
pub fn item(id: &str, person: &str) -> Statement {
    sql!(
        format!("SELECT {COLUMNS} FROM profile_item i WHERE i.id = ?1 AND i.person = ?2"),
        id,
        person
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
