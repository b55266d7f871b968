//! Fragments of HTML as people's editors leave them, into a tree. Never fails: what is no tag is
//! text, what is not closed is closed at the end.

use crate::dom::{Child, Node};

/// Deepest nesting; deeper elements become siblings.
const DEPTH_MAX: usize = 60;

/// Elements that hold nothing.
const VOID: [&str; 12] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"];

/// The character of an entity, named or by number.
pub fn entity(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        let c = char::from_u32(code)?;
        let allowed = c >= ' ' || matches!(c, '\t' | '\n' | '\r');
        return allowed.then(|| c.to_string());
    }
    let found = NAMED.iter().find(|(have, _)| *have == name)?;
    Some(found.1.to_owned())
}

/// Entities of HTML that occur in tasks. XML itself knows the first five.
const NAMED: [(&str, &str); 84] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", "\u{a0}"),
    ("iexcl", "¡"),
    ("cent", "¢"),
    ("pound", "£"),
    ("sect", "§"),
    ("copy", "©"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("shy", ""),
    ("reg", "®"),
    ("deg", "°"),
    ("plusmn", "±"),
    ("sup1", "¹"),
    ("sup2", "²"),
    ("sup3", "³"),
    ("acute", "´"),
    ("micro", "µ"),
    ("para", "¶"),
    ("middot", "·"),
    ("frac12", "½"),
    ("frac14", "¼"),
    ("frac34", "¾"),
    ("iquest", "¿"),
    ("times", "×"),
    ("divide", "÷"),
    ("Agrave", "À"),
    ("agrave", "à"),
    ("aacute", "á"),
    ("acirc", "â"),
    ("auml", "ä"),
    ("Auml", "Ä"),
    ("ccedil", "ç"),
    ("egrave", "è"),
    ("eacute", "é"),
    ("ecirc", "ê"),
    ("euml", "ë"),
    ("iacute", "í"),
    ("icirc", "î"),
    ("ntilde", "ñ"),
    ("oacute", "ó"),
    ("ocirc", "ô"),
    ("ouml", "ö"),
    ("Ouml", "Ö"),
    ("uacute", "ú"),
    ("uuml", "ü"),
    ("Uuml", "Ü"),
    ("szlig", "ß"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("sbquo", "‚"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("bdquo", "„"),
    ("bull", "•"),
    ("hellip", "…"),
    ("prime", "′"),
    ("Prime", "″"),
    ("euro", "€"),
    ("trade", "™"),
    ("larr", "←"),
    ("uarr", "↑"),
    ("rarr", "→"),
    ("darr", "↓"),
    ("harr", "↔"),
    ("minus", "−"),
    ("radic", "√"),
    ("infin", "∞"),
    ("ne", "≠"),
    ("le", "≤"),
    ("ge", "≥"),
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("delta", "δ"),
    ("pi", "π"),
    ("Delta", "Δ"),
    ("thinsp", "\u{2009}"),
];

/// Entities of a text; unknown ones stay as they are.
pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find(';').filter(|end| *end <= 12);
        match end.and_then(|end| entity(&rest[1..end]).map(|value| (end, value))) {
            Some((end, value)) => {
                out.push_str(&value);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Reads a fragment; the root is an element without a name.
pub fn read(text: &str, line: u32) -> Node {
    let mut open = vec![Node::new("", line)];
    let mut rest = text;
    let mut line = line;
    while !rest.is_empty() {
        let Some(at) = rest.find('<') else {
            say(&mut open, rest);
            break;
        };
        say(&mut open, &rest[..at]);
        line += lines(&rest[..at]);
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let letter = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c));
        let end = tag_end(rest).filter(|_| letter);
        let Some(end) = end else {
            say(&mut open, "<");
            rest = &rest[1..];
            continue;
        };
        let tag = &rest[1..end];
        line += lines(tag);
        rest = &rest[end + 1..];
        if tag.starts_with(['!', '?']) {
            continue;
        }
        if let Some(name) = tag.strip_prefix('/') {
            shut(&mut open, name.trim());
            continue;
        }
        let (node, closed) = start(tag, line);
        // What is in a script or a style is no text of the task.
        if matches!(node.name.as_str(), "script" | "style") && !closed {
            let end = format!("</{}", node.name);
            let lower = rest.to_ascii_lowercase();
            rest = lower.find(&end).map_or("", |at| &rest[at..]);
        }
        if closed || VOID.contains(&node.name.as_str()) || open.len() >= DEPTH_MAX {
            add(&mut open, Child::Node(node));
        } else {
            // A new paragraph or item ends the one before.
            let same = open.last().is_some_and(|last| last.name == node.name);
            if same && matches!(node.name.as_str(), "p" | "li" | "td" | "th" | "tr" | "option") {
                let name = node.name.clone();
                shut(&mut open, &name);
            }
            open.push(node);
        }
    }
    while open.len() > 1 {
        fold(&mut open);
    }
    open.pop().unwrap_or_default()
}

fn lines(text: &str) -> u32 {
    u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX)
}

/// Where a tag ends, `>` within quotes aside.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices().skip(1).take(20_000) {
        match (quote, c) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') if text[..at].trim_end().ends_with('=') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    // A quote that is never closed is no quote.
    text.find('>')
}

