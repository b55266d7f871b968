//! Passwords that everybody knows: a frequent word, however it is dressed up.
//!
//! Lists of leaked passwords that are long enough and have three kinds of signs consist nearly
//! alone of one frequent word with a capital letter, a year and a sign (`Qwerty123!`,
//! `P@ssw0rd2026`, `Алматы-2025`). So the words are kept (`schemas/data/common-passwords.txt`), and
//! what is around them is taken off.

use std::collections::BTreeSet;

use crate::shared::fold;

/// The frequent words, one a line.
const WORDS: &str = include_str!("../../../../schemas/data/common-passwords.txt");

/// Neighbours on keyboards and in alphabets.
const ROWS: [&str; 9] = [
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "әіңғүұқөһ",
];

/// So many words of one's own make a phrase; frequent ones may be among them.
const PHRASE: usize = 3;

/// Whether a password is one that is tried first. `own` are names that everybody knows of the
/// account: of its organisation and its person.
pub fn is_common(password: &str, own: &[String]) -> bool {
    let lower = password.to_lowercase();
    let known: BTreeSet<String> = WORDS
        .lines()
        .map(str::to_owned)
        .chain(own.iter().flat_map(|name| fold::words(name)))
        .map(|word| folded(&word))
        .filter(|word| word.chars().count() > 2)
        .collect();
    let plain = lower.trim_matches(|c: char| !c.is_alphabetic());
    let readings = [lower.trim().to_owned(), plain.to_owned()]
        .into_iter()
        .flat_map(|text| [undress(&text, 'i'), undress(&text, 'l'), text]);
    readings.into_iter().any(|text| says_little(&text, &known))
}

/// A word as it is compared: alphabets and spellings aside.
fn folded(word: &str) -> String {
    fold::words(word).concat()
}

/// Signs that stand for letters, read as these; `one` is what `1` means.
fn undress(text: &str, one: char) -> String {
    let letter = |c| match c {
        '@' | '4' => 'a',
        '0' => 'o',
        '3' => 'e',
        '$' | '5' => 's',
        '7' => 't',
        '1' | '!' => one,
        other => other,
    };
    // What follows the last letter is a number or a sign, not a letter in disguise.
    let end = text.rfind(char::is_alphabetic).map_or(0, |at| {
        at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
    });
    let (word, rest) = text.split_at(end);
    word.chars().map(letter).chain(rest.chars()).collect()
}

/// Whether a text is at most two words that are known, or rows of keys.
fn says_little(text: &str, known: &BTreeSet<String>) -> bool {
    // Rows of keys with digits among the letters, with a number or a sign behind them.
    let keys: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let number = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    if keys.len() < PHRASE && keys.iter().all(|part| number(part) || known.contains(&folded(part)))
    {
        return true;
    }
    let mut words: Vec<&str> =
        text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    words.dedup();
    words.len() < PHRASE && words.iter().all(|word| is_known(word, known))
}

fn is_known(word: &str, known: &BTreeSet<String>) -> bool {
    let letters: Vec<char> = word.chars().collect();
    let few = letters.len() < 3 || letters.iter().collect::<BTreeSet<_>>().len() < 3;
    if few || is_row(word) || known.contains(&folded(word)) {
        return true;
    }
    // One word several times.
    (3..=letters.len() / 2).filter(|size| letters.len().is_multiple_of(*size)).any(|size| {
        let part: String = letters.iter().take(size).collect();
        part.repeat(letters.len() / size) == word && is_known(&part, known)
    })
}

/// Whether the letters are neighbours, in either direction.
fn is_row(word: &str) -> bool {
    let back: String = word.chars().rev().collect();
    ROWS.iter().any(|row| row.contains(word) || row.contains(&back))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequent_words_are_known_in_any_dress() {
        for password in [
            "Password1!",
            "P@ssw0rd123",
            "Pa$$w0rd2026",
            "Qwerty123!",
            "Qwertyuiop1!",
            "Admin12345!",
            "1qaz2wsx3EDC",
            "1Q2w3e4r5t!",
            "Welcome2026!",
            "Iloveyou12!",
            "AdminAdmin1!",
            "Aaaaaaaa1!",
            "Abcdefgh12!",
            "Poiuytrewq1",
            "Gfhjkm12345!",
            "Ghbdtn_2026",
            "Пароль12345!",
            "Алматы-2025",
            "Қазақстан2030",
            "Мектеп-2026!",
            "Mektep2026!",
            "Құпиясөз123",
            "Мұғалім_2026",
            "Йцукенгшщ1",
            "Mansap2026!",
            "Mansap-Admin1",
            "Qwe123!@#Asd",
            "1234567890!",
            "Test-Test-Test1",
            "ПарольПароль1",
            "2026-Kazakhstan",
            "S3cr3t!!2026",
            "Football_11",
            "Trustno1!!!",
            "School#2026",
            "Monday2026!",
        ] {
            assert!(is_common(password, &[]), "{password}");
        }
    }

    #[test]
    fn names_of_the_account_are_known() {
        let own = ["№ 5 «Жансүгір» гимназиясы".to_owned(), "Оспанова Жансая".to_owned()];
        for password in ["Zhansugir-2026", "Оспанова1985!", "Жансүгір_2026"] {
            assert!(is_common(password, &own), "{password}");
            assert!(!is_common(password, &[]), "{password}");
        }
    }

    #[test]
    fn phrases_and_chance_are_not() {
        for password in [
            "Тұлпар-жайлау-2026",
            "correct Horse battery 7",
            "Ветер-над-степью-8",
            "xK9#vTq2Lm",
            "J7&rw-Zp04aa",
            "Дала жусанының иісі1",
            "Көк бөрі мектеп шаңы 5",
            "Teacher Coffee Window 9",
        ] {
            assert!(!is_common(password, &[]), "{password}");
        }
    }

    #[test]
    fn the_list_is_sorted_and_large_enough() {
        let words: Vec<&str> = WORDS.lines().collect();
        assert!(words.is_sorted() && words.len() > 600, "{}", words.len());
        // Each word with a capital letter, ten years and a sign alone are more than six thousand.
        for word in words.iter().filter(|word| word.chars().count() > 3) {
            assert!(is_common(&format!("{word}-2026"), &[]), "{word}");
        }
    }
}
