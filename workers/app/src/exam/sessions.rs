//! Sessions: an exam at a time in a room, who sits there, who watches, who was let in, and what came
//! out once the window of appeals is over.

use domain::{
    account::permission::Permission,
    exam::{
        rules::{Edition, edition},
        seed::hex,
        sql::ExamRow,
    },
    journal::Entry,
    shared::{
        lang::{Lang, Text},
        refusal::{Check, Kind, Refusal},
        row,
        statement::{Statement, guard},
        time::Timestamp,
    },
    sql,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{forms::load as load_exam, id, random32};
use crate::{
    cx::Cx,
    error::{Error, Fault},
    http::{Request, Response},
    ports::{Ports, read, read_all},
    route,
    routes::Route,
    save::{Change, Replay, once, save},
    secret::digest,
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/exam-sessions", SignedIn, Cabinet, list),
    route!(Post "/api/v1/cabinet/exam-sessions", May(TestManage), Cabinet, create),
    route!(Post "/api/v1/cabinet/exam-sessions/{id}/candidates", May(TestManage), Cabinet, put_down),
    route!(Post "/api/v1/cabinet/exam-sessions/{id}/candidates/{attempt}/admit", May(TestWatch), Cabinet, admit),
    route!(Post "/api/v1/cabinet/exam-sessions/{id}/candidates/{attempt}/link", May(TestWatch), Cabinet, link),
    route!(Post "/api/v1/cabinet/exam-sessions/{id}/watch", May(TestWatch), Cabinet, watch),
];

/// Most candidates of a session, and of one request.
const ROOM_MOST: usize = 200;

#[derive(Deserialize, Serialize)]
pub(super) struct SessionRow {
    /// Identifier.
    pub id: String,
    /// The form.
    pub exam: String,
    #[serde(deserialize_with = "row::json")]
    title: Text,
    /// Who runs it.
    pub organisation: String,
    /// Its path.
    pub path: String,
    #[serde(deserialize_with = "row::json")]
    place: Text,
    room: String,
    starts_at: Timestamp,
    version: i64,
    /// Edition of the rules.
    pub edition: String,
    purpose: String,
    candidates: i64,
    /// Those who were let in, and those who are over.
    admitted: i64,
    over: i64,
    /// Where the form stands: `published`, `closed`; and whether its secret is out.
    exam_state: String,
    commitment: String,
    revealed_at: Option<Timestamp>,
    minutes: i64,
}

const SESSION: &str = "SELECT s.id, s.exam, e.title, s.organisation, o.path, s.place, s.room, s.starts_at, s.version, \
  e.edition, e.purpose, e.state AS exam_state, e.commitment, e.revealed_at, e.minutes, \
  (SELECT count(*) FROM exam_attempt a WHERE a.session = s.id) AS candidates, \
  (SELECT count(*) FROM exam_attempt a WHERE a.session = s.id AND a.state <> 'assigned') AS admitted, \
  (SELECT count(*) FROM exam_attempt a WHERE a.session = s.id AND a.finished_at IS NOT NULL) AS over \
  FROM exam_session s JOIN exam e ON e.id = s.exam JOIN organisation o ON o.id = s.organisation";

/// What of a room somebody may see: who runs it and who watches it sees all; a commission of the
/// organisation sees results, once nothing can be appealed against.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// All of it.
    Room,
    /// What came out.
    Results,
}

/// What of the room this person may see.
pub(super) fn sight(cx: &Cx<'_>, path: &str) -> Option<Sight> {
    let actor = cx.actor.as_ref()?;
    if actor.may(Permission::TestManage, path) || actor.may(Permission::TestWatch, path) {
        Some(Sight::Room)
    } else {
        actor.may(Permission::ApplicationRead, path).then_some(Sight::Results)
    }
}

/// A session.
pub(super) async fn load(ports: &Ports<'_>, id: &str) -> Result<SessionRow, Error> {
    let found: Option<SessionRow> =
        read(ports.db, sql!(format!("{SESSION} WHERE s.id = ?1"), id)).await?.first()?;
    Ok(found.ok_or_else(Refusal::not_found)?)
}

/// The rules of an edition.
pub(super) fn rules(edition_name: &str) -> Result<&'static Edition, Fault> {
    edition(edition_name).ok_or_else(|| Fault::new("the edition is gone"))
}

