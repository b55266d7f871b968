//! Latin spelling in the style of passports: for addresses and file names.

use unicode_normalization::UnicodeNormalization;

/// The longest slug, in characters.
pub const SLUG_MAX: usize = 80;

/// The Latin spelling of a lower-case Cyrillic letter; `None` for anything else.
fn latin(c: char) -> Option<&'static str> {
    Some(match c {
        'а' | 'ә' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ғ' => "g",
        'д' => "d",
        'е' | 'э' => "e",
        'ё' => "yo",
        'ж' => "zh",
        'з' => "z",
        'и' | 'й' | 'і' => "i",
        'к' | 'қ' => "k",
        'л' => "l",
        'м' => "m",
        'н' | 'ң' => "n",
        'о' | 'ө' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ұ' | 'ү' => "u",
        'ф' => "f",
        'х' => "kh",
        'һ' => "h",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ъ' | 'ь' => "",
        'ы' => "y",
        'ю' => "yu",
        'я' => "ya",
        _ => return None,
    })
}

/// Cyrillic in Latin letters; capitals stay capitals, everything else stays as it is.
pub fn transliterate(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfc() {
        let lower = c.to_lowercase().next().unwrap_or(c);
        match latin(lower) {
            None => out.push(c),
            Some(spelling) if lower == c => out.push_str(spelling),
            Some(spelling) => {
                let mut letters = spelling.chars();
                out.extend(letters.next().map(|first| first.to_ascii_uppercase()));
                out.push_str(letters.as_str());
            }
        }
    }
    out
}

/// A part of an address: `a-z`, `0-9`, single hyphens, at most [`SLUG_MAX`] characters, cut at
/// a word where that loses little. Never empty: a text without a usable letter becomes `x`.
pub fn slug(text: &str) -> String {
    let mut out = String::with_capacity(SLUG_MAX);
    let mut gap = false;
    for c in transliterate(text).nfd().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            if gap && !out.is_empty() {
                out.push('-');
            }
            gap = false;
            out.push(c);
        } else if !unicode_normalization::char::is_combining_mark(c) && !is_quote(c) {
            gap = true;
        }
        if out.len() > SLUG_MAX {
            let cut = match out.get(..=SLUG_MAX).and_then(|head| head.rfind('-')) {
                Some(hyphen) if hyphen >= SLUG_MAX / 2 => hyphen,
                _ => SLUG_MAX,
            };
            out.truncate(cut);
            break;
        }
    }
    if out.is_empty() { "x".to_owned() } else { out }
}

/// Signs inside a word that leave no gap.
fn is_quote(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '`' | '\u{ad}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells() {
        assert_eq!(transliterate("Қазақ тілі, Щучинск"), "Kazak tili, Shchuchinsk");
        assert_eq!(transliterate("Һәм объём ЦЭЮЯ"), "Ham obyom TsEYuYa");
    }

    #[test]
    fn makes_slugs() {
        for (text, want) in [
            ("Математика мұғалімі", "matematika-mugalimi"),
            ("Учитель  физики — № 12 (½ ставки)", "uchitel-fiziki-12-stavki"),
            ("  --Ақтөбе--  ", "aktobe"),
            ("Café d’Été", "cafe-dete"),
            ("", "x"),
            ("№!?", "x"),
            ("中文", "x"),
        ] {
            assert_eq!(slug(text), want, "{text}");
        }
    }

    #[test]
    fn slugs_have_their_shape() {
        for text in ["ө".repeat(500), "щ ".repeat(500), "a".repeat(81), "бала-бақша ".repeat(40)]
        {
            let slug = slug(&text);
            assert!((1..=SLUG_MAX).contains(&slug.len()), "{slug}");
            assert!(slug.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-')));
            assert!(!slug.starts_with('-') && !slug.ends_with('-') && !slug.contains("--"));
        }
    }
}
