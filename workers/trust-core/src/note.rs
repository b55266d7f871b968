//! What the reporter's page must know again when its reader comes back, and nobody else may: who
//! can read the report. It is sealed under a key that comes out of the receipt, so neither the
//! server nor an officer can read it, forge it, or bring somebody back who was excluded.
//!
//! Who can read is kept, not who cannot: somebody who joins the channel later is a stranger to the
//! reporter and gets nothing unless the reporter says so.

use crate::{
    Error, Random,
    bucket::{pad, unpad},
    channel_bytes,
    directory::SLOTS,
    keys::ReporterKeys,
    symmetric::{NONCE, Secret, TAG, decrypt, derive, encrypt},
};

/// Bytes of the padded text.
const TEXT: usize = 64;
/// Bytes of a sealed note.
pub const SIZE: usize = NONCE + TEXT + TAG;

/// Seals the numbers of the officers who can read.
///
/// # Errors
/// [`Error::TooLarge`] beyond eight, [`Error::Randomness`].
pub fn seal(
    random: &mut Random<'_>,
    keys: &ReporterKeys,
    channel: &str,
    readers: &[u16],
) -> Result<[u8; SIZE], Error> {
    if readers.len() > SLOTS {
        return Err(Error::TooLarge);
    }
    let text: Vec<u8> = readers.iter().flat_map(|id| id.to_be_bytes()).collect();
    let nonce = random.bytes::<NONCE>()?;
    let sealed = encrypt(&key(keys), &nonce, &about(keys, channel), &pad(&text, TEXT)?)?;
    [&nonce[..], &sealed].concat().try_into().map_err(|_| Error::Malformed)
}

/// The numbers of the officers who can read.
///
/// # Errors
/// [`Error::Refused`] for what was not sealed by this reporter.
pub fn open(keys: &ReporterKeys, channel: &str, note: &[u8; SIZE]) -> Result<Vec<u16>, Error> {
    let (nonce, sealed) = note.split_first_chunk::<NONCE>().ok_or(Error::Malformed)?;
    let padded = decrypt(&key(keys), nonce, &about(keys, channel), sealed)?;
    let (ids, rest) = unpad(&padded)?.as_chunks::<2>();
    if !rest.is_empty() || ids.len() > SLOTS {
        return Err(Error::Malformed);
    }
    Ok(ids.iter().map(|id| u16::from_be_bytes(*id)).collect())
}

fn key(keys: &ReporterKeys) -> Secret {
    derive(&keys.local, "note", b"")
}

fn about(keys: &ReporterKeys, channel: &str) -> Vec<u8> {
    [b"TRUST-1|note|".as_slice(), &channel_bytes(channel), &keys.mailbox()].concat()
}
