//! The language of a reader who came to `/` (C24.1 R2).

use crate::shared::lang::Lang;

/// Where a visit to `/` goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// A reader: go to this language (302; the answer varies by language and cookie).
    Redirect(Lang),
    /// A robot is never redirected: it gets the Kazakh home with 200. Kazakh is the state
    /// language and `x-default`, and the page's canonical address is `/kk/`, so nothing is
    /// indexed twice; a neutral page of three links would be one empty step for every reader
    /// who arrives from a search engine.
    Robot,
}

/// Chooses: a stored choice, else the browser's languages by their weight, else Kazakh.
pub fn choose(accept_language: Option<&str>, cookie: Option<&str>, is_robot: bool) -> Choice {
    if is_robot {
        return Choice::Robot;
    }
    let stored = cookie.and_then(Lang::parse);
    Choice::Redirect(stored.or_else(|| accepted(accept_language?)).unwrap_or_default())
}

/// The best of our languages in an `Accept-Language` header (RFC 9110, 12.5.4). Equal weights
/// keep the order of the header; weight 0 means "not this one".
fn accepted(header: &str) -> Option<Lang> {
    let mut best: Option<(u32, Lang)> = None;
    for item in header.split(',').take(32) {
        let mut parts = item.split(';');
        let tag = parts.next().unwrap_or_default().trim();
        let weight = parts
            .find_map(|part| part.trim().strip_prefix("q=").or(part.trim().strip_prefix("Q=")))
            .map_or(Some(1000), thousandths);
        if let (Some(lang), Some(weight @ 1..)) = (of_tag(tag), weight)
            && best.is_none_or(|(have, _)| weight > have)
        {
            best = Some((weight, lang));
        }
    }
    best.map(|(_, lang)| lang)
}

/// `0.85` as 850; `None` for what is no weight.
fn thousandths(text: &str) -> Option<u32> {
    let value: f64 = text.trim().parse().ok()?;
    (0.0..=1.0).contains(&value).then_some((value * 1000.0) as u32)
}

/// The language of a tag by its first part. `kaz` and `rus` are sent by some old devices.
fn of_tag(tag: &str) -> Option<Lang> {
    let first = tag.split(['-', '_']).next().unwrap_or_default();
    [("kk", Lang::Kk), ("kaz", Lang::Kk), ("ru", Lang::Ru), ("rus", Lang::Ru), ("en", Lang::En)]
        .into_iter()
        .find(|(code, _)| first.eq_ignore_ascii_case(code))
        .map(|(_, lang)| lang)
}

/// Whether a `User-Agent` names itself a robot: search engines, link previews, validators.
/// A robot without a name gets the redirect of a reader, which does no harm.
pub fn is_robot(user_agent: Option<&str>) -> bool {
    let Some(agent) = user_agent else { return true };
    let agent = agent.to_ascii_lowercase();
    ["bot", "crawl", "spider", "slurp", "preview", "facebookexternalhit", "whatsapp", "lighthouse"]
        .iter()
        .any(|mark| agent.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chooses_by_cookie_then_weight_then_kazakh() {
        let table: [(Option<&str>, Option<&str>, Lang); 20] = [
            (None, None, Lang::Kk),
            (Some(""), None, Lang::Kk),
            (Some("kk"), None, Lang::Kk),
            (Some("kk-KZ,ru;q=0.9"), None, Lang::Kk),
            (Some("kaz"), None, Lang::Kk),
            (Some("ru"), None, Lang::Ru),
            (Some("ru-RU,ru;q=0.9,en;q=0.8"), None, Lang::Ru),
            (Some("RU_kz"), None, Lang::Ru),
            (Some("en-GB"), None, Lang::En),
            (Some("en;q=0.5,ru;q=0.7"), None, Lang::Ru),
            (Some("en;q=0.7,ru;q=0.7"), None, Lang::En),
            (Some("de,fr;q=0.9"), None, Lang::Kk),
            (Some("de,fr;q=0.9,en;q=0.1"), None, Lang::En),
            (Some("ru;q=0,en;q=0.1"), None, Lang::En),
            (Some("ru;q=0"), None, Lang::Kk),
            (Some("*"), None, Lang::Kk),
            (Some("ru; q=0.4 , kk; q=0.6"), None, Lang::Kk),
            (Some("ru;q=9,en"), None, Lang::En),
            (Some("ru"), Some("en"), Lang::En),
            (Some("ru"), Some("xx"), Lang::Ru),
        ];
        for (header, cookie, want) in table {
            assert_eq!(choose(header, cookie, false), Choice::Redirect(want), "{header:?}");
        }
    }

    #[test]
    fn a_robot_is_never_redirected() {
        assert_eq!(choose(Some("ru"), Some("en"), true), Choice::Robot);
        assert!(is_robot(Some("Mozilla/5.0 (compatible; Googlebot/2.1)")));
        assert!(is_robot(Some("TelegramBot (like TwitterBot)")));
        assert!(is_robot(None));
        assert!(!is_robot(Some("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")));
    }
}
