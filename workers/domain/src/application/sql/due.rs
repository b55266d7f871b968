//! What time and vacancies are due to change.

use super::{COLUMNS, FROM};
use crate::{
    shared::{statement::Statement, time::Timestamp},
    sql,
};

/// Terms that are over and not told yet, and terms that could not be counted.
pub fn due(now: Timestamp, limit: u32) -> Statement {
    sql!(
        format!(
            "SELECT {COLUMNS} {FROM} WHERE a.id IN (
               SELECT id FROM application WHERE due_at <= ?1 AND paused_at IS NULL
                 AND (state IN ('returned_for_completion', 'reserve')
                   OR (state IN ('submitted', 'registered', 'checking', 'admitted') AND nudged <> due_at))
               UNION ALL
               SELECT id FROM application
               WHERE due_at IS NULL AND state IN ('submitted', 'registered', 'checking', 'admitted'))
             ORDER BY a.id LIMIT ?2"
        ),
        now,
        limit
    )
}

/// Applications of vacancies that have moved on, which they have not followed yet.
pub fn behind(vacancies: &[String], now: Timestamp, limit: u32) -> Statement {
    sql!(
        format!(
            "SELECT {COLUMNS} {FROM} WHERE a.vacancy IN (SELECT value FROM json_each(?1))
               AND a.state NOT IN ('refused', 'selected', 'not_selected', 'withdrawn', 'cancelled')
               AND a.followed <> (CASE WHEN v.state IN ('published', 'paused') AND v.closes_at <= ?2
                 THEN 'closed' ELSE v.state END) || '|' || coalesce(v.closes_at, '')
             ORDER BY a.id LIMIT ?3"
        ),
        serde_json::json!(vacancies).to_string(),
        now,
        limit
    )
}

/// Drafts near their deadline that were not reminded of since the last of their edition's hours.
/// `hours` is a JSON list of {edition, hours, until}: the moment so many hours from now. Each row
/// has the least `hours` that it is within.
pub fn near_deadline(now: Timestamp, hours: &str, limit: u32) -> Statement {
    sql!(
        format!(
            "SELECT {COLUMNS}, min(j.value ->> '$.hours') AS hours
             FROM vacancy v JOIN application a ON a.vacancy = v.id
             JOIN organisation o ON o.id = a.organisation
             JOIN json_each(?2) j ON j.value ->> '$.edition' = a.procedure || '/' || a.edition
               AND v.closes_at <= j.value ->> '$.until'
             WHERE v.state = 'published' AND v.closes_at > ?1 AND a.state IN ('draft', 'reopened')
             GROUP BY a.id HAVING a.nudged <> v.closes_at || '|' || min(j.value ->> '$.hours')
             ORDER BY v.closes_at, a.id LIMIT ?3"
        ),
        now,
        hours,
        limit
    )
}

/// Notes that a draft's owner was reminded; the version stays, for nothing of his has changed.
pub fn nudged(id: &str, mark: &str) -> Statement {
    sql!("UPDATE application SET nudged = ?2 WHERE id = ?1", id, mark)
}

/// Drafts that nobody has touched since `before` and that were never sent.
pub fn forgotten(before: Timestamp, limit: u32) -> Statement {
    sql!(
        format!(
            "SELECT {COLUMNS} {FROM} WHERE a.state = 'draft' AND a.sent = 0 AND a.changed_at < ?1
             ORDER BY a.changed_at LIMIT ?2"
        ),
        before,
        limit
    )
}