fn start(tag: &str, line: u32) -> (Node, bool) {
    let tag = tag.trim();
    let (tag, closed) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
    let split = tag.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(tag.len());
    let mut node = Node::new(&tag[..split], line);
    let mut rest = tag[split..].trim_start_matches('/').trim_start();
    while !rest.is_empty() && node.attributes.len() < 100 {
        let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            let quoted = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (found, left) = match quoted {
                Some(quote) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                None => {
                    let end = after.find(char::is_whitespace).unwrap_or(after.len());
                    after.split_at(end)
                }
            };
            value = unescape(found);
            rest = left.trim_start();
        } else if name.is_empty() {
            break;
        }
        if !name.is_empty() {
            node.attributes.push((crate::dom::canon(&name), value));
        }
    }
    (node, closed)
}

fn say(open: &mut [Node], text: &str) {
    if !text.is_empty() {
        add(open, Child::Text(unescape(text)));
    }
}

fn add(open: &mut [Node], child: Child) {
    if let Some(last) = open.last_mut() {
        match (last.children.last_mut(), child) {
            (Some(Child::Text(before)), Child::Text(text)) => before.push_str(&text),
            (_, child) => last.children.push(child),
        }
    }
}

fn fold(open: &mut Vec<Node>) {
    if let Some(node) = open.pop() {
        add(open, Child::Node(node));
    }
}

/// Closes up to the element of this name; nothing where none is open.
fn shut(open: &mut Vec<Node>, written: &str) {
    let name = crate::dom::canon(written);
    if open.iter().skip(1).any(|node| node.name == name) {
        while open.len() > 1 {
            let found = open.last().is_some_and(|node| node.name == name);
            fold(open);
            if found {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_html_is_read_as_far_as_it_goes() {
        for (text, words) in [
            ("a<b", "a<b"),
            ("x < 5 & y > 3", "x < 5 & y > 3"),
            ("<p>бір<p>екі</p>", "бірекі"),
            ("<b>a<i>b</b>c", "abc"),
            ("</p>a", "a"),
            ("<script>alert(1)</script>a", "a"),
            ("<!-- x -->a<!-- ", "a"),
            ("&nbsp;&lt;&unknown;", "\u{a0}<&unknown;"),
            ("<img alt='a>b' src=x>c", "c"),
            ("<", "<"),
            ("<a href=\"x", "<a href=\"x"),
        ] {
            let read = read(text, 1);
            assert_eq!(read.text(), words, "{text}");
        }
        assert_eq!(read("<p>бір<p>екі</p>", 1).nodes().count(), 2);
    }
}
