//! SQL of applications: one at a time. (Lists of staff are in [`list`], time in [`due`].)

pub mod due;
pub mod list;
pub mod sit;

use serde::Deserialize;

use super::{
    api::FileRef,
    model::{Application, Content, State},
    rules::{Details, Step, VacancyFacts},
    timeline::StepRow,
};
use crate::{
    shared::{
        fold::fold,
        lang::Text,
        row,
        statement::{Statement, guard},
        time::Timestamp,
    },
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

/// The identifier of the vacancy with a number for people: `id`.
pub fn vacancy_of_number(number: i64) -> Statement {
    sql!("SELECT id FROM vacancy WHERE number = ?1", number)
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

/// Steps, oldest first ([`StepRow`]).
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

/// The snapshot that was sent last: `n`, `at`, `hash`, `snapshot`.
pub fn last_snapshot(id: &str) -> Statement {
    sql!(
        "SELECT n, at, hash, snapshot FROM application_sent WHERE application = ?1
         ORDER BY n DESC LIMIT 1",
        id
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

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The name as lists show it.
pub fn shown_name(content: &Content) -> String {
    let person = &content.person;
    let parts = [&person.surname, &person.name, &person.patronymic];
    let parts: Vec<&str> =
        parts.into_iter().map(|part| part.trim()).filter(|p| !p.is_empty()).collect();
    parts.join(" ")
}

/// Stores a new draft.
pub fn insert(application: &Application, by: &str) -> Statement {
    sql!(
        "INSERT INTO application (id, vacancy, organisation, person, account, state, version, content,
           procedure, edition, followed, created_at, changed_by, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?12)",
        &application.id,
        &application.vacancy,
        &application.organisation,
        &application.person,
        &application.account,
        application.state.code(),
        application.version,
        json(&application.content),
        &application.procedure,
        &application.edition,
        &application.followed,
        application.created_at,
        by
    )
}

/// Stores a changed application, unless somebody else changed it since `version`.
pub fn update(application: &Application, version: i64, by: &str) -> [Statement; 2] {
    [
        guard(
            "version",
            "SELECT version = ?2 FROM application WHERE id = ?1",
            vec![application.id.as_str().into(), version.into()],
        ),
        sql!(
            "UPDATE application SET number = ?2, state = ?3, version = ?4, content = ?5, sent = ?6,
               submitted_at = ?7, registered_at = ?8, due_at = ?9, paused_at = ?10, left_days = ?11,
               completions = ?12, completion = ?13, verdict = ?14, followed = ?15, nudged = ?16,
               changed_by = ?17, changed_at = ?18
             WHERE id = ?1",
            &application.id,
            application.number.as_ref(),
            application.state.code(),
            application.version,
            json(&application.content),
            application.sent,
            application.submitted_at,
            application.registered_at,
            application.due_at,
            application.paused_at,
            application.left_days,
            application.completions,
            application.completion.as_ref().map(json),
            application.verdict.as_ref().map(json),
            &application.followed,
            &application.nudged,
            by,
            application.changed_at
        ),
    ]
}

/// What lists show of what was sent.
pub fn note_sent(application: &Application, points: Option<f64>) -> Statement {
    let name = shown_name(&application.content);
    let number = application.number.clone().unwrap_or_default();
    sql!(
        "UPDATE application SET name = ?2, search = ?3, points = ?4 WHERE id = ?1",
        &application.id,
        &name,
        fold(&format!("{name} {number}")),
        points
    )
}

/// Adds a step.
pub fn step(id: &str, step: &Step, who: &str, now: Timestamp) -> Statement {
    sql!(
        "INSERT INTO application_step (application, n, at, action, state, party, who, details)
         SELECT ?1, coalesce(max(n), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7
         FROM application_step WHERE application = ?1",
        id,
        now,
        step.action,
        step.state.code(),
        step.party.code(),
        who,
        json::<Details>(&step.details)
    )
}

/// Keeps what was sent.
pub fn insert_sent(id: &str, n: u32, at: Timestamp, snapshot: &str, hash: &str) -> Statement {
    sql!(
        "INSERT INTO application_sent (application, n, at, snapshot, hash) VALUES (?1, ?2, ?3, ?4, ?5)",
        id,
        n,
        at,
        snapshot,
        hash
    )
}

/// Says which files an application names: `draft` while it is being written (nobody else opens
/// them), `application` once it was sent (and for good: what was sent must stay readable).
pub fn use_files(application: &Application, sent: bool, now: Timestamp) -> Vec<Statement> {
    let ids = json(&application.content.file_ids());
    let note = |kind: &'static str| {
        sql!(
            "INSERT OR IGNORE INTO file_use (file, object_type, object_id, created_at)
             SELECT f.id, ?3, ?2, ?4 FROM file f JOIN json_each(?1) j ON j.value = f.id WHERE f.person = ?5",
            &ids,
            &application.id,
            kind,
            now,
            &application.person
        )
    };
    let let_go = sql!(
        "DELETE FROM file_use WHERE object_type = 'draft' AND object_id = ?2
           AND file NOT IN (SELECT value FROM json_each(?1))",
        &ids,
        &application.id
    );
    let mut out = vec![note("draft"), let_go];
    if sent {
        out.push(note("application"));
    }
    out
}

/// Says which records of the profile an application used.
pub fn use_records(application: &Application) -> Statement {
    let ids: Vec<&str> =
        application.content.records.iter().map(|record| record.id.as_str()).collect();
    sql!(
        "INSERT OR IGNORE INTO profile_use (item, object_type, object_id)
         SELECT i.id, 'application', ?2 FROM profile_item i JOIN json_each(?1) j ON j.value = i.id
         WHERE i.person = ?3",
        json(&ids),
        &application.id,
        &application.person
    )
}

/// Removes a draft that was never sent, with its steps and the files it names.
pub fn discard(id: &str, version: i64) -> Vec<Statement> {
    vec![
        guard(
            "version",
            "SELECT version = ?2 AND sent = 0 FROM application WHERE id = ?1",
            vec![id.into(), version.into()],
        ),
        sql!("DELETE FROM file_use WHERE object_type = 'draft' AND object_id = ?1", id),
        sql!("DELETE FROM application_step WHERE application = ?1", id),
        sql!("DELETE FROM application WHERE id = ?1", id),
    ]
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

/// Adds a note.
pub fn insert_note(
    id: &str,
    application: &str,
    account: &str,
    now: Timestamp,
    text: &str,
) -> Statement {
    sql!(
        "INSERT INTO application_note (id, application, account, at, text) VALUES (?1, ?2, ?3, ?4, ?5)",
        id,
        application,
        account,
        now,
        text
    )
}

/// The state of a code in a filter.
pub fn parse_state(code: &str) -> Option<State> {
    // A draft is nobody's business but the applicant's.
    State::parse(code).filter(|state| state.was_sent())
}

/// Reads steps; here so that the type is near its SQL.
pub type Steps = Vec<StepRow>;
