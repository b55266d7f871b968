//! The words by which an import understands cells: data in `schemas/data/import-words.json`.
//! Everything is compared folded ([`crate::shared::fold`]), so that Kazakh letters may be missing.

use std::{collections::BTreeMap, sync::OnceLock};

use serde::Deserialize;

use crate::shared::{fold::fold, stem::stem};

/// The file; every list of words is folded when it is loaded.
#[derive(Deserialize, Default)]
pub(super) struct Words {
    /// Words that say nothing by themselves.
    pub stop: Vec<String>,
    /// Beginnings of words that make another post of the one they stand beside: a deputy head is no
    /// head.
    pub subordinate: Vec<String>,
    /// First words of a row with sums.
    pub totals: Vec<String>,
    /// First words of a row after the table: who made it, who agreed.
    pub signatures: Vec<String>,
    /// What people write into a cell that has nothing to say.
    pub empty: Vec<String>,
    /// Beginnings of the names of the months.
    pub months: Vec<Vec<String>>,
    /// Beginnings of the names of languages of instruction.
    pub languages: BTreeMap<String, Vec<String>>,
    /// Beginnings of words for a permanent post.
    pub permanent: Vec<String>,
    /// Beginnings of words for a temporary post.
    pub temporary: Vec<String>,
    /// Yes.
    pub yes: Vec<String>,
    /// No.
    pub no: Vec<String>,
    /// Words that turn a promise into its opposite.
    pub negations: Vec<String>,
    /// Beginnings of words that must all occur, by code of the directory `extra`.
    pub extras: BTreeMap<String, Vec<Vec<String>>>,
    /// Beginnings of words by code of the directory `schedule`, in the order of trial.
    pub schedules: BTreeMap<String, Vec<String>>,
    /// Acceptance without an end of its own: the rules decide.
    pub open_ended: Vec<String>,
    /// Pay that is not a number.
    pub pay_in_words: Vec<String>,
    /// Words of a name that say nothing about which organisation it is.
    pub legal_forms: Vec<String>,
    /// Kinds of organisations in short.
    pub abbreviations: BTreeMap<String, String>,
    /// What a post is called in organisations of a type.
    pub by_organisation: BTreeMap<String, BTreeMap<String, String>>,
    /// Words that name post and subject at once.
    pub pairs: Vec<Pair>,
}

/// A word that names post and subject at once.
#[derive(Deserialize, Default)]
pub(super) struct Pair {
    /// The word.
    pub text: String,
    /// Code of the post.
    pub position: String,
    /// Code of the subject.
    pub subject: String,
}

/// The words.
pub(super) fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let text = include_str!("../../../../schemas/data/import-words.json");
        let mut words: Words = serde_json::from_str(text).unwrap_or_default();
        let folded = |list: &mut Vec<String>| list.iter_mut().for_each(|word| *word = fold(word));
        let Words { stop, subordinate, totals, signatures, empty, .. } = &mut words;
        for list in [stop, subordinate, totals, signatures, empty] {
            folded(list);
        }
        let Words { yes, no, negations, open_ended, pay_in_words, .. } = &mut words;
        for list in [yes, no, negations, open_ended, pay_in_words] {
            folded(list);
        }
        let Words { permanent, temporary, legal_forms, .. } = &mut words;
        for list in [permanent, temporary, legal_forms] {
            folded(list);
        }
        words.months.iter_mut().for_each(folded);
        words.languages.values_mut().for_each(folded);
        words.extras.values_mut().flatten().for_each(folded);
        words.schedules.values_mut().for_each(folded);
        words.pairs.iter_mut().for_each(|pair| pair.text = fold(&pair.text));
        words.abbreviations =
            words.abbreviations.iter().map(|(short, long)| (fold(short), fold(long))).collect();
        words
    })
}

/// A word of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Folded.
    pub word: String,
    /// Its stem.
    pub stem: String,
    /// A full stop follows: it may be the beginning of a longer word.
    pub dotted: bool,
}

impl Token {
    /// How well it stands for a word of a name: 2 = it is the word, 1 = it is short for it.
    pub(super) fn stands_for(&self, name: &Token) -> u32 {
        if self.word == name.word || self.stem == name.stem {
            return 2;
        }
        // A number is that number: 5 is no short 58.
        if self.word.chars().any(|c| c.is_ascii_digit()) {
            return 0;
        }
        let length = self.word.chars().count();
        let short = length >= 4 || (self.dotted && length >= 2);
        u32::from(short && name.word.starts_with(self.word.as_str()))
    }

    /// Whether the word makes another post of the one beside it: "зам." with "директора".
    pub(super) fn subordinates(&self) -> bool {
        // Three letters are the whole word: "зам" is not the beginning of "замену".
        words().subordinate.iter().any(|beginning| {
            self.word == *beginning
                || (beginning.chars().count() > 3 && self.word.starts_with(beginning.as_str()))
        })
    }
}

/// All words of a text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let folded = fold(text);
    let mut out: Vec<Token> = Vec::new();
    let mut word = String::new();
    for c in folded.chars().chain([' ']) {
        if c.is_alphanumeric() {
            word.push(c);
        } else if !word.is_empty() {
            let word = std::mem::take(&mut word);
            out.push(Token { stem: stem(&word), word, dotted: c == '.' });
        }
    }
    out
}

/// The words of a text that say something.
pub(super) fn telling(text: &str) -> Vec<Token> {
    let mut tokens = tokens(text);
    tokens.retain(|token| !words().stop.contains(&token.word));
    tokens
}

/// Whether any folded word of the text begins with one of the beginnings; a beginning with a
/// space in it is looked for in the whole text.
pub(super) fn begins(folded: &str, beginnings: &[String]) -> bool {
    beginnings.iter().any(|beginning| {
        folded.match_indices(beginning.as_str()).any(|(at, _)| {
            folded
                .get(..at)
                .and_then(|before| before.chars().next_back())
                .is_none_or(|c| !c.is_alphanumeric())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_complete() {
        let words = words();
        assert_eq!(words.months.len(), 12);
        assert!(!words.stop.is_empty() && !words.extras.is_empty() && !words.pairs.is_empty());
    }

    #[test]
    fn short_words_stand_for_long_ones() {
        let name = &tokens("математика")[0];
        for (text, expected) in
            [("математики", 2), ("матем.", 1), ("матем", 1), ("мат.", 1), ("мат", 0), ("мед.", 0)]
        {
            assert_eq!(tokens(text)[0].stands_for(name), expected, "{text}");
        }
    }
}
