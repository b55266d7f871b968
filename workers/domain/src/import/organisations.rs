//! Which organisation a row means: by BIN, by name, or by both where they agree. Only those that
//! the person may act for are known here.

use std::collections::HashMap;

use serde::Deserialize;

use super::words::{Token, tokens, words};
use crate::shared::{bin::Bin, lang::Text, row};

/// An organisation, as far as an import needs it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[expect(missing_docs, reason = "the columns of the table")]
pub struct Organisation {
    pub id: String,
    pub slug: String,
    pub bin: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub level: String,
    pub path: String,
    pub name_kk: String,
    pub name_ru: String,
    pub name_en: String,
    pub phone: String,
    pub email: String,
    #[serde(deserialize_with = "row::json")]
    pub languages: Vec<String>,
    #[serde(deserialize_with = "row::flag")]
    pub rural: bool,
    #[serde(deserialize_with = "row::flag")]
    pub has_address: bool,
}

impl Organisation {
    /// Its name.
    pub fn name(&self) -> Text {
        Text { kk: self.name_kk.clone(), ru: self.name_ru.clone(), en: self.name_en.clone() }
    }
}

/// Why a row's organisation is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unknown {
    /// The BIN cannot be one.
    BinInvalid,
    /// Nobody within reach has this BIN.
    Bin,
    /// Nobody within reach has this name.
    Name,
    /// The name fits several.
    Ambiguous(Vec<usize>),
    /// The name is one organisation, the BIN another.
    Conflict(usize, usize),
    /// Nothing is said.
    Missing,
}

/// The organisations within reach, ready for look-ups.
pub(super) struct Organisations<'a> {
    list: &'a [Organisation],
    bins: HashMap<&'a str, usize>,
    exact: HashMap<Vec<String>, Vec<usize>>,
    names: Vec<[Vec<Token>; 2]>,
}

impl<'a> Organisations<'a> {
    pub(super) fn new(list: &'a [Organisation]) -> Organisations<'a> {
        let mut exact: HashMap<Vec<String>, Vec<usize>> = HashMap::new();
        let mut names = Vec::new();
        for (at, organisation) in list.iter().enumerate() {
            let both = [&organisation.name_kk, &organisation.name_ru].map(|name| telling(name));
            for name in &both {
                let places = exact.entry(key(name)).or_default();
                if !places.contains(&at) {
                    places.push(at);
                }
            }
            names.push(both);
        }
        let bins = list.iter().enumerate().map(|(at, have)| (have.bin.as_str(), at)).collect();
        Organisations { list, bins, exact, names }
    }

    /// The organisation of a row; the flag says that the name was only similar.
    pub(super) fn find(&self, bin: &str, name: &str) -> Result<(usize, bool), Unknown> {
        let by_name = (!name.is_empty()).then(|| self.by_name(name));
        if bin.is_empty() {
            return by_name.unwrap_or(Err(Unknown::Missing));
        }
        let digits: String = bin.chars().filter(char::is_ascii_digit).collect();
        // A spreadsheet that takes it for a number drops the zeros in front.
        let digits =
            if (9..12).contains(&digits.len()) { format!("{digits:0>12}") } else { digits };
        let bin = Bin::parse(&digits).map_err(|_| Unknown::BinInvalid)?;
        let at = *self.bins.get(bin.to_string().as_str()).ok_or(Unknown::Bin)?;
        match by_name {
            // Beside a BIN a name may be shortened freely; only another one's full name counts.
            Some(Ok((other, false))) if other != at => Err(Unknown::Conflict(other, at)),
            _ => Ok((at, false)),
        }
    }

    fn by_name(&self, name: &str) -> Result<(usize, bool), Unknown> {
        let words = telling(name);
        let exact = self.exact.get(&key(&words)).map(Vec::as_slice).unwrap_or_default();
        match exact {
            [one] => return Ok((*one, false)),
            [] => {}
            several => return Err(Unknown::Ambiguous(several.to_vec())),
        }
        if words.is_empty() {
            return Err(Unknown::Name);
        }
        let holds = |have: &[Token]| {
            words.iter().all(|word| have.iter().any(|token| word.stands_for(token) > 0))
        };
        let similar: Vec<usize> = self
            .names
            .iter()
            .enumerate()
            .filter(|(_, names)| names.iter().any(|have| holds(have)))
            .map(|(at, _)| at)
            .collect();
        match similar.as_slice() {
            [one] => Ok((*one, true)),
            [] => Err(Unknown::Name),
            several => Err(Unknown::Ambiguous(several.to_vec())),
        }
    }

    /// The organisation at a place.
    pub(super) fn get(&self, at: usize) -> Option<&'a Organisation> {
        self.list.get(at)
    }
}

