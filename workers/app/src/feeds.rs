//! What other programs read of the portal: the feed of new vacancies (of any search), the map
//! of the site, the rules for robots.

use domain::{
    catalog::site::Site,
    search::{
        api::List,
        query::{Query, Sort},
        sql,
    },
    shared::{
        format,
        lang::Lang,
        locale::SEARCH,
        refusal::{Check, Kind, Refusal},
        time::Timestamp,
    },
};
use serde::Deserialize;

use crate::{
    cx::Cx,
    error::Error,
    http::{Caching, Request, Response},
    ports::{Config, read, read_all},
    route,
    routes::Route,
    search,
    web::help::ARTICLES,
};

mod xml;
use xml::escape;

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/feed.atom", Public, Page, feed),
    route!(Get "/sitemap.xml", Public, Page, sitemap),
    route!(Get "/sitemap/{part}", Public, Page, part),
    route!(Get "/robots.txt", Public, Page, robots),
];

/// Entries of a feed.
const ENTRIES: u32 = 50;
/// Addresses in a part of the map: each carries its three languages.
const PART: u32 = 10_000;
/// Pages that are always there.
const PAGES: [&str; 4] = ["", "/vacancies", "/organisations", "/help"];

fn site(config: &Config) -> Site<'_> {
    Site { origin: &config.origin, hosts: &config.hosts }
}

/// The newest vacancies of a search, as Atom (RFC 4287).
async fn feed(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    if !request.query_is_text() {
        return Err(Refusal::new(Kind::Malformed, "malformed_text").into());
    }
    let pairs = request.query_pairs();
    let asked = pairs.iter().find(|(name, _)| name == "lang").map(|(_, value)| value.as_str());
    let lang = match asked {
        None | Some("") => Lang::Kk,
        Some(code) => Lang::parse(code).ok_or_else(|| {
            let mut wrong = Check::default();
            wrong.wrong("lang", "search_value");
            Refusal::fields(wrong.0)
        })?,
    };
    let query = Query::parse(&pairs)?;
    // A feed is read for what is new, in whatever order the page of the search stands.
    let newest = query.changed(|query| query.sort = Sort::Newest);
    let list: List = search::list(cx.ports, lang, &newest, ENTRIES).await?;
    let site = site(cx.ports.config);
    let address = query.changed(|_| ()).to_query_string();
    let mark = if address.is_empty() { "" } else { "?" };
    let page = site.absolute(lang, &format!("/vacancies{mark}{address}"));
    let own = {
        let and = if address.is_empty() { "" } else { "&" };
        format!("{}/feed.atom?lang={}{and}{address}", cx.ports.config.origin, lang.code())
    };
    let updated = list
        .items
        .iter()
        .map(|card| card.changed_at.max(card.published_at))
        .max()
        .unwrap_or_else(|| Timestamp::from_millis(0));
    let title = SEARCH.get(lang, "feed.title");
    let subtitle = match query.text.as_str() {
        "" => String::new(),
        text => format!(
            "<subtitle>{}</subtitle>\n",
            escape(&SEARCH.fill(lang, "feed.found", &[("what", text)]))
        ),
    };
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n<id>{}</id>\n\
         <title>{}</title>\n{subtitle}<updated>{}</updated>\n\
         <author><name>Mansap</name></author>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n",
        lang.code(),
        escape(&own),
        escape(title),
        updated.rfc3339_local(),
        escape(&own),
        escape(&page),
    );
    for card in &list.items {
        let link = site.absolute(lang, &format!("/vacancies/{}", card.slug));
        let mut summary = vec![card.organisation.clone(), card.place.clone()];
        if card.salary_from.is_some() || card.salary_to.is_some() {
            summary.push(format::salary(lang, card.salary_from, card.salary_to));
        }
        let day = format::date(lang, card.accept_to);
        summary.push(SEARCH.fill(lang, "feed.until", &[("day", &day)]));
        out += &format!(
            "<entry>\n<id>{link}</id>\n<title>{}</title>\n\
             <link rel=\"alternate\" type=\"text/html\" href=\"{link}\"/>\n\
             <published>{}</published>\n<updated>{}</updated>\n<summary>{}</summary>\n</entry>\n",
            escape(&card.title),
            card.published_at.rfc3339_local(),
            card.changed_at.max(card.published_at).rfc3339_local(),
            escape(&summary.join(" · ")),
            link = escape(&link),
        );
    }
    out += "</feed>\n";
    Ok(Response::new(200, "application/atom+xml; charset=utf-8", out).cached(Caching::Public(60)))
}

