//! Phone numbers of Kazakhstan: read as people write them, kept in E.164.

use std::{collections::BTreeMap, sync::OnceLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::statement::Param;

/// The numbering plan as data: operators get new prefixes.
#[derive(Deserialize, Default)]
struct Plan {
    /// The first three digits of mobile numbers.
    mobile: Vec<String>,
    /// Area codes of three digits; all others have four.
    short_area: Vec<String>,
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

    /// For a reader: `+7 701 234 56 78`, a landline with its area code `+7 7172 34 56 78`.
    pub fn display(&self) -> String {
        let short =
            self.is_mobile() || plan().short_area.iter().any(|code| self.0.starts_with(code));
        let area = if short { 3 } else { 4 };
        let cut = |from: usize, to: usize| self.0.get(from..to).unwrap_or_default();
        format!("+7 {} {} {} {}", cut(0, area), cut(area, 6), cut(6, 8), cut(8, 10))
    }
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
