//! One spelling for the many ways in which people type: used on the index and on the query,
//! so both sides meet. The exact text is kept beside the folded one and weighs more, so that
//! `қала` ranks above `кала`.

mod latin;
mod layout;

use unicode_normalization::UnicodeNormalization;

pub use layout::from_wrong_layout;

/// Characters of a word beyond this are dropped: no word of a vacancy is longer.
pub const WORD_MAX: usize = 40;
/// Words of a text beyond this are not indexed.
pub const WORDS_MAX: usize = 4096;

/// Composed (NFC), lower case, every run of spaces one space, none at the ends.
pub fn exact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfc().flat_map(char::to_lowercase) {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !is_invisible(c) {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// The folded text: Kazakh letters as their Russian neighbours, `ё` and `э` as `е`, no soft or
/// hard signs, Latin spelling (Kazakh Latin of 2018 and 2021, ordinary transliteration) as
/// Cyrillic. Punctuation stays; [`words`] splits on it. Folding twice changes nothing.
pub fn fold(text: &str) -> String {
    let text = exact(text);
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.chars() {
        if c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) {
            word.push(c);
        } else if !is_apostrophe(c) || word.is_empty() {
            fold_word(&word, &mut out);
            word.clear();
            out.push(c);
        }
    }
    fold_word(&word, &mut out);
    out
}

/// The folded words of a text in order: letters and digits, split at everything else (hyphens
/// too), at most [`WORDS_MAX`] of at most [`WORD_MAX`] characters.
pub fn words(text: &str) -> Vec<String> {
    fold(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(WORDS_MAX)
        .map(|word| word.chars().take(WORD_MAX).collect())
        .collect()
}

/// Folds one word without punctuation.
fn fold_word(word: &str, out: &mut String) {
    if word.chars().any(is_cyrillic) {
        out.extend(word.chars().filter_map(|c| fold_letter(look_alike(c))));
    } else if word.chars().any(char::is_alphabetic) {
        // Latin becomes Cyrillic; what the table does not know (another script) stays.
        latin::to_cyrillic(word, out);
    } else {
        out.push_str(word);
    }
}

/// The folded letter; `None` for the soft and the hard sign and for stray accents.
fn fold_letter(c: char) -> Option<char> {
    Some(match c {
        'ё' | 'э' => 'е',
        'ә' => 'а',
        'ғ' => 'г',
        'қ' => 'к',
        'ң' => 'н',
        'ө' => 'о',
        'ұ' | 'ү' => 'у',
        'һ' => 'х',
        'і' => 'и',
        'ъ' | 'ь' => return None,
        c if unicode_normalization::char::is_combining_mark(c) => return None,
        c => c,
    })
}

/// A Latin letter inside a Cyrillic word: the key next to it or the look of it.
fn look_alike(c: char) -> char {
    match c {
        'a' => 'а',
        'b' => 'в',
        'c' => 'с',
        'e' => 'е',
        'h' => 'һ',
        'i' => 'і',
        'k' => 'к',
        'm' => 'м',
        'n' => 'п',
        'o' => 'о',
        'p' => 'р',
        't' => 'т',
        'x' => 'х',
        'y' => 'у',
        c => c,
    }
}

/// Whether it is a letter of the Cyrillic script.
fn is_cyrillic(c: char) -> bool {
    ('\u{400}'..='\u{52f}').contains(&c)
}

/// Signs inside a word that join it: `об'єкт`, `mug'alim`, `uchitel’`.
fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | 'ʹ' | '`')
}

/// Signs that a copy from elsewhere carries along: soft hyphens, zero width, the stress mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests;
