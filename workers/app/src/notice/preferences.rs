//! How a person wants to be told: channels by group, quiet hours, one letter a day, browsers that
//! get pushes.

use std::collections::BTreeMap;

use data_encoding::BASE64URL_NOPAD;
use domain::{
    account::device::describe,
    journal::Entry,
    notice::{
        Channel,
        api::{GroupPreference, Preferences, PushDevice, PushInput, PushKey},
        plan::wants,
        policy::policy,
    },
    shared::{
        id::is_ulid,
        lang::Lang,
        refusal::{Check, Refusal},
        row,
        time::Timestamp,
    },
    sql,
};
use serde::Deserialize;
use serde_json::json;

use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::{Rows, read, read_all},
    route,
    routes::Route,
    save::{Change, Replay, once, save},
    secret::token,
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/my/preferences", SignedIn, Cabinet, show),
    route!(Put "/api/v1/cabinet/my/preferences", SignedIn, Cabinet, change),
    route!(Get "/api/v1/cabinet/my/push", SignedIn, Cabinet, key),
    route!(Post "/api/v1/cabinet/my/push", SignedIn, Cabinet, subscribe),
    route!(Delete "/api/v1/cabinet/my/push/{id}", SignedIn, Cabinet, unsubscribe),
];

/// Groups that a person may choose channels for; `digest` and `alert` have settings of their own.
const GROUPS: [&str; 5] = ["application", "reminder", "account", "ticket", "work"];
/// Browsers of one person.
const DEVICES: i64 = 10;

#[derive(Deserialize)]
struct Stored {
    lang: String,
    has_phone: i64,
    has_email: i64,
    #[serde(deserialize_with = "row::json")]
    groups: BTreeMap<String, Vec<Channel>>,
    #[serde(deserialize_with = "row::flag")]
    quiet: bool,
    #[serde(deserialize_with = "row::flag")]
    digest: bool,
    #[serde(deserialize_with = "row::flag")]
    latin: bool,
}

#[derive(Deserialize)]
struct Device {
    id: String,
    device: String,
    created_at: Timestamp,
}

async fn load(cx: &Cx<'_>) -> Result<Preferences, Error> {
    let actor = cx.actor()?;
    let rows = read_all(
        cx.ports.db,
        vec![
            sql!(
                "SELECT p.lang,
                   p.phone <> '' OR EXISTS (SELECT 1 FROM contact c WHERE c.account = a.id AND c.kind = 'phone') AS has_phone,
                   p.email <> '' OR EXISTS (SELECT 1 FROM contact c WHERE c.account = a.id AND c.kind = 'email') AS has_email,
                   coalesce(f.groups, '{}') AS groups, coalesce(f.quiet, 1) AS quiet,
                   coalesce(f.digest, 0) AS digest, coalesce(f.latin, 0) AS latin
                 FROM account a JOIN person p ON p.id = a.person LEFT JOIN preference f ON f.account = a.id
                 WHERE a.id = ?1",
                &actor.account
            ),
            sql!(
                "SELECT id, device, created_at FROM push_subscription WHERE account = ?1 ORDER BY id",
                &actor.account
            ),
        ],
    )
    .await?;
    let stored: Option<Stored> = rows.first().map(Rows::first).transpose()?.flatten();
    let stored = stored.ok_or_else(Refusal::not_found)?;
    let devices: Vec<Device> = rows.get(1).map(Rows::all).transpose()?.unwrap_or_default();
    let groups = GROUPS
        .iter()
        // What concerns work reaches those who have it.
        .filter(|group| **group != "work" || !actor.grants.is_empty())
        .map(|group| {
            let wants = |channel| wants(policy(), &stored.groups, group, channel);
            GroupPreference {
                group: (*group).to_owned(),
                sms: wants(Channel::Sms),
                email: wants(Channel::Email),
                push: wants(Channel::Push),
            }
        })
        .collect();
    Ok(Preferences {
        lang: Lang::parse(&stored.lang).unwrap_or_default(),
        groups,
        quiet: stored.quiet,
        digest: stored.digest,
        latin: stored.latin,
        has_email: stored.has_email != 0,
        has_phone: stored.has_phone != 0,
        devices: devices
            .into_iter()
            .map(|one| PushDevice { id: one.id, device: one.device, created_at: one.created_at })
            .collect(),
    })
}

async fn show(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    Ok(Response::json(&load(cx).await?)?)
}

