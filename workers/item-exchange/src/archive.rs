//! Packages: ZIP archives that nobody here wrote. Refused whole for names that lead out of the
//! package or hide each other, links, encrypted entries, and anything that swells beyond its bounds.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};

use zip::ZipArchive;

use crate::report::Refused;

/// Most entries.
pub const ENTRIES_MAX: usize = 20_000;
/// Most bytes of one unpacked entry.
pub const ENTRY_MAX: u64 = 16 * 1024 * 1024;
/// Most bytes of all unpacked entries.
pub const TOTAL_MAX: u64 = 64 * 1024 * 1024;
/// An entry above [`RATIO_FROM`] may not be more than so many times its packed size.
pub const RATIO_MAX: u64 = 120;
/// Small entries may repeat themselves.
pub const RATIO_FROM: u64 = 256 * 1024;
/// Longest name.
const NAME_MAX: usize = 400;

/// The entries by their names, unpacked.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Unpacks a package.
///
/// Errors: no archive, hostile names, links, encryption, bombs, duplicate names.
pub fn read(bytes: &[u8]) -> Result<Files, Refused> {
    let broken = |e: zip::result::ZipError| Refused::new("zip", e.to_string());
    let declared = declared_entries(bytes).ok_or_else(|| Refused::new("zip", ""))?;
    if declared > ENTRIES_MAX {
        return Err(Refused::new("zip_entries", ENTRIES_MAX.to_string()));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    // The library keeps one entry of a name; a package with two says different things to
    // different programs.
    if archive.len() != declared {
        return Err(Refused::new("zip_duplicate", ""));
    }
    let mut files = Files::new();
    let mut folded: BTreeMap<String, ()> = BTreeMap::new();
    let mut total = 0_u64;
    for at in 0..archive.len() {
        let entry = archive.by_index_raw(at).map_err(broken)?;
        let name = entry.name().map_err(broken)?.into_owned();
        let raw = entry.name_raw().to_vec();
        check_name(&name, &raw)?;
        let kind = entry.unix_mode().unwrap_or(0) & 0o170_000;
        if kind == 0o120_000 || !matches!(kind, 0 | 0o100_000 | 0o040_000) {
            return Err(Refused::new("zip_link", name));
        }
        if entry.encrypted() {
            return Err(Refused::new("zip_encrypted", name));
        }
        let (size, packed) = (entry.size(), entry.compressed_size());
        drop(entry);
        if folded.insert(name.trim_end_matches('/').to_lowercase(), ()).is_some() {
            return Err(Refused::new("zip_duplicate", name));
        }
        if name.ends_with('/') {
            continue;
        }
        if size > ENTRY_MAX
            || total.saturating_add(size) > TOTAL_MAX
            || (size > RATIO_FROM && size / packed.max(1) > RATIO_MAX)
        {
            return Err(Refused::new("zip_bomb", name));
        }
        let mut content = Vec::new();
        // What the entry says of its size may be a lie: the bytes decide.
        let mut entry = archive.by_index(at).map_err(broken)?;
        let most = ENTRY_MAX.min(TOTAL_MAX - total);
        let read = entry.by_ref().take(most + 1).read_to_end(&mut content);
        read.map_err(|e| Refused::new("zip", format!("{name}: {e}")))?;
        let size = content.len() as u64;
        if size > most || (size > RATIO_FROM && size / packed.max(1) > RATIO_MAX) {
            return Err(Refused::new("zip_bomb", name));
        }
        total += size;
        files.insert(name, content);
    }
    Ok(files)
}

/// Refuses names that are no plain relative path.
fn check_name(name: &str, raw: &[u8]) -> Result<(), Refused> {
    let drive = name.as_bytes().get(1) == Some(&b':');
    let bad = name.is_empty()
        || name.len() > NAME_MAX
        || name.starts_with('/')
        || drive
        || raw.contains(&b'\\')
        || name.contains('\\')
        || name.chars().any(char::is_control)
        || name.trim_end_matches('/').split('/').any(|part| matches!(part, "" | "." | ".."));
    if bad { Err(Refused::new("zip_name", name)) } else { Ok(()) }
}

/// How many entries the archive says it has; `None` = no archive (or one for more than 65,534
/// entries, which none of ours has).
fn declared_entries(bytes: &[u8]) -> Option<usize> {
    let from = bytes.len().saturating_sub(65_557);
    let tail = bytes.get(from..)?;
    let at = tail.windows(4).rposition(|four| four == b"PK\x05\x06")?;
    let end = tail.get(at..at + 22)?;
    let count = usize::from(u16::from_le_bytes([end[10], end[11]]));
    (count < 0xffff).then_some(count)
}

/// A path of a manifest as a name of the package: relative, percent-decoded, without a fragment.
/// `None` = it leads out of the package or elsewhere.
pub fn resolve(base: &str, href: &str) -> Option<String> {
    let href = href.split(['#', '?']).next().unwrap_or_default();
    let plain = percent(href)?;
    let scheme = plain.split('/').next().is_some_and(|first| first.contains(':'));
    if scheme || plain.starts_with('/') || plain.contains('\\') || plain.contains('\0') {
        return None;
    }
    let mut parts: Vec<&str> = base.split('/').filter(|part| !part.is_empty()).collect();
    for part in plain.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn percent(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = bytes.get(at + 1..at + 3).and_then(|two| std::str::from_utf8(two).ok());
        match (byte, hex.and_then(|two| u8::from_str_radix(two, 16).ok())) {
            (b'%', Some(value)) => {
                out.push(value);
                at += 3;
            }
            (byte, _) => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hrefs_stay_within_the_package() {
        for (base, href, found) in [
            ("", "items/a.xml", Some("items/a.xml")),
            ("tests", "../items/a.xml", Some("items/a.xml")),
            ("tests", "./a%20b.xml#x", Some("tests/a b.xml")),
            ("", "../a.xml", None),
            ("a", "../../b", None),
            ("", "%2e%2e/a.xml", None),
            ("", "http://example.kz/a.xml", None),
            ("", "file:///etc/passwd", None),
            ("", "/etc/passwd", None),
            ("", "..\\a.xml", None),
            ("", "C:/a.xml", None),
        ] {
            assert_eq!(resolve(base, href).as_deref(), found, "{base} {href}");
        }
    }
}
