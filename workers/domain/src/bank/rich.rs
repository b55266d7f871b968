//! Text of an item: a small tree that can hold nothing harmful. There is no raw HTML in it, no
//! address and no script; images are named by the SHA-256 of their bytes.

use serde::{Deserialize, Serialize};

use super::math::Math;

/// Deepest nesting of a text; what is deeper is cut by the readers.
pub const DEPTH_MAX: usize = 12;
/// Most nodes of a text.
pub const NODES_MAX: usize = 5_000;

/// A text: blocks one below another.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rich(pub Vec<Block>);

/// A block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A paragraph.
    P(Vec<Inline>),
    /// A list with bullets.
    Bullets(Vec<Rich>),
    /// A numbered list.
    Numbers(Vec<Rich>),
    /// A table, row by row.
    Table(Vec<Vec<Cell>>),
    /// Text whose spaces and line ends count: a program, a verse.
    Pre(String),
    /// A quotation.
    Quote(Rich),
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cell {
    /// Whether it heads its row or column.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub head: bool,
    /// What is in it.
    pub text: Vec<Inline>,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inline {
    /// Plain text.
    T(String),
    /// Strong.
    Strong(Vec<Inline>),
    /// Emphasised.
    Em(Vec<Inline>),
    /// Underlined.
    Under(Vec<Inline>),
    /// Above the line.
    Sup(Vec<Inline>),
    /// Below the line.
    Sub(Vec<Inline>),
    /// Of a program.
    Code(String),
    /// The line ends.
    Br,
    /// An image.
    Image(Image),
    /// A formula.
    Math(Math),
    /// The place of an answer within the text: identifier of a gap.
    Gap(String),
}

/// An image.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Image {
    /// SHA-256 of its bytes, hex: they are delivered under this name and no other.
    pub hash: String,
    /// What it shows, for who does not see it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub alt: String,
    /// Width in pixels; 0 = unknown.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub width: u32,
    /// Height in pixels; 0 = unknown.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub height: u32,
}

fn is_zero(value: &u32) -> bool {
    *value == 0
}

/// Whether a text is the hash of an image: 64 lower-case hex digits.
pub fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

impl Rich {
    /// A text of plain paragraphs: one for each run of lines between empty ones.
    pub fn plain(text: &str) -> Rich {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let paragraphs = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
        Rich(paragraphs.map(|part| Block::P(lines(part))).collect())
    }

    /// Whether nothing would be seen.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty() || (self.text().trim().is_empty() && !self.shows_something())
    }

    fn shows_something(&self) -> bool {
        let mut shows = false;
        self.walk(&mut |inline| {
            shows |= matches!(inline, Inline::Image(_) | Inline::Math(_) | Inline::Gap(_));
        });
        shows
    }

    /// Every part of every line, in the order of reading.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Inline)) {
        for block in &self.0 {
            block.walk(visit);
        }
    }

    /// The words alone, blocks apart by line ends: for searching, comparing, plain formats.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for block in &self.0 {
            block.words(&mut out);
        }
        out.truncate(out.trim_end().len());
        out
    }

    /// Identifiers of the gaps, in the order of reading.
    pub fn gaps(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.walk(&mut |inline| {
            if let Inline::Gap(id) = inline {
                found.push(id.as_str());
            }
        });
        found
    }

    /// Hashes of the images, in the order of reading.
    pub fn images(&self) -> Vec<&Image> {
        let mut found = Vec::new();
        self.walk(&mut |inline| {
            if let Inline::Image(image) = inline {
                found.push(image);
            }
        });
        found
    }

    /// How many nodes there are, and how deep.
    pub fn size(&self) -> (usize, usize) {
        self.0.iter().fold((0, 0), |(n, deep), block| {
            let (m, d) = block.size();
            (n + m, deep.max(d + 1))
        })
    }
}

fn lines(part: &str) -> Vec<Inline> {
    let mut out = Vec::new();
    for (at, line) in part.split('\n').enumerate() {
        if at > 0 {
            out.push(Inline::Br);
        }
        if !line.is_empty() {
            out.push(Inline::T(line.to_owned()));
        }
    }
    out
}

