//! Having one's account deleted: asked for, called off within the grace, done by the sweep.

use domain::{
    journal::{Entry, Source},
    notice::{Arg, Event, Notice, args},
    profile::{
        api::{Deletion, RetentionClass},
        personal::erase,
        sql::deletion as deletion_sql,
    },
    shared::{
        locale::PROFILE,
        refusal::{Check, Kind, Refusal},
        time::Timestamp,
    },
};
use serde::Deserialize;
use serde_json::json;

use super::terms;
use crate::{
    cx::Cx,
    error::{Error, Fault},
    http::{Request, Response},
    notice::tell,
    ports::{DbError, Ports, Rows, read, read_all},
    route,
    routes::Route,
    save::{Change, Replay, once, save},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/my/deletion", SignedIn, Cabinet, show),
    route!(Post "/api/v1/cabinet/my/deletion", SignedIn, Cabinet, ask),
    route!(Delete "/api/v1/cabinet/my/deletion", SignedIn, Cabinet, call_off),
];

#[derive(Deserialize)]
struct Wish {
    asked_at: Timestamp,
    due_at: Timestamp,
}

#[derive(Deserialize)]
struct Obstacles {
    roles: i64,
    applications: i64,
}

impl Obstacles {
    fn any(&self) -> bool {
        self.roles > 0 || self.applications > 0
    }
}

async fn load(cx: &Cx<'_>) -> Result<Deletion, Error> {
    let actor = cx.actor()?;
    let reads = deletion_sql::facts(&actor.account, &actor.person, cx.ports.now);
    let rows = read_all(cx.ports.db, reads.into()).await?;
    let wish: Option<Wish> = rows.first().map(Rows::first).transpose()?.flatten();
    let found: Option<Obstacles> = rows.get(1).map(Rows::first).transpose()?.flatten();
    let found = found.ok_or_else(|| Fault::new("the obstacles of a deletion are missing"))?;
    let (lang, terms) = (cx.lang, terms()?);
    let mut obstacles = Vec::new();
    if found.roles > 0 {
        obstacles.push(PROFILE.get(lang, "obstacle.roles").to_owned());
    }
    if found.applications > 0 {
        let n = found.applications.to_string();
        obstacles.push(PROFILE.fill(lang, "obstacle.applications", &[("n", &n)]));
    }
    let classes = terms
        .classes
        .iter()
        .map(|class| RetentionClass {
            code: class.code.clone(),
            what: class.what.get(lang).to_owned(),
            keep_months: class.keep_months,
            basis: class.basis.get(lang).to_owned(),
        })
        .collect();
    Ok(Deletion {
        asked_at: wish.as_ref().map(|wish| wish.asked_at),
        due_at: wish.as_ref().map(|wish| wish.due_at),
        grace_days: terms.grace_days.value,
        obstacles,
        classes,
    })
}

async fn show(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    Ok(Response::json(&load(cx).await?)?)
}

#[derive(Deserialize)]
struct Confirm {
    confirm: bool,
}

async fn ask(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let input: Confirm = request.json()?;
    if !input.confirm {
        let mut wrong = Check::default();
        wrong.wrong("confirm", "required");
        return Err(Refusal::fields(wrong.0).into());
    }
    let mut deletion = load(cx).await?;
    if let Some(why) = deletion.obstacles.first() {
        return Err(Refusal::new(Kind::Conflict, "deletion_obstacle").with("why", why).into());
    }
    if deletion.asked_at.is_some() {
        return Ok(Response::json(&deletion)?);
    }
    let (now, account) = (cx.ports.now, cx.actor()?.account.clone());
    let due = now.plus_seconds(deletion.grace_days * 86_400);
    (deletion.asked_at, deletion.due_at) = (Some(now), Some(due));
    let mut change = Change {
        statements: vec![deletion_sql::ask(&account, now, due)],
        journal: vec![
            Entry::new("account.ask_deletion", "account", &account).after(json!({ "due_at": due })),
        ],
        events: vec![],
    };
    let notice = Notice {
        account: account.clone(),
        event: Event::AccountDeletionAsked,
        object: ("account", account),
        key: cx.ports.new_id(),
        args: args([("day", Arg::Day(due.day()))]),
    };
    tell(cx.ports, &mut change, &notice);
    save(cx, Some(once), change, Response::json(&deletion)?.status(201)).await
}

async fn call_off(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let mut deletion = load(cx).await?;
    if deletion.asked_at.is_none() {
        return Err(Refusal::new(Kind::Conflict, "deletion_none").into());
    }
    (deletion.asked_at, deletion.due_at) = (None, None);
    let account = cx.actor()?.account.clone();
    let change = Change {
        statements: deletion_sql::call_off(&account),
        journal: vec![Entry::new("account.call_off_deletion", "account", &account)],
        events: vec![],
    };
    save(cx, Some(once), change, Response::json(&deletion)?).await
}

/// Accounts deleted in one sweep.
const BATCH: u32 = 10;

#[derive(Deserialize)]
struct Due {
    account: String,
    person: String,
}

/// Deletes the accounts whose grace is over. One that something stands in the way of (a role, an
/// application sent meanwhile) waits a day more.
pub async fn sweep(ports: &Ports<'_>) -> Result<(), Fault> {
    let now = ports.now;
    let due: Vec<Due> = read(ports.db, deletion_sql::due(now, BATCH)).await?.all()?;
    for Due { account, person } in due {
        let reads = deletion_sql::facts(&account, &person, now);
        let rows = read_all(ports.db, reads.into()).await?;
        let found: Option<Obstacles> = rows.get(1).map(Rows::first).transpose()?.flatten();
        if found.is_some_and(|found| found.any()) {
            let later = deletion_sql::postpone(&account, now.plus_seconds(86_400));
            ports
                .db
                .batch(vec![later])
                .await
                .map_err(|e| Fault::new(format!("deletion: {e:?}")))?;
            continue;
        }
        let mut batch = vec![deletion_sql::demand(&account, &person, now)];
        batch.extend(erase(&person, &account, now));
        // The act of deletion: numbers only.
        let act = Entry::new("account.delete", "account", &account)
            .after(json!({ "person": person, "rules": "retention/2026-01-01" }));
        batch.push(act.statement(&Source::default(), now));
        match ports.db.batch(batch).await {
            // Called off in this moment: nothing was deleted.
            Ok(_) | Err(DbError::Check(_)) => {}
            Err(error) => return Err(Fault::new(format!("deletion: {error:?}"))),
        }
    }
    Ok(())
}
