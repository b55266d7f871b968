//! SQL of the first page.

use crate::{shared::statement::Statement, sql, vacancy::sql::COLUMNS};

/// Counts, and the applications in which it is the applicant's turn.
pub fn reads(account: &str, person: &str) -> [Statement; 2] {
    [
        sql!(
            "SELECT (SELECT count(*) FROM application WHERE person = ?2) AS applications,
               (SELECT count(*) FROM notice WHERE account = ?1 AND read_at IS NULL) AS unread,
               (SELECT due_at FROM deletion WHERE account = ?1 AND done_at IS NULL) AS deletion_due",
            account,
            person
        ),
        sql!(
            format!(
                "SELECT {COLUMNS}, p.id AS application_id, p.state AS application_state, p.due_at
                 FROM application p JOIN vacancy v ON v.id = p.vacancy JOIN organisation o ON o.id = v.organisation
                 WHERE p.person = ?1 AND p.state IN ('draft', 'reopened', 'returned_for_completion')
                 ORDER BY p.id DESC LIMIT 50"
            ),
            person
        ),
    ]
}
