//! Accounts and roles: opening, inviting, granting, ending. Separation of duties is decided in
//! `domain::account::grant`.

use domain::{
    account::{
        actor::{Actor, Grant},
        api::{AccountCreate, AccountRow, AssignmentRow, Invitation, RoleCreate},
        grant,
        permission::Permission,
        role::{Role, Scope},
        sign_in::{is_login, policy},
        sql::revoke_sessions,
    },
    journal::Entry,
    shared::{
        id::is_ulid,
        iin::Iin,
        lang::Text,
        refusal::{Check, Refusal},
        row,
        statement::Statement,
    },
    sql,
};
use serde::Deserialize;
use serde_json::json;

use super::organisations::place;
use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::{Ports, read},
    route,
    routes::Route,
    save::{Change, Replay, once, save},
    secret::{digest, token},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/accounts", May(AccountRead), Cabinet, list),
    route!(Post "/api/v1/cabinet/accounts", May(AccountManage), Cabinet, create),
    route!(Post "/api/v1/cabinet/accounts/{id}/roles", May(AccountManage), Cabinet, grant_role),
    route!(Post "/api/v1/cabinet/accounts/{id}/invitation", May(AccountManage), Cabinet, invite),
    route!(Delete "/api/v1/cabinet/roles/{id}", May(AccountManage), Cabinet, end_role),
];

#[derive(Deserialize)]
struct Stored {
    id: String,
    name: String,
    login: String,
    status: String,
    #[serde(deserialize_with = "row::json")]
    roles: Vec<StoredRole>,
}

#[derive(Deserialize)]
struct StoredRole {
    id: String,
    #[serde(flatten)]
    grant: Grant,
    kk: String,
    ru: String,
    en: String,
    from_day: chrono::NaiveDate,
    to_day: Option<chrono::NaiveDate>,
}

const ROLES: &str = "(SELECT json_group_array(json_object('id', r.id, 'role', r.role,
    'organisation', r.organisation, 'path', o.path, 'scope', r.scope, 'kk', o.name_kk,
    'ru', o.name_ru, 'en', o.name_en, 'from_day', r.from_day, 'to_day', r.to_day))
  FROM role_assignment r JOIN organisation o ON o.id = r.organisation WHERE r.account = a.id) AS roles";

/// Who reaches an organisation for managing accounts.
fn manages(actor: &Actor, path: &str) -> bool {
    actor.may(Permission::AccountManage, path)
        // The system administrator belongs to the ministry's root and opens accounts everywhere.
        || actor.grants.iter().any(|held| held.role == Role::SysAdmin && path.starts_with(&held.path))
}

fn sees(actor: &Actor, path: &str) -> bool {
    actor.may(Permission::AccountRead, path) || manages(actor, path)
}

async fn list(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let rows: Vec<Stored> = read(
        cx.ports.db,
        sql!(format!(
            "SELECT a.id, p.surname || ' ' || p.name AS name, a.login, a.status, {ROLES}
             FROM account a JOIN person p ON p.id = a.person ORDER BY a.login LIMIT 2000"
        )),
    )
    .await?
    .all()?;
    let actor = cx.actor()?;
    let answer: Vec<AccountRow> = rows
        .into_iter()
        .filter(|row| row.roles.iter().any(|role| sees(actor, &role.grant.path)))
        .map(|row| AccountRow {
            id: row.id,
            name: row.name,
            login: row.login,
            status: row.status,
            roles: row
                .roles
                .into_iter()
                .filter(|role| sees(actor, &role.grant.path))
                // Ended on the day it was given, it was never in force for a day: the journal
                // tells of both.
                .filter(|role| role.to_day.is_none_or(|to| to >= role.from_day))
                .map(|role| AssignmentRow {
                    id: role.id,
                    grant: role.grant,
                    name: Text { kk: role.kk, ru: role.ru, en: role.en },
                    from_day: role.from_day,
                    to_day: role.to_day,
                })
                .collect(),
        })
        .collect();
    Ok(Response::json(&answer)?)
}

/// A new activation secret: the statement that stores it and the link that carries it.
fn invitation(cx: &Cx<'_>, account: &str) -> (Statement, String) {
    let secret = token(cx.ports);
    let until = cx.ports.now.plus_seconds(policy().activation_days * 86_400);
    let statement = sql!(
        "UPDATE account SET activation = ?2, activation_until = ?3, password = '', totp = '',
           status = 'invited', failures = 0, failed_at = NULL WHERE id = ?1 AND status <> 'blocked'",
        account,
        digest(&secret),
        until
    );
    let origin = &cx.ports.config.origin;
    (statement, format!("{origin}/{}/activate/{secret}", cx.lang.code()))
}

/// The role as it will be stored, checked against reach, dates and separation of duties.
async fn checked(
    cx: &Cx<'_>,
    account: &str,
    have: &[Grant],
    input: &RoleCreate,
) -> Result<(Grant, Statement), Error> {
    let place = place(cx, &input.organisation).await?;
    let actor = cx.actor()?;
    if !manages(actor, &place.path) {
        return Err(Refusal::not_found().into());
    }
    let new = Grant {
        role: input.role,
        organisation: place.id.clone(),
        path: place.path.clone(),
        scope: input.scope,
    };
    grant::check(&actor.account, account, have, &new)?;
    let from = input.from_day.unwrap_or(cx.ports.now.day());
    let mut wrong = Check::default();
    if input.to_day.is_some_and(|to| to < from) {
        wrong.wrong("to_day", "dates");
    }
    if input.order_no.chars().count() > 50 {
        wrong.wrong_with("order_no", "too_long", "max", 50);
    }
    wrong.done()?;
    let statement = sql!(
        "INSERT INTO role_assignment (id, account, role, organisation, scope, from_day, to_day, order_no, granted_by, granted_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        cx.ports.new_id(),
        account,
        input.role.code(),
        &place.id,
        if input.scope == Scope::Own { "own" } else { "subtree" },
        from,
        input.to_day,
        &input.order_no,
        &actor.account,
        cx.ports.now
    );
    Ok((new, statement))
}

