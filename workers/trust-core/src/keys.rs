//! The reporter's keys: all of them come out of the receipt, on whatever device it is typed.

use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use crate::{
    Error,
    receipt::Receipt,
    sealed::BoxSecret,
    sign::Signing,
    symmetric::{Secret, derive, sha256},
};

/// Memory of Argon2id for a receipt, KiB: what the cheapest phone has (19 MiB).
pub const MEMORY_KIB: u32 = 19_456;
/// Passes of Argon2id.
pub const PASSES: u32 = 2;
/// Lanes of Argon2id.
pub const LANES: u32 = 1;

/// What the salt of a channel begins with.
const SALT: &[u8] = b"mansap/trust/v1/";

/// The keys of a reporter.
pub struct ReporterKeys {
    /// Signs what the reporter hands in and asks; its public half is the mailbox.
    pub auth: Signing,
    /// Opens the officers' answers.
    pub letters: BoxSecret,
    /// For what only the reporter may read again: [`crate::note`].
    pub local: Secret,
}

impl ReporterKeys {
    /// Derives the keys: about 50 ms and 19 MiB on a desktop, so call it in a Worker.
    ///
    /// # Errors
    /// [`Error::Memory`] if Argon2 cannot have its memory.
    pub fn derive(receipt: &Receipt, channel: &str) -> Result<ReporterKeys, Error> {
        let digits = Zeroizing::new(receipt.ascii());
        let salt = salt(channel);
        let master = argon2id(&digits[..], &salt, MEMORY_KIB, PASSES)?;
        Ok(ReporterKeys {
            auth: Signing::from_seed(&derive(&master, "auth", b"")),
            letters: BoxSecret::from_seed(*derive(&master, "box", b"")),
            local: derive(&master, "local", b""),
        })
    }

    /// The mailbox: all that the server knows of a reporter.
    pub fn mailbox(&self) -> [u8; 32] {
        self.auth.public()
    }
}

/// The salt of a channel: the first half of a hash of its name.
pub fn salt(channel: &str) -> [u8; 16] {
    let hash = sha256(&[SALT, channel.as_bytes()]);
    core::array::from_fn(|at| hash[at])
}

/// Argon2id, version 0x13, one lane, 32 bytes.
///
/// # Errors
/// [`Error::Memory`].
pub fn argon2id(
    secret: &[u8],
    salt: &[u8; 16],
    memory_kib: u32,
    passes: u32,
) -> Result<Secret, Error> {
    let params = Params::new(memory_kib, passes, LANES, Some(32)).map_err(|_| Error::Malformed)?;
    let mut out = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(secret, salt, &mut out[..])
        .map_err(|_| Error::Memory)?;
    Ok(out)
}
