//! SQL of vacancies in the cabinet. (What the public reads is in `crate::catalog`.)

use serde::Deserialize;

use super::model::{Content, State, Vacancy};
use crate::{
    account::role::Scope,
    shared::{
        row,
        statement::{Param, Statement, guard},
        time::Timestamp,
    },
    sql,
};

/// Columns of [`Row`]: a vacancy `v` with what the decisions need of its organisation `o`.
pub const COLUMNS: &str = "v.id, v.number, v.slug, v.organisation, v.state, v.version, v.content,
  v.procedure, v.edition, v.publish_at, v.published_at, v.accept_from, v.accept_to, v.closes_at,
  v.extensions, v.outcome, v.changed_at, o.path, o.rural,
  o.name_kk, o.name_ru, o.name_en, o.slug AS organisation_slug,
  o.address_kk <> '' AND o.address_ru <> '' AS has_address,
  coalesce((SELECT p.surname || ' ' || p.name FROM account a JOIN person p ON p.id = a.person
            WHERE a.id = v.changed_by), '') AS changed_by,
  v.changed_by AS changer";

/// A vacancy as it is stored, with its organisation.
#[derive(Debug, Clone, Deserialize)]
pub struct Row {
    /// The vacancy itself.
    #[serde(flatten)]
    pub vacancy: Vacancy,
    /// Path of the organisation.
    pub path: String,
    /// Whether the organisation is rural.
    #[serde(deserialize_with = "row::flag")]
    pub rural: bool,
    /// Name of the organisation.
    pub name_kk: String,
    /// Name of the organisation.
    pub name_ru: String,
    /// Name of the organisation.
    pub name_en: String,
    /// Address of the organisation's page.
    pub organisation_slug: String,
    /// Whether the organisation's card has an address in both languages.
    #[serde(deserialize_with = "row::flag")]
    pub has_address: bool,
    /// Name of who changed it last.
    pub changed_by: String,
    /// Their account.
    pub changer: String,
}

impl Row {
    /// Whether an account has asked for the approval that it would give itself: what a rule
    /// edition wants approved is seen by two people.
    pub fn is_own_request(&self, command: &str, account: &str) -> bool {
        self.vacancy.state == State::Approval && command == "publish" && self.changer == account
    }
}

/// One vacancy by its identifier.
pub fn by_id(id: &str) -> Statement {
    sql!(
        format!(
            "SELECT {COLUMNS} FROM vacancy v JOIN organisation o ON o.id = v.organisation WHERE v.id = ?1"
        ),
        id
    )
}

/// The same vacancy of the organisation that is open or will be: rows of
/// [`super::api::Twin`].
pub fn twin(vacancy: &Vacancy, now: Timestamp) -> Statement {
    let content = &vacancy.content;
    sql!(
        "SELECT id, number FROM vacancy
          WHERE organisation = ?1 AND state IN ('scheduled', 'published', 'paused')
            AND (closes_at IS NULL OR closes_at > ?7) AND id <> ?2
            AND position = ?3 AND coalesce(subject, '') = ?4
            AND content ->> 'language' = ?5 AND content ->> 'rate' = CAST(?6 AS INTEGER)
          ORDER BY number LIMIT 1",
        &vacancy.organisation,
        &vacancy.id,
        &content.position,
        content.subject.as_deref().unwrap_or_default(),
        &content.language,
        content.rate,
        now
    )
}

/// What the passing of time is due to change, oldest first.
pub fn due(now: Timestamp, limit: u32) -> Statement {
    sql!(
        format!(
            "SELECT {COLUMNS} FROM vacancy v JOIN organisation o ON o.id = v.organisation
             WHERE (v.state = 'scheduled' AND v.publish_at <= ?1)
                OR (v.state IN ('published', 'paused') AND v.closes_at <= ?1)
             ORDER BY v.id LIMIT ?2"
        ),
        now,
        limit
    )
}

/// Takes `n` numbers; the answer's `value` is the last of them.
pub fn take_numbers(n: u32) -> Statement {
    sql!("UPDATE counter SET value = value + ?1 WHERE name = 'vacancy' RETURNING value", n)
}

fn content_json(content: &Content) -> String {
    serde_json::to_string(content).unwrap_or_default()
}

