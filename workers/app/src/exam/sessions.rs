//! Sessions: an exam at a time in a room, who runs it and who may see what of it.

use domain::{
    account::permission::Permission,
    exam::{
        rules::{Edition, edition},
        sql::ExamRow,
    },
    journal::Entry,
    shared::{
        lang::Text,
        refusal::{Check, Refusal},
        row,
        time::Timestamp,
    },
    sql,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::left::all_in_use;
use crate::{
    cx::Cx,
    error::{Error, Fault},
    http::{Request, Response},
    ports::{Ports, read},
    route,
    routes::Route,
    save::{Change, Replay, once, save},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/exam-sessions", SignedIn, Cabinet, list),
    route!(Post "/api/v1/cabinet/exam-sessions", May(TestManage), Cabinet, create),
];

#[derive(Deserialize, Serialize)]
pub(super) struct SessionRow {
    /// Identifier.
    pub id: String,
    /// The form.
    pub exam: String,
    #[serde(deserialize_with = "row::json")]
    pub title: Text,
    /// Who runs it.
    pub organisation: String,
    /// Its path.
    pub path: String,
    #[serde(deserialize_with = "row::json")]
    place: Text,
    room: String,
    /// When.
    pub starts_at: Timestamp,
    version: i64,
    /// Edition of the rules.
    pub edition: String,
    /// What the form is for.
    pub purpose: String,
    /// People on the list.
    pub candidates: i64,
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

impl SessionRow {
    /// Place and room in every language.
    pub fn place_words(&self) -> Text {
        let mut words = self.place.clone();
        if !self.room.is_empty() {
            for one in [&mut words.kk, &mut words.ru, &mut words.en] {
                if !one.is_empty() {
                    one.push_str(", ");
                    one.push_str(&self.room);
                }
            }
        }
        words
    }

    /// Place and room in words.
    pub fn where_it_is(&self, lang: domain::shared::lang::Lang) -> String {
        let place = self.place.get(lang);
        if self.room.is_empty() { place.to_owned() } else { format!("{place}, {}", self.room) }
    }
}

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
    all_in_use(cx.ports, &wanted.exam).await?;
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
