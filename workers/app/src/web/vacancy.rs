//! The page of a vacancy: `/{lang}/vacancies/{slug}`, its calendar file and its social card.

use askama::Template;
use domain::{
    account::permission::Permission,
    catalog::{
        job,
        names::Names,
        site::{encode, source},
        sql::Key,
    },
    search::api::{Card, PublicVacancy},
    shared::{format, id::is_ulid, lang::Lang, refusal::Refusal, time::Timestamp},
    vacancy::model::State,
};

use super::{
    card::{CardView, pay, rate, views},
    data::{Loaded, Lookup, similar, vacancy},
    facts::{Deadline, Event, Notice, Rules, deadline, events, facts, notice, rules, term},
    page::{Page, lang, render, shorten},
    qr::{Qr, draw},
    words::{Words, phone},
};
use crate::{
    cx::Cx,
    error::Error,
    http::{After, Caching, Request, Response},
    ports::{Config, read},
};

/// A text with its heading.
struct Section<'a> {
    title: &'static str,
    body: Words<'a>,
}

#[derive(Template)]
#[template(path = "vacancy.html")]
struct VacancyPage<'a> {
    page: Page<'a>,
    v: &'a PublicVacancy,
    title: Words<'a>,
    preview: bool,
    open: bool,
    foreign: bool,
    posting: Option<String>,
    notice: Option<Notice>,
    deadline: Option<Deadline>,
    sections: Vec<Section<'a>>,
    documents: Vec<&'a str>,
    brief: Vec<String>,
    facts: Vec<(&'static str, String)>,
    address: &'a str,
    phone: Option<(String, String)>,
    email: Option<(&'a str, &'a str)>,
    organisation: String,
    organisation_kind: &'a str,
    organisation_name: &'a str,
    organisation_place: &'a str,
    organisation_address: &'a str,
    ics: String,
    share: String,
    share_url: String,
    share_title: String,
    similar: Vec<CardView>,
    history: Vec<Event>,
    rules: Option<Rules>,
    qr: Option<Qr>,
}

/// What the page of a vacancy is made of.
pub struct View<'a> {
    /// Settings.
    pub config: &'a Config,
    /// Now.
    pub now: Timestamp,
    /// Language of the page.
    pub lang: Lang,
    /// The vacancy.
    pub vacancy: &'a PublicVacancy,
    /// Names of its codes.
    pub names: &'a Names,
    /// Vacancies like it.
    pub similar: &'a [Card],
    /// Whether it is the clerk's preview: no mark-up, no links to what is not there yet.
    pub preview: bool,
    /// Query of the request, for the switch of language.
    pub query: &'a str,
}

