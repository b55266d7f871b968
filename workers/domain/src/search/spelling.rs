//! "Did you mean": words of a search that nobody knows, replaced by the nearest words of the
//! directories. The vocabulary is small (names of posts, subjects and places, their synonyms; of
//! organisations only those that have a word like an unknown one), so every unknown word is
//! measured against all of it.

use std::collections::HashSet;

use super::text::{exact_words, says_nothing};
use crate::shared::{fold, stem::stem, synonyms};

/// Words of a text that are mended; the rest stays as it is.
const MENDED_MAX: usize = 4;
/// A word shorter than this is never mended: everything is near to it.
const SHORTEST: usize = 4;
/// A word of at least this many letters may have two mistakes.
const LONG: usize = 7;
/// A beginning of at least this many letters is known if a word begins so.
const BEGINNING: usize = 3;

/// A word that may have been meant.
struct Word {
    /// As it is written, lower case.
    exact: String,
    folded: Vec<char>,
    stem: Vec<char>,
}

/// The words that are known.
pub struct Vocabulary {
    words: Vec<Word>,
    folded: HashSet<String>,
    stems: HashSet<String>,
}

impl Vocabulary {
    /// From names and the synonyms that are built in.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Vocabulary {
        let mut out = Vocabulary::of(names);
        for name in synonyms::names() {
            out.learn(&name);
        }
        out
    }

    /// From names alone.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Vocabulary {
        let mut out =
            Vocabulary { words: Vec::new(), folded: HashSet::new(), stems: HashSet::new() };
        for name in names {
            out.learn(name);
        }
        out
    }

    /// Takes in the words of a name.
    pub fn learn(&mut self, name: &str) {
        for exact in exact_words(name) {
            // A word with a hyphen is two of them, an abbreviation without letters none.
            let Some(folded) = fold::words(&exact).into_iter().next() else { continue };
            let key = stem(&folded);
            if self.folded.insert(folded.clone()) {
                self.words.push(Word {
                    exact,
                    folded: folded.chars().collect(),
                    stem: key.chars().collect(),
                });
            }
            self.stems.insert(key);
        }
    }

    fn knows(&self, folded: &str) -> bool {
        self.folded.contains(folded)
            || self.stems.contains(&stem(folded))
            || says_nothing(folded)
            || (folded.chars().count() >= BEGINNING
                && self.folded.iter().any(|word| word.starts_with(folded)))
    }

    /// The words of a text that are not known and long enough to be mended, folded.
    pub fn unknown(&self, text: &str) -> Vec<String> {
        let words = exact_words(text);
        let folded = words.iter().filter_map(|word| fold::words(word).into_iter().next());
        folded.filter(|word| self.mendable(word)).take(MENDED_MAX).collect()
    }

    fn mendable(&self, folded: &str) -> bool {
        folded.chars().all(char::is_alphabetic)
            && folded.chars().count() >= SHORTEST
            && !self.knows(folded)
    }

    /// The nearest words that one may have meant, the best first; none where it is known or far
    /// from everything.
    fn nearest(&self, exact: &str) -> Vec<&str> {
        let Some(folded) = fold::words(exact).into_iter().next() else { return Vec::new() };
        if !self.mendable(&folded) {
            return Vec::new();
        }
        let letters: Vec<char> = folded.chars().collect();
        let most = if letters.len() < LONG { 1 } else { 2 };
        let key: Vec<char> = stem(&folded).chars().collect();
        let mut near: Vec<(usize, bool, &str)> = self
            .words
            .iter()
            .filter(|word| word.folded.len() >= SHORTEST)
            .filter_map(|word| {
                // Endings are no mistakes: матемтики is as near to математика as матемтика.
                let whole = distance(&letters, &word.folded, most);
                let short = key.len().min(word.stem.len()) >= SHORTEST;
                let stems = short.then(|| distance(&key, &word.stem, most)).flatten();
                let distance = [whole, stems].into_iter().flatten().min()?;
                // The first letter is seldom the wrong one.
                let other = letters.first() != word.folded.first();
                Some((distance, other, word.exact.as_str()))
            })
            .collect();
        near.sort();
        near.into_iter().map(|(.., word)| word).collect()
    }

    /// Texts that may have been meant, the likeliest first; none where every word is known.
    pub fn mend(&self, text: &str) -> Vec<String> {
        let mut pieces: Vec<(String, Vec<&str>)> = Vec::new();
        let mut wrong = 0;
        for word in exact_words(text) {
            let near = if wrong < MENDED_MAX { self.nearest(&word) } else { Vec::new() };
            wrong += usize::from(!near.is_empty());
            pieces.push((word, near));
        }
        let with = |choice: usize| -> String {
            let words: Vec<&str> = pieces
                .iter()
                .map(|(word, near)| near.get(choice).or(near.first()).copied().unwrap_or(word))
                .collect();
            words.join(" ")
        };
        match wrong {
            0 => Vec::new(),
            1 => {
                let ways = pieces.iter().map(|(_, near)| near.len()).max().unwrap_or(0).min(3);
                (0..ways).map(with).collect()
            }
            _ => vec![with(0)],
        }
    }
}

