//! Decisions on tasks. One member of the commission proposes, another signs the protocol; then all
//! appeals against the task are answered and everybody who had it is scored anew.

use domain::{
    bank::key::Answers,
    exam::appeal::Decision,
    journal::Entry,
    shared::{
        id::is_ulid,
        refusal::{Check, Kind, Refusal},
        row,
        statement::guard,
        time::Timestamp,
    },
    sql,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    RULED,
    appeals::{against, disputed},
    forms::load as load_exam,
    id,
    protocols::out_of_use,
    rescore::forecast,
};
use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::{read, read_all},
    route,
    routes::Route,
    save::{Change, Event, Replay, once, save},
    secret::digest,
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Post "/api/v1/cabinet/exam-rulings", May(TestAppeal), Cabinet, propose),
    route!(Get "/api/v1/cabinet/exam-rulings/{id}", May(TestAppeal), Cabinet, one),
    route!(Post "/api/v1/cabinet/exam-rulings/{id}/sign", May(TestAppeal), Cabinet, sign),
    route!(Post "/api/v1/cabinet/exam-rulings/{id}/decline", May(TestAppeal), Cabinet, decline),
];

/// Longest reason, characters.
const REASON_MOST: usize = 4000;
/// Shortest reason, characters.
const REASON_LEAST: usize = 20;

#[derive(Deserialize)]
struct Propose {
    exam: String,
    item: String,
    version: i64,
    /// `refused`, `credit`, `drop` or `key`.
    decision: String,
    /// The new key, where that is the decision.
    #[serde(default)]
    answers: Option<Answers>,
    reason: String,
}

/// A decision as it is kept.
#[derive(Deserialize)]
pub(super) struct RulingRow {
    pub id: String,
    pub exam: String,
    pub item: String,
    pub version: i64,
    #[serde(deserialize_with = "row::json")]
    pub decision: Decision,
    #[serde(default, deserialize_with = "row::json_option")]
    pub answers: Option<Answers>,
    reason: String,
    pub state: String,
    #[serde(default, deserialize_with = "row::json_option")]
    protocol: Option<Value>,
    digest: Option<String>,
    proposed_by: String,
    proposed_at: Timestamp,
    signed_at: Option<Timestamp>,
    declined_at: Option<Timestamp>,
    declined_why: Option<String>,
}

impl RulingRow {
    /// The state as people are told it.
    fn shown(&self) -> &str {
        if self.declined_at.is_some() { "declined" } else { &self.state }
    }
}

/// Reads a decision.
pub(super) const RULING: &str = "SELECT id, exam, item, version, decision, answers, reason, state, protocol, digest, \
  proposed_by, proposed_at, signed_at, declined_at, declined_why FROM exam_ruling WHERE id = ?1";

fn reasoned(wrong: &mut Check, reason: &str) {
    let words = reason.trim().chars().count();
    if words < REASON_LEAST {
        wrong.wrong_with("reason", "too_short", "min", REASON_LEAST);
    } else if words > REASON_MOST {
        wrong.wrong_with("reason", "too_long", "max", REASON_MOST);
    }
}

fn decision(wanted: &Propose, had: &Answers) -> Result<Decision, Refusal> {
    use domain::exam::score::Voided;
    let mut wrong = Check::default();
    reasoned(&mut wrong, &wanted.reason);
    let decision = match wanted.decision.as_str() {
        "refused" => Some(Decision::Refused),
        "credit" => Some(Decision::Voided { how: Voided::Credit }),
        "drop" => Some(Decision::Voided { how: Voided::Drop }),
        "key" => Some(Decision::Key { version: 2 }),
        _ => None,
    };
    if decision.is_none() {
        wrong.wrong("decision", "unknown");
    }
    if matches!(decision, Some(Decision::Key { .. })) {
        match &wanted.answers {
            None => wrong.wrong("answers", "required"),
            // Another sort of key would make every answer wrong; more points would change the test.
            Some(new)
                if std::mem::discriminant(&new.key) != std::mem::discriminant(&had.key)
                    || new.scoring.points != had.scoring.points
                    || new == had =>
            {
                wrong.wrong("answers", "unknown");
            }
            Some(_) => {}
        }
    }
    wrong.done()?;
    Ok(decision.unwrap_or(Decision::Refused))
}

