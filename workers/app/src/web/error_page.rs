//! The page of an answer that is no success. It says what the reader can do and nothing of us.

use askama::Template;
use domain::shared::lang::Lang;

use super::page::Page;
use crate::ports::Config;

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    page: Page<'a>,
    status: u16,
    detail: &'a str,
    request_id: &'a str,
}

/// What an error page says.
#[derive(Debug, Clone, Copy, Default)]
pub struct Failure<'a> {
    /// HTTP status.
    pub status: u16,
    /// Title; empty = the one of the status.
    pub title: &'a str,
    /// What the reader can do, in his language; empty = the text of the status.
    pub detail: &'a str,
    /// Number of the request, for asking about it.
    pub request_id: &'a str,
    /// Address without its language, for the switch: `/vacancies/x`.
    pub rest: &'a str,
    /// Query of the request, for the switch.
    pub query: &'a str,
}

/// The page of a failure. Nothing internal is in it, whatever went wrong.
pub fn error_page(config: &Config, lang: Lang, failure: &Failure<'_>) -> String {
    let Failure { status, title, detail, request_id, rest, query } = *failure;
    let mut page = Page::new(config, lang, rest).with_query(query).bare();
    page.title = match (title, status) {
        ("", 404) => page.t("error.404").to_owned(),
        ("", 410) => page.t("error.410").to_owned(),
        ("", 403) => page.t("error.403").to_owned(),
        ("", 429) => page.t("error.429").to_owned(),
        ("", 503) => page.t("error.503").to_owned(),
        ("", 400..=499) => page.t("error.400").to_owned(),
        ("", _) => page.t("error.500").to_owned(),
        (title, _) => title.to_owned(),
    };
    let own = match status {
        404 => page.t("error.404.detail"),
        429 => page.t("error.429.detail"),
        500..=599 => page.t("error.500.detail"),
        _ => "",
    };
    let detail = if detail.is_empty() { own } else { detail };
    let template = ErrorPage { page, status, detail, request_id };
    template.render().unwrap_or_else(|_| status.to_string())
}
