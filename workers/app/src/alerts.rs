//! Alerts about new vacancies: a search, an address, how often. No account is needed; the address
//! is confirmed by a code or a link. Every message has a link to change and one to stop.
//!
//! Nothing of what a visitor typed is in the message that confirms an address: nobody can make us
//! write to somebody else in his words.

use askama::Template;
use domain::{
    account::contact::Contact,
    job::Express,
    notice::{api::Period, policy::policy},
    search::query::Query,
    shared::{
        lang::Lang,
        locale::{ALERTS, ERRORS},
        refusal::{Kind, Refusal},
    },
    sql,
};
use serde::Deserialize;

use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response, pairs},
    ports::{CourierError, Limit, Ports, read},
    route,
    routes::Route,
    save::{Change, refused, save},
    search,
    secret::{digest, token},
    web::page::{Page, render},
};

pub mod digest;
pub mod mine;
mod nudge;

pub use nudge::remind;

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/{lang}/alerts/new", Public, Page, form),
    route!(Post "/{lang}/alerts/new", Public, Page, subscribe),
    route!(Post "/{lang}/alerts/code", Public, Page, enter_code),
    route!(Get "/{lang}/alerts/confirm/{secret}", Public, Page, show_confirm),
    route!(Post "/{lang}/alerts/confirm/{secret}", Public, Page, confirm),
    route!(Get "/{lang}/alerts/my/{secret}", Public, Page, show),
    route!(Post "/{lang}/alerts/my/{secret}", Public, Page, change),
    route!(Get "/stop/{secret}", Public, Page, show_stop),
    route!(Post "/stop/{secret}", Public, Page, stop),
    route!(Get "/off/{group}/{secret}", Public, Page, show_off),
    route!(Post "/off/{group}/{secret}", Public, Page, off),
];

/// Addresses that a mailbox posts to by itself (RFC 8058): no page of ours stands behind the
/// request, the secret in the address is all there is.
pub const ONE_CLICK: [&str; 2] = ["/stop/{secret}", "/off/{group}/{secret}"];

/// The page of every step; what is empty is not shown.
#[derive(Template)]
#[template(path = "alerts.html")]
struct Step<'a> {
    page: Page<'a>,
    error: String,
    field: &'static str,
    notice: String,
    text: String,
    search: String,
    see: String,
    action: String,
    hidden: Vec<(&'static str, String)>,
    asks: &'static str,
    contact: String,
    period: &'static str,
    buttons: Vec<(&'static str, &'static str)>,
    aside: &'static str,
    dev: bool,
}

impl<'a> Step<'a> {
    fn new(cx: &Cx<'a>, rest: &str, title: &'static str) -> Step<'a> {
        let page =
            Page::new(cx.ports.config, cx.lang, rest).titled(words(cx.lang, title), "").bare();
        Step {
            page,
            error: String::new(),
            field: "",
            notice: String::new(),
            text: String::new(),
            search: String::new(),
            see: String::new(),
            action: String::new(),
            hidden: Vec::new(),
            asks: "",
            contact: String::new(),
            period: "",
            buttons: Vec::new(),
            aside: "",
            dev: false,
        }
    }

    fn w(&self, key: &'static str) -> &'static str {
        words(self.page.lang, key)
    }
}

fn words(lang: Lang, key: &'static str) -> &'static str {
    ALERTS.get(lang, key)
}

/// An alert, as its pages know it.
#[derive(Debug, Clone, Deserialize)]
struct Stored {
    id: String,
    address: String,
    lang: String,
    query: String,
    name: String,
    period: Period,
    state: String,
    secret: String,
    code: Option<String>,
    tries: i64,
}

const COLUMNS: &str =
    "SELECT id, address, lang, query, name, period, state, secret, code, tries FROM subscription";

async fn by_secret(ports: &Ports<'_>, secret: &str) -> Result<Stored, Error> {
    let found: Option<Stored> =
        read(ports.db, sql!(format!("{COLUMNS} WHERE secret = ?1"), secret)).await?.first()?;
    found.ok_or_else(|| Refusal::not_found().into())
}

async fn by_confirm(ports: &Ports<'_>, secret: &str) -> Result<Option<Stored>, Error> {
    let statement = sql!(
        format!("{COLUMNS} WHERE confirm = ?1 AND confirm_until > ?2"),
        digest(secret),
        ports.now
    );
    Ok(read(ports.db, statement).await?.first()?)
}

fn value<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|(have, _)| have == name).map_or("", |(_, value)| value.trim())
}

