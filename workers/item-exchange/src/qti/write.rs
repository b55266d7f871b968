//! Items as a package of QTI 2.2 or 3.0: for each item one file a language, joined again by what
//! the manifest says of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Cursor, Write},
};

use domain::{
    bank::{
        body::{Body, Task},
        key::{Key, Rule},
        parity::Content,
    },
    shared::lang::Lang,
};
use zip::{ZipWriter, write::SimpleFileOptions};

use self::{
    keys::declarations,
    processing::{number_processing, sum_processing},
    tasks::{gap_xml, interaction},
};
use super::OWN;
use crate::{
    Written,
    report::{Notes, Refused},
    rich_out::{Style, blocks, escape},
};

mod keys;
mod processing;
mod tasks;

/// Gives the bytes and the type of an image.
pub type Images<'a> = dyn Fn(&str) -> Option<(Vec<u8>, String)> + 'a;

/// A version of QTI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// 2.2.
    V2,
    /// 3.0.
    V3,
}

impl Version {
    /// The name of an element, written as 2.2 has it.
    fn el(self, name: &str) -> String {
        match self {
            Version::V2 => name.to_owned(),
            Version::V3 => format!("qti-{}", self.at(name)),
        }
    }

    /// The name of an attribute, written as 2.2 has it.
    fn at(self, name: &str) -> String {
        let mut out = String::new();
        for c in name.chars() {
            if self == Version::V3 && c.is_ascii_uppercase() {
                out.push('-');
                out.push(c.to_ascii_lowercase());
            } else {
                out.push(c);
            }
        }
        out
    }

    /// An element with attributes and what is in it.
    fn tag(self, name: &str, attributes: &[(&str, &str)], inner: &str) -> String {
        let name = self.el(name);
        let mut out = format!("<{name}");
        for (key, value) in attributes {
            out.push_str(&format!(r#" {}="{}""#, self.at(key), escape(value)));
        }
        if inner.is_empty() {
            out.push_str("/>")
        } else {
            out.push_str(&format!(">{inner}</{name}>"))
        }
        out
    }

    const fn space(self) -> &'static str {
        match self {
            Version::V2 => "http://www.imsglobal.org/xsd/imsqti_v2p2",
            Version::V3 => "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
        }
    }

    const fn kind(self) -> &'static str {
        match self {
            Version::V2 => "imsqti_item_xmlv2p2",
            Version::V3 => "imsqti_item_xmlv3p0",
        }
    }

    const fn template(self) -> &'static str {
        match self {
            Version::V2 => "http://www.imsglobal.org/question/qti_v2p2/rptemplates/",
            Version::V3 => "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/",
        }
    }
}

/// A name for XML identifiers: letters, digits, `_`, `-`, `.`; never begins with a digit.
fn name(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '_' })
        .collect();
    if plain.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        plain
    } else {
        format!("i{plain}")
    }
}

/// Writes a package. `media` gives the bytes and the type of an image.
///
/// Errors: an image that is not there; an archive that cannot be written.
pub fn package(
    items: &[Content],
    media: &Images<'_>,
    version: Version,
) -> Result<Written, Refused> {
    let mut notes = Notes::default();
    let failed = |e: String| Refused::new("zip", e);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    let put = |zip: &mut ZipWriter<Cursor<Vec<u8>>>, path: &str, bytes: &[u8]| {
        zip.start_file(path, options).map_err(|e| failed(e.to_string()))?;
        zip.write_all(bytes).map_err(|e| failed(e.to_string()))
    };
    let mut resources = String::new();
    let mut images: BTreeSet<String> = BTreeSet::new();
    let mut idents: BTreeSet<String> = BTreeSet::new();
    for content in items {
        for lang in [Lang::Kk, Lang::Ru] {
            let Some(body) = content.body(lang) else { continue };
            let mut ident = format!("{}-{}", name(&content.meta.code), lang.code());
            while !idents.insert(ident.clone()) {
                ident = format!("_{ident}");
            }
            notes.item.clone_from(&content.meta.code);
            let mut kinds = Kinds::new();
            for hash in body.images() {
                let (_, kind) = media(hash).ok_or_else(|| Refused::new("image_missing", hash))?;
                kinds.insert(hash.to_owned(), kind);
            }
            let xml = item(content, body, lang, &ident, version, &kinds, &mut notes);
            put(&mut zip, &format!("items/{ident}.xml"), xml.as_bytes())?;
            let mut files = format!(r#"<file href="items/{ident}.xml"/>"#);
            for (hash, kind) in &kinds {
                files.push_str(&format!(r#"<file href="{}"/>"#, path(hash, kind)));
            }
            images.extend(kinds.into_keys());
            resources.push_str(&format!(
                r#"<resource identifier="{ident}" type="{}" href="items/{ident}.xml">{}{files}</resource>"#,
                version.kind(),
                metadata(content, lang)
            ));
        }
    }
    for hash in &images {
        if let Some((bytes, kind)) = media(hash) {
            put(&mut zip, &path(hash, &kind), &bytes)?;
        }
    }
    let manifest = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="mansap"><metadata><schema>QTI Package</schema><schemaversion>{}</schemaversion></metadata><organizations/><resources>{resources}</resources></manifest>"#,
        if version == Version::V2 { "2.2" } else { "3.0.0" }
    );
    put(&mut zip, "imsmanifest.xml", manifest.as_bytes())?;
    let bytes = zip.finish().map_err(|e| failed(e.to_string()))?.into_inner();
    Ok(Written { bytes, kind: "application/zip", notes })
}

/// Types of the images of an item, by hash.
type Kinds = BTreeMap<String, String>;

fn kind_of<'a>(kinds: &'a Kinds, hash: &str) -> &'a str {
    kinds.get(hash).map_or("image/png", String::as_str)
}

