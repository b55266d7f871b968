//! What is done to a file after it came: its structure is inspected as a whole, a scanner looks at
//! it, hidden data is taken out of pictures, smaller copies are made, and the result is written
//! back. Everything but [`job`] is pure: bytes in, bytes or a reason out.

pub mod clamd;
pub mod job;
pub mod jpeg;
pub mod mp4;
pub mod office;
pub mod pdf;
pub mod picture;
pub mod png;
mod tiff;
mod unpack;
pub mod webp;

use domain::file::{FileKind, look::Bad, rules::Rules};

/// Inspects the whole content of a file. (Videos are inspected by [`mp4`], piece by piece.)
pub fn inspect(kind: FileKind, bytes: &[u8], rules: &Rules) -> Result<(), Bad> {
    match kind {
        FileKind::Pdf => pdf::inspect(bytes, &rules.pdf),
        FileKind::Docx | FileKind::Xlsx => office::inspect(kind, bytes, &rules.archive),
        FileKind::Jpeg => jpeg::read(bytes).and_then(|jpeg| jpeg.check(&rules.picture)),
        FileKind::Png => png::read(bytes).and_then(|png| png.check(&rules.picture)),
        FileKind::Mp4 => Ok(()),
    }
}

/// Takes hidden data out of a picture without touching its pixels; `None` where nothing is hidden
/// or the file is no picture.
pub fn strip(kind: FileKind, bytes: &[u8]) -> Result<Option<Vec<u8>>, Bad> {
    let stripped = match kind {
        FileKind::Jpeg => jpeg::read(bytes)?.strip(bytes),
        FileKind::Png => png::read(bytes)?.strip(bytes),
        _ => return Ok(None),
    };
    Ok((stripped != bytes).then_some(stripped))
}
