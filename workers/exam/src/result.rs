//! What an attempt leaves: how it stands while it runs, and once it is over its answers, points and
//! the last hash of its log. Scoring happens once; what is written twice is written once.

use domain::{
    bank::{answer::Answer, body::Body, key::Answers},
    exam::{
        appeal::{self, Appeal, Decision},
        attempt::{State, Status},
        deliver::unveil,
        rules,
        score::{Report, Task, report},
        seed::unhex,
    },
    shared::{lang::Lang, time::Timestamp},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{No, Sql};

/// How an attempt stands.
#[derive(Debug, Deserialize)]
pub struct Mirror {
    attempt: String,
    state: State,
}

fn moment(millis: Option<i64>) -> Option<String> {
    let text = |millis| serde_json::to_value(Timestamp::from_millis(millis)).ok();
    millis.and_then(text).and_then(|value| value.as_str().map(str::to_owned))
}

/// Tells the database how it stands, for lists and for the sweep. What is over stays over.
///
/// # Errors
/// None.
pub fn mirror(input: Mirror) -> Result<Vec<Sql>, No> {
    let state = input.state;
    if state.status == Status::Ready {
        return Ok(Vec::new());
    }
    let sql = "UPDATE exam_attempt SET state = ?2, started_at = ?3, deadline = ?4, finished_at = ?5, ended = ?6, head = ?7, rows = ?8 \
               WHERE id = ?1 AND state IN ('assigned', 'admitted', 'running', 'paused')";
    let over = state.status.over();
    let values = vec![
        json!(input.attempt),
        json!(state.status.code()),
        json!(moment(state.started_at)),
        json!(state.deadline),
        json!(moment(state.finished_at)),
        json!(over.then(|| state.status.code())),
        json!(over.then_some(&state.head)),
        json!(over.then_some(state.rows)),
    ];
    Ok(vec![(sql.to_owned(), values)])
}

/// Which attempt is to be scored.
#[derive(Debug, Deserialize)]
pub struct Ask {
    attempt: String,
    lang: Lang,
}

/// Reads the keys: here, where nothing is delivered to a page.
///
/// # Errors
/// None.
pub fn ask(input: Ask) -> Result<Vec<Sql>, No> {
    let body = if input.lang == Lang::Ru { "ru" } else { "kk" };
    let sql = format!(
        "SELECT s.n, s.section, s.item, s.version, s.scored, v.{body} AS body, k.answers, \
           (SELECT json_object('decision', json(r.decision), 'answers', json(r.answers)) FROM exam_ruling r \
            WHERE r.exam = a.exam AND r.item = s.item AND r.version = s.version AND r.state <> 'proposed' AND r.declined_at IS NULL \
              AND r.decision ->> '$.decision' <> 'refused' ORDER BY r.signed_at DESC LIMIT 1) AS ruled \
         FROM exam_slot s JOIN exam_attempt a ON a.id = s.attempt \
         JOIN item_version v ON v.item = s.item AND v.version = s.version \
         JOIN item_key k ON k.item = s.item AND k.version = s.version WHERE s.attempt = ?1 ORDER BY s.n"
    );
    Ok(vec![(sql, vec![json!(input.attempt)])])
}

/// What is scored.
#[derive(Debug, Deserialize)]
pub struct Scored {
    attempt: String,
    lang: Lang,
    claimed: Option<String>,
    edition: String,
    group: String,
    key: String,
    state: State,
    tasks: Vec<TaskRow>,
    answers: Vec<AnswerRow>,
    now: i64,
}

#[derive(Debug, Deserialize)]
struct TaskRow {
    n: u16,
    section: u16,
    item: String,
    version: u16,
    scored: i64,
    body: Option<String>,
    answers: String,
    /// What the commission has decided about the task by now.
    #[serde(default)]
    ruled: Option<String>,
}

/// A decision on a task that was signed before this attempt was scored.
#[derive(Debug, Deserialize)]
struct Ruled {
    decision: Decision,
    answers: Option<Answers>,
}

#[derive(Debug, Deserialize)]
struct AnswerRow {
    slot: u16,
    value: String,
    late: bool,
}

/// Points and the statements that write them down.
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// None where it was ended for a violation: such an attempt has no result.
    report: Option<Report>,
    write: Vec<Sql>,
}

