//! The way back through the pages of a list. A page begins at a cursor and knows nothing of the
//! pages before it, so the address carries the cursors that led there: `back=0.c2.c3`, where
//! `0` is the first page. Without them there is a way to the first page only.

use crate::http::Request;

/// The first page.
const FIRST: &str = "0";
/// Pages that are remembered; the earliest are forgotten.
const MOST: usize = 20;

/// The pages before this one.
pub(super) struct Trail {
    behind: Vec<String>,
    here: Option<String>,
}

impl Trail {
    /// Reads the trail of a request whose page begins at a cursor, or at the beginning.
    pub(super) fn read(request: &Request, here: Option<String>) -> Trail {
        let given = request.query_pairs().into_iter().find(|(name, _)| name == "back");
        let cursor = |text: &&str| {
            *text == FIRST || (text.len() == 30 && text.bytes().all(|b| b.is_ascii_hexdigit()))
        };
        let behind = given
            .filter(|_| here.is_some())
            .map(|(_, text)| text.split('.').filter(cursor).map(str::to_owned).collect())
            .unwrap_or_default();
        Trail { behind, here }
    }

    /// Parameters of the next page.
    pub(super) fn next(&self, cursor: &str) -> String {
        let here = self.here.as_deref().unwrap_or(FIRST);
        let mut behind: Vec<&str> = self.behind.iter().map(String::as_str).collect();
        // A page that was reached without a trail does not pretend to follow the first one.
        behind.push(here);
        let from = behind.len().saturating_sub(MOST);
        format!("cursor={cursor}&back={}", behind.get(from..).unwrap_or_default().join("."))
    }

    /// Parameters of the page before: empty for the first one, `None` where it is not known.
    pub(super) fn before(&self) -> Option<String> {
        let (last, rest) = self.behind.split_last()?;
        if last == FIRST {
            return Some(String::new());
        }
        let mark = if rest.is_empty() { "" } else { "&back=" };
        Some(format!("cursor={last}{mark}{}", rest.join(".")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trail(back: &str, here: Option<&str>) -> Trail {
        let request = Request {
            method: "GET".into(),
            path: "/kk/vacancies".into(),
            query: format!("back={back}"),
            headers: Vec::new(),
            body: Vec::new(),
            client: String::new(),
        };
        Trail::read(&request, here.map(str::to_owned))
    }

    #[test]
    fn the_way_back_is_the_way_there() {
        let [a, b, c] = ["a", "b", "c"].map(|letter| letter.repeat(30));
        let first = trail("", None);
        assert_eq!((first.next(&a), first.before()), (format!("cursor={a}&back=0"), None));
        let second = trail("0", Some(&a));
        assert_eq!(second.before().as_deref(), Some(""));
        assert_eq!(second.next(&b), format!("cursor={b}&back=0.{a}"));
        let third = trail(&format!("0.{a}"), Some(&b));
        assert_eq!(third.before(), Some(format!("cursor={a}&back=0")));
        assert_eq!(third.next(&c), format!("cursor={c}&back=0.{a}.{b}"));
    }

    #[test]
    fn nobody_invents_a_way() {
        let a = "a".repeat(30);
        assert_eq!(trail("", Some(&a)).before(), None);
        assert_eq!(trail("x.%22.<b>", Some(&a)).before(), None);
        assert_eq!(trail(&a, None).before(), None);
        let long = trail(&vec!["b".repeat(30); 50].join("."), Some(&a)).next(&a);
        assert!(long.len() < 700, "{}", long.len());
    }
}
