//! The reporter's name, readable only by an officer and a custodian together.
//!
//! The key of the name is K1 xor K2. K1 lies in the report, K2 is sealed for each custodian. An
//! officer has K1 alone, a custodian K2 alone: each half is uniformly random by itself.

use zeroize::Zeroizing;

use crate::{
    Error, Random,
    bucket::{pad, unpad},
    channel_bytes,
    directory::Channel,
    sealed::{BoxSecret, OVERHEAD},
    symmetric::{NONCE, Secret, TAG, decrypt, encrypt},
};

/// Bytes of the padded name and contacts.
pub const SIZE: usize = 512;
/// Bytes of the sealed name.
pub const SEALED: usize = NONCE + SIZE + TAG;
/// Bytes of a custodian's half, sealed.
pub const HALF: usize = 32 + OVERHEAD;

/// The part of a report that holds a name.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The officers' half of the key.
    pub k1: [u8; 32],
    /// The name, under both halves.
    pub sealed: Vec<u8>,
    /// The custodians' half, sealed for each: the custodian's number and the sealed half.
    pub halves: Vec<(u16, Vec<u8>)>,
}

impl core::fmt::Debug for Identity {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Identity")
    }
}

impl Identity {
    /// Seals a name and how to reach its bearer, at most 508 bytes.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::NoCustodian`], [`Error::Randomness`].
    pub fn seal(
        random: &mut Random<'_>,
        channel: &Channel<'_>,
        mailbox: &[u8; 32],
        name: &str,
    ) -> Result<Identity, Error> {
        if channel.custodians.is_empty() {
            return Err(Error::NoCustodian);
        }
        let padded = pad(name.as_bytes(), SIZE)?;
        let k1: [u8; 32] = random.bytes()?;
        let k2 = Zeroizing::new(random.bytes::<32>()?);
        let nonce = random.bytes::<NONCE>()?;
        let mut sealed = nonce.to_vec();
        let about = about("identity", channel.name, mailbox);
        sealed.extend(encrypt(&both(&k1, &k2), &nonce, &about, &padded)?);
        let info = half(channel.name, mailbox);
        let mut halves = Vec::new();
        for (person, key) in &channel.custodians {
            halves.push((person.id, key.seal(random, &info, &k2[..])?));
        }
        Ok(Identity { k1, sealed, halves })
    }

    /// The name, with the half that a custodian has sent.
    ///
    /// # Errors
    /// [`Error::Refused`].
    pub fn open(
        &self,
        channel: &str,
        mailbox: &[u8; 32],
        k2: &[u8; 32],
    ) -> Result<Zeroizing<String>, Error> {
        let (nonce, text) = self.sealed.split_first_chunk::<NONCE>().ok_or(Error::Refused)?;
        let about = about("identity", channel, mailbox);
        let padded = decrypt(&both(&self.k1, k2), nonce, &about, text)?;
        let name = core::str::from_utf8(unpad(&padded)?).map_err(|_| Error::Malformed)?;
        Ok(Zeroizing::new(name.to_owned()))
    }
}

/// The custodian's half, opened by the custodian: what approving sends to the officer in a
/// letter.
///
/// # Errors
/// [`Error::Refused`].
pub fn open_half(
    secrets: &[BoxSecret],
    channel: &str,
    mailbox: &[u8; 32],
    sealed: &[u8],
) -> Result<Secret, Error> {
    let info = half(channel, mailbox);
    let found = secrets.iter().find_map(|secret| secret.open(&info, sealed).ok());
    let half = found.ok_or(Error::Refused)?;
    let bytes: [u8; 32] = half.as_slice().try_into().map_err(|_| Error::Refused)?;
    Ok(Zeroizing::new(bytes))
}

fn half(channel: &str, mailbox: &[u8; 32]) -> Vec<u8> {
    about("half", channel, mailbox)
}

fn about(label: &str, channel: &str, mailbox: &[u8; 32]) -> Vec<u8> {
    [b"TRUST-1|", label.as_bytes(), b"|", &channel_bytes(channel), mailbox].concat()
}

fn both(k1: &[u8; 32], k2: &[u8; 32]) -> Secret {
    Zeroizing::new(core::array::from_fn(|at| k1[at] ^ k2[at]))
}
