//! XML into a tree, without a document type, without entities of its own, within bounds.

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use crate::{
    dom::{Child, Node, canon},
    html::entity,
    report::Refused,
};

/// Most elements of a file.
const NODES_MAX: usize = 400_000;
/// Deepest nesting.
const DEPTH_MAX: usize = 100;
/// Most attributes of an element.
const ATTRIBUTES_MAX: usize = 200;

/// Reads a file into its root element.
///
/// Errors: not well-formed, a document type (entities and outside parts come with it), elements
/// that include other files, too deep, too many.
pub fn read(file: &str, text: &str) -> Result<Node, Refused> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_comments = false;
    let mut lines = Lines { text, at: 0, line: 1 };
    let mut open: Vec<Node> = Vec::new();
    let mut root: Option<Node> = None;
    let mut count = 0;
    loop {
        let line = lines.of(reader.buffer_position());
        let refuse = |code, what: String| Refused::new(code, what).at(file, line);
        let event = reader.read_event().map_err(|e| refuse("xml", e.to_string()))?;
        match event {
            Event::Start(start) => {
                count += 1;
                if count > NODES_MAX || open.len() >= DEPTH_MAX {
                    return Err(refuse("xml_too_big", DEPTH_MAX.to_string()));
                }
                if root.is_some() && open.is_empty() {
                    return Err(refuse("xml", name_of(&start)));
                }
                open.push(element(file, &start, line)?);
            }
            Event::Empty(start) => {
                count += 1;
                if count > NODES_MAX {
                    return Err(refuse("xml_too_big", NODES_MAX.to_string()));
                }
                let node = element(file, &start, line)?;
                close(node, &mut open, &mut root);
            }
            Event::End(_) => {
                let node = open.pop().ok_or_else(|| refuse("xml", String::new()))?;
                close(node, &mut open, &mut root);
            }
            Event::Text(part) => {
                push(&mut open, &part.replace("\r\n", "\n"));
            }
            Event::CData(part) => {
                push(&mut open, &part);
            }
            Event::GeneralRef(part) => {
                let name: &str = &part;
                let value = entity(name).ok_or_else(|| refuse("entity", name.to_owned()))?;
                push(&mut open, &value);
            }
            Event::DocType(_) => return Err(refuse("doctype", String::new())),
            Event::PI(_) | Event::Decl(_) | Event::Comment(_) => {}
            Event::Eof => break,
        }
    }
    if !open.is_empty() {
        return Err(Refused::new("xml", "").at(file, lines.line));
    }
    root.ok_or_else(|| Refused::new("xml", "").at(file, 1))
}

fn name_of(start: &BytesStart<'_>) -> String {
    let name = start.name();
    let name: &str = name.as_ref();
    name.to_owned()
}

fn element(file: &str, start: &BytesStart<'_>, line: u32) -> Result<Node, Refused> {
    let refuse = |code, what: String| Refused::new(code, what).at(file, line);
    let name = name_of(start);
    let mut node = Node::new(&name, line);
    // XInclude would bring another file in.
    if node.name == "include" && name.contains(':') {
        return Err(refuse("external", name));
    }
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|e| refuse("xml", e.to_string()))?;
        if node.attributes.len() >= ATTRIBUTES_MAX {
            return Err(refuse("xml_too_big", ATTRIBUTES_MAX.to_string()));
        }
        let key: &str = attribute.key.as_ref();
        if key == "xmlns" || key.starts_with("xmlns:") {
            continue;
        }
        let value = unescape(&attribute.value).map_err(|name| refuse("entity", name))?;
        node.attributes.push((canon(key), value));
    }
    Ok(node)
}

/// Entities of a value; `Err` is the name of one that is unknown.
fn unescape(raw: &str) -> Result<String, String> {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        // A bare ampersand, as in addresses that people typed.
        let Some(end) = rest.find(';').filter(|end| *end <= 12) else {
            out.push('&');
            continue;
        };
        out.push_str(&entity(&rest[..end]).ok_or_else(|| rest[..end].to_owned())?);
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    Ok(out)
}

fn close(node: Node, open: &mut [Node], root: &mut Option<Node>) {
    match open.last_mut() {
        Some(parent) => parent.children.push(Child::Node(node)),
        None => *root = root.take().or(Some(node)),
    }
}

fn push(open: &mut [Node], text: &str) {
    if let Some(parent) = open.last_mut() {
        match parent.children.last_mut() {
            Some(Child::Text(before)) => before.push_str(text),
            _ => parent.children.push(Child::Text(text.to_owned())),
        }
    }
}

/// Lines of positions that only grow.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u32,
}

impl Lines<'_> {
    fn of(&mut self, position: u64) -> u32 {
        let to = usize::try_from(position).unwrap_or(usize::MAX).min(self.text.len());
        if let Some(part) = self.text.as_bytes().get(self.at..to) {
            let ends = part.iter().filter(|byte| **byte == b'\n').count();
            self.line = self.line.saturating_add(u32::try_from(ends).unwrap_or(u32::MAX));
            self.at = to;
        }
        self.line
    }
}
