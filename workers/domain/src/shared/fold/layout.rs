//! Text typed with the wrong keyboard layout switched on.

/// The keys of the Latin layout and the letters of the Russian one on the same keys.
const LETTERS: (&str, &str) =
    ("`qwertyuiop[]asdfghjkl;'zxcvbnm,.", "ёйцукенгшщзхъфывапролджэячсмитьбю");
/// The number row: the Kazakh letters of the Kazakh layout.
const NUMBERS: (&str, &str) = ("2345890-=", "әіңғүұқөһ");

/// A text needs a word of so many letters before another layout is thought of: one letter is
/// itself, not the letter of the same key.
const LETTERS_MIN: usize = 3;

/// What the same keys would have given in the other layout: `vfntvfnbrf` -> `математика`,
/// `v95fk3v` -> `мұғалім`, `еуфсрук` -> `teacher`. `None` where that gives no word: the text
/// mixes scripts, has no letters, or a word comes out without a vowel. For a search that found
/// nothing: it cannot know that the text was wrong.
pub fn from_wrong_layout(text: &str) -> Option<String> {
    let text = super::exact(text);
    let latin = text.chars().any(|c| c.is_ascii_lowercase());
    let cyrillic = text.chars().any(super::is_cyrillic);
    let other = text.chars().any(|c| c.is_alphabetic() && !c.is_ascii() && !super::is_cyrillic(c));
    let long = text.split(' ').any(|word| word.chars().count() >= LETTERS_MIN);
    if latin == cyrillic || other || !long {
        return None;
    }
    let out: Vec<String> = text
        .split(' ')
        .map(|word| if latin { to_cyrillic(word) } else { to_latin(word) })
        .collect();
    let vowels = if latin { "аәеёиоөуұүыіэюя" } else { "aeiouy" };
    let plausible = out.iter().all(|word| {
        word.chars().filter(|c| c.is_alphabetic()).count() < 3
            || word.contains(|c| vowels.contains(c))
    });
    plausible.then(|| out.join(" "))
}

fn to_cyrillic(word: &str) -> String {
    // `7f` is a class, `v95fk3v` a word of the Kazakh layout.
    let kazakh = word.chars().filter(char::is_ascii_lowercase).count() >= 2;
    let letters = word.chars().any(|c| c.is_ascii_lowercase());
    word.chars()
        .map(|c| {
            (kazakh.then(|| swap(c, NUMBERS.0, NUMBERS.1)).flatten())
                .or_else(|| letters.then(|| swap(c, LETTERS.0, LETTERS.1)).flatten())
                .unwrap_or(c)
        })
        .collect()
}

fn to_latin(word: &str) -> String {
    word.chars()
        .map(|c| {
            swap(c, LETTERS.1, LETTERS.0).or_else(|| swap(c, NUMBERS.1, NUMBERS.0)).unwrap_or(c)
        })
        .collect()
}

fn swap(c: char, from: &str, to: &str) -> Option<char> {
    to.chars().nth(from.chars().position(|key| key == c)?)
}
