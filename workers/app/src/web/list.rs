//! The list of vacancies, and its landing pages by region, district, subject and position.

use askama::Template;
use domain::{
    catalog::sql,
    search::{
        api::{Facet, Wider},
        filter::Filter,
        query::{Query, Sort},
    },
    shared::{lang::Lang, locale::SEARCH, refusal::Refusal},
};

use super::{
    card::{CardView, views},
    data::named,
    page::{Page, TEXTS, lang, render},
};
use crate::{
    cx::Cx,
    error::Error,
    http::{Caching, Request, Response, encode},
    ports::read,
    search::{Chip, Found, find},
};

/// Values of a facet on the page; the chosen ones are always there.
const VALUES: usize = 12;

struct FacetView {
    name: String,
    title: &'static str,
    kind: &'static str,
    open: bool,
    values: Vec<domain::search::api::FacetValue>,
}

#[derive(Template)]
#[template(path = "list.html")]
struct ListPage<'a> {
    page: Page<'a>,
    heading: String,
    text: String,
    hidden: Vec<(&'static str, String)>,
    understood: String,
    chips: Vec<Chip>,
    total: String,
    sorts: Vec<(&'static str, String, bool)>,
    cards: Vec<CardView>,
    next: String,
    first: String,
    later: bool,
    wider: Vec<Wider>,
    facets: Vec<FacetView>,
    salary: String,
    salary_title: &'static str,
    near: String,
    near_title: &'static str,
    km: String,
    places: Vec<(String, String)>,
}

/// `/{lang}/vacancies`.
pub(crate) async fn all(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    show(cx, request, None).await
}

/// `/{lang}/vacancies/region/{code}`.
pub(crate) async fn region(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    show(cx, request, Some(Filter::Region)).await
}

/// `/{lang}/vacancies/district/{code}`.
pub(crate) async fn district(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    show(cx, request, Some(Filter::District)).await
}

/// `/{lang}/vacancies/subject/{code}`.
pub(crate) async fn subject(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    show(cx, request, Some(Filter::Subject)).await
}

/// `/{lang}/vacancies/position/{code}`.
pub(crate) async fn position(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    show(cx, request, Some(Filter::Position)).await
}

async fn show(cx: &Cx<'_>, request: &Request, landing: Option<Filter>) -> Result<Response, Error> {
    let lang = lang(cx)?;
    let mut pairs = request.query_pairs();
    if let Some(filter) = landing {
        let code = filter.code(cx.param("code")).ok_or_else(Refusal::not_found)?;
        pairs.push((filter.name().to_owned(), code));
    }
    let query = Query::parse(&pairs)?;
    let found = match find(cx.ports, lang, &query).await {
        // A landing page of a code that is in no directory is no page.
        Err(Error::Refusal(_)) if landing.is_some() => return Err(Refusal::not_found().into()),
        found => found?,
    };
    let page = frame(cx, lang, request, &query, &found, landing);
    let places = places(cx, lang, &query).await?;
    let template = view(cx, page, lang, &query, found, places);
    Ok(render(&template)?.cached(Caching::Public(30)))
}

/// Address, title and description: a landing page is a page of its own, a search is not.
fn frame<'a>(
    cx: &Cx<'a>,
    lang: Lang,
    request: &Request,
    query: &Query,
    found: &Found,
    landing: Option<Filter>,
) -> Page<'a> {
    let config = cx.ports.config;
    let narrowed = query.filters.values().map(|codes| codes.len()).sum::<usize>() == 1;
    let name = found.chips.first().filter(|_| found.chips.len() == 1).map(|chip| &chip.label);
    let all = TEXTS.get(lang, "list.title");
    let mut page = match (landing, name) {
        (Some(filter), Some(name)) if narrowed && query.text.is_empty() => {
            let rest = format!("/vacancies/{}/{}", filter.name(), cx.param("code"));
            let key = match filter {
                Filter::Region => "landing.region",
                Filter::District => "landing.district",
                Filter::Subject => "landing.subject",
                _ => "landing.position",
            };
            let title = TEXTS.fill(lang, key, &[("name", name)]);
            let about = TEXTS.fill(lang, "landing.description", &[("name", name)]);
            let mut page = Page::new(config, lang, rest).titled(title, about);
            page = page.crumb("/vacancies", all).crumb("", name.clone());
            page.index = query.cursor.is_none();
            page
        }
        _ => {
            let title = if query.text.is_empty() {
                all.to_owned()
            } else {
                TEXTS.fill(lang, "list.search", &[("text", &query.text)])
            };
            let about = TEXTS.get(lang, "list.description");
            let mut page = Page::new(config, lang, "/vacancies").titled(title, about);
            page = page.crumb("", all);
            page.index = query.is_everything() && query.cursor.is_none();
            page
        }
    };
    let address = Query { cursor: None, ..query.clone() }.to_query_string();
    let mark = if address.is_empty() { "" } else { "&" };
    page.feed = format!("/feed.atom?lang={}{mark}{address}", lang.code());
    // The switch keeps filters and order, not the place in the list: the page is the same one.
    page.with_query(&request.query)
}

