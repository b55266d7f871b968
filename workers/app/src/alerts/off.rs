//! Letters of a group to an account are stopped by the link in their foot.

use domain::{
    notice::policy::policy,
    shared::{lang::Lang, refusal::Refusal},
    sql,
};
use serde::Deserialize;

use super::{Step, words};
use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::read,
    save::{Change, save},
    web::page::render,
};

/// Letters of a group to an account; `group` is one of the preferences, or `digest`.
pub(super) async fn show_off(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
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
        given: None,
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

pub(super) async fn off(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
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
