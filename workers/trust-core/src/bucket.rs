//! Sizes. Whatever is written is padded to one of a few, so that a size tells almost nothing.

use zeroize::Zeroizing;

use crate::Error;

const KIB: usize = 1024;

/// Sizes of the text of a report, bytes, the length in front included.
pub const REPORT: [usize; 3] = [4 * KIB, 16 * KIB, 64 * KIB];

/// Sizes of an attachment, bytes, its name and type included.
pub const FILE: [usize; 4] = [256 * KIB, KIB * KIB, 4 * KIB * KIB, 10 * KIB * KIB];

/// Size of the text of a letter, bytes, its signature included.
pub const LETTER: usize = 4 * KIB;

/// Bytes of the length in front of a padded text.
pub const LENGTH: usize = 4;

/// The smallest of some sizes that holds so many bytes with their length.
///
/// # Errors
/// [`Error::TooLarge`].
pub fn smallest(sizes: &[usize], bytes: usize) -> Result<u8, Error> {
    let need = bytes.checked_add(LENGTH).ok_or(Error::TooLarge)?;
    let found = sizes.iter().position(|size| need <= *size).ok_or(Error::TooLarge)?;
    Ok(found as u8)
}

/// Length (big endian), text, zeros.
///
/// # Errors
/// [`Error::TooLarge`].
pub fn pad(text: &[u8], size: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
    let length = u32::try_from(text.len()).map_err(|_| Error::TooLarge)?;
    if text.len() + LENGTH > size {
        return Err(Error::TooLarge);
    }
    let mut out = Zeroizing::new(Vec::with_capacity(size));
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(text);
    out.resize(size, 0);
    Ok(out)
}

/// The text of a padded one.
///
/// # Errors
/// [`Error::Malformed`] if the length is wrong or the padding is not zeros.
pub fn unpad(padded: &[u8]) -> Result<&[u8], Error> {
    let (length, rest) = padded.split_first_chunk::<LENGTH>().ok_or(Error::Malformed)?;
    let length = u32::from_be_bytes(*length) as usize;
    let (text, zeros) = rest.split_at_checked(length).ok_or(Error::Malformed)?;
    if zeros.iter().any(|byte| *byte != 0) {
        return Err(Error::Malformed);
    }
    Ok(text)
}
