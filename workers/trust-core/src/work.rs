//! Proof of work: what a request costs its sender instead of an address or a puzzle of pictures.
//!
//! Bound to the whole request and to a challenge that is good once, so work can neither be kept
//! nor used for something else.

use crate::symmetric::sha256;

/// Bytes of a challenge.
pub const CHALLENGE: usize = 32;
/// Bytes of a nonce.
pub const NONCE: usize = 8;

/// Bits that a challenge asks for: the server writes them into its first two bytes, under its
/// own code of authenticity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bits {
    /// For handing something in.
    pub send: u8,
    /// For asking.
    pub ask: u8,
}

impl Bits {
    /// The bits of a challenge.
    pub const fn of(challenge: &[u8; CHALLENGE]) -> Bits {
        Bits { send: challenge[0], ask: challenge[1] }
    }
}

/// What the work is done on: challenge and request, without the nonce.
pub fn task(challenge: &[u8; CHALLENGE], request: &[u8; 32]) -> [u8; 64] {
    core::array::from_fn(|at| if at < 32 { challenge[at] } else { request[at - 32] })
}

/// Whether a nonce is good for so many bits.
pub fn holds(task: &[u8; 64], nonce: &[u8; NONCE], bits: u8) -> bool {
    zeros(&sha256(&[task, nonce])) >= u32::from(bits)
}

/// Tries nonces from `from`, at most `tries`: a page calls it again and again and stays alive.
pub fn search(task: &[u8; 64], bits: u8, from: u64, tries: u64) -> Option<[u8; NONCE]> {
    (from..from.saturating_add(tries)).map(u64::to_be_bytes).find(|nonce| holds(task, nonce, bits))
}

fn zeros(hash: &[u8; 32]) -> u32 {
    let mut bits = 0;
    for byte in hash {
        bits += byte.leading_zeros();
        if *byte != 0 {
            break;
        }
    }
    bits
}
