//! The doors of a room: who was let in, links to attempts, the key of whoever watches.

use domain::{
    account::permission::Permission,
    exam::seed::hex,
    journal::Entry,
    shared::{
        refusal::{Check, Kind, Refusal},
        statement::{Statement, guard},
    },
    sql,
};
use serde::Deserialize;
use serde_json::json;

use super::{
    id, random32,
    sessions::{SessionRow, load},
};
use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::{Ports, read, read_all},
    route,
    routes::Route,
    save::{Change, Replay, once, save},
    secret::digest,
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Post "/api/v1/cabinet/exam-sessions/{id}/candidates/{attempt}/admit", May(TestWatch), Cabinet, admit),
    route!(Post "/api/v1/cabinet/exam-sessions/{id}/candidates/{attempt}/link", May(TestWatch), Cabinet, link),
    route!(Post "/api/v1/cabinet/exam-sessions/{id}/watch", May(TestWatch), Cabinet, watch),
];

/// An attempt, as far as the room is concerned.
#[derive(Deserialize)]
pub(super) struct Attempt {
    person: String,
    state: String,
}

/// An attempt of the session of the address, for those who watch that room. Nobody deals with an
/// attempt of their own.
pub(super) async fn watched(cx: &Cx<'_>) -> Result<(SessionRow, String, Attempt), Error> {
    let session = load(cx.ports, id(cx, "id")?).await?;
    let attempt = id(cx, "attempt")?;
    let actor = cx.actor()?;
    actor.check(Permission::TestWatch, &session.path)?;
    let found: Option<Attempt> = read(
        cx.ports.db,
        sql!(
            "SELECT person, state FROM exam_attempt WHERE id = ?1 AND session = ?2",
            attempt,
            &session.id
        ),
    )
    .await?
    .first()?;
    let found = found.ok_or_else(Refusal::not_found)?;
    if found.person == actor.person {
        return Err(Refusal::new(Kind::Conflict, "own_attempt").into());
    }
    Ok((session, attempt.to_owned(), found))
}

#[derive(Deserialize)]
struct Admit {
    /// The document was compared with the face.
    identity: bool,
    /// The rules were explained.
    #[serde(default)]
    rules: bool,
    /// Device and line were tried.
    #[serde(default)]
    device: bool,
}

async fn admit(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let wanted: Admit = request.json()?;
    let (session, attempt, found) = watched(cx).await?;
    if !wanted.identity {
        let mut wrong = Check::default();
        wrong.wrong("identity", "required");
        wrong.done()?;
    }
    if found.state != "assigned" {
        return Err(Refusal::new(Kind::Conflict, "state").into());
    }
    let change = Change {
        statements: vec![
            guard(
                "state",
                "SELECT state = 'assigned' FROM exam_attempt WHERE id = ?1",
                vec![attempt.as_str().into()],
            ),
            sql!(
                "UPDATE exam_attempt SET state = 'admitted', admitted_by = ?2, admitted_at = ?3 WHERE id = ?1",
                &attempt,
                &cx.actor()?.account,
                cx.ports.now
            ),
        ],
        journal: vec![
            Entry::new("exam_attempt.admit", "exam_attempt", &attempt)
                .of(&session.organisation)
                .after(json!({ "identity": wanted.identity, "rules": wanted.rules, "device": wanted.device })),
        ],
        events: vec![],
    };
    save(cx, Some(once), change, Response::empty()).await
}

/// The statement of a new link to an attempt, and the link: the one before it ends.
pub(super) fn new_link(ports: &Ports<'_>, attempt: &str) -> (Statement, String) {
    let token = hex(&random32(ports));
    let statement =
        sql!("UPDATE exam_attempt SET token = ?2 WHERE id = ?1", attempt, digest(&token));
    (statement, format!("{}/app/#{attempt}.{token}", ports.config.exam_origin))
}

/// A link for somebody who sits in the room without a cabinet of their own.
async fn link(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let (session, attempt, _) = watched(cx).await?;
    let (statement, link) = new_link(cx.ports, &attempt);
    let answer = json!({ "link": link });
    let change = Change {
        statements: vec![statement],
        journal: vec![
            Entry::new("exam_attempt.link", "exam_attempt", &attempt).of(&session.organisation),
        ],
        events: vec![],
    };
    save(cx, None, change, Response::json(&answer)?).await
}

/// The key with which a proctor stops clocks, gives time and ends attempts of the room. It is told
/// once; asking again ends the one before.
async fn watch(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Sits {}
    let session = load(cx.ports, id(cx, "id")?).await?;
    let actor = cx.actor()?;
    actor.check(Permission::TestWatch, &session.path)?;
    let own = sql!(
        "SELECT id FROM exam_attempt WHERE session = ?1 AND person = ?2",
        &session.id,
        &actor.person
    );
    let rows = read_all(cx.ports.db, vec![own]).await?;
    if rows.first().map(|rows| rows.first::<Sits>()).transpose()?.flatten().is_some() {
        return Err(Refusal::new(Kind::Conflict, "own_attempt").into());
    }
    let token = hex(&random32(cx.ports));
    let change = Change {
        statements: vec![sql!(
            "INSERT INTO exam_proctor (session, account, token) VALUES (?1, ?2, ?3)
             ON CONFLICT (session, account) DO UPDATE SET token = ?3",
            &session.id,
            &actor.account,
            digest(&token)
        )],
        journal: vec![
            Entry::new("exam_session.watch", "exam_session", &session.id).of(&session.organisation),
        ],
        events: vec![],
    };
    let answer = json!({ "token": token, "address": cx.ports.config.exam_origin });
    save(cx, None, change, Response::json(&answer)?).await
}
