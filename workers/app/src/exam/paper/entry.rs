//! What was written on paper, typed in. Two people read the same paper, neither sees what the other
//! has typed; what they read alike is what was written. The worker of tests takes it from the database.

use domain::{
    exam::paper::{blank, read as read_answer},
    journal::Entry,
    shared::{
        refusal::{Check, Kind, Refusal},
        row,
        time::Timestamp,
    },
    sql,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Sheet, room, sheet, tasks};
use crate::{
    cx::Cx,
    error::Error,
    exam::{id, sessions::SessionRow},
    http::{Request, Response},
    ports::read,
    route,
    routes::Route,
    save::{Change, Replay, once, save},
};

/// Routes of this part.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/exam-sessions/{id}/candidates/{attempt}/paper", SignedIn, Cabinet, one),
    route!(Post "/api/v1/cabinet/exam-sessions/{id}/candidates/{attempt}/paper", SignedIn, Cabinet, typed),
];

/// Shortest and longest name of an act, characters.
const ACT: (usize, usize) = (3, 200);

/// An answer as it is kept: of each task, in its order.
type Answers = Vec<Option<Value>>;

#[derive(Deserialize)]
struct Reading {
    account: String,
    #[serde(deserialize_with = "row::json")]
    answers: Answers,
    at: Timestamp,
}

#[derive(Deserialize)]
struct Agreed {
    at: Timestamp,
    applied_at: Option<Timestamp>,
}

struct Found {
    session: SessionRow,
    sheet: Sheet,
    readings: Vec<Reading>,
    agreed: Option<Agreed>,
}

/// An attempt of a room, for those who run or watch it. Nobody types for themselves.
async fn found(cx: &Cx<'_>) -> Result<Found, Error> {
    let session = room(cx, id(cx, "id")?).await?;
    let sheet = sheet(cx, &session, id(cx, "attempt")?).await?;
    if sheet.person == cx.actor()?.person {
        return Err(Refusal::new(Kind::Conflict, "own_attempt").into());
    }
    let readings = read(
        cx.ports.db,
        sql!(
            "SELECT account, answers, at FROM exam_paper_read WHERE attempt = ?1 ORDER BY at",
            &sheet.id
        ),
    )
    .await?
    .all()?;
    let agreed = read(
        cx.ports.db,
        sql!("SELECT at, applied_at FROM exam_paper WHERE attempt = ?1", &sheet.id),
    )
    .await?
    .first()?;
    Ok(Found { session, sheet, readings, agreed })
}

/// Tasks that two have read in different ways, from 1.
fn different(one: &Answers, other: &Answers) -> Vec<usize> {
    let all = one.len().max(other.len());
    (0..all).filter(|n| one.get(*n) != other.get(*n)).map(|n| n + 1).collect()
}

async fn one(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let found = found(cx).await?;
    let tasks = tasks(cx, &found.sheet).await?;
    let me = &cx.actor()?.account;
    let mine = found.readings.iter().find(|one| one.account == *me);
    let others: Vec<&Reading> = found.readings.iter().filter(|one| one.account != *me).collect();
    // Where the two differ is told once both have read: never what the other has read.
    let differs = mine.and_then(|mine| {
        others.iter().map(|other| different(&mine.answers, &other.answers)).find(|d| !d.is_empty())
    });
    let blanks = tasks.iter().map(|task| {
        let blank = blank(&task.body.task);
        json!({ "how": blank.how, "of": blank.of })
    });
    Ok(Response::json(&json!({
        "name": found.sheet.name, "candidate": found.sheet.candidate, "seat": found.sheet.seat,
        "lang": found.sheet.lang, "state": found.sheet.state,
        "open": open(&found), "tasks": blanks.collect::<Vec<_>>(),
        "mine": mine.map(|one| one.at), "others": others.len(), "differs": differs.unwrap_or_default(),
        "agreed_at": found.agreed.as_ref().map(|one| one.at),
        "applied_at": found.agreed.as_ref().and_then(|one| one.applied_at),
    }))?)
}

