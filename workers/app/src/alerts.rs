//! Alerts about new vacancies: a search, an address, how often. No account is needed; the address
//! is confirmed by a code or a link. Every message has a link to change and one to stop.
//!
//! Nothing of what a visitor typed is in the message that confirms an address: nobody can make us
//! write to somebody else in his words.

use askama::Template;
use domain::{
    account::contact::Contact,
    notice::api::Period,
    search::query::Query,
    shared::{lang::Lang, locale::ALERTS, refusal::Refusal},
    sql,
};
use serde::Deserialize;

use crate::{
    cx::Cx,
    error::Error,
    http::pairs,
    ports::{Ports, read},
    route,
    routes::Route,
    search,
    secret::digest,
    web::page::Page,
};

mod ask;
pub mod digest;
mod manage;
pub mod mine;
mod nudge;
mod off;

pub use nudge::remind;

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/{lang}/alerts/new", Public, Page, ask::form),
    route!(Post "/{lang}/alerts/new", Public, Page, ask::subscribe),
    route!(Post "/{lang}/alerts/code", Public, Page, ask::enter_code),
    route!(Get "/{lang}/alerts/confirm/{secret}", Public, Page, ask::show_confirm),
    route!(Post "/{lang}/alerts/confirm/{secret}", Public, Page, ask::confirm),
    route!(Get "/{lang}/alerts/my/{secret}", Public, Page, manage::show),
    route!(Post "/{lang}/alerts/my/{secret}", Public, Page, manage::change),
    route!(Get "/stop/{secret}", Public, Page, manage::show_stop),
    route!(Post "/stop/{secret}", Public, Page, manage::stop),
    route!(Get "/off/{group}/{secret}", Public, Page, off::show_off),
    route!(Post "/off/{group}/{secret}", Public, Page, off::off),
];

/// Addresses that a mailbox posts to by itself (RFC 8058): no page of ours stands behind the
/// request, the secret in the address is all there is.
pub const ONE_CLICK: [&str; 2] = ["/stop/{secret}", "/off/{group}/{secret}"];

/// The page of every step; what is empty is not shown.
#[derive(Template)]
#[template(path = "alerts.html")]
struct Step<'a> {
    page: Page<'a>,
    error: String,
    field: &'static str,
    notice: String,
    text: String,
    search: String,
    see: String,
    action: String,
    hidden: Vec<(&'static str, String)>,
    asks: &'static str,
    contact: String,
    period: &'static str,
    buttons: Vec<(&'static str, &'static str)>,
    aside: &'static str,
    dev: bool,
}

impl<'a> Step<'a> {
    fn new(cx: &Cx<'a>, rest: &str, title: &'static str) -> Step<'a> {
        let page =
            Page::new(cx.ports.config, cx.lang, rest).titled(words(cx.lang, title), "").bare();
        Step {
            page,
            error: String::new(),
            field: "",
            notice: String::new(),
            text: String::new(),
            search: String::new(),
            see: String::new(),
            action: String::new(),
            hidden: Vec::new(),
            asks: "",
            contact: String::new(),
            period: "",
            buttons: Vec::new(),
            aside: "",
            dev: false,
        }
    }

    fn w(&self, key: &'static str) -> &'static str {
        words(self.page.lang, key)
    }
}

fn words(lang: Lang, key: &'static str) -> &'static str {
    ALERTS.get(lang, key)
}

/// An alert, as its pages know it.
#[derive(Debug, Clone, Deserialize)]
struct Stored {
    id: String,
    address: String,
    lang: String,
    query: String,
    name: String,
    period: Period,
    state: String,
    secret: String,
    code: Option<String>,
    tries: i64,
}

const COLUMNS: &str =
    "SELECT id, address, lang, query, name, period, state, secret, code, tries FROM subscription";

async fn by_secret(ports: &Ports<'_>, secret: &str) -> Result<Stored, Error> {
    let found: Option<Stored> =
        read(ports.db, sql!(format!("{COLUMNS} WHERE secret = ?1"), secret)).await?.first()?;
    found.ok_or_else(|| Refusal::not_found().into())
}

async fn by_confirm(ports: &Ports<'_>, secret: &str) -> Result<Option<Stored>, Error> {
    let statement = sql!(
        format!("{COLUMNS} WHERE confirm = ?1 AND confirm_until > ?2"),
        digest(secret),
        ports.now
    );
    Ok(read(ports.db, statement).await?.first()?)
}

fn value<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|(have, _)| have == name).map_or("", |(_, value)| value.trim())
}

fn masked(address: &str) -> String {
    Contact::parse(address).map(|contact| contact.masked()).unwrap_or_default()
}

/// The search of a query string, in its stable order and in words.
pub(crate) async fn search_of(
    ports: &Ports<'_>,
    lang: Lang,
    text: &str,
) -> Result<(String, String), Error> {
    let mut query = Query::parse(&pairs(text))?;
    query.cursor = None;
    query.sort = domain::search::query::Sort::default();
    let found = search::find(ports, lang, &query).await?;
    let labels: Vec<String> = found.chips.into_iter().map(|chip| chip.label).collect();
    let name = match labels.is_empty() {
        true => words(lang, "new.everything").to_owned(),
        false => labels.join(", "),
    };
    Ok((query.to_query_string(), name))
}

fn list_link(cx: &Cx<'_>, query: &str) -> String {
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/{}/vacancies{mark}{query}", cx.lang.code())
}