async fn change(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let input: Preferences = request.json()?;
    let before = load(cx).await?;
    let mut check = Check::default();
    let mut groups: BTreeMap<&str, Vec<Channel>> = BTreeMap::new();
    for one in &input.groups {
        match GROUPS.iter().find(|group| **group == one.group) {
            None => check.wrong("groups", "unknown"),
            Some(group) => {
                let chosen = [
                    (Channel::Sms, one.sms),
                    (Channel::Email, one.email),
                    (Channel::Push, one.push),
                ];
                let chosen = chosen.into_iter().filter(|(_, yes)| *yes).map(|(channel, _)| channel);
                groups.insert(group, chosen.collect());
            }
        }
    }
    check.done()?;
    let actor = cx.actor()?;
    let said = |one: &Preferences| json!({ "lang": one.lang, "groups": one.groups, "quiet": one.quiet, "digest": one.digest, "latin": one.latin });
    let change = Change {
        statements: vec![
            sql!("UPDATE person SET lang = ?2 WHERE id = ?1", &actor.person, input.lang.code()),
            sql!(
                "INSERT INTO preference (account, groups, quiet, digest, latin, stop) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (account) DO UPDATE SET groups = ?2, quiet = ?3, digest = ?4, latin = ?5",
                &actor.account,
                json!(groups).to_string(),
                input.quiet,
                input.digest,
                input.latin,
                token(cx.ports)
            ),
        ],
        journal: vec![
            Entry::new("preference.change", "account", &actor.account)
                .before(said(&before))
                .after(said(&input)),
        ],
        events: vec![],
    };
    let now = Preferences {
        devices: before.devices,
        has_email: before.has_email,
        has_phone: before.has_phone,
        ..input
    };
    save(cx, Some(once), change, Response::json(&now)?).await
}

async fn key(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    Ok(Response::json(&PushKey { key: cx.ports.config.push_key.clone() })?)
}

/// Push services that browsers use. A message goes only there: an address that a page made up
/// would turn our worker into somebody's tool.
const SERVICES: [&str; 6] = [
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "push.services.mozilla.com",
    "web.push.apple.com",
    "notify.windows.com",
    "push.yandex.ru",
];

fn is_service(config: &crate::ports::Config, endpoint: &str) -> bool {
    // The stand-in of development listens on the loopback interface.
    if config.dev && endpoint.starts_with("http://127.0.0.1:") {
        return true;
    }
    let Some(rest) = endpoint.strip_prefix("https://") else { return false };
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    !host.contains('@')
        && SERVICES.iter().any(|own| {
            host == *own || host.strip_suffix(own).is_some_and(|head| head.ends_with('.'))
        })
}

async fn subscribe(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let input: PushInput = request.json()?;
    let mut check = Check::default();
    let bytes = |text: &str| BASE64URL_NOPAD.decode(text.trim_end_matches('=').as_bytes()).ok();
    if input.endpoint.len() > 1000 || !is_service(cx.ports.config, &input.endpoint) {
        check.wrong("endpoint", "format");
    }
    if !bytes(&input.keys.p256dh).is_some_and(|key| key.len() == 65 && key.first() == Some(&4)) {
        check.wrong("keys.p256dh", "format");
    }
    if bytes(&input.keys.auth).is_none_or(|secret| secret.len() != 16) {
        check.wrong("keys.auth", "format");
    }
    check.done()?;
    let actor = cx.actor()?;
    #[derive(Deserialize)]
    struct Have {
        id: String,
    }
    let have: Vec<Have> = read(
        cx.ports.db,
        sql!("SELECT id FROM push_subscription WHERE account = ?1 ORDER BY id", &actor.account),
    )
    .await?
    .all()?;
    let device = describe(request.header("user-agent").unwrap_or_default());
    let made =
        PushDevice { id: cx.ports.new_id(), device: device.to_string(), created_at: cx.ports.now };
    let mut statements =
        vec![sql!("DELETE FROM push_subscription WHERE endpoint = ?1", &input.endpoint)];
    // The oldest browser makes room: people do not tidy such lists up.
    if have.len() as i64 >= DEVICES
        && let Some(oldest) = have.first()
    {
        statements.push(sql!("DELETE FROM push_subscription WHERE id = ?1", &oldest.id));
    }
    statements.push(sql!(
        "INSERT INTO push_subscription (id, account, endpoint, p256dh, auth, device, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        &made.id,
        &actor.account,
        &input.endpoint,
        input.keys.p256dh.trim_end_matches('='),
        input.keys.auth.trim_end_matches('='),
        &made.device,
        made.created_at
    ));
    let change = Change {
        statements,
        journal: vec![Entry::new("push.subscribe", "account", &actor.account)],
        events: vec![],
    };
    save(cx, Some(once), change, Response::json(&made)?.status(201)).await
}

async fn unsubscribe(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let id = cx.param("id");
    if !is_ulid(id) {
        return Err(Refusal::not_found().into());
    }
    let actor = cx.actor()?;
    let change = Change {
        statements: vec![sql!(
            "DELETE FROM push_subscription WHERE id = ?1 AND account = ?2",
            id,
            &actor.account
        )],
        journal: vec![Entry::new("push.unsubscribe", "account", &actor.account)],
        events: vec![],
    };
    save(cx, None, change, Response::empty()).await
}
