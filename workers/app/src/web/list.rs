//! The list of vacancies, and its landing pages by region, district, subject and position.

use askama::Template;
use domain::{
    search::{
        api::Wider,
        filter::Filter,
        query::{Query, Sort},
    },
    shared::{
        lang::Lang,
        locale::{ALERTS, SEARCH},
        refusal::{FieldError, Kind, Refusal},
    },
};

use conditions::{Wrong, advice, in_region, placed, places, wrong};
use facets::{FacetView, facets};

use super::{
    card::{CardView, views},
    page::{Page, TEXTS, lang, render},
    trail::Trail,
};
use crate::{
    cx::Cx,
    error::Error,
    http::{Caching, Request, Response},
    search::{Chip, Found, Place, Placed, find, place},
};

#[derive(Template)]
#[template(path = "list.html")]
struct ListPage<'a> {
    page: Page<'a>,
    heading: String,
    text: String,
    hidden: Vec<(&'static str, String)>,
    understood: String,
    wrong: Vec<Wrong>,
    /// What the reader may have meant by a place.
    choice: String,
    choices: Vec<(String, String)>,
    /// How to write so that something can be found.
    advice: &'static str,
    chips: Vec<Chip>,
    total: String,
    sorts: Vec<(&'static str, String, bool)>,
    cards: Vec<CardView>,
    next: String,
    first: String,
    before: String,
    later: bool,
    wider: Vec<Wider>,
    facets: Vec<FacetView>,
    salary: String,
    salary_title: &'static str,
    near: Option<(String, String)>,
    near_title: &'static str,
    place: String,
    km: String,
    places: Vec<(String, String)>,
    /// The offer to tell of new vacancies: heading, text, button.
    alert: [&'static str; 3],
    /// The search that it is about.
    alert_query: String,
}

impl ListPage<'_> {
    /// What is wrong with a field.
    fn error(&self, name: &str) -> Option<&str> {
        self.wrong.iter().find(|wrong| wrong.name == name).map(|wrong| wrong.text.as_str())
    }
}

mod conditions;
mod facets;

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
    if !request.query_is_text() {
        return Err(Refusal::new(Kind::Malformed, "malformed_text").into());
    }
    let mut pairs = request.query_pairs();
    if let Some(filter) = landing {
        let code = filter.code(cx.param("code")).ok_or_else(Refusal::not_found)?;
        pairs.push((filter.name().to_owned(), code));
    }
    let typed = |name: &str| {
        let value = pairs.iter().find(|(have, value)| have == name && !value.trim().is_empty());
        value.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let (salary, written) = (typed("salary"), typed("place"));
    let mut errors: Vec<FieldError> = Vec::new();
    let mut choices: Vec<Place> = Vec::new();
    if !written.is_empty() {
        match place(cx.ports, lang, &written).await? {
            Placed::One(code) => {
                return Ok(Response::redirect(302, placed(cx, lang, pairs, &code)));
            }
            Placed::Several(places) => choices = places,
            Placed::Unknown(places) => {
                errors.push(FieldError {
                    field: "place".into(),
                    code: "search_where",
                    args: vec![],
                });
                choices = places;
            }
        }
    }
    let mut rest = pairs.clone();
    // A condition that is wrong is named and left out; the others are kept.
    let (query, found) = loop {
        let found = match Query::parse(&rest) {
            Ok(query) => find(cx.ports, lang, &query).await.map(|found| (query, found)),
            Err(refusal) => Err(refusal.into()),
        };
        match found {
            Ok(done) => break done,
            Err(Error::Refusal(refusal)) if refusal.kind == Kind::Invalid => {
                let wrong = |name: &str| refusal.fields.iter().any(|error| error.field == *name);
                // A landing page of a code that is in no directory is no page.
                if landing.is_some_and(|filter| wrong(filter.name())) {
                    return Err(Refusal::not_found().into());
                }
                let before = rest.len();
                rest.retain(|(name, _)| !wrong(name));
                if rest.len() == before {
                    return Err(refusal.into());
                }
                errors.extend(refusal.fields);
            }
            Err(error) => return Err(error),
        }
    };
    let mut page = frame(cx, lang, request, &query, &found, landing);
    page.index &= errors.is_empty();
    let stray = typed("near");
    if choices.is_empty() && errors.iter().any(|error| error.field == "near") {
        choices = in_region(cx, lang, &stray).await?;
    }
    page.index &= choices.is_empty();
    let places = places(cx, lang, &query).await?;
    let mut template = view(cx, page, lang, &query, found, places);
    let trail = Trail::read(request, query.cursor.map(|cursor| query.cursor_text(cursor)));
    template.turn(&query, &trail);
    if !choices.is_empty() {
        let key = if errors.is_empty() { "list.place.which" } else { "list.place.like" };
        template.choice = TEXTS.fill(lang, key, &[("text", &written)]);
        let to = |code: &str| placed(cx, lang, pairs.clone(), code);
        template.choices = choices.iter().map(|one| (to(&one.code), one.label.clone())).collect();
    }
    if errors.iter().any(|error| error.field == "salary") {
        template.salary = salary;
    }
    template.place = written;
    let status = if errors.is_empty() { 200 } else { Kind::Invalid.status() };
    template.wrong = errors.into_iter().map(|error| wrong(lang, error)).collect();
    let caching = if status == 200 { Caching::Public(30) } else { Caching::Private };
    Ok(render(&template)?.status(status).cached(caching))
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
    let understood = found.understood.as_ref().map_or_else(String::new, |text| {
        TEXTS.fill(lang, "list.understood", &[("typed", &query.text), ("text", text)])
    });
    let cards = views(lang, cx.ports.now, &found.list.items, &found.facets);
    ListPage {
        alert: ["offer.title", "offer.text", "offer.button"].map(|key| ALERTS.get(lang, key)),
        alert_query: Query { cursor: None, ..query.clone() }.to_query_string(),
        heading: page.title.clone(),
        text: query.text.clone(),
        hidden,
        understood,
        wrong: Vec::new(),
        choice: String::new(),
        choices: Vec::new(),
        advice: advice(lang, query, found.list.total),
        chips: found.chips,
        total,
        sorts,
        cards,
        next: found.list.next.unwrap_or_default(),
        first: with(first.to_query_string()),
        before: String::new(),
        later: query.cursor.is_some(),
        wider: found.wider,
        facets: facets(lang, query, found.facets),
        salary: query.salary.map_or_else(String::new, |sum| sum.to_string()),
        salary_title: SEARCH.get(lang, "facet.salary"),
        near: found.near.map(|near| (near.code, near.name)),
        place: String::new(),
        near_title: SEARCH.get(lang, "facet.near"),
        km: query.km.map_or_else(|| "50".to_owned(), |km| km.to_string()),
        places,
        page,
    }
}

impl ListPage<'_> {
    /// The ways to the neighbouring pages. `next` holds the cursor of the next one.
    fn turn(&mut self, query: &Query, trail: &Trail) {
        let base = self.page.link("/vacancies");
        let address = query.changed(|_| ()).to_query_string();
        let mark = if address.is_empty() { "" } else { "&" };
        let to = |rest: String| format!("{base}?{address}{mark}{rest}");
        if !self.next.is_empty() {
            self.next = to(trail.next(&self.next));
        }
        self.before = match trail.before() {
            Some(rest) if rest.is_empty() => self.first.clone(),
            Some(rest) => to(rest),
            None => String::new(),
        };
    }
}
