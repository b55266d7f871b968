//! Committing to a form, and telling the secret once nothing can change any more. Both are done by
//! the security officer: never by who wrote the form.

use domain::{
    exam::{
        rules::edition,
        seal::{open, seal},
        seed::{commitment, hex},
        sql,
    },
    journal::Entry,
    shared::{
        lang::Lang,
        refusal::{Kind, Refusal},
    },
};
use serde_json::json;

use super::{
    forms::{fit, load, pool, read_pool},
    id, key, random32,
};
use crate::{
    cabinet::my::if_match,
    cx::Cx,
    error::{Error, Fault},
    http::{Request, Response},
    route,
    routes::Route,
    save::{Change, Replay, once, save},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Post "/api/v1/cabinet/exams/{id}/publish", May(ItemGuard), Cabinet, publish),
    route!(Post "/api/v1/cabinet/exams/{id}/reveal", May(ItemGuard), Cabinet, reveal),
];

async fn publish(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let version = if_match(request)?;
    let row = load(cx, id(cx, "id")?).await?;
    let actor = cx.actor()?;
    if row.changed_by == actor.account {
        return Err(Refusal::new(Kind::Conflict, "own_form").into());
    }
    let secret = random32(cx.ports);
    let sealed = seal(&key(cx.ports)?, &row.id, 0, &secret)
        .ok_or_else(|| Fault::new("the secret cannot be sealed"))?;
    let committed = commitment(&secret);
    let mut statements = vec![sql::unchanged(&row.id, version), sql::is(&row.id, "draft")];
    let mut versions = json!({});
    for lang in [Lang::Kk, Lang::Ru] {
        let blob = pool(cx.ports, &row, lang).await?;
        let pool = read_pool(&blob)?;
        if !fit(&row.blueprint, &pool).fits {
            let refusal = Refusal::new(Kind::Conflict, "pool_short").with("lang", lang.code());
            return Err(refusal.into());
        }
        statements.push(sql::keep_pool(&row.id, lang, &pool.version, &hex(&blob)));
        versions[lang.code()] = json!(pool.version);
    }
    statements.push(sql::publish(&row.id, &committed, &hex(&sealed), &actor.account, cx.ports.now));
    let said = json!({ "commitment": committed, "pools": versions });
    let change = Change {
        statements,
        journal: vec![Entry::new("exam.publish", "exam", &row.id).after(said.clone())],
        events: vec![],
    };
    save(cx, Some(once), change, Response::json(&said)?).await
}

async fn reveal(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let row = load(cx, id(cx, "id")?).await?;
    let rules = edition(&row.edition).ok_or_else(|| Fault::new("the edition is gone"))?;
    let secret = unseal(cx, &row.id, &row.sealed)?;
    if commitment(&secret) != row.commitment {
        return Err(Fault::new("the secret is not the one that was committed to").into());
    }
    let change = Change {
        statements: vec![
            sql::is(&row.id, "closed"),
            sql::settled(&row.id, rules.appeal.window_minutes.value, cx.ports.now),
            sql::reveal(&row.id, &hex(&secret), cx.ports.now),
        ],
        journal: vec![Entry::new("exam.reveal", "exam", &row.id)],
        events: vec![],
    };
    save(cx, Some(once), change, Response::empty()).await
}

fn unseal(cx: &Cx<'_>, exam: &str, sealed: &str) -> Result<[u8; 32], Error> {
    // Nothing was committed to: there is nothing to tell.
    if sealed.is_empty() {
        return Err(Refusal::new(Kind::Conflict, "state").into());
    }
    let bytes = data_encoding::HEXLOWER
        .decode(sealed.as_bytes())
        .map_err(|_| Fault::new("a sealed secret is hexadecimal"))?;
    let secret =
        open(&key(cx.ports)?, exam, 0, &bytes).and_then(|secret| <[u8; 32]>::try_from(secret).ok());
    Ok(secret.ok_or_else(|| Fault::new("the secret does not open"))?)
}
