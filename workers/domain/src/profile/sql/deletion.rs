//! SQL of the wish to be deleted.

use crate::{
    shared::{
        statement::{Statement, guard},
        time::Timestamp,
    },
    sql,
};

/// The wish, and what stands in its way: roles that hold, applications under way.
pub fn facts(account: &str, person: &str, now: Timestamp) -> [Statement; 2] {
    [
        sql!(
            "SELECT asked_at, due_at FROM deletion WHERE account = ?1 AND done_at IS NULL",
            account
        ),
        sql!(
            "SELECT (SELECT count(*) FROM role_assignment WHERE account = ?1
                 AND (to_day IS NULL OR to_day >= ?3)) AS roles,
               (SELECT count(*) FROM application WHERE person = ?2 AND sent > 0 AND state NOT IN
                 ('refused', 'selected', 'not_selected', 'withdrawn', 'cancelled')) AS applications",
            account,
            person,
            now.day()
        ),
    ]
}

/// Keeps the wish; the first one counts.
pub fn ask(account: &str, now: Timestamp, due: Timestamp) -> Statement {
    sql!(
        "INSERT INTO deletion (account, asked_at, due_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (account) DO NOTHING",
        account,
        now,
        due
    )
}

/// Calls it off.
pub fn call_off(account: &str) -> Vec<Statement> {
    vec![
        guard(
            "state",
            "SELECT EXISTS (SELECT 1 FROM deletion WHERE account = ?1 AND done_at IS NULL)",
            vec![account.into()],
        ),
        sql!("DELETE FROM deletion WHERE account = ?1 AND done_at IS NULL", account),
    ]
}

/// Wishes that are due: account and person.
pub fn due(now: Timestamp, limit: u32) -> Statement {
    sql!(
        "SELECT d.account, a.person FROM deletion d JOIN account a ON a.id = d.account
         WHERE d.done_at IS NULL AND d.due_at <= ?1 ORDER BY d.due_at LIMIT ?2",
        now,
        limit
    )
}

/// A due wish that must wait: something came into its way meanwhile.
pub fn postpone(account: &str, due: Timestamp) -> Statement {
    sql!("UPDATE deletion SET due_at = ?2 WHERE account = ?1 AND done_at IS NULL", account, due)
}

/// Breaks the batch (`state`) unless the wish still stands and is due, and nothing is in its way.
pub fn demand(account: &str, person: &str, now: Timestamp) -> Statement {
    guard(
        "state",
        "SELECT EXISTS (SELECT 1 FROM deletion WHERE account = ?1 AND done_at IS NULL AND due_at <= ?3)
           AND NOT EXISTS (SELECT 1 FROM role_assignment WHERE account = ?1 AND (to_day IS NULL OR to_day >= ?4))
           AND NOT EXISTS (SELECT 1 FROM application WHERE person = ?2 AND sent > 0 AND state NOT IN
             ('refused', 'selected', 'not_selected', 'withdrawn', 'cancelled'))",
        vec![account.into(), person.into(), now.into(), now.day().into()],
    )
}
