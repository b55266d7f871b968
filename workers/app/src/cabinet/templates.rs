//! Templates of announcements: a school's own starting points.

use domain::{
    account::permission::Permission,
    journal::Entry,
    shared::{
        clean::clean,
        id::is_ulid,
        refusal::{Check, Refusal},
        row,
    },
    sql,
    vacancy::{
        api::{Template, TemplateCreate},
        content::check_draft,
        model::Content,
    },
};
use serde::Deserialize;

use crate::{
    cx::Cx,
    error::Error,
    facts,
    http::{Request, Response},
    ports::read,
    route,
    routes::Route,
    save::{Change, Replay, once, save},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/templates", May(VacancyEdit), Cabinet, list),
    route!(Post "/api/v1/cabinet/templates", May(VacancyEdit), Cabinet, create),
    route!(Delete "/api/v1/cabinet/templates/{id}", May(VacancyEdit), Cabinet, close),
];

#[derive(Deserialize)]
struct Stored {
    id: String,
    name: String,
    organisation: String,
    path: String,
    #[serde(deserialize_with = "row::json")]
    content: Content,
}

async fn one(cx: &Cx<'_>, id: &str) -> Result<Stored, Error> {
    let found: Option<Stored> = read(
        cx.ports.db,
        sql!(
            "SELECT t.id, t.name, t.organisation, t.content, o.path FROM vacancy_template t
             JOIN organisation o ON o.id = t.organisation WHERE t.id = ?1 AND t.closed_at IS NULL",
            id
        ),
    )
    .await?
    .first()?;
    let found = found.ok_or_else(Refusal::not_found)?;
    cx.actor()?.check(Permission::VacancyEdit, &found.path)?;
    Ok(found)
}

/// The announcement of a template that the person may use.
pub async fn content(cx: &Cx<'_>, id: &str) -> Result<Content, Error> {
    Ok(one(cx, id).await?.content)
}

async fn list(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let organisations =
        super::me::organisations(cx, &[Permission::VacancyEdit], false, 200).await?;
    let ids: Vec<&str> = organisations.iter().map(|one| one.id.as_str()).collect();
    let rows: Vec<Stored> = read(
        cx.ports.db,
        sql!(
            "SELECT t.id, t.name, t.organisation, t.content, o.path FROM vacancy_template t
             JOIN organisation o ON o.id = t.organisation
             WHERE t.closed_at IS NULL AND t.organisation IN (SELECT value FROM json_each(?1))
             ORDER BY t.name LIMIT 200",
            serde_json::json!(ids).to_string()
        ),
    )
    .await?
    .all()?;
    let answer: Vec<Template> = rows
        .into_iter()
        .map(|row| Template {
            id: row.id,
            name: row.name,
            organisation: row.organisation,
            content: row.content,
        })
        .collect();
    Ok(Response::json(&answer)?)
}

async fn create(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let input: TemplateCreate = request.json()?;
    let place = super::organisations::place(cx, &input.organisation).await?;
    cx.actor()?.check(Permission::VacancyEdit, &place.path)?;
    let mut wrong = Check::default();
    let name = clean(&input.name, false);
    if name.is_empty() {
        wrong.wrong("name", "required");
    } else if name.chars().count() > 120 {
        wrong.wrong_with("name", "too_long", "max", 120);
    }
    wrong.done()?;
    let (book, _, _) = facts::load(cx.ports, vec![]).await?;
    check_draft(&input.content, &*book)?;
    let template = Template {
        id: cx.ports.new_id(),
        name,
        organisation: input.organisation,
        content: Content { accept_to: None, ..input.content }.tidy(&*book),
    };
    let change = Change {
        statements: vec![sql!(
            "INSERT INTO vacancy_template (id, organisation, name, content, created_by, changed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            &template.id,
            &template.organisation,
            &template.name,
            serde_json::to_string(&template.content).unwrap_or_default(),
            &cx.actor()?.account,
            cx.ports.now
        )],
        journal: vec![Entry::new("template.create", "template", &template.id).of(&place.id)],
        events: vec![],
    };
    save(cx, Some(once), change, Response::json(&template)?.status(201)).await
}

async fn close(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let id = cx.param("id");
    if !is_ulid(id) {
        return Err(Refusal::not_found().into());
    }
    let found = one(cx, id).await?;
    let change = Change {
        statements: vec![sql!(
            "UPDATE vacancy_template SET closed_at = ?2 WHERE id = ?1",
            id,
            cx.ports.now
        )],
        journal: vec![Entry::new("template.close", "template", id).of(&found.organisation)],
        events: vec![],
    };
    save(cx, None, change, Response::empty()).await
}
