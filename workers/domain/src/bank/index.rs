//! Tokens of the index of items: words of both languages by their stems, filters.

use std::collections::BTreeSet;

use super::{body::Body, life::State, likeness};
use crate::shared::{fold, stem::stem};

/// What the index knows of an item.
pub struct Entry<'a> {
    /// Code that people know it by.
    pub code: &'a str,
    /// State of the newest version.
    pub state: State,
    /// Kind.
    pub kind: &'a str,
    /// Topic.
    pub topic: &'a str,
    /// Subject.
    pub subject: &'a str,
    /// Level.
    pub level: &'a str,
    /// Account of who opened it.
    pub author: &'a str,
    /// Kazakh and Russian.
    pub bodies: [Option<&'a Body>; 2],
}

/// A filter as a token: letters, digits and `_` only.
pub fn filter(name: &str, value: &str) -> String {
    let plain: String =
        value.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    format!("x{name}_{}", plain.to_ascii_lowercase())
}

/// A code as a token: letters and digits, so that `P-17` is found as `p17` and `P 17`.
fn code(text: &str) -> String {
    let plain: String =
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    format!("c{plain}")
}

/// All tokens of an item.
pub fn tokens(entry: &Entry<'_>) -> String {
    let mut out = BTreeSet::new();
    out.insert("xall".to_owned());
    out.insert(code(entry.code));
    for (name, value) in [
        ("state", entry.state.code()),
        ("kind", entry.kind),
        ("subject", entry.subject),
        ("level", entry.level),
        ("author", entry.author),
    ] {
        out.insert(filter(name, value));
    }
    // A topic is found by every beginning of its path.
    let mut path = String::new();
    for part in entry.topic.split('/').filter(|part| !part.is_empty()) {
        if !path.is_empty() {
            path.push('/');
        }
        path.push_str(part);
        out.insert(filter("topic", &path));
    }
    for body in entry.bodies.into_iter().flatten() {
        for word in fold::words(&body.words()) {
            out.insert(format!("s{}", stem(&word)));
            // A stem may be shorter than what somebody types of the word.
            out.insert(format!("w{word}"));
        }
    }
    out.into_iter().collect::<Vec<_>>().join(" ")
}

/// The bands of an item's texts.
pub fn bands(bodies: [Option<&Body>; 2]) -> Vec<i64> {
    bodies.into_iter().flatten().flat_map(|body| likeness::bands(&likeness::normal(body))).collect()
}

/// The expression of what somebody typed and chose; everything where that is nothing.
pub fn wanted(text: &str, filters: &[(&str, &str)]) -> String {
    let mut parts: Vec<String> = filters
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("\"{}\"", filter(name, value)))
        .collect();
    let whole = code(text);
    let words = fold::words(text);
    let mut said: Vec<String> = words
        .iter()
        .take(8)
        .map(|word| {
            // A word may still be being typed: it is a beginning of what is meant.
            let stem = stem(word);
            match word.chars().count() >= 3 {
                true => format!("(\"s{stem}\" OR \"w{word}\"*)"),
                false => format!("(\"s{stem}\" OR \"w{word}\")"),
            }
        })
        .collect();
    if !said.is_empty() {
        let by_words = std::mem::take(&mut said).join(" AND ");
        parts.push(if whole.chars().count() > 1 {
            format!("(({by_words}) OR \"{whole}\"*)")
        } else {
            format!("({by_words})")
        });
    }
    if parts.is_empty() { "\"xall\"".to_owned() } else { parts.join(" AND ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_writes_expressions() {
        for text in ["\" OR x", "a\"b", "NEAR(a b)", "*", "-", "тест*"] {
            let wanted = wanted(text, &[("state", "a\" OR \"b")]);
            assert_eq!(wanted.matches('"').count() % 2, 0, "{wanted}");
            assert!(!wanted.contains("\"\""), "{wanted}");
        }
        assert_eq!(wanted("", &[("state", "")]), "\"xall\"");
        assert_eq!(wanted("", &[("topic", "pedagogy/didactics")]), "\"xtopic_pedagogy_didactics\"");
    }
}
