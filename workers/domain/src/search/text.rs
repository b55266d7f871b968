//! What a person means by a text: words of either language in any spelling become parts, each
//! with its equivalents.

use super::token;
use crate::shared::{
    fold,
    synonyms::{self, Concept},
};

/// Words beyond this are not looked at.
const WORDS_MAX: usize = 12;

/// Words that say nothing in a search of vacancies, folded; they are left out where other words
/// remain.
const EMPTY: &[&str] = &[
    "и",
    "в",
    "во",
    "на",
    "по",
    "с",
    "со",
    "из",
    "за",
    "от",
    "до",
    "к",
    "о",
    "об",
    "у",
    "для",
    "или",
    "мен",
    "жане",
    "немесе",
    "ушин",
    "бойынша",
    "жониндеги",
    "вакансия",
    "вакансии",
    "вакансиясы",
    "вакансиялар",
    "работа",
    "работу",
    "требуется",
    "ищу",
    "нужен",
    "нужна",
    "жумыс",
    "керек",
    "бос",
    "орын",
    "анд",
    "тхе",
    "оф",
    "ин",
    "жоб",
    "жобс",
];

/// A text that was understood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// Words of the text as they are spelled, lower case.
    exact: Vec<String>,
    /// Parts: all must fit.
    parts: Vec<Part>,
}

/// A part: any of its ways must fit.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    /// Stems of each way, and whether it means only nearly the same.
    ways: Vec<(Vec<String>, bool)>,
    /// The beginning of a word that may still be being typed.
    beginning: Option<String>,
    /// What all the ways mean together, where the name is known.
    concept: Option<Concept>,
}

impl Reading {
    /// Reads a text. A text without letters and digits reads as nothing and fits everything.
    pub fn of(text: &str) -> Reading {
        let all: Vec<String> = fold::words(text).into_iter().take(WORDS_MAX).collect();
        let telling: Vec<String> =
            all.iter().filter(|word| !EMPTY.contains(&word.as_str())).cloned().collect();
        let words = if telling.is_empty() { all } else { telling };
        let mut parts: Vec<Part> = synonyms::expand(&words)
            .into_iter()
            .map(|part| Part {
                ways: part.ways.into_iter().map(|way| (way.stems, way.weak)).collect(),
                beginning: None,
                concept: part.concept,
            })
            .collect();
        // Only a word that is not known as a whole may be the beginning of one: otherwise
        // `учитель` would find `учительская` and `мұғалім` would not.
        if let (Some(part), Some(word)) = (parts.last_mut(), words.last())
            && matches!(part.ways.as_slice(), [(stems, _)] if stems.len() == 1)
        {
            part.beginning = token::prefix(word);
        }
        Reading { exact: exact_words(text), parts }
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The expression that all results fit.
    pub fn anywhere(&self) -> Option<String> {
        all(self.parts.iter().map(Part::anywhere))
    }

    /// The same with the tokens that stand for whole groups of words, where there are any: fewer
    /// and shorter lists to walk. Holds for entries of this edition of the synonyms.
    pub fn shortly(&self) -> Option<String> {
        let known: Vec<Concept> = self.parts.iter().filter_map(Part::meant).collect();
        let common = known.iter().find(|concept| concept.common).copied();
        let paired = common.filter(|common| known.iter().any(|other| other.id != common.id));
        let said = self.parts.iter().filter_map(|part| match (part.meant(), paired) {
            (Some(concept), Some(common)) if concept.id == common.id => None,
            (Some(concept), Some(common)) => {
                token::pair(common, concept).map(|t| token::quoted(&t))
            }
            (Some(concept), None) => Some(token::quoted(&token::concept(concept))),
            (None, _) => Some(part.anywhere()),
        });
        if known.is_empty() { None } else { all(said) }
    }

    /// The expression of those whose title fits, without near meanings and beginnings.
    pub fn in_title(&self) -> Option<String> {
        all(self.parts.iter().map(|part| {
            either(part.ways.iter().filter(|(_, weak)| !weak).map(|(stems, _)| way('t', stems)))
        }))
    }

    /// The expression of those whose title has the words just as they were typed.
    pub fn exact_title(&self) -> Option<String> {
        all(self.exact.iter().map(|word| token::quoted(&format!("e{word}"))))
    }
}

impl Part {
    fn anywhere(&self) -> String {
        let ways = self.ways.iter().map(|(stems, _)| way('s', stems));
        either(ways.chain(self.beginning.iter().map(|token| token::quoted(token))))
    }