/// The page of a vacancy as HTML.
///
/// # Errors
/// A fault where the template fails.
pub fn render_vacancy(view: &View<'_>) -> Result<Response, Error> {
    let View { config, now, lang, vacancy: v, names, preview, .. } = *view;
    let content = &v.content;
    let open = v.state == State::Published || preview;
    let rest = format!("/vacancies/{}", v.slug);
    let title = Words::new(lang, &v.title);
    let mut page = Page::new(config, lang, rest.clone()).with_query(view.query);
    let place = v.organisation.place.get(lang);
    let name = v.organisation.name.get(lang);
    let mut description = format!("{}. {name}, {place}.", title.text);
    let money = pay(lang, content.salary_from, content.salary_to);
    if !money.is_empty() {
        description += &format!(" {}: {money}.", page.t("vacancy.pay"));
    }
    if let (true, Some(day)) = (open, v.accept_to) {
        description += &format!(" {}.", page.f("vacancy.until", "date", format::date(lang, day)));
    }
    page = page.titled(format!("{} — {}", title.text, shorten(name, 60)), description);
    page.index = open;
    if preview {
        page = page.bare();
    }
    page.card = page.site.absolute(lang, &format!("{rest}/card.svg"));
    if !preview {
        let region = format!("{:0<9}", v.organisation.kato.get(..2).unwrap_or_default());
        let region_name = names.get(lang, "kato", &region);
        let all = page.t("menu.vacancies");
        page = page.crumb("/vacancies", all);
        if !region_name.is_empty() {
            page = page.crumb(format!("/vacancies/region/{region}"), region_name);
        }
    }
    let sections: Vec<Section<'_>> = [
        ("vacancy.duties", &content.duties),
        ("vacancy.requirements", &content.requirements),
        ("vacancy.conditions", &content.conditions),
        ("vacancy.bonuses", &content.bonuses),
    ]
    .into_iter()
    .filter(|(_, text)| !text.is_empty())
    .map(|(key, text)| Section { title: page.t(key), body: Words::new(lang, text) })
    .collect();
    let own = if content.address.is_empty() { &v.organisation.address } else { &content.address };
    let canonical = page.canonical();
    let email = content.contact_email.split_once('@');
    let contact = [&content.contact_phone, &v.organisation.phone];
    let number = contact.into_iter().find(|phone| !phone.is_empty());
    let template = VacancyPage {
        v,
        preview,
        open,
        foreign: sections.iter().any(|section| section.body.is_foreign()),
        posting: (!preview).then(|| job::posting(v, names, page.site, lang)).flatten(),
        notice: notice(lang, v, names),
        deadline: deadline(lang, v, now, preview),
        documents: content
            .documents
            .iter()
            .map(|code| names.get(lang, "document_type", code))
            .filter(|name| !name.is_empty())
            .collect(),
        brief: [money, rate(lang, content.rate), term(lang, content)]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect(),
        facts: facts(lang, v, names),
        address: own.get(lang),
        phone: number.map(|number| phone(number)),
        email,
        organisation: format!("/organisations/{}", v.organisation.slug),
        organisation_kind: names.get(lang, "organisation_type", &v.organisation.kind),
        organisation_name: name,
        organisation_place: place,
        organisation_address: v.organisation.address.get(lang),
        ics: format!("{rest}/deadline.ics"),
        share: encode(&format!("{} — {name}\n{canonical}", title.text)),
        share_url: encode(&canonical),
        share_title: encode(title.text),
        similar: views(lang, now, view.similar, &[]),
        history: events(lang, v),
        rules: rules(lang, &v.rules),
        qr: if preview { None } else { draw(&canonical) },
        title,
        sections,
        page,
    };
    render(&template)
}

/// The vacancy of an address; an old address leads to the present one.
async fn load(cx: &Cx<'_>, lang: Lang, tail: &str) -> Result<Result<Box<Loaded>, Response>, Error> {
    match vacancy(cx.ports, Key::Slug(cx.param("slug"))).await? {
        Lookup::Found(loaded) if loaded.vacancy.state.was_public() => Ok(Ok(loaded)),
        Lookup::Moved(slug) => {
            let page = Page::new(cx.ports.config, lang, format!("/vacancies/{slug}{tail}"));
            Ok(Err(Response::redirect(301, page.link(&page.rest)).cached(Caching::Public(60))))
        }
        Lookup::Found(_) => Err(Refusal::not_found().into()),
        Lookup::Nothing => by_number(cx, lang, tail).await.map(Err),
    }
}

/// The number is printed on the page and told on the phone: an address that ends in it leads to
/// the vacancy, whatever the words before it.
async fn by_number(cx: &Cx<'_>, lang: Lang, tail: &str) -> Result<Response, Error> {
    let asked = cx.param("slug").rsplit('-').next().unwrap_or_default();
    let number: i64 = asked.parse().map_err(|_| Refusal::not_found())?;
    match vacancy(cx.ports, Key::Number(number)).await? {
        Lookup::Found(loaded) if loaded.vacancy.state.was_public() => {
            let rest = format!("/vacancies/{}{tail}", loaded.vacancy.slug);
            let page = Page::new(cx.ports.config, lang, rest);
            Ok(Response::redirect(301, page.link(&page.rest)).cached(Caching::Public(60)))
        }
        _ => Err(Refusal::not_found().into()),
    }
}

/// `/{lang}/vacancies/{slug}`.
pub(crate) async fn page(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let lang = lang(cx)?;
    let loaded = match load(cx, lang, "").await? {
        Ok(loaded) => loaded,
        Err(moved) => return Ok(moved),
    };
    let similar = similar(cx.ports, lang, &loaded.vacancy).await?;
    let config = cx.ports.config;
    let response = render_vacancy(&View {
        config,
        now: cx.ports.now,
        lang,
        vacancy: &loaded.vacancy,
        names: &loaded.names,
        similar: &similar,
        preview: false,
        query: &request.query,
    })?;
    let mut origins = vec![config.origin.as_str()];
    origins.extend(config.hosts.iter().map(String::as_str));
    let view = After::CountView {
        vacancy: loaded.id.clone(),
        lang: lang.code(),
        source: source(request.header("referer"), &origins),
    };
    Ok(response.cached(Caching::Public(30)).then(view))
}

