//! The list of organisations: by name in any spelling, by place. The address is its state.

use askama::Template;
use domain::{
    catalog::sql::{self, NameRow, OrganisationLine, Organisations as Wanted},
    search::{
        filter::{Filter, region_of},
        query::TEXT_MAX,
        sql::organisations_named,
    },
    shared::{
        alphabet::compare,
        fold,
        lang::{Lang, Text},
        refusal::{Kind, Refusal},
    },
};
use serde::Deserialize;

use super::page::{Page, TEXTS, lang, render};
use crate::{
    cx::Cx,
    entry::field_text,
    error::Error,
    http::{Caching, Request, Response, encode},
    ports::read,
    search,
};

/// Organisations on a page.
const PAGE: u32 = 40;
/// The last place from which a page may begin.
const LAST: u32 = 4000;

struct Line {
    rest: String,
    name: String,
    place: String,
    open: u32,
}

/// A place to choose: code, name, whether it is chosen.
type Choice = (String, String, bool);

#[derive(Template)]
#[template(path = "organisations.html")]
struct Organisations<'a> {
    page: Page<'a>,
    q: String,
    wrong: String,
    understood: String,
    regions: Vec<Choice>,
    districts: Vec<Choice>,
    filtered: bool,
    lines: Vec<Line>,
    before: String,
    next: String,
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

/// `/{lang}/organisations`.
pub(crate) async fn all(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let lang = lang(cx)?;
    let pairs = request.query_pairs();
    let typed = |name: &str| {
        let value = pairs.iter().find(|(have, value)| have == name && !value.trim().is_empty());
        value.map(|(_, value)| value.trim()).unwrap_or_default()
    };
    let from = Some(typed("from")).filter(|text| !text.is_empty()).unwrap_or("0");
    let from: u32 = from.parse().ok().filter(|n| *n <= LAST).ok_or_else(Refusal::not_found)?;
    let text: String = typed("q").chars().take(TEXT_MAX).collect();
    let code = |filter: Filter| filter.code(typed(filter.name())).unwrap_or_default();
    let (mut region, mut district) = (code(Filter::Region), code(Filter::District));
    if region.is_empty() && !district.is_empty() {
        region = region_of(&district);
    }
    // Another region was chosen: the district of the old one goes.
    if !district.is_empty() && region_of(&district) != region {
        district.clear();
    }
    let rows: Vec<NameRow> = read(cx.ports.db, sql::regions_and(&region)).await?.all()?;
    let known = |code: &str| code.is_empty() || rows.iter().any(|row| row.code == code);
    let given = |filter: Filter| !typed(filter.name()).is_empty();
    let mut wrong = (given(Filter::Region) && region.is_empty()) || !known(&region);
    if wrong || !known(&district) {
        wrong = true;
        if !known(&region) {
            region.clear();
        }
        district.clear();
    }
    let named = named(cx, &text).await?;
    let kato = if district.is_empty() { region.get(..2) } else { district.get(..4) };
    let wanted = Wanted { ids: named.ids.as_deref(), kato: kato.unwrap_or_default() };
    let rows_of = sql::organisations(wanted, cx.ports.now, from, PAGE + 1);
    let mut found: Vec<OrganisationLine> = read(cx.ports.db, rows_of).await?.all()?;
    let more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let page = Page::new(cx.ports.config, lang, "/organisations").with_query(&request.query);
    let (title, about) = (page.t("organisations.title"), page.t("organisations.description"));
    let mut page = page.titled(title, about).crumb("", TEXTS.get(lang, "menu.organisations"));
    let filtered = !text.is_empty() || !region.is_empty();
    page.index = from == 0 && !filtered && !wrong;
    let to = |from: u32| {
        let at = if from == 0 { String::new() } else { from.to_string() };
        let pairs = [("q", &text), ("region", &region), ("district", &district), ("from", &at)];
        let pairs: Vec<String> = pairs
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        let mark = if pairs.is_empty() { "" } else { "?" };
        format!("{}{mark}{}", page.link("/organisations"), pairs.join("&"))
    };
    let next = if more { to(from + PAGE) } else { String::new() };
    let before = if from > 0 { to(from.saturating_sub(PAGE)) } else { String::new() };
    let choices = |first: bool, chosen: &str| {
        let mut out: Vec<Choice> = rows
            .iter()
            .filter(|row| row.code.ends_with("0000000") == first)
            .map(|row| {
                let name = Text { kk: row.kk.clone(), ru: row.ru.clone(), en: row.en.clone() };
                (row.code.clone(), name.get(lang).to_owned(), row.code == chosen)
            })
            .collect();
        out.sort_by(|a, b| compare(&a.1, &b.1));
        out
    };
    let template = Organisations {
        q: text.clone(),
        wrong: if wrong { field_text(lang, "search_value", &[]) } else { String::new() },
        understood: match named.understood.as_str() {
            "" => String::new(),
            meant => TEXTS.fill(lang, "list.understood", &[("typed", &text), ("text", meant)]),
        },
        regions: choices(true, &region),
        districts: if region.is_empty() { Vec::new() } else { choices(false, &district) },
        filtered,
        lines: found.into_iter().map(|row| line(lang, row)).collect(),
        before,
        next,
        page,
    };
    let status = if wrong { Kind::Invalid.status() } else { 200 };
    let caching = if wrong { Caching::Private } else { Caching::Public(60) };
    Ok(render(&template)?.status(status).cached(caching))
}

/// The organisations of a name.
struct Named {
    /// Their identifiers, as a JSON array; `None` where no name is asked for.
    ids: Option<String>,
    /// The name that was looked for instead of the one that was typed.
    understood: String,
}

/// The organisations of a name; where there are none, of what else it may have meant: the keys of
/// another layout, the words without their mistakes. A text without letters and digits finds none.
async fn named(cx: &Cx<'_>, text: &str) -> Result<Named, Error> {
    if text.is_empty() {
        return Ok(Named { ids: None, understood: String::new() });
    }
    let mut ids = called(cx, text).await?;
    let mut understood = String::new();
    if ids.is_empty() {
        let mut meant: Vec<String> = fold::from_wrong_layout(text).into_iter().collect();
        meant.extend(search::mend(cx.ports, text).await?);
        for other in meant {
            ids = called(cx, &other).await?;
            if !ids.is_empty() {
                understood = other;
                break;
            }
        }
    }
    Ok(Named { ids: Some(serde_json::json!(ids).to_string()), understood })
}

async fn called(cx: &Cx<'_>, text: &str) -> Result<Vec<String>, Error> {
    let Some(statement) = organisations_named(text) else { return Ok(Vec::new()) };
    let ids: Vec<Id> = read(cx.ports.search, statement).await?.all()?;
    Ok(ids.into_iter().map(|row| row.id).collect())
}

fn line(lang: Lang, row: OrganisationLine) -> Line {
    let name = Text { kk: row.name_kk, ru: row.name_ru, en: row.name_en };
    Line {
        rest: format!("/organisations/{}", row.slug),
        name: name.get(lang).to_owned(),
        place: row.place.get(lang).to_owned(),
        open: row.open,
    }
}
