//! XHTML and HTML into the text of an item. What has no place there is left out and said so.

use domain::bank::{
    math::{ATTRIBUTES, ELEMENTS, Math},
    rich::{Block, Cell, Image, Inline, Rich},
};

use crate::{
    dom::{Child, Node},
    report::Notes,
};

/// Deepest nesting that is kept.
const DEPTH: usize = 10;

/// What an image of a text turned out to be.
pub enum Picture {
    /// Its hash.
    Hash(String),
    /// It is not in the file.
    Missing,
    /// It lies elsewhere.
    External,
    /// Of a type that is not taken.
    Kind,
}

/// How names of a file are understood while its text is read.
pub struct Context<'a> {
    /// Finds an image by its address.
    pub picture: &'a mut dyn FnMut(&str) -> Picture,
    /// Whether an element stands for a gap, and which.
    pub gap: &'a dyn Fn(&Node) -> Option<String>,
    /// Remarks.
    pub notes: &'a mut Notes,
    /// Set where something is missing without which the item makes no sense.
    pub broken: bool,
}

/// The text of an element.
pub fn rich(node: &Node, cx: &mut Context<'_>) -> Rich {
    let mut blocks = Vec::new();
    flow(node, cx, &mut blocks, 0);
    Rich(blocks)
}

const BLOCKS: [&str; 30] = [
    "p",
    "div",
    "ul",
    "ol",
    "table",
    "pre",
    "blockquote",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "section",
    "article",
    "figure",
    "figcaption",
    "dl",
    "dt",
    "dd",
    "address",
    "center",
    "header",
    "footer",
    "prompt",
    "templateblock",
    "rubricblock",
    "details",
    "main",
];

/// Elements that are only a wrapper.
const WRAPS: [&str; 22] = [
    "",
    "span",
    "a",
    "font",
    "label",
    "small",
    "big",
    "bdi",
    "bdo",
    "abbr",
    "acronym",
    "cite",
    "time",
    "tbody",
    "contentbody",
    "rubricblock",
    "infocontrol",
    "ruby",
    "picture",
    "templateinline",
    "mark",
    "nobr",
];

fn has_block(node: &Node) -> bool {
    node.nodes().any(|inner| {
        BLOCKS.contains(&inner.name.as_str())
            || (WRAPS.contains(&inner.name.as_str()) && has_block(inner))
    })
}

fn flow(node: &Node, cx: &mut Context<'_>, out: &mut Vec<Block>, depth: usize) {
    let mut line = Vec::new();
    for child in &node.children {
        match child {
            Child::Text(text) => say(text, &mut line),
            Child::Node(inner) => {
                let name = inner.name.as_str();
                let wrap = WRAPS.contains(&name) && has_block(inner);
                if (BLOCKS.contains(&name) || wrap) && (cx.gap)(inner).is_none() {
                    end(&mut line, out);
                    if depth >= DEPTH {
                        out.push(Block::P(vec![Inline::T(inner.text())]));
                    } else {
                        block(inner, cx, out, depth);
                    }
                } else {
                    inline(inner, cx, &mut line, depth);
                }
            }
        }
    }
    end(&mut line, out);
}

/// Ends a paragraph: spaces at its ends go, an empty one is none.
fn end(line: &mut Vec<Inline>, out: &mut Vec<Block>) {
    let mut line = std::mem::take(line);
    trim(&mut line);
    if !line.is_empty() {
        out.push(Block::P(line));
    }
}

fn trim(line: &mut Vec<Inline>) {
    while let Some(first) = line.first_mut() {
        match first {
            Inline::T(text) => {
                *text = text.trim_start_matches([' ', '\u{a0}']).to_owned();
                if !text.is_empty() {
                    break;
                }
            }
            Inline::Br => {}
            _ => break,
        }
        line.remove(0);
    }
    while let Some(last) = line.last_mut() {
        match last {
            Inline::T(text) => {
                text.truncate(text.trim_end_matches([' ', '\u{a0}']).len());
                if !text.is_empty() {
                    break;
                }
            }
            Inline::Br => {}
            _ => break,
        }
        line.pop();
    }
}

