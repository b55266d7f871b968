//! SQL of applications: one at a time. (Lists of staff are in [`list`], time in [`due`].)

pub mod due;
pub mod list;
mod write;

pub use write::{
    discard, insert, insert_note, insert_sent, note_sent, shown_name, step, update, use_files,
    use_records,
};

use serde::Deserialize;

use super::{
    api::FileRef,
    model::{Application, Content, State},
    rules::VacancyFacts,
};
use crate::{
    shared::{lang::Text, row, statement::Statement, time::Timestamp},
    sql,
    vacancy::{
        api::OrganisationRef,
        model::{Content as Announcement, State as VacancyState},
    },
};

/// Columns of an application with what its decisions need of the vacancy and the organisation.
pub(crate) const COLUMNS: &str = "a.id, a.number, a.vacancy, a.organisation, a.person, a.account, a.state, a.version,
  a.content, a.procedure, a.edition, a.sent, a.submitted_at, a.registered_at, a.due_at, a.paused_at,
  a.left_days, a.completions, a.completion, a.verdict, a.followed, a.nudged, a.created_at, a.changed_at,
  v.number AS vacancy_number, v.slug AS vacancy_slug, v.state AS vacancy_state,
  v.content AS announcement, v.closes_at, v.accept_to,
  o.path, o.name_kk, o.name_ru, o.name_en, o.slug AS organisation_slug,
  (SELECT count(*) FROM application c WHERE c.vacancy = a.vacancy AND c.state = 'selected' AND c.id <> a.id) AS chosen";

/// The tables of [`COLUMNS`].
pub(crate) const FROM: &str = "FROM application a JOIN vacancy v ON v.id = a.vacancy
  JOIN organisation o ON o.id = a.organisation";

/// An application as it is stored, with its vacancy and organisation.
#[derive(Debug, Clone, Deserialize)]
pub struct Row {
    /// The application itself.
    #[serde(flatten)]
    pub application: Application,
    /// Number of the vacancy.
    pub vacancy_number: i64,
    /// Address of the vacancy.
    pub vacancy_slug: String,
    /// State of the vacancy as stored; [`Row::vacancy`] says what holds now.
    pub vacancy_state: VacancyState,
    /// The announcement.
    #[serde(deserialize_with = "row::json")]
    pub announcement: Announcement,
    /// The deadline.
    pub closes_at: Option<Timestamp>,
    /// Its day.
    pub accept_to: Option<chrono::NaiveDate>,
    /// Path of the organisation.
    pub path: String,
    /// Name of the organisation.
    pub name_kk: String,
    /// Name of the organisation.
    pub name_ru: String,
    /// Name of the organisation.
    pub name_en: String,
    /// Address of the organisation's page.
    pub organisation_slug: String,
    /// Other applicants of the vacancy who are chosen already.
    pub chosen: u32,
}

impl Row {
    /// The vacancy as it stands at a moment.
    pub fn vacancy(&self, now: Timestamp) -> VacancyFacts {
        facts_of(self.vacancy_state, self.closes_at, self.announcement.openings, now)
    }

    /// The organisation.
    pub fn organisation(&self) -> OrganisationRef {
        OrganisationRef {
            id: self.application.organisation.clone(),
            name: Text {
                kk: self.name_kk.clone(),
                ru: self.name_ru.clone(),
                en: self.name_en.clone(),
            },
            slug: self.organisation_slug.clone(),
        }
    }
}

/// What applications need of a vacancy. Acceptance ends by itself, written down or not.
pub fn facts_of(
    state: VacancyState,
    closes_at: Option<Timestamp>,
    openings: u32,
    now: Timestamp,
) -> VacancyFacts {
    let over = closes_at.is_some_and(|end| end <= now);
    let state = match state {
        VacancyState::Published | VacancyState::Paused if over => VacancyState::Closed,
        state => state,
    };
    VacancyFacts { state, closes_at, openings }
}

/// One application by its identifier.
pub fn by_id(id: &str) -> Statement {
    sql!(format!("SELECT {COLUMNS} {FROM} WHERE a.id = ?1"), id)
}

/// The active application of a person for a vacancy.
pub fn active(person: &str, vacancy: &str) -> Statement {
    sql!(
        format!(
            "SELECT {COLUMNS} {FROM} WHERE a.person = ?1 AND a.vacancy = ?2
               AND a.state NOT IN ('refused', 'withdrawn', 'cancelled')"
        ),
        person,
        vacancy
    )
}

