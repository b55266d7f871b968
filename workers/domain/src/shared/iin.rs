//! The individual identification number of a person (IIN): birth date, century and sex, serial
//! number, check digit. Source: the rules of forming identification numbers of the National
//! registers Act of 12 January 2007 No 223-III.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::statement::Param;

/// Why a number is not an IIN or a BIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdError {
    /// Not twelve digits.
    Characters,
    /// The digits of the date are no date (for a BIN: no month).
    Date,
    /// The digit of the century and sex, or of the kind of organisation, has no meaning.
    Kind,
    /// The check digit does not fit: most likely a slip of the finger.
    Checksum,
}

impl IdError {
    /// The end of the key of the text in `schemas/locales/format.json`: `id.{code}`.
    pub const fn code(self) -> &'static str {
        match self {
            IdError::Characters => "characters",
            IdError::Date => "date",
            IdError::Kind => "kind",
            IdError::Checksum => "checksum",
        }
    }
}

/// Sex as the number states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// Male.
    Male,
    /// Female.
    Female,
}

/// A checked IIN. `Debug` shows the first four digits only, so that no log carries a number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Iin([u8; 12]);

impl Iin {
    /// Reads a number; spaces around it are forgiven.
    ///
    /// # Errors
    /// The first reason in the order of [`IdError`].
    pub fn parse(text: &str) -> Result<Iin, IdError> {
        let digits = twelve_digits(text)?;
        let century = digits[6];
        if date(&digits).is_none() {
            return Err(IdError::Date);
        }
        if century > 6 {
            return Err(IdError::Kind);
        }
        check(&digits)?;
        Ok(Iin(digits))
    }

    /// The birth date. `None` where the century digit is 0: the number of a foreigner to whom
    /// the register assigned no century.
    pub fn birth_date(self) -> Option<NaiveDate> {
        if self.0[6] == 0 { None } else { date(&self.0) }
    }

    /// The sex; `None` where the century digit is 0.
    pub fn sex(self) -> Option<Sex> {
        match self.0[6] {
            0 => None,
            odd if odd % 2 == 1 => Some(Sex::Male),
            _ => Some(Sex::Female),
        }
    }

    /// Whole years of age on a day; `None` where the birth date is not known or is later.
    pub fn age_on(self, day: NaiveDate) -> Option<u32> {
        day.years_since(self.birth_date()?)
    }

    /// For lists and logs: `8504••••••06`.
    pub fn masked(self) -> String {
        let text = self.to_string();
        format!("{}••••••{}", text.get(..4).unwrap_or(""), text.get(10..).unwrap_or(""))
    }
}

/// The date of the first six digits in the century of the seventh.
fn date(digits: &[u8; 12]) -> Option<NaiveDate> {
    let two = |at: usize| u32::from(digits[at]) * 10 + u32::from(digits[at + 1]);
    let year = i32::try_from(two(0)).ok()?;
    let of = |century: i32| NaiveDate::from_ymd_opt(century + year, two(2), two(4));
    match digits[6] {
        1 | 2 => of(1800),
        3 | 4 => of(1900),
        5 | 6 => of(2000),
        // No century: 2000 was a leap year and 1900 was not, so 29 February is let through.
        _ => of(2000),
    }
    .filter(|date| date.year() >= 1800)
}

/// Twelve ASCII digits as numbers.
pub(super) fn twelve_digits(text: &str) -> Result<[u8; 12], IdError> {
    let bytes: [u8; 12] = text.trim().as_bytes().try_into().map_err(|_| IdError::Characters)?;
    if !bytes.iter().all(u8::is_ascii_digit) {
        return Err(IdError::Characters);
    }
    Ok(bytes.map(|byte| byte - b'0'))
}

/// Compares the check digit.
pub(super) fn check(digits: &[u8; 12]) -> Result<(), IdError> {
    if check_digit(digits) == Some(digits[11]) { Ok(()) } else { Err(IdError::Checksum) }
}

