//! Consents: read, given, withdrawn; and their registry for the data officer.

use chrono::Months;
use domain::{
    consent::{
        api::{Consents, Give, Given, Purpose},
        sql as consent_sql,
        text::{Wording, current, purposes},
    },
    journal::Entry,
    shared::{
        refusal::{Check, Kind, Refusal},
        time::Timestamp,
    },
};
use serde::Deserialize;
use serde_json::json;

use super::id;
use crate::{
    cx::Cx,
    error::{Error, Fault},
    http::{Request, Response},
    ports::read,
    route,
    routes::Route,
    save::{Change, Replay, once, save},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/my/consents", SignedIn, Cabinet, list),
    route!(Post "/api/v1/cabinet/my/consents", SignedIn, Cabinet, give),
    route!(Delete "/api/v1/cabinet/my/consents/{id}", SignedIn, Cabinet, withdraw),
    route!(Get "/api/v1/cabinet/consents.csv", May(ConsentRead), Cabinet, registry),
];

/// Rows of the registry in one answer.
const REGISTRY: u32 = 5000;

async fn load(cx: &Cx<'_>) -> Result<Consents, Error> {
    let history: Vec<Given> =
        read(cx.ports.db, consent_sql::history(&cx.actor()?.person)).await?.all()?;
    let living = |purpose: &str, oldest: &str| {
        history.iter().find(|given| {
            given.purpose == purpose
                && given.withdrawn_at.is_none()
                && given.until > cx.ports.now
                && given.version.as_str() >= oldest
        })
    };
    let purposes = purposes()
        .into_iter()
        .filter_map(current)
        .map(|wording| Purpose {
            given: living(&wording.text.purpose, &wording.oldest_valid).cloned(),
            required_for: wording.required_for.clone(),
            text: wording.text.clone(),
        })
        .collect();
    Ok(Consents { purposes, history })
}

/// Until when a consent of this moment holds.
pub(crate) fn until(wording: &Wording, now: Timestamp) -> Result<Timestamp, Fault> {
    now.day()
        .checked_add_months(Months::new(wording.text.months))
        .map(|day| Timestamp::from_local(day, now.local().time()))
        .ok_or_else(|| Fault::new("a consent without an end"))
}

async fn list(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    Ok(Response::json(&load(cx).await?)?)
}

async fn give(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let input: Give = request.json()?;
    let Some(wording) = current(&input.purpose) else {
        let mut wrong = Check::default();
        wrong.wrong("purpose", "unknown");
        return Err(Refusal::fields(wrong.0).into());
    };
    if input.version != wording.text.version {
        return Err(Refusal::new(Kind::Conflict, "consent_version").into());
    }
    let now = cx.ports.now;
    let until = until(wording, now)?;
    let person = cx.actor()?.person.clone();
    let given = Given {
        id: cx.ports.new_id(),
        purpose: wording.text.purpose.clone(),
        version: wording.text.version.clone(),
        given_at: now,
        channel: "sign_in".into(),
        until,
        withdrawn_at: None,
    };
    let digest = wording.digest(cx.lang);
    let change = Change {
        statements: consent_sql::give(
            &given.id,
            &person,
            wording,
            &digest,
            cx.lang.code(),
            &given.channel,
            until,
            now,
        ),
        journal: vec![
            Entry::new("consent.give", "person", &person)
                .after(json!({ "purpose": given.purpose, "version": given.version })),
        ],
        events: vec![],
    };
    save(cx, Some(once), change, Response::json(&given)?.status(201)).await
}

async fn withdraw(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let id = id(cx, "id")?;
    let person = cx.actor()?.person.clone();
    let consents = load(cx).await?;
    let given =
        consents.history.into_iter().find(|given| given.id == id).ok_or_else(Refusal::not_found)?;
    if given.withdrawn_at.is_some() {
        // Withdrawn is withdrawn: once more changes nothing.
        return Ok(Response::json(&given)?);
    }
    let now = cx.ports.now;
    let after = Given { withdrawn_at: Some(now), ..given };
    let change = Change {
        statements: consent_sql::withdraw(id, &person, now),
        journal: vec![
            Entry::new("consent.withdraw", "person", &person)
                .after(json!({ "purpose": after.purpose, "version": after.version })),
        ],
        events: vec![],
    };
    save(cx, Some(once), change, Response::json(&after)?).await
}

#[derive(Deserialize)]
struct Row {
    id: String,
    person: String,
    purpose: String,
    version: String,
    digest: String,
    lang: String,
    channel: String,
    given_at: String,
    until: String,
    withdrawn_at: Option<String>,
}

/// The registry as CSV: numbers and codes of ours only, so that no cell can be a formula. The last
/// identifier is the `after` of the next part.
async fn registry(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let after = request.query_pairs().into_iter().find(|(name, _)| name == "after");
    let after = after.map(|(_, value)| value).unwrap_or_default();
    let rows: Vec<Row> = read(cx.ports.db, consent_sql::registry(&after, REGISTRY)).await?.all()?;
    let mut out = String::from(
        "id,person,purpose,version,sha256,language,channel,given_at,until,withdrawn_at\r\n",
    );
    for row in &rows {
        let cells = [
            &row.id,
            &row.person,
            &row.purpose,
            &row.version,
            &row.digest,
            &row.lang,
            &row.channel,
            &row.given_at,
            &row.until,
        ]
        .map(String::as_str);
        let withdrawn = row.withdrawn_at.as_deref().unwrap_or_default();
        out += &format!("{},{withdrawn}\r\n", cells.join(","));
    }
    let change = Change {
        journal: vec![
            Entry::new("consent.export", "consent", "registry")
                .after(json!({ "rows": rows.len() })),
        ],
        ..Change::default()
    };
    let response = Response::new(200, "text/csv; charset=utf-8", out)
        .header("content-disposition", "attachment; filename=\"consents.csv\"");
    save(cx, None, change, response).await
}