/// Stores a new vacancy. `source` is the key of the import row it came from.
pub fn insert(vacancy: &Vacancy, by: &str, source: Option<&str>) -> Statement {
    sql!(
        "INSERT INTO vacancy (id, number, slug, organisation, state, version, content, position, subject,
           procedure, edition, publish_at, published_at, accept_from, accept_to, closes_at, source,
           created_by, created_at, changed_by, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?18, ?19)",
        &vacancy.id,
        vacancy.number,
        &vacancy.slug,
        &vacancy.organisation,
        vacancy.state.code(),
        vacancy.version,
        content_json(&vacancy.content),
        &vacancy.content.position,
        vacancy.content.subject.as_ref(),
        &vacancy.procedure,
        &vacancy.edition,
        vacancy.publish_at,
        vacancy.published_at,
        vacancy.accept_from,
        vacancy.accept_to,
        vacancy.closes_at,
        source,
        by,
        vacancy.changed_at
    )
}

/// Stores a changed vacancy, unless somebody else changed it first.
pub fn update(vacancy: &Vacancy, by: &str) -> [Statement; 2] {
    [
        guard(
            "version",
            "SELECT version = ?2 FROM vacancy WHERE id = ?1",
            vec![vacancy.id.as_str().into(), (vacancy.version - 1).into()],
        ),
        sql!(
            "UPDATE vacancy SET slug = ?2, state = ?3, version = ?4, content = ?5, position = ?6, subject = ?7,
               publish_at = ?8, published_at = ?9, accept_from = ?10, accept_to = ?11, closes_at = ?12,
               extensions = ?13, outcome = ?14, changed_by = ?15, changed_at = ?16,
               procedure = ?17, edition = ?18
             WHERE id = ?1",
            &vacancy.id,
            &vacancy.slug,
            vacancy.state.code(),
            vacancy.version,
            content_json(&vacancy.content),
            &vacancy.content.position,
            vacancy.content.subject.as_ref(),
            vacancy.publish_at,
            vacancy.published_at,
            vacancy.accept_from,
            vacancy.accept_to,
            vacancy.closes_at,
            vacancy.extensions,
            vacancy.outcome.as_ref().and_then(|outcome| serde_json::to_string(outcome).ok()),
            by,
            vacancy.changed_at,
            &vacancy.procedure,
            &vacancy.edition
        ),
    ]
}

/// Keeps an address that was published, so that it leads here for ever.
pub fn keep_slug(slug: &str, id: &str) -> Statement {
    sql!("INSERT OR IGNORE INTO vacancy_slug (slug, vacancy) VALUES (?1, ?2)", slug, id)
}

/// Filters of the list in the cabinet.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this state.
    pub state: Option<State>,
    /// Only this organisation.
    pub organisation: Option<String>,
    /// Only this number.
    pub number: Option<i64>,
    /// Only these positions and subjects: what the words of the search are names of.
    pub named: Option<(Vec<String>, Vec<String>)>,
    /// The order.
    pub sort: Sort,
    /// After this place: sort key and identifier of the last row seen.
    pub after: Option<(String, String)>,
}

/// The orders of the list in the cabinet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Changed last first.
    #[default]
    Changed,
    /// Ending soonest first; what has no end comes last.
    Ending,
    /// Opening soonest first; what has no time comes last.
    Opening,
    /// Newest number first.
    Number,
}

impl Sort {
    /// The order of a code.
    pub fn parse(code: &str) -> Option<Sort> {
        match code {
            "changed" => Some(Sort::Changed),
            "ending" => Some(Sort::Ending),
            "publish_at" => Some(Sort::Opening),
            "number" => Some(Sort::Number),
            _ => None,
        }
    }

    /// The sort key (a text), the comparison that goes on after it, and the direction.
    const fn sql(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Sort::Changed => ("v.changed_at", "<", "DESC"),
            Sort::Ending => ("coalesce(v.closes_at, '9999')", ">", "ASC"),
            Sort::Opening => ("coalesce(v.publish_at, '9999')", ">", "ASC"),
            Sort::Number => ("printf('%012d', v.number)", "<", "DESC"),
        }
    }

    /// The sort key of a row, for the cursor.
    pub fn key(self, row: &Row) -> String {
        let last =
            |at: Option<Timestamp>| at.map_or_else(|| "9999".to_owned(), |at| at.to_string());
        match self {
            Sort::Changed => row.vacancy.changed_at.to_string(),
            Sort::Ending => last(row.vacancy.closes_at),
            Sort::Opening => last(row.vacancy.publish_at),
            Sort::Number => format!("{:012}", row.vacancy.number),
        }
    }
}