#[derive(Deserialize)]
struct Count {
    n: u32,
}

#[derive(Deserialize)]
struct Address {
    rest: String,
    at: String,
}

/// The list of the parts of the map.
async fn sitemap(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let vacancies = read(cx.ports.search, sql::vacancy_count()).await?.first::<Count>()?;
    let organisations = read(cx.ports.db, sql::organisation_count()).await?.first::<Count>()?;
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for lang in Lang::ALL {
        for (kind, n) in [
            ("pages", 1),
            ("vacancies", vacancies.as_ref().map_or(0, |count| count.n)),
            ("organisations", organisations.as_ref().map_or(0, |count| count.n)),
        ] {
            for part in 1..=n.div_ceil(PART) {
                out += &format!(
                    "<sitemap><loc>{}/sitemap/{}-{kind}-{part}.xml</loc></sitemap>\n",
                    escape(&cx.ports.config.origin),
                    lang.code()
                );
            }
        }
    }
    out += "</sitemapindex>\n";
    Ok(map_response(out))
}

/// A part of the map: `kk-vacancies-1.xml`.
async fn part(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let name = cx.param("part");
    let parts: Vec<&str> = name.strip_suffix(".xml").unwrap_or_default().split('-').collect();
    let [lang, kind, number] = parts.as_slice() else {
        return Err(Refusal::not_found().into());
    };
    let lang = Lang::parse(lang).ok_or_else(Refusal::not_found)?;
    let number: u32 = number.parse().map_err(|_| Refusal::not_found())?;
    let number = number.checked_sub(1).filter(|n| *n < 1000).ok_or_else(Refusal::not_found)?;
    let ports = cx.ports;
    let addresses: Vec<Address> = match *kind {
        "vacancies" => read(ports.search, sql::vacancy_addresses(number, PART)).await?.all()?,
        "organisations" => {
            read(ports.db, sql::organisation_addresses(number, PART)).await?.all()?
        }
        "pages" if number == 0 => {
            let rows = read_all(ports.search, vec![sql::landing_addresses(PART)]).await?;
            let fixed = PAGES.iter().map(|rest| Address { rest: (*rest).into(), at: "".into() });
            let landing: Vec<Address> =
                rows.first().map(|rows| rows.all()).transpose()?.unwrap_or_default();
            let help = ARTICLES
                .iter()
                .map(|one| Address { rest: format!("/help/{}", one.slug), at: "".into() });
            fixed.chain(help).chain(landing).collect()
        }
        _ => return Err(Refusal::not_found().into()),
    };
    if addresses.is_empty() {
        return Err(Refusal::not_found().into());
    }
    let site = site(ports.config);
    let mut out = String::with_capacity(addresses.len() * 400);
    out += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
            <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
            xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n";
    for address in &addresses {
        out += &format!("<url><loc>{}</loc>", escape(&site.absolute(lang, &address.rest)));
        if let Some(at) = Timestamp::parse(&address.at) {
            out += &format!("<lastmod>{}</lastmod>", at.rfc3339_local());
        }
        for (code, href) in site.alternates(&address.rest) {
            out += &format!(
                "<xhtml:link rel=\"alternate\" hreflang=\"{code}\" href=\"{}\"/>",
                escape(&href)
            );
        }
        out += "</url>\n";
    }
    out += "</urlset>\n";
    Ok(map_response(out))
}

fn map_response(body: String) -> Response {
    Response::new(200, "application/xml; charset=utf-8", body).cached(Caching::Public(300))
}

/// Robots may read everything public.
async fn robots(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let body = format!(
        "User-agent: *\nAllow: /app/card-\nDisallow: /app\nDisallow: /api/v1/cabinet\nDisallow: /lang/\n\n\
         Sitemap: {}/sitemap.xml\n",
        cx.ports.config.origin
    );
    Ok(Response::new(200, "text/plain; charset=utf-8", body).cached(Caching::Public(300)))
}
