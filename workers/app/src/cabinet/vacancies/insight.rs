//! What stands in the way of a publication, what happened, who read it.

use domain::{
    shared::{
        format,
        lang::{Lang, Text},
        refusal::FieldError,
    },
    vacancy::{
        api::{CheckAnswer, HistoryEntry, Issue, Views},
        language::warnings,
        model::State,
        period::{days, extension},
        rules::check,
        sql as vacancy_sql,
    },
};
use serde::Deserialize;
use serde_json::Value;

use super::{edition_of, facts_of, kept_edition, load, twin_of};
use crate::{
    cx::Cx,
    entry::field_text,
    error::{Error, Fault},
    http::{Request, Response},
    ports::{read, read_all},
};

pub(super) async fn check_page(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let (mut row, book, calendar) = load(cx, cx.param("id")).await?;
    if row.vacancy.state == State::Draft {
        let edition = edition_of(cx.ports, &book, &row.vacancy.content.position)?;
        row.vacancy.procedure.clone_from(&edition.procedure);
        row.vacancy.edition.clone_from(&edition.edition);
    }
    let edition = kept_edition(&row)?;
    let facts = facts_of(cx, &row, edition, &calendar, &book);
    let at = row.vacancy.publish_at.unwrap_or(cx.ports.now);
    let (wrong, period) = check(&row.vacancy.content, &facts, at);
    let said = |wrong: &[FieldError]| -> Vec<Issue> {
        wrong
            .iter()
            .map(|field| Issue {
                field: field.field.to_string(),
                code: field.code.to_owned(),
                text: field_text(cx.lang, field.code, &field.args),
            })
            .collect()
    };
    let draft = !row.vacancy.state.was_public();
    let twin = if draft { twin_of(cx, &row).await? } else { None };
    let span = match (row.vacancy.accept_from, row.vacancy.accept_to) {
        (Some(from), Some(to)) => extension(edition, &calendar, from, to, row.vacancy.extensions),
        _ => None,
    };
    let rule = days(edition, row.vacancy.content.term, row.rural);
    let act = |lang: Lang| {
        let day = format::date(lang, edition.act.date);
        format!("{}, №\u{a0}{}, {day}", edition.act.title.get(lang), edition.act.number)
    };
    let answer = CheckAnswer {
        issues: said(&wrong),
        warnings: said(&warnings(&row.vacancy.content)),
        twin,
        required: edition.publishing.required_fields.value.clone(),
        extend_from: span.map(|(from, _)| from),
        extend_to: span.and_then(|(_, to)| to),
        accept_from: period.as_ref().map(|p| p.from),
        accept_to: period.as_ref().map(|p| p.to),
        closes_at: period.as_ref().map(|p| p.closes_at),
        earliest_accept_to: period.as_ref().map(|p| p.earliest),
        working_days: Some(rule.value),
        act: Text { kk: act(Lang::Kk), ru: act(Lang::Ru), en: act(Lang::En) },
    };
    Ok(Response::json(&answer)?)
}

#[derive(Deserialize)]
struct HistoryRow {
    at: domain::shared::time::Timestamp,
    who: String,
    action: String,
    #[serde(default, deserialize_with = "domain::shared::row::json_option")]
    after: Option<Value>,
    reason: String,
}

pub(super) async fn history(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let (row, _, _) = load(cx, cx.param("id")).await?;
    let rows: Vec<HistoryRow> =
        read(cx.ports.db, vacancy_sql::history(&row.vacancy.id)).await?.all()?;
    let entries: Vec<HistoryEntry> = rows
        .into_iter()
        .map(|row| {
            let after = row.after.unwrap_or_default();
            let words: Text = serde_json::from_value(after["reason"].clone()).unwrap_or_default();
            HistoryEntry {
                at: row.at,
                who: row.who,
                action: row.action,
                changed: serde_json::from_value(after["changed"].clone()).unwrap_or_default(),
                reason: if words.is_empty() { row.reason } else { words.get(cx.lang).to_owned() },
            }
        })
        .collect();
    Ok(Response::json(&entries)?)
}

#[derive(Deserialize)]
struct Count<T> {
    name: T,
    n: u32,
}

pub(super) async fn views(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let (row, _, _) = load(cx, cx.param("id")).await?;
    let rows = read_all(cx.ports.db, vacancy_sql::views(&row.vacancy.id).into()).await?;
    let [days, langs, sources] = rows.as_slice() else {
        return Err(Fault::new("views: a statement has no rows").into());
    };
    let days: Vec<Count<chrono::NaiveDate>> = days.all()?;
    let pairs = |counts: Vec<Count<String>>| counts.into_iter().map(|c| (c.name, c.n)).collect();
    let answer = Views {
        total: days.iter().map(|day| day.n).sum(),
        days: days.into_iter().map(|day| (day.name, day.n)).collect(),
        langs: pairs(langs.all()?),
        sources: pairs(sources.all()?),
    };
    Ok(Response::json(&answer)?)
}
