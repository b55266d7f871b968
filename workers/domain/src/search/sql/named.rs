//! Finding places and organisations by name.

use serde::{Deserialize, Serialize};

use crate::{
    search::{index::Name, named},
    shared::statement::Statement,
    sql,
};

/// Places that one name may have; more than these are not told apart by a list anyway.
pub const PLACES_MAX: u32 = 60;
/// Organisations that a name finds at most.
pub const ORGANISATIONS_MAX: u32 = 400;
/// Organisations from whose names a misspelled word is mended.
pub const ALIKE_MAX: u32 = 60;

/// An organisation whose name is looked for.
#[derive(Debug, Clone, Deserialize)]
pub struct OrganisationName {
    /// Identifier.
    pub id: String,
    /// Kazakh.
    pub kk: String,
    /// Russian.
    pub ru: String,
    /// English.
    pub en: String,
    /// `active` …
    pub status: String,
}

#[derive(Serialize)]
struct Tokens<'a> {
    id: &'a str,
    t: String,
}

/// Search database: the names of places after one code up to another one (or to the end).
pub fn keep_places(after: &str, names: &[Name], to: Option<&str>) -> Vec<Statement> {
    let rows: Vec<Tokens<'_>> = names
        .iter()
        .map(|name| Tokens {
            id: &name.code,
            t: named::tokens([name.kk.as_str(), name.ru.as_str(), name.en.as_str()]),
        })
        .collect();
    let list = serde_json::to_string(&rows).unwrap_or_default();
    vec![
        sql!(
            "DELETE FROM place_index WHERE rowid > CAST(?1 AS INTEGER) AND rowid <= CAST(?2 AS INTEGER)",
            if after.is_empty() { "0" } else { after },
            to.unwrap_or("999999999")
        ),
        sql!(
            "INSERT INTO place_index (rowid, t)
             SELECT CAST(value ->> 'id' AS INTEGER), value ->> 't' FROM json_each(?1) ORDER BY 1",
            list
        ),
    ]
}

/// Search database: the names of organisations; those that are not active are forgotten.
pub fn keep_organisations(names: &[OrganisationName]) -> Vec<Statement> {
    let ids: Vec<&str> = names.iter().map(|name| name.id.as_str()).collect();
    let rows: Vec<Tokens<'_>> = names
        .iter()
        .filter(|name| name.status == "active")
        .map(|name| Tokens {
            id: &name.id,
            t: named::organisation_tokens([name.kk.as_str(), name.ru.as_str(), name.en.as_str()]),
        })
        .collect();
    let (ids, list) = (
        serde_json::to_string(&ids).unwrap_or_default(),
        serde_json::to_string(&rows).unwrap_or_default(),
    );
    vec![
        sql!("DELETE FROM organisation WHERE id IN (SELECT value FROM json_each(?1))", ids),
        sql!("INSERT INTO organisation (id) SELECT value ->> 'id' FROM json_each(?1)", &list),
        sql!(
            "INSERT INTO organisation_index (rowid, t)
             SELECT o.n, j.value ->> 't' FROM json_each(?1) j
             CROSS JOIN organisation o ON o.id = j.value ->> 'id' ORDER BY 1",
            list
        ),
    ]
}

/// Search database: places by name; rows of [`Name`]. `None` where the text has no words.
pub fn places_named(text: &str) -> Option<Statement> {
    named::wanted_place(text).map(|wanted| {
        sql!(
            "SELECT n.facet, n.code, n.kk, n.ru, n.en, n.lat, n.lon FROM place_index
             CROSS JOIN name n ON n.facet = 'kato' AND n.code = printf('%09d', place_index.rowid)
             WHERE place_index MATCH ?1 LIMIT CAST(?2 AS INTEGER)",
            wanted,
            PLACES_MAX
        )
    })
}

/// Search database: organisations by name; rows `id`. `None` where the text has no words.
pub fn organisations_named(text: &str) -> Option<Statement> {
    named::wanted(text).map(|wanted| {
        sql!(
            "SELECT o.id FROM organisation_index
             CROSS JOIN organisation o ON o.n = organisation_index.rowid
             WHERE organisation_index MATCH ?1 LIMIT CAST(?2 AS INTEGER)",
            wanted,
            ORGANISATIONS_MAX
        )
    })
}

/// Search database: organisations with a word like one of these; rows `id`. `None` where no word
/// is long enough.
pub fn organisations_alike(words: &[String]) -> Option<Statement> {
    named::alike(words).map(|wanted| {
        sql!(
            "SELECT o.id FROM organisation_index
             CROSS JOIN organisation o ON o.n = organisation_index.rowid
             WHERE organisation_index MATCH ?1 LIMIT CAST(?2 AS INTEGER)",
            wanted,
            ALIKE_MAX
        )
    })
}

/// Main database: organisations by identifier; `ids` is a JSON array.
pub fn organisation_names(ids: &str) -> Statement {
    sql!(
        "SELECT id, name_kk AS kk, name_ru AS ru, name_en AS en, status FROM organisation
         WHERE id IN (SELECT value FROM json_each(?1))",
        ids
    )
}

/// Main database: the next organisations after an identifier.
pub fn organisation_names_after(id: &str, limit: u32) -> Statement {
    sql!(
        "SELECT id, name_kk AS kk, name_ru AS ru, name_en AS en, status FROM organisation
         WHERE id > ?1 ORDER BY id LIMIT CAST(?2 AS INTEGER)",
        id,
        limit
    )
}

/// Main database: the regions and what stands right below them; rows of [`Name`].
pub fn main_places() -> Statement {
    sql!(
        "SELECT 'kato' AS facet, k.code, k.kk, k.ru, k.en, k.lat, k.lon FROM kato k
          WHERE k.parent IS NULL
         UNION ALL
         SELECT 'kato', k.code, k.kk, k.ru, k.en, k.lat, k.lon FROM kato r
           CROSS JOIN kato k ON k.parent = r.code
          WHERE r.parent IS NULL AND k.closed_on IS NULL"
    )
}
