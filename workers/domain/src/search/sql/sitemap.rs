//! What search engines are told of.

use crate::{shared::statement::Statement, sql};

/// Search database: addresses of open vacancies with the moment of their last change; a part of
/// `size`, counted from 0. Rows `rest`, `at`.
pub fn vacancy_addresses(part: u32, size: u32) -> Statement {
    sql!(
        "SELECT '/vacancies/' || slug AS rest, changed_at AS at FROM card ORDER BY number
         LIMIT CAST(?1 AS INTEGER) OFFSET CAST(?2 AS INTEGER)",
        size,
        i64::from(part) * i64::from(size)
    )
}

/// Search database: landing pages that show something. Rows `rest`, `at` (empty).
pub fn landing_addresses(limit: u32) -> Statement {
    sql!(
        "SELECT '/vacancies/' || facet || '/' || code AS rest, '' AS at FROM tally
         WHERE facet IN ('region', 'district', 'position', 'subject') AND code <> '' AND n > 0
         ORDER BY facet, code LIMIT CAST(?1 AS INTEGER)",
        limit
    )
}

/// Main database: addresses of organisations that are at work. Rows `rest`, `at`.
pub fn organisation_addresses(part: u32, size: u32) -> Statement {
    sql!(
        "SELECT '/organisations/' || slug AS rest, changed_at AS at FROM organisation
         WHERE status = 'active' ORDER BY id
         LIMIT CAST(?1 AS INTEGER) OFFSET CAST(?2 AS INTEGER)",
        size,
        i64::from(part) * i64::from(size)
    )
}

/// Main database: how many organisations are at work: row `n`.
pub fn organisation_count() -> Statement {
    sql!("SELECT count(*) AS n FROM organisation WHERE status = 'active'")
}

/// Search database: how many vacancies are in the index: row `n`.
pub fn vacancy_count() -> Statement {
    sql!("SELECT coalesce(max(n), 0) AS n FROM tally WHERE facet = 'total'")
}
