//! Items that are the same as another, or nearly.

use std::collections::BTreeSet;

use domain::{
    bank::{
        api::Twin,
        body::Body,
        index::bands,
        likeness::{ALIKE, normal, overlap, trigrams},
        sql::{Indexed, by_numbers, digests_of, same, with_key},
    },
    shared::{id::is_ulid, refusal::Refusal},
    sql,
};
use serde::Deserialize;
use serde_json::json;

use super::{list::beginning, only_own, parts};
use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::read,
};

/// Candidates that are compared in full.
const COMPARED: usize = 300;

/// The greatest likeness of two items in any of their languages.
fn likeness(one: [Option<&Body>; 2], other: [Option<&Body>; 2]) -> u32 {
    one.into_iter()
        .zip(other)
        .filter_map(|(a, b)| Some(overlap(&trigrams(&normal(a?)), &trigrams(&normal(b?)))))
        .max()
        .unwrap_or(0)
}

pub(super) async fn of_item(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    #[derive(Deserialize)]
    struct Number {
        number: i64,
    }
    let id = cx.param("id");
    if !is_ulid(id) {
        return Err(Refusal::not_found().into());
    }
    let row: Option<domain::bank::sql::Row> =
        read(cx.ports.db, with_key(id, None)).await?.first()?;
    let row = row.ok_or_else(Refusal::not_found)?;
    let actor = cx.actor()?;
    if only_own(&parts(actor)) && row.created_by != actor.account {
        return Err(Refusal::not_found().into());
    }
    let content = row.content();
    let bodies = [content.kk.as_ref(), content.ru.as_ref()];
    let wanted = json!(bands(bodies)).to_string();
    let found: Vec<Number> = read(
        cx.ports.search,
        sql!(
            format!(
                "SELECT number, count(*) AS n FROM item_band WHERE band IN (SELECT value FROM json_each(?1))
                   AND number <> ?2 GROUP BY number ORDER BY n DESC LIMIT {COMPARED}"
            ),
            wanted,
            row.number
        ),
    )
    .await?
    .all()?;
    // Word for word the same is found by its digest, in whichever language and though the index of
    // likeness is behind or has nearer ones enough.
    let (exact, words) = digests_of(&content);
    let equal: Vec<Number> = read(cx.ports.db, same(&exact, &words)).await?.all()?;
    let numbers: BTreeSet<i64> = found.into_iter().chain(equal).map(|one| one.number).collect();
    let numbers: Vec<i64> = numbers.into_iter().filter(|number| *number != row.number).collect();
    let others: Vec<Indexed> = read(cx.ports.db, by_numbers(&numbers)).await?.all()?;
    let mut twins: Vec<Twin> = others
        .iter()
        .filter_map(|other| {
            let theirs = [other.kk.as_ref(), other.ru.as_ref()];
            let likeness = likeness(bodies, theirs);
            let alike = |a: &Body, b: &Body| normal(a) == normal(b);
            let normal = bodies
                .into_iter()
                .zip(theirs)
                .any(|(a, b)| a.zip(b).is_some_and(|(a, b)| alike(a, b)));
            let equal = !exact.is_empty()
                && bodies.into_iter().zip(theirs).any(|(a, b)| a.is_some() && a == b);
            let grade = match (equal, normal) {
                (true, _) => "exact",
                (_, true) => "normal",
                _ if likeness >= ALIKE => "near",
                _ => return None,
            };
            // An author learns that there is another, not what it says.
            let mine = !only_own(&parts(actor)) || other.created_by == actor.account;
            let text = beginning(other.kk.as_ref().or(other.ru.as_ref()));
            Some(Twin {
                id: if mine { other.id.clone() } else { String::new() },
                code: other.code.clone(),
                grade: grade.to_owned(),
                likeness,
                text: if mine { text } else { String::new() },
            })
        })
        .collect();
    twins.sort_by_key(|twin| std::cmp::Reverse(twin.likeness));
    Ok(Response::json(&twins)?)
}
