//! A new draft: empty, from a template, or as a copy.

use domain::{
    account::permission::Permission,
    directory::Book,
    journal::Entry,
    shared::refusal::Refusal,
    vacancy::{
        api::Create,
        content::check_draft,
        model::{State, Vacancy},
        sql::{self as vacancy_sql, Row},
        title::address,
    },
};
use serde::Deserialize;
use serde_json::json;

use super::{edition_of, load, view};
use crate::{
    cabinet::templates,
    cx::Cx,
    error::{Error, Fault},
    facts,
    http::{Request, Response},
    ports::{Ports, read},
    save::{Change, Replay, once, save},
};

/// Takes `n` numbers for new vacancies; returns the first of them.
pub async fn take_numbers(ports: &Ports<'_>, n: u32) -> Result<i64, Fault> {
    #[derive(Deserialize)]
    struct Value {
        value: i64,
    }
    let last: Option<Value> = read(ports.db, vacancy_sql::take_numbers(n)).await?.first()?;
    let last = last.ok_or_else(|| Fault::new("the counter of vacancies is missing"))?;
    Ok(last.value - i64::from(n) + 1)
}

/// A new draft under the edition of its position's group (a draft without a position starts
/// under the edition for pedagogues and changes with the position).
pub fn new_draft(
    ports: &Ports<'_>,
    book: &Book,
    organisation: &str,
    number: i64,
    content: domain::vacancy::model::Content,
) -> Result<Vacancy, Error> {
    let edition = edition_of(ports, book, &content.position)?;
    let content = content.tidy(book);
    let slug = address(&book.title(&content), number);
    Ok(Vacancy {
        id: ports.new_id(),
        number,
        slug,
        organisation: organisation.to_owned(),
        state: State::Draft,
        version: 1,
        content,
        procedure: edition.procedure.clone(),
        edition: edition.edition.clone(),
        publish_at: None,
        published_at: None,
        accept_from: None,
        accept_to: None,
        closes_at: None,
        extensions: 0,
        outcome: None,
        changed_at: ports.now,
    })
}

#[derive(Deserialize)]
struct Place {
    id: String,
    path: String,
    name_kk: String,
    name_ru: String,
    name_en: String,
    slug: String,
    rural: u8,
    has_address: u8,
}

pub(super) async fn create(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let once = match once(cx, request).await? {
        Replay::First(once) => once,
        Replay::Done(response) => return Ok(response),
    };
    let input: Create = request.json()?;
    let place_of = domain::sql!(
        "SELECT id, path, name_kk, name_ru, name_en, slug, rural,
           address_kk <> '' AND address_ru <> '' AS has_address
         FROM organisation WHERE id = ?1 AND status = 'active'",
        &input.organisation
    );
    let (book, _, rows) = facts::load(cx.ports, vec![place_of]).await?;
    let place = rows.first().map(|rows| rows.first::<Place>()).transpose()?.flatten();
    let place = place.ok_or_else(Refusal::not_found)?;
    cx.actor()?.check(Permission::VacancyEdit, &place.path)?;
    let mut content = input.content;
    if let Some(copy_of) = &input.copy_of {
        content = load(cx, copy_of).await?.0.vacancy.content;
        content.accept_to = None;
    } else if let Some(template) = &input.template {
        content = templates::content(cx, template).await?;
    }
    check_draft(&content, &*book)?;
    let number = take_numbers(cx.ports, 1).await?;
    let vacancy = new_draft(cx.ports, &book, &place.id, number, content)?;
    let row = Row {
        vacancy: vacancy.clone(),
        path: place.path,
        rural: place.rural == 1,
        name_kk: place.name_kk,
        name_ru: place.name_ru,
        name_en: place.name_en,
        organisation_slug: place.slug,
        has_address: place.has_address == 1,
        changed_by: cx.actor()?.name.clone(),
        changer: cx.actor()?.account.clone(),
    };
    let response = Response::json(&view(cx, &row, &book)?)?.status(201);
    let change = Change {
        statements: vec![vacancy_sql::insert(&vacancy, &cx.actor()?.account, None)],
        journal: vec![
            Entry::new("vacancy.create", "vacancy", &vacancy.id)
                .of(&vacancy.organisation)
                .after(json!({ "number": number, "rules": row.vacancy.procedure })),
        ],
        events: vec![],
    };
    save(cx, Some(once), change, response).await
}
