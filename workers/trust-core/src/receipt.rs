//! The receipt: 23 random decimal digits and a check digit. It is the only secret of a reporter
//! and is never stored or sent.

use core::fmt;

use zeroize::Zeroize;

use crate::{Error, Random};

/// Digits of a receipt, the check digit included.
pub const DIGITS: usize = 24;

/// Digits a group, as shown.
const GROUP: usize = 4;

/// Damm's quasigroup of order ten: totally anti-symmetric, so that every wrong digit and every
/// swap of neighbours shows.
const DAMM: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

/// Why a text is no receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// There is something that is no digit and does not look like one.
    Letter,
    /// There are so many digits.
    Length(usize),
    /// The check digit does not fit: a digit is wrong or two are swapped.
    Check,
}

/// A receipt. Forgotten (overwritten) when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt([u8; DIGITS]);

impl Receipt {
    /// A new receipt: each of the 10^23 is equally likely (bytes of 250 and more are thrown away).
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn new(random: &mut Random<'_>) -> Result<Receipt, Error> {
        let mut digits = [0; DIGITS];
        let mut have = 0;
        while have < DIGITS - 1 {
            let mut draw: [u8; 64] = random.bytes()?;
            for byte in draw.iter().filter(|byte| **byte < 250) {
                if have < DIGITS - 1 {
                    digits[have] = byte % 10;
                    have += 1;
                }
            }
            draw.zeroize();
        }
        digits[DIGITS - 1] = check(&digits[..DIGITS - 1]);
        Ok(Receipt(digits))
    }

    /// Reads what a person typed or pasted: spaces of every kind, dashes and invisible characters
    /// are ignored; full-width and Arabic digits and letters that look like digits count as them.
    ///
    /// # Errors
    /// [`Wrong`] says what to tell the person.
    pub fn parse(text: &str) -> Result<Receipt, Wrong> {
        let mut digits = [0; DIGITS];
        let mut have = 0;
        for letter in text.chars().filter(|letter| !ignored(*letter)) {
            let digit = digit(letter).ok_or(Wrong::Letter)?;
            if let Some(place) = digits.get_mut(have) {
                *place = digit;
            }
            have += 1;
        }
        if have != DIGITS {
            return Err(Wrong::Length(have));
        }
        if check(&digits) != 0 {
            return Err(Wrong::Check);
        }
        Ok(Receipt(digits))
    }

    /// The 24 ASCII digits: what the keys are derived from.
    pub fn ascii(&self) -> [u8; DIGITS] {
        self.0.map(|digit| digit + b'0')
    }

    /// As shown: six groups of four.
    pub fn shown(&self) -> String {
        let groups: Vec<String> = self
            .0
            .chunks(GROUP)
            .map(|group| group.iter().map(|digit| char::from(digit + b'0')).collect())
            .collect();
        groups.join(" ")
    }
}

impl Drop for Receipt {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Receipt")
    }
}

/// Damm's check digit; 0 for digits that end with theirs.
fn check(digits: &[u8]) -> u8 {
    digits.iter().fold(0, |row, digit| DAMM[usize::from(row)][usize::from(*digit)])
}

fn ignored(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(letter,
            '-' | '.' | '_' | '/' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}'
            | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}')
}

fn digit(letter: char) -> Option<u8> {
    if let Some(digit) = letter.to_digit(10) {
        return Some(digit as u8);
    }
    for zero in ['\u{ff10}', '\u{660}', '\u{6f0}', '\u{966}'] {
        if let Some(digit) = (letter as u32).checked_sub(zero as u32).filter(|digit| *digit < 10) {
            return Some(digit as u8);
        }
    }
    // Styled digits: five alphabets of ten.
    if ('\u{1d7ce}'..='\u{1d7ff}').contains(&letter) {
        return Some(((letter as u32 - 0x1d7ce) % 10) as u8);
    }
    match letter {
        'O' | 'o' | 'О' | 'о' | 'Ο' | 'ο' => Some(0),
        'I' | 'l' | 'i' | '|' | 'І' | 'і' | 'Ӏ' | 'ӏ' => Some(1),
        'З' | 'з' | 'Ʒ' => Some(3),
        'Ч' | 'ч' => Some(4),
        'S' | 's' | 'Ѕ' | 'ѕ' => Some(5),
        'б' => Some(6),
        'B' | 'В' => Some(8),
        _ => None,
    }
}
