//! The page of an organisation.

use askama::Template;
use domain::{
    catalog::{
        read,
        sql::{self, OpenRow, OrganisationRow},
    },
    search::api::Card,
    shared::{lang::Lang, refusal::Refusal, row},
    vacancy::{model::Term, title::title},
};
use serde::Deserialize;

use super::{
    card::{CardView, views},
    data::named,
    page::{Page, TEXTS, lang, render},
    words::{Words, phone, web_address},
};
use crate::{
    cx::Cx,
    error::{Error, Fault},
    http::{Caching, Request, Response},
    ports::read_all,
};

#[derive(Template)]
#[template(path = "organisation.html")]
struct OrganisationPage<'a> {
    page: Page<'a>,
    place: String,
    closed: bool,
    heading: String,
    cards: Vec<CardView>,
    about: Words<'a>,
    facts: Vec<(&'static str, String)>,
    phone: Option<(String, String)>,
    site: Option<(String, String)>,
    geo: Option<String>,
}

#[derive(Deserialize)]
struct Whole {
    #[serde(deserialize_with = "row::json")]
    organisation: OrganisationRow,
}

/// `/{lang}/organisations/{slug}`.
pub(crate) async fn one(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let lang = lang(cx)?;
    let slug = cx.param("slug");
    let now = cx.ports.now;
    let mut statements = Vec::from(sql::organisation(slug, now.day()));
    statements.push(sql::open_of(slug, now));
    let rows = read_all(cx.ports.db, statements).await?;
    let [found, names, places, open] = rows.as_slice() else {
        return Err(Fault::new("an organisation is four reads").into());
    };
    let whole = found.first::<Whole>()?.ok_or_else(Refusal::not_found)?;
    let names = named([names, places])?;
    let closed = whole.organisation.status != "active";
    let organisation = read::organisation(whole.organisation, &names);
    let name = organisation.name.get(lang).to_owned();
    let place = organisation.place.get(lang).to_owned();
    let cards: Vec<Card> = open
        .all::<OpenRow>()?
        .into_iter()
        .map(|row| card(lang, row, &name, slug, &place))
        .collect();
    let page = Page::new(cx.ports.config, lang, format!("/organisations/{slug}"));
    let all = page.t("menu.organisations");
    let heading = TEXTS.count(lang, "open", cards.len() as i64);
    let mut page = page
        .with_query(&request.query)
        .titled(name.clone(), format!("{name}, {place}. {heading}."))
        .crumb("/organisations", all)
        .crumb("", name);
    page.index = !closed;
    let languages: Vec<&str> = organisation
        .languages
        .iter()
        .map(|code| names.get(lang, "language_of_instruction", code))
        .filter(|name| !name.is_empty())
        .collect();
    let facts = [
        ("organisation.type", names.get(lang, "organisation_type", &organisation.kind).to_owned()),
        ("vacancy.address", organisation.address.get(lang).to_owned()),
        (
            "organisation.place",
            if organisation.rural {
                page.t("organisation.rural").to_owned()
            } else {
                String::new()
            },
        ),
        ("organisation.languages", languages.join(", ")),
        ("organisation.bin", organisation.bin.clone()),
    ];
    let template = OrganisationPage {
        cards: views(lang, now, &cards, &[]),
        facts: facts
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| (TEXTS.get(lang, key), value))
            .collect(),
        about: Words::new(lang, &organisation.about),
        phone: (!organisation.phone.is_empty()).then(|| phone(&organisation.phone)),
        site: web_address(&organisation.site).map(|href| (href, organisation.site.clone())),
        geo: organisation
            .lat
            .zip(organisation.lon)
            .map(|(lat, lon)| format!("geo:{lat},{lon}?q={lat},{lon}")),
        page,
        place,
        closed,
        heading,
    };
    Ok(render(&template)?.cached(Caching::Public(60)))
}

/// A card from the main database: an organisation's page is right at once after a change.
fn card(lang: Lang, row: OpenRow, organisation: &str, slug: &str, place: &str) -> Card {
    let content = row.content;
    let title = title(&content, &row.position, row.subject.as_ref(), row.teacher.as_ref());
    Card {
        number: row.number,
        slug: row.slug,
        title: title.get(lang).to_owned(),
        organisation: organisation.to_owned(),
        organisation_slug: slug.to_owned(),
        place: place.to_owned(),
        kato: String::new(),
        position: content.position,
        subject: content.subject,
        rate: content.rate,
        salary_from: content.salary_from,
        salary_to: content.salary_to,
        language: content.language,
        temporary: content.term == Term::Temporary,
        extras: content.extras,
        accept_to: row.accept_to,
        closes_at: row.closes_at,
        published_at: row.published_at,
        changed_at: row.changed_at,
        km: None,
    }
}