fn path(hash: &str, kind: &str) -> String {
    let end = match kind {
        "image/jpeg" => "jpg",
        "image/gif" => "gif",
        "image/webp" => "webp",
        _ => "png",
    };
    format!("media/{hash}.{end}")
}

fn metadata(content: &Content, lang: Lang) -> String {
    let meta = &content.meta;
    let mut own = format!(r#"<own:item xmlns:own="{OWN}""#);
    for (key, value) in [
        ("code", meta.code.as_str()),
        ("topic", &meta.topic),
        ("subject", &meta.subject),
        ("grade", &meta.grade.to_string()),
        ("level", meta.level.code()),
        ("facility", &meta.facility.to_string()),
        ("enemies", &meta.enemies.join("|")),
        ("tags", &meta.tags.join("|")),
        ("source", &meta.source),
        ("points", &content.answers.scoring.points.to_string()),
    ] {
        own.push_str(&format!(r#" {key}="{}""#, escape(value)));
    }
    format!(
        r#"<metadata><imsmd:lom xmlns:imsmd="http://ltsc.ieee.org/xsd/LOM"><imsmd:general><imsmd:language>{}</imsmd:language></imsmd:general></imsmd:lom>{own}/></metadata>"#,
        lang.code()
    )
}

/// An item in one language.
fn item(
    content: &Content,
    body: &Body,
    lang: Lang,
    ident: &str,
    v: Version,
    kinds: &Kinds,
    notes: &mut Notes,
) -> String {
    let style_image = |hash: &str| format!("../{}", path(hash, kind_of(kinds, hash)));
    let inline = |id: &str| match &body.task {
        Task::Text { gaps, .. } => gaps
            .iter()
            .find(|gap| gap.id == id)
            .map(|gap| gap_xml(gap, v, body))
            .unwrap_or_default(),
        _ => String::new(),
    };
    let style = Style { image: &style_image, gap: &inline };
    let answers = &content.answers;
    let mut inner = declarations(body, answers, lang, v, notes);
    inner.push_str(&v.tag(
        "outcomeDeclaration",
        &[
            ("identifier", "SCORE"),
            ("cardinality", "single"),
            ("baseType", "float"),
            ("normalMaximum", &answers.scoring.points.to_string()),
        ],
        "",
    ));
    let explanation =
        if lang == Lang::Kk { &content.explanation_kk } else { &content.explanation_ru };
    let mut flow = String::new();
    if !explanation.is_empty() {
        flow.push_str(&v.tag(
            "rubricBlock",
            &[("view", "scorer")],
            &wrapped(blocks(explanation, &style), v),
        ));
    }
    flow.push_str(&blocks(&body.stem, &style));
    flow.push_str(&interaction(body, &style, kinds, v));
    inner.push_str(&v.tag("itemBody", &[], &flow));
    let template = match (&answers.key, answers.scoring.rule) {
        (Key::Shapes { .. }, _) => "map_response_point",
        (Key::Gaps { .. }, _) | (_, Rule::Part | Rule::Table) => "map_response",
        _ => "match_correct",
    };
    if let Key::Number { right } = &answers.key {
        inner.push_str(&number_processing(right, v, notes));
    } else if one_response(body) {
        let end = if v == Version::V3 { ".xml" } else { "" };
        inner.push_str(&v.tag(
            "responseProcessing",
            &[("template", &format!("{}{template}{end}", v.template()))],
            "",
        ));
    } else {
        inner.push_str(&sum_processing(body, answers.scoring.rule, v));
    }
    let root = v.el("assessmentItem");
    let (dependent, free) = (v.at("timeDependent"), "adaptive");
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<{root} xmlns="{}" identifier="{ident}" title="{}" xml:lang="{}" {free}="false" {dependent}="false">{inner}</{root}>
"#,
        v.space(),
        escape(&content.meta.code),
        lang.code()
    )
}

/// QTI 3 wants the content of a rubric in an element of its own.
fn wrapped(text: String, v: Version) -> String {
    if v == Version::V3 { v.tag("contentBody", &[], &text) } else { text }
}

fn one_response(body: &Body) -> bool {
    !matches!(&body.task, Task::Text { gaps, .. } if gaps.len() > 1)
}
