//! SQL of saved vacancies.

use crate::{
    shared::{statement::Statement, time::Timestamp},
    sql,
    vacancy::sql::COLUMNS,
};

/// All saved vacancies of an account, with the newest application of its person.
pub fn list(account: &str, person: &str) -> Statement {
    sql!(
        format!(
            "SELECT {COLUMNS}, s.at AS saved_at, p.id AS application, p.state AS application_state
             FROM saved_vacancy s JOIN vacancy v ON v.id = s.vacancy
             JOIN organisation o ON o.id = v.organisation
             LEFT JOIN application p ON p.id = (SELECT max(a.id) FROM application a
               WHERE a.person = ?2 AND a.vacancy = v.id)
             WHERE s.account = ?1 ORDER BY s.at DESC LIMIT 1000"
        ),
        account,
        person
    )
}

/// Whether the vacancy has been public, whether it is saved, how many are.
pub fn facts(account: &str, vacancy: &str) -> Statement {
    sql!(
        "SELECT EXISTS (SELECT 1 FROM vacancy WHERE id = ?2
             AND state NOT IN ('draft', 'approval', 'scheduled')) AS known,
           EXISTS (SELECT 1 FROM saved_vacancy WHERE account = ?1 AND vacancy = ?2) AS saved,
           (SELECT count(*) FROM saved_vacancy WHERE account = ?1) AS n",
        account,
        vacancy
    )
}

/// Keeps a vacancy; keeping it twice keeps it once.
pub fn put(account: &str, vacancy: &str, now: Timestamp) -> Statement {
    sql!(
        "INSERT OR IGNORE INTO saved_vacancy (account, vacancy, at) VALUES (?1, ?2, ?3)",
        account,
        vacancy,
        now
    )
}

/// Forgets a vacancy.
pub fn remove(account: &str, vacancy: &str) -> Statement {
    sql!("DELETE FROM saved_vacancy WHERE account = ?1 AND vacancy = ?2", account, vacancy)
}
