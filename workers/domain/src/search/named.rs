//! Finding a place or an organisation by its name, in either language and any spelling.

use std::collections::BTreeSet;

use super::{index::Name, token};
use crate::shared::{fold, stem::stem};

/// Words of a name that are looked at.
const WORDS_MAX: usize = 8;

/// What a place is called beside its name, folded: people leave it out or write it shorter.
const KINDS: &[&str] = &[
    "облысы",
    "область",
    "облыс",
    "обл",
    "ауданы",
    "аудан",
    "район",
    "каласы",
    "кала",
    "город",
    "гор",
    "г",
    "ауылы",
    "ауыл",
    "село",
    "с",
    "а",
    "кенти",
    "кент",
    "поселок",
    "пос",
    "п",
    "ауылдык",
    "округи",
    "сельскии",
    "сельский",
    "округ",
    "станциясы",
    "станция",
    "ст",
    "кенттик",
    "акимдиги",
    "поселковая",
    "администрация",
    "region",
    "district",
    "city",
    "регион",
    "дистрикт",
];

/// The tokens of names: what [`wanted`] asks for.
pub fn tokens<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut out = BTreeSet::new();
    for word in names.into_iter().flat_map(fold::words) {
        out.insert(format!("s{}", stem(&word)));
        out.extend(token::prefixes(&word));
    }
    out.into_iter().collect::<Vec<_>>().join(" ")
}

/// The tokens of the names of an organisation: [`tokens`], and what a misspelled word has in common
/// with the right one.
pub fn organisation_tokens<'a>(names: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let mut out = tokens(names.clone());
    let gaps: BTreeSet<String> =
        names.into_iter().flat_map(fold::words).flat_map(|word| token::gaps(&word)).collect();
    for gap in gaps {
        out.push(' ');
        out.push_str(&gap);
    }
    out
}

/// The expression of organisations that have a word like one of these; `None` where none of them
/// is long enough.
pub fn alike(words: &[String]) -> Option<String> {
    let gaps: BTreeSet<String> =
        words.iter().take(WORDS_MAX).flat_map(|word| token::gaps(word)).collect();
    (!gaps.is_empty()).then(|| token::any(gaps))
}

/// The expression of names that have all words of a text, whole or as beginnings; `None` where
/// the text has none.
pub fn wanted(text: &str) -> Option<String> {
    let words = fold::words(text);
    let parts: Vec<String> = words
        .iter()
        .take(WORDS_MAX)
        .map(|word| {
            let stem = format!("s{}", stem(word));
            token::any(std::iter::once(stem).chain(token::prefix(word)))
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join(" AND "))
}

/// The expression of places; the kind of a place may be left out or be another one.
pub fn wanted_place(text: &str) -> Option<String> {
    wanted(&telling(text).join(" "))
}

/// The words of a place's name without its kind; all of them where nothing else is left.
fn telling(text: &str) -> Vec<String> {
    let words = fold::words(text);
    let telling: Vec<String> =
        words.iter().filter(|word| !KINDS.contains(&word.as_str())).cloned().collect();
    if telling.is_empty() { words } else { telling }
}

/// The places that a text means among those that fit: the ones that are called just so, else
/// all that begin so. Regions and districts come before villages.
pub fn meant(text: &str, mut found: Vec<Name>) -> Vec<Name> {
    let wanted = telling(text);
    let whole = fold::words(text);
    let level = |name: &Name| match name.code.get(2..).unwrap_or_default() {
        "0000000" => 0,
        code if code.ends_with("00000") => 1,
        code if code.ends_with("000") => 2,
        _ => 3,
    };
    found.sort_by(|a, b| (level(a), &a.code).cmp(&(level(b), &b.code)));
    let names = |name: &Name| [name.kk.clone(), name.ru.clone(), name.en.clone()];
    // English names leave the kind out for cities, so they decide nothing here.
    let full = |name: &Name| [name.kk.clone(), name.ru.clone()];
    let just: Vec<Name> = found
        .iter()
        .filter(|n| full(n).iter().any(|name| fold::words(name) == whole))
        .cloned()
        .collect();
    if !just.is_empty() {
        return just;
    }
    let same: Vec<Name> = found
        .iter()
        .filter(|n| names(n).iter().any(|name| telling(name) == wanted))
        .cloned()
        .collect();
    if same.is_empty() { found } else { same }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(code: &str, kk: &str, ru: &str) -> Name {
        Name {
            facet: "kato".into(),
            code: code.into(),
            kk: kk.into(),
            ru: ru.into(),
            en: String::new(),
            lat: None,
            lon: None,
            attrs: None,
        }
    }

    #[test]
    fn every_spelling_asks_for_tokens_that_are_there() {
        let have = tokens(["№ 12 орта мектеп", "Средняя школа № 12", "Талдықорған қаласы"]);
        let have: BTreeSet<&str> = have.split(' ').collect();
        for text in ["12 мектеп", "школа 12", "талдыкор", "Taldyqorgan", "МЕКТЕП №12"]
        {
            let asked = wanted(text).unwrap();
            for part in asked.split(" AND ") {
                assert!(
                    part.split('"').skip(1).step_by(2).any(|token| have.contains(token)),
                    "{text}: {part}"
                );
            }
        }
        assert_eq!(wanted("!!!"), None);
    }

    #[test]
    fn a_word_with_a_mistake_has_a_token_of_the_right_one() {
        let have = organisation_tokens(["«Шапағат» орта мектебі", "Средняя школа «Шапагат»"]);
        let have: BTreeSet<&str> = have.split(' ').collect();
        let found = |typed: &str| {
            alike(&fold::words(typed)).is_some_and(|wanted| {
                wanted.split('"').skip(1).step_by(2).any(|token| have.contains(token))
            })
        };
        // A letter more, less, another one, two in the wrong order; Latin letters.
        for typed in ["шапагатт", "шапгат", "шапогат", "шапаагт", "шпагат", "shapogat"]
        {
            assert!(found(typed), "{typed}");
        }
        for typed in ["көктем", "балдаурен", "№ 12", "ша"] {
            assert!(!found(typed), "{typed}");
        }
    }

    #[test]
    fn a_place_is_meant_by_its_name() {
        let all = || {
            vec![
                place("330000000", "Жетісу облысы", "область Жетісу"),
                place("750000000", "Алматы қаласы", "город Алматы"),
                place("190000000", "Алматы облысы", "Алматинская область"),
                place("331035100", "Алматы ауылы", "село Алматы"),
            ]
        };
        let codes = |text: &str| -> Vec<String> {
            meant(text, all()).into_iter().map(|name| name.code).collect()
        };
        assert_eq!(codes("Алматы қаласы"), ["750000000"]);
        assert_eq!(codes("город алматы"), ["750000000"]);
        assert_eq!(codes("алматы"), ["190000000", "750000000", "331035100"]);
        assert_eq!(codes("жетісу"), ["330000000"]);
    }
}
