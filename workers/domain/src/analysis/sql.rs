//! Statements of item analysis.

use super::{EDITION, Run, Stage};
use crate::{
    shared::{
        statement::{Statement, guard},
        time::Timestamp,
    },
    sql,
};

/// Whether an exam is there.
pub fn exam(id: &str) -> Statement {
    sql!("SELECT id FROM exam WHERE id = ?1", id)
}

/// A new analysis.
pub fn create(id: &str, exam: &str, model: &str, account: &str, now: Timestamp) -> Statement {
    sql!(
        "INSERT INTO analysis (id, exam, until, model, edition, state, asked_by, created_at, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, 'queued', ?6, ?3, ?3)",
        id,
        exam,
        now,
        model,
        EDITION,
        account
    )
}

/// No other analysis of the exam is under way.
pub fn none_under_way(exam: &str) -> Statement {
    guard(
        "state",
        "SELECT NOT EXISTS (SELECT 1 FROM analysis WHERE exam = ?1 AND state IN ('queued', 'running'))",
        vec![exam.into()],
    )
}

const HEAD: &str =
    "id, exam, until, model, edition, state, stage, step, attempts, answers, failure,
  summary, created_at, finished_at,
  (SELECT count(*) FROM item_stat s WHERE s.analysis = analysis.id) AS items,
  (SELECT count(*) FROM item_stat s WHERE s.analysis = analysis.id AND s.flags > 0) AS flagged";

/// Analyses, newest first: of an exam, or all.
pub fn list(exam: &str, before: &str, most: i64) -> Statement {
    let text = format!(
        "SELECT {HEAD} FROM analysis WHERE (?1 = '' OR exam = ?1) AND (?2 = '' OR id < ?2)
         ORDER BY id DESC LIMIT ?3"
    );
    Statement { sql: text.into(), params: vec![exam.into(), before.into(), most.into()] }
}

/// One analysis.
pub fn by_id(id: &str) -> Statement {
    Statement {
        sql: format!("SELECT {HEAD} FROM analysis WHERE id = ?1").into(),
        params: vec![id.into()],
    }
}

/// Begins a step; no row if there is nothing to do.
pub fn claim(id: &str, now: Timestamp) -> Statement {
    sql!(
        "UPDATE analysis SET tries = tries + 1, state = 'running', changed_at = ?2
         WHERE id = ?1 AND state IN ('queued', 'running')
         RETURNING id, exam, until, model, stage, step, tries, after_candidate, after_attempt,
           attempts, answers, work",
        id,
        now
    )
}

/// Nobody else has done the step.
pub fn undone(run: &Run) -> Statement {
    guard(
        "version",
        "SELECT step = ?2 AND state = 'running' FROM analysis WHERE id = ?1",
        vec![(&run.id).into(), run.step.into()],
    )
}

/// A step was done: `run` as it stands after it, and what comes next.
pub fn advance(run: &Run, next: Stage, now: Timestamp) -> Statement {
    sql!(
        "UPDATE analysis SET step = step + 1, tries = 0, stage = ?2, after_candidate = ?3,
           after_attempt = ?4, attempts = ?5, answers = ?6, work = ?7, changed_at = ?8 WHERE id = ?1",
        &run.id,
        next.code(),
        &run.after_candidate,
        run.after_attempt,
        run.attempts,
        run.answers,
        &run.work,
        now
    )
}

/// The next scored attempts with their answers: [[item, version, points, most, answer] …].
pub fn attempts(run: &Run, most: i64) -> Statement {
    sql!(
        "SELECT a.candidate, a.attempt, a.lang,
           (SELECT json_group_array(json_array(r.item, r.version, r.points, r.most, json(r.answer)))
            FROM exam_response r WHERE r.attempt = a.id) AS lines
         FROM exam_attempt a
         WHERE a.exam = ?1 AND (a.candidate, a.attempt) > (?2, ?3) AND a.state = 'scored'
           AND a.finished_at <= ?4
         ORDER BY a.candidate, a.attempt LIMIT ?5",
        &run.exam,
        &run.after_candidate,
        run.after_attempt,
        run.until,
        most
    )
}

/// Keys of versions: `pairs` is a JSON array of [item, version].
pub fn keys(pairs: String) -> Statement {
    sql!(
        "SELECT k.item, k.version, k.answers FROM json_each(?1) p
         JOIN item_key k ON k.item = p.value ->> 0 AND k.version = p.value ->> 1",
        pairs
    )
}

/// Options that a version shows, in their order.
pub fn options(pairs: String) -> Statement {
    sql!(
        "SELECT v.item, v.version,
           (SELECT json_group_array(o.value ->> 'id')
            FROM json_each(coalesce(v.kk, v.ru), '$.task.options') o) AS options
         FROM json_each(?1) p
         JOIN item_version v ON v.item = p.value ->> 0 AND v.version = p.value ->> 1
         WHERE coalesce(v.kk, v.ru) ->> '$.task.kind' IN ('single', 'multiple')",
        pairs
    )
}

/// Keeps packed answers.
pub fn keep(id: &str, number: i64, data: &str) -> Statement {
    sql!("INSERT INTO analysis_part (analysis, number, data) VALUES (?1, ?2, ?3)", id, number, data)
}

/// Packed answers, some at a time.
pub fn parts(id: &str, after: i64, most: i64) -> Statement {
    sql!(
        "SELECT number, data FROM analysis_part WHERE analysis = ?1 AND number > ?2
         ORDER BY number LIMIT ?3",
        id,
        after,
        most
    )
}

