//! Finds posts and subjects in free text: "учитель матем.", "Математика пәнінің мұғалімі".
//! A name fits where each of its words stands in the text, written out or shortened; the longest
//! name that fits wins. A name that leaves "deputy" or "assistant" over does not fit.

use super::words::{Token, telling};
use crate::directory::{Book, Item};

/// The names of one directory.
pub(super) struct Names(Vec<(String, Vec<Vec<Token>>)>);

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Match {
    /// Codes that fit equally well; one is an answer, several are a question.
    pub codes: Vec<String>,
    /// Which words of the text were used.
    pub used: Vec<bool>,
}

impl Names {
    /// The names of a directory and the spellings among its attributes.
    pub(super) fn new(book: &Book, directory: &str) -> Names {
        Names(book.all(directory).map(|item| (item.code.clone(), spellings(item))).collect())
    }

    /// Looks for a name in the words that are not used yet.
    pub(super) fn find(&self, text: &[Token], taken: &[bool]) -> Match {
        let mut best = Match { used: taken.to_vec(), ..Match::default() };
        let mut score = (0, 0);
        for (code, spellings) in &self.0 {
            for spelling in spellings {
                let Some((used, quality)) = fits(text, taken, spelling) else { continue };
                let have = (spelling.len(), quality);
                if have > score {
                    score = have;
                    best = Match { codes: vec![code.clone()], used };
                } else if have == score && !best.codes.contains(code) {
                    best.codes.push(code.clone());
                }
            }
        }
        best
    }
}

fn spellings(item: &Item) -> Vec<Vec<Token>> {
    let aliases: Vec<String> = item
        .attrs
        .get("aliases")
        .and_then(|list| serde_json::from_value(list.clone()).ok())
        .unwrap_or_default();
    [&item.kk, &item.ru, &item.en]
        .into_iter()
        .chain(&aliases)
        .map(|name| telling(name))
        .filter(|words| !words.is_empty())
        .collect()
}

/// Whether every word of a name stands in the text; which words it takes and how well they fit.
fn fits(text: &[Token], taken: &[bool], name: &[Token]) -> Option<(Vec<bool>, u32)> {
    let mut used = taken.to_vec();
    let mut quality = 0;
    for word in name {
        let (place, fit) = text
            .iter()
            .enumerate()
            .filter(|(place, _)| !used.get(*place).copied().unwrap_or(true))
            .map(|(place, token)| (place, token.stands_for(word)))
            .filter(|(_, fit)| *fit > 0)
            .max_by_key(|(place, fit)| (*fit, usize::MAX - place))?;
        *used.get_mut(place)? = true;
        quality += fit;
    }
    let left_over = text.iter().zip(&used).any(|(token, used)| !used && token.subordinates());
    (!left_over).then_some((used, quality))
}
