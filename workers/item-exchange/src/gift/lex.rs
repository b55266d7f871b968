//! The outer shape of GIFT: blocks, comments, escapes, titles, braces.

use domain::bank::rich::{Block as Part, Inline, Rich};

use super::Markup;

/// A run of lines between empty ones.
#[derive(Debug, Clone, Default)]
pub struct Block {
    /// Its lines without the comments; their number is kept.
    pub text: String,
    /// Line where it begins, from 1.
    pub line: u32,
    /// `[id:…]` of its comments.
    pub id: Option<String>,
    /// `[tag:…]` of its comments.
    pub tags: Vec<String>,
}

impl Block {
    /// How many lines lie before a place.
    pub fn offset(&self, at: usize) -> u32 {
        let before = self.text.get(..at).unwrap_or_default();
        u32::try_from(before.matches('\n').count()).unwrap_or(0)
    }
}

/// Splits a file. An empty line within braces does not end a question that is still open only if
/// the question before it closed its own: Moodle splits at every empty line, and so do we.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut out = Vec::new();
    let mut block = Block::default();
    let mut at = 0;
    for line in text.lines() {
        at += 1;
        let trimmed = line.trim();
        if let Some(comment) = trimmed.strip_prefix("//") {
            marks(comment, &mut block);
            if !block.text.is_empty() {
                block.text.push('\n');
            }
            continue;
        }
        if trimmed.is_empty() {
            finish(&mut block, &mut out);
            continue;
        }
        // A category is a line of its own, whatever follows it.
        if trimmed.starts_with("$CATEGORY:") {
            finish(&mut block, &mut out);
            out.push(Block { text: trimmed.to_owned(), line: at, ..Block::default() });
            continue;
        }
        if block.text.is_empty() {
            block.line = at;
        } else {
            block.text.push('\n');
        }
        block.text.push_str(line);
    }
    finish(&mut block, &mut out);
    out
}

fn finish(block: &mut Block, out: &mut Vec<Block>) {
    if !block.text.trim().is_empty() {
        out.push(std::mem::take(block));
    }
}

fn marks(comment: &str, block: &mut Block) {
    let mut rest = comment;
    while let Some(at) = rest.find('[') {
        rest = &rest[at + 1..];
        let Some((inner, after)) = rest.split_once(']') else { break };
        if let Some(id) = inner.strip_prefix("id:") {
            block.id = Some(id.trim().to_owned()).filter(|id| !id.is_empty());
        } else if let Some(tag) = inner.strip_prefix("tag:") {
            block.tags.push(tag.trim().chars().take(100).collect());
        }
        rest = after;
    }
}

/// A question in its parts, escapes still in them.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Between `::` and `::`.
    pub title: String,
    /// How its texts are written.
    pub markup: Markup,
    /// Before the braces.
    pub before: String,
    /// Within them; `None` = there are none.
    pub answers: Option<String>,
    /// Where they begin.
    pub answers_at: usize,
    /// Behind them.
    pub after: String,
}

/// The first place of a character that is not escaped.
pub fn find(text: &str, wanted: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == wanted => return Some(at),
            _ => {}
        }
    }
    None
}

/// The parts of a question.
pub fn question(block: &Block) -> Result<Question, (&'static str, String)> {
    let text = block.text.as_str();
    let lead = text.len() - text.trim_start().len();
    let mut rest = text.trim_start();
    let mut used = lead;
    let mut title = String::new();
    if let Some(after) = rest.strip_prefix("::") {
        let end = title_end(after).ok_or_else(|| ("gift_title", String::new()))?;
        title = after[..end].trim().to_owned();
        rest = &after[end + 2..];
        used += 2 + end + 2;
    }
    let (markup, skipped) = markup(rest);
    rest = &rest[skipped..];
    used += skipped;
    let Some(open) = find(rest, '{') else {
        if find(rest, '}').is_some() {
            return Err(("gift_brace", "}".into()));
        }
        let before = rest.to_owned();
        let after = String::new();
        return Ok(Question { title, markup, before, answers: None, answers_at: 0, after });
    };
    let inner = &rest[open + 1..];
    let Some(close) = find(inner, '}') else { return Err(("gift_brace", "{".into())) };
    let answers = &inner[..close];
    if find(answers, '{').is_some() {
        return Err(("gift_brace", "{".into()));
    }
    let after = &inner[close + 1..];
    if find(after, '{').is_some() {
        return Err(("gift_several", String::new()));
    }
    if find(after, '}').is_some() {
        return Err(("gift_brace", "}".into()));
    }
    Ok(Question {
        title,
        markup,
        before: rest[..open].to_owned(),
        answers: Some(answers.to_owned()),
        answers_at: used + open + 1,
        after: after.to_owned(),
    })
}

fn title_end(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ':' if text[at..].starts_with("::") => return Some(at),
            _ => {}
        }
    }
    None
}

/// The mark of a format at the beginning of a text, and its length with the spaces before.
pub fn markup(text: &str) -> (Markup, usize) {
    let lead = text.len() - text.trim_start().len();
    let start = text.trim_start();
    for (mark, markup) in [
        ("[html]", Markup::Html),
        ("[moodle]", Markup::Moodle),
        ("[plain]", Markup::Plain),
        ("[markdown]", Markup::Plain),
    ] {
        if start.get(..mark.len()).is_some_and(|head| head.eq_ignore_ascii_case(mark)) {
            return (markup, lead + mark.len());
        }
    }
    (Markup::Moodle, 0)
}

/// A text without its escapes.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.trim().chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some(c @ ('~' | '=' | '#' | '{' | '}' | ':' | '\\' | '%' | '-' | '>' | '<')) => {
                out.push(c)
            }
            Some(c) => out.extend(['\\', c]),
            None => out.push('\\'),
        }
    }
    out.trim().to_owned()
}

/// Puts a gap and what follows it behind a text, in the same line where it is one.
pub fn join(stem: &mut Rich, gap: Inline, after: &Rich, raw: &str) {
    let mut line = match stem.0.pop() {
        Some(Part::P(line)) => line,
        Some(other) => {
            stem.0.push(other);
            Vec::new()
        }
        None => Vec::new(),
    };
    if !line.is_empty() {
        rich_space(&mut line);
    }
    line.push(gap);
    let mut rest = after.0.iter();
    if let Some(Part::P(more)) = rest.next() {
        if raw.starts_with(char::is_whitespace) {
            line.push(Inline::T(" ".into()));
        }
        for part in more {
            match (line.last_mut(), part) {
                (Some(Inline::T(before)), Inline::T(text)) => before.push_str(text),
                _ => line.push(part.clone()),
            }
        }
        stem.0.push(Part::P(line));
        stem.0.extend(rest.cloned());
    } else {
        stem.0.push(Part::P(line));
        stem.0.extend(after.0.iter().cloned());
    }
}

fn rich_space(line: &mut Vec<Inline>) {
    match line.last_mut() {
        Some(Inline::T(text)) if !text.ends_with(' ') => text.push(' '),
        Some(Inline::T(_)) => {}
        _ => line.push(Inline::T(" ".into())),
    }
}
