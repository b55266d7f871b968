//! The tokens of the index. The first letter is the class; letters of facets come second:
//!
//! | token | what |
//! |---|---|
//! | `e…` | a word of the title as it is spelled |
//! | `t…` | a stem of the title |
//! | `s…` | a stem of anything |
//! | `p…` | the beginning of a word of the title, the organisation or the place |
//! | `d…` | a word of an organisation's name with a letter left out (only in the index of names) |
//! | `f…` | a facet: letter of the filter and code; `fz` = every document |
//! | `y…` | a name with equivalents, whichever of them it has |
//! | `z…` | two of those, one of them so frequent that it says little |
//!
//! The tokenizer of the index lowers ASCII letters and splits at everything that is neither a
//! letter, a digit nor `_`; so tokens hold nothing else and need no quoting but quotes.

use chrono::NaiveDate;

use super::filter::Filter;
use crate::shared::synonyms::Concept;

/// Every document has it.
pub const ALL: &str = "fz";

/// The longest beginning of a word that is indexed, letters.
pub const PREFIX_MAX: usize = 10;
/// The shortest.
pub const PREFIX_MIN: usize = 2;

/// The shortest word in whose spelling a mistake is looked for.
pub const GAP_MIN: usize = 4;

/// Pay is indexed in steps of so many tenge, so that "from" is a token.
pub const PAY_STEP: i64 = 50_000;
/// The last step.
pub const PAY_STEPS: i64 = 20;

/// A value of a filter.
pub fn facet(filter: Filter, code: &str) -> String {
    format!("f{}{}", filter.letter(), code.replace('-', "_"))
}

/// What a name and its equivalents mean.
pub fn concept(concept: Concept) -> String {
    format!("y{:08x}", concept.id)
}

/// Two meanings that stand in one document; only kept where one of them is common.
pub fn pair(one: Concept, other: Concept) -> Option<String> {
    let (first, second) = (one.id.min(other.id), one.id.max(other.id));
    ((one.common || other.common) && first != second).then(|| format!("z{first:08x}{second:08x}"))
}

/// The meanings of a document, alone and in pairs.
pub fn concepts(all: &[Concept]) -> impl Iterator<Item = String> {
    let pairs = all.iter().enumerate().flat_map(move |(at, one)| {
        all.iter().skip(at + 1).filter_map(move |other| pair(*one, *other))
    });
    all.iter().copied().map(concept).chain(pairs)
}

/// The local day on which acceptance ends.
pub fn closing(day: NaiveDate) -> String {
    format!("fc{}", day.format("%Y%m%d"))
}

/// Pay of at least so many steps; `None` below the first.
pub fn pay(tenge: i64) -> Option<String> {
    let step = (tenge / PAY_STEP).min(PAY_STEPS);
    (step > 0).then(|| format!("fw{step}"))
}

/// Whether a token says "from so much" exactly.
pub const fn is_step(tenge: i64) -> bool {
    tenge % PAY_STEP == 0 && tenge <= PAY_STEP * PAY_STEPS
}

/// All steps that a pay reaches.
pub fn pays(tenge: i64) -> impl Iterator<Item = String> {
    (1..=(tenge / PAY_STEP).min(PAY_STEPS)).map(|step| format!("fw{step}"))
}

/// The beginnings of a folded word.
pub fn prefixes(word: &str) -> impl Iterator<Item = String> {
    let ends: Vec<usize> = word.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
    let word = word.to_owned();
    ends.into_iter()
        .take(PREFIX_MAX)
        .skip(PREFIX_MIN - 1)
        .map(move |end| format!("p{}", word.get(..end).unwrap_or_default()))
}

/// A folded word of [`GAP_MIN`] letters or more, whole and with each of its letters left out once:
/// whatever one mistake has done to a word, both spellings have one of these in common. None for
/// what is no word of letters.
pub fn gaps(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().take(PREFIX_MAX).collect();
    if letters.len() < GAP_MIN || !letters.iter().all(|c| c.is_alphabetic()) {
        return Vec::new();
    }
    let without = |gap: usize| {
        let kept = letters.iter().enumerate().filter(|(at, _)| *at != gap).map(|(_, c)| *c);
        format!("d{}", kept.collect::<String>())
    };
    let mut out: Vec<String> = (0..=letters.len()).map(without).collect();
    out.dedup();
    out
}

/// The token of a beginning that somebody typed; `None` for one letter, which says too little.
pub fn prefix(typed: &str) -> Option<String> {
    (typed.chars().count() >= PREFIX_MIN)
        .then(|| format!("p{}", typed.chars().take(PREFIX_MAX).collect::<String>()))
}

/// A token in a MATCH expression.
pub fn quoted(token: &str) -> String {
    format!("\"{token}\"")
}

/// Alternatives in a MATCH expression.
pub fn any(tokens: impl IntoIterator<Item = String>) -> String {
    let tokens: Vec<String> = tokens.into_iter().map(|token| quoted(&token)).collect();
    format!("({})", tokens.join(" OR "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings() {
        assert_eq!(prefixes("мате").collect::<Vec<_>>(), ["pма", "pмат", "pмате"]);
        assert_eq!(prefixes("математикалык").count(), PREFIX_MAX - 1);
        assert_eq!(prefix("м"), None);
        assert_eq!(prefix("математикалык").as_deref(), Some("pматематика"));
    }

    #[test]
    fn pay_is_a_ladder() {
        assert_eq!(pays(120_000).collect::<Vec<_>>(), ["fw1", "fw2"]);
        assert_eq!(pay(120_000).as_deref(), Some("fw2"));
        assert_eq!(pay(49_999), None);
        assert_eq!(pays(9_000_000).count(), PAY_STEPS as usize);
        assert_eq!(pays(-5).count(), 0);
    }
}