async fn create(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let input: AccountCreate = request.json()?;
    let mut wrong = Check::default();
    if Iin::parse(&input.iin).is_err() {
        wrong.wrong("iin", "iin");
    }
    for (field, value, needed) in [
        ("surname", &input.surname, true),
        ("name", &input.name, true),
        ("patronymic", &input.patronymic, false),
    ] {
        if needed && value.trim().is_empty() {
            wrong.wrong(field, "required");
        } else if value.chars().count() > 100 {
            wrong.wrong_with(field, "too_long", "max", 100);
        }
    }
    if !is_login(&input.login) {
        wrong.wrong("login", "login");
    }
    wrong.done()?;
    let (person, account) = (cx.ports.new_id(), cx.ports.new_id());
    let (granted, role) = checked(cx, &account, &[], &input.role).await?;
    let (activation, link) = invitation(cx, &account);
    let change = Change {
        statements: vec![
            sql!(
                "INSERT INTO person (id, iin, surname, name, patronymic, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                &person,
                &input.iin,
                input.surname.trim(),
                input.name.trim(),
                input.patronymic.trim(),
                cx.ports.now
            ),
            sql!(
                "INSERT INTO account (id, person, login, created_at) VALUES (?1, ?2, ?3, ?4)",
                &account,
                &person,
                &input.login,
                cx.ports.now
            ),
            activation,
            role,
        ],
        journal: vec![
            Entry::new("account.create", "account", &account).of(&granted.organisation).after(
                json!({ "login": input.login, "role": granted.role, "scope": granted.scope }),
            ),
        ],
        events: vec![],
    };
    let answer = Invitation { account, link };
    save(cx, Some(once), change, Response::json(&answer)?.status(201)).await
}

/// The roles of an account that hold or will hold, if the person reaches one of them.
async fn reached(ports: &Ports<'_>, actor: &Actor, account: &str) -> Result<Vec<Grant>, Error> {
    #[derive(Deserialize)]
    struct Held {
        role: Role,
        organisation: String,
        path: String,
        scope: Scope,
    }
    if !is_ulid(account) {
        return Err(Refusal::not_found().into());
    }
    let held: Vec<Held> = read(
        ports.db,
        sql!(
            "SELECT r.role, r.organisation, o.path, r.scope FROM role_assignment r
             JOIN organisation o ON o.id = r.organisation
             WHERE r.account = ?1 AND (r.to_day IS NULL OR r.to_day >= ?2)",
            account,
            ports.now.day()
        ),
    )
    .await?
    .all()?;
    if !held.iter().any(|role| manages(actor, &role.path)) {
        return Err(Refusal::not_found().into());
    }
    Ok(held
        .into_iter()
        .map(|row| Grant {
            role: row.role,
            organisation: row.organisation,
            path: row.path,
            scope: row.scope,
        })
        .collect())
}

async fn grant_role(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let input: RoleCreate = request.json()?;
    let account = cx.param("id");
    let have = reached(cx.ports, cx.actor()?, account).await?;
    let (granted, statement) = checked(cx, account, &have, &input).await?;
    let change = Change {
        statements: vec![statement],
        journal: vec![
            Entry::new("account.grant", "account", account).of(&granted.organisation).after(
                json!({ "role": granted.role, "scope": granted.scope, "order": input.order_no }),
            ),
        ],
        events: vec![],
    };
    save(cx, Some(once), change, Response::json(&granted)?.status(201)).await
}

/// A new link: the old password and second factor stop working, open sessions end.
async fn invite(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let account = cx.param("id");
    let actor = cx.actor()?;
    reached(cx.ports, actor, account).await?;
    if actor.account == account {
        return Err(Refusal::new(domain::shared::refusal::Kind::Conflict, "grant_self").into());
    }
    let (activation, link) = invitation(cx, account);
    let change = Change {
        statements: vec![activation, revoke_sessions(account, cx.ports.now)],
        journal: vec![Entry::new("account.invite", "account", account)],
        events: vec![],
    };
    let answer = Invitation { account: account.to_owned(), link };
    save(cx, Some(once), change, Response::json(&answer)?).await
}

async fn end_role(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Found {
        account: String,
        organisation: String,
        path: String,
        role: Role,
    }
    let id = cx.param("id");
    if !is_ulid(id) {
        return Err(Refusal::not_found().into());
    }
    let found: Option<Found> = read(
        cx.ports.db,
        sql!(
            "SELECT r.account, r.organisation, o.path, r.role FROM role_assignment r
             JOIN organisation o ON o.id = r.organisation WHERE r.id = ?1",
            id
        ),
    )
    .await?
    .first()?;
    let found = found.ok_or_else(Refusal::not_found)?;
    if !manages(cx.actor()?, &found.path) {
        return Err(Refusal::not_found().into());
    }
    // The role ends now: yesterday is its last day. A role of the future never begins.
    let yesterday = cx.ports.now.plus_seconds(-86_400).day();
    let change = Change {
        statements: vec![sql!(
            "UPDATE role_assignment SET to_day = ?2 WHERE id = ?1 AND (to_day IS NULL OR to_day > ?2)",
            id,
            yesterday
        )],
        journal: vec![
            Entry::new("account.end_role", "account", &found.account)
                .of(&found.organisation)
                .before(json!({ "role": found.role })),
        ],
        events: vec![],
    };
    save(cx, None, change, Response::empty()).await
}
