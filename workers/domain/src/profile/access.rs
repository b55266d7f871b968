//! Who looked at a person's data: SQL over the journal. Nobody can leave himself out: the row is
//! written in the batch of the look, and the journal is never changed.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    shared::{lang::Text, row, statement::Statement, time::Timestamp},
    sql,
};

/// A role that somebody held on the day of a look.
#[derive(Debug, Clone, Deserialize)]
pub struct RoleRow {
    /// The role.
    pub role: String,
    /// Its organisation, Kazakh.
    pub kk: String,
    /// Its organisation, Russian.
    pub ru: String,
    /// Its organisation, English.
    pub en: String,
}

/// A look.
#[derive(Debug, Clone, Deserialize)]
pub struct LookRow {
    /// Place in the journal.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// What was done.
    pub action: String,
    /// The reason given.
    pub reason: Option<String>,
    /// What the journal says of it.
    #[serde(default, deserialize_with = "row::json_option")]
    pub after: Option<Value>,
    /// Who; empty for the system.
    pub who: Option<String>,
    /// Number of the application it was about.
    pub number: Option<String>,
    /// Organisation of the journal's row.
    pub kk: Option<String>,
    /// The same in Russian.
    pub ru: Option<String>,
    /// The same in English.
    pub en: Option<String>,
    /// Roles on that day.
    #[serde(deserialize_with = "row::json")]
    pub roles: Vec<RoleRow>,
}

impl LookRow {
    /// The organisation: of the row, else of the first role.
    pub fn organisation(&self) -> Text {
        match (&self.kk, &self.ru) {
            (Some(kk), Some(ru)) => {
                Text { kk: kk.clone(), ru: ru.clone(), en: self.en.clone().unwrap_or_default() }
            }
            _ => self
                .roles
                .first()
                .map(|r| Text { kk: r.kk.clone(), ru: r.ru.clone(), en: r.en.clone() })
                .unwrap_or_default(),
        }
    }
}

/// Looks at a person, at the person's applications, files and records by somebody else, newest
/// first, before a place in the journal.
pub fn looks(person: &str, account: &str, before: i64, limit: u32) -> Statement {
    sql!(
        "WITH mine (type, id) AS (
           SELECT 'person', ?1
           UNION ALL SELECT 'application', id FROM application WHERE person = ?1
           UNION ALL SELECT 'file', id FROM file WHERE person = ?1
           UNION ALL SELECT 'record', id FROM profile_item WHERE person = ?1
         )
         SELECT j.seq, j.at, j.action, j.reason, j.after,
           (SELECT trim(p.surname || ' ' || p.name) FROM account a JOIN person p ON p.id = a.person
            WHERE a.id = j.account) AS who,
           (SELECT number FROM application a WHERE a.id = coalesce(
              CASE j.object_type WHEN 'application' THEN j.object_id END, j.after ->> '$.application')
              AND a.person = ?1) AS number,
           o.name_kk AS kk, o.name_ru AS ru, o.name_en AS en,
           (SELECT json_group_array(json_object('role', r.role, 'kk', ro.name_kk, 'ru', ro.name_ru, 'en', ro.name_en))
            FROM role_assignment r JOIN organisation ro ON ro.id = r.organisation
            WHERE r.account = j.account AND r.from_day <= date(j.at, '+5 hours')
              AND (r.to_day IS NULL OR r.to_day >= date(j.at, '+5 hours'))) AS roles
         FROM mine JOIN journal j ON j.object_type = mine.type AND j.object_id = mine.id
         LEFT JOIN organisation o ON o.id = j.organisation
         WHERE j.seq < ?3 AND (j.account IS NULL OR j.account <> ?2)
           AND (j.action LIKE '%.view' OR j.action LIKE '%.export' OR j.action LIKE '%.download')
         ORDER BY j.seq DESC LIMIT ?4",
        person,
        account,
        before,
        limit
    )
}
