//! Numbers as people here write them.

use super::lang::Lang;

/// Groups thousands: `250 000` in Kazakh and Russian (no-break space), `250,000` in English.
pub fn group(lang: Lang, n: i64) -> String {
    let separator = if lang == Lang::En { ',' } else { '\u{a0}' };
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() * 2);
    if n < 0 {
        out.push('−');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

/// A sum in tenge: `250 000 ₸`.
pub fn tenge(lang: Lang, n: i64) -> String {
    format!("{}\u{a0}₸", group(lang, n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups() {
        assert_eq!(group(Lang::Kk, 250_000), "250\u{a0}000");
        assert_eq!(group(Lang::En, 1_234_567), "1,234,567");
        assert_eq!(group(Lang::Ru, -999), "−999");
        assert_eq!(tenge(Lang::Ru, 1000), "1\u{a0}000\u{a0}₸");
    }
}
