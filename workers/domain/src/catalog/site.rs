//! Addresses of the portal, for one host with language prefixes and for one host per language
//! (C24.1 R1). Everywhere in the pages `rest` is an address without its language: `` (home),
//! `/vacancies/matematika-1001`.

use crate::shared::lang::Lang;

/// The hosts of a deployment.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// The public origin without a slash at the end.
    pub origin: &'a str,
    /// Origins in the order of [`Lang::ALL`]; empty = prefixes on `origin`.
    pub hosts: &'a [String],
}

impl Site<'_> {
    /// The origin of a language where every language has its own host.
    fn host(&self, lang: Lang) -> Option<&str> {
        self.hosts.get(lang as usize).map(|host| host.trim_end_matches('/'))
    }

    /// A link inside the same language: `/kk/vacancies`, or `/vacancies` on a language's own host.
    pub fn path(&self, lang: Lang, rest: &str) -> String {
        let prefix = if self.host(lang).is_some() { "" } else { lang.code() };
        match (prefix, rest) {
            ("", "") => "/".to_owned(),
            ("", rest) => rest.to_owned(),
            (prefix, "") => format!("/{prefix}/"),
            (prefix, rest) => format!("/{prefix}{rest}"),
        }
    }

    /// The whole address, as canonical links, feeds and shared links carry it.
    pub fn absolute(&self, lang: Lang, rest: &str) -> String {
        let origin = self.host(lang).unwrap_or(self.origin);
        format!("{origin}{}", self.path(lang, rest))
    }

    /// `hreflang` and address of every language of a page, and `x-default`, which is Kazakh.
    /// Every page of ours exists in all three, so the list is the same on each of them.
    pub fn alternates(&self, rest: &str) -> Vec<(&'static str, String)> {
        let mut all: Vec<_> =
            Lang::ALL.into_iter().map(|lang| (lang.code(), self.absolute(lang, rest))).collect();
        all.push(("x-default", self.absolute(Lang::Kk, rest)));
        all
    }

    /// The address behind a switch of language: it stores the choice and goes to the same page
    /// with the same query.
    pub fn switch(&self, to: Lang, rest: &str, query: &str) -> String {
        let mut target = format!("/{}{}", to.code(), if rest.is_empty() { "/" } else { rest });
        if !query.is_empty() {
            target.push('?');
            target += query;
        }
        format!("/lang/{}?to={}", to.code(), encode(&target))
    }
}

/// The page to go to after a switch of language: only a path of our own, in the new language.
/// Anything else (another host, a scheme, a line break) leads to the home page.
pub fn switch_target(to: Lang, asked: &str) -> String {
    let own = asked.starts_with('/')
        && asked.len() <= 4096
        && !asked.starts_with("//")
        && !asked.bytes().any(|byte| byte == b'\\' || byte.is_ascii_control());
    let (path, query) = asked.split_once('?').unwrap_or((asked, ""));
    let rest = Lang::ALL.into_iter().find_map(|lang| {
        let rest = path.strip_prefix('/')?.strip_prefix(lang.code())?;
        (rest.is_empty() || rest.starts_with('/')).then_some(rest)
    });
    match rest {
        Some(rest) if own && !rest.starts_with("//") => {
            let rest = if rest.is_empty() { "/" } else { rest };
            let mark = if query.is_empty() { "" } else { "?" };
            format!("/{}{}{mark}{}", to.code(), header_safe(rest), header_safe(query))
        }
        _ => format!("/{}/", to.code()),
    }
}

/// Percent-encodes what a header may not carry; what is encoded already stays.
fn header_safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && !b"<>\"`{}|^".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Percent-encodes a value for a query.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Kind of the page that led here, from the `Referer` alone: `search`, `site`, `social` or
/// `direct`. Nothing else of it is kept.
pub fn source(referer: Option<&str>, own_origins: &[&str]) -> &'static str {
    let Some(referer) = referer.filter(|text| !text.is_empty()) else { return "direct" };
    let own = |origin: &&str| {
        let rest = referer.strip_prefix(*origin);
        !origin.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if own_origins.iter().any(own) {
        return "site";
    }
    let host = referer.split("://").nth(1).unwrap_or(referer);
    let host = host.split(['/', ':', '?']).next().unwrap_or_default().to_ascii_lowercase();
    let named = |names: &[&str]| host.split('.').any(|part| names.contains(&part));
    if named(&["google", "yandex", "bing", "duckduckgo", "mail", "yahoo"]) {
        "search"
    } else if named(&["facebook", "instagram", "vk", "t", "telegram", "whatsapp", "tiktok", "ok"]) {
        "social"
    } else {
        "direct"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefixes() -> Site<'static> {
        Site { origin: "https://mansap.kz", hosts: &[] }
    }

    #[test]
    fn addresses_with_prefixes_and_with_hosts() {
        let site = prefixes();
        assert_eq!(site.path(Lang::Kk, ""), "/kk/");
        assert_eq!(site.absolute(Lang::Ru, "/help"), "https://mansap.kz/ru/help");
        let hosts = ["https://mansap.kz", "https://rus.mansap.kz/", "https://en.mansap.kz"]
            .map(str::to_owned);
        let site = Site { origin: "https://mansap.kz", hosts: &hosts };
        assert_eq!(site.path(Lang::Ru, ""), "/");
        assert_eq!(site.absolute(Lang::Ru, "/help"), "https://rus.mansap.kz/help");
        assert_eq!(site.absolute(Lang::Kk, ""), "https://mansap.kz/");
    }

    #[test]
    fn alternates_are_reciprocal() {
        let pages = Lang::ALL.map(|lang| (lang, prefixes().alternates("/vacancies/x")));
        for (lang, alternates) in &pages {
            let own = prefixes().absolute(*lang, "/vacancies/x");
            assert!(alternates.iter().any(|(code, url)| *code == lang.code() && *url == own));
            assert_eq!(alternates, &pages[0].1, "all three name the same addresses");
        }
    }

    #[test]
    fn the_switch_goes_only_to_our_own_pages() {
        let table = [
            ("/ru/vacancies?q=a&page=2", "/kk/vacancies?q=a&page=2"),
            ("/kk/", "/kk/"),
            ("/en", "/kk/"),
            ("//evil.example/ru/", "/kk/"),
            ("https://evil.example/ru/", "/kk/"),
            ("/ru//evil.example", "/kk/"),
            ("/\\evil.example", "/kk/"),
            ("/ru/a\r\nset-cookie: x=1", "/kk/"),
            ("/rubbish", "/kk/"),
            ("", "/kk/"),
            ("/ru/vacancies?q=қала", "/kk/vacancies?q=%D2%9B%D0%B0%D0%BB%D0%B0"),
        ];
        for (asked, want) in table {
            assert_eq!(switch_target(Lang::Kk, asked), want, "{asked}");
        }
        assert_eq!(
            prefixes().switch(Lang::Ru, "/vacancies", "q=a%20b"),
            "/lang/ru?to=/ru/vacancies%3Fq%3Da%2520b"
        );
    }

    #[test]
    fn sources_are_kinds_only() {
        let own = ["https://mansap.kz"];
        for (referer, want) in [
            (None, "direct"),
            (Some("https://mansap.kz/kk/vacancies?q=x"), "site"),
            (Some("https://www.google.kz/"), "search"),
            (Some("https://yandex.kz/search"), "search"),
            (Some("https://t.me/"), "social"),
            (Some("https://l.instagram.com/"), "social"),
            (Some("https://bilim.example/"), "direct"),
        ] {
            assert_eq!(source(referer, &own), want, "{referer:?}");
        }
    }
}