    /// What is looked for and nothing beside it.
    fn meant(&self) -> Option<Concept> {
        self.concept.filter(|_| self.beginning.is_none())
    }
}

/// Whether a folded word says nothing in a search of vacancies.
pub fn says_nothing(folded: &str) -> bool {
    EMPTY.contains(&folded)
}

/// Whether a text has one letter a word and can therefore hardly be meant as it stands.
pub fn is_single_letter(text: &str) -> bool {
    let words = fold::words(text);
    !words.is_empty()
        && words
            .iter()
            .all(|word| word.chars().count() == 1 && word.chars().all(char::is_alphabetic))
}

/// The words of a text as they are spelled: composed and in lower case, not folded.
pub fn exact_words(text: &str) -> Vec<String> {
    fold::exact(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(fold::WORDS_MAX)
        .map(|word| word.chars().take(fold::WORD_MAX).collect())
        .collect()
}

/// Shorter texts, where nothing has all words: each word left out in turn, then single words,
/// the long ones first, since they say most.
pub fn shorter(text: &str) -> Vec<String> {
    let words: Vec<&str> = text
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(WORDS_MAX)
        .collect();
    let mut out = Vec::new();
    if words.len() > 2 {
        for gone in (0..words.len()).rev() {
            let rest = words.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, w)| *w);
            out.push(rest.collect::<Vec<_>>().join(" "));
        }
    }
    if words.len() > 1 {
        let mut single: Vec<&str> =
            words.iter().copied().filter(|word| !Reading::of(word).is_trivial()).collect();
        single.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        out.extend(single.into_iter().map(str::to_owned));
    }
    out.dedup();
    out
}

impl Reading {
    /// Whether it is a word that says nothing.
    fn is_trivial(&self) -> bool {
        self.exact
            .iter()
            .all(|word| fold::words(word).iter().all(|folded| EMPTY.contains(&folded.as_str())))
    }
}

fn way(class: char, stems: &[String]) -> String {
    let tokens: Vec<String> =
        stems.iter().map(|stem| token::quoted(&format!("{class}{stem}"))).collect();
    match tokens.as_slice() {
        [one] => one.clone(),
        _ => format!("({})", tokens.join(" AND ")),
    }
}

fn either(ways: impl Iterator<Item = String>) -> String {
    format!("({})", ways.collect::<Vec<_>>().join(" OR "))
}

fn all(parts: impl Iterator<Item = String>) -> Option<String> {
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| format!("({})", parts.join(" AND ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_both_languages_read_the_same() {
        let of = |text| Reading::of(text).anywhere().unwrap();
        for text in
            ["мұғалім", "мугалим", "учитель", "mugalim", "учителя", "мұғалімге", "УЧИТЕЛЬ в "]
        {
            for stem in ["мугалим", "учитель"].map(|word| synonyms::stems(word).concat())
            {
                assert!(of(text).contains(&format!("\"s{stem}\"")), "{text}: {}", of(text));
            }
            assert!(!of(text).contains("\"p"), "{text}: {}", of(text));
        }
    }

    #[test]
    fn a_frequent_name_is_looked_up_with_the_other_one() {
        let of = |text| Reading::of(text).shortly();
        assert_eq!(of("математика мұғалімі"), of("учитель математики"));
        let tokens = |text| of(text).unwrap().matches('"').count() / 2;
        assert_eq!(tokens("мұғалім"), 1);
        assert_eq!(tokens("математика мұғалімі"), 1);
        assert_eq!(tokens("математика мұғалімі мектеп"), 2);
        assert!(of("математика мұғалімі").unwrap().starts_with("(\"z"));
        assert!(of("Жансүгір мұғалім").unwrap().contains("\"sжансугир\""));
        assert_eq!(of("Жансүгір"), None);
    }

    #[test]
    fn an_unknown_last_word_may_be_a_beginning() {
        assert!(Reading::of("Жансүгір").anywhere().unwrap().contains("\"pжансугир\""));
    }

    #[test]
    fn hostile_texts_give_plain_tokens() {
        for text in ["\"", "' OR 1", "a* NEAR(b)", "{t}: ^x", "\u{0}", "🙂", "a\"b", "(((", "-"] {
            let reading = Reading::of(text);
            for expression in [reading.anywhere(), reading.in_title(), reading.exact_title()]
                .into_iter()
                .flatten()
            {
                let inside = expression.split('"').skip(1).step_by(2);
                for token in inside {
                    assert!(token.chars().all(|c| c.is_alphanumeric() || c == '_'), "{token}");
                }
            }
        }
        assert!(Reading::of("🙂 !!").is_empty());
    }

    #[test]
    fn shortens() {
        assert_eq!(
            shorter("учитель физики Марс"),
            ["учитель физики", "учитель Марс", "физики Марс", "учитель", "физики", "Марс"]
        );
        assert_eq!(shorter("учитель"), Vec::<String>::new());
    }
}
