//! Phone numbers of Kazakhstan: read as people write them, kept in E.164.

use std::{collections::BTreeMap, sync::OnceLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::statement::Param;

/// The numbering plan as data: operators get new prefixes.
#[derive(Deserialize, Default)]
struct Plan {
    /// The first three digits of mobile numbers.
    mobile: Vec<String>,
    /// Prefixes of each operator. Numbers may be carried over to another one, so this only says
    /// which gateway is tried first.
    operators: BTreeMap<String, Vec<String>>,
}

fn plan() -> &'static Plan {
    static PLAN: OnceLock<Plan> = OnceLock::new();
    PLAN.get_or_init(|| {
        serde_json::from_str(include_str!("../../../../schemas/data/phones.json"))
            .unwrap_or_default()
    })
}

/// Why a text is not a phone number of Kazakhstan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneError {
    /// Something else than digits, spaces, brackets, dashes, dots and a leading plus.
    Characters,
    /// Not ten digits after the country code.
    Length,
    /// The number of another country, or a code that Kazakhstan does not use.
    Country,
}

impl PhoneError {
    /// The end of the key of the text in `schemas/locales/format.json`: `phone.{code}`.
    pub const fn code(self) -> &'static str {
        match self {
            PhoneError::Characters => "characters",
            PhoneError::Length => "length",
            PhoneError::Country => "country",
        }
    }
}

/// A phone number: the ten digits after `+7`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

impl Phone {
    /// Reads `8 701 …`, `+7 (701) …`, `701 …`, `8 (7172) …`.
    ///
    /// # Errors
    /// See [`PhoneError`].
    pub fn parse(text: &str) -> Result<Phone, PhoneError> {
        let text = text.trim();
        let (plus, rest) = text.strip_prefix('+').map_or((false, text), |rest| (true, rest));
        let mut digits = String::with_capacity(12);
        for c in rest.chars() {
            match c {
                '0'..='9' => digits.push(c),
                ' ' | '(' | ')' | '-' | '.' | '/' | '\u{a0}' | '\u{202f}' | '‑' | '–' | '—' =>
                    {}
                _ => return Err(PhoneError::Characters),
            }
            if digits.len() > 15 {
                return Err(PhoneError::Length);
            }
        }
        if plus && !digits.starts_with('7') {
            return Err(PhoneError::Country);
        }
        let national = match digits.len() {
            11 if digits.starts_with(['7', '8']) => digits.get(1..).unwrap_or_default(),
            11 => return Err(PhoneError::Country),
            // Ten digits after an 8 are a local number with one digit missing.
            10 if !plus && !digits.starts_with('8') => &digits,
            _ => return Err(PhoneError::Length),
        };
        if !national.starts_with('7') {
            return Err(PhoneError::Country);
        }
        Ok(Phone(national.to_owned()))
    }

    /// `+77012345678`.
    pub fn e164(&self) -> String {
        format!("+7{}", self.0)
    }

    /// `77012345678`, as the SMS providers want it.
    pub fn digits(&self) -> String {
        format!("7{}", self.0)
    }

    /// Whether a message can be sent to it.
    pub fn is_mobile(&self) -> bool {
        plan().mobile.iter().any(|prefix| self.0.starts_with(prefix.as_str()))
    }

    /// The operator to which the prefix was given, if it is known.
    pub fn operator(&self) -> Option<&'static str> {
        plan()
            .operators
            .iter()
            .find(|(_, prefixes)| prefixes.iter().any(|prefix| self.0.starts_with(prefix.as_str())))
            .map(|(name, _)| name.as_str())
    }

    /// For a reader: see [`shown`].
    pub fn display(&self) -> String {
        shown(&self.e164())
    }
}

/// A number in E.164 as people read it: `+7 701 234 56 78`, a landline with its area code
/// `+7 7172 34 56 78`. Any other text stays as it is.
///
/// Area codes begin with 71 or 72 and have four digits, but for Almaty's; every other code has
/// three (the national numbering plan). Small enough for a cabinet: it reads no table.
pub fn shown(text: &str) -> String {
    let digits = text.strip_prefix("+7").filter(|rest| {
        rest.len() == 10 && rest.starts_with('7') && rest.bytes().all(|byte| byte.is_ascii_digit())
    });
    let Some(digits) = digits else { return text.to_owned() };
    let far = matches!(digits.as_bytes(), [_, b'1', ..] | [_, b'2', b'0'..=b'6' | b'8' | b'9', ..]);
    let area = if far { 4 } else { 3 };
    let cut = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    ["+7", cut(0, area), cut(area, 6), cut(6, 8), cut(8, 10)].join(" ")
}

impl From<&Phone> for Param {
    fn from(value: &Phone) -> Param {
        Param::Text(value.e164())
    }
}

impl Serialize for Phone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.e164())
    }
}

impl<'de> Deserialize<'de> for Phone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Phone, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Phone::parse(&text).map_err(|e| serde::de::Error::custom(e.code()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_way_of_writing() {
        for text in [
            "87012345678",
            "8 701 234 56 78",
            "+7 (701) 234-56-78",
            "+77012345678",
            "7012345678",
            "701 234 5678",
            "77012345678",
            " 8-701-234-56-78 ",
            "8\u{a0}(701)\u{a0}234‑56–78",
        ] {
            let phone = Phone::parse(text).unwrap();
            assert_eq!(phone.e164(), "+77012345678", "{text}");
            assert_eq!(phone.display(), "+7 701 234 56 78");
            assert!(phone.is_mobile());
        }
    }

    #[test]
    fn only_what_is_a_number_is_written_apart() {
        for code in &plan().mobile {
            let text = format!("+7{code}2345678");
            assert_eq!(shown(&text), format!("+7 {code} 234 56 78"));
        }
        assert_eq!(shown("+77272345678"), "+7 727 234 56 78");
        for text in [
            "",
            "+7701",
            "+7701234567a",
            "8 701 234 56 78",
            "+79012345678",
            "a@example.kz",
            "+7701234567ә",
        ] {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn reads_landlines() {
        for (text, shown) in [
            ("+7 7172 34 56 78", "+7 7172 34 56 78"),
            ("8 (7172) 34-56-78", "+7 7172 34 56 78"),
            ("8 727 234 56 78", "+7 727 234 56 78"),
            ("8 (71645) 2-13-45", "+7 7164 52 13 45"),
        ] {
            let phone = Phone::parse(text).unwrap();
            assert_eq!(phone.display(), shown);
            assert!(!phone.is_mobile());
        }
    }

    #[test]
    fn refuses_the_rest() {
        for (text, error) in [
            ("", PhoneError::Length),
            ("234 56 78", PhoneError::Length),
            ("8 701 234 56 7", PhoneError::Length),
            ("+7 701 234 56 789", PhoneError::Length),
            ("+7012345678", PhoneError::Length),
            ("8 701 234 56 78 доб. 2", PhoneError::Characters),
            ("+44 20 7946 0958", PhoneError::Country),
            ("8 495 123 45 67", PhoneError::Country),
            ("99112345678", PhoneError::Country),
            (&"7".repeat(1000), PhoneError::Length),
        ] {
            assert_eq!(Phone::parse(text), Err(error), "{text}");
        }
    }
}