/// `/{lang}/preview/{id}`: the page as its readers will see it, for those who may see the draft.
pub(crate) async fn preview(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    #[derive(serde::Deserialize)]
    struct Place {
        path: String,
    }
    let id = cx.param("id");
    if !is_ulid(id) {
        return Err(Refusal::not_found().into());
    }
    let place: Option<Place> = read(
        cx.ports.db,
        domain::sql!(
            "SELECT o.path FROM vacancy v JOIN organisation o ON o.id = v.organisation WHERE v.id = ?1",
            id
        ),
    )
    .await?
    .first()?;
    let place = place.ok_or_else(Refusal::not_found)?;
    cx.actor()?.check(Permission::VacancyRead, &place.path)?;
    let Lookup::Found(loaded) = vacancy(cx.ports, Key::Id(id)).await? else {
        return Err(Refusal::not_found().into());
    };
    render_vacancy(&View {
        config: cx.ports.config,
        now: cx.ports.now,
        lang: lang(cx)?,
        vacancy: &loaded.vacancy,
        names: &loaded.names,
        similar: &[],
        preview: true,
        query: &request.query,
    })
}

/// `/{lang}/vacancies/{slug}/deadline.ics`.
pub(crate) async fn calendar(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let lang = lang(cx)?;
    let loaded = match load(cx, lang, "/deadline.ics").await? {
        Ok(loaded) => loaded,
        Err(moved) => return Ok(moved),
    };
    let page = Page::new(cx.ports.config, lang, "");
    let note = page.t("vacancy.calendar.title");
    let file = (loaded.vacancy.state == State::Published)
        .then(|| job::calendar(&loaded.vacancy, page.site, lang, note))
        .flatten()
        .ok_or_else(Refusal::not_found)?;
    let name = format!("attachment; filename=\"mansap-{}.ics\"", loaded.vacancy.number);
    Ok(Response::new(200, "text/calendar; charset=utf-8", file)
        .header("content-disposition", name)
        .cached(Caching::Public(30)))
}

#[derive(Template)]
#[template(path = "card.svg", escape = "html")]
struct SocialCard {
    kicker: &'static str,
    lines: Vec<(usize, String)>,
    organisation: String,
    place: String,
    pay: String,
    until: String,
}

/// `/{lang}/vacancies/{slug}/card.svg`.
pub(crate) async fn card(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let lang = lang(cx)?;
    let loaded = match load(cx, lang, "/card.svg").await? {
        Ok(loaded) => loaded,
        Err(moved) => return Ok(moved),
    };
    let v = &loaded.vacancy;
    let page = Page::new(cx.ports.config, lang, "");
    let svg = SocialCard {
        kicker: page.t("vacancy.kicker"),
        lines: wrapped(v.title.get(lang), 30, 3)
            .into_iter()
            .enumerate()
            .map(|(place, line)| (220 + place * 74, line))
            .collect(),
        organisation: shorten(v.organisation.name.get(lang), 52),
        place: shorten(v.organisation.place.get(lang), 60),
        pay: pay(lang, v.content.salary_from, v.content.salary_to),
        until: match (v.state, v.accept_to) {
            (State::Published, Some(day)) => {
                page.f("card.until", "date", format::short_date(lang, day))
            }
            _ => page.t("state.closed").to_owned(),
        },
    };
    let svg = svg.render().map_err(|e| crate::error::Fault::new(format!("template: {e}")))?;
    Ok(Response::new(200, "image/svg+xml", svg).cached(Caching::Public(60)))
}

/// Breaks a text into at most `most` lines of about `width` letters.
fn wrapped(text: &str, width: usize, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in shorten(text, width * most).split(' ') {
        let room =
            lines.last().is_some_and(|line| line.chars().count() + word.chars().count() < width);
        match lines.last_mut() {
            Some(line) if room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.truncate(most);
    lines
}
