//! Long texts: which language a cell is in, and both halves of a cell that holds two.

use crate::shared::lang::Text;

/// Letters that only Kazakh has.
const KAZAKH: &str = "әғқңөұүһіӘҒҚҢӨҰҮҺІ";

fn is_kazakh(text: &str) -> bool {
    text.chars().any(|c| KAZAKH.contains(c))
}

/// A text for its language. Two halves around a line with ` / ` or a blank line go to both, where
/// one is Kazakh and the other is not. The heading may name the language.
pub(super) fn read(cell: &str, heading: &str) -> Text {
    let heading = heading.to_lowercase();
    let named = |words: &[&str]| words.iter().any(|word| heading.contains(word));
    let (kk, ru) = (named(&["қаз", "каз", "(kk"]), named(&["рус", "орыс", "(ru"]));
    if kk != ru {
        return if kk { Text::new(cell, "") } else { Text::new("", cell) };
    }
    for separator in ["\n---\n", " // ", " / ", "\n/\n"] {
        if let Some((first, second)) = cell.split_once(separator) {
            match (is_kazakh(first), is_kazakh(second)) {
                (true, false) => return Text::new(first.trim(), second.trim()),
                (false, true) => return Text::new(second.trim(), first.trim()),
                _ => {}
            }
        }
    }
    if is_kazakh(cell) { Text::new(cell, "") } else { Text::new("", cell) }
}

/// Fills an empty half of a text; says which one.
pub(super) fn complete(text: &mut Text, standard: &Text) -> bool {
    let mut filled = false;
    for (have, spare) in [(&mut text.kk, &standard.kk), (&mut text.ru, &standard.ru)] {
        if have.trim().is_empty() && !spare.trim().is_empty() {
            have.clone_from(spare);
            filled = true;
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_find_their_language() {
        for (cell, heading, kk, ru) in [
            ("Ведёт уроки", "Обязанности", "", "Ведёт уроки"),
            ("Сабақ өткізеді", "Обязанности", "Сабақ өткізеді", ""),
            ("Сабақ өткізеді / Ведёт уроки", "Міндеттері", "Сабақ өткізеді", "Ведёт уроки"),
            ("Ведёт уроки / Сабақ өткізеді", "", "Сабақ өткізеді", "Ведёт уроки"),
            ("Диплом / справка", "", "", "Диплом / справка"),
            ("Диплом", "Талаптар (қаз)", "Диплом", ""),
        ] {
            assert_eq!(read(cell, heading), Text::new(kk, ru), "{cell}");
        }
        let mut text = Text::new("", "ru");
        assert!(complete(&mut text, &Text::new("kk", "x")));
        assert_eq!(text, Text::new("kk", "ru"));
    }
}
