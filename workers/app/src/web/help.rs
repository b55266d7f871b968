//! Help: articles as data, turned into HTML by the build.

use askama::Template;
use domain::shared::{lang::Lang, refusal::Refusal};

use super::page::{Page, lang, render};
use crate::{
    cx::Cx,
    error::Error,
    http::{Caching, Request, Response},
};

/// An article.
pub struct Article {
    /// Last segment of its address.
    pub slug: &'static str,
    /// In the order of `Lang::ALL`.
    pub texts: [ArticleText; 3],
}

/// An article in one language.
pub struct ArticleText {
    /// Title.
    pub title: &'static str,
    /// First paragraph.
    pub summary: &'static str,
    /// HTML of the rest, `{base}` where links inside the language begin.
    pub html: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/help.rs"));

struct Entry {
    rest: String,
    title: &'static str,
    summary: &'static str,
}

#[derive(Template)]
#[template(path = "help.html")]
struct Index<'a> {
    page: Page<'a>,
    articles: Vec<Entry>,
    /// Where one reports without a name: a site of its own.
    report: Option<String>,
}

#[derive(Template)]
#[template(path = "article.html")]
struct ArticlePage<'a> {
    page: Page<'a>,
    html: String,
    articles: Vec<Entry>,
}

fn entries(lang: Lang, without: &str) -> Vec<Entry> {
    ARTICLES
        .iter()
        .filter(|article| article.slug != without)
        .map(|article| {
            let text = &article.texts[lang as usize];
            Entry {
                rest: format!("/help/{}", article.slug),
                title: text.title,
                summary: text.summary,
            }
        })
        .collect()
}

/// `/{lang}/help`.
pub(crate) async fn index(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let page = Page::new(cx.ports.config, lang(cx)?, "/help").with_query(&request.query);
    let (title, description) = (page.t("help.title"), page.t("help.description"));
    let page = page.titled(title, description).crumb("", title);
    let articles = entries(page.lang, "");
    let help = &cx.ports.config.help_origin;
    let report = (!help.is_empty()).then(|| format!("{help}/{}", page.lang.code()));
    Ok(render(&Index { page, articles, report })?.cached(Caching::Public(300)))
}

/// `/{lang}/help/{article}`.
pub(crate) async fn article(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let lang = lang(cx)?;
    let article = ARTICLES
        .iter()
        .find(|article| article.slug == cx.param("article"))
        .ok_or_else(Refusal::not_found)?;
    let text = &article.texts[lang as usize];
    let page = Page::new(cx.ports.config, lang, format!("/help/{}", article.slug));
    let help = page.t("help.title");
    let page = page
        .with_query(&request.query)
        .titled(text.title, text.summary)
        .crumb("/help", help)
        .crumb("", text.title);
    let home = page.link("");
    let html = text.html.replace("{base}", home.trim_end_matches('/'));
    let articles = entries(lang, article.slug);
    Ok(render(&ArticlePage { page, html, articles })?.cached(Caching::Public(300)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_link_of_an_article_leads_to_a_page_that_exists() {
        let known = ["/vacancies", "/organisations", "/help", "/sign-in"];
        for article in ARTICLES {
            for text in &article.texts {
                assert!(!text.title.is_empty() && !text.summary.is_empty());
                for link in text.html.split("href=\"{base}").skip(1) {
                    let target = link.split('"').next().unwrap_or_default();
                    let article = target.strip_prefix("/help/");
                    assert!(
                        known.contains(&target)
                            || article.is_some_and(|slug| ARTICLES.iter().any(|a| a.slug == slug)),
                        "{}: {target}",
                        article.unwrap_or_default()
                    );
                }
            }
        }
    }
}
