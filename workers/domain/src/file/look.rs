//! What a file is, by its first and last bytes: the look that the portal takes while the person
//! waits. The whole content is inspected afterwards, outside the portal.

use super::{FileKind, rules::Rules, zip};

/// First bytes that are kept while a file comes in.
pub const HEAD: usize = 64 * 1024;
/// Last bytes that are kept: the directory of the largest allowed archive fits.
pub const TAIL: usize = 256 * 1024;

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bad {
    /// There is nothing in it.
    Empty,
    /// It is not one of the allowed kinds.
    Kind,
    /// A page of the web or a drawing with scripts, whatever its name says.
    Web,
    /// A document of the old binary format, or one with a password.
    OldOffice,
    /// A picture of a format that not every browser shows (HEIC, AVIF, TIFF …).
    Heic,
    /// An archive that is no document.
    Archive,
    /// A program.
    Program,
    /// Its end is missing.
    Cut,
    /// There is something else before or after it.
    Extra,
    /// Its structure is damaged.
    Broken,
    /// It has macros.
    Macros,
    /// It has scripts or starts programs.
    Active,
    /// Other files are hidden in it.
    Embedded,
    /// It loads something from elsewhere when it is opened.
    External,
    /// It is locked with a password.
    Locked,
    /// It unpacks to far more than a document has.
    Unpacked,
    /// Names inside lead out of it.
    Names,
    /// The picture is too large.
    Pixels,
    /// The video is smaller than it must be.
    Small,
    /// The video is shorter than it must be.
    Short,
    /// There is no picture in the video.
    NoVideo,
}

impl Bad {
    /// All reasons.
    pub const ALL: [Bad; 21] = [
        Bad::Empty,
        Bad::Kind,
        Bad::Web,
        Bad::OldOffice,
        Bad::Heic,
        Bad::Archive,
        Bad::Program,
        Bad::Cut,
        Bad::Extra,
        Bad::Broken,
        Bad::Macros,
        Bad::Active,
        Bad::Embedded,
        Bad::External,
        Bad::Locked,
        Bad::Unpacked,
        Bad::Names,
        Bad::Pixels,
        Bad::Small,
        Bad::Short,
        Bad::NoVideo,
    ];

    /// The code of its text: `refusal.<code>` in schemas/locales/errors.json.
    pub const fn code(self) -> &'static str {
        match self {
            Bad::Empty => "file_empty",
            Bad::Kind => "file_kind",
            Bad::Web => "file_web",
            Bad::OldOffice => "file_old_office",
            Bad::Heic => "file_heic",
            Bad::Archive => "file_archive",
            Bad::Program => "file_program",
            Bad::Cut => "file_cut",
            Bad::Extra => "file_extra",
            Bad::Broken => "file_broken",
            Bad::Macros => "file_macros",
            Bad::Active => "file_active",
            Bad::Embedded => "file_embedded",
            Bad::External => "file_external",
            Bad::Locked => "file_locked",
            Bad::Unpacked => "file_unpacked",
            Bad::Names => "file_names",
            Bad::Pixels => "file_pixels",
            Bad::Small => "file_small",
            Bad::Short => "file_short",
            Bad::NoVideo => "file_no_video",
        }
    }
}

/// What a file of `size` bytes is, by its `head` and `tail` (the whole file where it is short).
pub fn kind(head: &[u8], tail: &[u8], size: u64, rules: &Rules) -> Result<FileKind, Bad> {
    if size == 0 || head.is_empty() {
        return Err(Bad::Empty);
    }
    if head.starts_with(b"%PDF-1.") || head.starts_with(b"%PDF-2.") {
        return pdf(tail).map(|()| FileKind::Pdf);
    }
    if head.starts_with(&[0xff, 0xd8, 0xff]) {
        return picture(tail, size, rules).map(|()| FileKind::Jpeg);
    }
    if head.starts_with(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR") {
        return picture(tail, size, rules).map(|()| FileKind::Png);
    }
    if head.starts_with(b"PK\x03\x04") {
        return document(tail, size, rules);
    }
    if head.get(4..8) == Some(b"ftyp") {
        return video(head);
    }
    Err(other(head))
}

fn pdf(tail: &[u8]) -> Result<(), Bad> {
    let near = &tail[tail.len().saturating_sub(2048)..];
    let end = near.windows(5).rposition(|five| five == b"%%EOF").ok_or(Bad::Cut)?;
    // Line ends and padding with zeros are common; anything else is another file.
    let clean = near[end + 5..].iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0);
    if clean { Ok(()) } else { Err(Bad::Extra) }
}

/// A telephone appends things of its own to a picture; they are cut off later. An archive behind
/// a picture is a file in disguise.
fn picture(tail: &[u8], size: u64, rules: &Rules) -> Result<(), Bad> {
    let archive = zip::end_record(tail)
        .is_some_and(|_| !matches!(zip::directory(tail, size, &rules.archive), Err(Bad::Cut)));
    if archive { Err(Bad::Extra) } else { Ok(()) }
}

fn document(tail: &[u8], size: u64, rules: &Rules) -> Result<FileKind, Bad> {
    let entries = zip::directory(tail, size, &rules.archive)?;
    document_kind(&entries)
}

/// What kind of document an archive is, by the names in its directory.
pub fn document_kind(entries: &[zip::Entry]) -> Result<FileKind, Bad> {
    let has = |name: &str| entries.iter().any(|entry| entry.name == name);
    if entries.iter().any(|entry| {
        let name = entry.name.to_ascii_lowercase();
        name.ends_with("vbaproject.bin")
            || name.contains("macrosheets/")
            || name.contains("activex/")
    }) {
        return Err(Bad::Macros);
    }
    if !has("[Content_Types].xml") {
        return Err(Bad::Archive);
    }
    match (has("word/document.xml"), has("xl/workbook.xml")) {
        (true, false) => Ok(FileKind::Docx),
        (false, true) => Ok(FileKind::Xlsx),
        (true, true) => Err(Bad::Broken),
        (false, false) => Err(Bad::Archive),
    }
}

fn video(head: &[u8]) -> Result<FileKind, Bad> {
    match head.get(8..12).unwrap_or_default() {
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"mif1" | b"msf1" | b"avif" | b"avis" => {
            Err(Bad::Heic)
        }
        b"isom" | b"iso2" | b"iso3" | b"iso4" | b"iso5" | b"iso6" | b"mp41" | b"mp42" | b"avc1"
        | b"M4V " | b"MSNV" | b"mmp4" | b"qt  " => Ok(FileKind::Mp4),
        _ => Err(Bad::Kind),
    }
}

fn other(head: &[u8]) -> Bad {
    let text: String = head
        .iter()
        .skip_while(|byte| byte.is_ascii_whitespace() || [0xef, 0xbb, 0xbf, 0].contains(byte))
        .take(256)
        .map(|byte| char::from(byte.to_ascii_lowercase()))
        .collect();
    if text.starts_with('<')
        || text.contains("<html")
        || text.contains("<svg")
        || text.contains("<script")
    {
        Bad::Web
    } else if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        Bad::OldOffice
    } else if head.starts_with(b"MZ") || head.starts_with(b"\x7fELF") || head.starts_with(b"#!") {
        Bad::Program
    } else if ["rar!", "7z\u{bc}", "\u{1f}\u{8b}"].iter().any(|mark| text.starts_with(mark)) {
        Bad::Archive
    } else if head.starts_with(b"II*\0") || head.starts_with(b"MM\0*") {
        Bad::Heic
    } else {
        Bad::Kind
    }
}
