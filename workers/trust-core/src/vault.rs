//! Keys of officers, custodians and the root as they are kept: encrypted under a passphrase.

use zeroize::Zeroizing;

use crate::{
    Error, MAGIC, Random,
    keys::argon2id,
    symmetric::{NONCE, decrypt, encrypt},
};

/// Memory of Argon2id for a passphrase, KiB (64 MiB): people choose worse than receipts.
pub const MEMORY_KIB: u32 = 65_536;
/// Passes of Argon2id.
pub const PASSES: u32 = 3;
/// Bytes of the head: magic, the kind, the salt, the nonce.
const HEAD: usize = 8 + 16 + NONCE;
const KIND: u8 = 4;

/// Encrypts under a passphrase: about half a second and 64 MiB.
///
/// # Errors
/// [`Error::Randomness`], [`Error::Memory`].
pub fn seal(random: &mut Random<'_>, passphrase: &str, text: &[u8]) -> Result<Vec<u8>, Error> {
    let salt: [u8; 16] = random.bytes()?;
    let nonce = random.bytes::<NONCE>()?;
    let mut out = MAGIC.to_vec();
    out.push(KIND);
    out.extend_from_slice(&salt);
    out.extend_from_slice(&nonce);
    let key = argon2id(passphrase.as_bytes(), &salt, MEMORY_KIB, PASSES)?;
    let sealed = encrypt(&key, &nonce, &out, text)?;
    out.extend_from_slice(&sealed);
    Ok(out)
}

/// Decrypts.
///
/// # Errors
/// [`Error::Refused`] for a wrong passphrase and for a changed file alike.
pub fn open(passphrase: &str, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    let (head, sealed) = bytes.split_first_chunk::<HEAD>().ok_or(Error::Malformed)?;
    if head[..7] != MAGIC[..] || head[7] != KIND {
        return Err(Error::Malformed);
    }
    let salt = core::array::from_fn(|at| head[8 + at]);
    let nonce = core::array::from_fn(|at| head[24 + at]);
    let key = argon2id(passphrase.as_bytes(), &salt, MEMORY_KIB, PASSES)?;
    decrypt(&key, &nonce, head, sealed)
}
