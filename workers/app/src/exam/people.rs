//! Who is to sit: put down as a list, the whole of it or nobody; by IIN, or by an application that was
//! admitted.

use domain::{
    account::permission::Permission,
    exam::rules::Edition,
    journal::Entry,
    shared::{
        lang::Lang,
        refusal::{Check, Refusal},
        statement::{Param, Statement, guard},
    },
    sql,
    vacancy::sql::reach_sql,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    forms::load as load_exam,
    id, random32,
    sessions::{SessionRow, load, rules},
    told::listed,
};
use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::{Ports, read},
    route,
    routes::Route,
    save::{Change, Event, Replay, once, save},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Post "/api/v1/cabinet/exam-sessions/{id}/candidates", May(TestManage), Cabinet, put_down),
];

/// Most candidates of a session, and of one request.
const ROOM_MOST: usize = 200;

/// Somebody who is to sit.
#[derive(Deserialize)]
struct Sitter {
    #[serde(default)]
    iin: String,
    /// An admitted application instead of the IIN.
    #[serde(default)]
    application: Option<String>,
    lang: Lang,
    #[serde(default)]
    claimed: Option<String>,
    #[serde(default)]
    special_needs: bool,
    /// The person asked for tasks in sign language.
    #[serde(default)]
    sign: bool,
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
    application: Option<String>,
    here: i64,
    sat: i64,
    before: i64,
}

impl Known {
    fn is(&self, one: &Sitter) -> bool {
        match &one.application {
            Some(_) => self.application == one.application,
            None => self.application.is_none() && self.iin == one.iin,
        }
    }
}

/// Who is known under which number or application, whether already in this exam, how often this year.
async fn known(cx: &Cx<'_>, session: &SessionRow, list: &[Sitter]) -> Result<Vec<Known>, Error> {
    let numbers: Vec<&str> = list.iter().map(|one| one.iin.as_str()).collect();
    let applications: Vec<&str> =
        list.iter().filter_map(|one| one.application.as_deref()).collect();
    let mut params: Vec<Param> = vec![
        json!(numbers).to_string().into(),
        session.id.as_str().into(),
        session.starts_at.day().format("%Y").to_string().into(),
        session.exam.as_str().into(),
        json!(applications).to_string().into(),
    ];
    let reach = cx.actor()?.reach(Permission::TestManage);
    let reached = reach_sql(&reach, &mut params);
    let sql = format!(
        "SELECT w.id, w.iin, w.application,
           EXISTS (SELECT 1 FROM exam_attempt a WHERE a.person = w.id AND a.session = ?2) AS here,
           (SELECT count(*) FROM exam_attempt a JOIN exam e ON e.id = a.exam JOIN exam_session s ON s.id = a.session
            WHERE a.person = w.id AND e.purpose = 'attestation' AND substr(s.starts_at, 1, 4) = ?3) AS sat,
           (SELECT count(*) FROM exam_attempt a WHERE a.person = w.id AND a.exam = ?4) AS before
         FROM (SELECT p.id, p.iin, NULL AS application FROM person p
                 WHERE p.iin IN (SELECT value FROM json_each(?1))
               UNION ALL
               SELECT n.person, '', n.id FROM application n JOIN organisation o ON o.id = n.organisation
                 WHERE n.state = 'admitted' AND n.id IN (SELECT value FROM json_each(?5)) AND {reached}) w"
    );
    Ok(read(cx.ports.db, Statement { sql: sql.into(), params }).await?.all()?)
}