/// The WHERE of what a person reaches: exact paths and subtrees of the organisation `o`.
pub fn reach_sql(reach: &[(&str, Scope)], params: &mut Vec<Param>) -> String {
    let mut parts = Vec::new();
    // A person holds a handful of roles; more than 20 cannot be and would break the limit of 100.
    for (path, scope) in reach.iter().take(20) {
        params.push(Param::from(*path));
        let place = params.len();
        match scope {
            Scope::Own => parts.push(format!("o.path = ?{place}")),
            // A subtree is a prefix, and a prefix is a range that the index on path serves.
            Scope::Subtree => {
                params.push(Param::from(format!("{path}\u{10FFFF}")));
                parts.push(format!("(o.path >= ?{place} AND o.path < ?{})", place + 1));
            }
        }
    }
    if parts.is_empty() { "0".into() } else { format!("({})", parts.join(" OR ")) }
}

/// A page of the list, newest change first, and the counts by state.
pub fn list(reach: &[(&str, Scope)], filter: &Filter, limit: u32) -> [Statement; 2] {
    let mut params = Vec::new();
    let mut conditions = vec![reach_sql(reach, &mut params)];
    let mut push = |text: &str, value: Param, params: &mut Vec<Param>| {
        params.push(value);
        conditions.push(text.replace("??", &format!("?{}", params.len())));
    };
    if let Some(organisation) = &filter.organisation {
        push("v.organisation = ??", organisation.into(), &mut params);
    }
    if let Some(number) = filter.number {
        push("v.number = ??", number.into(), &mut params);
    }
    if let Some((positions, subjects)) = &filter.named {
        let list = |codes: &[String]| serde_json::to_string(codes).unwrap_or_default();
        params.push(list(positions).into());
        params.push(list(subjects).into());
        conditions.push(format!(
            "(v.position IN (SELECT value FROM json_each(?{})) OR v.subject IN (SELECT value FROM json_each(?{})))",
            params.len() - 1,
            params.len()
        ));
    }
    let counted = Statement {
        sql: format!(
            "SELECT v.state, count(*) AS n FROM vacancy v JOIN organisation o ON o.id = v.organisation
             WHERE {} GROUP BY v.state",
            conditions.join(" AND ")
        )
        .into(),
        params: params.clone(),
    };
    let mut push = |text: &str, value: Param, params: &mut Vec<Param>| {
        params.push(value);
        conditions.push(text.replace("??", &format!("?{}", params.len())));
    };
    if let Some(state) = filter.state {
        push("v.state = ??", state.code().into(), &mut params);
    }
    let (key, beyond, direction) = filter.sort.sql();
    if let Some((at, id)) = &filter.after {
        params.push(id.into());
        let id_place = params.len();
        params.push(at.into());
        let at_place = params.len();
        conditions.push(format!("({key}, v.id) {beyond} (?{at_place}, ?{id_place})"));
    }
    params.push(limit.into());
    let page = Statement {
        sql: format!(
            "SELECT {COLUMNS},
               coalesce((SELECT sum(n) FROM vacancy_view w WHERE w.vacancy = v.id), 0) AS views
             FROM vacancy v JOIN organisation o ON o.id = v.organisation
             WHERE {} ORDER BY {key} {direction}, v.id {direction} LIMIT ?{}",
            conditions.join(" AND "),
            params.len()
        )
        .into(),
        params,
    };
    [page, counted]
}

/// What happened to a vacancy, newest first.
pub fn history(id: &str) -> Statement {
    sql!(
        "SELECT j.at, coalesce(p.surname || ' ' || p.name, '') AS who, j.action, j.after,
                coalesce(j.reason, '') AS reason
         FROM journal j LEFT JOIN account a ON a.id = j.account LEFT JOIN person p ON p.id = a.person
         WHERE j.object_type = 'vacancy' AND j.object_id = ?1 ORDER BY j.seq DESC LIMIT 200",
        id
    )
}

/// Views of a vacancy by day, by language and by source.
pub fn views(id: &str) -> [Statement; 3] {
    ["day", "lang", "source"].map(|by| {
        sql!(
            format!(
                "SELECT {by} AS name, sum(n) AS n FROM vacancy_view WHERE vacancy = ?1 GROUP BY {by} ORDER BY {by}"
            ),
            id
        )
    })
}

/// Adds views that were counted: a JSON array of `[vacancy, day, language, source, n]`.
pub fn add_views(counted: &str) -> Statement {
    sql!(
        "INSERT INTO vacancy_view (vacancy, day, lang, source, n)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?1)
          WHERE true
         ON CONFLICT (vacancy, day, lang, source) DO UPDATE SET n = n + excluded.n",
        counted
    )
}