/// The words of a name that tell organisations apart: no legal form, short kinds written out.
fn telling(name: &str) -> Vec<Token> {
    let words = words();
    let mut out = Vec::new();
    for token in tokens(name) {
        if let Some(long) = words.abbreviations.get(&token.word) {
            out.extend(tokens(long));
        } else if !(words.legal_forms.contains(&token.word)
            // "г.", "с.": the kind of the place.
            || token.dotted && token.word.chars().all(char::is_alphabetic) && token.word.chars().count() == 1)
        {
            out.push(token);
        }
    }
    out
}

fn key(words: &[Token]) -> Vec<String> {
    let mut key: Vec<String> = words.iter().map(|token| token.stem.clone()).collect();
    key.sort();
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> Vec<Organisation> {
        [
            ("090340012228", "№ 51 «Көкжиек» орта мектебі", "Средняя школа № 51 «Көкжиек»"),
            ("020940013334", "№ 58 орта мектеп", "Средняя школа № 58"),
            ("230640013703", "№ 59 «Өрен» орта мектебі", "Средняя школа № 59 «Өрен»"),
            (
                "050140016662",
                "Талдықорған қаласының әдістемелік кабинеті (демо)",
                "Методический кабинет города Талдыкорган (демо)",
            ),
        ]
        .map(|(bin, kk, ru)| Organisation {
            id: bin.into(),
            slug: bin.into(),
            bin: bin.into(),
            kind: "school".into(),
            level: "organisation".into(),
            path: format!("{bin}/"),
            name_kk: kk.into(),
            name_ru: ru.into(),
            name_en: String::new(),
            phone: String::new(),
            email: String::new(),
            languages: vec![],
            rural: false,
            has_address: true,
        })
        .into()
    }

    #[test]
    fn found_by_bin_or_name() {
        let list = list();
        let all = Organisations::new(&list);
        for (bin, name, expected) in [
            ("090340012228", "", Ok((0, false))),
            ("90340012228", "что угодно", Ok((0, false))),
            (" 020 940 013 334 ", "", Ok((1, false))),
            ("", "КГУ «Средняя школа № 51 «Көкжиек»»", Ok((0, false))),
            ("", "№58 орта мектеп", Ok((1, false))),
            ("", "№ 59 «ӨРЕН» орта мектебі коммуналдық мемлекеттік мекемесі", Ok((2, false))),
            ("", "Методический кабинет г. Талдыкорган", Ok((3, true))),
            ("", "Кокжиек", Ok((0, true))),
            ("", "СШ №58", Ok((1, false))),
            ("", "№ 5 орта мектеп", Err(Unknown::Name)),
            ("", "№ 999 «Жоқмектеп» орта мектебі", Err(Unknown::Name)),
            ("", "Средняя школа", Err(Unknown::Ambiguous(vec![0, 1, 2]))),
            ("090340012221", "", Err(Unknown::BinInvalid)),
            ("12", "", Err(Unknown::BinInvalid)),
            ("980540000109", "", Err(Unknown::Bin)),
            ("090340012228", "Средняя школа № 58", Err(Unknown::Conflict(1, 0))),
            ("", "", Err(Unknown::Missing)),
        ] {
            assert_eq!(all.find(bin, name), expected, "{bin} {name}");
        }
    }
}
