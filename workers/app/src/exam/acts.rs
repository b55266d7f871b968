//! Acts of violation (Order 83, annex 10). Whoever watched the room writes what happened; whoever
//! runs the session signs, and then the result is annulled. The attempt itself is ended by the
//! proctor in the worker of tests; an act needs one that is over.

use domain::{
    account::permission::Permission,
    journal::Entry,
    shared::{
        refusal::{Check, Kind, Refusal},
        statement::guard,
        time::Timestamp,
    },
    sql,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{doors::watched, id, sessions::load};
use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::read,
    route,
    routes::Route,
    save::{Change, Replay, once, save},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/exam-sessions/{id}/acts", SignedIn, Cabinet, list),
    route!(Post "/api/v1/cabinet/exam-sessions/{id}/candidates/{attempt}/acts", May(TestWatch), Cabinet, write),
    route!(Post "/api/v1/cabinet/exam-sessions/{id}/acts/{act}/sign", May(TestManage), Cabinet, sign),
];

/// Shortest and longest description, characters.
const WHAT: (usize, usize) = (20, 4000);

#[derive(Deserialize, Serialize)]
struct ActRow {
    id: String,
    attempt: String,
    candidate: String,
    what: String,
    at: Timestamp,
    written_by: String,
    written_at: Timestamp,
    signed_at: Option<Timestamp>,
}

async fn list(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let session = load(cx.ports, id(cx, "id")?).await?;
    let actor = cx.actor()?;
    let sees = [Permission::TestManage, Permission::TestWatch];
    if !sees.into_iter().any(|permission| actor.may(permission, &session.path)) {
        return Err(Refusal::not_found().into());
    }
    let rows: Vec<ActRow> = read(
        cx.ports.db,
        sql!(
            "SELECT c.id, c.attempt, a.candidate, c.what, c.at, c.written_by, c.written_at, c.signed_at
             FROM exam_act c JOIN exam_attempt a ON a.id = c.attempt WHERE a.session = ?1 ORDER BY c.id LIMIT 500",
            &session.id
        ),
    )
    .await?
    .all()?;
    Ok(Response::json(&rows)?)
}

#[derive(Deserialize)]
struct Written {
    what: String,
    at: Timestamp,
}

async fn write(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let written: Written = request.json()?;
    let (session, attempt, _) = watched(cx).await?;
    let mut wrong = Check::default();
    let words = written.what.trim().chars().count();
    if words < WHAT.0 {
        wrong.wrong_with("what", "too_short", "min", WHAT.0);
    } else if words > WHAT.1 {
        wrong.wrong_with("what", "too_long", "max", WHAT.1);
    }
    if written.at > cx.ports.now {
        wrong.wrong("at", "future");
    }
    wrong.done()?;
    let act = cx.ports.new_id();
    let change = Change {
        statements: vec![sql!(
            "INSERT INTO exam_act (id, attempt, what, at, written_by, written_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            &act,
            &attempt,
            written.what.trim(),
            written.at,
            &cx.actor()?.account,
            cx.ports.now
        )],
        journal: vec![
            Entry::new("exam_act.write", "exam_attempt", &attempt)
                .of(&session.organisation)
                .after(json!({ "act": act })),
        ],
        events: vec![],
    };
    save(cx, Some(once), change, Response::json(&json!({ "id": act }))?.status(201)).await
}

async fn sign(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Found {
        attempt: String,
        person: String,
        written_by: String,
    }
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let session = load(cx.ports, id(cx, "id")?).await?;
    let actor = cx.actor()?;
    actor.check(Permission::TestManage, &session.path)?;
    let act = id(cx, "act")?;
    let found: Option<Found> = read(
        cx.ports.db,
        sql!(
            "SELECT c.attempt, a.person, c.written_by FROM exam_act c JOIN exam_attempt a ON a.id = c.attempt
             WHERE c.id = ?1 AND a.session = ?2",
            act,
            &session.id
        ),
    )
    .await?
    .first()?;
    let found = found.ok_or_else(Refusal::not_found)?;
    if found.written_by == actor.account || found.person == actor.person {
        return Err(Refusal::new(Kind::Conflict, "own_act").into());
    }
    let change = Change {
        statements: vec![
            // What runs is ended first, and what was not scored yet would be scored over this.
            guard(
                "state",
                "SELECT c.signed_by IS NULL AND a.scoring > 0 AND a.state IN ('scored', 'terminated', 'annulled')
                 FROM exam_act c JOIN exam_attempt a ON a.id = c.attempt WHERE c.id = ?1",
                vec![act.into()],
            ),
            sql!(
                "UPDATE exam_act SET signed_by = ?2, signed_at = ?3 WHERE id = ?1",
                act,
                &actor.account,
                cx.ports.now
            ),
            sql!("UPDATE exam_attempt SET state = 'annulled' WHERE id = ?1", &found.attempt),
        ],
        journal: vec![
            Entry::new("exam_act.sign", "exam_attempt", &found.attempt)
                .of(&session.organisation)
                .after(json!({ "act": act, "state": "annulled" })),
        ],
        events: vec![],
    };
    save(cx, Some(once), change, Response::empty()).await
}
