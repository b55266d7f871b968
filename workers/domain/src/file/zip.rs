//! The directory of a ZIP archive, read from the end of a file. Nothing is unpacked here.

use super::{look::Bad, rules::ArchiveRules};

/// An entry of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Name as it stands there.
    pub name: String,
    /// General purpose flags.
    pub flags: u16,
    /// 0 = stored, 8 = deflated.
    pub method: u16,
    /// CRC-32 of the content.
    pub crc: u32,
    /// Bytes in the archive.
    pub packed: u64,
    /// Bytes unpacked.
    pub size: u64,
    /// Where its own header stands.
    pub offset: u64,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// Where the end record stands in `tail`, wherever it is.
pub fn end_record(tail: &[u8]) -> Option<usize> {
    tail.windows(4).rposition(|four| four == b"PK\x05\x06")
}

/// Reads the directory. `tail` are the last bytes of a file of `size` bytes.
///
/// Refused: something after the archive, an archive of several disks, entries and sizes beyond
/// the limits, names that leave the folder or come twice, encryption, unknown methods.
pub fn directory(tail: &[u8], size: u64, rules: &ArchiveRules) -> Result<Vec<Entry>, Bad> {
    let base = size.checked_sub(tail.len() as u64).ok_or(Bad::Broken)?;
    let end = end_record(tail).ok_or(Bad::Cut)?;
    let field = |at: usize| u16_at(tail, end + at).ok_or(Bad::Cut);
    let (disk, start_disk, here, count) = (field(4)?, field(6)?, field(8)?, field(10)?);
    let length = u64::from(u32_at(tail, end + 12).ok_or(Bad::Cut)?);
    let start = u64::from(u32_at(tail, end + 16).ok_or(Bad::Cut)?);
    let after = end + 22 + usize::from(field(20)?);
    if after < tail.len() {
        return Err(Bad::Extra);
    }
    if after > tail.len() {
        return Err(Bad::Cut);
    }
    if disk != 0 || start_disk != 0 || here != count || count == 0 {
        return Err(Bad::Broken);
    }
    if usize::from(count) > rules.max_entries {
        return Err(Bad::Unpacked);
    }
    // The directory must end where its end record begins, or something hides in between.
    if start.checked_add(length) != Some(base + end as u64) {
        return Err(Bad::Broken);
    }
    let first = start.checked_sub(base).ok_or(Bad::Unpacked)?;
    let mut at = usize::try_from(first).map_err(|_| Bad::Broken)?;
    let mut entries: Vec<Entry> = Vec::with_capacity(usize::from(count));
    let mut unpacked = 0u64;
    for _ in 0..count {
        let entry = entry(tail, &mut at).ok_or(Bad::Broken)?;
        check(&entry, start, rules)?;
        unpacked += entry.size;
        if unpacked > rules.max_unpacked {
            return Err(Bad::Unpacked);
        }
        entries.push(entry);
    }
    if at != end {
        return Err(Bad::Broken);
    }
    let mut names: Vec<_> = entries.iter().map(|entry| entry.name.to_lowercase()).collect();
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Bad::Broken);
    }
    // Two entries over the same bytes are how a small archive unpacks to petabytes.
    let mut places: Vec<_> = entries.iter().map(|e| (e.offset, e.packed)).collect();
    places.sort_unstable();
    if places.windows(2).any(|pair| pair[0].0 + 30 + pair[0].1 > pair[1].0) {
        return Err(Bad::Unpacked);
    }
    // Something in front of the first entry is another file's head.
    if places.first().is_none_or(|place| place.0 != 0) {
        return Err(Bad::Broken);
    }
    Ok(entries)
}

fn entry(tail: &[u8], at: &mut usize) -> Option<Entry> {
    let start = *at;
    if tail.get(start..start.checked_add(4)?)? != b"PK\x01\x02" {
        return None;
    }
    let name = usize::from(u16_at(tail, start + 28)?);
    let extra = usize::from(u16_at(tail, start + 30)?);
    let comment = usize::from(u16_at(tail, start + 32)?);
    let raw = tail.get(start + 46..(start + 46).checked_add(name)?)?;
    *at = start.checked_add(46 + name + extra + comment)?;
    Some(Entry {
        name: std::str::from_utf8(raw).ok()?.to_owned(),
        flags: u16_at(tail, start + 8)?,
        method: u16_at(tail, start + 10)?,
        crc: u32_at(tail, start + 16)?,
        packed: u64::from(u32_at(tail, start + 20)?),
        size: u64::from(u32_at(tail, start + 24)?),
        offset: u64::from(u32_at(tail, start + 42)?),
    })
}

fn check(entry: &Entry, directory: u64, rules: &ArchiveRules) -> Result<(), Bad> {
    let name = &entry.name;
    let leaves = name.starts_with(['/', '\\'])
        || name.contains(['\\', '\0', ':'])
        || name.split('/').any(|part| part == ".." || part == ".")
        || name.len() > 260;
    if leaves || name.is_empty() {
        return Err(Bad::Names);
    }
    if entry.flags & 1 != 0 {
        return Err(Bad::Locked);
    }
    // ZIP64 has its sizes elsewhere; no document of the allowed size needs it.
    if !matches!(entry.method, 0 | 8) || entry.size == u64::from(u32::MAX) {
        return Err(Bad::Broken);
    }
    if entry.offset.checked_add(30 + entry.packed).is_none_or(|end| end > directory) {
        return Err(Bad::Broken);
    }
    let large = entry.size > 1024 * 1024;
    if large && entry.size > entry.packed.saturating_mul(rules.max_ratio) {
        return Err(Bad::Unpacked);
    }
    Ok(())
}