fn masked(address: &str) -> String {
    Contact::parse(address).map(|contact| contact.masked()).unwrap_or_default()
}

/// The search of a query string, in its stable order and in words.
pub(crate) async fn search_of(
    ports: &Ports<'_>,
    lang: Lang,
    text: &str,
) -> Result<(String, String), Error> {
    let mut query = Query::parse(&pairs(text))?;
    query.cursor = None;
    query.sort = domain::search::query::Sort::default();
    let found = search::find(ports, lang, &query).await?;
    let labels: Vec<String> = found.chips.into_iter().map(|chip| chip.label).collect();
    let name = match labels.is_empty() {
        true => words(lang, "new.everything").to_owned(),
        false => labels.join(", "),
    };
    Ok((query.to_query_string(), name))
}

fn list_link(cx: &Cx<'_>, query: &str) -> String {
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/{}/vacancies{mark}{query}", cx.lang.code())
}

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
    step.asks = "contact";
    step.period = "daily";
    step.buttons = vec![("new", words(cx.lang, "new.button"))];
    step.aside = words(cx.lang, "new.aside");
    Ok(step)
}

async fn form(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    render(&asking(cx, &request.query).await?)
}

/// What was sent to an address and in all, for the limits.
#[derive(Deserialize, Default)]
struct Sent {
    day: i64,
    hour: i64,
    active: i64,
}