async fn propose(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let wanted: Propose = request.json()?;
    if !is_ulid(&wanted.exam) || !is_ulid(&wanted.item) {
        return Err(Refusal::not_found().into());
    }
    let exam = load_exam(cx, &wanted.exam).await?;
    let task = disputed(cx.ports, &exam.id, &wanted.item, wanted.version).await?;
    let decision = decision(&wanted, &task.answers)?;
    let account = &cx.actor()?.account;
    let id = cx.ports.new_id();
    let kept = wanted.answers.as_ref().filter(|_| matches!(decision, Decision::Key { .. }));
    let change = Change {
        statements: vec![
            own_share(&exam.id, &wanted.item, wanted.version, &cx.actor()?.person),
            sql!(
                "INSERT INTO exam_ruling (id, exam, item, version, decision, answers, reason, state, proposed_by, proposed_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'proposed', ?8, ?9)",
                &id,
                &exam.id,
                &wanted.item,
                wanted.version,
                json!(decision).to_string(),
                kept.map(|answers| json!(answers).to_string()),
                wanted.reason.trim(),
                account,
                cx.ports.now
            ),
        ],
        journal: vec![
            Entry::new("exam_ruling.propose", "exam_ruling", &id)
                .after(json!({ "item": wanted.item, "version": wanted.version, "decision": decision })),
        ],
        events: vec![],
    };
    save(cx, Some(once), change, Response::json(&json!({ "id": id }))?.status(201)).await
}

/// Nobody decides about a task that they had themselves.
fn own_share(
    exam: &str,
    item: &str,
    version: i64,
    person: &str,
) -> domain::shared::statement::Statement {
    guard(
        "state",
        "SELECT NOT EXISTS (SELECT 1 FROM exam_attempt a JOIN exam_slot s ON s.attempt = a.id
           WHERE a.exam = ?1 AND s.item = ?2 AND s.version = ?3 AND a.person = ?4)",
        vec![exam.into(), item.into(), version.into(), person.into()],
    )
}

async fn load(cx: &Cx<'_>) -> Result<RulingRow, Error> {
    let found: Option<RulingRow> = read(cx.ports.db, sql!(RULING, id(cx, "id")?)).await?.first()?;
    Ok(found.ok_or_else(Refusal::not_found)?)
}

async fn one(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Changed {
        candidate: String,
        before: i64,
        after: i64,
        reached_before: Option<String>,
        reached_after: Option<String>,
    }
    let ruling = load(cx).await?;
    let changed: Vec<Changed> = read_all(
        cx.ports.db,
        vec![sql!(
            "SELECT a.candidate, r.before, r.after, r.reached_before, r.reached_after
             FROM exam_rescored r JOIN exam_attempt a ON a.id = r.attempt WHERE r.ruling = ?1
             ORDER BY a.candidate LIMIT 20000",
            &ruling.id
        )],
    )
    .await?
    .first()
    .map(crate::ports::Rows::all)
    .transpose()?
    .unwrap_or_default();
    let list: Vec<Value> = changed
        .iter()
        .map(|one| {
            json!({
                "candidate": one.candidate, "before": one.before, "after": one.after,
                "reached_before": one.reached_before, "reached_after": one.reached_after,
                "changed": one.before != one.after || one.reached_before != one.reached_after,
            })
        })
        .collect();
    let task = disputed(cx.ports, &ruling.exam, &ruling.item, ruling.version).await?;
    let forecast = match ruling.state.as_str() {
        "proposed" => forecast(cx.ports, &ruling).await?,
        _ => Vec::new(),
    };
    let appeals = against(cx.ports, &ruling.exam, &ruling.item, ruling.version).await?;
    let answer = json!({
        "task": { "kk": task.kk, "ru": task.ru, "answers": task.answers }, "had": task.had,
        "appeals": appeals, "forecast": forecast,
        "declined_at": ruling.declined_at, "declined_why": ruling.declined_why,
        "id": ruling.id, "exam": ruling.exam, "item": ruling.item, "version": ruling.version,
        "decision": ruling.decision, "answers": ruling.answers, "reason": ruling.reason,
        "state": ruling.shown(), "proposed_at": ruling.proposed_at, "signed_at": ruling.signed_at,
        "protocol": ruling.protocol, "digest": ruling.digest, "rescored": list,
        "own": cx.actor()?.account == ruling.proposed_by,
    });
    Ok(Response::json(&answer)?)
}

