//! Appeals as the commission sees them: by task, with the key, the numbers under which people sat
//! and their reasons; never a name.

use chrono::NaiveDate;
use domain::{
    bank::{body::Body, key::Answers},
    exam::{appeal::due, rules::edition, sql as exam_sql},
    shared::{calendar::Calendar, lang::Text, refusal::Refusal, row, time::Timestamp},
    sql,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{forms::load as load_exam, id};
use crate::{
    cx::Cx,
    error::{Error, Fault},
    facts::{calendar_days, calendar_of},
    http::{Request, Response},
    ports::{Ports, read},
    route,
    routes::Route,
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/exam-appeals", May(TestAppeal), Cabinet, list),
    route!(Get "/api/v1/cabinet/exam-appeals/{id}/{item}/{version}", May(TestAppeal), Cabinet, task),
];

#[derive(Deserialize)]
struct OpenRow {
    exam: String,
    #[serde(deserialize_with = "row::json")]
    title: Text,
    edition: String,
    item: String,
    version: i64,
    code: String,
    appeals: i64,
    waits: Option<String>,
    first: Timestamp,
}

async fn list(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let rows: Vec<OpenRow> = read(
        cx.ports.db,
        sql!(
            "SELECT a.exam, e.title, e.edition, s.item, s.version, i.code, count(*) AS appeals, min(p.at) AS first,
               (SELECT max(r.id) FROM exam_ruling r WHERE r.exam = a.exam AND r.item = s.item AND r.version = s.version
                AND r.state = 'proposed') AS waits
             FROM exam_appeal p JOIN exam_attempt a ON a.id = p.attempt JOIN exam e ON e.id = a.exam
             JOIN exam_slot s ON s.attempt = p.attempt AND s.n = p.n JOIN item i ON i.id = s.item
             WHERE p.ruling IS NULL GROUP BY a.exam, s.item, s.version ORDER BY first LIMIT 500"
        ),
    )
    .await?
    .all()?;
    let days = calendar_of(&read(cx.ports.db, calendar_days(cx.ports)).await?)?;
    let mut items = Vec::new();
    for row in &rows {
        items.push(json!({
            "exam": row.exam, "title": row.title, "item": row.item, "version": row.version, "code": row.code,
            "appeals": row.appeals, "waits": row.waits, "first": row.first,
            "due": last_day(&days, &row.edition, row.first)?,
        }));
    }
    Ok(Response::json(&items)?)
}

/// The last day for a decision; none where there is no calendar for that year yet.
pub(super) fn last_day(
    days: &Calendar,
    edition_name: &str,
    at: Timestamp,
) -> Result<Option<NaiveDate>, Fault> {
    let rules = edition(edition_name).ok_or_else(|| Fault::new("the edition is gone"))?;
    Ok(due(&rules.appeal, days, at.day()).ok())
}

/// A task as it was asked, with its key.
#[derive(Deserialize)]
pub(super) struct Disputed {
    /// In Kazakh.
    #[serde(default, deserialize_with = "row::json_option")]
    pub kk: Option<Body>,
    /// In Russian.
    #[serde(default, deserialize_with = "row::json_option")]
    pub ru: Option<Body>,
    /// The key.
    #[serde(deserialize_with = "row::json")]
    pub answers: Answers,
    /// Attempts that had it.
    pub had: i64,
}

/// Reads a task of an exam; one that nobody had is not found.
pub(super) async fn disputed(
    ports: &Ports<'_>,
    exam: &str,
    item: &str,
    version: i64,
) -> Result<Disputed, Error> {
    let found: Option<Disputed> =
        read(ports.db, exam_sql::disputed(exam, item, version)).await?.first()?;
    Ok(found.filter(|task| task.had > 0).ok_or_else(Refusal::not_found)?)
}

#[derive(Deserialize)]
struct AppealRow {
    candidate: String,
    ground: String,
    reason: String,
    at: Timestamp,
    #[serde(default, deserialize_with = "row::json_option")]
    answer: Option<Value>,
    points: Option<i64>,
    ruling: Option<String>,
}

/// The appeals against a task of an exam: numbers and reasons, no names.
pub(super) async fn against(
    ports: &Ports<'_>,
    exam: &str,
    item: &str,
    version: i64,
) -> Result<Vec<Value>, Error> {
    let rows: Vec<AppealRow> = read(
        ports.db,
        sql!(
            "SELECT a.candidate, p.ground, p.reason, p.at, p.ruling, r.answer, r.points
             FROM exam_appeal p JOIN exam_attempt a ON a.id = p.attempt
             JOIN exam_slot s ON s.attempt = p.attempt AND s.n = p.n
             LEFT JOIN exam_response r ON r.attempt = p.attempt AND r.n = p.n
             WHERE a.exam = ?1 AND s.item = ?2 AND s.version = ?3 ORDER BY p.at LIMIT 1000",
            exam,
            item,
            version
        ),
    )
    .await?
    .all()?;
    Ok(rows
        .iter()
        .map(|row| {
            json!({
                "candidate": row.candidate, "ground": row.ground, "reason": row.reason, "at": row.at,
                "answer": row.answer, "points": row.points, "ruling": row.ruling,
            })
        })
        .collect())
}

async fn task(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Waits {
        id: String,
    }
    let exam = load_exam(cx, id(cx, "id")?).await?;
    let version: i64 = cx.param("version").parse().map_err(|_| Refusal::not_found())?;
    let item = id(cx, "item")?;
    let task = disputed(cx.ports, &exam.id, item, version).await?;
    let appeals = against(cx.ports, &exam.id, item, version).await?;
    let waits: Option<Waits> = read(
        cx.ports.db,
        sql!(
            "SELECT id FROM exam_ruling WHERE exam = ?1 AND item = ?2 AND version = ?3 AND state = 'proposed'
             ORDER BY id DESC LIMIT 1",
            &exam.id,
            item,
            version
        ),
    )
    .await?
    .first()?;
    let answer = json!({
        "exam": exam.id, "title": exam.title, "item": item, "version": version, "waits": waits.map(|one| one.id),
        "kk": task.kk, "ru": task.ru, "answers": task.answers, "had": task.had, "appeals": appeals,
    });
    Ok(Response::json(&answer)?)
}
