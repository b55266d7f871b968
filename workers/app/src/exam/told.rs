//! What a person is told who was put down for a session: when, where and where to look it up.

use domain::{
    notice::{Arg, Event, args},
    shared::statement::Statement,
    sql,
};
use serde_json::{Value, json};

use super::sessions::SessionRow;
use crate::ports::Ports;

/// Adds to a change that everybody of a list is told; `rows` carry `id` (of the attempt) and `person`.
/// Whoever has no account is told by those who put them down. Returns the key of the outbox.
pub(super) fn listed(
    ports: &Ports<'_>,
    session: &SessionRow,
    rows: &[Value],
) -> (Statement, String) {
    let batch = ports.new_id();
    let args = args([
        ("exam", Arg::Words(session.title.clone())),
        ("at", Arg::Moment(session.starts_at)),
        ("place", Arg::Words(session.place_words())),
    ]);
    // Identifiers of the rows: time and half of the randomness of the batch, the rest of the account's.
    let statement = sql!(
        "INSERT INTO notice (id, batch, account, event, object_type, object_id, key, args, at)
         SELECT substr(?1, 1, 16) || substr(c.id, 17), ?1, c.id, ?2, 'exam_attempt', r.value ->> '$.id', r.value ->> '$.id', ?3, ?4
         FROM json_each(?5) r JOIN account c ON c.person = r.value ->> '$.person' WHERE c.status = 'active'
         ON CONFLICT (account, event, key) DO NOTHING",
        &batch,
        Event::ExamListed.code(),
        json!(args).to_string(),
        ports.now,
        json!(rows).to_string()
    );
    (statement, batch)
}
