//! Changing and stopping an alert by the links in its messages.

use domain::{
    notice::api::Period,
    notice::policy::policy,
    shared::{lang::Lang, locale::ALERTS, refusal::Refusal},
    sql,
};

use super::{Step, Stored, by_secret, list_link, masked, value, words};
use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::Ports,
    save::{Change, save},
    web::page::render,
};

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

pub(super) async fn show(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
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

pub(super) async fn change(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
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
pub(super) fn set(
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
pub(super) async fn show_stop(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let row = by_secret(cx.ports, cx.param("secret")).await?;
    let lang = Lang::parse(&row.lang).unwrap_or_default();
    Ok(Response::redirect(303, format!("/{}/alerts/my/{}", lang.code(), row.secret)))
}

pub(super) async fn stop(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let row = by_secret(cx.ports, cx.param("secret")).await?;
    let change = Change {
        statements: vec![set(cx.ports, &row.id, row.period, "stopped")],
        journal: vec![domain::journal::Entry::new("alert.off", "subscription", &row.id)],
        events: vec![],
    };
    save(cx, None, change, Response::empty()).await
}