async fn list(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let pairs = request.query_pairs();
    let of = |name: &str| {
        pairs.iter().find(|(have, _)| have == name).map_or("", |(_, value)| value.as_str())
    };
    let rows: Vec<SessionRow> = read(
        cx.ports.db,
        sql!(
            format!(
                "{SESSION} WHERE (?1 = '' OR s.exam = ?1) AND (?2 = '' OR s.id < ?2) ORDER BY s.id DESC LIMIT 200"
            ),
            of("exam"),
            of("cursor")
        ),
    )
    .await?
    .all()?;
    let seen: Vec<&SessionRow> = rows.iter().filter(|row| sight(cx, &row.path).is_some()).collect();
    let next = rows.last().filter(|_| rows.len() == 200).map(|row| &row.id);
    Ok(Response::json(&json!({ "items": seen, "next": next }))?)
}

#[derive(Deserialize)]
struct Create {
    exam: String,
    organisation: String,
    place: Text,
    #[serde(default)]
    room: String,
    starts_at: Timestamp,
}

async fn create(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Path {
        path: String,
    }
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let wanted: Create = request.json()?;
    let mut wrong = Check::default();
    if !wanted.place.is_complete() || wanted.place.kk.chars().count() > 300 {
        wrong.wrong("place", "required");
    }
    if wanted.room.chars().count() > 60 {
        wrong.wrong_with("room", "too_long", "max", 60);
    }
    if wanted.starts_at < cx.ports.now {
        wrong.wrong("starts_at", "past");
    }
    let organisation: Option<Path> = read(
        cx.ports.db,
        sql!("SELECT path FROM organisation WHERE id = ?1", &wanted.organisation),
    )
    .await?
    .first()?;
    let actor = cx.actor()?;
    let reaches = organisation.is_some_and(|one| actor.may(Permission::TestManage, &one.path));
    if !reaches {
        wrong.wrong("organisation", "unknown");
    }
    let exam: Option<ExamRow> =
        read(cx.ports.db, domain::exam::sql::exam(&wanted.exam)).await?.first()?;
    if exam.is_none_or(|exam| exam.state != "published") {
        wrong.wrong("exam", "unknown");
    }
    wrong.done()?;
    let id = cx.ports.new_id();
    let change = Change {
        statements: vec![
            domain::exam::sql::is(&wanted.exam, "published"),
            sql!(
                "INSERT INTO exam_session (id, exam, organisation, place, room, starts_at, changed_by, changed_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                &id,
                &wanted.exam,
                &wanted.organisation,
                json!(wanted.place).to_string(),
                wanted.room.trim(),
                wanted.starts_at,
                &actor.account,
                cx.ports.now
            ),
        ],
        journal: vec![
            Entry::new("exam_session.create", "exam_session", &id)
                .of(&wanted.organisation)
                .after(json!({ "exam": wanted.exam, "starts_at": wanted.starts_at })),
        ],
        events: vec![],
    };
    save(cx, Some(once), change, Response::json(&json!({ "id": id }))?.status(201)).await
}

/// Somebody who is to sit.
#[derive(Deserialize)]
struct Sitter {
    iin: String,
    lang: Lang,
    #[serde(default)]
    claimed: Option<String>,
    #[serde(default)]
    special_needs: bool,
    #[serde(default)]
    seat: String,
}

#[derive(Deserialize)]
struct Sitters {
    candidates: Vec<Sitter>,
}

#[derive(Deserialize)]
struct Known {
    id: String,
    iin: String,
    here: i64,
    sat: i64,
    before: i64,
}

/// Who is known under which number, whether already in this exam, how often this year.
async fn known(cx: &Cx<'_>, session: &SessionRow, list: &[Sitter]) -> Result<Vec<Known>, Fault> {
    let numbers: Vec<&str> = list.iter().map(|one| one.iin.as_str()).collect();
    read(
        cx.ports.db,
        sql!(
            "SELECT p.id, p.iin,
               EXISTS (SELECT 1 FROM exam_attempt a WHERE a.person = p.id AND a.session = ?2) AS here,
               (SELECT count(*) FROM exam_attempt a JOIN exam e ON e.id = a.exam JOIN exam_session s ON s.id = a.session
                WHERE a.person = p.id AND e.purpose = 'attestation' AND substr(s.starts_at, 1, 4) = ?3) AS sat,
               (SELECT count(*) FROM exam_attempt a WHERE a.person = p.id AND a.exam = ?4) AS before
             FROM person p WHERE p.iin IN (SELECT value FROM json_each(?1))",
            json!(numbers).to_string(),
            &session.id,
            session.starts_at.day().format("%Y").to_string(),
            &session.exam
        ),
    )
    .await?
    .all()
}

