//! SQL of the sweep.

use serde_json::json;

use super::sql::{COLUMNS, FileRow};
use crate::{
    shared::{statement::Statement, time::Timestamp},
    sql,
};

/// Files whose check is due and that nobody works on.
pub fn due(now: Timestamp, limit: u32) -> Statement {
    sql!(
        "SELECT id FROM file WHERE state = 'pending' AND next_at <= ?1 ORDER BY next_at LIMIT ?2",
        now,
        limit
    )
}

/// The checks were asked for again: not before `later` once more.
pub fn postpone(ids: &[String], now: Timestamp, later: Timestamp) -> Statement {
    sql!(
        "UPDATE file SET next_at = ?3
         WHERE id IN (SELECT value FROM json_each(?1)) AND state = 'pending' AND next_at <= ?2",
        json!(ids).to_string(),
        now,
        later
    )
}

/// Uploads whose parts are not waited for any more.
pub fn abandoned(now: Timestamp, limit: u32) -> Statement {
    sql!(
        format!(
            "SELECT {COLUMNS} FROM file f WHERE f.state = 'uploading' AND f.until < ?1 LIMIT ?2"
        ),
        now,
        limit
    )
}

/// Starts and stops the time of retention of what nothing names.
pub fn note_unused(now: Timestamp) -> [Statement; 2] {
    [
        sql!(
            "UPDATE file SET released_at = ?1 WHERE released_at IS NULL AND state <> 'uploading'
               AND NOT EXISTS (SELECT 1 FROM file_use WHERE file = file.id)",
            now
        ),
        sql!(
            "UPDATE file SET released_at = NULL WHERE released_at IS NOT NULL
               AND EXISTS (SELECT 1 FROM file_use WHERE file = file.id)"
        ),
    ]
}

/// Files that nothing has named since a moment.
pub fn long_unused(before: Timestamp, limit: u32) -> Statement {
    sql!(
        format!(
            "SELECT {COLUMNS} FROM file f WHERE f.released_at < ?1 AND f.state <> 'uploading'
               AND NOT EXISTS (SELECT 1 FROM file_use u WHERE u.file = f.id)
             ORDER BY f.released_at LIMIT ?2"
        ),
        before,
        limit
    )
}

/// An act of removal: what went, without names.
pub fn act(id: &str, ground: &str, rows: &[FileRow], now: Timestamp) -> Statement {
    let bytes: i64 = rows.iter().map(|row| row.size).sum();
    let list: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({
                "id": row.id, "person": row.person, "sha256": row.sha256, "size": row.size,
                "created_at": row.created_at,
            })
        })
        .collect();
    sql!(
        "INSERT INTO file_act (id, at, ground, files, bytes, list) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        id,
        now,
        ground,
        rows.len() as i64,
        bytes,
        json!(list).to_string()
    )
}

/// Claims objects that were announced long ago and that no row has taken.
pub fn claim(before: Timestamp) -> Statement {
    sql!("UPDATE file_object SET doomed = 1 WHERE doomed = 0 AND since < ?1", before)
}

/// Objects to be removed.
pub fn doomed(limit: u32) -> Statement {
    sql!("SELECT object, upload FROM file_object WHERE doomed = 1 ORDER BY since LIMIT ?1", limit)
}

/// Links that ended long ago.
pub fn old_links(before: Timestamp) -> Statement {
    sql!("DELETE FROM file_link WHERE until < ?1", before)
}
