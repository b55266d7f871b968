//! XChaCha20-Poly1305, HKDF-SHA256, SHA-256: the symmetric half.

use chacha20poly1305::{
    Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::Error;

/// Bytes of a nonce.
pub const NONCE: usize = 24;
/// Bytes of a tag.
pub const TAG: usize = 16;

/// A secret of 32 bytes. Overwritten when dropped.
pub type Secret = Zeroizing<[u8; 32]>;

/// SHA-256 over several parts, one after the other.
pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

/// A key of 32 bytes out of a secret: HKDF-SHA256 without salt, the label (and what it is about)
/// as info. One block of it is what is needed, so there is nothing that could fail.
pub fn derive(secret: &[u8; 32], label: &str, about: &[u8]) -> Secret {
    let extracted = hmac(&[0; 32], &[secret]);
    hmac(&extracted, &[b"TRUST-1|", label.as_bytes(), b"|", about, &[1]])
}

/// HMAC-SHA256. Keys shorter than a block are filled with zeros, as the standard says.
fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> Secret {
    let mut block = Zeroizing::new([0_u8; 64]);
    block[..32].copy_from_slice(key);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&(*block).into());
    for part in parts {
        mac.update(part);
    }
    Zeroizing::new(mac.finalize().into_bytes().into())
}

/// Encrypts.
///
/// # Errors
/// [`Error::TooLarge`] beyond 256 GB.
pub fn encrypt(
    key: &[u8; 32],
    nonce: &[u8; NONCE],
    about: &[u8],
    text: &[u8],
) -> Result<Vec<u8>, Error> {
    XChaCha20Poly1305::new(&Key::from(*key))
        .encrypt(&XNonce::from(*nonce), Payload { msg: text, aad: about })
        .map_err(|_| Error::TooLarge)
}

/// Decrypts.
///
/// # Errors
/// [`Error::Refused`].
pub fn decrypt(
    key: &[u8; 32],
    nonce: &[u8; NONCE],
    about: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    XChaCha20Poly1305::new(&Key::from(*key))
        .decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: about })
        .map(Zeroizing::new)
        .map_err(|_| Error::Refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b1_derived_keys_are_those_of_hkdf() {
        for (label, about) in [("box", &b""[..]), ("file", &[1, 2, 3]), ("", &[0; 300])] {
            let mut want = [0; 32];
            let info = [b"TRUST-1|", label.as_bytes(), b"|", about].concat();
            hkdf::Hkdf::<Sha256>::new(None, &[7; 32]).expand(&info, &mut want).unwrap();
            assert_eq!(*derive(&[7; 32], label, about), want, "{label}");
        }
    }
}
