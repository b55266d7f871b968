//! A package of QTI: an archive with a manifest.

use std::collections::{BTreeMap, BTreeSet};

use super::{inline_picture, item::own_meta, not_qti, picture, take};
use crate::{
    archive::{self, Files, resolve},
    dom::Node,
    model::{Found, Media},
    report::Refused,
    rich_in::Picture,
    text_of, xml,
};

/// Name of the manifest.
const MANIFEST: &str = "imsmanifest.xml";

/// Reads a package.
///
/// Errors: everything of [`archive::read`]; no manifest, one that cannot be read, that names files
/// outside or files that are not there, or the same thing twice; an item that is no sound XML.
pub fn read(bytes: &[u8]) -> Result<Found, Refused> {
    let mut files = archive::read(bytes)?;
    files.retain(|name, _| !name.starts_with("__MACOSX/") && !name.ends_with(".DS_Store"));
    let mut found = Found::default();
    let base = manifest_base(&files)?;
    let name = format!("{base}{MANIFEST}");
    let manifest = xml::read(&name, &text_of(files.get(&name).map_or(&[][..], Vec::as_slice))?)?;
    if manifest.name != "manifest" {
        return Err(Refused::new("manifest", &manifest.written).at(&name, manifest.line));
    }
    let folder = base.trim_end_matches('/').to_owned();
    let resources = resources(&manifest, &name, &folder, &files)?;
    for resource in &resources {
        let Some(bytes) = files.get(&resource.path) else { continue };
        let text = text_of(bytes).map_err(|refused| refused.at(&resource.path, 0))?;
        let root = xml::read(&resource.path, &text)?;
        let place = resource.path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let mut find =
            |address: &str, media: &mut Vec<Media>| image(address, &place, &folder, &files, media);
        let before = found.items.len();
        if !take(&root, &resource.path, &mut find, &mut found) {
            let refused = not_qti(&resource.path, &root);
            found.notes.file.clone_from(&resource.path);
            found.notes.item.clone_from(&resource.ident);
            found.notes.refused(
                if refused.code == "qti1" { "qti1" } else { "not_item" },
                root.line,
                &root.written,
            );
            found.seen += 1;
            continue;
        }
        if let Some(draft) = found.items.get_mut(before) {
            if let Some(own) = &resource.own {
                own_meta(own, draft);
            }
            if draft.lang.is_none() {
                draft.lang = resource.lang;
            }
        }
    }
    if resources.is_empty() {
        return Err(Refused::new("manifest_empty", "").at(&name, manifest.line));
    }
    Ok(found)
}

/// The manifest lies at the root; or, where people packed the folder, in the one folder there is.
fn manifest_base(files: &Files) -> Result<String, Refused> {
    if files.contains_key(MANIFEST) {
        return Ok(String::new());
    }
    let tops: BTreeSet<&str> =
        files.keys().map(|name| name.split('/').next().unwrap_or_default()).collect();
    match tops.into_iter().collect::<Vec<_>>().as_slice() {
        [top] if files.contains_key(&format!("{top}/{MANIFEST}")) => Ok(format!("{top}/")),
        _ => Err(Refused::new("manifest_missing", MANIFEST)),
    }
}

/// A resource that may be an item or a test.
struct Resource {
    ident: String,
    path: String,
    own: Option<Node>,
    lang: Option<domain::shared::lang::Lang>,
}

fn resources(
    manifest: &Node,
    name: &str,
    folder: &str,
    files: &Files,
) -> Result<Vec<Resource>, Refused> {
    let Some(list) = manifest.one("resources") else {
        return Err(Refused::new("manifest", "resources").at(name, manifest.line));
    };
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut by_path: BTreeMap<String, usize> = BTreeMap::new();
    let mut out: Vec<Resource> = Vec::new();
    for node in list.all("resource") {
        let refuse = |code, what: &str| Refused::new(code, what).at(name, node.line);
        let ident = node.attr("identifier");
        if ident.is_empty() {
            return Err(refuse("manifest", "identifier"));
        }
        if !seen.insert(ident) {
            return Err(refuse("manifest_twice", ident));
        }
        let base = [list.attr("base"), node.attr("base")].concat();
        let from = if base.is_empty() {
            folder.to_owned()
        } else {
            resolve(folder, &base).ok_or_else(|| refuse("manifest_outside", &base))?
        };
        let kind = node.attr("type").to_ascii_lowercase();
        let ours = kind.contains("qti_item")
            || kind.contains("qti_test")
            || kind.contains("qti_apipitem")
            || kind.contains("qti_section")
            || kind.contains("qti_xml")
            || kind.contains("qti_apiptest");
        let mut named: Vec<&str> = node.all("file").map(|file| file.attr("href")).collect();
        let main = node.attr("href");
        if !main.is_empty() {
            named.insert(0, main);
        }
        for href in &named {
            let path = resolve(&from, href).ok_or_else(|| refuse("manifest_outside", href))?;
            // What is only beside the items may be missing; what a resource is made of may not.
            if !files.contains_key(&path) && (*href == main || ours) {
                return Err(refuse("manifest_file", href));
            }
        }
        let href = if main.is_empty() { named.first().copied().unwrap_or_default() } else { main };
        let Some(path) = resolve(&from, href).filter(|path| !path.is_empty()) else {
            if ours {
                return Err(refuse("manifest", "href"));
            }
            continue;
        };
        if !(ours && path.to_ascii_lowercase().ends_with(".xml")) {
            continue;
        }
        if by_path.insert(path.clone(), out.len()).is_some() {
            return Err(refuse("manifest_twice", href));
        }
        let own = node.find("item").filter(|own| !own.attr("code").is_empty()).cloned();
        let lang = node
            .one("metadata")
            .and_then(|meta| meta.find("language"))
            .and_then(|node| super::item::language(node.text().trim()));
        out.push(Resource { ident: ident.to_owned(), path, own, lang });
    }
    Ok(out)
}

/// An image by its address in a file of the package.
fn image(
    address: &str,
    place: &str,
    folder: &str,
    files: &Files,
    media: &mut Vec<Media>,
) -> Picture {
    if address.trim().starts_with("data:") {
        return inline_picture(address, media);
    }
    let lower = address.trim().to_ascii_lowercase();
    if lower.starts_with("//") || lower.contains("://") || lower.starts_with("file:") {
        return Picture::External;
    }
    // Some programs write addresses from the root of the package.
    let from_root = address.trim().strip_prefix('/');
    let paths = [
        from_root.is_none().then(|| resolve(place, address.trim())).flatten(),
        resolve(folder, from_root.unwrap_or(address.trim())),
    ];
    let bytes = paths.into_iter().flatten().find_map(|path| files.get(&path));
    match bytes {
        Some(bytes) => picture(bytes.clone(), media),
        None => Picture::Missing,
    }
}
