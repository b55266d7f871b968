//! The person who is signed in: roles, sessions, signing out.

use chrono::NaiveDate;
use domain::{
    account::{
        api::{Me, MyRole, SessionRow},
        permission::Permission,
        role::{Role, Scope},
        sql::{revoke_session, sessions},
    },
    journal::Entry,
    shared::{lang::Text, refusal::Refusal, time::Timestamp},
    sql,
    vacancy::api::OrganisationRef,
};
use serde::Deserialize;

use crate::{
    cx::Cx,
    error::Error,
    facts::{CalendarEnd, calendar_end, ends_soon},
    http::{Request, Response},
    ports::{read, read_all},
    route,
    routes::Route,
    save::{Change, save},
    session::cookie,
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/me", SignedIn, Cabinet, me),
    route!(Get "/api/v1/cabinet/sessions", SignedIn, Cabinet, list_sessions),
    route!(Delete "/api/v1/cabinet/sessions/{id}", SignedIn, Cabinet, end_session),
    route!(Post "/api/v1/cabinet/sign-out", SignedIn, Cabinet, sign_out),
];

#[derive(Deserialize)]
struct NameRow {
    id: String,
    kk: String,
    ru: String,
    en: String,
    slug: String,
}

impl NameRow {
    fn name(&self) -> Text {
        Text { kk: self.kk.clone(), ru: self.ru.clone(), en: self.en.clone() }
    }
}

/// Organisations that a person may work for: the whole reach of some permissions, by name.
/// `all_levels` adds departments and the ministry.
pub async fn organisations(
    cx: &Cx<'_>,
    permissions: &[Permission],
    all_levels: bool,
    limit: u32,
) -> Result<Vec<OrganisationRef>, Error> {
    let actor = cx.actor()?;
    let mut reach: Vec<(&str, Scope)> =
        permissions.iter().flat_map(|permission| actor.reach(*permission)).collect();
    // The system administrator opens accounts in the whole tree below the own organisation.
    let admin = actor.grants.iter().filter(|grant| all_levels && grant.role == Role::SysAdmin);
    reach.extend(admin.map(|grant| (grant.path.as_str(), Scope::Subtree)));
    let level = if all_levels { "" } else { "AND level = 'organisation'" };
    let mut statements = Vec::new();
    for (path, scope) in reach {
        let until = match scope {
            Scope::Own => path.to_owned(),
            Scope::Subtree => format!("{path}\u{10FFFF}"),
        };
        statements.push(sql!(
            format!(
                "SELECT id, name_kk AS kk, name_ru AS ru, name_en AS en, slug FROM organisation
                 WHERE path >= ?1 AND path <= ?2 AND status = 'active' {level}
                 ORDER BY path LIMIT ?3"
            ),
            path,
            until,
            limit
        ));
    }
    let mut found: Vec<OrganisationRef> = Vec::new();
    if !statements.is_empty() {
        for rows in read_all(cx.ports.db, statements).await? {
            for row in rows.all::<NameRow>()? {
                if !found.iter().any(|have| have.id == row.id) {
                    found.push(OrganisationRef { name: row.name(), id: row.id, slug: row.slug });
                }
            }
        }
    }
    found.sort_by_cached_key(|one| domain::shared::alphabet::sort_key(one.name.get(cx.lang)));
    found.truncate(limit as usize);
    Ok(found)
}

async fn me(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Login {
        login: String,
    }
    let actor = cx.actor()?;
    let ids: Vec<&str> = actor.grants.iter().map(|grant| grant.organisation.as_str()).collect();
    let rows = read_all(
        cx.ports.db,
        vec![
            sql!("SELECT login FROM account WHERE id = ?1", &actor.account),
            sql!(
                "SELECT id, name_kk AS kk, name_ru AS ru, name_en AS en, slug FROM organisation
                 WHERE id IN (SELECT value FROM json_each(?1))",
                serde_json::json!(ids).to_string()
            ),
        ],
    )
    .await?;
    let login = rows.first().map(|rows| rows.first::<Login>()).transpose()?.flatten();
    let names: Vec<NameRow> = rows.get(1).map(|rows| rows.all()).transpose()?.unwrap_or_default();
    let roles = actor
        .grants
        .iter()
        .map(|grant| MyRole {
            grant: grant.clone(),
            name: names
                .iter()
                .find(|row| row.id == grant.organisation)
                .map(NameRow::name)
                .unwrap_or_default(),
        })
        .collect();
    let permissions = Permission::ALL.iter().copied().filter(|p| actor.may_somewhere(*p)).collect();
    let answer = Me {
        name: actor.name.clone(),
        login: login.map(|row| row.login).unwrap_or_default(),
        roles,
        permissions,
        organisations: organisations(cx, &[Permission::VacancyEdit], false, 200).await?,
        now: cx.ports.now,
        calendar_until: calendar_until(cx).await?,
    };
    Ok(Response::json(&answer)?)
}

/// The end of the calendars, for those who load or order the next one, when it is near.
async fn calendar_until(cx: &Cx<'_>) -> Result<Option<NaiveDate>, Error> {
    let actor = cx.actor()?;
    let sees = [Permission::DirectoryEdit, Permission::AccountManage];
    if !sees.iter().any(|permission| actor.may_somewhere(*permission)) {
        return Ok(None);
    }
    let end = calendar_end(cx.ports.now.day());
    let until: Option<CalendarEnd> = read(cx.ports.db, end).await?.first()?;
    let until = until.and_then(CalendarEnd::day);
    Ok(until.filter(|until| ends_soon(cx.ports.now.day(), *until)))
}

#[derive(Deserialize)]
struct Stored {
    id: String,
    created_at: Timestamp,
    seen_at: Timestamp,
    device: String,
}

async fn list_sessions(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let actor = cx.actor()?;
    let rows: Vec<Stored> =
        read(cx.ports.db, sessions(&actor.account, cx.ports.now)).await?.all()?;
    let answer: Vec<SessionRow> = rows
        .into_iter()
        .map(|row| SessionRow {
            current: row.id == actor.session,
            id: row.id,
            created_at: row.created_at,
            seen_at: row.seen_at,
            device: row.device,
        })
        .collect();
    Ok(Response::json(&answer)?)
}

async fn end(cx: &Cx<'_>, id: &str, action: &str) -> Result<Response, Error> {
    let actor = cx.actor()?;
    let change = Change {
        statements: vec![revoke_session(id, &actor.account, cx.ports.now)],
        journal: vec![Entry::new(action, "session", id)],
        events: vec![],
    };
    save(cx, None, change, Response::empty()).await
}

async fn end_session(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let id = cx.param("id");
    if !domain::shared::id::is_ulid(id) {
        return Err(Refusal::not_found().into());
    }
    end(cx, id, "session.revoke").await
}

async fn sign_out(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let session = cx.actor()?.session.clone();
    let response = end(cx, &session, "session.sign_out").await?;
    // The browser forgets what it kept of the cabinet.
    Ok(response
        .header("set-cookie", cookie(""))
        .header("clear-site-data", "\"cache\", \"storage\""))
}