impl Block {
    fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Inline)) {
        match self {
            Block::P(line) => walk_line(line, visit),
            Block::Bullets(items) | Block::Numbers(items) => {
                items.iter().for_each(|item| item.walk(visit));
            }
            Block::Table(rows) => {
                rows.iter().flatten().for_each(|cell| walk_line(&cell.text, visit));
            }
            Block::Quote(inner) => inner.walk(visit),
            Block::Pre(_) => {}
        }
    }

    fn words(&self, out: &mut String) {
        match self {
            Block::P(line) => words_line(line, out),
            Block::Bullets(items) | Block::Numbers(items) => {
                for item in items {
                    out.push_str(&item.text());
                    out.push('\n');
                }
            }
            Block::Table(rows) => {
                for row in rows {
                    for (at, cell) in row.iter().enumerate() {
                        if at > 0 {
                            out.push('\t');
                        }
                        words_line(&cell.text, out);
                    }
                    out.push('\n');
                }
            }
            Block::Pre(text) => out.push_str(text),
            Block::Quote(inner) => out.push_str(&inner.text()),
        }
        if !out.ends_with('\n') {
            out.push('\n');
        }
    }

    fn size(&self) -> (usize, usize) {
        let of = |parts: &mut dyn Iterator<Item = (usize, usize)>| {
            parts.fold((1, 1), |(n, deep), (m, d)| (n + m, deep.max(d + 1)))
        };
        match self {
            Block::P(line) => size_line(line),
            Block::Bullets(items) | Block::Numbers(items) => of(&mut items.iter().map(Rich::size)),
            Block::Table(rows) => of(&mut rows.iter().flatten().map(|cell| size_line(&cell.text))),
            Block::Pre(_) => (1, 1),
            Block::Quote(inner) => of(&mut std::iter::once(inner.size())),
        }
    }
}

fn walk_line<'a>(line: &'a [Inline], visit: &mut impl FnMut(&'a Inline)) {
    for inline in line {
        visit(inline);
        if let Some(inner) = inline.inner() {
            walk_line(inner, visit);
        }
    }
}

fn words_line(line: &[Inline], out: &mut String) {
    for inline in line {
        match inline {
            Inline::T(text) | Inline::Code(text) => out.push_str(text),
            Inline::Br => out.push('\n'),
            Inline::Image(image) => out.push_str(&image.alt),
            Inline::Math(math) => out.push_str(&math.text()),
            Inline::Gap(_) => out.push_str("____"),
            _ => words_line(inline.inner().unwrap_or_default(), out),
        }
    }
}

fn size_line(line: &[Inline]) -> (usize, usize) {
    line.iter().fold((1, 1), |(n, deep), inline| {
        let (m, d) = match inline {
            Inline::Math(math) => math.size(),
            _ => inline.inner().map_or((1, 0), size_line),
        };
        (n + m, deep.max(d + 1))
    })
}

impl Inline {
    /// The parts of a part that has some.
    pub fn inner(&self) -> Option<&[Inline]> {
        match self {
            Inline::Strong(inner)
            | Inline::Em(inner)
            | Inline::Under(inner)
            | Inline::Sup(inner)
            | Inline::Sub(inner) => Some(inner),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_becomes_paragraphs_and_comes_back() {
        let rich = Rich::plain("бірінші\r\nжол\n\n\n екінші ");
        assert_eq!(rich.0.len(), 2);
        assert_eq!(rich.text(), "бірінші\nжол\nекінші");
        assert!(Rich::plain(" \n ").is_empty());
    }

    #[test]
    fn a_text_of_an_image_alone_is_not_empty() {
        let image = Image { hash: "a".repeat(64), ..Image::default() };
        let rich = Rich(vec![Block::P(vec![Inline::Em(vec![Inline::Image(image)])])]);
        assert!(!rich.is_empty());
        assert_eq!(rich.images().len(), 1);
        assert!(is_hash(&rich.images()[0].hash));
        assert!(!is_hash("../../etc/passwd"));
    }

    #[test]
    fn what_is_written_is_short_and_is_read_again() {
        let line =
            vec![Inline::T("2".into()), Inline::Sup(vec![Inline::T("3".into())]), Inline::Br];
        let cell = Cell { head: true, text: line.clone() };
        let rich = Rich(vec![
            Block::P(line),
            Block::Bullets(vec![Rich::plain("a")]),
            Block::Table(vec![vec![cell]]),
        ]);
        let json = serde_json::to_string(&rich).unwrap();
        assert!(json.starts_with(r#"[{"p":[{"t":"2"},{"sup":[{"t":"3"}]},"br"]}"#), "{json}");
        assert_eq!(serde_json::from_str::<Rich>(&json).unwrap(), rich);
    }
}
