//! Writes: the application, its steps, what was sent, the files and records that it names.

use crate::{
    application::{
        model::{Application, Content},
        rules::{Details, Step},
    },
    shared::{
        fold::fold,
        statement::{Statement, guard},
        time::Timestamp,
    },
    sql,
};

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