fn checked_sitters(
    edition: &Edition,
    group: &str,
    session: &SessionRow,
    list: &[Sitter],
    known: &[Known],
) -> Result<(), Refusal> {
    let mut wrong = Check::default();
    if list.is_empty() {
        wrong.wrong("candidates", "required");
    }
    if list.len() + usize::try_from(session.candidates).unwrap_or(ROOM_MOST) > ROOM_MOST {
        wrong.wrong_with("candidates", "too_many", "max", ROOM_MOST);
    }
    let most = edition.attempts.free.value + edition.attempts.paid.value;
    for (n, one) in list.iter().enumerate().take(ROOM_MOST) {
        let field = |name: &str| format!("candidates.{n}.{name}");
        let person = known.iter().find(|person| person.iin == one.iin);
        let twice = list[..n].iter().any(|other| other.iin == one.iin);
        match person {
            None => wrong.wrong(field("iin"), "unknown_person"),
            Some(person) if person.here != 0 || twice => wrong.wrong(field("iin"), "seated"),
            Some(person) if session.purpose == "attestation" && person.sat >= i64::from(most) => {
                wrong.wrong_with(field("iin"), "attempts_used", "max", most);
            }
            Some(_) => {}
        }
        if !edition.languages.value.iter().any(|lang| lang == one.lang.code()) {
            wrong.wrong(field("lang"), "unknown");
        }
        let claimed = one.claimed.as_deref();
        if claimed.is_some_and(|code| {
            edition.group(group).is_none_or(|group| group.threshold(code).is_none())
        }) {
            wrong.wrong(field("claimed"), "unknown");
        }
        if one.seat.chars().count() > 20 {
            wrong.wrong_with(field("seat"), "too_long", "max", 20);
        }
    }
    wrong.done()
}

/// The number under which somebody sits: it is published with the draw and says nothing of them.
fn number(ports: &Ports<'_>) -> String {
    const LETTERS: &[u8; 32] = b"23456789abcdefghjkmnpqrstuvwxyz0";
    let bytes = random32(ports);
    let letters = bytes[..10].iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    format!("k{}", letters.collect::<String>())
}

async fn put_down(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let session = load(cx.ports, id(cx, "id")?).await?;
    cx.actor()?.check(Permission::TestManage, &session.path)?;
    let wanted: Sitters = request.json()?;
    let exam = load_exam(cx, &session.exam).await?;
    let edition = rules(&session.edition)?;
    let known = known(cx, &session, &wanted.candidates).await?;
    checked_sitters(edition, &exam.group_code, &session, &wanted.candidates, &known)?;
    let mut rows = Vec::new();
    for one in &wanted.candidates {
        let Some(person) = known.iter().find(|person| person.iin == one.iin) else { continue };
        rows.push(json!({
            "id": cx.ports.new_id(), "person": person.id, "candidate": number(cx.ports),
            "attempt": person.before + 1, "lang": one.lang.code(), "seat": one.seat.trim(),
            "extra": if one.special_needs { edition.extra_minutes.value } else { 0 },
            "claimed": one.claimed,
        }));
    }
    let put: Vec<Value> =
        rows.iter().map(|row| json!({ "id": row["id"], "candidate": row["candidate"] })).collect();
    let change = Change {
        statements: vec![
            domain::exam::sql::is(&session.exam, "published"),
            // Nobody holds a token before the link is asked for: no text has this digest.
            sql!(
                "INSERT INTO exam_attempt (id, exam, session, person, candidate, attempt, lang, seat, extra_minutes, claimed, token)
                 SELECT value ->> '$.id', ?2, ?3, value ->> '$.person', value ->> '$.candidate', value ->> '$.attempt',
                   value ->> '$.lang', value ->> '$.seat', value ->> '$.extra', value ->> '$.claimed', '-'
                 FROM json_each(?1)",
                json!(rows).to_string(),
                &session.exam,
                &session.id
            ),
        ],
        journal: vec![
            Entry::new("exam_session.put_down", "exam_session", &session.id)
                .of(&session.organisation)
                .after(json!({ "attempts": put })),
        ],
        events: vec![],
    };
    save(cx, Some(once), change, Response::json(&json!({ "candidates": put }))?.status(201)).await
}

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