/// Adds text: runs of spaces and line ends are one space, as in HTML.
pub fn say(text: &str, line: &mut Vec<Inline>) {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}') {
            let open = match line.last() {
                Some(Inline::T(before)) if out.is_empty() => before.ends_with(' '),
                Some(Inline::Br) if out.is_empty() => true,
                _ => out.ends_with(' '),
            };
            if !open {
                out.push(' ');
            }
        } else if c != '\u{feff}' && !(c.is_control()) {
            out.push(c);
        }
    }
    if out.is_empty() {
        return;
    }
    match line.last_mut() {
        Some(Inline::T(before)) => before.push_str(&out),
        _ => line.push(Inline::T(out)),
    }
}

fn block(node: &Node, cx: &mut Context<'_>, out: &mut Vec<Block>, depth: usize) {
    let within = |node: &Node, cx: &mut Context<'_>| {
        let mut blocks = Vec::new();
        flow(node, cx, &mut blocks, depth + 1);
        Rich(blocks)
    };
    match node.name.as_str() {
        "ul" | "ol" => {
            let items: Vec<Rich> = node
                .all("li")
                .map(|item| within(item, cx))
                .filter(|item| !item.0.is_empty())
                .collect();
            if !items.is_empty() {
                let list = if node.name == "ul" { Block::Bullets } else { Block::Numbers };
                out.push(list(items));
            }
        }
        "table" => table(node, cx, out, depth),
        "pre" => {
            let text = node.text();
            if !text.trim().is_empty() {
                out.push(Block::Pre(text.trim_matches('\n').to_owned()));
            }
        }
        "blockquote" => {
            let inner = within(node, cx);
            if !inner.0.is_empty() {
                out.push(Block::Quote(inner));
            }
        }
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dt" => {
            let mut line = Vec::new();
            inlines(node, cx, &mut line, depth);
            trim(&mut line);
            if !line.is_empty() {
                out.push(Block::P(vec![Inline::Strong(line)]));
            }
        }
        "hr" => {}
        _ => flow(node, cx, out, depth + 1),
    }
}

fn table(node: &Node, cx: &mut Context<'_>, out: &mut Vec<Block>, depth: usize) {
    let mut rows = Vec::new();
    node.select(&|node| node.name == "tr", &mut rows);
    let mut found = Vec::new();
    for row in rows {
        let mut cells = Vec::new();
        for cell in row.nodes().filter(|cell| matches!(cell.name.as_str(), "td" | "th")) {
            if cell.get("colspan").is_some_and(|n| n != "1")
                || cell.get("rowspan").is_some_and(|n| n != "1")
            {
                cx.notes.dropped("table_span", cell.line, "");
            }
            let mut text = Vec::new();
            inlines(cell, cx, &mut text, depth + 1);
            trim(&mut text);
            cells.push(Cell { head: cell.name == "th", text });
        }
        if !cells.is_empty() {
            found.push(cells);
        }
    }
    if let Some(caption) = node.one("caption") {
        block(caption, cx, out, depth + 1);
    }
    if !found.is_empty() {
        out.push(Block::Table(found));
    }
}

/// The parts of a line; blocks within it are set apart by line ends.
pub fn inlines(node: &Node, cx: &mut Context<'_>, line: &mut Vec<Inline>, depth: usize) {
    for child in &node.children {
        match child {
            Child::Text(text) => say(text, line),
            Child::Node(inner) => {
                let apart = matches!(inner.name.as_str(), "p" | "div" | "li" | "tr")
                    && (cx.gap)(inner).is_none();
                if apart && !line.is_empty() {
                    line.push(Inline::Br);
                }
                inline(inner, cx, line, depth);
            }
        }
    }
}

