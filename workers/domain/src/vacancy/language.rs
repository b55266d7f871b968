//! Texts that stand in the field of the other language. It is a guess, so it warns and never
//! forbids: a Russian text may well hold a Kazakh name.

use super::content::is_kazakh_letter;
use super::model::Content;
use crate::shared::refusal::FieldError;

/// A Kazakh text of so many letters has one of its own letters.
const LETTERS_MIN: usize = 40;
/// Of so many words in a Russian text one may be Kazakh. Names are not counted.
const ONE_OF: usize = 4;

/// What looks like the other language: `.ru` with Kazakh words, `.kk` without a Kazakh letter,
/// the same text in both. Addresses are left out, since their names are the same in both.
pub fn warnings(content: &Content) -> Vec<FieldError> {
    let mut out = Vec::new();
    let mut warn = |name: &str, lang: &str, code: &'static str| {
        out.push(FieldError { field: format!("{name}.{lang}").into(), code, args: Vec::new() });
    };
    for (name, text) in content.texts().into_iter().filter(|(name, _)| *name != "address") {
        let (kk, ru) = (text.kk.trim(), text.ru.trim());
        let words = |text: &str| -> usize { text.split_whitespace().count() };
        let name_like =
            |word: &str| word.chars().find(|c| c.is_alphabetic()).is_none_or(char::is_uppercase);
        let kazakh = |text: &str| -> usize {
            text.split_whitespace()
                .filter(|word| word.chars().any(is_kazakh_letter) && !name_like(word))
                .count()
        };
        let letters = kk.chars().filter(|c| c.is_alphabetic()).count();
        if words(kk) > 1 && kk == ru {
            warn(name, if kazakh(kk) == 0 { "kk" } else { "ru" }, "same_text");
        } else {
            if kazakh(ru) > 0 && kazakh(ru) * ONE_OF >= words(ru) {
                warn(name, "ru", "kazakh_in_russian");
            }
            if letters >= LETTERS_MIN && kazakh(kk) == 0 {
                warn(name, "kk", "russian_in_kazakh");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::lang::Text;

    fn codes(kk: &str, ru: &str) -> Vec<String> {
        let content = Content { duties: Text::new(kk, ru), ..Content::default() };
        warnings(&content).into_iter().map(|w| format!("{}:{}", w.field, w.code)).collect()
    }

    #[test]
    fn the_other_language_is_noticed() {
        let kazakh = "Математика пәнінен сабақ береді және оқушыларды бағалайды";
        let russian = "Ведёт уроки математики и оценивает знания учащихся в школе";
        assert_eq!(codes(kazakh, russian), Vec::<String>::new());
        assert_eq!(codes(kazakh, kazakh), ["duties.ru:same_text"]);
        assert_eq!(codes(russian, russian), ["duties.kk:same_text"]);
        assert_eq!(
            codes(russian, kazakh),
            ["duties.ru:kazakh_in_russian", "duties.kk:russian_in_kazakh"]
        );
        // Names are no mistake, and short texts prove nothing.
        assert!(
            codes(kazakh, "Учитель школы имени Қ. И. Сәтбаева в селе Жансүгіров района").is_empty()
        );
        assert!(codes("Математика", "Математика").is_empty());
        assert!(codes("", "").is_empty());
    }
}