fn view<'a>(
    cx: &Cx<'_>,
    page: Page<'a>,
    lang: Lang,
    query: &Query,
    found: Found,
    places: Vec<(String, String)>,
) -> ListPage<'a> {
    let base = page.link("/vacancies");
    let with = |query: String| {
        if query.is_empty() { base.clone() } else { format!("{base}?{query}") }
    };
    let first = query.changed(|_| ());
    let total = match found.list.total_is_more {
        true => {
            let n = domain::shared::number::group(lang, found.list.total.into());
            TEXTS.fill(lang, "found.more", &[("n", &n)])
        }
        false => TEXTS.count(lang, "found", found.list.total.into()),
    };
    let next = found.list.next.as_ref().map_or_else(String::new, |cursor| {
        let address = first.to_query_string();
        let mark = if address.is_empty() { "" } else { "&" };
        format!("{base}?{address}{mark}cursor={}", encode(cursor))
    });
    let sorts = Sort::ALL
        .into_iter()
        .filter(|sort| match sort {
            Sort::Relevance => !query.text.is_empty(),
            Sort::Distance => query.near.is_some(),
            _ => true,
        })
        .map(|sort| {
            let name = SEARCH.find(lang, &format!("sort.{}", sort.code())).unwrap_or_default();
            let address = query.changed(|query| query.sort = sort).to_query_string();
            (name, with(address), sort == query.sort)
        })
        .collect();
    let mut hidden = Vec::new();
    if query.sort != Sort::default() {
        hidden.push(("sort", query.sort.code().to_owned()));
    }
    hidden.extend(query.codes(Filter::Org).map(|code| ("org", code.to_owned())));
    if places.is_empty() {
        hidden.extend(query.near.iter().map(|code| ("near", code.clone())));
        hidden.extend(query.km.iter().map(|km| ("km", km.to_string())));
    }
    let understood = found.understood.as_ref().map_or_else(String::new, |text| {
        TEXTS.fill(lang, "list.understood", &[("typed", &query.text), ("text", text)])
    });
    let cards = views(lang, cx.ports.now, &found.list.items, &found.facets);
    ListPage {
        heading: page.title.clone(),
        text: query.text.clone(),
        hidden,
        understood,
        chips: found.chips,
        total,
        sorts,
        cards,
        next,
        first: with(first.to_query_string()),
        later: query.cursor.is_some(),
        wider: found.wider,
        facets: facets(lang, query, found.facets),
        salary: query.salary.map_or_else(String::new, |sum| sum.to_string()),
        salary_title: SEARCH.get(lang, "facet.salary"),
        near: query.near.clone().unwrap_or_default(),
        near_title: SEARCH.get(lang, "facet.near"),
        km: query.km.map_or_else(|| "50".to_owned(), |km| km.to_string()),
        places,
        page,
    }
}

/// Districts that can be shown without a region.
const FEW: usize = 30;

/// The facets that say something: with a choice to make, or made.
fn facets(lang: Lang, query: &Query, facets: Vec<Facet>) -> Vec<FacetView> {
    let region = query.codes(Filter::Region).next().is_some();
    facets
        .into_iter()
        .filter(|facet| match facet.name.as_str() {
            "org" => false,
            // Two hundred districts help nobody who has not said the region.
            "district" => {
                region || facet.values.len() <= FEW || facet.values.iter().any(|value| value.chosen)
            }
            _ => true,
        })
        .filter_map(|facet| {
            let chosen = facet.values.iter().any(|value| value.chosen);
            let most = if facet.name == "region" { 20 } else { VALUES.max(FEW) };
            let values: Vec<_> = facet
                .values
                .into_iter()
                .enumerate()
                .filter(|(place, value)| value.chosen || *place < most)
                .map(|(_, value)| value)
                .collect();
            let title = SEARCH.find(lang, &format!("facet.{}", facet.name))?;
            (values.len() > 1 || chosen).then_some(FacetView {
                kind: if facet.name == "closing" { "radio" } else { "checkbox" },
                open: chosen,
                title,
                name: facet.name,
                values,
            })
        })
        .collect()
}

/// Places from which distance can be measured: those of the one region that is asked for.
async fn places(cx: &Cx<'_>, lang: Lang, query: &Query) -> Result<Vec<(String, String)>, Error> {
    let mut regions = query.codes(Filter::Region);
    let near = query.near.as_ref().map(|code| format!("{:0<9}", code.get(..2).unwrap_or_default()));
    let region = match (near, regions.next(), regions.next()) {
        (Some(region), ..) => region,
        (None, Some(region), None) => region.to_owned(),
        _ => return Ok(Vec::new()),
    };
    let rows = read(cx.ports.db, sql::districts(&region)).await?;
    let names = named([&rows])?;
    let codes: Vec<sql::NameRow> = rows.all()?;
    Ok(codes
        .into_iter()
        .map(|row| (row.code.clone(), names.get(lang, "kato", &row.code).to_owned()))
        .collect())
}