async fn subscribe(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
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

async fn enter_code(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
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
async fn show_confirm(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
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

async fn confirm(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    match by_confirm(cx.ports, cx.param("secret")).await? {
        Some(row) => activate(cx, &row).await,
        None => show_confirm(cx, request).await,
    }
}

fn managing<'a>(cx: &Cx<'a>, row: &Stored) -> Step<'a> {
    let mut step = Step::new(cx, &format!("/alerts/my/{}", row.secret), "my.title");
    let on = row.state == "active";
    let to = masked(&row.address);
    step.text = match on {
        true => ALERTS.fill(cx.lang, "my.on", &[("to", &to)]),
        false => words(cx.lang, "my.off").to_owned(),
    };
    step.search.clone_from(&row.name);
    step.see = list_link(cx, &row.query);
    step.action = step.page.link(&step.page.rest);
    step.period = row.period.code();
    step.buttons = match on {
        true => vec![("save", words(cx.lang, "my.save")), ("stop", words(cx.lang, "my.stop"))],
        false => vec![("resume", words(cx.lang, "my.resume"))],
    };
    step
}

async fn show(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let row = by_secret(cx.ports, cx.param("secret")).await?;
    if row.state == "pending" {
        return Err(Refusal::not_found().into());
    }
    let mut step = managing(cx, &row);
    let query = request.query_pairs();
    step.notice = match value(&query, "done") {
        "on" if row.state == "active" => words(cx.lang, "done.on").to_owned(),
        "saved" => words(cx.lang, "done.saved").to_owned(),
        "off" if row.state == "stopped" => words(cx.lang, "done.off").to_owned(),
        _ => String::new(),
    };
    render(&step)
}

async fn change(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let row = by_secret(cx.ports, cx.param("secret")).await?;
    let fields = request.form()?;
    let period = Period::parse(value(&fields, "period")).unwrap_or(row.period);
    let (state, done) = match value(&fields, "do") {
        "stop" => ("stopped", "off"),
        "resume" => ("active", "on"),
        _ => (if row.state == "active" { "active" } else { "stopped" }, "saved"),
    };
    if row.state == "pending" {
        return Err(Refusal::not_found().into());
    }
    let statements = vec![set(cx.ports, &row.id, period, state)];
    let change = Change {
        statements,
        journal: vec![domain::journal::Entry::new(
            format!("alert.{done}"),
            "subscription",
            &row.id,
        )],
        events: vec![],
    };
    let to = format!("/{}/alerts/my/{}?done={done}", cx.lang.code(), row.secret);
    save(cx, None, change, Response::redirect(303, to)).await
}

/// Sets period and state; what was published while it stood still is not told afterwards.
fn set(
    ports: &Ports<'_>,
    id: &str,
    period: Period,
    state: &str,
) -> domain::shared::statement::Statement {
    let next = (state == "active").then(|| policy().next_alert(ports.now, period));
    sql!(
        "UPDATE OR IGNORE subscription SET period = ?2, state = ?3, next_at = ?4, version = version + 1,
           since = CASE WHEN state = 'stopped' AND ?3 = 'active' THEN ?5 ELSE since END,
           stopped_at = CASE WHEN ?3 = 'stopped' THEN coalesce(stopped_at, ?5) ELSE NULL END
         WHERE id = ?1 AND state <> 'pending'",
        id,
        period.code(),
        state,
        next,
        ports.now
    )
}

/// The link in the foot of a message: a page with one button, because links are opened by
/// machines, too.
async fn show_stop(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let row = by_secret(cx.ports, cx.param("secret")).await?;
    let lang = Lang::parse(&row.lang).unwrap_or_default();
    Ok(Response::redirect(303, format!("/{}/alerts/my/{}", lang.code(), row.secret)))
}

async fn stop(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let row = by_secret(cx.ports, cx.param("secret")).await?;
    let change = Change {
        statements: vec![set(cx.ports, &row.id, row.period, "stopped")],
        journal: vec![domain::journal::Entry::new("alert.off", "subscription", &row.id)],
        events: vec![],
    };
    save(cx, None, change, Response::empty()).await
}

/// Letters of a group to an account; `group` is one of the preferences, or `digest`.
async fn show_off(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Found {
        lang: String,
    }
    let found: Option<Found> = read(
        cx.ports.db,
        sql!(
            "SELECT p.lang FROM preference f JOIN account a ON a.id = f.account JOIN person p ON p.id = a.person WHERE f.stop = ?1",
            cx.param("secret")
        ),
    )
    .await?
    .first()?;
    let found = found.ok_or_else(Refusal::not_found)?;
    let own = Cx {
        ports: cx.ports,
        lang: Lang::parse(&found.lang).unwrap_or_default(),
        actor: None,
        params: Vec::new(),
        request_id: cx.request_id.clone(),
    };
    let mut step = Step::new(&own, "", "off.title");
    step.text = words(own.lang, "off.text").to_owned();
    step.action = format!(
        "/off/{}/{}",
        crate::http::encode(cx.param("group")),
        crate::http::encode(cx.param("secret"))
    );
    step.buttons = vec![("off", words(own.lang, "my.stop"))];
    render(&step)
}

async fn off(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let group = cx.param("group");
    let known = group == "digest" || policy().channels.contains_key(group);
    #[derive(Deserialize)]
    struct Found {
        account: String,
    }
    let find = sql!("SELECT account FROM preference WHERE stop = ?1", cx.param("secret"));
    let found: Option<Found> = read(cx.ports.db, find).await?.first()?;
    let found = found.filter(|_| known).ok_or_else(Refusal::not_found)?;
    let without: Vec<&str> = policy()
        .channels
        .get(group)
        .map(|usual| {
            usual.iter().map(|channel| channel.code()).filter(|code| *code != "email").collect()
        })
        .unwrap_or_default();
    let statement = match group {
        // The letter of the day goes, and with it all that it tells.
        "digest" => sql!(
            "UPDATE preference SET digest = 0, groups = json_patch(groups, ?2) WHERE stop = ?1",
            cx.param("secret"),
            serde_json::json!({ "application": ["sms", "push"], "reminder": ["push"], "work": ["push"], "ticket": ["push"], "account": ["push"] }).to_string()
        ),
        _ => sql!(
            "UPDATE preference SET groups = json_set(groups, '$.' || ?2, CASE WHEN json_extract(groups, '$.' || ?2) IS NULL THEN json(?3)
               ELSE (SELECT json_group_array(value) FROM json_each(groups, '$.' || ?2) WHERE value <> 'email') END) WHERE stop = ?1",
            cx.param("secret"),
            group,
            serde_json::json!(without).to_string()
        ),
    };
    let change = Change {
        statements: vec![statement],
        journal: vec![
            domain::journal::Entry::new("preference.off", "account", &found.account)
                .after(serde_json::json!({ "group": group })),
        ],
        events: vec![],
    };
    // A mailbox wants a status, a person a page.
    let by_hand = request.header("sec-fetch-site").is_some() || request.header("origin").is_some();
    let answer = if by_hand {
        let mut step = Step::new(cx, "", "off.title");
        step.notice = words(cx.lang, "done.off").to_owned();
        render(&step)?
    } else {
        Response::empty()
    };
    save(cx, None, change, answer).await
}
