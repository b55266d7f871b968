//! A session as those see it who run it or watch it: who sits where, and what came out once nobody
//! can appeal any more. How far each has come while it runs is told by the worker of tests.

use domain::{
    account::permission::Permission,
    exam::{blueprint::Blueprint, score::Report},
    shared::{alphabet::sort_key, refusal::Refusal, row, time::Timestamp},
    sql,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    id,
    sessions::{Sight, load, rules, sight},
};
use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::{read, read_all},
    route,
    routes::Route,
};

/// Routes of this feature.
pub const ROUTES: &[Route] =
    &[route!(Get "/api/v1/cabinet/exam-sessions/{id}", SignedIn, Cabinet, one)];

#[derive(Deserialize)]
struct SeatRow {
    id: String,
    candidate: String,
    attempt: i64,
    name: String,
    lang: String,
    seat: String,
    extra_minutes: i64,
    sign: i64,
    claimed: Option<String>,
    state: String,
    started_at: Option<Timestamp>,
    deadline: Option<i64>,
    finished_at: Option<Timestamp>,
    points: Option<i64>,
    most: Option<i64>,
    reached: Option<String>,
    #[serde(default, deserialize_with = "row::json_option")]
    report: Option<Report>,
    appeals: i64,
    certificate: Option<String>,
}

impl SeatRow {
    /// The person is the first to know; others after the window of appeals.
    fn settled(&self, window: i64, now: Timestamp) -> bool {
        self.finished_at.is_some_and(|at| at.plus_seconds(window * 60) < now)
    }

    fn view(&self, settled: bool) -> Value {
        let mut value = json!({
            "id": self.id, "candidate": self.candidate, "attempt": self.attempt, "name": self.name,
            "lang": self.lang, "seat": self.seat, "extra_minutes": self.extra_minutes,
            "sign": self.sign != 0,
            "claimed": self.claimed, "state": self.state, "started_at": self.started_at,
            "deadline": self.deadline, "finished_at": self.finished_at, "points": null, "most": null,
            "reached": null, "parts": [], "appeals": self.appeals, "certificate": null,
        });
        if settled {
            value["points"] = json!(self.points);
            value["most"] = json!(self.most);
            value["reached"] = json!(self.reached);
            value["certificate"] = json!(self.certificate);
            let sections = self.report.iter().flat_map(|report| &report.sections);
            let parts = sections.map(|sum| json!({ "points": sum.points, "most": sum.most }));
            value["parts"] = parts.collect();
        }
        value
    }
}

const SEATS: &str = "SELECT a.id, a.candidate, a.attempt, trim(p.surname || ' ' || p.name || ' ' || p.patronymic) AS name, \
  a.lang, a.seat, a.extra_minutes, a.sign, a.claimed, a.state, a.started_at, a.deadline, a.finished_at, \
  a.points, a.most, a.reached, a.report, \
  (SELECT count(*) FROM exam_appeal x WHERE x.attempt = a.id AND x.ruling IS NULL) AS appeals, \
  (SELECT c.code FROM exam_certificate c WHERE c.attempt = a.id AND c.version = a.scoring) AS certificate \
  FROM exam_attempt a JOIN person p ON p.id = a.person WHERE a.session = ?1 ORDER BY name, a.id LIMIT 1000";

async fn one(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Form {
        #[serde(deserialize_with = "row::json")]
        blueprint: Blueprint,
    }
    let session = load(cx.ports, id(cx, "id")?).await?;
    let sight = sight(cx, &session.path).ok_or_else(Refusal::not_found)?;
    let window = i64::from(rules(&session.edition)?.appeal.window_minutes.value);
    let form: Option<Form> =
        read(cx.ports.db, sql!("SELECT blueprint FROM exam WHERE id = ?1", &session.exam))
            .await?
            .first()?;
    let mut seats: Vec<SeatRow> = read_all(cx.ports.db, vec![sql!(SEATS, &session.id)])
        .await?
        .first()
        .map(crate::ports::Rows::all)
        .transpose()?
        .unwrap_or_default();
    // The database has no collation of the Kazakh alphabet: ә stands after а, қ after к.
    seats.sort_by_cached_key(|seat| sort_key(&seat.name));
    let now = cx.ports.now;
    let shown: Vec<Value> = seats
        .iter()
        .filter(|seat| sight == Sight::Room || (seat.settled(window, now) && seat.points.is_some()))
        .map(|seat| seat.view(seat.settled(window, now)))
        .collect();
    let sections = form.iter().flat_map(|form| &form.blueprint.sections);
    let actor = cx.actor()?;
    let mut answer = json!(session);
    answer["seats"] = json!(shown);
    answer["sections"] = sections.map(|section| json!(section.title)).collect();
    answer["tasks"] = json!(form.map_or(0, |form| form.blueprint.tasks()));
    answer["window_minutes"] = json!(window);
    answer["may_manage"] = json!(actor.may(Permission::TestManage, &session.path));
    answer["may_watch"] = json!(actor.may(Permission::TestWatch, &session.path));
    answer["exam_address"] = json!(cx.ports.config.exam_origin);
    Ok(Response::json(&answer)?)
}
