//! SQL of the card.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    profile::api::{Card, Name, Source},
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

/// The names of the place of an application, from the region down.
pub fn place_of_application(id: &str) -> Statement {
    places(
        "WHERE k.code = (SELECT json_extract(content, '$.contacts.kato') FROM application WHERE id = ?1)",
        id,
    )
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
    rest.name = Name::default();
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
