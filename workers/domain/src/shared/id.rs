//! Identifiers of rows: ULID (48 bits of time, 80 random bits), lower case.

use super::time::Timestamp;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A new identifier, 26 characters of Crockford's base 32, sorted by time.
pub fn ulid(now: Timestamp, random: [u8; 10]) -> String {
    let mut value = u128::from(now.millis().max(0).unsigned_abs()) & 0xFFFF_FFFF_FFFF;
    for byte in random {
        value = (value << 8) | u128::from(byte);
    }
    (0..26)
        .rev()
        .map(|place| char::from(ALPHABET[((value >> (place * 5)) & 31) as usize]))
        .collect()
}

/// Whether `text` has the shape of an identifier made by [`ulid`]. Everything else is refused
/// before it reaches the database.
pub fn is_ulid(text: &str) -> bool {
    text.len() == 26 && text.bytes().all(|byte| ALPHABET.contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_by_time_and_has_its_shape() {
        let early = ulid(Timestamp::from_millis(1), [255; 10]);
        let late = ulid(Timestamp::from_millis(2), [0; 10]);
        assert!(early < late);
        assert!(is_ulid(&early) && is_ulid(&late));
        assert!(!is_ulid("01ARZ3NDEKTSV4RRFFQ69G5FAV") && !is_ulid("short"));
    }
}
