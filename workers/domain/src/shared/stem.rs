//! Light stemming of folded words. A reader may type Kazakh without Kazakh letters and in
//! either language, so the language of a word is not known: one stripper knows the endings of
//! both. A key is opaque (`учителя` -> `учител`, `психологи` -> `психолок`); all that counts is
//! that every form of a word has the same one.
//!
//! Two measures keep the languages apart. Kazakh endings follow vowel harmony and the last
//! sound of the stem, which most look-alikes in Russian words break. Where a Russian stem could
//! still lose its last consonant in one form (`специалист-а` read as `специалис-та`), that
//! consonant is dropped in all of them.

/// A stem keeps at least this many letters.
const SHORTEST: usize = 3;

/// What must stand before a Kazakh ending.
#[derive(Clone, Copy, PartialEq)]
enum After {
    /// A voiceless consonant (and the voiced stops that end loan words).
    Voiceless,
    /// м н ң.
    Nasal,
    /// Another voiced consonant.
    Voiced,
    /// з, ж.
    Buzz,
    /// A back vowel other than ы.
    Back,
    /// е.
    Front,
    /// ы or і: mostly the possessive of the third person.
    High,
    /// у, й.
    Glide,
}

/// The class of a sound; `None` for sounds before which nothing Kazakh is cut: о of loan words.
fn class(c: char) -> Option<After> {
    Some(match c {
        'п' | 'ф' | 'к' | 'т' | 'с' | 'ш' | 'щ' | 'х' | 'ц' | 'ч' | 'г' | 'б' => {
            After::Voiceless
        }
        'м' | 'н' => After::Nasal,
        'л' | 'р' | 'в' | 'д' => After::Voiced,
        'з' | 'ж' => After::Buzz,
        'а' | 'я' => After::Back,
        'е' => After::Front,
        'ы' | 'и' => After::High,
        'у' | 'й' | 'ю' => After::Glide,
        _ => return None,
    })
}

use After::{Back, Buzz, Front, Glide, High, Nasal, Voiced, Voiceless};

/// Kazakh endings (case, possessive, plural, the adjective of place), each with what stands
/// before it. The vowel а of a soft ending may be ә of the stem, so а goes with both.
const KAZAKH: &[(&[&str], &[After])] = &[
    // Genitive.
    (&["нын"], &[Back, High, Nasal]),
    (&["нин"], &[Front, High, Nasal]),
    (&["дын", "дин"], &[Voiced, Buzz, Glide]),
    (&["тын", "тин"], &[Voiceless]),
    // Dative.
    (&["га"], &[Back, High, Nasal, Voiced, Buzz, Glide]),
    (&["ге"], &[Front, High, Nasal, Voiced, Buzz, Glide]),
    (&["ка", "ке"], &[Voiceless]),
    (&["на", "не"], &[High]),
    // Accusative.
    (&["ны"], &[Back, High]),
    (&["ни"], &[Front, High]),
    (&["ды", "ди"], &[Nasal, Voiced, Buzz, Glide]),
    (&["ты", "ти"], &[Voiceless]),
    // Locative and the adjective of place.
    (&["да", "дагы"], &[Back, High, Nasal, Voiced, Buzz, Glide]),
    (&["де", "деги"], &[Front, High, Nasal, Voiced, Buzz, Glide]),
    (&["та", "те", "тагы", "теги"], &[Voiceless]),
    (&["нда", "нде", "ндагы", "ндеги"], &[High]),
    // Ablative.
    (&["дан"], &[Back, High, Voiced, Buzz, Glide]),
    (&["ден"], &[Front, High, Voiced, Buzz, Glide]),
    (&["тан", "тен"], &[Voiceless]),
    (&["нан", "нен"], &[High, Nasal]),
    // Instrumental.
    (&["мен"], &[Back, Front, High, Nasal, Voiced, Glide]),
    (&["бен"], &[Buzz]),
    (&["пен"], &[Voiceless]),
    // Possessive.
    (&["сы", "сын"], &[Back]),
    (&["ысы", "ысын"], &[Voiceless]),
    (&["си", "син"], &[Front]),
    (&["си", "син"], &[High]),
    (&["мыз", "ныз"], &[Back]),
    (&["миз", "низ"], &[Front]),
    (&["ымыз", "имиз", "ыныз", "иниз"], &[Voiceless, Nasal, Voiced, Buzz, Glide]),
    (&["ым", "им", "ын", "ин"], &[Voiceless, Nasal, Voiced, Buzz, Glide]),
    // Plural.
    (&["лар"], &[Back, High, Glide, Voiced]),
    (&["лер"], &[Back, Front, High, Glide, Voiced]),
    (&["дар", "дер"], &[Nasal, Voiced, Buzz]),
    (&["тар", "тер"], &[Voiceless]),
];

