//! DOCX and XLSX: archives whose every entry is unpacked once, with limits, and compared with what
//! the directory says of it.

use domain::file::{
    FileKind,
    look::{Bad, document_kind},
    rules::ArchiveRules,
    zip::{Entry, directory},
};
use miniz_oxide::DataFormat;
use quick_xml::{Reader, events::Event};

use crate::{png::Crc, unpack::unpack};

/// Bytes of a part that is read as a whole, at most.
const PART_MAX: u64 = 4 * 1024 * 1024;
/// Endings of what documents are made of. (`bin` only where Excel keeps the printer's settings.)
const ENDINGS: [&str; 22] = [
    "xml", "rels", "png", "jpg", "jpeg", "jfif", "gif", "emf", "wmf", "bmp", "tif", "tiff", "svg",
    "webp", "wdp", "vml", "odttf", "ttf", "fntdata", "thmx", "txt", "psdsor",
];
/// Marks of contents that act, in the bytes of any part.
const MARKS: [(&[u8], Bad); 6] = [
    (b"<!DOCTYPE", Bad::Active),
    (b"<!ENTITY", Bad::Active),
    (b"DDEAUTO", Bad::Macros),
    (b"<ddeLink", Bad::Macros),
    (b"macroEnabled", Bad::Macros),
    (b"vbaProject", Bad::Macros),
];

/// Inspects a document.
pub fn inspect(kind: FileKind, bytes: &[u8], rules: &ArchiveRules) -> Result<(), Bad> {
    let entries = directory(bytes, bytes.len() as u64, rules)?;
    if document_kind(&entries)? != kind {
        return Err(Bad::Broken);
    }
    let mut budget = rules.max_unpacked;
    for entry in &entries {
        // A folder is an entry of its own in what some programs write.
        if entry.name.ends_with('/') && entry.size == 0 {
            continue;
        }
        allowed(&entry.name)?;
        budget = budget.checked_sub(part(bytes, entry)?).ok_or(Bad::Unpacked)?;
    }
    Ok(())
}

fn allowed(name: &str) -> Result<(), Bad> {
    let lower = name.to_ascii_lowercase();
    let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
    let fits =
        ENDINGS.contains(&ending) || (ending == "bin" && lower.starts_with("xl/printersettings/"));
    if lower.contains("/embeddings/") || !fits { Err(Bad::Embedded) } else { Ok(()) }
}

/// Unpacks an entry and looks at it; returns its size.
fn part(bytes: &[u8], entry: &Entry) -> Result<u64, Bad> {
    let packed = local(bytes, entry).ok_or(Bad::Broken)?;
    let xml = [".xml", ".rels", ".vml"].iter().any(|end| entry.name.ends_with(end));
    let whole = entry.name.ends_with(".rels") || entry.name == "[Content_Types].xml";
    if whole && entry.size > PART_MAX {
        return Err(Bad::Unpacked);
    }
    let mut sum = Crc::default();
    let mut kept = Vec::new();
    let mut look = |piece: &[u8]| {
        sum.update(piece);
        if xml {
            if kept.is_empty()
                && (piece.starts_with(&[0xff, 0xfe]) || piece.starts_with(&[0xfe, 0xff]))
            {
                // UTF-16 would hide the marks; no office program writes it.
                return Err(Bad::Broken);
            }
            if !whole {
                // The end of the last piece, in case a mark is cut.
                let from = kept.len().saturating_sub(16);
                kept.drain(..from);
            }
            kept.extend_from_slice(piece);
            marks(&kept)?;
        }
        Ok(())
    };
    let size = match entry.method {
        0 => {
            look(packed)?;
            packed.len() as u64
        }
        _ => unpack(packed, DataFormat::Raw, entry.size, look)?,
    };
    if size != entry.size || sum.done() != entry.crc {
        return Err(Bad::Broken);
    }
    if entry.name.ends_with(".rels") {
        relations(&kept)?;
    }
    Ok(size)
}

fn marks(bytes: &[u8]) -> Result<(), Bad> {
    for (mark, bad) in MARKS {
        if bytes.windows(mark.len()).any(|window| window.eq_ignore_ascii_case(mark)) {
            return Err(bad);
        }
    }
    Ok(())
}

/// The packed bytes of an entry, whose own header must agree with the directory.
fn local<'a>(bytes: &'a [u8], entry: &Entry) -> Option<&'a [u8]> {
    let at = usize::try_from(entry.offset).ok()?;
    let head = bytes.get(at..at.checked_add(30)?)?;
    if !head.starts_with(b"PK\x03\x04") || head[8..10] != entry.method.to_le_bytes() {
        return None;
    }
    let name = usize::from(u16::from_le_bytes([head[26], head[27]]));
    let extra = usize::from(u16::from_le_bytes([head[28], head[29]]));
    if bytes.get(at + 30..at + 30 + name)? != entry.name.as_bytes() {
        return None;
    }
    let start = at + 30 + name + extra;
    bytes.get(start..start.checked_add(usize::try_from(entry.packed).ok()?)?)
}

/// A link that a person follows is harmless; everything else that lies outside is loaded by the
/// program when the document is opened.
fn relations(xml: &[u8]) -> Result<(), Bad> {
    let text = std::str::from_utf8(xml).map_err(|_| Bad::Broken)?;
    let mut reader = Reader::from_str(text);
    loop {
        let element = match reader.read_event().map_err(|_| Bad::Broken)? {
            Event::Start(element) | Event::Empty(element) => element,
            Event::Eof => return Ok(()),
            _ => continue,
        };
        let (mut outside, mut kind, mut target) = (false, String::new(), String::new());
        for attribute in element.attributes() {
            let attribute = attribute.map_err(|_| Bad::Broken)?;
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .map_err(|_| Bad::Broken)?;
            match attribute.key.as_ref() {
                "TargetMode" => outside = value.trim().eq_ignore_ascii_case("external"),
                "Type" => kind = value.into_owned(),
                "Target" => target = value.trim().to_ascii_lowercase(),
                _ => {}
            }
        }
        let kind = kind.rsplit('/').next().unwrap_or_default();
        let link = kind == "hyperlink"
            && ["http://", "https://", "mailto:", "tel:"].iter().any(|p| target.starts_with(p));
        if outside && !link {
            return Err(Bad::External);
        }
        if ["vbaProject", "attachedToolbars", "keyMapCustomizations"].contains(&kind) {
            return Err(Bad::Macros);
        }
        if ["oleObject", "package", "control", "externalLink"].contains(&kind) {
            return Err(Bad::Embedded);
        }
        if !outside && target.split('/').filter(|part| *part == "..").count() > 3 {
            return Err(Bad::Names);
        }
    }
}