/// A response as it is written.
#[derive(Debug, Serialize)]
struct Response {
    n: u16,
    item: String,
    version: u16,
    answer: Option<String>,
    late: bool,
    points: i64,
    most: i64,
}

/// Scores an attempt that is over.
///
/// # Errors
/// A body, a key or the rules cannot be read; the attempt stays unscored and is tried again.
pub fn result(input: Scored) -> Result<Outcome, No> {
    let key = unhex::<32>(&input.key).ok_or(No::Secret)?;
    let edition = rules::edition(&input.edition).ok_or(No::Rules)?;
    let group = edition.group(&input.group).ok_or(No::Rules)?;
    let mut read = Vec::with_capacity(input.tasks.len());
    for row in &input.tasks {
        let mut keys: Answers = serde_json::from_str(&row.answers).map_err(|_| No::Body)?;
        let ruled = row.ruled.as_deref().map(serde_json::from_str::<Ruled>).transpose();
        let mut voided = None;
        match ruled.map_err(|_| No::Body)? {
            Some(Ruled { decision: Decision::Voided { how }, .. }) => voided = Some(how),
            Some(Ruled { answers: Some(new), .. }) => keys = new,
            _ => {}
        }
        let body: Body =
            serde_json::from_str(row.body.as_deref().ok_or(No::Body)?).map_err(|_| No::Body)?;
        let held = input.answers.iter().find(|answer| answer.slot == row.n);
        let given = held.and_then(|held| serde_json::from_str::<Answer>(&held.value).ok());
        let given = given.map(|answer| unveil(&body, &key, &row.item, &answer));
        read.push((keys, given, held.is_some_and(|held| held.late), voided));
    }
    let tasks: Vec<Task> = input
        .tasks
        .iter()
        .zip(&read)
        .map(|(row, (keys, given, _, voided))| Task {
            section: row.section,
            key: keys,
            scored: row.scored != 0,
            voided: *voided,
            answer: given.as_ref(),
        })
        .collect();
    let report = report(&tasks, input.lang, group, input.claimed.as_deref());
    let responses: Vec<Response> = input
        .tasks
        .iter()
        .zip(&read)
        .zip(&report.lines)
        .map(|((row, (_, given, late, _)), line)| Response {
            n: row.n,
            item: row.item.clone(),
            version: row.version,
            answer: given.as_ref().and_then(|answer| serde_json::to_string(answer).ok()),
            late: *late,
            points: line.points,
            most: line.most,
        })
        .collect();
    let counts = input.state.status != Status::Terminated;
    let papers = input.state.papers > 0;
    let text = serde_json::to_string(&report).map_err(|_| No::Input)?;
    let rows = serde_json::to_string(&responses).map_err(|_| No::Input)?;
    let (attempt, lang) = (json!(input.attempt), json!(input.lang.code()));
    let mut write = mirror(Mirror { attempt: input.attempt, state: input.state })?;
    // Counted once for each attempt: before the mark that it has been scored.
    write.push((
        "UPDATE item SET exposure = exposure + 1, used_at = ?2 WHERE id IN (SELECT item FROM exam_slot WHERE attempt = ?1) \
         AND EXISTS (SELECT 1 FROM exam_attempt WHERE id = ?1 AND scoring = 0)"
            .to_owned(),
        vec![attempt.clone(), json!(moment(Some(input.now)))],
    ));
    let response = "INSERT INTO exam_response (attempt, n, item, version, lang, answer, late, points, most) \
         SELECT ?1, value ->> '$.n', value ->> '$.item', value ->> '$.version', ?2, value ->> '$.answer', \
         value ->> '$.late', value ->> '$.points', value ->> '$.most' FROM json_each(?3) WHERE true \
         ON CONFLICT (attempt, n) DO";
    // What came from paper takes the place of what was scored before, once.
    let again = if papers {
        "UPDATE SET answer = excluded.answer, late = excluded.late, points = excluded.points"
    } else {
        "NOTHING"
    };
    write.push((format!("{response} {again}"), vec![attempt.clone(), lang, json!(rows)]));
    let result = |sql: &str| {
        let (points, most) = (json!(report.total.points), json!(report.total.most));
        let values = [attempt.clone(), json!(text), points, most, json!(report.reached)];
        (sql.to_owned(), values.to_vec())
    };
    let done = match (counts, papers) {
        (true, false) => result(
            "UPDATE exam_attempt SET scoring = 1, state = 'scored', report = ?2, points = ?3, most = ?4, reached = ?5 \
             WHERE id = ?1 AND scoring = 0",
        ),
        (true, true) => result(
            "UPDATE exam_attempt SET scoring = scoring + 1, state = CASE state WHEN 'annulled' THEN state ELSE 'scored' END, \
               report = ?2, points = ?3, most = ?4, reached = ?5 \
             WHERE id = ?1 AND (scoring = 0 OR EXISTS \
               (SELECT 1 FROM exam_paper p WHERE p.attempt = ?1 AND p.applied_at IS NULL))",
        ),
        (false, _) => (
            "UPDATE exam_attempt SET scoring = 1 WHERE id = ?1 AND scoring = 0".to_owned(),
            vec![attempt.clone()],
        ),
    };
    write.push(done);
    if papers {
        write.push((
            "UPDATE exam_paper SET applied_at = ?2 WHERE attempt = ?1 AND applied_at IS NULL"
                .to_owned(),
            vec![attempt, json!(moment(Some(input.now)))],
        ));
    }
    Ok(Outcome { report: counts.then_some(report), write })
}

