//! QTI 2.x and 3.0. Names of both are read as one (see [`crate::dom::canon`]); what the model
//! cannot hold is reported by its name in the file.

mod item;
mod keys;
pub mod package;
mod tasks;
mod test;
mod write;

pub(crate) use keys::part_table;
pub use write::{Images, Version, package as write};

use crate::{
    dom::Node,
    model::{Found, Media},
    report::Refused,
    rich_in::Picture,
    text_of, xml,
};

/// Namespace of what our items have and QTI has no place for.
pub const OWN: &str = "https://mansap.kz/ns/item/1";

/// Reads a single file: an item or a test.
///
/// Errors: not XML, no QTI, a version before 2.0.
pub fn read_file(name: &str, bytes: &[u8]) -> Result<Found, Refused> {
    let root = xml::read(name, &text_of(bytes)?)?;
    let mut found = Found::default();
    let mut outside = |address: &str, media: &mut Vec<Media>| inline_picture(address, media);
    if !take(&root, name, &mut outside, &mut found) {
        return Err(not_qti(name, &root));
    }
    Ok(found)
}

/// Takes what a root element holds; false where it is neither item nor test.
fn take(
    root: &Node,
    name: &str,
    picture: &mut dyn FnMut(&str, &mut Vec<Media>) -> Picture,
    found: &mut Found,
) -> bool {
    found.notes.file = name.to_owned();
    found.notes.item = root.attr("identifier").to_owned();
    match root.name.as_str() {
        "assessmentitem" => {
            found.seen += 1;
            let Found { items, media, notes, .. } = found;
            let mut find = |address: &str| picture(address, media);
            items.extend(item::read(root, name, &mut find, notes));
            true
        }
        "assessmenttest" => {
            found.tests.extend(test::read(root, &mut found.notes));
            true
        }
        _ => false,
    }
}

/// Takes a gap away where it is the last thing of a text: formats without gaps ask there anyway.
pub(crate) fn strip_last_gap(stem: &mut domain::bank::rich::Rich) {
    tasks::at_end(stem);
}

/// Why a root element is not read.
fn not_qti(name: &str, root: &Node) -> Refused {
    let code = match root.name.as_str() {
        "questestinterop" => "qti1",
        "manifest" => "manifest_alone",
        _ => "not_qti",
    };
    Refused::new(code, &root.written).at(name, root.line)
}

/// An image whose bytes are in its address.
pub(crate) fn inline_picture(address: &str, media: &mut Vec<Media>) -> Picture {
    let Some(data) = address.trim().strip_prefix("data:") else {
        let lower = address.trim().to_ascii_lowercase();
        let outside =
            lower.starts_with("//") || lower.contains("://") || lower.starts_with("file:");
        return if outside { Picture::External } else { Picture::Missing };
    };
    let Some((_, body)) = data.split_once(";base64,") else { return Picture::Kind };
    let clean: String = body.chars().filter(|c| !c.is_whitespace()).collect();
    match data_encoding::BASE64.decode(clean.as_bytes()) {
        Ok(bytes) => picture(bytes, media),
        Err(_) => Picture::Kind,
    }
}

/// An image by its bytes.
pub(crate) fn picture(bytes: Vec<u8>, media: &mut Vec<Media>) -> Picture {
    match crate::image_kind(&bytes) {
        Some(kind) => Picture::Hash(crate::keep(media, bytes, kind)),
        None => Picture::Kind,
    }
}
