//! Test items as other systems keep them. Reads and writes QTI 3.0 and 2.2 (items, tests,
//! packages), Moodle GIFT and XML, and tables; says by file and line what came in, what did not
//! and why. Pure: bytes in, values out. Hostile files are refused whole ([`report::Refused`]).

pub mod archive;
mod dom;
pub mod gift;
mod html;
pub mod join;
pub mod model;
pub mod moodle;
pub mod qti;
pub mod report;
mod rich_in;
pub mod rich_out;
pub mod sealed;
pub mod table;
mod xml;

use domain::shared::lang::Lang;

use crate::{
    model::{Found, Media},
    report::{Notes, Refused},
};

/// Most bytes of a file that is read at all.
pub const BYTES_MAX: usize = 32 * 1024 * 1024;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A QTI package or a single file, 2.x or 3.0.
    Qti,
    /// Moodle GIFT.
    Gift,
    /// Moodle XML.
    Moodle,
}

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The language of texts that do not say theirs and do not show it by their letters.
    pub lang: Lang,
}

impl Default for Options {
    fn default() -> Options {
        Options { lang: Lang::Ru }
    }
}

/// What a file is by its first bytes and its name; `None` = a table or something unknown.
pub fn format_of(name: &str, bytes: &[u8]) -> Option<Format> {
    let lower = name.to_lowercase();
    if bytes.starts_with(b"PK") {
        return (!lower.ends_with(".xlsx")).then_some(Format::Qti);
    }
    let start = String::from_utf8_lossy(bytes.get(..4096.min(bytes.len())).unwrap_or_default());
    let start = start.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with('<') && !lower.ends_with(".gift") && !lower.ends_with(".txt") {
        let quiz = start.contains("<quiz");
        return Some(if quiz { Format::Moodle } else { Format::Qti });
    }
    (lower.ends_with(".gift") || lower.ends_with(".txt")).then_some(Format::Gift)
}

/// Reads a file.
///
/// Errors: [`Refused`] when the whole file cannot be trusted or read.
pub fn read(format: Format, name: &str, bytes: &[u8], options: Options) -> Result<Found, Refused> {
    if bytes.len() > BYTES_MAX {
        return Err(Refused::new("too_large", BYTES_MAX.to_string()));
    }
    let mut found = match format {
        Format::Qti if bytes.starts_with(b"PK") => qti::package::read(bytes)?,
        Format::Qti => qti::read_file(name, bytes)?,
        Format::Gift => gift::read(name, &text_of(bytes)?),
        Format::Moodle => moodle::read(name, &text_of(bytes)?)?,
    };
    for item in &mut found.items {
        model::settle_language(item, options.lang, &mut found.notes);
    }
    Ok(found)
}

/// UTF-8, with or without its mark; UTF-16 by its mark.
fn text_of(bytes: &[u8]) -> Result<String, Refused> {
    let wide = |big: bool| {
        let units = bytes[2..].chunks_exact(2).map(|pair| {
            if big {
                u16::from_be_bytes([pair[0], pair[1]])
            } else {
                u16::from_le_bytes([pair[0], pair[1]])
            }
        });
        char::decode_utf16(units).collect::<Result<String, _>>().ok()
    };
    let text = match bytes {
        [0xff, 0xfe, ..] => wide(false),
        [0xfe, 0xff, ..] => wide(true),
        _ => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            std::str::from_utf8(bytes).ok().map(str::to_owned)
        }
    };
    text.ok_or_else(|| Refused::new("not_utf8", ""))
}

/// A name for a medium that is found in a file: the SHA-256 of its bytes.
pub(crate) fn keep(media: &mut Vec<Media>, bytes: Vec<u8>, kind: &'static str) -> String {
    use sha2::{Digest, Sha256};
    let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    if !media.iter().any(|one| one.hash == hash) {
        media.push(Media { hash: hash.clone(), kind, bytes });
    }
    hash
}

/// What an image is by its first bytes. SVG is not among them: it can carry scripts.
pub fn image_kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

/// A file that was written, and what it could not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Name of its type.
    pub kind: &'static str,
    /// What was left out.
    pub notes: Notes,
}
