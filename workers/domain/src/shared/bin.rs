//! The business identification number (BIN): year and month of registration, type of the
//! organisation, kind of the unit, serial number, check digit.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{
    iin::{self, IdError},
    statement::Param,
};

/// Whose number it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A legal entity that is a resident.
    Resident,
    /// A legal entity that is not.
    NonResident,
    /// Joint individual entrepreneurs.
    Entrepreneurs,
}

/// A checked BIN. It is public, unlike an IIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bin([u8; 12]);

impl Bin {
    /// Reads a number; spaces around it are forgiven.
    ///
    /// # Errors
    /// The first reason in the order of [`IdError`].
    pub fn parse(text: &str) -> Result<Bin, IdError> {
        let digits = iin::twelve_digits(text)?;
        if !(1..=12).contains(&(digits[2] * 10 + digits[3])) {
            return Err(IdError::Date);
        }
        if !(4..=6).contains(&digits[4]) {
            return Err(IdError::Kind);
        }
        iin::check(&digits)?;
        Ok(Bin(digits))
    }

    /// The type of the organisation.
    pub fn owner(self) -> Owner {
        match self.0[4] {
            4 => Owner::Resident,
            5 => Owner::NonResident,
            _ => Owner::Entrepreneurs,
        }
    }

    /// Whether it is the head organisation: not a branch, representative office or farm.
    pub fn is_head(self) -> bool {
        self.0[5] == 0
    }
}

impl std::fmt::Display for Bin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        iin::write(&self.0, f)
    }
}

impl From<Bin> for Param {
    fn from(value: Bin) -> Param {
        Param::Text(value.to_string())
    }
}

impl Serialize for Bin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Bin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Bin, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Bin::parse(&text).map_err(|e| serde::de::Error::custom(e.code()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_valid_numbers() {
        for text in ["980540000109", "121141000005", "980540000007", "121141000609"] {
            let bin = Bin::parse(text).unwrap();
            assert_eq!(bin.to_string(), text);
            assert_eq!(bin.owner(), Owner::Resident);
        }
        assert!(Bin::parse("980540000109").unwrap().is_head());
        assert!(!Bin::parse("121141000005").unwrap().is_head());
    }

    #[test]
    fn refuses_impossible_prefixes() {
        for prefix in ["98054000007", "12114100066"] {
            for last in 0..10 {
                assert_eq!(Bin::parse(&format!("{prefix}{last}")), Err(IdError::Checksum));
            }
        }
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, error) in [
            ("98054000010", IdError::Characters),
            ("98 540000109", IdError::Characters),
            ("980040000109", IdError::Date),
            ("981340000109", IdError::Date),
            ("980530000109", IdError::Kind),
            ("850412300006", IdError::Kind),
            ("980540000108", IdError::Checksum),
        ] {
            assert_eq!(Bin::parse(text), Err(error), "{text}");
        }
    }
}