fn inline(node: &Node, cx: &mut Context<'_>, line: &mut Vec<Inline>, depth: usize) {
    if let Some(gap) = (cx.gap)(node) {
        line.push(Inline::Gap(gap));
        return;
    }
    if depth > DEPTH {
        say(&node.text(), line);
        return;
    }
    let mut within = |make: fn(Vec<Inline>) -> Inline, cx: &mut Context<'_>| {
        let mut inner = Vec::new();
        inlines(node, cx, &mut inner, depth + 1);
        if !inner.is_empty() {
            line.push(make(inner));
        }
    };
    match node.name.as_str() {
        "b" | "strong" => within(Inline::Strong, cx),
        "i" | "em" | "var" | "dfn" => within(Inline::Em, cx),
        "u" | "ins" => within(Inline::Under, cx),
        "sup" => within(Inline::Sup, cx),
        "sub" => within(Inline::Sub, cx),
        "code" | "tt" | "kbd" | "samp" => line.push(Inline::Code(node.text())),
        "br" => {
            if let Some(Inline::T(text)) = line.last_mut() {
                text.truncate(text.trim_end_matches(' ').len());
            }
            line.push(Inline::Br);
        }
        "img" => picture(node, node.attr("src"), node.attr("alt"), cx, line),
        "object" => {
            let kind = node.attr("type");
            if kind.starts_with("image/") || kind.is_empty() {
                picture(node, node.attr("data"), node.text().trim(), cx, line);
            } else {
                cx.notes.refused("medium", node.line, kind);
                cx.broken = true;
            }
        }
        "math" => {
            if let Some(math) = math(node, cx.notes, 0).into_iter().next() {
                line.push(Inline::Math(math));
            }
        }
        "audio" | "video" | "iframe" | "embed" | "svg" | "canvas" | "mediainteraction" => {
            cx.notes.refused("medium", node.line, &node.written);
            cx.broken = true;
        }
        "printedvariable" => {
            cx.notes.refused("template", node.line, node.attr("identifier"));
            cx.broken = true;
        }
        "script" | "style" | "stylesheet" | "link" | "meta" => {
            cx.notes.dropped("element", node.line, &node.written);
        }
        "feedbackinline" | "feedbackblock" => {
            cx.notes.dropped("feedback", node.line, node.attr("identifier"));
        }
        "q" => {
            line.push(Inline::T("«".to_owned()));
            inlines(node, cx, line, depth + 1);
            say("»", line);
        }
        "a" => {
            if !node.attr("href").is_empty() {
                cx.notes.dropped("link", node.line, node.attr("href"));
            }
            inlines(node, cx, line, depth + 1);
        }
        name => {
            if !BLOCKS.contains(&name)
                && !WRAPS.contains(&name)
                && !matches!(name, "tr" | "td" | "th" | "li" | "gap")
            {
                cx.notes.hint("element_unwrapped", node.line, &node.written);
            }
            inlines(node, cx, line, depth + 1);
        }
    }
}

/// An image that an element names.
pub fn image(node: &Node, address: &str, alt: &str, cx: &mut Context<'_>) -> Option<Image> {
    let side = |name: &str| node.attr(name).trim_end_matches("px").trim().parse().unwrap_or(0);
    let code = match (cx.picture)(address) {
        Picture::Hash(hash) => {
            let alt = alt.split_whitespace().collect::<Vec<_>>().join(" ");
            return Some(Image { hash, alt, width: side("width"), height: side("height") });
        }
        Picture::Missing => "image_missing",
        Picture::External => "image_external",
        Picture::Kind => "image_kind",
    };
    cx.notes.refused(code, node.line, address);
    cx.broken = true;
    None
}

fn picture(node: &Node, address: &str, alt: &str, cx: &mut Context<'_>, line: &mut Vec<Inline>) {
    if let Some(image) = image(node, address, alt, cx) {
        line.push(Inline::Image(image));
    }
}

/// A formula. Wrappers that say the same once more (`semantics`) are opened.
fn math(node: &Node, notes: &mut Notes, depth: usize) -> Vec<Math> {
    if depth > 40 {
        return Vec::new();
    }
    let written = node.written.to_ascii_lowercase();
    match written.as_str() {
        "semantics" => {
            return node.nodes().take(1).flat_map(|node| math(node, notes, depth + 1)).collect();
        }
        "annotation" | "annotation-xml" => return Vec::new(),
        _ => {}
    }
    let children = |notes: &mut Notes| -> Vec<Math> {
        node.nodes().flat_map(|inner| math(inner, notes, depth + 1)).collect()
    };
    if !ELEMENTS.contains(&written.as_str()) {
        notes.dropped("formula", node.line, &node.written);
        return children(notes);
    }
    let mut out = Math { name: written, ..Math::default() };
    for (name, value) in &node.attributes {
        let safe = value.chars().count() <= 40 && !value.contains([':', '<', '>', '"', '\\']);
        if ATTRIBUTES.contains(&name.as_str()) && safe {
            out.attributes.push((name.clone(), value.clone()));
        } else if !matches!(name.as_str(), "id" | "class" | "alttext" | "overflow" | "altimg") {
            notes.dropped("formula", node.line, name);
        }
    }
    out.children = children(notes);
    if out.children.is_empty() {
        out.leaf = node.text().split_whitespace().collect::<Vec<_>>().join(" ");
    }
    vec![out]
}
