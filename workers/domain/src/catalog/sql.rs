//! SQL of what the public reads beside the search: one vacancy whole, one organisation, lists
//! of organisations. Everything that a page needs goes into one batch.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::{
    shared::{lang::Text, row, statement::Statement, time::Timestamp},
    sql,
    vacancy::model::{Content, Outcome, State},
};

/// How a vacancy is named by who asks for it.
#[derive(Debug, Clone, Copy)]
pub enum Key<'a> {
    /// Last segment of its address.
    Slug(&'a str),
    /// Number for people.
    Number(i64),
    /// Identifier: for the preview.
    Id(&'a str),
}

impl Key<'_> {
    /// Makes a statement on `v`, the one vacancy that is meant.
    fn statement(self, before: &str, after: &str) -> Statement {
        match self {
            Key::Slug(slug) => sql!(format!("{before} v.slug = ?1 {after}"), slug),
            Key::Number(n) => {
                sql!(format!("{before} v.number = CAST(?1 AS INTEGER) {after}"), n)
            }
            Key::Id(id) => sql!(format!("{before} v.id = ?1 {after}"), id),
        }
    }
}

/// A vacancy with its organisation.
#[derive(Debug, Clone, Deserialize)]
pub struct VacancyRow {
    /// Identifier.
    pub id: String,
    /// Number for people.
    pub number: i64,
    /// Last segment of its address.
    pub slug: String,
    /// State as stored.
    pub state: State,
    /// The announcement.
    #[serde(deserialize_with = "row::json")]
    pub content: Content,
    /// Procedure of the rule edition.
    pub procedure: String,
    /// The rule edition.
    pub edition: String,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// First day of acceptance.
    pub accept_from: Option<NaiveDate>,
    /// Last day of acceptance.
    pub accept_to: Option<NaiveDate>,
    /// End of acceptance.
    pub closes_at: Option<Timestamp>,
    /// How it ended.
    #[serde(default, deserialize_with = "row::json_option")]
    pub outcome: Option<Outcome>,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// Its organisation.
    #[serde(deserialize_with = "row::json")]
    pub organisation: OrganisationRow,
}

/// An organisation.
#[derive(Debug, Clone, Deserialize)]
pub struct OrganisationRow {
    /// Identifier.
    pub id: String,
    /// Last segment of its address.
    pub slug: String,
    /// BIN.
    pub bin: String,
    /// Code in the directory `organisation_type`.
    #[serde(rename = "type")]
    pub kind: String,
    /// KATO code.
    pub kato: String,
    /// Name.
    pub name: Text,
    /// Address.
    pub address: Text,
    /// A few words.
    pub about: Text,
    /// Phone, E.164.
    pub phone: String,
    /// Site.
    pub site: String,
    /// Point on the map.
    pub lat: Option<f64>,
    /// Point on the map.
    pub lon: Option<f64>,
    /// Languages of instruction.
    pub languages: Vec<String>,
    /// 1 where it lies in a village.
    pub rural: i64,
    /// `active`, `closed` …
    pub status: String,
}

/// The organisation `o` as one JSON object: D1 allows 100 columns, and the reader wants a value.
const ORGANISATION: &str = "json_object('id', o.id, 'slug', o.slug, 'bin', o.bin, 'type', o.type,
  'kato', o.kato, 'name', json_object('kk', o.name_kk, 'ru', o.name_ru, 'en', o.name_en),
  'address', json_object('kk', o.address_kk, 'ru', o.address_ru),
  'about', json_object('kk', o.about_kk, 'ru', o.about_ru), 'phone', o.phone, 'site', o.site,
  'lat', o.lat, 'lon', o.lon, 'languages', json(o.languages), 'rural', o.rural,
  'status', o.status) AS organisation";

/// A name from a directory or of a place.
#[derive(Debug, Clone, Deserialize)]
pub struct NameRow {
    /// Directory, or `kato`.
    pub directory: String,
    /// Code.
    pub code: String,
    /// Kazakh.
    pub kk: String,
    /// Russian.
    pub ru: String,
    /// English.
    pub en: String,
    /// The subject's phrase for its teacher, as JSON; empty elsewhere.
    #[serde(default)]
    pub teacher: Option<String>,
}

/// A line of the history.
#[derive(Debug, Clone, Deserialize)]
pub struct EventRow {
    /// When.
    pub at: Timestamp,
    /// `vacancy.publish` …
    pub action: String,
    /// JSON with `changed` and `reason`.
    pub after: Option<String>,
}

/// A present slug of a vacancy that once had another.
#[derive(Debug, Clone, Deserialize)]
pub struct SlugRow {
    /// The slug.
    pub slug: String,
}

