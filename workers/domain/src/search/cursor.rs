//! Where a page of results begins. Opaque to readers: 30 hexadecimal digits that hold the hash
//! of the search they belong to, so that a cursor of another search is refused.

/// A place in a list of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    /// Step of the sorting by relevance; 0 elsewhere.
    pub tier: u8,
    /// Sort key of the last result: its row, or metres.
    pub key: u64,
    /// Number of the last result, where keys may be equal.
    pub number: u64,
}

/// Largest sort key, 53 bits.
const KEY_MAX: u64 = (1 << 53) - 1;
/// Largest number, 28 bits.
const NUMBER_MAX: u64 = (1 << 28) - 1;

impl Cursor {
    /// The text for the address.
    pub fn encode(self, search: u32) -> String {
        format!(
            "{search:08x}{:01x}{:014x}{:07x}",
            self.tier & 15,
            self.key & KEY_MAX,
            self.number & NUMBER_MAX
        )
    }

    /// Reads the text. `None` where it is not a cursor of this search.
    pub fn decode(text: &str, search: u32) -> Option<Cursor> {
        let plain = text.len() == 30
            && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let part = |from: usize, to: usize| u64::from_str_radix(text.get(from..to)?, 16).ok();
        if !plain || part(0, 8)? != u64::from(search) {
            return None;
        }
        let key = part(9, 23).filter(|key| *key <= KEY_MAX)?;
        Some(Cursor { tier: part(8, 9)? as u8, key, number: part(23, 30)? })
    }
}

/// FNV-1a, 32 bits: short, stable between builds, no secret.
pub fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for cursor in [
            Cursor::default(),
            Cursor { tier: 2, key: KEY_MAX, number: NUMBER_MAX },
            Cursor { tier: 0, key: 123_456, number: 1001 },
        ] {
            let text = cursor.encode(7);
            assert_eq!(text.len(), 30);
            assert_eq!(Cursor::decode(&text, 7), Some(cursor));
            assert_eq!(Cursor::decode(&text, 8), None);
        }
    }

    #[test]
    fn hostile_texts() {
        for text in ["", "x", "+0000007", &"f".repeat(30), &"0".repeat(29), "ә", &"ә".repeat(15)]
        {
            assert_eq!(Cursor::decode(text, 7), None, "{text}");
        }
    }
}
