//! Items that are the same, or nearly. Three grades: the same text, the same words, words that
//! overlap in their trigrams beyond a limit (requirements C8 R3: 0.85).

use sha2::{Digest, Sha256};

use super::body::Body;
use crate::shared::fold;

/// Trigrams in common from which on two texts are alike, per mille (C8 R3).
pub const ALIKE: u32 = 850;

/// The text of a body as it is compared word by word: folded, without punctuation. Options are
/// in the order of their letters, so that a shuffled copy is the same.
pub fn normal(body: &Body) -> String {
    let plain = |text: &str| -> String {
        let folded = fold::fold(text);
        let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join(" ")
    };
    let mut options: Vec<String> = body.texts().skip(1).map(|text| plain(&text.text())).collect();
    options.sort();
    let mut out = plain(&body.stem.text());
    for option in options {
        out.push_str(" | ");
        out.push_str(&option);
    }
    out
}

/// A digest of a text for comparing: the first 16 hex digits of its SHA-256.
pub fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The distinct trigrams of a text, sorted.
pub fn trigrams(text: &str) -> Vec<[char; 3]> {
    let padded: Vec<char> = [' ', ' '].into_iter().chain(text.chars()).chain([' ']).collect();
    let mut found: Vec<[char; 3]> =
        padded.windows(3).filter_map(|window| <[char; 3]>::try_from(window).ok()).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// What two sorted lists of trigrams have in common, per mille of all (Jaccard).
pub fn overlap(one: &[[char; 3]], other: &[[char; 3]]) -> u32 {
    let (mut a, mut b, mut common) = (0, 0, 0_usize);
    while let (Some(left), Some(right)) = (one.get(a), other.get(b)) {
        match left.cmp(right) {
            std::cmp::Ordering::Less => a += 1,
            std::cmp::Ordering::Greater => b += 1,
            std::cmp::Ordering::Equal => {
                (a, b, common) = (a + 1, b + 1, common + 1);
            }
        }
    }
    let all = one.len() + other.len() - common;
    (common * 1000).checked_div(all).map_or(1000, |share| u32::try_from(share).unwrap_or(0))
}

/// Bands of a text's minimum hashes: two texts whose trigrams overlap by [`ALIKE`] share at least
/// one of the ten with a probability above 0.999 (bands of four: 1 - (1 - 0.85^4)^10), so only few
/// have to be compared in full. Each fits into the 53 bits of a double.
pub fn bands(text: &str) -> Vec<i64> {
    const BANDS: usize = 10;
    const ROWS: usize = 4;
    let mut least = [u64::MAX; BANDS * ROWS];
    for gram in trigrams(text) {
        let base = gram.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, c| {
            (hash ^ u64::from(u32::from(*c))).wrapping_mul(0x0000_0100_0000_01b3)
        });
        for (at, slot) in (1_u64..).zip(least.iter_mut()) {
            *slot = (*slot).min(mix(base ^ mix(at)));
        }
    }
    (1_u64..)
        .zip(least.chunks(ROWS))
        .map(|(band, rows)| rows.iter().fold(mix(band), |hash, row| mix(hash ^ row)) >> 12)
        .map(|hash| i64::try_from(hash).unwrap_or_default())
        .collect()
}

/// The finaliser of splitmix64.
const fn mix(mut value: u64) -> u64 {
    value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::{
        body::{Opt, Task},
        rich::Rich,
    };

    fn body(stem: &str, options: &[&str]) -> Body {
        let options = options
            .iter()
            .enumerate()
            .map(|(at, text)| Opt { id: at.to_string(), text: Rich::plain(text), fixed: false })
            .collect();
        Body { stem: Rich::plain(stem), task: Task::Single { options, shuffle: true } }
    }

    #[test]
    fn shuffled_options_and_punctuation_make_no_other_item() {
        let one = body("Оқыту дегеніміз не?", &["Процесс", "Нәтиже"]);
        let other = body("оқыту  дегеніміз — не", &["нәтиже.", "процесс"]);
        assert_eq!(normal(&one), normal(&other));
        assert_ne!(normal(&one), normal(&body("Оқыту дегеніміз не?", &["Процесс", "Мақсат"])));
    }

    #[test]
    fn overlap_is_symmetric_and_within_its_bounds() {
        let texts = ["", "a", "метод проектов в школе", "метод проекта в школе", "алгебра"];
        for one in texts {
            for other in texts {
                let (a, b) = (trigrams(one), trigrams(other));
                assert_eq!(overlap(&a, &b), overlap(&b, &a));
                assert!(overlap(&a, &b) <= 1000);
                assert_eq!(overlap(&a, &b) == 1000, a == b, "{one} {other}");
            }
        }
    }

    #[test]
    fn near_texts_share_a_band_and_far_ones_do_not() {
        let long = "Какой метод обучения предполагает самостоятельную исследовательскую деятельность учащихся под руководством педагога";
        let near = long.replace("под руководством", "под руководством,");
        assert!(overlap(&trigrams(long), &trigrams(&near)) > ALIKE);
        let (a, b) = (bands(long), bands(&near));
        assert_eq!(a.len(), 10);
        assert!(a.iter().all(|band| (0..1 << 53).contains(band)));
        assert!(a.iter().any(|band| b.contains(band)));
        let far = bands("Чему равна производная функции в точке максимума на открытом интервале");
        assert!(!a.iter().any(|band| far.contains(band)));
    }
}
