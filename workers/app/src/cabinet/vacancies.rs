//! Vacancies in the cabinet: what all their handlers share. A file per handler below.

mod command;
mod create;
mod insight;
mod list;
mod passing;

use std::rc::Rc;

use domain::{
    account::permission::Permission,
    directory::Book,
    rule::{Edition, edition, edition_for},
    shared::{
        calendar::Calendar,
        lang::Text,
        refusal::{Kind, Refusal},
    },
    vacancy::{
        api::{CabinetVacancy, OrganisationRef, Twin},
        content::Directories,
        rules::{Facts, commands, state_at},
        sql::{self as vacancy_sql, Row},
    },
};

pub use create::{new_draft, take_numbers};
pub use passing::pass_time;

use crate::{
    cx::Cx,
    error::{Error, Fault},
    facts,
    http::{Request, Response},
    ports::Ports,
    route,
    routes::Route,
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/vacancies", May(VacancyRead), Cabinet, list::list),
    route!(Post "/api/v1/cabinet/vacancies", May(VacancyEdit), Cabinet, create::create),
    route!(Get "/api/v1/cabinet/vacancies/{id}", May(VacancyRead), Cabinet, show),
    route!(Post "/api/v1/cabinet/vacancies/{id}/commands", May(VacancyEdit), Cabinet, command::command),
    route!(Get "/api/v1/cabinet/vacancies/{id}/check", May(VacancyRead), Cabinet, insight::check_page),
    route!(Get "/api/v1/cabinet/vacancies/{id}/history", May(VacancyRead), Cabinet, insight::history),
    route!(Get "/api/v1/cabinet/vacancies/{id}/views", May(VacancyRead), Cabinet, insight::views),
];

/// Loads a vacancy that the person may see, with the facts of its decisions.
async fn load(cx: &Cx<'_>, id: &str) -> Result<(Row, Rc<Book>, Rc<Calendar>), Error> {
    if !domain::shared::id::is_ulid(id) {
        return Err(Refusal::not_found().into());
    }
    let (book, calendar, rows) = facts::load(cx.ports, vec![vacancy_sql::by_id(id)]).await?;
    let found = rows.first().map(|rows| rows.first::<Row>()).transpose()?.flatten();
    let row = found.ok_or_else(Refusal::not_found)?;
    cx.actor()?.check(Permission::VacancyRead, &row.path)?;
    Ok((row, book, calendar))
}

/// The edition that a vacancy keeps.
fn kept_edition(row: &Row) -> Result<&'static Edition, Fault> {
    edition(&row.vacancy.procedure, &row.vacancy.edition).ok_or_else(|| {
        Fault::new(format!("edition {}/{} is gone", row.vacancy.procedure, row.vacancy.edition))
    })
}

fn facts_of<'a>(
    cx: &Cx<'_>,
    row: &Row,
    edition: &'a Edition,
    calendar: &'a Calendar,
    book: &'a Book,
) -> Facts<'a> {
    Facts {
        edition,
        calendar,
        directories: book,
        rural: row.rural,
        has_address: row.has_address,
        twin: None,
        now: cx.ports.now,
    }
}

/// What the cabinet shows of a vacancy, with the commands this person may give.
fn view(cx: &Cx<'_>, row: &Row, book: &Book) -> Result<CabinetVacancy, Error> {
    let state = state_at(&row.vacancy, cx.ports.now);
    let approval = kept_edition(row)?.publishing.approval_required.value;
    let actor = cx.actor()?;
    let may = commands(state, approval)
        .iter()
        .filter(|name| actor.may(permission_of(name), &row.path))
        .filter(|name| !row.is_own_request(name, &actor.account))
        .map(|name| (*name).to_owned())
        .collect();
    Ok(CabinetVacancy {
        id: row.vacancy.id.clone(),
        number: row.vacancy.number,
        slug: row.vacancy.slug.clone(),
        state,
        version: row.vacancy.version,
        organisation: organisation_of(row),
        title: book.title(&row.vacancy.content),
        content: row.vacancy.content.clone(),
        rules: format!("{}/{}", row.vacancy.procedure, row.vacancy.edition),
        publish_at: row.vacancy.publish_at,
        published_at: row.vacancy.published_at,
        accept_from: row.vacancy.accept_from,
        accept_to: row.vacancy.accept_to,
        closes_at: row.vacancy.closes_at,
        outcome: row.vacancy.outcome.clone(),
        changed_at: row.vacancy.changed_at,
        changed_by: row.changed_by.clone(),
        commands: may,
    })
}

/// The same vacancy that is open already.
async fn twin_of(cx: &Cx<'_>, row: &Row) -> Result<Option<Twin>, Error> {
    let statement = vacancy_sql::twin(&row.vacancy, cx.ports.now);
    Ok(crate::ports::read(cx.ports.db, statement).await?.first()?)
}

fn organisation_of(row: &Row) -> OrganisationRef {
    OrganisationRef {
        id: row.vacancy.organisation.clone(),
        name: Text { kk: row.name_kk.clone(), ru: row.name_ru.clone(), en: row.name_en.clone() },
        slug: row.organisation_slug.clone(),
    }
}

/// Drafts are edited by those who may edit; what the public sees is decided by those who publish.
fn permission_of(command: &str) -> Permission {
    match command {
        "save" | "request_approval" | "archive" => Permission::VacancyEdit,
        _ => Permission::VacancyPublish,
    }
}

async fn show(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let (row, book, _) = load(cx, cx.param("id")).await?;
    Ok(Response::json(&view(cx, &row, &book)?)?
        .header("etag", format!("\"{}\"", row.vacancy.version)))
}

fn edition_of(ports: &Ports<'_>, book: &Book, position: &str) -> Result<&'static Edition, Error> {
    let group = book.group(position).unwrap_or_else(|| "pedagogue".into());
    let found = edition_for(&group, ports.now.day());
    Ok(found.ok_or_else(|| Refusal::new(Kind::Conflict, "no_edition"))?)
}
