//! What every page has: language, head, switch of language, breadcrumb.

use domain::{
    catalog::site::Site,
    shared::{
        lang::Lang,
        locale::{PUBLIC, Table},
    },
};

use crate::{cx::Cx, error::Error, http::Response, ports::Config};

/// The frame of a page. Texts are escaped by the templates.
pub struct Page<'a> {
    /// Language of the page.
    pub lang: Lang,
    /// Hosts.
    pub site: Site<'a>,
    /// Address without its language: `` for home, `/vacancies/x`.
    pub rest: String,
    /// Query of the request, for the switch of language.
    pub query: String,
    /// Title, without the name of the portal.
    pub title: String,
    /// Description for search engines and shared links.
    pub description: String,
    /// Whether search engines may keep it.
    pub index: bool,
    /// Whether it has no address of its own to name: an error, a form, a preview.
    pub bare: bool,
    /// Whole address of the social card; empty = none.
    pub card: String,
    /// Address of the feed of this page; empty = none.
    pub feed: String,
    /// Whether the switch of language takes along what was typed into the form `form`.
    pub takes: bool,
    /// Breadcrumb after home: address without language (empty = this page) and name.
    pub crumbs: Vec<(String, String)>,
}

/// A link of the switch of language.
pub struct Switch {
    /// Where to.
    pub href: String,
    /// Where a half-filled form is shown in that language.
    pub form: String,
    /// Code of the language.
    pub code: &'static str,
    /// Three letters, as people here know them.
    pub short: &'static str,
    /// The rest of the language's own name, for those who hear the page.
    pub rest: &'static str,
    /// Whether it is the language of this page.
    pub current: bool,
}

impl<'a> Page<'a> {
    /// A page that search engines may keep.
    pub fn new(config: &'a Config, lang: Lang, rest: impl Into<String>) -> Page<'a> {
        Page {
            lang,
            site: Site { origin: &config.origin, hosts: &config.hosts },
            rest: rest.into(),
            query: String::new(),
            title: String::new(),
            description: String::new(),
            index: true,
            bare: false,
            card: String::new(),
            feed: String::new(),
            takes: false,
            crumbs: Vec::new(),
        }
    }

    /// With a form `form` whose entries the switch of language takes along: its buttons send the
    /// form to the same page in the other language ([`super::address::is_switch`]). Where each
    /// language has a host of its own a page may not send anything to the other one.
    #[must_use]
    pub fn taking(mut self) -> Page<'a> {
        self.takes = self.site.hosts.is_empty();
        self
    }

    /// With title and description.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>, description: impl Into<String>) -> Page<'a> {
        self.title = title.into();
        self.description = shorten(&description.into(), 160);
        self
    }

    /// With a step of the breadcrumb; an empty address is this page.
    #[must_use]
    pub fn crumb(mut self, rest: impl Into<String>, name: impl Into<String>) -> Page<'a> {
        self.crumbs.push((rest.into(), name.into()));
        self
    }

    /// A page without an address of its own: an error, a form, a preview.
    #[must_use]
    pub fn bare(mut self) -> Page<'a> {
        self.index = false;
        self.bare = true;
        self
    }

    /// With the query of the request, so that the switch of language keeps it.
    #[must_use]
    pub fn with_query(mut self, query: &str) -> Page<'a> {
        self.query = query.to_owned();
        self
    }

    /// A text of the interface.
    pub fn t(&self, key: &'static str) -> &'static str {
        TEXTS.get(self.lang, key)
    }

    /// A text with its placeholder `{name}` filled.
    pub fn f(&self, key: &'static str, name: &str, value: impl AsRef<str>) -> String {
        TEXTS.fill(self.lang, key, &[(name, value.as_ref())])
    }

    /// A counted noun.
    pub fn n(&self, key: &'static str, n: &u32) -> String {
        TEXTS.count(self.lang, key, i64::from(*n))
    }

    /// The address of this page, to be a value in another's query; empty for pages whose address
    /// may hold a secret.
    pub fn own(&self) -> String {
        if self.bare { String::new() } else { crate::http::encode(&self.link(&self.rest)) }
    }

    /// A link in this language.
    pub fn link(&self, rest: impl AsRef<str>) -> String {
        self.site.path(self.lang, rest.as_ref())
    }

    /// The page's own whole address.
    pub fn canonical(&self) -> String {
        self.site.absolute(self.lang, &self.rest)
    }

    /// The page in all languages.
    pub fn alternates(&self) -> Vec<(&'static str, String)> {
        self.site.alternates(&self.rest)
    }

    /// Whole address of the picture that a shared link shows: one a language.
    pub fn picture(&self) -> String {
        format!("{}/app/card-{}.png", self.site.origin, self.lang.code())
    }

    /// Open Graph's name of the language.
    pub fn locale(&self) -> &'static str {
        ["kk_KZ", "ru_KZ", "en_GB"][self.lang as usize]
    }

    /// The switch of language.
    pub fn switch(&self) -> Vec<Switch> {
        let names = [("Қаз", "ақша"), ("Рус", "ский"), ("Eng", "lish")];
        Lang::ALL
            .into_iter()
            .map(|lang| Switch {
                href: self.site.switch(lang, &self.rest, &self.query),
                form: self.site.path(lang, &self.rest),
                code: lang.code(),
                short: names[lang as usize].0,
                rest: names[lang as usize].1,
                current: lang == self.lang,
            })
            .collect()
    }

    /// Address of the stylesheet.
    pub fn styles(&self) -> &'static str {
        super::assets::STYLES.0
    }

    /// Address of the icon.
    pub fn icon(&self) -> &'static str {
        super::assets::ICON.0
    }
}

/// Texts of the public side.
pub(crate) static TEXTS: &Table = &PUBLIC;

/// The language in the address. Another first segment is no page of ours.
pub(crate) fn lang(cx: &Cx<'_>) -> Result<Lang, Error> {
    Lang::parse(cx.param("lang"))
        .ok_or_else(|| domain::shared::refusal::Refusal::not_found().into())
}

/// Renders a template as an answer.
pub(crate) fn render(template: &impl askama::Template) -> Result<Response, Error> {
    let html = template.render().map_err(|e| crate::error::Fault::new(format!("template: {e}")))?;
    Ok(Response::html(html))
}

/// Cuts a text at a word for places with little room; line breaks become spaces.
pub(crate) fn shorten(text: &str, limit: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= limit {
        return text;
    }
    let head: String = text.chars().take(limit.saturating_sub(1)).collect();
    let cut = head.rfind(' ').unwrap_or(head.len());
    format!("{}…", head.get(..cut).unwrap_or(&head).trim_end_matches([',', ';', '.', ':']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortens_at_a_word() {
        assert_eq!(shorten("қысқа\nмәтін", 20), "қысқа мәтін");
        assert_eq!(shorten("бір екі үш төрт", 10), "бір екі…");
        assert_eq!(shorten("ұзынсөзбаросында", 5), "ұзын…");
    }
}