/// Whether something can still be typed: what was handed in on a device, or ended for a violation, is
/// over, and what two have read alike stays.
fn open(found: &Found) -> bool {
    let ended = found.sheet.ended.as_deref().unwrap_or_default();
    found.agreed.is_none()
        && found.sheet.state != "annulled"
        && !matches!(ended, "submitted" | "terminated")
}

#[derive(Deserialize)]
struct Typed {
    /// A text a task.
    answers: Vec<String>,
    /// Number of the act about the outage.
    act: String,
}

async fn typed(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let typed: Typed = request.json()?;
    let found = found(cx).await?;
    if !open(&found) {
        return Err(Refusal::new(Kind::Conflict, "paper_closed").into());
    }
    let answers = understood(cx, &found.sheet, &typed).await?;
    let me = &cx.actor()?.account;
    let text = json!(answers).to_string();
    let (attempt, act) = (&found.sheet.id, typed.act.trim());
    let mut statements = vec![sql!(
        "INSERT INTO exam_paper_read (attempt, account, answers, act, at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (attempt, account) DO UPDATE SET answers = ?3, act = ?4, at = ?5",
        attempt,
        me,
        &text,
        act,
        cx.ports.now
    )];
    let others: Vec<&Reading> = found.readings.iter().filter(|one| one.account != *me).collect();
    let same = others.iter().find(|one| one.answers == answers);
    let mut state = json!({ "state": "first", "differs": [] });
    let mut entry = Entry::new("exam_paper.read", "exam_attempt", attempt)
        .of(&found.session.organisation)
        .after(json!({ "act": act }));
    if let Some(same) = same {
        let given = answers.iter().enumerate();
        let given: Vec<Value> = given
            .filter_map(|(n, answer)| answer.as_ref().map(|one| json!([n, one.to_string()])))
            .collect();
        // The other may have changed their mind in this very moment: then nothing is agreed.
        statements.push(domain::shared::statement::guard(
            "state",
            "SELECT EXISTS (SELECT 1 FROM exam_paper_read WHERE attempt = ?1 AND account = ?2 AND answers = ?3)",
            vec![attempt.as_str().into(), same.account.as_str().into(), text.as_str().into()],
        ));
        statements.push(sql!(
            "INSERT INTO exam_paper (attempt, answers, act, first_by, second_by, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            attempt,
            json!(given).to_string(),
            act,
            &same.account,
            me,
            cx.ports.now
        ));
        state = json!({ "state": "agreed", "differs": [] });
        entry = Entry::new("exam_paper.agree", "exam_attempt", attempt)
            .of(&found.session.organisation)
            .after(json!({ "act": act, "tasks": given.len() }));
    } else if let Some(other) = others.first() {
        state = json!({ "state": "differs", "differs": different(&answers, &other.answers) });
    }
    let change = Change { statements, journal: vec![entry], events: vec![] };
    save(cx, Some(once), change, Response::json(&state)?).await
}

/// What was typed, as answers of the attempt.
async fn understood(cx: &Cx<'_>, sheet: &Sheet, typed: &Typed) -> Result<Answers, Error> {
    let tasks = tasks(cx, sheet).await?;
    let mut wrong = Check::default();
    match typed.act.trim().chars().count() {
        n if n < ACT.0 => wrong.wrong_with("act", "too_short", "min", ACT.0),
        n if n > ACT.1 => wrong.wrong_with("act", "too_long", "max", ACT.1),
        _ => {}
    }
    if typed.answers.len() > tasks.len() {
        wrong.wrong("answers", "unknown");
    }
    let mut answers = Vec::new();
    for (n, task) in tasks.iter().enumerate() {
        let text = typed.answers.get(n).map_or("", String::as_str);
        match read_answer(&task.body.task, text) {
            Ok(answer) => answers.push(answer.map(|one| json!(one))),
            Err(code) => wrong.wrong(format!("answers.{n}"), code),
        }
    }
    if answers.iter().all(Option::is_none) && wrong.0.is_empty() {
        wrong.wrong("answers", "required");
    }
    wrong.done()?;
    Ok(answers)
}
