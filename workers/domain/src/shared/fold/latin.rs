//! Latin spelling of Kazakh and Russian as folded Cyrillic.

use unicode_normalization::char::decompose_canonical;

/// Letter groups, the longest first. They give folded letters: no `э`, `ё`, soft signs.
const GROUPS: &[(&str, &str)] = &[
    ("shch", "щ"),
    ("sch", "щ"),
    ("zh", "ж"),
    ("kh", "х"),
    ("gh", "г"),
    ("ts", "ц"),
    ("ch", "ч"),
    ("sh", "ш"),
    ("ya", "я"),
    ("yu", "ю"),
    ("yo", "е"),
    ("ye", "е"),
    ("ck", "к"),
];

/// Appends a Latin lower-case word in folded Cyrillic. Plain letters, the acute letters of 2018
/// (á ǵ ı ń ó ú ý), the letters of 2021 (ä ğ ı ñ ö ū ü ş) and Russian transliteration agree:
/// they differ only in what folding joins anyway.
pub fn to_cyrillic(word: &str, out: &mut String) {
    let letters: Vec<char> = word.chars().map(plain).collect();
    let mut at = 0;
    let mut after_vowel = false;
    while let Some(&c) = letters.get(at) {
        let rest = letters.get(at..).unwrap_or_default();
        // `y` between a vowel and a consonant is й: `uchitelskay`, `russkiy`.
        if let Some((group, cyrillic)) = GROUPS
            .iter()
            .find(|(group, _)| group.chars().enumerate().all(|(n, g)| rest.get(n) == Some(&g)))
        {
            out.push_str(cyrillic);
            at += group.len();
            after_vowel = cyrillic.ends_with(['я', 'ю', 'е']);
            continue;
        }
        // At the end `ia` is ия: `gimnazia`; elsewhere an i after a vowel is й: `Aigerim`.
        if rest == ['i', 'a'] && !after_vowel {
            out.push_str("ия");
            return;
        }
        let cyrillic = match c {
            'y' | 'i' if after_vowel => 'й',
            c => letter(c),
        };
        out.push(cyrillic);
        if c == 'x' {
            out.push('с');
        }
        after_vowel = matches!(cyrillic, 'а' | 'е' | 'и' | 'о' | 'у' | 'ы');
        at += 1;
    }
}

/// The base letter of a letter with a mark; `ş` and `ç` and their like are letters of their own.
fn plain(c: char) -> char {
    match c {
        'ı' => 'i',
        'ş' | 'š' | 'ș' => 'ш',
        'ç' | 'č' => 'ч',
        'ž' => 'ж',
        'ŋ' => 'n',
        // ý is у in the alphabet of 2018, not a kind of y.
        'ý' => 'u',
        c if c.is_ascii() => c,
        c => {
            let mut base = None;
            decompose_canonical(c, |part| {
                base.get_or_insert(part);
            });
            base.unwrap_or(c)
        }
    }
}

/// One letter.
fn letter(c: char) -> char {
    match c {
        'a' => 'а',
        'b' => 'б',
        'c' => 'к',
        'd' => 'д',
        'e' => 'е',
        'f' => 'ф',
        'g' => 'г',
        'h' => 'х',
        'i' => 'и',
        'j' => 'ж',
        'k' | 'q' | 'x' => 'к',
        'l' => 'л',
        'm' => 'м',
        'n' => 'н',
        'o' => 'о',
        'p' => 'п',
        'r' => 'р',
        's' => 'с',
        't' => 'т',
        'u' => 'у',
        'v' | 'w' => 'в',
        'y' => 'ы',
        'z' => 'з',
        c => c,
    }
}
