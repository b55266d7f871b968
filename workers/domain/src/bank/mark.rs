//! The watermark of an export: sixteen hex digits, spelt with characters that nobody sees, in the
//! question and in every option. Whoever pastes a leaked text finds the export that it came from.
//! It survives copying and the formats of exchange; it does not survive retyping or a photograph.

use super::{
    body::{Body, Opt, Task},
    parity::Content,
    rich::{Block, Inline, Rich},
};

/// Begins and ends a mark (word joiner).
const FRAME: char = '\u{2060}';
/// A bit that is not set, and one that is.
const BITS: [char; 2] = ['\u{200b}', '\u{200c}'];
/// Digits of a mark.
pub const DIGITS: usize = 16;

/// Whether a text is a mark: sixteen small hex digits.
pub fn is_mark(text: &str) -> bool {
    text.len() == DIGITS && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// A mark as characters that nobody sees.
fn spelt(mark: u64) -> String {
    let bits = (0..64).rev().map(|at| BITS[usize::from((mark >> at) & 1 == 1)]);
    std::iter::once(FRAME).chain(bits).chain([FRAME]).collect()
}

/// Puts a mark into everything of a body that has words.
pub fn put(body: &mut Body, mark: &str) {
    let Some(mark) = u64::from_str_radix(mark, 16).ok() else { return };
    let mark = spelt(mark);
    each(body, &mut |text| {
        if let Some(first) = first_words(text) {
            // After the first word: the ends of a text are trimmed by many programs.
            let at = first.find(char::is_whitespace).unwrap_or(first.len());
            first.insert_str(at, &mark);
        }
    });
}

fn first_words(text: &mut Rich) -> Option<&mut String> {
    text.0.iter_mut().find_map(|block| match block {
        Block::P(line) => line.iter_mut().find_map(|inline| match inline {
            Inline::T(words) if !words.trim().is_empty() => Some(words),
            _ => None,
        }),
        _ => None,
    })
}

fn each(body: &mut Body, act: &mut impl FnMut(&mut Rich)) {
    act(&mut body.stem);
    let mut all = |options: &mut [Opt]| options.iter_mut().for_each(|one| act(&mut one.text));
    match &mut body.task {
        Task::Single { options, .. }
        | Task::Multiple { options, .. }
        | Task::Ordering { options, .. } => all(options),
        Task::Matching { left, right, .. } => {
            all(left);
            all(right);
        }
        Task::Text { gaps, .. } => gaps.iter_mut().for_each(|gap| all(&mut gap.options)),
        Task::Number { .. } | Task::Hotspot { .. } => {}
    }
}

/// The marks of a text, each once, in the order of reading.
pub fn find(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for part in text.split(FRAME) {
        let bits: Vec<u64> = part
            .chars()
            .map_while(|c| BITS.iter().position(|bit| *bit == c))
            .map(|bit| bit as u64)
            .collect();
        if bits.len() == 64 && part.chars().count() == 64 {
            let mark = format!("{:016x}", bits.iter().fold(0_u64, |all, bit| (all << 1) | bit));
            if !found.contains(&mark) {
                found.push(mark);
            }
        }
    }
    found
}

/// Takes everything out of a text that a mark is spelt with.
pub fn clean(text: &str) -> String {
    text.chars().filter(|c| *c != FRAME && !BITS.contains(c)).collect()
}

/// Takes marks out of an item, so that what was exported and comes back is what it was. What it
/// had is returned.
pub fn take(content: &mut Content) -> Vec<String> {
    let Ok(text) = serde_json::to_string(content) else { return Vec::new() };
    if !text.contains(FRAME) {
        return Vec::new();
    }
    if let Ok(plain) = serde_json::from_str(&clean(&text)) {
        *content = plain;
    }
    find(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(words: &str) -> Body {
        let option =
            |id: &str, text: &str| Opt { id: id.into(), text: Rich::plain(text), fixed: false };
        let options = vec![option("a", "иә"), option("b", "жоқ, мүлде")];
        Body { stem: Rich::plain(words), task: Task::Single { options, shuffle: true } }
    }

    #[test]
    fn a_mark_is_in_every_text_unseen_and_is_found_again() {
        let mark = "00c0ffee9a17d5b3";
        assert!(is_mark(mark) && !is_mark("00C0FFEE9A17D5B3") && !is_mark(""));
        let plain = body("Оқыту дегеніміз не?");
        let mut marked = plain.clone();
        put(&mut marked, mark);
        assert_ne!(marked, plain);
        assert!(marked.texts().all(|text| find(&text.text()) == [mark]));
        assert_eq!(clean(&marked.words()), plain.words());
        assert!(find(&plain.words()).is_empty());
    }

    #[test]
    fn half_a_mark_and_strange_text_are_no_mark() {
        let whole = spelt(7);
        let cut: String = whole.chars().take(40).collect();
        for text in ["", "\u{2060}\u{2060}", "\u{200b}", cut.as_str(), "\u{2060}абв\u{2060}"] {
            assert!(find(text).is_empty(), "{text:?}");
        }
        let twice = format!("a{whole}b{whole}c{}", spelt(u64::MAX));
        assert_eq!(find(&twice), ["0000000000000007", "ffffffffffffffff"]);
        assert_eq!(clean(&twice), "abc");
    }
}
