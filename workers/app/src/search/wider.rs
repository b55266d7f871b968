//! Wider searches, where little was found: each is counted before it is offered.

use std::cmp::Reverse;

use domain::{
    search::{
        api::Wider,
        filter::Filter,
        geo,
        query::Query,
        related,
        sql::COUNT_MAX,
        text::{Reading, shorter},
    },
    shared::locale::SEARCH,
};

use super::{Count, Search, label};
use crate::{error::Error, ports::read_all};

/// How many are offered.
const OFFERS: usize = 4;

/// The offers that find more than `total`.
pub(super) async fn offers(
    search: &Search<'_>,
    reading: &Reading,
    total: u32,
) -> Result<Vec<Wider>, Error> {
    let mut candidates = candidates(search);
    let text = &search.query.text;
    if !text.is_empty() {
        let meant = search.mended().await?.iter().map(|text| {
            let label = SEARCH.fill(search.lang, "wider.meant", &[("what", text)]);
            (label, search.query.changed(|query| query.text.clone_from(text)))
        });
        candidates.splice(0..0, meant.collect::<Vec<_>>());
    }
    if candidates.is_empty() {
        return Ok(Vec::new());
    }
    let readings: Vec<Reading> = candidates
        .iter()
        .map(|(_, query)| match query.text == search.query.text {
            true => reading.clone(),
            false => Reading::of(&query.text),
        })
        .collect();
    let statements = candidates
        .iter()
        .zip(&readings)
        .map(|((_, query), reading)| {
            let mut plan = search.plan(query, reading);
            plan.point = plan.point.filter(|_| query.near.is_some());
            plan.count()
        })
        .collect();
    let rows = read_all(search.ports.search, statements).await?;
    let mut out = Vec::new();
    for ((label, query), rows) in candidates.into_iter().zip(rows) {
        let count = rows.first::<Count>()?.map_or(0, |count| count.n.min(COUNT_MAX));
        if count > total && !out.iter().any(|w: &Wider| w.query == query.to_query_string()) {
            out.push(Wider { label, query: query.to_query_string(), count });
        }
    }
    // The nearest to what was asked for first: a small step, not everything there is.
    out.truncate(OFFERS);
    Ok(out)
}

/// Searches a step wider, the smallest steps first.
fn candidates(search: &Search<'_>) -> Vec<(String, Query)> {
    let (query, lang) = (search.query, search.lang);
    let mut out: Vec<(String, Query)> = Vec::new();
    if let Some(km) = query.km {
        for radius in geo::RADII.into_iter().filter(|radius| *radius > km).take(2) {
            let label = SEARCH.fill(lang, "wider.km", &[("km", &radius.to_string())]);
            out.push((label, query.changed(|query| query.km = Some(radius))));
        }
    }
    let subjects = related::subjects(query.codes(Filter::Subject));
    if !subjects.is_empty() {
        let wider = query.changed(|query| {
            let codes = query.filters.entry(Filter::Subject).or_default();
            codes.extend(subjects.into_iter().map(str::to_owned));
        });
        out.push((SEARCH.get(lang, "wider.subjects").to_owned(), wider));
    }
    if let Some(wider) = query.in_whole_regions() {
        out.push((SEARCH.get(lang, "wider.region").to_owned(), wider));
    }
    let mut without: Vec<(String, Query)> = Vec::new();
    let mut leave = |what: String, wider: Query| {
        without.push((SEARCH.fill(lang, "wider.without", &[("what", &what)]), wider));
    };
    if query.closing.is_some() {
        let what = SEARCH.get(lang, "facet.closing").to_owned();
        leave(what, query.changed(|query| query.closing = None));
    }
    if query.salary.is_some() {
        let what = SEARCH.get(lang, "facet.salary").to_owned();
        leave(what, query.changed(|query| query.salary = None));
    }
    // The last of the list are the narrowest: organisation, rate, extra …
    for filter in Filter::ALL.into_iter().rev() {
        let codes: Vec<&str> = query.codes(filter).collect();
        let what = match codes.as_slice() {
            [] => continue,
            [one] if filter != Filter::Org => label::code(lang, filter, one, &search.known),
            _ => SEARCH
                .find(lang, &format!("facet.{}", filter.name()))
                .unwrap_or_default()
                .to_owned(),
        };
        leave(what, query.without_all(filter));
    }
    if query.near.is_some() {
        let what = SEARCH.get(lang, "facet.near").to_owned();
        leave(what, query.changed(|query| query.near = None));
    }
    out.append(&mut without);
    let mut texts = shorter(&query.text);
    texts.sort_by_key(|text| Reverse(text.split_whitespace().count()));
    for text in texts.into_iter().take(4) {
        let label = SEARCH.fill(lang, "wider.text", &[("what", &text)]);
        out.push((label, query.changed(|query| query.text = text)));
    }
    // Where no single step helps: one condition alone.
    if query.filters.len() > 1 {
        for (filter, codes) in &query.filters {
            let names: Vec<String> =
                codes.iter().map(|code| label::code(lang, *filter, code, &search.known)).collect();
            let label = SEARCH.fill(lang, "wider.only", &[("what", &names.join(", "))]);
            let filters = [(*filter, codes.clone())].into();
            out.push((label, Query { filters, ..Query::default() }));
        }
    }
    out
}