/// All applications of a person, newest change first.
pub fn mine(person: &str) -> Statement {
    sql!(
        format!(
            "SELECT {COLUMNS} {FROM} WHERE a.person = ?1 ORDER BY a.changed_at DESC, a.id LIMIT 500"
        ),
        person
    )
}

/// What the person wrote last in another application: `content`.
pub fn earlier(person: &str, vacancy: &str) -> Statement {
    sql!(
        "SELECT content FROM application WHERE person = ?1 AND vacancy <> ?2 AND sent > 0
         ORDER BY changed_at DESC LIMIT 1",
        person,
        vacancy
    )
}

/// A vacancy that somebody wants to apply for.
#[derive(Debug, Clone, Deserialize)]
pub struct Target {
    /// Identifier.
    pub id: String,
    /// Its organisation.
    pub organisation: String,
    /// State as stored.
    pub state: VacancyState,
    /// The announcement.
    #[serde(deserialize_with = "row::json")]
    pub content: Announcement,
    /// Procedure of its rule edition.
    pub procedure: String,
    /// Its rule edition.
    pub edition: String,
    /// The deadline.
    pub closes_at: Option<Timestamp>,
}

/// The vacancy with an identifier.
pub fn target(id: &str) -> Statement {
    sql!(
        "SELECT id, organisation, state, content, procedure, edition, closes_at FROM vacancy WHERE id = ?1",
        id
    )
}

/// Files that an application names, as they stand now ([`FileRow`]).
pub fn files(id: &str) -> Statement {
    sql!(
        "SELECT f.id, f.name, f.kind, f.size, f.state, coalesce(f.sha256, '') AS sha256 FROM file f
         WHERE f.id IN (SELECT file FROM file_use
           WHERE object_type IN ('draft', 'application') AND object_id = ?1)",
        id
    )
}

/// The same for identifiers of a person's own files.
pub fn files_of(ids: &[String], person: &str) -> Statement {
    sql!(
        "SELECT id, name, kind, size, state, coalesce(sha256, '') AS sha256 FROM file
         WHERE person = ?2 AND id IN (SELECT value FROM json_each(?1))",
        serde_json::json!(ids).to_string(),
        person
    )
}

/// A file with its digest, for a snapshot.
#[derive(Debug, Clone, Deserialize)]
pub struct FileRow {
    /// The file.
    #[serde(flatten)]
    pub file: FileRef,
    /// SHA-256 of what is stored; empty until it is known.
    pub sha256: String,
}

/// Steps, oldest first (`timeline::StepRow`).
pub fn steps(id: &str) -> Statement {
    sql!(
        "SELECT at, action, party, details FROM application_step WHERE application = ?1 ORDER BY n",
        id
    )
}

/// Versions that were sent, oldest first.
pub fn sents(id: &str) -> Statement {
    sql!("SELECT n, at, hash FROM application_sent WHERE application = ?1 ORDER BY n", id)
}

/// The content that was sent last.
pub fn last_sent(id: &str) -> Statement {
    sql!(
        "SELECT snapshot -> '$.content' AS content FROM application_sent
         WHERE application = ?1 ORDER BY n DESC LIMIT 1",
        id
    )
}

/// A content alone ([`last_sent`], [`earlier`]).
#[derive(Debug, Clone, Deserialize)]
pub struct ContentRow {
    /// The content.
    #[serde(deserialize_with = "row::json")]
    pub content: Content,
}

/// A whole snapshot: `snapshot`, `at`, `hash`.
pub fn snapshot(id: &str, n: u32) -> Statement {
    sql!(
        "SELECT n, at, hash, snapshot FROM application_sent WHERE application = ?1 AND n = ?2",
        id,
        n
    )
}

/// Takes the next number of a year; the answer's `value` is it.
pub fn take_number(year: i32) -> Statement {
    sql!(
        "INSERT INTO counter (name, value) VALUES (?1, 1)
         ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
        format!("application-{year}")
    )
}

/// The number for people: `ПЕД-2026-000123`.
pub fn number(prefix: &str, year: i32, value: i64) -> String {
    format!("{prefix}-{year}-{value:06}")
}

/// Notes of the staff, newest first.
pub fn notes(id: &str) -> Statement {
    sql!(
        "SELECT n.id, n.at, p.surname || ' ' || p.name AS who, n.text
         FROM application_note n JOIN account a ON a.id = n.account JOIN person p ON p.id = a.person
         WHERE n.application = ?1 ORDER BY n.at DESC, n.id DESC LIMIT 200",
        id
    )
}

/// The state of a code in a filter.
pub fn parse_state(code: &str) -> Option<State> {
    // A draft is nobody's business but the applicant's.
    State::parse(code).filter(|state| state.was_sent())
}