async fn sign(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Answered {
        candidate: String,
        n: i64,
    }
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let ruling = load(cx).await?;
    let actor = cx.actor()?;
    if ruling.proposed_by == actor.account {
        return Err(Refusal::new(Kind::Conflict, "own_ruling").into());
    }
    if ruling.state != "proposed" {
        return Err(Refusal::new(Kind::Conflict, "state").into());
    }
    let had: Vec<Answered> = read(
        cx.ports.db,
        sql!(
            "SELECT a.candidate, p.n FROM exam_appeal p JOIN exam_attempt a ON a.id = p.attempt
             JOIN exam_slot s ON s.attempt = p.attempt AND s.n = p.n
             WHERE a.exam = ?1 AND s.item = ?2 AND s.version = ?3 AND p.ruling IS NULL ORDER BY a.candidate",
            &ruling.exam,
            &ruling.item,
            ruling.version
        ),
    )
    .await?
    .all()?;
    let answered: Vec<Value> =
        had.iter().map(|one| json!({ "candidate": one.candidate, "task": one.n + 1 })).collect();
    let protocol = json!({
        "ruling": ruling.id, "exam": ruling.exam, "item": ruling.item, "version": ruling.version,
        "decision": ruling.decision, "answers": ruling.answers, "reason": ruling.reason,
        "appeals": answered, "proposed_by": ruling.proposed_by, "proposed_at": ruling.proposed_at,
        "signed_by": actor.account, "signed_at": cx.ports.now,
    })
    .to_string();
    let digest = digest(&protocol);
    let mut change = Change {
        statements: vec![
            guard(
                "state",
                "SELECT state = 'proposed' FROM exam_ruling WHERE id = ?1",
                vec![ruling.id.as_str().into()],
            ),
            own_share(&ruling.exam, &ruling.item, ruling.version, &actor.person),
            sql!(
                "UPDATE exam_ruling SET protocol = ?2, digest = ?3, signed_by = ?4, signed_at = ?5, state = 'signed'
                 WHERE id = ?1",
                &ruling.id,
                &protocol,
                &digest,
                &actor.account,
                cx.ports.now
            ),
            sql!(
                "UPDATE exam_appeal SET ruling = ?1 WHERE ruling IS NULL AND EXISTS (
                   SELECT 1 FROM exam_slot s JOIN exam_attempt a ON a.id = s.attempt
                   WHERE s.attempt = exam_appeal.attempt AND s.n = exam_appeal.n
                     AND a.exam = ?2 AND s.item = ?3 AND s.version = ?4)",
                &ruling.id,
                &ruling.exam,
                &ruling.item,
                ruling.version
            ),
        ],
        journal: vec![
            Entry::new("exam_ruling.sign", "exam_ruling", &ruling.id)
                .after(json!({ "digest": digest, "decision": ruling.decision })),
        ],
        events: vec![Event { topic: RULED, key: ruling.id.clone() }],
    };
    if ruling.decision != Decision::Refused {
        let words = ruling.reason.as_str();
        out_of_use(cx, &ruling.item, ruling.version, words, &mut change).await?;
    }
    save(cx, Some(once), change, Response::json(&json!({ "digest": digest }))?).await
}

/// A proposal is not signed: it ends with a reason, the appeals stay open and another can be proposed.
/// Whoever proposed it may take it back in the same way.
async fn decline(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Why {
        reason: String,
    }
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let why: Why = request.json()?;
    let mut wrong = Check::default();
    reasoned(&mut wrong, &why.reason);
    wrong.done()?;
    let ruling = load(cx).await?;
    let actor = cx.actor()?;
    let change = Change {
        statements: vec![
            guard(
                "state",
                "SELECT state = 'proposed' FROM exam_ruling WHERE id = ?1",
                vec![ruling.id.as_str().into()],
            ),
            own_share(&ruling.exam, &ruling.item, ruling.version, &actor.person),
            sql!(
                "UPDATE exam_ruling SET state = 'done', declined_by = ?2, declined_at = ?3, declined_why = ?4 WHERE id = ?1",
                &ruling.id,
                &actor.account,
                cx.ports.now,
                why.reason.trim()
            ),
        ],
        journal: vec![
            Entry::new("exam_ruling.decline", "exam_ruling", &ruling.id)
                .after(json!({ "decision": ruling.decision })),
        ],
        events: vec![],
    };
    save(cx, Some(once), change, Response::empty()).await
}
