//! Moodle GIFT (docs.moodle.org, "GIFT format"): questions apart by empty lines, the answers in
//! braces. Essays, descriptions and what is broken are reported by line and left out.

mod answers;
mod lex;
mod write;

pub(crate) use answers::true_false;
pub(crate) use lex::{find as unescaped, plain};
pub use write::write;

use domain::bank::{
    body::Body,
    meta::Meta,
    rich::{Block, Inline, Rich},
};

use crate::{
    dom::Node,
    html,
    model::{Draft, Found, Media},
    qti::inline_picture,
    rich_in::{self, Context},
};

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Markup {
    /// HTML.
    Html,
    /// Plain, or Markdown, which is read as plain.
    Plain,
    /// Moodle's own: HTML in which line ends count.
    Moodle,
}

/// Reads a file. It never fails as a whole: every question stands for itself.
pub fn read(name: &str, text: &str) -> Found {
    let mut found = Found::default();
    let mut category = String::new();
    for block in lex::blocks(text) {
        found.notes.file = name.to_owned();
        found.notes.item = String::new();
        if let Some(path) = block.text.trim().strip_prefix("$CATEGORY:") {
            category = path.trim().lines().next().unwrap_or_default().trim().to_owned();
            continue;
        }
        if block.text.trim().is_empty() {
            continue;
        }
        found.seen += 1;
        let drafts = question(name, &block, &category, &mut found);
        found.items.extend(drafts);
    }
    found
}

fn question(name: &str, block: &lex::Block, category: &str, found: &mut Found) -> Option<Draft> {
    let parsed = match lex::question(block) {
        Ok(parsed) => parsed,
        Err((code, what)) => {
            found.notes.refused(code, block.line, what);
            return None;
        }
    };
    let n = found.seen;
    let mut meta = Meta { tags: block.tags.clone(), ..Meta::default() };
    let group = tag(category);
    if domain::bank::meta::is_topic(&group) {
        meta.topic = group;
    } else if !group.is_empty() {
        meta.tags.insert(0, group);
    }
    meta.tags.truncate(30);
    let title = lex::plain(&parsed.title);
    let ident = block
        .id
        .clone()
        .or_else(|| Some(title.clone()).filter(|title| !title.is_empty()))
        .unwrap_or_else(|| format!("{}-{n}", name.rsplit('/').next().unwrap_or(name)));
    found.notes.item.clone_from(&ident);
    let Some(body) = &parsed.answers else {
        found.notes.refused("description", block.line, "");
        return None;
    };
    let markup = parsed.markup;
    let mut stem = text(&parsed.before, markup, block.line, &mut found.media, &mut found.notes)?;
    let after = text(&parsed.after, markup, block.line, &mut found.media, &mut found.notes)?;
    // A word that is missing in the middle of a sentence: its place is a gap.
    let missing = !after.is_empty();
    if missing {
        lex::join(&mut stem, Inline::Gap("g1".into()), &after, &parsed.after);
    }
    let mut read = answers::Answers {
        markup,
        media: &mut found.media,
        notes: &mut found.notes,
        line: block.line + block.offset(parsed.answers_at),
    };
    let (task, answers, explanation) = read.read(body, &mut stem, missing)?;
    if stem.is_empty() {
        if title.is_empty() {
            found.notes.refused("no_stem", block.line, "");
            return None;
        }
        stem = Rich::plain(&title);
    }
    let mut draft = Draft {
        ident: ident.chars().take(domain::bank::meta::SHORT_MAX).collect(),
        concept: None,
        lang: None,
        meta,
        body: Body { stem, task },
        answers,
        explanation,
        place: (name.to_owned(), block.line),
    };
    crate::join::tidy(&mut draft);
    Some(draft)
}

fn tag(category: &str) -> String {
    let path = lex::plain(category);
    let path =
        path.strip_prefix("$course$/").or_else(|| path.strip_prefix("$system$/")).unwrap_or(&path);
    path.trim_start_matches("top/").chars().take(domain::bank::meta::SHORT_MAX).collect()
}

/// A text in its markup; `None` where something without which it makes no sense is missing.
pub(crate) fn text(
    raw: &str,
    markup: Markup,
    line: u32,
    media: &mut Vec<Media>,
    notes: &mut crate::report::Notes,
) -> Option<Rich> {
    let plain = lex::plain(raw);
    let tags = plain.contains('<') && plain.contains('>');
    if markup == Markup::Plain || (markup == Markup::Moodle && !tags && !plain.contains('&')) {
        return Some(Rich::plain(&plain));
    }
    let source = if markup == Markup::Moodle { plain.trim().replace('\n', "<br/>") } else { plain };
    of_html(&source, line, &mut |address| inline_picture(address, media), notes)
}

/// A fragment of HTML as a text.
pub(crate) fn of_html(
    source: &str,
    line: u32,
    picture: &mut dyn FnMut(&str) -> rich_in::Picture,
    notes: &mut crate::report::Notes,
) -> Option<Rich> {
    let root: Node = html::read(source, line);
    let mut cx = Context { picture, gap: &|_| None, notes, broken: false };
    let rich = rich_in::rich(&root, &mut cx);
    (!cx.broken).then_some(rich)
}

/// Where the brace ends that is open.
pub(crate) fn closing(text: &str) -> Option<usize> {
    lex::find(text, '}')
}

/// Whether a text is one plain line, as identifiers and accepted words are.
pub(crate) fn one_line(rich: &Rich) -> Option<String> {
    match rich.0.as_slice() {
        [Block::P(line)] => match line.as_slice() {
            [Inline::T(text)] => Some(text.clone()),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
#[path = "gift/tests.rs"]
mod tests;
