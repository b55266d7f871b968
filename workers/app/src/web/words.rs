//! Small pieces of text that several pages need.

use domain::shared::{
    lang::{Lang, Text},
    phone::Phone,
};

/// A text of an organisation, with the language it is really in: the page must say so where it
/// is not the page's own (WCAG 3.1.2).
pub struct Words<'a> {
    /// The text.
    pub text: &'a str,
    foreign: Option<Lang>,
}

impl<'a> Words<'a> {
    /// The text for a reader.
    pub fn new(lang: Lang, text: &'a Text) -> Words<'a> {
        let shown = text.get(lang);
        let of = |lang: Lang| match lang {
            Lang::Kk => &text.kk,
            Lang::Ru => &text.ru,
            Lang::En => &text.en,
        };
        let own = Lang::ALL.into_iter().find(|one| of(*one) == shown).unwrap_or(lang);
        let own = if of(lang) == shown { lang } else { own };
        Words { text: shown, foreign: (own != lang).then_some(own) }
    }

    /// ` lang="ru"` where the text is in another language than the page.
    pub fn attr(&self) -> String {
        self.foreign.map_or_else(String::new, |lang| format!(" lang=\"{}\"", lang.code()))
    }

    /// Whether the text is in another language than the page.
    pub fn is_foreign(&self) -> bool {
        self.foreign.is_some() && !self.text.is_empty()
    }
}

/// An address that may stand in a link: the web only. What has no scheme gets one.
pub fn web_address(site: &str) -> Option<String> {
    let site = site.trim();
    let rest = site.strip_prefix("https://").or_else(|| site.strip_prefix("http://"));
    let full = match rest {
        Some(_) => site.to_owned(),
        None => format!("https://{site}"),
    };
    let host = rest.unwrap_or(site).split(['/', '?', '#']).next().unwrap_or_default();
    let fine = host.contains('.')
        && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
        && !full.contains(|c: char| c.is_whitespace() || c.is_control());
    fine.then_some(full)
}

/// A phone as a link and as people read it: `+77012345678` and `+7 701 234 56 78`. A number of
/// another kind stays as it was typed; only its digits go into the link.
pub fn phone(text: &str) -> (String, String) {
    match Phone::parse(text) {
        Ok(phone) => (phone.e164(), phone.display()),
        Err(_) => {
            let digits = text.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
            (digits, text.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_say_their_language() {
        let text = Text::new("қазақша", "по-русски");
        assert_eq!(Words::new(Lang::Kk, &text).attr(), "");
        assert_eq!(Words::new(Lang::En, &text).attr(), " lang=\"ru\"");
        let same = Text::new("CPA", "CPA");
        assert_eq!(Words::new(Lang::Ru, &same).attr(), "");
    }

    #[test]
    fn only_web_addresses_become_links() {
        assert_eq!(web_address("mektep.kz").as_deref(), Some("https://mektep.kz"));
        assert_eq!(web_address("http://a.kz/x?y").as_deref(), Some("http://a.kz/x?y"));
        for bad in ["", "javascript:alert(1)", "data:text/html,x", "a b.kz", "//x", "https://"] {
            assert_eq!(web_address(bad), None, "{bad}");
        }
        assert_eq!(phone("+7 701 234-56-78").0, "+77012345678");
        assert_eq!(phone("112\"<"), ("112".into(), "112\"<".into()));
    }
}
