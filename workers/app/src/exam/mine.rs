//! One's own tests: when and where, the link to the attempt, the result at once, the certificate.

use domain::{
    exam::{appeal::Decision, rules::edition, score::Report},
    journal::Entry,
    shared::{
        calendar::Calendar,
        lang::Text,
        refusal::{Kind, Refusal},
        row,
        time::Timestamp,
    },
    sql,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{appeals::last_day, certificate::issue, doors::new_link, id};
use crate::{
    cx::Cx,
    error::Error,
    facts::{calendar_days, calendar_of},
    http::{Request, Response},
    ports::read,
    route,
    routes::Route,
    save::{Change, save},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/my/exams", SignedIn, Cabinet, list),
    route!(Post "/api/v1/cabinet/my/exams/{id}/link", SignedIn, Cabinet, link),
    route!(Post "/api/v1/cabinet/my/exams/{id}/certificate", SignedIn, Cabinet, issue),
];

/// An attempt with all that its result is made of.
#[derive(Deserialize)]
pub(super) struct Mine {
    pub id: String,
    pub candidate: String,
    pub lang: String,
    pub seat: String,
    pub extra_minutes: i64,
    pub claimed: Option<String>,
    pub state: String,
    pub scoring: i64,
    pub finished_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "row::json_option")]
    pub report: Option<Report>,
    #[serde(deserialize_with = "row::json")]
    pub title: Text,
    pub edition: String,
    pub group_code: String,
    pub subject: String,
    #[serde(deserialize_with = "row::json")]
    pub blueprint: domain::exam::blueprint::Blueprint,
    pub minutes: i64,
    #[serde(deserialize_with = "row::json")]
    pub place: Text,
    pub room: String,
    pub starts_at: Timestamp,
    pub person_name: String,
    pub open_appeals: i64,
    pub code: Option<String>,
    #[serde(deserialize_with = "row::json")]
    appeals: Vec<Appealed>,
}

/// An appeal of one's own and what was decided on it.
#[derive(Deserialize)]
struct Appealed {
    n: i64,
    ground: String,
    at: Timestamp,
    decision: Option<Decision>,
    signed_at: Option<Timestamp>,
}

/// The attempts of a person, or one of them.
pub(super) const MINE: &str = "SELECT a.id, a.candidate, a.lang, a.seat, a.extra_minutes, a.claimed, a.state, a.scoring, \
  a.finished_at, a.report, e.title, e.edition, e.group_code, e.subject, e.blueprint, e.minutes, s.place, s.room, s.starts_at, \
  trim(p.surname || ' ' || p.name || ' ' || p.patronymic) AS person_name, \
  (SELECT count(*) FROM exam_appeal x WHERE x.attempt = a.id AND x.ruling IS NULL) AS open_appeals, \
  (SELECT c.code FROM exam_certificate c WHERE c.attempt = a.id AND c.version = a.scoring) AS code, \
  (SELECT json_group_array(json_object('n', x.n, 'ground', x.ground, 'at', x.at, 'decision', json(r.decision), \
     'signed_at', r.signed_at)) FROM exam_appeal x LEFT JOIN exam_ruling r ON r.id = x.ruling \
   WHERE x.attempt = a.id) AS appeals \
  FROM exam_attempt a JOIN exam e ON e.id = a.exam JOIN exam_session s ON s.id = a.session \
  JOIN person p ON p.id = a.person WHERE a.person = ?1";

impl Mine {
    /// Until when appeals are taken.
    pub(super) fn window(&self) -> Option<Timestamp> {
        let minutes = edition(&self.edition)?.appeal.window_minutes.value;
        self.finished_at.map(|at| at.plus_seconds(i64::from(minutes) * 60))
    }

    /// One's own appeals: by task, with the decision, or the last day for it.
    fn appealed(&self, days: &Calendar) -> Result<Vec<Value>, Error> {
        let of = |one: &Appealed| -> Result<Value, Error> {
            let due = match one.signed_at {
                Some(_) => None,
                None => last_day(days, &self.edition, one.at)?,
            };
            Ok(json!({ "task": one.n + 1, "ground": one.ground, "at": one.at, "due": due,
                       "decision": one.decision, "signed_at": one.signed_at }))
        };
        self.appeals.iter().map(of).collect()
    }

    fn view(&self, days: &Calendar) -> Result<Value, Error> {
        let result = self.report.as_ref().filter(|_| self.state == "scored").map(|report| {
            let parts =
                self.blueprint.sections.iter().zip(&report.sections).map(|(section, sum)| {
                    json!({ "title": section.title, "tasks": sum.tasks, "right": sum.right,
                        "points": sum.points, "most": sum.most })
                });
            json!({
                "points": report.total.points, "most": report.total.most,
                "percent": report.total.percent(), "reached": report.reached,
                "passed": report.passed, "parts": parts.collect::<Vec<_>>(),
            })
        });
        Ok(json!({
            "id": self.id, "candidate": self.candidate, "title": self.title, "lang": self.lang,
            "seat": self.seat, "room": self.room, "place": self.place, "starts_at": self.starts_at,
            "minutes": self.minutes + self.extra_minutes, "claimed": self.claimed,
            "state": self.state, "finished_at": self.finished_at, "result": result,
            "appeals_until": self.window(), "open_appeals": self.open_appeals,
            "certificate": self.code, "appeals": self.appealed(days)?,
        }))
    }
}

/// All tests of the person who is signed in, newest first.
pub(super) async fn list_of(cx: &Cx<'_>) -> Result<Vec<Mine>, Error> {
    let asked =
        sql!(format!("{MINE} ORDER BY s.starts_at DESC, a.id LIMIT 100"), &cx.actor()?.person);
    Ok(read(cx.ports.db, asked).await?.all()?)
}

async fn list(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let rows = list_of(cx).await?;
    let days = calendar_of(&read(cx.ports.db, calendar_days(cx.ports)).await?)?;
    let views: Result<Vec<Value>, Error> = rows.iter().map(|one| one.view(&days)).collect();
    Ok(Response::json(&views?)?)
}

/// The attempt of the address, if it is one's own.
pub(super) async fn own(cx: &Cx<'_>) -> Result<Mine, Error> {
    let asked = sql!(format!("{MINE} AND a.id = ?2"), &cx.actor()?.person, id(cx, "id")?);
    let found: Option<Mine> = read(cx.ports.db, asked).await?.first()?;
    Ok(found.ok_or_else(Refusal::not_found)?)
}

/// Makes a link to an attempt of one's own; the one before it ends.
pub(super) async fn link_of(cx: &Cx<'_>, own: &Mine) -> Result<String, Error> {
    if own.state == "annulled" {
        return Err(Refusal::new(Kind::Conflict, "state").into());
    }
    let (statement, link) = new_link(cx.ports, &own.id);
    let change = Change {
        statements: vec![statement],
        journal: vec![Entry::new("exam_attempt.link", "exam_attempt", &own.id)],
        events: vec![],
    };
    save(cx, None, change, Response::empty()).await?;
    Ok(link)
}

async fn link(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let link = link_of(cx, &own(cx).await?).await?;
    Ok(Response::json(&json!({ "link": link }))?)
}
