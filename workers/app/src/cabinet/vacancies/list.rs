//! The list of vacancies: within reach, filtered, searched, sorted, in pages.

use domain::{
    account::permission::Permission,
    directory::Book,
    shared::{
        fold::{fold, words},
        refusal::Check,
        stem::stem,
    },
    vacancy::{
        api::{CabinetList, CabinetRow},
        model::State,
        rules::state_at,
        sql::{self as vacancy_sql, Filter, Row, Sort},
    },
};
use serde::Deserialize;

use super::organisation_of;
use crate::{
    cx::Cx,
    error::{Error, Fault},
    facts,
    http::{Request, Response},
    ports::{page, read_all},
};

/// Rows of a page of the list.
const PAGE: u32 = 50;

#[derive(Deserialize)]
struct ListRow {
    #[serde(flatten)]
    row: Row,
    views: u32,
}

#[derive(Deserialize)]
struct StateCount {
    state: State,
    n: u32,
}

pub(super) async fn list(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let mut filter = Filter::default();
    let mut wrong = Check::default();
    let mut q = String::new();
    for (name, value) in request.query_pairs() {
        match name.as_str() {
            "state" if !value.is_empty() => match State::parse(&value) {
                Some(state) => filter.state = Some(state),
                None => wrong.wrong("state", "unknown"),
            },
            "organisation" if !value.is_empty() => filter.organisation = Some(value),
            "number" if !value.is_empty() => match value.parse() {
                Ok(number) => filter.number = Some(number),
                Err(_) => wrong.wrong("number", "unknown"),
            },
            "sort" if !value.is_empty() => match Sort::parse(&value) {
                Some(sort) => filter.sort = sort,
                None => wrong.wrong("sort", "unknown"),
            },
            "q" => q = value,
            "cursor" if !value.is_empty() => match value.split_once('~') {
                Some((at, id)) => filter.after = Some((at.to_owned(), id.to_owned())),
                None => wrong.wrong("cursor", "unknown"),
            },
            _ => {}
        }
    }
    wrong.done()?;
    let (book, _, _) = facts::load(cx.ports, vec![]).await?;
    filter.named = named(&book, &q);
    let reach = cx.actor()?.reach(Permission::VacancyRead);
    let rows = read_all(cx.ports.db, vacancy_sql::list(&reach, &filter, PAGE + 1).into()).await?;
    let [found, counted] = rows.as_slice() else {
        return Err(Fault::new("list: a statement has no rows").into());
    };
    let mut rows: Vec<ListRow> = found.all()?;
    let next = page(&mut rows, PAGE as usize, |last| {
        format!("{}~{}", last.row.vacancy.changed_at, last.row.vacancy.id)
    });
    let items = rows
        .iter()
        .map(|ListRow { row, views }| CabinetRow {
            id: row.vacancy.id.clone(),
            number: row.vacancy.number,
            state: state_at(&row.vacancy, cx.ports.now),
            title: book.title(&row.vacancy.content),
            organisation: organisation_of(row),
            accept_to: row.vacancy.accept_to,
            publish_at: row.vacancy.publish_at,
            changed_at: row.vacancy.changed_at,
            views: *views,
        })
        .collect();
    let counts: Vec<StateCount> = counted.all()?;
    let states = counts.into_iter().map(|count| (count.state, count.n)).collect();
    Ok(Response::json(&CabinetList { states, items, next })?)
}

/// Positions and subjects whose names contain every word of `q`, in either language and any
/// spelling; nothing where `q` has no words.
fn named(book: &Book, q: &str) -> Option<(Vec<String>, Vec<String>)> {
    let words: Vec<String> = words(&fold(q)).iter().map(|word| stem(word)).collect();
    if words.is_empty() {
        return None;
    }
    let codes = |directory: &str| -> Vec<String> {
        book.all(directory)
            .filter(|item| {
                let teacher = item.text("teacher").unwrap_or_default();
                let name = fold(&format!("{} {} {} {}", item.kk, item.ru, teacher.kk, teacher.ru));
                words.iter().all(|word| name.contains(word.as_str()))
            })
            .map(|item| item.code.clone())
            .collect()
    };
    Some((codes("position"), codes("subject")))
}
