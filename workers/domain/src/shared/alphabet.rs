//! The order of the Kazakh alphabet. Code points put ә, ғ, қ… after я, and the database has no
//! collation of its own, so a key is stored beside each name and compared byte by byte.

use std::cmp::Ordering;

use unicode_normalization::UnicodeNormalization;

/// The 42 letters in order.
pub const LETTERS: &str = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя";

/// A key that sorts byte by byte (`ORDER BY` without a collation): spaces, then numbers by
/// their value (`№ 5` before `№ 12`), Cyrillic in the Kazakh order, Latin, other scripts. Case
/// and punctuation make no difference; names that differ in nothing else get equal keys.
pub fn sort_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut number: Option<String> = None;
    for c in text.nfc().flat_map(char::to_lowercase) {
        if c.is_ascii_digit() {
            let digits = number.get_or_insert_default();
            // Leading zeros say nothing about the value.
            if c != '0' || !digits.is_empty() {
                digits.push(c);
            }
            continue;
        }
        push_number(&mut out, number.take());
        if let Some(place) = LETTERS.chars().position(|letter| letter == c) {
            // One printable byte a letter: `A` to `j`.
            out.push(char::from(b'A' + u8::try_from(place).unwrap_or_default()));
        } else if c.is_ascii_lowercase() {
            out.push('z');
            out.push(c);
        } else if c.is_alphanumeric() {
            out.push('~');
            out.push(c);
        } else if (c.is_whitespace() || matches!(c, '-' | '‑' | '–' | '—' | '/'))
            && !out.is_empty()
            && !out.ends_with(' ')
        {
            out.push(' ');
        }
    }
    push_number(&mut out, number);
    out.truncate(out.trim_end().len());
    out
}

/// A number: how many digits its value has, then the digits.
fn push_number(out: &mut String, number: Option<String>) {
    if let Some(digits) = number {
        let length = u8::try_from(digits.len().min(9)).unwrap_or(9);
        out.push(char::from(b'0' + length));
        out.push_str(&digits);
    }
}

/// The same key as bytes.
pub fn sort_key(text: &str) -> Vec<u8> {
    sort_text(text).into_bytes()
}

/// Compares two names in the Kazakh order; equal keys are told apart by the text itself.
pub fn compare(a: &str, b: &str) -> Ordering {
    sort_text(a).cmp(&sort_text(b)).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_in_order() {
        assert_eq!(LETTERS.chars().count(), 42);
        let keys: Vec<_> = LETTERS.chars().map(|c| sort_text(&c.to_string())).collect();
        assert!(keys.is_sorted() && keys.iter().all(|key| key.len() == 1));
        assert_eq!(sort_text(&LETTERS.to_uppercase()), sort_text(LETTERS));
    }

    #[test]
    fn names_are_in_order() {
        let sorted = [
            "№ 5 мектеп",
            "№ 12 мектеп",
            "№ 112 мектеп",
            "Абай",
            "Абай ауданы",
            "Абайская",
            "Ақмола",
            "Ақтөбе",
            "Алматы",
            "Әуезов",
            "Байқоңыр",
            "Ғабит",
            "Дала",
            "Ел",
            "Ёлка",
            "Қарағанды",
            "Лепсі",
            "Ұлытау",
            "Үржар",
            "Ыбырай",
            "Ілияс",
            "Яна",
            "Astana",
            "Zhana",
        ];
        for pair in sorted.windows(2) {
            assert_eq!(compare(pair[0], pair[1]), Ordering::Less, "{pair:?}");
        }
    }

    #[test]
    fn forgives_spelling() {
        assert_eq!(sort_text("«Қазына»  лицейі"), sort_text("қазына ЛИЦЕЙІ"));
        assert_eq!(sort_text("и\u{306}од"), sort_text("йод"));
        assert_eq!(sort_text("№ 007"), sort_text("7"));
        assert_eq!(sort_text("0"), sort_text("000"));
        assert_eq!(sort_text("10.7"), "21017");
        assert!(sort_text("0") < sort_text("1"));
    }
}
