//! Items as a package of QTI 2.2 or 3.0: for each item one file a language, joined again by what
//! the manifest says of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Cursor, Write},
};

use domain::{
    bank::{
        body::{Body, Gap, Opt, Shape, Task},
        key::{Answers, GapKey, Key, Rule, WHOLE},
        parity::Content,
        rich::Rich,
    },
    shared::lang::Lang,
};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{OWN, keys::part_table};
use crate::{
    Written,
    report::{Notes, Refused},
    rich_out::{Style, blocks, escape, short},
};

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

fn decimal(share: i32, points: u32) -> String {
    let value = f64::from(share) * f64::from(points) / f64::from(WHOLE);
    format!("{value:.6}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn response(
    id: &str,
    cardinality: &str,
    base: &str,
    correct: &[String],
    mapping: &str,
    v: Version,
) -> String {
    let values: String = correct.iter().map(|value| v.tag("value", &[], &escape(value))).collect();
    let correct = if values.is_empty() { values } else { v.tag("correctResponse", &[], &values) };
    v.tag(
        "responseDeclaration",
        &[("identifier", id), ("cardinality", cardinality), ("baseType", base)],
        &format!("{correct}{mapping}"),
    )
}

fn table(list: &[(String, i32)], points: u32, v: Version) -> String {
    let entries: String = list
        .iter()
        .map(|(id, share)| {
            v.tag("mapEntry", &[("mapKey", id), ("mappedValue", &decimal(*share, points))], "")
        })
        .collect();
    v.tag(
        "mapping",
        &[("lowerBound", "0"), ("upperBound", &points.to_string()), ("defaultValue", "0")],
        &entries,
    )
}

fn declarations(
    body: &Body,
    answers: &Answers,
    lang: Lang,
    v: Version,
    notes: &mut Notes,
) -> String {
    let scoring = &answers.scoring;
    let mapping = || match scoring.rule {
        Rule::All => String::new(),
        Rule::Part => table(&part_table(&body.task, &answers.key), scoring.points, v),
        Rule::Table => table(&scoring.table, scoring.points, v),
    };
    match &answers.key {
        Key::Options { right } | Key::Areas { right } => {
            let single = matches!(&body.task, Task::Single { .. } | Task::Hotspot { most: 1, .. });
            let cardinality = if single { "single" } else { "multiple" };
            response("RESPONSE", cardinality, "identifier", right, &mapping(), v)
        }
        Key::Pairs { right } => {
            let pairs: Vec<String> = right.iter().map(|(a, b)| format!("{a} {b}")).collect();
            response("RESPONSE", "multiple", "directedPair", &pairs, &mapping(), v)
        }
        Key::Order { right } => {
            if scoring.rule != Rule::All {
                notes.dropped("scoring_rule", 0, scoring.rule.code());
            }
            response("RESPONSE", "ordered", "identifier", right, "", v)
        }
        Key::Number { right } => {
            let middle: Vec<String> = right
                .iter()
                .take(1)
                .map(|range| ((range.from + range.to) / 2.0).to_string())
                .collect();
            response("RESPONSE", "single", "float", &middle, "", v)
        }
        Key::Shapes { right } => {
            let entries: String = right
                .iter()
                .map(|place| {
                    let (kind, coords) = coords(&place.shape);
                    let worth = decimal(place.share, scoring.points);
                    v.tag(
                        "areaMapEntry",
                        &[("shape", kind), ("coords", &coords), ("mappedValue", &worth)],
                        "",
                    )
                })
                .collect();
            let mapping = v.tag("areaMapping", &[("defaultValue", "0")], &entries);
            response("RESPONSE", "multiple", "point", &[], &mapping, v)
        }
        Key::Gaps { right } => right
            .iter()
            .map(|key| gap_declaration(key, body, scoring.points, right.len(), lang, v, notes))
            .collect(),
    }
}

fn gap_declaration(
    key: &GapKey,
    body: &Body,
    points: u32,
    gaps: usize,
    lang: Lang,
    v: Version,
    notes: &mut Notes,
) -> String {
    let chosen = matches!(&body.task, Task::Text { gaps, .. }
        if gaps.iter().any(|gap| gap.id == key.gap && !gap.options.is_empty()));
    let mut entries = String::new();
    let mut correct = Vec::new();
    let each = f64::from(points) / f64::from(u32::try_from(gaps.max(1)).unwrap_or(1));
    let worth = |share: i32| {
        let value = f64::from(share) * each / f64::from(WHOLE);
        format!("{value:.6}").trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    for one in key.accept.iter().filter(|one| one.lang.is_none_or(|only| only == lang)) {
        if one.pattern {
            notes.dropped("pattern", 0, &one.text);
        }
        if one.share == WHOLE && correct.is_empty() {
            correct.push(one.text.clone());
        }
        let case = if one.case { "true" } else { "false" };
        entries.push_str(&v.tag(
            "mapEntry",
            &[("mapKey", &one.text), ("mappedValue", &worth(one.share)), ("caseSensitive", case)],
            "",
        ));
    }
    let number = key.accept.is_empty() && !key.numbers.is_empty();
    for range in &key.numbers {
        if (range.from - range.to).abs() > f64::EPSILON {
            notes.dropped("tolerance", 0, format!("{}…{}", range.from, range.to));
        }
        let middle = ((range.from + range.to) / 2.0).to_string();
        if range.share == WHOLE && correct.is_empty() {
            correct.push(middle.clone());
        }
        entries.push_str(&v.tag(
            "mapEntry",
            &[("mapKey", &middle), ("mappedValue", &worth(range.share))],
            "",
        ));
    }
    let mapping = v.tag("mapping", &[("defaultValue", "0")], &entries);
    let base = match (chosen, number) {
        (true, _) => "identifier",
        (_, true) => "float",
        _ => "string",
    };
    response(&key.gap, "single", base, &correct, &mapping, v)
}

fn coords(shape: &Shape) -> (&'static str, String) {
    let join = |list: &[i32]| list.iter().map(i32::to_string).collect::<Vec<_>>().join(",");
    match shape {
        Shape::Rect(list) => ("rect", join(list)),
        Shape::Circle(list) => ("circle", join(list)),
        Shape::Ellipse(list) => ("ellipse", join(list)),
        Shape::Poly(corners) => {
            let list: Vec<i32> = corners.iter().flat_map(|(x, y)| [*x, *y]).collect();
            ("poly", join(&list))
        }
        Shape::All => ("default", String::new()),
    }
}

fn gap_xml(gap: &Gap, v: Version, body: &Body) -> String {
    let none = |_: &str| String::new();
    let style = Style { image: &none, gap: &none };
    if gap.options.is_empty() {
        let width = gap.width.to_string();
        let mut attributes = vec![("responseIdentifier", gap.id.as_str())];
        if gap.width > 0 {
            attributes.push(("expectedLength", &width));
        }
        return v.tag("textEntryInteraction", &attributes, "");
    }
    let options: String = gap
        .options
        .iter()
        .map(|one| {
            v.tag("inlineChoice", &[("identifier", &one.id)], &inline_text(&one.text, &style))
        })
        .collect();
    let shuffle = matches!(&body.task, Task::Text { shuffle: true, .. });
    let shuffle = if shuffle { "true" } else { "false" };
    v.tag(
        "inlineChoiceInteraction",
        &[("responseIdentifier", &gap.id), ("shuffle", shuffle)],
        &options,
    )
}

fn inline_text(text: &Rich, style: &Style<'_>) -> String {
    short(text, style)
}

fn options(
    list: &[Opt],
    element: &str,
    more: &[(&str, &str)],
    style: &Style<'_>,
    v: Version,
) -> String {
    list.iter()
        .map(|one| {
            let mut attributes = vec![("identifier", one.id.as_str())];
            attributes.extend_from_slice(more);
            if one.fixed {
                attributes.push(("fixed", "true"));
            }
            v.tag(element, &attributes, &short(&one.text, style))
        })
        .collect()
}

fn interaction(body: &Body, style: &Style<'_>, kinds: &Kinds, v: Version) -> String {
    let flag = |on: bool| if on { "true" } else { "false" };
    let id = ("responseIdentifier", "RESPONSE");
    match &body.task {
        Task::Single { options: list, shuffle } => v.tag(
            "choiceInteraction",
            &[id, ("shuffle", flag(*shuffle)), ("maxChoices", "1")],
            &options(list, "simpleChoice", &[], style, v),
        ),
        Task::Multiple { options: list, shuffle, least, most } => v.tag(
            "choiceInteraction",
            &[
                id,
                ("shuffle", flag(*shuffle)),
                ("maxChoices", &most.to_string()),
                ("minChoices", &least.to_string()),
            ],
            &options(list, "simpleChoice", &[], style, v),
        ),
        Task::Ordering { options: list, shuffle } => v.tag(
            "orderInteraction",
            &[id, ("shuffle", flag(*shuffle))],
            &options(list, "simpleChoice", &[], style, v),
        ),
        Task::Matching { left, right, shuffle, reuse } => {
            let set = |list: &[Opt], most: &str| {
                let inner =
                    options(list, "simpleAssociableChoice", &[("matchMax", most)], style, v);
                v.tag("simpleMatchSet", &[], &inner)
            };
            let inner = format!("{}{}", set(left, "0"), set(right, &reuse.to_string()));
            v.tag(
                "matchInteraction",
                &[id, ("shuffle", flag(*shuffle)), ("maxAssociations", "0")],
                &inner,
            )
        }
        Task::Number { .. } => {
            format!("<p>{}</p>", v.tag("textEntryInteraction", &[id], ""))
        }
        Task::Hotspot { image, areas, most } => {
            let picture = crate::rich_out::img(image, style);
            let picture = if v == Version::V3 {
                picture
            } else {
                format!(
                    r#"<object data="{}" type="{}" width="{}" height="{}">{}</object>"#,
                    escape(&(style.image)(&image.hash)),
                    escape(kind_of(kinds, &image.hash)),
                    image.width,
                    image.height,
                    escape(&image.alt)
                )
            };
            let most = most.to_string();
            let choices: String = areas
                .iter()
                .map(|area| {
                    let (kind, coords) = coords(&area.shape);
                    v.tag(
                        "hotspotChoice",
                        &[("identifier", &area.id), ("shape", kind), ("coords", &coords)],
                        "",
                    )
                })
                .collect();
            let name =
                if areas.is_empty() { "selectPointInteraction" } else { "hotspotInteraction" };
            v.tag(name, &[id, ("maxChoices", &most)], &format!("{picture}{choices}"))
        }
        Task::Text { gaps, .. } => {
            let named = body.stem.gaps();
            let rest = gaps.iter().filter(|gap| !named.contains(&gap.id.as_str()));
            rest.map(|gap| format!("<p>{}</p>", gap_xml(gap, v, body))).collect()
        }
    }
}

/// A number with its tolerance.
fn number_processing(right: &[domain::bank::key::Range], v: Version, notes: &mut Notes) -> String {
    if right.len() > 1 {
        notes.dropped("ranges", 0, right.len().to_string());
    }
    let half = right.first().map_or(0.0, |range| (range.to - range.from) / 2.0);
    let variable = v.tag("variable", &[("identifier", "RESPONSE")], "");
    let correct = v.tag("correct", &[("identifier", "RESPONSE")], "");
    let equal = v.tag(
        "equal",
        &[("toleranceMode", "absolute"), ("tolerance", &format!("{half} {half}"))],
        &format!("{variable}{correct}"),
    );
    let one = v.tag("baseValue", &[("baseType", "float")], "1");
    let set = v.tag("setOutcomeValue", &[("identifier", "SCORE")], &one);
    let condition = v.tag("responseIf", &[], &format!("{equal}{set}"));
    v.tag("responseProcessing", &[], &v.tag("responseCondition", &[], &condition))
}

/// The sum over several gaps.
fn sum_processing(body: &Body, rule: Rule, v: Version) -> String {
    let Task::Text { gaps, .. } = &body.task else { return String::new() };
    let inner: String = gaps
        .iter()
        .map(|gap| match rule {
            Rule::All => {
                let pair = format!(
                    "{}{}",
                    v.tag("variable", &[("identifier", &gap.id)], ""),
                    v.tag("correct", &[("identifier", &gap.id)], "")
                );
                v.tag("match", &[], &pair)
            }
            _ => v.tag("mapResponse", &[("identifier", &gap.id)], ""),
        })
        .collect();
    let of = if rule == Rule::All { "and" } else { "sum" };
    let set = v.tag("setOutcomeValue", &[("identifier", "SCORE")], &v.tag(of, &[], &inner));
    v.tag("responseProcessing", &[], &set)
}
