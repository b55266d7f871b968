//! Who of a competition may sit a test: the admitted ones, within reach of whoever runs the tests.

use serde::Deserialize;

use super::{COLUMNS, FROM, Row};
use crate::{
    account::role::Scope,
    shared::statement::{Param, Statement},
    vacancy::sql::reach_sql,
};

/// Most competitions that are offered, and most people of one.
const MOST: i64 = 200;

/// A competition with admitted people.
#[derive(Debug, Clone, Deserialize)]
pub struct Competition {
    /// One of its applications.
    #[serde(flatten)]
    pub row: Row,
    /// Admitted people.
    pub admitted: i64,
    /// How many of them are in the session.
    pub seated: i64,
}

/// Competitions with admitted people, the latest first, and how many are in a session already.
pub fn competitions(reach: &[(&str, Scope)], session: &str) -> Statement {
    let mut params: Vec<Param> = vec![session.into(), MOST.into()];
    let reached = reach_sql(reach, &mut params);
    let sql = format!(
        "SELECT {COLUMNS}, count(*) AS admitted, sum(EXISTS (SELECT 1 FROM exam_attempt t
           WHERE t.session = ?1 AND t.person = a.person)) AS seated
         {FROM} WHERE {reached} AND a.state = 'admitted'
         GROUP BY a.vacancy ORDER BY max(a.changed_at) DESC, a.vacancy LIMIT ?2"
    );
    Statement { sql: sql.into(), params }
}

/// An admitted person of a competition.
#[derive(Debug, Clone, Deserialize)]
pub struct Admitted {
    /// The application.
    pub id: String,
    /// Its number.
    pub number: String,
    /// Name as it was sent.
    pub name: String,
    /// Language in which the person reads: the one to begin with.
    pub lang: String,
    /// Whether they are in the session already.
    pub seated: i64,
}

/// Admitted people of a competition, by name.
pub fn admitted(reach: &[(&str, Scope)], session: &str, vacancy: &str) -> Statement {
    let mut params: Vec<Param> = vec![session.into(), MOST.into(), vacancy.into()];
    let reached = reach_sql(reach, &mut params);
    let sql = format!(
        "SELECT a.id, coalesce(a.number, '') AS number, a.name, CASE p.lang WHEN 'ru' THEN 'ru' ELSE 'kk' END AS lang,
           EXISTS (SELECT 1 FROM exam_attempt t WHERE t.session = ?1 AND t.person = a.person) AS seated
         {FROM} JOIN person p ON p.id = a.person
         WHERE {reached} AND a.vacancy = ?3 AND a.state = 'admitted' ORDER BY a.search, a.id LIMIT ?2"
    );
    Statement { sql: sql.into(), params }
}
