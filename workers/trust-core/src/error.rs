//! What can go wrong. A failed decryption never says which part of it failed.

use core::fmt;

/// Why something was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// The bytes do not have the layout of what they should be.
    Malformed,
    /// The key does not open it, or somebody has changed it.
    Refused,
    /// A signature does not hold.
    Signature,
    /// The machine gave no randomness, or gave the same twice. Nothing may be sent.
    Randomness,
    /// It does not fit the largest bucket.
    TooLarge,
    /// The directory is past its last day, or is from the future.
    Expired,
    /// The directory is older than one that is known.
    RolledBack,
    /// The channel is not in the directory.
    UnknownChannel,
    /// Fewer than two officers of the channel have a valid key.
    TooFewOfficers,
    /// Everybody who could read the report is excluded.
    NobodyLeft,
    /// The channel has no custodian with a valid key.
    NoCustodian,
    /// Argon2 could not get its memory.
    Memory,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl core::error::Error for Error {}

impl Error {
    /// A stable word for pages and logs of tests: the key of a text, never a text.
    pub const fn code(self) -> &'static str {
        match self {
            Error::Malformed => "malformed",
            Error::Refused => "refused",
            Error::Signature => "signature",
            Error::Randomness => "randomness",
            Error::TooLarge => "too_large",
            Error::Expired => "expired",
            Error::RolledBack => "rolled_back",
            Error::UnknownChannel => "unknown_channel",
            Error::TooFewOfficers => "too_few_officers",
            Error::NobodyLeft => "nobody_left",
            Error::NoCustodian => "no_custodian",
            Error::Memory => "memory",
        }
    }
}
