//! The cryptography of anonymous reports, protocol TRUST-1.
//!
//! Pure: no clock, no randomness of its own, no input or output. The same code seals in the
//! reporter's browser, opens on the officer's device and checks requests in the worker. Layouts
//! of everything that travels are in README.md beside this crate.
//!
//! The way of a report: [`receipt::Receipt::new`] → [`keys::ReporterKeys::derive`] →
//! [`directory::Directory::open`] → [`report::Draft`] → [`wire::Frame`]. The way back:
//! [`report::Envelope::open`] → [`letter::Letter`] → [`wire::Poll`].

pub mod bucket;
mod cbor;
pub mod day;
pub mod directory;
pub mod error;
pub mod file;
pub mod identity;
pub mod keys;
pub mod letter;
pub mod note;
pub mod random;
pub mod receipt;
pub mod report;
pub mod sealed;
pub mod sign;
pub mod symmetric;
pub mod terms;
pub mod vault;
pub mod wire;
pub mod work;

pub use error::Error;
pub use random::Random;

/// What every envelope and frame begins with.
pub const MAGIC: &[u8; 7] = b"TRUST-1";

/// The longest name of a channel, bytes.
pub const MAX_CHANNEL: usize = 32;

/// A channel's name where it is bound into a key or a signature: its length, then its bytes, so
/// that no two fields can be cut differently. Longer names never pass a directory.
pub(crate) fn channel_bytes(channel: &str) -> Vec<u8> {
    let bytes = channel.as_bytes();
    let len = bytes.len().min(255);
    let mut out = vec![len as u8];
    out.extend_from_slice(&bytes[..len]);
    out
}
