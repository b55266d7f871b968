//! `/{lang}/`: search, the map of the country, what ends soon.

use askama::Template;
use domain::{
    search::{
        api::{Facet, FacetValue, List},
        query::Query,
    },
    shared::{
        lang::{Lang, Text},
        number::group,
        time::Timestamp,
    },
};
use serde::Deserialize;

use super::{
    card::{CardView, views},
    page::{Page, TEXTS, lang, render},
};
use crate::{
    cx::Cx,
    error::{Error, Fault},
    http::{Caching, Request, Response},
    search::find,
};

/// Rows and columns of the regions on the map.
const TILES: &str = include_str!("../../../../schemas/data/region-tiles.json");
/// Names of the regions, also of those without a vacancy.
const REGIONS: &str = include_str!(concat!(env!("OUT_DIR"), "/regions.json"));
/// How many subjects and positions are offered.
const CHIPS: usize = 12;
/// How many cards end soon.
const CARDS: usize = 6;

#[derive(Deserialize)]
struct Place {
    code: String,
    row: u32,
    col: u32,
}

#[derive(Deserialize)]
struct Region {
    code: String,
    #[serde(flatten)]
    name: Text,
}

/// A region on the map and in the list beside it.
struct Tile {
    rest: String,
    name: String,
    short: String,
    count: u32,
    shade: u32,
    x: u32,
    y: u32,
}

struct Link {
    rest: String,
    name: String,
    count: u32,
}

/// What the home page shows of the open vacancies.
pub struct Open {
    total: String,
    tiles: Vec<Tile>,
    cards: Vec<CardView>,
    groups: Vec<(&'static str, Vec<Link>)>,
}

impl Open {
    /// From a search for everything, in the order of ending.
    ///
    /// # Errors
    /// Only where the data that is built in cannot be read.
    pub fn new(lang: Lang, now: Timestamp, list: &List, facets: &[Facet]) -> Result<Open, Fault> {
        let values = |name: &str| {
            facets.iter().find(|facet| facet.name == name).map_or(&[][..], |facet| &facet.values)
        };
        let links = |title: &'static str, name: &str| {
            let link = |value: &FacetValue| Link {
                rest: format!("/vacancies/{name}/{}", value.code),
                name: value.name.clone(),
                count: value.count,
            };
            let links: Vec<_> = values(name).iter().take(CHIPS).map(link).collect();
            (!links.is_empty()).then(|| (TEXTS.get(lang, title), links))
        };
        Ok(Open {
            total: match list.total_is_more {
                true => TEXTS.fill(lang, "open.more", &[("n", &group(lang, list.total.into()))]),
                false => TEXTS.count(lang, "open", list.total.into()),
            },
            tiles: tiles(lang, values("region"))?,
            cards: views(lang, now, list.items.get(..CARDS).unwrap_or(&list.items), facets),
            groups: [links("home.subjects", "subject"), links("home.positions", "position")]
                .into_iter()
                .flatten()
                .collect(),
        })
    }
}

impl Open {
    /// Whether some region has no vacancy.
    fn has_empty(&self) -> bool {
        self.tiles.iter().any(|tile| tile.count == 0)
    }
}

/// The 20 regions, also those without a vacancy.
fn tiles(lang: Lang, values: &[FacetValue]) -> Result<Vec<Tile>, Fault> {
    let fault = |e: serde_json::Error| Fault::new(format!("built-in data: {e}"));
    let places: Vec<Place> = serde_json::from_str(TILES).map_err(fault)?;
    let names: Vec<Region> = serde_json::from_str(REGIONS).map_err(fault)?;
    let most = values.iter().map(|value| value.count).max().unwrap_or(0).max(1);
    Ok(places
        .into_iter()
        .map(|place| {
            let count = values.iter().find(|v| v.code == place.code).map_or(0, |v| v.count);
            let name = names.iter().find(|region| region.code == place.code);
            let short = TEXTS.find(lang, &format!("tile.{}", place.code)).unwrap_or_default();
            Tile {
                rest: format!("/vacancies/region/{}", place.code),
                name: name.map_or(short, |region| region.name.get(lang)).to_owned(),
                short: short.to_owned(),
                count,
                // Three steps above "none", by thirds of the largest.
                shade: if count == 0 { 0 } else { 1 + (count * 3 - 1).min(most * 3 - 1) / most },
                x: 1 + place.col * 62,
                y: 1 + place.row * 62,
            }
        })
        .collect())
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    page: Page<'a>,
    found: Open,
}

/// `/{lang}/`.
pub(crate) async fn page(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    home(cx, request, lang(cx)?).await
}

/// The home page in a language.
pub(crate) async fn home(cx: &Cx<'_>, request: &Request, lang: Lang) -> Result<Response, Error> {
    let page = Page::new(cx.ports.config, lang, "").with_query(&request.query);
    let (title, description) = (page.t("home.title"), page.t("home.lead"));
    let page = page.titled(title, description);
    let search = find(cx.ports, lang, &Query::default()).await?;
    let found = Open::new(lang, cx.ports.now, &search.list, &search.facets)?;
    let template = Home { page, found };
    Ok(render(&template)?.cached(Caching::Public(60)))
}
