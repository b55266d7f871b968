//! The consumer of signed decisions: everybody who had the task is scored anew, some at a time, each
//! exactly once for a decision.

use domain::{
    bank::{
        answer::{Answer, share},
        key::{Answers, WHOLE},
    },
    exam::{
        appeal::Decision,
        rules::edition,
        score::{Line, Report, Rescored, Voided},
    },
    notice::{Arg, Event, Notice, args},
    shared::{lang::Lang, row, statement::Statement},
    sql,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    RULED,
    rulings::{RULING, RulingRow},
};
use crate::{
    error::Fault,
    ports::{Ports, read},
};

/// Attempts of one batch.
const SLICE: i64 = 100;
/// Batches of one go: what is left comes back through the outbox.
const ROUNDS: usize = 5;
/// Attempts of a forecast.
const FORECAST: i64 = 2000;

#[derive(Deserialize)]
struct Had {
    attempt: String,
    candidate: String,
    n: usize,
    lang: Lang,
    claimed: Option<String>,
    scored: i64,
    #[serde(deserialize_with = "row::json")]
    report: Report,
    #[serde(deserialize_with = "row::json")]
    sections: Vec<u16>,
    #[serde(default, deserialize_with = "row::json_option")]
    answer: Option<Answer>,
    edition: String,
    group_code: String,
    /// The account of the person; none where it was never opened or is blocked.
    account: Option<String>,
}

/// Scores anew by decisions that were signed.
pub async fn follow(ports: &Ports<'_>, rulings: &[String]) -> Result<(), Fault> {
    for id in rulings {
        let found: Option<RulingRow> = read(ports.db, sql!(RULING, id)).await?.first()?;
        let Some(ruling) = found.filter(|ruling| ruling.state == "signed") else { continue };
        let mut done = false;
        for _ in 0..ROUNDS {
            if slice(ports, &ruling).await? < SLICE as usize {
                done = true;
                break;
            }
        }
        let last = if done {
            sql!("UPDATE exam_ruling SET state = 'done' WHERE id = ?1 AND state = 'signed'", id)
        } else {
            sql!(
                "INSERT INTO outbox (at, topic, key, next_at) VALUES (?1, ?2, ?3, ?1)",
                ports.now,
                RULED,
                id
            )
        };
        ports.db.batch(vec![last]).await.map_err(|e| Fault::new(format!("ruling: {e:?}")))?;
    }
    Ok(())
}

/// Attempts that had the task and were not scored anew for this decision yet.
async fn had(ports: &Ports<'_>, ruling: &RulingRow, most: i64) -> Result<Vec<Had>, Fault> {
    read(
        ports.db,
        sql!(
            "SELECT a.id AS attempt, a.candidate, s.n, a.lang, a.claimed, s.scored, a.report, r.answer, e.edition, e.group_code,
               (SELECT c.id FROM account c WHERE c.person = a.person AND c.status = 'active') AS account,
               (SELECT json_group_array(o.section) FROM
                 (SELECT section FROM exam_slot WHERE attempt = a.id ORDER BY n) o) AS sections
             FROM exam_slot s JOIN exam_attempt a ON a.id = s.attempt JOIN exam e ON e.id = a.exam
             LEFT JOIN exam_response r ON r.attempt = s.attempt AND r.n = s.n
             WHERE a.exam = ?1 AND s.item = ?2 AND s.version = ?3 AND a.report IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM exam_rescored x WHERE x.ruling = ?4 AND x.attempt = a.id)
             ORDER BY a.id LIMIT ?5",
            &ruling.exam,
            &ruling.item,
            ruling.version,
            &ruling.id,
            most
        ),
    )
    .await?
    .all()
}

/// What a decision would do if it were signed now, for everybody who had the task: nothing is written.
pub(super) async fn forecast(ports: &Ports<'_>, ruling: &RulingRow) -> Result<Vec<Value>, Fault> {
    let rows = had(ports, ruling, FORECAST).await?;
    rows.iter()
        .map(|had| {
            let (_, _, report) = rescored(ruling, had)?;
            let row = Rescored::of(&had.attempt, &had.report, &report);
            Ok(json!({
                "candidate": had.candidate, "before": row.before, "after": row.after,
                "reached_before": row.reached_before, "reached_after": row.reached_after,
                "passed_before": had.report.passed, "passed_after": report.passed,
                "changed": row.changed(),
            }))
        })
        .collect()
}

