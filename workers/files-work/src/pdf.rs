//! PDF: refused are those that run something, start something, carry other files or hide what they
//! are made of. Nothing is interpreted: every name in the file, written out or escaped, in the open
//! or in a packed stream of objects, is compared with those that make a document active.

use domain::file::{look::Bad, rules::PdfRules};
use miniz_oxide::DataFormat;

use crate::unpack::unpack;

/// Bytes of one stream, unpacked, at most: a page of 600 dots an inch in colour is 100 MB.
const STREAM_MAX: u64 = 128 * 1024 * 1024;
/// Bytes of all streams together at most.
const STREAMS_MAX: u64 = 640 * 1024 * 1024;
/// A name that matters is not longer, written out.
const NAME_MAX: usize = 64;
/// The longest that it can be escaped (`#4a` a letter), with the slash.
const SPELLED_MAX: usize = 3 * NAME_MAX + 1;

/// Names that make a document active, and why they are refused. Short names that random bytes of
/// a picture could spell (`/JS`) are not here: a script cannot run without `/JavaScript`.
const NAMES: [(&[u8], Bad); 11] = [
    (b"JavaScript", Bad::Active),
    (b"Launch", Bad::Active),
    (b"SubmitForm", Bad::Active),
    (b"ImportData", Bad::Active),
    (b"RichMedia", Bad::Active),
    (b"Rendition", Bad::Active),
    (b"GoToE", Bad::Embedded),
    (b"EmbeddedFile", Bad::Embedded),
    (b"EmbeddedFiles", Bad::Embedded),
    (b"FileAttachment", Bad::Embedded),
    (b"Encrypt", Bad::Locked),
];

/// Inspects a document.
///
/// Where a stream of objects can be, every packed stream is unpacked: an author who wants to hide
/// something can write a dictionary so that only a whole reader of PDF would find its stream.
pub fn inspect(bytes: &[u8], rules: &PdfRules) -> Result<(), Bad> {
    if !bytes.starts_with(b"%PDF-") {
        return Err(Bad::Kind);
    }
    let open = names(bytes)?;
    let objects = bytes.windows(5).filter(|five| *five == b" obj\n" || *five == b" obj\r").count()
        + bytes.windows(5).filter(|five| *five == b" obj<" || *five == b" obj ").count();
    // Without any object it is a head and a tail and nothing between.
    if objects == 0 && !open.packed_objects {
        return Err(Bad::Broken);
    }
    if objects > rules.max_objects {
        return Err(Bad::Unpacked);
    }
    if !open.packed_objects {
        return Ok(());
    }
    // Another packing than the usual one is there to hide something.
    if open.odd_packing {
        return Err(Bad::Active);
    }
    let (mut at, mut total) = (0, 0);
    while let Some(found) = find(bytes.get(at..).unwrap_or_default(), b"stream") {
        at += found + 6;
        let data = bytes.get(at..).unwrap_or_default();
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        let data = data.strip_prefix(b"\n").unwrap_or(data);
        let &[first, second, ..] = data else { break };
        // The head of zlib: method 8, and the two bytes are a multiple of 31.
        if first & 0x0f == 8 && (u16::from(first) << 8 | u16::from(second)) % 31 == 0 {
            total += stream(data)?;
            if total > STREAMS_MAX {
                return Err(Bad::Unpacked);
            }
        }
    }
    Ok(())
}

/// Looks into a packed stream; returns its size unpacked. What cannot be unpacked is no stream,
/// for a reader neither.
fn stream(data: &[u8]) -> Result<u64, Bad> {
    let mut kept: Vec<u8> = Vec::new();
    let mut active = None;
    let outcome = unpack(data, DataFormat::Zlib, STREAM_MAX, |piece| {
        // A name may be cut by the end of a piece.
        let from = kept.len().saturating_sub(SPELLED_MAX);
        kept.drain(..from);
        kept.extend_from_slice(piece);
        names(&kept).map(drop).inspect_err(|bad| active = Some(*bad))
    });
    match (active, outcome) {
        (Some(bad), _) => Err(bad),
        (None, Err(Bad::Unpacked)) => Err(Bad::Unpacked),
        (None, Err(_)) => Ok(0),
        (None, Ok(size)) => Ok(size),
    }
}

/// What the names of a document say beside that it is not active.
#[derive(Default)]
struct Open {
    packed_objects: bool,
    odd_packing: bool,
}

/// Refuses the first name that makes a document active.
fn names(bytes: &[u8]) -> Result<Open, Bad> {
    let mut open = Open::default();
    let mut at = 0;
    while let Some(slash) = bytes.get(at..).and_then(|rest| rest.iter().position(|b| *b == b'/')) {
        at += slash + 1;
        let name = name_at(bytes, at);
        match name.as_slice() {
            b"ObjStm" => open.packed_objects = true,
            b"ASCIIHexDecode" | b"ASCII85Decode" | b"LZWDecode" | b"RunLengthDecode" | b"Crypt" => {
                open.odd_packing = true;
            }
            name => {
                if let Some((_, bad)) = NAMES.iter().find(|(active, _)| *active == name) {
                    return Err(*bad);
                }
            }
        }
    }
    Ok(open)
}

/// The name that begins here, its `#xx` read.
fn name_at(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut name = Vec::new();
    let mut rest = bytes.get(at..).unwrap_or_default().iter();
    while let Some(&byte) = rest.next() {
        let byte = match byte {
            b'#' => {
                let mut digits = rest.clone();
                let digit = |b: Option<&u8>| b.and_then(|b| char::from(*b).to_digit(16));
                match (digit(digits.next()), digit(digits.next())) {
                    (Some(high), Some(low)) => {
                        rest = digits;
                        (high * 16 + low) as u8
                    }
                    _ => b'#',
                }
            }
            0..=b' ' | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%' => break,
            byte => byte,
        };
        name.push(byte);
        if name.len() > NAME_MAX {
            break;
        }
    }
    name
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    let first = *what.first()?;
    let mut at = 0;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == first)?;
        if bytes.get(at..)?.starts_with(what) {
            return Some(at);
        }
        at += 1;
    }
}