/// The check digit of the first eleven: weights 1 to 11, modulo 11; a remainder of 10 is
/// computed again with the weights shifted by two; 10 again means that the register never
/// issues such a number.
fn check_digit(digits: &[u8; 12]) -> Option<u8> {
    let sum = |shift: u32| -> u32 {
        (0..11u32)
            .zip(digits)
            .map(|(place, digit)| ((place + shift) % 11 + 1) * u32::from(*digit))
            .sum()
    };
    [0, 2].into_iter().map(|shift| sum(shift) % 11).find(|rest| *rest < 10)?.try_into().ok()
}

/// The digits as text.
pub(super) fn write(digits: &[u8; 12], f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    digits.iter().try_for_each(|digit| write!(f, "{digit}"))
}

impl std::fmt::Display for Iin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write(&self.0, f)
    }
}

impl std::fmt::Debug for Iin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Iin({})", self.masked())
    }
}

impl From<Iin> for Param {
    fn from(value: Iin) -> Param {
        Param::Text(value.to_string())
    }
}

impl Serialize for Iin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Iin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Iin, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        // The value itself stays out of the message.
        Iin::parse(&text).map_err(|e| serde::de::Error::custom(e.code()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: [&str; 3] = ["850412300006", "010930600007", "991231400109"];
    const SECOND: [&str; 3] = ["850412300704", "010930600809", "991231400002"];

    #[test]
    fn reads_valid_numbers() {
        for text in FIRST.into_iter().chain(SECOND) {
            assert_eq!(Iin::parse(text).unwrap().to_string(), text);
        }
        let iin = Iin::parse(" 850412300006 ").unwrap();
        assert_eq!(iin.birth_date(), NaiveDate::from_ymd_opt(1985, 4, 12));
        assert_eq!(iin.sex(), Some(Sex::Male));
        assert_eq!(iin.age_on(NaiveDate::from_ymd_opt(2026, 4, 11).unwrap()), Some(40));
        let iin = Iin::parse("010930600007").unwrap();
        assert_eq!(iin.birth_date(), NaiveDate::from_ymd_opt(2001, 9, 30));
        assert_eq!(iin.sex(), Some(Sex::Female));
        assert_eq!(format!("{iin:?}"), "Iin(0109••••••07)");
    }

    #[test]
    fn refuses_impossible_prefixes() {
        for prefix in ["85041230073", "01093060086", "99123140004"] {
            for last in 0..10 {
                assert_eq!(Iin::parse(&format!("{prefix}{last}")), Err(IdError::Checksum));
            }
        }
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, error) in [
            ("", IdError::Characters),
            ("85041230000", IdError::Characters),
            ("8504123000066", IdError::Characters),
            ("85041230000a", IdError::Characters),
            ("８50412300006", IdError::Characters),
            ("851312300006", IdError::Date),
            ("850230300006", IdError::Date),
            ("990229400009", IdError::Date),
            ("850412700006", IdError::Kind),
            ("850412300007", IdError::Checksum),
        ] {
            assert_eq!(Iin::parse(text), Err(error), "{text}");
        }
    }

    /// What the algorithm promises: one wrong digit is noticed, unless it is the eleventh (its
    /// weight, 11, is nothing modulo 11) or the second weights are in play on either side.
    #[test]
    fn notices_one_wrong_digit() {
        let raw = |digits: &[u8; 12]| {
            (1..=11u32).zip(digits).map(|(w, d)| w * u32::from(*d)).sum::<u32>() % 11
        };
        let (mut missed, mut all) = (0, 0);
        for text in FIRST.into_iter().chain(SECOND) {
            let good = twelve_digits(text).unwrap();
            for place in 0..12 {
                for digit in (0..10).filter(|digit| *digit != good[place]) {
                    let mut bad = good;
                    bad[place] = digit;
                    all += 1;
                    if check(&bad).is_ok() {
                        missed += 1;
                        let excused = place == 10 || raw(&good) == 10 || raw(&bad) == 10;
                        assert!(excused, "{text}: place {place}, digit {digit}");
                    }
                }
            }
        }
        assert_eq!((missed, all), (MISSED, 648), "another algorithm");
    }

    /// Of the 648 slips in these six numbers.
    const MISSED: i32 = 56;
}
