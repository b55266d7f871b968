//! The list of items with search and filters; the passport.

use domain::{
    bank::{
        api::{Count, ItemList, ItemRow, Passport},
        body::{Body, Kind},
        index::wanted,
        life::State,
        meta::Level,
        sql::{Indexed, by_numbers, passport as passport_sql},
    },
    shared::refusal::{Check, Refusal},
    sql,
};
use serde::Deserialize;

use super::{only_own, parts};
use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::{page, read, read_all},
};

/// Items on a page.
const PAGE: usize = 50;
/// Matches that are counted.
const COUNTED: i64 = 1001;
/// Characters of a question that the list shows.
const SHOWN: usize = 160;

/// The beginning of a question.
pub(super) fn beginning(body: Option<&Body>) -> String {
    let text = body.map(|body| body.stem.text()).unwrap_or_default();
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

pub(super) async fn list(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Number {
        number: i64,
    }
    #[derive(Deserialize)]
    struct Total {
        n: i64,
    }
    let actor = cx.actor()?;
    let (mut text, mut after) = (String::new(), i64::MAX >> 11);
    let mut filters: Vec<(&str, String)> = Vec::new();
    let mut wrong = Check::default();
    for (name, value) in request.query_pairs() {
        let value: String = value.trim().chars().take(120).collect();
        let known = match name.as_str() {
            "state" => State::parse(&value).is_some(),
            "kind" => Kind::parse(&value).is_some(),
            "level" => Level::parse(&value).is_some(),
            _ => true,
        };
        match name.as_str() {
            "q" => text = value,
            "cursor" if !value.is_empty() => match value.parse::<i64>() {
                Ok(number) if (0..=after).contains(&number) => after = number,
                _ => wrong.wrong("cursor", "unknown"),
            },
            "state" | "kind" | "level" | "topic" | "subject" if !value.is_empty() => {
                if !known {
                    wrong.wrong(name.clone(), "unknown");
                }
                let name = ["state", "kind", "level", "topic", "subject"]
                    .into_iter()
                    .find(|have| *have == name);
                filters.extend(name.map(|name| (name, value)));
            }
            "mine" if value == "1" => filters.push(("author", actor.account.clone())),
            _ => {}
        }
    }
    wrong.done()?;
    if only_own(&parts(actor)) {
        filters.push(("author", actor.account.clone()));
    }
    let filters: Vec<(&str, &str)> = filters.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let expression = wanted(&text, &filters);
    let rows = read_all(
        cx.ports.search,
        vec![
            sql!(
                format!(
                    "SELECT rowid AS number FROM item_index WHERE item_index MATCH ?1 AND rowid < ?2 ORDER BY rowid DESC LIMIT {}",
                    PAGE + 1
                ),
                &expression,
                after
            ),
            sql!(
                format!(
                    "SELECT count(*) AS n FROM (SELECT rowid FROM item_index WHERE item_index MATCH ?1 LIMIT {COUNTED})"
                ),
                &expression
            ),
        ],
    )
    .await?;
    let [found, total] = rows.as_slice() else { return Err(Refusal::not_found().into()) };
    let mut numbers: Vec<i64> = found.all::<Number>()?.into_iter().map(|row| row.number).collect();
    let next = page(&mut numbers, PAGE, i64::to_string);
    let rows: Vec<Indexed> = read(cx.ports.db, by_numbers(&numbers)).await?.all()?;
    let items = rows
        .into_iter()
        .map(|row| ItemRow {
            kk: beginning(row.kk.as_ref()),
            ru: beginning(row.ru.as_ref()),
            id: row.id,
            number: row.number,
            code: row.code,
            kind: row.kind,
            topic: row.topic,
            level: row.level,
            state: row.state,
            changed_at: row.changed_at,
            exposure: row.exposure,
        })
        .collect();
    let total = total.first::<Total>()?.map_or(0, |total| total.n);
    Ok(Response::json(&ItemList { items, next, total })?)
}

pub(super) async fn passport(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Totals {
        items: i64,
        live: i64,
        bilingual: i64,
        calibrated: i64,
        complaints: i64,
    }
    let rows = read_all(cx.ports.db, passport_sql().into()).await?;
    let [totals, counts] = rows.as_slice() else { return Err(Refusal::not_found().into()) };
    let totals = totals.first::<Totals>()?.ok_or_else(Refusal::not_found)?;
    Ok(Response::json(&Passport {
        items: totals.items,
        live: totals.live,
        bilingual: totals.bilingual,
        calibrated: totals.calibrated,
        complaints: totals.complaints,
        counts: counts.all::<Count>()?,
    })?)
}
