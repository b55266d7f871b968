//! The text of an item as XHTML.

use domain::bank::{
    math::Math,
    rich::{Block, Image, Inline, Rich},
};

/// How the parts that formats write in their own way are written.
pub struct Style<'a> {
    /// Address of an image.
    pub image: &'a dyn Fn(&str) -> String,
    /// A gap.
    pub gap: &'a dyn Fn(&str) -> String,
}

/// A text for XML, without the characters that XML does not have.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(c),
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

/// A text as blocks.
pub fn blocks(rich: &Rich, style: &Style<'_>) -> String {
    let mut out = String::new();
    for block in &rich.0 {
        write_block(block, style, &mut out);
    }
    out
}

/// A text as one line where it is one paragraph, as blocks otherwise.
pub fn short(rich: &Rich, style: &Style<'_>) -> String {
    match rich.0.as_slice() {
        [Block::P(line)] => {
            let mut out = String::new();
            write_line(line, style, &mut out);
            out
        }
        _ => blocks(rich, style),
    }
}

fn write_block(block: &Block, style: &Style<'_>, out: &mut String) {
    match block {
        Block::P(line) => wrapped("p", out, |out| write_line(line, style, out)),
        Block::Bullets(items) | Block::Numbers(items) => {
            let name = if matches!(block, Block::Bullets(_)) { "ul" } else { "ol" };
            wrapped(name, out, |out| {
                for item in items {
                    wrapped("li", out, |out| out.push_str(&short(item, style)));
                }
            });
        }
        Block::Table(rows) => wrapped("table", out, |out| {
            wrapped("tbody", out, |out| {
                for row in rows {
                    wrapped("tr", out, |out| {
                        for cell in row {
                            let name = if cell.head { "th" } else { "td" };
                            wrapped(name, out, |out| write_line(&cell.text, style, out));
                        }
                    });
                }
            });
        }),
        Block::Pre(text) => wrapped("pre", out, |out| out.push_str(&escape(text))),
        Block::Quote(inner) => {
            wrapped("blockquote", out, |out| out.push_str(&blocks(inner, style)));
        }
    }
}

fn wrapped(name: &str, out: &mut String, inner: impl FnOnce(&mut String)) {
    out.push('<');
    out.push_str(name);
    out.push('>');
    inner(out);
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

fn write_line(line: &[Inline], style: &Style<'_>, out: &mut String) {
    for inline in line {
        match inline {
            Inline::T(text) => out.push_str(&escape(text)),
            Inline::Strong(inner) => wrapped("strong", out, |out| write_line(inner, style, out)),
            Inline::Em(inner) => wrapped("em", out, |out| write_line(inner, style, out)),
            Inline::Under(inner) => wrapped("u", out, |out| write_line(inner, style, out)),
            Inline::Sup(inner) => wrapped("sup", out, |out| write_line(inner, style, out)),
            Inline::Sub(inner) => wrapped("sub", out, |out| write_line(inner, style, out)),
            Inline::Code(text) => wrapped("code", out, |out| out.push_str(&escape(text))),
            Inline::Br => out.push_str("<br/>"),
            Inline::Image(image) => out.push_str(&img(image, style)),
            Inline::Math(math) => write_math(math, true, out),
            Inline::Gap(id) => out.push_str(&(style.gap)(id)),
        }
    }
}

/// An image.
pub fn img(image: &Image, style: &Style<'_>) -> String {
    let mut out = format!(
        r#"<img src="{}" alt="{}""#,
        escape(&(style.image)(&image.hash)),
        escape(&image.alt)
    );
    for (name, value) in [("width", image.width), ("height", image.height)] {
        if value > 0 {
            out.push_str(&format!(r#" {name}="{value}""#));
        }
    }
    out.push_str("/>");
    out
}

fn write_math(math: &Math, root: bool, out: &mut String) {
    out.push('<');
    out.push_str(&math.name);
    if root {
        out.push_str(r#" xmlns="http://www.w3.org/1998/Math/MathML""#);
    }
    for (name, value) in &math.attributes {
        out.push_str(&format!(r#" {name}="{}""#, escape(value)));
    }
    out.push('>');
    out.push_str(&escape(&math.leaf));
    for child in &math.children {
        write_math(child, false, out);
    }
    out.push_str("</");
    out.push_str(&math.name);
    out.push('>');
}