/// Mistakes between two words, if there are no more than `most`: a letter more, less, another
/// one, or two neighbours in the wrong order.
fn distance(a: &[char], b: &[char], most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let width = b.len() + 1;
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..width).collect();
    for (row, letter) in a.iter().enumerate() {
        let mut next = Vec::with_capacity(width);
        next.push(row + 1);
        for (column, other) in b.iter().enumerate() {
            let at = |line: &[usize], place: usize| line.get(place).copied().unwrap_or(most + 1);
            let mut cost = (at(&last, column) + usize::from(letter != other))
                .min(at(&last, column + 1) + 1)
                .min(at(&next, column) + 1);
            let swapped = row > 0
                && column > 0
                && a.get(row - 1) == Some(other)
                && b.get(column - 1) == Some(letter);
            if swapped {
                cost = cost.min(at(&before, column - 1) + 1);
            }
            next.push(cost);
        }
        if next.iter().all(|cost| *cost > most) {
            return None;
        }
        before = std::mem::replace(&mut last, next);
    }
    last.last().copied().filter(|cost| *cost <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        Vocabulary::new([
            "Математика",
            "Физика",
            "Информатика",
            "Жансүгіров ауданы",
            "Талдықорған қаласы",
        ])
    }

    #[test]
    fn mends_mistakes() {
        let known = vocabulary();
        for (typed, meant) in [
            ("матемтика", "математика"),
            ("мугалм", "мұғалім"),
            ("физка", "физика"),
            ("учитель матемтики", "учитель математика"),
            ("воспитаетль", "воспитатель"),
            ("талдыкрган", "талдықорған"),
            ("matematka", "математика"),
            ("логопд", "логопед"),
        ] {
            let mended = known.mend(typed);
            assert_eq!(mended.first().map(String::as_str), Some(meant), "{typed}: {mended:?}");
        }
    }

    #[test]
    fn names_that_are_learned_are_known() {
        let mut known = vocabulary();
        assert_eq!(known.unknown("учитель шапогат №12"), ["шапогат"]);
        assert_eq!(known.mend("учитель шапогат"), Vec::<String>::new());
        known.learn("«Шапағат» балабақшасы");
        assert_eq!(known.mend("учитель шапогат"), ["учитель шапағат"]);
        assert_eq!(known.unknown("шапағат"), Vec::<String>::new());
    }

    #[test]
    fn leaves_what_is_known_or_far() {
        let known = vocabulary();
        for typed in [
            "математика",
            "мұғалімге",
            "учитель физики",
            "матем",
            "абракадабра",
            "м",
            "123",
            "",
            "мат7",
            "работа",
        ] {
            assert_eq!(known.mend(typed), Vec::<String>::new(), "{typed}");
        }
    }

    #[test]
    fn counts_mistakes() {
        let of = |a: &str, b: &str| {
            distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>(), 2)
        };
        assert_eq!(of("физка", "физика"), Some(1));
        assert_eq!(of("фзиика", "физика"), Some(1));
        assert_eq!(of("физика", "физика"), Some(0));
        assert_eq!(of("химия", "физика"), None);
        assert_eq!(of("", "аб"), Some(2));
        assert_eq!(of("абв", ""), None);
    }
}