/// The vacancy, its history, the names of its codes and places: three reads, one trip.
pub fn vacancy(key: Key<'_>, today: NaiveDate) -> [Statement; 3] {
    let mut names = key.statement(
        "WITH the AS (SELECT v.organisation, v.position, v.subject, v.content, v.outcome
                        FROM vacancy v WHERE",
        ") SELECT d.directory, d.code, d.kk, d.ru, d.en, d.attrs ->> 'teacher' AS teacher
           FROM the v JOIN organisation o ON o.id = v.organisation JOIN directory_item d
             ON (d.directory = 'position' AND d.code = v.position)
             OR (d.directory = 'subject' AND d.code = v.subject)
             OR (d.directory = 'schedule' AND d.code = v.content ->> 'schedule')
             OR (d.directory = 'category' AND d.code = v.content ->> 'category')
             OR (d.directory = 'closing_reason' AND d.code = v.outcome ->> 'reason')
             OR (d.directory = 'organisation_type' AND d.code = o.type)
             OR (d.directory = 'language_of_instruction' AND d.code = v.content ->> 'language')
             OR (d.directory = 'language_of_instruction'
                 AND d.code IN (SELECT value FROM json_each(o.languages)))
             OR (d.directory = 'document_type'
                 AND d.code IN (SELECT value FROM json_each(v.content, '$.documents')))
             OR (d.directory = 'extra'
                 AND d.code IN (SELECT value FROM json_each(v.content, '$.extras')))
          WHERE d.edition = (SELECT max(e.edition) FROM directory_item e
                              WHERE e.directory = d.directory AND e.code = d.code
                                AND e.valid_from <= ?2)
         UNION ALL
         SELECT 'kato', k.code, k.kk, k.ru, k.en, NULL
           FROM the v JOIN organisation o ON o.id = v.organisation JOIN kato k
             ON k.code IN (substr(o.kato, 1, 2) || '0000000', substr(o.kato, 1, 4) || '00000', o.kato)",
    );
    names.params.push(today.into());
    [
        key.statement(
            &format!(
                "SELECT v.id, v.number, v.slug, v.state, v.content, v.procedure, v.edition,
                   v.published_at, v.accept_from, v.accept_to, v.closes_at, v.outcome,
                   v.changed_at, {ORGANISATION}
                 FROM vacancy v JOIN organisation o ON o.id = v.organisation WHERE"
            ),
            "",
        ),
        key.statement(
            "SELECT j.at, j.action, j.after FROM vacancy v JOIN journal j
               ON j.object_type = 'vacancy' AND j.object_id = v.id
              WHERE j.action IN ('vacancy.publish', 'vacancy.save', 'vacancy.extend',
                'vacancy.pause', 'vacancy.resume', 'vacancy.end_early', 'vacancy.close',
                'vacancy.cancel', 'vacancy.conclude') AND",
            "ORDER BY j.seq LIMIT 200",
        ),
        names,
    ]
}

/// The present address of a vacancy that once had this one.
pub fn moved(slug: &str) -> Statement {
    sql!(
        "SELECT v.slug FROM vacancy_slug s JOIN vacancy v ON v.id = s.vacancy WHERE s.slug = ?1",
        slug
    )
}

/// An organisation by its address with the names of its codes and places.
pub fn organisation(slug: &str, today: NaiveDate) -> [Statement; 3] {
    [
        sql!(format!("SELECT {ORGANISATION} FROM organisation o WHERE o.slug = ?1"), slug),
        sql!(
            "SELECT d.directory, d.code, d.kk, d.ru, d.en FROM organisation o JOIN directory_item d
               ON (d.directory = 'organisation_type' AND d.code = o.type)
               OR (d.directory = 'language_of_instruction'
                   AND d.code IN (SELECT value FROM json_each(o.languages)))
              WHERE o.slug = ?1 AND d.edition = (SELECT max(e.edition) FROM directory_item e
                  WHERE e.directory = d.directory AND e.code = d.code AND e.valid_from <= ?2)",
            slug,
            today
        ),
        sql!(
            "SELECT 'kato' AS directory, k.code, k.kk, k.ru, k.en FROM organisation o JOIN kato k
               ON k.code IN (substr(o.kato, 1, 2) || '0000000', substr(o.kato, 1, 4) || '00000', o.kato)
              WHERE o.slug = ?1",
            slug
        ),
    ]
}

/// An open vacancy on its organisation's page.
#[derive(Debug, Clone, Deserialize)]
pub struct OpenRow {
    /// Number for people.
    pub number: i64,
    /// Last segment of its address.
    pub slug: String,
    /// The announcement.
    #[serde(deserialize_with = "row::json")]
    pub content: Content,
    /// When it was published.
    pub published_at: Timestamp,
    /// Last day of acceptance.
    pub accept_to: NaiveDate,
    /// End of acceptance.
    pub closes_at: Timestamp,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// Name of the position, as JSON.
    #[serde(deserialize_with = "row::json")]
    pub position: Text,
    /// Name of the subject, as JSON.
    #[serde(default, deserialize_with = "row::json_option")]
    pub subject: Option<Text>,
    /// The subject's phrase for its teacher, as JSON.
    #[serde(default, deserialize_with = "row::json_option")]
    pub teacher: Option<Text>,
}

