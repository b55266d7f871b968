//! Ed25519 signatures, each under a label that says what is signed: a signature of one kind
//! never holds for another.

use core::fmt;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use crate::{Error, Random};

/// Bytes of a public key.
pub const KEY: usize = 32;
/// Bytes of a signature.
pub const SIGNATURE: usize = 64;

/// What is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The directory, by the root.
    Directory,
    /// An officer's box key of some days, by the officer.
    Epoch,
    /// An envelope that is handed in, by the reporter.
    Submit,
    /// A question for news, by the holder of a mailbox.
    Poll,
    /// A letter inside its seal, by its writer.
    Letter,
    /// A request of an officer or a custodian.
    Officer,
    /// A step in a case, by whoever could open it.
    Case,
}

impl What {
    const fn label(self) -> &'static [u8] {
        match self {
            What::Directory => b"TRUST-1|keys|",
            What::Epoch => b"TRUST-1|epoch|",
            What::Submit => b"TRUST-1|submit|",
            What::Poll => b"TRUST-1|poll|",
            What::Letter => b"TRUST-1|letter|",
            What::Officer => b"TRUST-1|officer|",
            What::Case => b"TRUST-1|case|",
        }
    }

    fn text(self, message: &[u8]) -> Vec<u8> {
        [self.label(), message].concat()
    }
}

/// A secret signing key. Overwritten when dropped.
#[derive(Clone)]
pub struct Signing(SigningKey);

impl Signing {
    /// The key of a seed.
    pub fn from_seed(seed: &[u8; 32]) -> Signing {
        Signing(SigningKey::from_bytes(seed))
    }

    /// A new key.
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn new(random: &mut Random<'_>) -> Result<Signing, Error> {
        Ok(Signing::from_seed(&random.bytes()?))
    }

    /// The seed, for keeping it encrypted.
    pub fn seed(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The public key.
    pub fn public(&self) -> [u8; KEY] {
        self.0.verifying_key().to_bytes()
    }

    /// Signs.
    pub fn sign(&self, what: What, message: &[u8]) -> [u8; SIGNATURE] {
        self.0.sign(&what.text(message)).to_bytes()
    }
}

impl fmt::Debug for Signing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signing")
    }
}

/// Checks a signature, strictly: no weak key, one form of each signature.
///
/// # Errors
/// [`Error::Signature`].
pub fn check(
    key: &[u8; KEY],
    what: What,
    message: &[u8],
    signature: &[u8; SIGNATURE],
) -> Result<(), Error> {
    let key = VerifyingKey::from_bytes(key).map_err(|_| Error::Signature)?;
    key.verify_strict(&what.text(message), &Signature::from_bytes(signature))
        .map_err(|_| Error::Signature)
}
