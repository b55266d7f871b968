//! Looking for a text in a text, place by place. The standard library's search prepares tables for
//! long texts and brings along what its panics print; together they were some kilobytes of every
//! cabinet.

/// Where a part begins first.
pub fn find(text: &str, part: &str) -> Option<usize> {
    let last = text.len().checked_sub(part.len())?;
    let (text, part) = (text.as_bytes(), part.as_bytes());
    (0..=last).find(|at| text.get(*at..).is_some_and(|rest| rest.starts_with(part)))
}

/// Whether it is there.
pub fn has(text: &str, part: &str) -> bool {
    find(text, part).is_some()
}

/// The text with something else for every part; an empty part is nowhere.
pub fn replace(text: &str, part: &str, with: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = find(rest, part).filter(|_| !part.is_empty()) {
        out.push_str(rest.get(..at).unwrap_or_default());
        out.push_str(with);
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_standard_library_does_it() {
        let texts =
            ["", "a", "aaa", "мұғалім «№ 5»", "{\"f\":\"local-1\",\"g\":\"local-12\"}", "абаб"];
        let parts = ["a", "aa", "ғ", "local-1", "«№", "аб", "нет", "xx"];
        for text in texts {
            for part in parts {
                assert_eq!(find(text, part), text.find(part), "{part} in {text}");
                assert_eq!(has(text, part), text.contains(part));
                for with in ["", "b", "ұұ"] {
                    assert_eq!(replace(text, part, with), text.replace(part, with));
                }
            }
            assert_eq!(replace(text, "", "b"), text);
        }
    }
}