/// Russian endings of nouns and adjectives, and how many letters must stay.
const RUSSIAN: &[(&[&str], usize)] = &[
    (&["ами", "ями", "ого", "его", "ому", "ему", "ыми", "ими"], 3),
    (&["ая", "яя", "ое", "ее", "ые", "ие", "ую", "юю", "ою", "ею", "ий", "ый", "ой", "ей"], 3),
    (&["ам", "ям", "ах", "ях", "ом", "ем", "ым", "им"], 3),
    (&["ов", "ев", "ых", "их"], 4),
    // What remains of the accusative -н after a vowel (`балаң`, `Астаны`).
    (&["н"], 4),
    (&["а", "я", "о", "е", "ы", "и", "у", "ю"], 3),
];

/// Stems that the rules would damage: every word that starts so has this key.
const KEPT: &[&str] = &["логопед", "казахстан", "казакстан", "лицей", "услуг"];

/// Whole words with a stem of their own: stems that change inside, words as short as an ending.
const WHOLE: &[(&str, &str)] = &[
    ("лицея", "лицей"),
    ("лицею", "лицей"),
    ("лицеи", "лицей"),
    ("лицее", "лицей"),
    ("лицеев", "лицей"),
    ("лицеем", "лицей"),
    ("детей", "дет"),
    ("детям", "дет"),
    ("тарих", "тарих"),
];

/// The key of a folded word (see [`super::fold::words`]), for the index and the query alike.
pub fn stem(folded: &str) -> String {
    if let Some((_, key)) = WHOLE.iter().find(|(word, _)| *word == folded) {
        return (*key).to_owned();
    }
    let mut word: Vec<char> = folded.chars().collect();
    if word.len() <= SHORTEST || word.iter().any(char::is_ascii_digit) {
        return folded.to_owned();
    }
    if let Some(kept) = KEPT.iter().find(|kept| folded.starts_with(*kept)) {
        return (*kept).to_owned();
    }
    while let Some(length) = shorter(&word) {
        word.truncate(length);
    }
    // мектебі -> мектеп, балығы -> балық: everywhere, so that педагог and педагогы agree.
    if let Some(last) = word.last_mut() {
        *last = match *last {
            'б' => 'п',
            'г' => 'к',
            c => c,
        };
    }
    word.into_iter().collect()
}

/// The length after cutting the longest ending that fits; `None` where none does.
fn shorter(word: &[char]) -> Option<usize> {
    let kazakh = KAZAKH.iter().flat_map(|(endings, after)| {
        endings.iter().filter_map(move |ending| {
            let rest = without(word, ending)?;
            let class = class(*rest.last()?)?;
            // After a vowel a short stem is more likely a Russian word: труд-а, книг-а.
            let least = if matches!(class, Back | Front | Glide) && ending.chars().count() == 2 {
                4
            } else {
                SHORTEST
            };
            // жуушы-сы, but жұмыс-ы: only the people of a trade have -шы.
            let fits = !ending.starts_with("ысы") || rest.ends_with(&['ш']);
            (fits && rest.len() >= least && after.contains(&class)).then_some(rest.len())
        })
    });
    let russian = RUSSIAN.iter().flat_map(|(endings, least)| {
        endings.iter().filter_map(move |ending| {
            let rest = without(word, ending)?;
            let fits = *ending != "н" || rest.ends_with(&['а']);
            (rest.len() >= *least && fits).then_some(rest.len())
        })
    });
    kazakh.chain(russian).min().or_else(|| hardened(word))
}

/// Drops the last consonant of a pair that an ending could have taken along: специалис-т,
/// разработ-к, стен-д.
fn hardened(word: &[char]) -> Option<usize> {
    let [rest @ .., last] = word else { return None };
    let before = class(*rest.last()?)?;
    let pair = match last {
        'к' | 'т' => before == Voiceless,
        'д' => matches!(before, Nasal | Voiced | Buzz),
        _ => false,
    };
    (pair && rest.len() >= SHORTEST).then_some(rest.len())
}

/// The word without an ending.
fn without<'a>(word: &'a [char], ending: &str) -> Option<&'a [char]> {
    let mut rest = word;
    for c in ending.chars().rev() {
        rest = rest.strip_suffix(&[c])?;
    }
    Some(rest)
}

#[cfg(test)]
mod tests;
