//! Texts that people type, made harmless for those who read them: what is not seen and what turns
//! the direction of writing lets a text say one thing to a machine and another to the eye.

use unicode_normalization::UnicodeNormalization;

use super::lang::Text;

/// Characters that are not seen or that turn what is around them: bidirectional controls, zero
/// width, variation selectors and tags, lone surrogate stand-ins, private use, line separators.
pub const fn unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{ffff}' | '\u{e000}'..='\u{f8ff}'
        | '\u{e0000}'..='\u{e0fff}' | '\u{f0000}'..='\u{10ffff}')
}

/// A text as it is kept: NFC, without control and unseen characters, spaces folded, nothing at
/// either end. `lines` keeps line ends.
pub fn clean(text: &str, lines: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfc() {
        match c {
            '\u{2028}' | '\u{2029}' | '\n' if lines => {
                out.truncate(out.trim_end_matches(' ').len());
                out.push('\n');
            }
            c if c.is_whitespace() || c.is_control() => {
                if !out.ends_with([' ', '\n']) {
                    out.push(' ');
                }
            }
            c if unseen(c) => {}
            c => out.push(c),
        }
    }
    out.trim().to_owned()
}

/// As [`clean`], every language of a text.
pub fn clean_text(text: &Text, lines: bool) -> Text {
    Text { kk: clean(&text.kk, lines), ru: clean(&text.ru, lines), en: clean(&text.en, lines) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_not_kept() {
        for (raw, lines, want) in [
            ("Мұғалім \u{202e}tset\u{202c}", false, "Мұғалім tset"),
            ("а\u{200b}б\u{feff}в\u{ad}г\u{2066}д\u{2069}", false, "абвгд"),
            ("тег\u{e0041}\u{e007f}", false, "тег"),
            ("и\u{306}", false, "й"),
            ("  бір \t екі\u{a0}үш  ", false, "бір екі үш"),
            ("бір\nекі", false, "бір екі"),
            ("бір  \r\n\nекі\u{0}", true, "бір\n\nекі"),
            ("бір\u{2028}екі", true, "бір\nекі"),
            ("бір\u{2028}екі", false, "бір екі"),
            ("\u{200d}\u{202e}", true, ""),
        ] {
            assert_eq!(clean(raw, lines), want, "{raw:?}");
            assert_eq!(clean(want, lines), want, "{raw:?}");
        }
        let text = Text { kk: "а\u{202e}".into(), ru: "б\u{200b}".into(), en: " c ".into() };
        let want = Text { kk: "а".into(), ru: "б".into(), en: "c".into() };
        assert_eq!(clean_text(&text, true), want);
    }
}