/// One batch; returns how many attempts there were.
async fn slice(ports: &Ports<'_>, ruling: &RulingRow) -> Result<usize, Fault> {
    let rows = had(ports, ruling, SLICE).await?;
    let mut batch = Vec::new();
    for had in &rows {
        batch.extend(anew(ports, ruling, had)?);
    }
    if !batch.is_empty() {
        ports.db.batch(batch).await.map_err(|e| Fault::new(format!("rescore: {e:?}")))?;
    }
    Ok(rows.len())
}

/// The line of a task after a decision.
fn line(decision: &Decision, new: Option<&Answers>, had: &Had, old: Line) -> Line {
    if had.scored == 0 {
        return old;
    }
    match (decision, new) {
        (Decision::Voided { how: Voided::Drop }, _) => Line { points: 0, most: 0, ..old },
        (Decision::Voided { how: Voided::Credit }, _) => Line { points: old.most, ..old },
        (Decision::Key { .. }, Some(key)) => {
            let points = i64::from(key.scoring.points);
            let earned = had.answer.as_ref().map_or(0, |answer| share(key, had.lang, answer));
            Line { points: i64::from(earned) * points, most: i64::from(WHOLE) * points, ..old }
        }
        _ => old,
    }
}

/// The line of the task before and after, and the whole result after.
fn rescored(ruling: &RulingRow, had: &Had) -> Result<(Line, Line, Report), Fault> {
    let rules = edition(&had.edition).ok_or_else(|| Fault::new("the edition is gone"))?;
    let group = rules.group(&had.group_code).ok_or_else(|| Fault::new("the group is gone"))?;
    let old = *had.report.lines.get(had.n).ok_or_else(|| Fault::new("a task without a line"))?;
    let new = line(&ruling.decision, ruling.answers.as_ref(), had, old);
    let report = had.report.with_line(had.n, new, &had.sections, group, had.claimed.as_deref());
    Ok((old, new, report))
}

fn anew(ports: &Ports<'_>, ruling: &RulingRow, had: &Had) -> Result<Vec<Statement>, Fault> {
    let (old, new, report) = rescored(ruling, had)?;
    let row = Rescored::of(&had.attempt, &had.report, &report);
    let mut out = vec![sql!(
        "INSERT INTO exam_rescored (ruling, attempt, before, after, reached_before, reached_after, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        &ruling.id,
        &had.attempt,
        row.before,
        row.after,
        row.reached_before.clone(),
        row.reached_after.clone(),
        ports.now
    )];
    if old != new {
        out.push(sql!(
            "UPDATE exam_attempt SET report = ?2, points = ?3, most = ?4, reached = ?5, scoring = scoring + 1 WHERE id = ?1",
            &had.attempt,
            json!(report).to_string(),
            report.total.points,
            report.total.most,
            report.reached.clone()
        ));
        out.push(sql!(
            "UPDATE exam_response SET points = ?3, most = ?4 WHERE attempt = ?1 AND n = ?2",
            &had.attempt,
            had.n as i64,
            new.points,
            new.most
        ));
    }
    if let Some(account) = had.account.as_ref().filter(|_| row.changed()) {
        let id = ports.new_id();
        let notice = Notice {
            account: account.clone(),
            event: Event::ExamRescored,
            object: ("exam_attempt", had.attempt.clone()),
            key: format!("{}:{}", had.attempt, ruling.id),
            args: args([
                ("before", Arg::Text(points(row.before))),
                ("after", Arg::Text(points(row.after))),
            ]),
        };
        out.extend(notice.statements(ports.now, &id));
        out.push(sql!(
            "INSERT INTO outbox (at, topic, key, next_at) VALUES (?1, 'notice.created', ?2, ?1)",
            ports.now,
            id
        ));
    }
    Ok(out)
}

/// Points of millionths; hundredths only where there are some.
fn points(millionths: i64) -> String {
    let hundredths = millionths / 10_000;
    match hundredths % 100 {
        0 => (hundredths / 100).to_string(),
        rest => format!("{},{rest:02}", hundredths / 100),
    }
}
