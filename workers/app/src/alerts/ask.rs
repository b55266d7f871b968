//! Asking for an alert, and confirming the address by code or link.

use domain::{
    account::contact::Contact,
    job::Express,
    notice::api::Period,
    notice::policy::policy,
    shared::{
        locale::{ALERTS, ERRORS},
        refusal::{Kind, Refusal},
    },
    sql,
};
use serde::Deserialize;

use super::{Step, Stored, by_confirm, list_link, masked, search_of, value, words};
use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::{CourierError, Limit, Ports, read},
    save::{Change, refused, save},
    secret::{digest, token},
    web::{
        address::{is_switch, switched},
        page::render,
    },
};

async fn asking<'a>(cx: &Cx<'a>, query: &str) -> Result<Step<'a>, Error> {
    let mut step = Step::new(cx, "/alerts/new", "new.title");
    match search_of(cx.ports, cx.lang, query).await {
        Ok((query, name)) => {
            step.see = list_link(cx, &query);
            step.search = name;
            step.hidden = vec![("query", query)];
        }
        Err(Error::Refusal(_)) => {
            step.error = words(cx.lang, "error.search").to_owned();
            return Ok(step);
        }
        Err(fault) => return Err(fault),
    }
    step.action = step.page.link("/alerts/new");
    step.page.takes = cx.ports.config.hosts.is_empty();
    step.asks = "contact";
    step.period = "daily";
    step.buttons = vec![("new", words(cx.lang, "new.button"))];
    step.aside = words(cx.lang, "new.aside");
    Ok(step)
}

pub(super) async fn form(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    render(&asking(cx, &request.query).await?)
}

/// What was sent to an address and in all, for the limits.
#[derive(Deserialize, Default)]
struct Sent {
    day: i64,
    hour: i64,
    active: i64,
}

pub(super) async fn subscribe(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    if !cx.ports.limiter.allow(Limit::SignIn, &request.client).await {
        return Err(Refusal::new(Kind::TooMany, "too_many").into());
    }
    let fields = request.form()?;
    let typed = value(&fields, "contact").to_owned();
    let period = Period::parse(value(&fields, "period")).unwrap_or_default();
    let mut step = asking(cx, value(&fields, "query")).await?;
    if step.action.is_empty() {
        return Ok(render(&step)?.status(422));
    }
    step.contact.clone_from(&typed);
    step.period = period.code();
    if is_switch(&fields) {
        return Ok(switched(cx, render(&step)?));
    }
    let wrong = |mut step: Step<'_>, text: String, status: u16| {
        step.error = text;
        step.field = "contact";
        Ok(render(&step)?.status(status))
    };
    let contact = match Contact::parse(&typed) {
        Ok(contact) => contact,
        Err(error) => {
            let key = format!("field.{}", error.code());
            let text = ERRORS.find(cx.lang, &key).unwrap_or_default().to_owned();
            return wrong(step, text, 422);
        }
    };
    let rule = policy();
    let so_far: Sent = read(
        cx.ports.db,
        sql!(
            "SELECT count(*) FILTER (WHERE address = ?1 AND created_at > ?2) AS day,
               count(*) FILTER (WHERE created_at > ?3) AS hour,
               count(*) FILTER (WHERE address = ?1 AND state = 'active') AS active
             FROM subscription WHERE address = ?1 OR created_at > ?3",
            contact.value(),
            cx.ports.now.plus_seconds(-86_400),
            cx.ports.now.plus_seconds(-3600)
        ),
    )
    .await?
    .first()?
    .unwrap_or_default();
    let full = so_far.day >= rule.confirm_per_day || so_far.active >= rule.alerts_most;
    if full || so_far.hour >= rule.confirm_per_hour {
        return wrong(step, words(cx.lang, "error.many").to_owned(), 429);
    }
    let (secret, link) = (token(cx.ports), token(cx.ports));
    let code = six_digits(cx.ports);
    let query = step.hidden.first().map(|(_, query)| query.clone()).unwrap_or_default();
    let id = cx.ports.new_id();
    let row = sql!(
        "INSERT INTO subscription (id, channel, address, lang, query, name, period, state, code, confirm, confirm_until, secret, created_at, since)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'pending', ?8, ?9, ?10, ?11, ?12, ?12)",
        &id,
        contact.channel(),
        contact.value(),
        cx.lang.code(),
        &query,
        &step.search,
        period.code(),
        digest(&format!("{link}:{code}")),
        digest(&link),
        cx.ports.now.plus_seconds(rule.confirm_minutes * 60),
        &secret,
        cx.ports.now
    );
    let host = cx.ports.config.origin.split("://").nth(1).unwrap_or_default();
    let message = Express {
        key: id.clone(),
        channel: contact.channel().into(),
        address: contact.value().into(),
        lang: cx.lang.code().into(),
        event: "subscription.confirm".into(),
        args: vec![
            ("code".into(), code),
            ("minutes".into(), rule.confirm_minutes.to_string()),
            ("host".into(), host.to_owned()),
            (
                "confirm".into(),
                format!("{}/{}/alerts/confirm/{link}", cx.ports.config.origin, cx.lang.code()),
            ),
        ],
    };
    // The row first: what is in the message must lead somewhere. A message that does not go takes
    // it back, so that the next try is not counted.
    cx.ports.db.batch(vec![row]).await.map_err(refused)?;
    if let Err(error) = cx.ports.courier.express(&message).await {
        let forget = sql!("DELETE FROM subscription WHERE id = ?1 AND state = 'pending'", &id);
        cx.ports.db.batch(vec![forget]).await.map_err(refused)?;
        let (key, status) = match error {
            CourierError::Address => ("error.address", 422),
            CourierError::Down => ("error.down", 503),
        };
        return wrong(step, words(cx.lang, key).to_owned(), status);
    }
    render(&code_step(cx, &link, &contact.masked(), &step.search))
}

