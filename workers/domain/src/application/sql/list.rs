//! Lists of staff: within reach, filtered, searched, sorted, in pages.

use serde::Deserialize;

use super::{super::model::State, COLUMNS, FROM, Row};
use crate::{
    account::role::Scope,
    shared::{
        statement::{Param, Statement},
        time::Timestamp,
    },
    sql,
    vacancy::sql::reach_sql,
};

/// States in which the organisation has to act.
const STAFF_TURN: &str = "('submitted', 'registered', 'checking', 'admitted')";

/// Filters of the list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this vacancy.
    pub vacancy: Option<String>,
    /// Only this organisation.
    pub organisation: Option<String>,
    /// Only this state.
    pub state: Option<State>,
    /// Only what is overdue on the organisation's side.
    pub overdue: bool,
    /// Folded words, each of which name or number must contain.
    pub words: Vec<String>,
    /// The order.
    pub sort: Sort,
    /// After this place: sort key and identifier of the last row seen.
    pub after: Option<(String, String)>,
}

/// The orders of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Sent last first.
    #[default]
    Submitted,
    /// Due soonest first; what has no term comes last.
    Due,
    /// By name.
    Name,
    /// Most points claimed first.
    Points,
}

impl Sort {
    /// The order of a code.
    pub fn parse(code: &str) -> Option<Sort> {
        match code {
            "submitted" => Some(Sort::Submitted),
            "due" => Some(Sort::Due),
            "name" => Some(Sort::Name),
            "points" => Some(Sort::Points),
            _ => None,
        }
    }

    /// The sort key (a text), the comparison that goes on after it, and the direction.
    const fn sql(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Sort::Submitted => ("coalesce(a.submitted_at, '')", "<", "DESC"),
            Sort::Due => ("coalesce(a.due_at, '9999')", ">", "ASC"),
            Sort::Name => ("a.search", ">", "ASC"),
            // Shifted, so that points below zero sort as texts too.
            Sort::Points => ("printf('%012.2f', coalesce(a.points, -1000) + 1000000)", "<", "DESC"),
        }
    }
}

/// A row of the list.
#[derive(Debug, Clone, Deserialize)]
pub struct ListRow {
    /// The application.
    #[serde(flatten)]
    pub row: Row,
    /// Name as it was sent.
    pub name: String,
    /// Points claimed.
    pub points: Option<f64>,
    /// Sort key, for the cursor.
    pub sort_key: String,
}

/// How many there are in a state.
#[derive(Debug, Clone, Deserialize)]
pub struct Count {
    /// The state.
    pub state: State,
    /// How many.
    pub n: u32,
    /// How many of them are overdue on the organisation's side.
    pub overdue: u32,
}

/// A page of the list, and the counts by state. Drafts are never in it.
pub fn list(
    reach: &[(&str, Scope)],
    filter: &Filter,
    now: Timestamp,
    limit: u32,
) -> [Statement; 2] {
    let mut params: Vec<Param> = vec![now.into()];
    let overdue = format!("(a.due_at <= ?1 AND a.paused_at IS NULL AND a.state IN {STAFF_TURN})");
    let mut conditions = vec![reach_sql(reach, &mut params), "a.sent > 0".to_owned()];
    let push = |conditions: &mut Vec<String>, params: &mut Vec<Param>, text: &str, value: Param| {
        params.push(value);
        conditions.push(text.replace("??", &format!("?{}", params.len())));
    };
    if let Some(vacancy) = &filter.vacancy {
        push(&mut conditions, &mut params, "a.vacancy = ??", vacancy.into());
    }
    if let Some(organisation) = &filter.organisation {
        push(&mut conditions, &mut params, "a.organisation = ??", organisation.into());
    }
    for word in filter.words.iter().take(8) {
        push(&mut conditions, &mut params, "instr(a.search, ??) > 0", word.into());
    }
    if filter.overdue {
        conditions.push(overdue.clone());
    }
    let counted = Statement {
        sql: format!(
            "SELECT a.state, count(*) AS n, sum(coalesce({overdue}, 0)) AS overdue {FROM}
             WHERE {} GROUP BY a.state",
            conditions.join(" AND ")
        )
        .into(),
        params: params.clone(),
    };
    if let Some(state) = filter.state {
        push(&mut conditions, &mut params, "a.state = ??", state.code().into());
    }
    let (key, beyond, direction) = filter.sort.sql();
    if let Some((at, id)) = &filter.after {
        params.push(at.into());
        params.push(id.into());
        conditions.push(format!(
            "({key}, a.id) {beyond} (?{}, ?{})",
            params.len() - 1,
            params.len()
        ));
    }
    params.push(limit.into());
    let page = Statement {
        sql: format!(
            "SELECT {COLUMNS}, a.name, a.points, {key} AS sort_key {FROM}
             WHERE {} ORDER BY {key} {direction}, a.id {direction} LIMIT ?{}",
            conditions.join(" AND "),
            params.len()
        )
        .into(),
        params,
    };
    [page, counted]
}

/// Applications by identifiers, for a message to many.
pub fn by_ids(ids: &[String]) -> Statement {
    sql!(
        format!(
            "SELECT {COLUMNS}, a.name, a.points, a.id AS sort_key, p.lang
             {FROM} JOIN person p ON p.id = a.person
             WHERE a.id IN (SELECT value FROM json_each(?1)) ORDER BY a.name, a.id"
        ),
        serde_json::json!(ids).to_string()
    )
}

/// All sent applications of a vacancy with the contacts that were sent, for a table.
pub fn export(vacancy: &str, limit: u32) -> Statement {
    sql!(
        "SELECT a.id, a.person, a.number, a.state, a.name, a.points, a.submitted_at, a.due_at,
           coalesce(s.snapshot ->> '$.content.contacts.phone', '') AS phone,
           coalesce(s.snapshot ->> '$.content.contacts.email', '') AS email
         FROM application a LEFT JOIN application_sent s ON s.application = a.id AND s.n = a.sent
         WHERE a.vacancy = ?1 AND a.sent > 0 ORDER BY a.submitted_at, a.id LIMIT ?2",
        vacancy,
        limit
    )
}
