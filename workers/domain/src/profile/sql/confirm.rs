//! SQL of comparing records with their originals.

use serde::Deserialize;
use serde_json::Value;

use super::COLUMNS;
use crate::{
    account::role::Scope,
    profile::{api::Item, kind::Kind},
    shared::{
        lang::Text,
        row,
        statement::{Param, Statement},
        time::Timestamp,
    },
    sql,
    vacancy::{api::OrganisationRef, sql::reach_sql},
};

const NAMES: &str =
    "i.person, trim(p.surname || ' ' || p.name) AS who, o.id AS asked, o.path, o.slug,
    o.name_kk, o.name_ru, o.name_en";
const FROM: &str = "FROM profile_item i JOIN organisation o ON o.id = i.organisation
    JOIN person p ON p.id = i.person";

/// Whose a record is and who was asked.
#[derive(Debug, Clone, Deserialize)]
pub struct Asked {
    /// The person.
    pub person: String,
    /// Name of the person.
    pub who: String,
    /// The organisation.
    pub asked: String,
    /// Its path.
    pub path: String,
    /// Last segment of its public address.
    pub slug: String,
    /// Its name.
    pub name_kk: String,
    /// Its name.
    pub name_ru: String,
    /// Its name.
    pub name_en: String,
}

impl Asked {
    /// The organisation.
    pub fn organisation(&self) -> OrganisationRef {
        OrganisationRef {
            id: self.asked.clone(),
            name: Text {
                kk: self.name_kk.clone(),
                ru: self.name_ru.clone(),
                en: self.name_en.clone(),
            },
            slug: self.slug.clone(),
        }
    }
}

/// A record that waits.
#[derive(Debug, Clone, Deserialize)]
pub struct WaitingRow {
    /// Identifier.
    pub id: String,
    /// Kind.
    pub kind: Kind,
    /// The record, with its tag.
    #[serde(deserialize_with = "row::json")]
    pub record: Value,
    /// How many files prove it.
    pub files: u32,
    /// Since when it waits.
    pub changed_at: Timestamp,
    /// Whose it is and who was asked.
    #[serde(flatten)]
    pub asked: Asked,
}

/// Records that wait for organisations within reach, the oldest request first ([`WaitingRow`]).
pub fn waiting(reach: &[(&str, Scope)], limit: u32) -> Statement {
    let mut params: Vec<Param> = Vec::new();
    let within = reach_sql(reach, &mut params);
    params.push(limit.into());
    let sql = format!(
        "SELECT i.id, i.kind, i.record, json_array_length(i.evidence) AS files, i.changed_at, {NAMES}
         {FROM} WHERE {within} AND i.state = 'submitted' ORDER BY i.changed_at, i.id LIMIT ?{}",
        params.len()
    );
    Statement { sql: sql.into(), params }
}

/// A record with whose it is and who was asked.
#[derive(Debug, Clone, Deserialize)]
pub struct CaseRow {
    /// The record.
    #[serde(flatten)]
    pub item: Item,
    /// Whose it is and who was asked.
    #[serde(flatten)]
    pub asked: Asked,
    /// The account that is told.
    pub account: Option<String>,
}

/// One record that an organisation was asked about ([`CaseRow`]).
pub fn case(id: &str) -> Statement {
    sql!(
        format!(
            "SELECT {COLUMNS}, {NAMES},
               (SELECT a.id FROM account a WHERE a.person = i.person AND a.status = 'active' LIMIT 1) AS account
             {FROM} WHERE i.id = ?1"
        ),
        id
    )
}

/// Organisations whose name contains the letters, as typed or with a capital: `code`, `name` and
/// the place (`around`), as places are answered.
pub fn organisations(typed: &str, capital: &str, limit: u32) -> Statement {
    sql!(
        "SELECT o.id AS code, json_object('kk', o.name_kk, 'ru', o.name_ru, 'en', o.name_en) AS name,
           coalesce((SELECT json_object('kk', k.kk, 'ru', k.ru, 'en', k.en) FROM kato k WHERE k.code = o.kato), '{}') AS around
         FROM organisation o WHERE o.status = 'active'
           AND (instr(o.name_kk, ?1) > 0 OR instr(o.name_ru, ?1) > 0
             OR instr(o.name_kk, ?2) > 0 OR instr(o.name_ru, ?2) > 0)
         ORDER BY length(o.name_kk), o.id LIMIT ?3",
        typed,
        capital,
        limit
    )
}