fn six_digits(ports: &Ports<'_>) -> String {
    let mut bytes = [0; 8];
    (ports.random)(&mut bytes);
    // 2^64 is so much larger than a million that no digit is likelier than another to matter.
    format!("{:06}", u64::from_be_bytes(bytes) % 1_000_000)
}

fn code_step<'a>(cx: &Cx<'a>, link: &str, to: &str, search: &str) -> Step<'a> {
    let mut step = Step::new(cx, "/alerts/new", "code.title");
    let minutes = policy().confirm_minutes.to_string();
    step.text = ALERTS.fill(cx.lang, "code.text", &[("to", to), ("minutes", &minutes)]);
    step.search = search.to_owned();
    step.action = step.page.link("/alerts/code");
    step.hidden = vec![("token", link.to_owned())];
    step.asks = "code";
    step.buttons = vec![("code", words(cx.lang, "code.button"))];
    step.dev = cx.ports.config.dev;
    step
}

pub(super) async fn enter_code(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    if !cx.ports.limiter.allow(Limit::SignIn, &request.client).await {
        return Err(Refusal::new(Kind::TooMany, "too_many").into());
    }
    let fields = request.form()?;
    let link = value(&fields, "token");
    let typed: String = value(&fields, "code").chars().filter(char::is_ascii_digit).collect();
    let found = by_confirm(cx.ports, link).await?;
    let found = found.filter(|row| row.tries < policy().confirm_tries && row.state != "stopped");
    let Some(row) = found else {
        let mut step = Step::new(cx, "/alerts/new", "code.title");
        step.error = words(cx.lang, "code.gone").to_owned();
        return Ok(render(&step)?.status(410));
    };
    // Every entry counts, before it is looked at.
    let count = sql!("UPDATE subscription SET tries = tries + 1 WHERE id = ?1", &row.id);
    cx.ports.db.batch(vec![count]).await.map_err(refused)?;
    if row.code.as_deref() != Some(digest(&format!("{link}:{typed}")).as_str()) {
        let mut step = code_step(cx, link, &masked(&row.address), &row.name);
        step.error = words(cx.lang, "code.wrong").to_owned();
        step.field = "code";
        return Ok(render(&step)?.status(422));
    }
    activate(cx, &row).await
}

/// Switches an alert on; the same search of the same address runs once.
async fn activate(cx: &Cx<'_>, row: &Stored) -> Result<Response, Error> {
    let next = policy().next_alert(cx.ports.now, row.period);
    let change = Change {
        statements: vec![
            sql!(
                "UPDATE subscription SET state = 'stopped', stopped_at = ?2, next_at = NULL
                 WHERE id <> ?1 AND state = 'active' AND (channel, address, query) = (SELECT channel, address, query FROM subscription WHERE id = ?1)",
                &row.id,
                cx.ports.now
            ),
            sql!(
                "UPDATE subscription SET state = 'active', confirmed_at = coalesce(confirmed_at, ?2), since = max(since, coalesce(stopped_at, since)),
                   stopped_at = NULL, code = NULL, next_at = ?3, version = version + 1 WHERE id = ?1",
                &row.id,
                cx.ports.now,
                next
            ),
        ],
        journal: vec![domain::journal::Entry::new("alert.confirm", "subscription", &row.id)],
        events: vec![],
    };
    let to = format!("/{}/alerts/my/{}?done=on", cx.lang.code(), row.secret);
    save(cx, None, change, Response::redirect(303, to)).await
}

/// Opening the link changes nothing: mailboxes open links by themselves. The button does.
pub(super) async fn show_confirm(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let secret = cx.param("secret").to_owned();
    let Some(row) = by_confirm(cx.ports, &secret).await? else {
        let mut step = Step::new(cx, "/alerts/new", "code.title");
        step.error = words(cx.lang, "code.gone").to_owned();
        return Ok(render(&step)?.status(410));
    };
    let mut step = Step::new(cx, &format!("/alerts/confirm/{secret}"), "code.title");
    step.text = ALERTS.fill(cx.lang, "confirm.text", &[("to", &masked(&row.address))]);
    step.search = row.name;
    step.action = step.page.link(&step.page.rest);
    step.buttons = vec![("confirm", words(cx.lang, "confirm.button"))];
    render(&step)
}

pub(super) async fn confirm(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    match by_confirm(cx.ports, cx.param("secret")).await? {
        Some(row) => activate(cx, &row).await,
        None => show_confirm(cx, request).await,
    }
}
