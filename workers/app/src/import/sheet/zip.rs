//! The parts of a workbook: a ZIP archive, read with limits. Nothing is unpacked beyond the size
//! its directory names, and the directory may not name more than a workbook of the allowed
//! number of rows needs.

use super::Bad;

/// The largest part, unpacked.
const PART_MAX: usize = 24 * 1024 * 1024;
/// Parts of an archive: a workbook of one sheet has a dozen.
const PARTS_MAX: usize = 2000;

/// An archive in memory.
pub(super) struct Archive<'a> {
    bytes: &'a [u8],
    parts: Vec<Part>,
}

struct Part {
    name: String,
    encrypted: bool,
    method: u16,
    packed: usize,
    size: usize,
    offset: usize,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    let raw = u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?);
    usize::try_from(raw).ok()
}

impl<'a> Archive<'a> {
    /// Reads the directory.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Archive<'a>, Bad> {
        let parts = directory(bytes).ok_or(Bad::Broken)?;
        Ok(Archive { bytes, parts })
    }

    /// Whether there is such a part.
    pub(super) fn has(&self, name: &str) -> bool {
        self.parts.iter().any(|part| part.name.eq_ignore_ascii_case(name))
    }

    /// Unpacks a part; `None` where there is none.
    pub(super) fn part(&self, name: &str) -> Result<Option<String>, Bad> {
        let Some(part) = self.parts.iter().find(|part| part.name.eq_ignore_ascii_case(name)) else {
            return Ok(None);
        };
        if part.encrypted {
            return Err(Bad::Locked);
        }
        if part.size > PART_MAX {
            return Err(Bad::Unpacked);
        }
        let packed = local(self.bytes, part).ok_or(Bad::Broken)?;
        let bytes = match part.method {
            0 => packed.to_vec(),
            8 => miniz_oxide::inflate::decompress_to_vec_with_limit(packed, part.size)
                .map_err(|_| Bad::Broken)?,
            _ => return Err(Bad::Broken),
        };
        if bytes.len() != part.size {
            return Err(Bad::Broken);
        }
        String::from_utf8(bytes).map(Some).map_err(|_| Bad::Broken)
    }
}

/// The packed bytes of a part: its local header has lengths of its own.
fn local<'a>(bytes: &'a [u8], part: &Part) -> Option<&'a [u8]> {
    if bytes.get(part.offset..part.offset.checked_add(4)?)? != b"PK\x03\x04" {
        return None;
    }
    let name = usize::from(u16_at(bytes, part.offset.checked_add(26)?)?);
    let extra = usize::from(u16_at(bytes, part.offset.checked_add(28)?)?);
    let start = part.offset.checked_add(30 + name + extra)?;
    bytes.get(start..start.checked_add(part.packed)?)
}

fn directory(bytes: &[u8]) -> Option<Vec<Part>> {
    // The end record stands before a comment of at most 64 KiB.
    let from = bytes.len().saturating_sub(22 + 65_535);
    let end = from + bytes.get(from..)?.windows(4).rposition(|w| w == b"PK\x05\x06")?;
    let count = usize::from(u16_at(bytes, end + 10)?);
    let mut at = u32_at(bytes, end + 16)?;
    if count > PARTS_MAX {
        return None;
    }
    let mut parts = Vec::with_capacity(count);
    for _ in 0..count {
        if bytes.get(at..at.checked_add(4)?)? != b"PK\x01\x02" {
            return None;
        }
        let name = usize::from(u16_at(bytes, at + 28)?);
        let extra = usize::from(u16_at(bytes, at + 30)?);
        let comment = usize::from(u16_at(bytes, at + 32)?);
        parts.push(Part {
            name: String::from_utf8_lossy(bytes.get(at + 46..(at + 46).checked_add(name)?)?)
                .replace('\\', "/"),
            encrypted: u16_at(bytes, at + 8)? & 1 == 1,
            method: u16_at(bytes, at + 10)?,
            packed: u32_at(bytes, at + 20)?,
            size: u32_at(bytes, at + 24)?,
            offset: u32_at(bytes, at + 42)?,
        });
        at = at.checked_add(46 + name + extra + comment)?;
    }
    Some(parts)
}
