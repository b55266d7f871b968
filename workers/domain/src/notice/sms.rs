//! The length of text messages. Latin goes in the alphabet of GSM 03.38: 160 characters, 153 a
//! part of a longer one. One Cyrillic letter makes the whole message UCS-2: 70, 67 a part.

use serde::{Deserialize, Serialize};

use crate::shared::translit::transliterate;

/// Characters of GSM 03.38, beside ASCII letters and digits, that take one place.
const ONE: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";
/// Those that take two: an escape goes before them.
const TWO: &str = "\u{c}^{}\\[~]|€";

/// The alphabet in which a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Alphabet {
    /// GSM 03.38, seven bits.
    Gsm,
    /// UCS-2, sixteen bits.
    Ucs2,
}

/// How long a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Size {
    /// The alphabet.
    pub alphabet: Alphabet,
    /// Places that it takes: septets, or units of UTF-16.
    pub units: u32,
    /// Parts in which it travels and is paid for.
    pub parts: u32,
    /// Places left in the last part.
    pub left: u32,
}

/// Septets of a character; `None` where the alphabet has none.
fn septets(c: char) -> Option<u32> {
    if c.is_ascii_alphanumeric() || ONE.contains(c) {
        Some(1)
    } else if TWO.contains(c) {
        Some(2)
    } else {
        None
    }
}

/// Counts a message. A character of two places never straddles two parts, and neither does a pair
/// of UTF-16, so that parts are counted one by one.
pub fn size(text: &str) -> Size {
    let gsm: Option<Vec<u32>> = text.chars().map(septets).collect();
    let (alphabet, widths, single, part) = match gsm {
        Some(widths) => (Alphabet::Gsm, widths, 160, 153),
        None => {
            let widths = text.chars().map(|c| if c.len_utf16() == 2 { 2 } else { 1 }).collect();
            (Alphabet::Ucs2, widths, 70, 67)
        }
    };
    let units: u32 = widths.iter().sum();
    if units <= single {
        return Size { alphabet, units, parts: 1, left: single - units };
    }
    let (mut parts, mut used) = (1, 0);
    for width in widths {
        if used + width > part {
            parts += 1;
            used = 0;
        }
        used += width;
    }
    Size { alphabet, units, parts, left: part - used }
}

/// The message in Latin letters, for phones that show nothing else and where Cyrillic would take
/// more parts than wanted.
pub fn latin(text: &str) -> String {
    let plain = text.replace(['«', '»', '“', '”'], "\"").replace(['—', '–'], "-");
    let plain = plain.replace('№', "No ").replace('₸', "KZT").replace(['\u{a0}', '\u{202f}'], " ");
    transliterate(&plain)
}

/// The message as it is sent: in Latin if the person wants that, or if it takes more than
/// `most_parts` parts and Latin makes it shorter.
pub fn choose(text: String, wants_latin: bool, most_parts: u32) -> String {
    let own = size(&text);
    if own.alphabet == Alphabet::Gsm || (!wants_latin && own.parts <= most_parts) {
        return text;
    }
    let spelled = latin(&text);
    if wants_latin || size(&spelled).parts < own.parts { spelled } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_at_the_edges() {
        for (text, parts) in [
            ("", 1),
            (&"a".repeat(160), 1),
            (&"a".repeat(161), 2),
            (&"a".repeat(306), 2),
            (&"a".repeat(307), 3),
            (&"ә".repeat(70), 1),
            (&"ә".repeat(71), 2),
            (&"ә".repeat(134), 2),
            (&"ә".repeat(135), 3),
            // The escape of the euro sign takes a place of its own.
            (&"€".repeat(80), 1),
            (&"€".repeat(81), 2),
            // 152 places and a sign of two: the sign goes into the next part as a whole.
            (&format!("{}€{}", "a".repeat(152), "a".repeat(20)), 2),
            (&"😀".repeat(35), 1),
            (&"😀".repeat(36), 2),
            // 33 pairs fill 66 of 67 places.
            (&"😀".repeat(67), 3),
        ] {
            assert_eq!(size(text).parts, parts, "{} characters", text.chars().count());
        }
        assert_eq!(size("Mansap").alphabet, Alphabet::Gsm);
        assert_eq!(size("Мансап").alphabet, Alphabet::Ucs2);
        assert_eq!(size("Мансап").left, 64);
    }

    #[test]
    fn latin_is_gsm() {
        let text = latin("«Өтінішіңіз» — №12, 250\u{a0}000 ₸ тіркелді");
        assert_eq!(size(&text).alphabet, Alphabet::Gsm, "{text}");
        assert_eq!(text, "\"Otinishiniz\" - No 12, 250 000 KZT tirkeldi");
    }

    #[test]
    fn latin_only_where_it_is_wanted_or_saves() {
        assert_eq!(choose("Сәлем".into(), false, 2), "Сәлем");
        assert_eq!(choose("Сәлем".into(), true, 2), "Salem");
        let long = "ә".repeat(135);
        assert_eq!(choose(long.clone(), false, 2), "a".repeat(135));
        assert_eq!(choose(long.clone(), false, 3), long);
    }
}