/// An appeal of a page.
#[derive(Debug, Deserialize)]
pub struct Asked {
    attempt: String,
    edition: String,
    state: State,
    now: i64,
    appeal: Appeal,
    /// Those that there are.
    have: Vec<Appeal>,
}

/// Whether an appeal is taken.
#[derive(Debug, Serialize)]
pub struct Taken {
    /// Code of the refusal and fields with theirs; none where it is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<(&'static str, Vec<(String, &'static str)>)>,
    /// Until when appeals are taken, milliseconds.
    until: Option<i64>,
    write: Vec<Sql>,
}

/// Checks an appeal by the rules and says how it is written down.
///
/// # Errors
/// The edition is unknown.
pub fn appeal(input: Asked) -> Result<Taken, No> {
    let rules = &rules::edition(&input.edition).ok_or(No::Rules)?.appeal;
    let until = appeal::until(rules, input.state.status, input.state.finished_at);
    let slots = input.state.terms.slots;
    let checked = appeal::check(rules, input.now, until, false, slots, &input.appeal, &input.have);
    if let Err(refusal) = checked {
        let fields = refusal.fields.into_iter().map(|field| (field.field.into_owned(), field.code));
        let refused = Some((refusal.code, fields.collect()));
        return Ok(Taken { refused, until, write: Vec::new() });
    }
    let sql = "INSERT OR IGNORE INTO exam_appeal (attempt, n, ground, reason, at) VALUES (?1, ?2, ?3, ?4, ?5)";
    let values = vec![
        json!(input.attempt),
        json!(input.appeal.slot),
        json!(input.appeal.ground),
        json!(input.appeal.reason),
        json!(moment(Some(input.now))),
    ];
    Ok(Taken { refused: None, until, write: vec![(sql.to_owned(), values)] })
}

/// Of which attempt the result is asked for.
#[derive(Debug, Deserialize)]
pub struct Standing {
    attempt: String,
}

/// Reads the result as it stands now, with the appeals and what was decided on them: the commission
/// decides in the database, long after the attempt was scored here.
///
/// # Errors
/// None.
pub fn standing(input: Standing) -> Result<Vec<Sql>, No> {
    let sql = "SELECT a.state, a.scoring, a.report, \
                 (SELECT json_group_array(json_object('slot', x.n, 'ground', x.ground, 'decision', r.decision ->> '$.decision', \
                    'at', x.at)) FROM exam_appeal x LEFT JOIN exam_ruling r ON r.id = x.ruling WHERE x.attempt = a.id) AS appeals \
               FROM exam_attempt a WHERE a.id = ?1";
    Ok(vec![(sql.to_owned(), vec![json!(input.attempt)])])
}

/// When appeals end.
#[derive(Debug, Deserialize)]
pub struct Until {
    edition: String,
    state: State,
}

/// The moment up to which appeals are taken, milliseconds; none where there are none.
///
/// # Errors
/// The edition is unknown.
pub fn until(input: Until) -> Result<Option<i64>, No> {
    let rules = &rules::edition(&input.edition).ok_or(No::Rules)?.appeal;
    Ok(appeal::until(rules, input.state.status, input.state.finished_at))
}