/// The open vacancies of an organisation, ending soonest first.
pub fn open_of(slug: &str, now: Timestamp) -> Statement {
    sql!(
        "SELECT v.number, v.slug, v.content, v.published_at, v.accept_to, v.closes_at, v.changed_at,
           coalesce((SELECT json_object('kk', d.kk, 'ru', d.ru, 'en', d.en) FROM directory_item d
              WHERE d.directory = 'position' AND d.code = v.position
              ORDER BY d.edition DESC LIMIT 1), '{}') AS position,
           (SELECT json_object('kk', d.kk, 'ru', d.ru, 'en', d.en) FROM directory_item d
              WHERE d.directory = 'subject' AND d.code = v.subject
              ORDER BY d.edition DESC LIMIT 1) AS subject,
           (SELECT d.attrs ->> 'teacher' FROM directory_item d
              WHERE d.directory = 'subject' AND d.code = v.subject
              ORDER BY d.edition DESC LIMIT 1) AS teacher
         FROM organisation o JOIN vacancy v ON v.organisation = o.id
        WHERE o.slug = ?1 AND v.state = 'published' AND v.closes_at > ?2
        ORDER BY v.closes_at, v.id LIMIT 100",
        slug,
        now
    )
}

/// A line of the list of organisations.
#[derive(Debug, Clone, Deserialize)]
pub struct OrganisationLine {
    /// Last segment of its address.
    pub slug: String,
    /// Name.
    pub name_kk: String,
    /// Name.
    pub name_ru: String,
    /// Name.
    pub name_en: String,
    /// District in words, as JSON.
    #[serde(deserialize_with = "row::json")]
    pub place: Text,
    /// Open vacancies.
    pub open: u32,
}

/// What organisations are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Organisations<'a> {
    /// JSON array of identifiers, where a name was looked for: then also those without an open
    /// vacancy are found. Else only those with one.
    pub ids: Option<&'a str>,
    /// First digits of the KATO code; empty = everywhere.
    pub kato: &'a str,
}

/// Organisations, those with most open vacancies first, from the place of a cursor.
pub fn organisations(
    wanted: Organisations<'_>,
    now: Timestamp,
    after: u32,
    limit: u32,
) -> Statement {
    let list = match wanted.ids {
        Some(_) => {
            "(SELECT j.value AS organisation, (SELECT count(*) FROM vacancy v
                 WHERE v.organisation = j.value AND v.state = 'published' AND v.closes_at > ?1)
               AS open FROM json_each(?5) j) c"
        }
        None => {
            "(SELECT v.organisation, count(*) AS open FROM vacancy v
                WHERE v.state = 'published' AND v.closes_at > ?1 AND ?5 = ''
                GROUP BY v.organisation) c"
        }
    };
    sql!(
        format!(
            "SELECT o.slug, o.name_kk, o.name_ru, o.name_en, c.open,
               coalesce((SELECT json_object('kk', k.kk, 'ru', k.ru, 'en', k.en) FROM kato k
                  WHERE k.code = substr(o.kato, 1, 4) || '00000'), '{{}}') AS place
             FROM {list} JOIN organisation o ON o.id = c.organisation
            WHERE substr(o.kato, 1, length(?4)) = ?4
            ORDER BY c.open DESC, o.id LIMIT CAST(?3 AS INTEGER) OFFSET CAST(?2 AS INTEGER)"
        ),
        now,
        after,
        limit,
        wanted.kato,
        wanted.ids.unwrap_or_default()
    )
}

/// The regions, and the districts and cities of one of them, for a choice: rows of [`NameRow`].
pub fn regions_and(region: &str) -> Statement {
    sql!(
        "SELECT 'kato' AS directory, code, kk, ru, en FROM kato
          WHERE parent IS NULL AND closed_on IS NULL
         UNION ALL
         SELECT 'kato', code, kk, ru, en FROM kato
          WHERE parent = ?1 AND code LIKE '____00000' AND closed_on IS NULL",
        region
    )
}

/// The districts and cities of a region, for "how far from". `region` is a KATO code of the
/// first level.
pub fn districts(region: &str) -> Statement {
    sql!(
        "SELECT 'kato' AS directory, code, kk, ru, en FROM kato
          WHERE parent = ?1 AND lat IS NOT NULL AND closed_on IS NULL ORDER BY code LIMIT 60",
        region
    )
}
