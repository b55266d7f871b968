//! Conditions of a search that need a word with the reader: wrong ones, places by name, texts
//! that cannot be looked for.

use domain::{
    catalog::sql,
    search::{
        filter::Filter,
        query::Query,
        text::{Reading, is_single_letter},
    },
    shared::{lang::Lang, locale::SEARCH, refusal::FieldError},
};

use crate::{
    cx::Cx,
    entry::field_text,
    error::Error,
    http::encode,
    ports::read,
    search::Place,
    web::{
        data::named,
        page::{Page, TEXTS},
    },
};

/// A condition that was not understood and is left out.
pub(super) struct Wrong {
    /// Its parameter.
    pub(super) name: String,
    /// What the page calls it.
    pub(super) label: &'static str,
    /// What is wrong with it.
    pub(super) text: String,
}

pub(super) fn wrong(lang: Lang, error: FieldError) -> Wrong {
    let key = match &*error.field {
        "place" => "facet.near",
        "cursor" | "sort" | "km" => "",
        _ => &format!("facet.{}", error.field),
    };
    Wrong {
        label: SEARCH.find(lang, key).unwrap_or_default(),
        text: field_text(lang, error.code, &error.args),
        name: error.field.into_owned(),
    }
}

/// The address of the same search around a place.
pub(super) fn placed(cx: &Cx<'_>, lang: Lang, pairs: Vec<(String, String)>, code: &str) -> String {
    let gone = ["place", "near", "cursor", "back"];
    let kept: Vec<String> = pairs
        .into_iter()
        .filter(|(name, value)| !gone.contains(&name.as_str()) && !value.is_empty())
        .chain([("near".to_owned(), code.to_owned())])
        .map(|(name, value)| format!("{}={}", encode(&name), encode(&value)))
        .collect();
    Page::new(cx.ports.config, lang, "").link(format!("/vacancies?{}", kept.join("&")))
}

/// What to say where the text cannot be looked for.
pub(super) fn advice(lang: Lang, query: &Query, total: u32) -> &'static str {
    if query.text.is_empty() || total > 0 {
        ""
    } else if Reading::of(&query.text).is_empty() {
        TEXTS.get(lang, "list.nothing_typed")
    } else if is_single_letter(&query.text) {
        TEXTS.get(lang, "list.one_letter")
    } else {
        ""
    }
}

/// Places that are offered while one is written: those of the one region that is asked for.
pub(super) async fn places(
    cx: &Cx<'_>,
    lang: Lang,
    query: &Query,
) -> Result<Vec<(String, String)>, Error> {
    let mut regions = query.codes(Filter::Region);
    let near = query.near.as_ref().map(|code| format!("{:0<9}", code.get(..2).unwrap_or_default()));
    let region = match (near, regions.next(), regions.next()) {
        (Some(region), ..) => region,
        (None, Some(region), None) => region.to_owned(),
        _ => return Ok(Vec::new()),
    };
    let places = in_region(cx, lang, &region).await?;
    Ok(places.into_iter().map(|place| (place.code, place.label)).collect())
}

/// The districts and cities of the region in which a KATO code lies.
pub(super) async fn in_region(cx: &Cx<'_>, lang: Lang, code: &str) -> Result<Vec<Place>, Error> {
    let region = format!("{:0<9}", code.get(..2).unwrap_or_default());
    let rows = read(cx.ports.db, sql::districts(&region)).await?;
    let names = named([&rows])?;
    let codes: Vec<sql::NameRow> = rows.all()?;
    let label = |code: &str| names.get(lang, "kato", code).to_owned();
    Ok(codes.into_iter().map(|row| Place { label: label(&row.code), code: row.code }).collect())
}
