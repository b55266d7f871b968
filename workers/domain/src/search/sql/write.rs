//! Writing the index, and reading what is indexed from the main database.

use crate::{
    search::index::{Entry, Name},
    shared::{statement::Statement, time::Timestamp},
    sql,
};

/// The columns of a source.
const SOURCE: &str =
    "SELECT v.id, v.number, v.slug, v.state, v.content, v.published_at, v.accept_to,
   v.closes_at, v.changed_at, o.slug AS org_slug, o.name_kk AS org_kk, o.name_ru AS org_ru,
   o.name_en AS org_en, o.type AS org_type, o.kato, o.lat, o.lon
 FROM vacancy v JOIN organisation o ON o.id = v.organisation ";

/// Main database: vacancies by identifier. `ids` is a JSON array.
pub fn sources(ids: &str) -> Statement {
    sql!(format!("{SOURCE} WHERE v.id IN (SELECT value FROM json_each(?1))"), ids)
}

/// Main database: the next published vacancies after an identifier.
pub fn sources_after(id: &str, limit: u32) -> Statement {
    sql!(
        format!(
            "{SOURCE} WHERE v.id > ?1 AND v.state = 'published' ORDER BY v.id LIMIT CAST(?2 AS INTEGER)"
        ),
        id,
        limit
    )
}

/// Main database: the directories whose names are searched and shown, newest edition of each.
pub fn directory_names() -> Statement {
    sql!(
        "SELECT directory AS facet, code, kk, ru, en, attrs, max(edition) AS edition
         FROM directory_item
         WHERE directory IN ('position', 'position_group', 'subject', 'language_of_instruction',
           'organisation_type', 'extra')
         GROUP BY directory, code"
    )
}

/// Main database: regions, districts and cities.
pub fn districts() -> Statement {
    sql!(
        "SELECT 'kato' AS facet, code, kk, ru, en, lat, lon FROM kato
         WHERE code LIKE '____00000' ORDER BY code"
    )
}

/// Main database: the next places after a code.
pub fn places_after(code: &str, limit: u32) -> Statement {
    sql!(
        "SELECT 'kato' AS facet, code, kk, ru, en, lat, lon FROM kato
         WHERE code > ?1 ORDER BY code LIMIT CAST(?2 AS INTEGER)",
        code,
        limit
    )
}

/// Main database: names of a JSON array of `[facet, code]`, for codes that the index does not
/// know yet.
pub fn names_of_main(codes: &[(&str, &str)]) -> Statement {
    let list = serde_json::to_string(codes).unwrap_or_default();
    sql!(
        "SELECT 'kato' AS facet, k.code, k.kk, k.ru, k.en, k.lat, k.lon
         FROM json_each(?1) j CROSS JOIN kato k
         WHERE j.value ->> 0 = 'kato' AND k.code = j.value ->> 1
         UNION ALL
         SELECT d.directory, d.code, d.kk, d.ru, d.en, NULL, NULL
         FROM json_each(?1) j CROSS JOIN directory_item d
         WHERE d.directory = j.value ->> 0 AND d.code = j.value ->> 1",
        list
    )
}

/// Main database: the middle of the organisations of a place.
pub fn middle_of_organisations(kato: &str) -> Statement {
    sql!("SELECT avg(lat) AS lat, avg(lon) AS lon FROM organisation WHERE kato = ?1", kato)
}

/// Keeps names: only what changed is written.
pub fn keep_names(names: &[Name]) -> Statement {
    let list = serde_json::to_string(names).unwrap_or_default();
    sql!(
        "INSERT INTO name (facet, code, kk, ru, en, lat, lon)
         SELECT value ->> 'facet', value ->> 'code', value ->> 'kk', value ->> 'ru',
           value ->> 'en', value ->> 'lat', value ->> 'lon'
         FROM json_each(?1) WHERE true
         ON CONFLICT DO UPDATE SET kk = excluded.kk, ru = excluded.ru, en = excluded.en,
           lat = excluded.lat, lon = excluded.lon
         WHERE (kk, ru, en, lat, lon)
           IS NOT (excluded.kk, excluded.ru, excluded.en, excluded.lat, excluded.lon)",
        list
    )
}

/// Takes vacancies out of the index. `ids` is a JSON array. A trigger clears all their rows.
pub fn remove(ids: &str) -> Statement {
    sql!("DELETE FROM fact WHERE vacancy IN (SELECT value FROM json_each(?1))", ids)
}

/// Takes out the vacancies after one identifier up to another one (or to the end).
pub fn remove_between(after: &str, to: Option<&str>) -> Statement {
    match to {
        Some(to) => sql!("DELETE FROM fact WHERE vacancy > ?1 AND vacancy <= ?2", after, to),
        None => sql!("DELETE FROM fact WHERE vacancy > ?1", after),
    }
}

/// Takes out what is over. At most `limit` at a time.
pub fn remove_over(now: Timestamp, limit: u32) -> Statement {
    sql!(
        "DELETE FROM fact WHERE number IN (SELECT number FROM fact
           WHERE closes_at <= CAST(?1 AS INTEGER) LIMIT CAST(?2 AS INTEGER))",
        now.millis(),
        limit
    )
}

/// Puts entries in. They must not be in the index.
pub fn put(entries: &[Entry]) -> Vec<Statement> {
    let list = serde_json::to_string(entries).unwrap_or_default();
    let into_list = |name: &str, row: &str| {
        sql!(
            format!(
                "INSERT INTO {name} (rowid, t) SELECT value ->> '{row}', value ->> 'tokens'
                 FROM json_each(?1) ORDER BY 1"
            ),
            &list
        )
    };
    vec![
        sql!(
            "INSERT INTO fact (number, vacancy, ending, newest, paying, closes_at, pay, lat, lon,
               region, district, grp, position, subject, language, type, term, rate, extras)
             SELECT value ->> 'number', value ->> 'vacancy', value ->> 'ending',
               value ->> 'newest', value ->> 'paying', value ->> 'closes_at', value ->> 'pay',
               value ->> 'lat', value ->> 'lon', value ->> 'region', value ->> 'district',
               value ->> 'grp', value ->> 'position', value ->> 'subject',
               value ->> 'language', value ->> 'type', value ->> 'term', value ->> 'rate',
               value ->> 'extras'
             FROM json_each(?1)",
            &list
        ),
        sql!(
            "INSERT INTO card (number, slug, changed_at, kk, ru, en)
             SELECT value ->> 'number', value ->> 'slug', value ->> 'changed_at',
               value ->> 'kk', value ->> 'ru', value ->> 'en' FROM json_each(?1)",
            &list
        ),
        into_list("by_ending", "ending"),
        into_list("by_newest", "newest"),
        into_list("by_pay", "paying"),
    ]
}