/// Figures of items: `rows` is a JSON array of objects with the columns' names.
pub fn figures(id: &str, rows: String) -> Statement {
    sql!(
        "INSERT INTO item_stat (analysis, item, version, answered, facility, facility_se, sd,
           discrimination, discrimination_se, efficiency, a, a_se, b, b_se, d, d_se, why, infit,
           outfit, fit_p, delta, delta_se, dif_class, exposure, flags, more)
         SELECT ?1, value ->> 'item', value ->> 'version', value ->> 'answered', value ->> 'facility',
           value ->> 'facility_se', value ->> 'sd', value ->> 'discrimination',
           value ->> 'discrimination_se', value ->> 'efficiency', value ->> 'a', value ->> 'a_se',
           value ->> 'b', value ->> 'b_se', value ->> 'd', value ->> 'd_se', value ->> 'why',
           value ->> 'infit', value ->> 'outfit', value ->> 'fit_p', value ->> 'delta',
           value ->> 'delta_se', value ->> 'dif_class', value ->> 'exposure', value ->> 'flags',
           value -> 'more'
         FROM json_each(?2)",
        id,
        rows
    )
}

/// Flags of items, likewise.
pub fn flags(id: &str, rows: String) -> Statement {
    sql!(
        "INSERT INTO item_flag (analysis, item, version, kind, option, value, bound)
         SELECT ?1, value ->> 'item', value ->> 'version', value ->> 'kind', value ->> 'option',
           value ->> 'value', value ->> 'bound' FROM json_each(?2)",
        id,
        rows
    )
}

/// It is done: what is only needed meanwhile goes.
pub fn done(id: &str, summary: String, now: Timestamp) -> [Statement; 2] {
    [
        sql!(
            "UPDATE analysis SET state = 'done', step = step + 1, summary = ?2, work = '{}',
               changed_at = ?3, finished_at = ?3 WHERE id = ?1",
            id,
            summary,
            now
        ),
        sql!("DELETE FROM analysis_part WHERE analysis = ?1", id),
    ]
}

/// It cannot be done: `failure` is `none` (nobody was scored), `many` (too many answers) or
/// `stuck` (a step failed again and again).
pub fn failed(id: &str, failure: &str, now: Timestamp) -> [Statement; 2] {
    [
        sql!(
            "UPDATE analysis SET state = 'failed', failure = ?2, work = '{}', changed_at = ?3,
               finished_at = ?3 WHERE id = ?1 AND state IN ('queued', 'running')",
            id,
            failure,
            now
        ),
        sql!("DELETE FROM analysis_part WHERE analysis = ?1", id),
    ]
}

/// Analyses that nobody has gone on with since a moment.
pub fn stale(before: Timestamp) -> Statement {
    sql!(
        "SELECT id FROM analysis WHERE state IN ('queued', 'running') AND changed_at < ?1
         ORDER BY changed_at LIMIT 100",
        before
    )
}

const STAT: &str = "s.item, s.version, coalesce(i.code, '') AS code, s.answered, s.facility, s.facility_se,
  s.sd, s.discrimination, s.discrimination_se, s.efficiency, s.a, s.a_se, s.b, s.b_se, s.d, s.d_se,
  s.why, s.infit, s.outfit, s.fit_p, s.delta, s.delta_se, s.dif_class, s.exposure, s.more,
  (SELECT json_group_array(json_object('kind', f.kind, 'option', f.option, 'value', f.value, 'bound', f.bound))
   FROM item_flag f WHERE f.analysis = s.analysis AND f.item = s.item AND f.version = s.version) AS flags";

/// Items of an analysis after one of them; only flagged ones if asked.
pub fn items(
    id: &str,
    flagged: bool,
    after_item: &str,
    after_version: i64,
    most: i64,
) -> Statement {
    let text = format!(
        "SELECT {STAT} FROM item_stat s LEFT JOIN item i ON i.id = s.item
         WHERE s.analysis = ?1 AND (s.item, s.version) > (?2, ?3) AND s.flags >= ?4
         ORDER BY s.item, s.version LIMIT ?5"
    );
    Statement {
        sql: text.into(),
        params: vec![
            id.into(),
            after_item.into(),
            after_version.into(),
            flagged.into(),
            most.into(),
        ],
    }
}

/// One item of an analysis.
pub fn item(id: &str, item: &str, version: i64) -> Statement {
    let text = format!(
        "SELECT {STAT} FROM item_stat s LEFT JOIN item i ON i.id = s.item
         WHERE s.analysis = ?1 AND s.item = ?2 AND s.version = ?3"
    );
    Statement { sql: text.into(), params: vec![id.into(), item.into(), version.into()] }
}

/// Puts the parameters of an analysis into the versions of the bank: `pairs` is a JSON array of
/// [item, version]. Items without parameters keep what they have.
pub fn accept(id: &str, pairs: String) -> Statement {
    sql!(
        "UPDATE item_version SET a = s.a, b = s.b
         FROM item_stat s, json_each(?2) p
         WHERE s.analysis = ?1 AND s.item = p.value ->> 0 AND s.version = p.value ->> 1
           AND s.a IS NOT NULL AND s.b IS NOT NULL
           AND item_version.item = s.item AND item_version.version = s.version",
        id,
        pairs
    )
}
