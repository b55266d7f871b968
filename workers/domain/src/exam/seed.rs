//! Where the chance of a draw comes from: a secret that is committed to before the exam and
//! revealed after the appeals, so that anybody can repeat every draw.

use chacha20::{
    ChaCha8,
    cipher::{KeyIvInit, StreamCipher},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// SHA-256 of the secret, lower case hexadecimal: what is published before.
pub fn commitment(secret: &[u8; 32]) -> String {
    hex(&Sha256::digest(secret))
}

/// Bytes as lower case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        for half in [byte >> 4, byte & 15] {
            out.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
        out
    })
}

/// Bytes from hexadecimal digits; `None` for anything else.
pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != 2 * N || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut out = [0; N];
    for (byte, at) in out.iter_mut().zip((0..2 * N).step_by(2)) {
        *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(out)
}

/// HMAC-SHA256 of the parts, joined by `|`.
pub fn mac(key: &[u8], parts: &[&str]) -> [u8; 32] {
    // A key of any length is taken.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            mac.update(b"|");
        }
        mac.update(part.as_bytes());
    }
    mac.finalize().into_bytes().into()
}

/// Who draws: none of these holds a `|` ([`Case::sound`]), so no two cases share a seed.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The exam.
    pub exam: &'a str,
    /// The number under which the person sits; never an IIN, for it is published.
    pub candidate: &'a str,
    /// Which attempt: 1, 2 …
    pub attempt: u32,
    /// SHA-256 of the pool.
    pub bank_version: &'a str,
}

impl Case<'_> {
    /// Whether the parts cannot run into each other.
    pub fn sound(&self) -> bool {
        [self.exam, self.candidate, self.bank_version].iter().all(|part| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
    }

    /// The seed of its tasks.
    pub fn seed(&self, secret: &[u8; 32]) -> [u8; 32] {
        let attempt = self.attempt.to_string();
        mac(secret, &[self.exam, self.candidate, &attempt, self.bank_version])
    }

    /// The key of everything else about the attempt: orders of options, identifiers, blocks.
    pub fn key(&self, secret: &[u8; 32]) -> [u8; 32] {
        let attempt = self.attempt.to_string();
        mac(secret, &[self.exam, self.candidate, &attempt, self.bank_version, "key"])
    }
}

/// Numbers out of a seed: the key stream of ChaCha8 (nonce and counter zero) as little-endian
/// words of 32 bits.
pub struct Stream {
    cipher: ChaCha8,
    buffer: [u8; 256],
    at: usize,
}

impl Stream {
    /// From the start.
    pub fn new(seed: &[u8; 32]) -> Stream {
        Stream { cipher: ChaCha8::new(&(*seed).into(), &[0; 12].into()), buffer: [0; 256], at: 256 }
    }

    /// The next word.
    pub fn word(&mut self) -> u32 {
        if self.at == self.buffer.len() {
            self.buffer = [0; 256];
            self.cipher.apply_keystream(&mut self.buffer);
            self.at = 0;
        }
        let word = core::array::from_fn(|byte| self.buffer[self.at + byte]);
        self.at += 4;
        u32::from_le_bytes(word)
    }

    /// A number below `bound`, each as likely as any other: words at or above the largest multiple
    /// of the bound are thrown away. 0 for a bound of 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        if bound == 0 {
            return 0;
        }
        let limit = (1_u64 << 32) - (1_u64 << 32) % u64::from(bound);
        loop {
            let word = self.word();
            if u64::from(word) < limit {
                return word % bound;
            }
        }
    }

    /// Puts something into an order, each as likely as any other.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in 0..list.len() {
            let other = at + self.below((list.len() - at) as u32) as usize;
            list.swap(at, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_published_one() {
        // ChaCha8 with a 256-bit key of zeros: draft-strombergson-chacha-test-vectors, TC1.
        let mut stream = Stream::new(&[0; 32]);
        let bytes: Vec<u8> = (0..4).flat_map(|_| stream.word().to_le_bytes()).collect();
        assert_eq!(hex(&bytes), "3e00ef2f895f40d67f5bb8e81f09a5a1");
    }

    #[test]
    fn bounds_hold_and_nothing_is_favoured() {
        let mut stream = Stream::new(&[7; 32]);
        let mut seen = [0_u32; 7];
        for _ in 0..70_000 {
            seen[stream.below(7) as usize] += 1;
        }
        // 6 degrees of freedom: 22.46 is passed by chance once in a thousand.
        let chi: f64 = seen.iter().map(|n| (f64::from(*n) - 10_000.0).powi(2) / 10_000.0).sum();
        assert!(chi < 22.46, "{chi} {seen:?}");
        assert_eq!(stream.below(0), 0);
        assert_eq!(stream.below(1), 0);
    }

    #[test]
    fn hexadecimal_digits_come_back_and_nonsense_does_not() {
        assert_eq!(unhex::<3>(&hex(&[0, 171, 255])), Some([0, 171, 255]));
        for bad in ["", "00", "zz0000", "+10000", "00000", "ай00"] {
            assert_eq!(unhex::<3>(bad), None, "{bad}");
        }
        assert_eq!(commitment(&[0; 32]).len(), 64);
    }

    #[test]
    fn cases_that_could_be_mistaken_for_others_are_unsound() {
        let case = Case { exam: "e", candidate: "c", attempt: 1, bank_version: "b" };
        assert!(case.sound());
        assert!(!Case { exam: "e|c", ..case }.sound());
        assert!(!Case { candidate: "", ..case }.sound());
        assert_ne!(case.seed(&[1; 32]), Case { attempt: 2, ..case }.seed(&[1; 32]));
        assert_ne!(case.seed(&[1; 32]), case.key(&[1; 32]));
    }
}