/// Twelve digits. Whether there is such a number is said by who is known under it.
fn is_iin_like(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
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
        let of = |one: &Sitter| known.iter().find(|person| person.is(one));
        let named = field(if one.application.is_some() { "application" } else { "iin" });
        let person = of(one);
        let before = |person: &Known| {
            list[..n].iter().any(|other| of(other).is_some_and(|other| other.id == person.id))
        };
        match person {
            None if one.application.is_some() => wrong.wrong(named, "not_admitted"),
            None if !is_iin_like(&one.iin) => wrong.wrong(named, "iin"),
            None => wrong.wrong(named, "unknown_person"),
            Some(person) if person.here != 0 || before(person) => wrong.wrong(named, "seated"),
            Some(person) if session.purpose == "attestation" && person.sat >= i64::from(most) => {
                wrong.wrong_with(named, "attempts_used", "max", most);
            }
            Some(_) => {}
        }
        if !edition.languages.value.iter().any(|lang| lang == one.lang.code()) {
            wrong.wrong(field("lang"), "unknown");
        }
        let of_group = edition.group(group);
        let claimed = one.claimed.as_deref();
        if claimed.is_some_and(|code| of_group.is_none_or(|group| group.threshold(code).is_none()))
        {
            let known = of_group.map_or_else(Vec::new, |group| {
                group.thresholds.iter().map(|one| one.category.as_str()).collect()
            });
            wrong.wrong_with(field("claimed"), "category", "codes", known.join(", "));
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
    let mut wanted: Sitters = request.json()?;
    let exam = load_exam(cx, &session.exam).await?;
    let edition = rules(&session.edition)?;
    let known = known(cx, &session, &wanted.candidates).await?;
    // Whoever is here already through an application stays as they are: asking again changes nothing.
    let asked = wanted.candidates.len();
    wanted.candidates.retain(|one| {
        one.application.is_none() || !known.iter().any(|who| who.is(one) && who.here != 0)
    });
    let already = asked - wanted.candidates.len();
    if already > 0 && wanted.candidates.is_empty() {
        return Ok(Response::json(&json!({ "candidates": [], "already": already }))?);
    }
    checked_sitters(edition, &exam.group_code, &session, &wanted.candidates, &known)?;
    let mut rows = Vec::new();
    for one in &wanted.candidates {
        let Some(person) = known.iter().find(|person| person.is(one)) else { continue };
        rows.push(json!({
            "id": cx.ports.new_id(), "person": person.id, "candidate": number(cx.ports),
            "attempt": person.before + 1, "lang": one.lang.code(), "seat": one.seat.trim(),
            "extra": if one.special_needs { edition.extra_minutes.value } else { 0 },
            "claimed": one.claimed, "sign": i64::from(one.sign), "application": one.application,
        }));
    }
    let put: Vec<Value> = rows
        .iter()
        .map(|row| json!({ "id": row["id"], "candidate": row["candidate"], "application": row["application"] }))
        .collect();
    let persons: Vec<&Value> = rows.iter().map(|row| &row["person"]).collect();
    let (told, key) = listed(cx.ports, &session, &rows);
    let change = Change {
        statements: vec![
            domain::exam::sql::is(&session.exam, "published"),
            // Somebody else may put the same people down in this moment.
            guard(
                "state",
                "SELECT NOT EXISTS (SELECT 1 FROM exam_attempt WHERE session = ?1 AND person IN (SELECT value FROM json_each(?2)))",
                vec![session.id.as_str().into(), json!(persons).to_string().into()],
            ),
            // Nobody holds a token before the link is asked for: no text has this digest.
            sql!(
                "INSERT INTO exam_attempt (id, exam, session, person, candidate, attempt, lang, seat, extra_minutes, claimed, sign, application, token)
                 SELECT value ->> '$.id', ?2, ?3, value ->> '$.person', value ->> '$.candidate', value ->> '$.attempt',
                   value ->> '$.lang', value ->> '$.seat', value ->> '$.extra', value ->> '$.claimed',
                   value ->> '$.sign', value ->> '$.application', '-'
                 FROM json_each(?1)",
                json!(rows).to_string(),
                &session.exam,
                &session.id
            ),
            told,
        ],
        journal: vec![
            Entry::new("exam_session.put_down", "exam_session", &session.id)
                .of(&session.organisation)
                .after(json!({ "attempts": put })),
        ],
        events: vec![Event { topic: "notice.created", key }],
    };
    let said = json!({ "candidates": put, "already": already });
    save(cx, Some(once), change, Response::json(&said)?.status(201)).await
}
