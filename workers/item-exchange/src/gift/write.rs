//! Items as GIFT. What GIFT has no form for is left out and said so.

use domain::{
    bank::{
        body::{Body, Task},
        key::{Accept, GapKey, Key, Range, Rule, WHOLE},
        parity::Content,
        rich::{Block, Inline, Rich},
    },
    shared::lang::Lang,
};

use crate::{
    Written,
    report::Notes,
    rich_out::{Style, blocks, short},
};

/// Writes items, each language as a question of its own; both carry the code and the language.
/// `media` gives an image as an address (`data:…`).
pub fn write(items: &[Content], media: &dyn Fn(&str) -> String) -> Written {
    let mut notes = Notes::default();
    let mut out = String::new();
    let mut topic = String::new();
    for content in items {
        notes.item.clone_from(&content.meta.code);
        if content.meta.topic != topic {
            topic.clone_from(&content.meta.topic);
            out.push_str(&format!("$CATEGORY: {topic}\n\n"));
        }
        for lang in [Lang::Kk, Lang::Ru] {
            let Some(body) = content.body(lang) else { continue };
            match question(content, body, lang, media, &mut notes) {
                Some(text) => out.push_str(&text),
                None => notes.refused("gift_kind", 0, body.task.kind().code()),
            }
        }
        notes.unkept(&content.meta);
        if content.answers.scoring.points != 1 {
            notes.dropped("points", 0, content.answers.scoring.points.to_string());
        }
    }
    Written { bytes: out.into_bytes(), kind: "text/plain; charset=utf-8", notes }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '~' | '=' | '#' | '{' | '}' | ':' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c => out.push(c),
        }
    }
    out
}

/// A text: plain where it is a plain line, HTML otherwise.
fn say(rich: &Rich, style: &Style<'_>) -> String {
    match crate::gift::one_line(rich) {
        Some(line) if !line.contains(['<', '&']) && !line.starts_with(['[', '%']) => {
            format!("[plain]{}", escape(&line))
        }
        Some(_) => format!("[html]{}", escape(&short(rich, style))),
        None => format!("[html]{}", escape(&blocks(rich, style))),
    }
}

fn question(
    content: &Content,
    body: &Body,
    lang: Lang,
    media: &dyn Fn(&str) -> String,
    notes: &mut Notes,
) -> Option<String> {
    let style = Style { image: &|hash| media(hash), gap: &|_| "____".to_owned() };
    let answers = answers(content, body, lang, &style, notes)?;
    let explanation =
        if lang == Lang::Kk { &content.explanation_kk } else { &content.explanation_ru };
    let general = if explanation.is_empty() {
        String::new()
    } else {
        format!("\n####{}", say(explanation, &style))
    };
    let tags: String =
        content.meta.tags.iter().map(|tag| format!(" [tag:{}]", tag.replace(']', ")"))).collect();
    let code = &content.meta.code;
    let (before, after) = around(body, &style);
    if after.is_empty() && !body.stem.gaps().is_empty() {
        notes.dropped("gap_place", 0, "");
    }
    Some(format!(
        "// [id:{code}-{}]{tags}\n::{}::{before}{{\n{answers}{general}\n}}{after}\n\n",
        lang.code(),
        escape(code)
    ))
}

/// The stem before and after its gap, where a lone one stands in its last paragraph.
fn around(body: &Body, style: &Style<'_>) -> (String, String) {
    if let [Block::P(line)] = body.stem.0.as_slice()
        && let Some(at) = line.iter().position(|one| matches!(one, Inline::Gap(_)))
        && line.get(at + 1..).is_some_and(|rest| !rest.is_empty())
    {
        let part = |line: &[Inline]| short(&Rich(vec![Block::P(line.to_vec())]), style);
        let before = format!("[html]{}", escape(&part(&line[..at])));
        return (before, escape(&part(&line[at + 1..])));
    }
    let mut stem = body.stem.clone();
    crate::qti::strip_last_gap(&mut stem);
    (say(&stem, style), String::new())
}

fn percent(share: i32) -> String {
    if share == WHOLE {
        return String::new();
    }
    let text = format!("{:.4}", f64::from(share) / 10_000.0);
    format!("%{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

fn answers(
    content: &Content,
    body: &Body,
    lang: Lang,
    style: &Style<'_>,
    notes: &mut Notes,
) -> Option<String> {
    let scoring = &content.answers.scoring;
    let mut lines = Vec::new();
    match (&body.task, &content.answers.key) {
        (Task::Single { options, shuffle }, Key::Options { right }) => {
            keeps(*shuffle, notes);
            for option in options {
                let mark = if right.contains(&option.id) { '=' } else { '~' };
                let part = scoring.table.iter().find(|(id, _)| *id == option.id && mark == '~');
                let share = part.map(|(_, share)| percent(*share)).unwrap_or_default();
                lines.push(format!("{mark}{share}{}", say(&option.text, style)));
            }
        }
        (Task::Multiple { options, shuffle, .. }, Key::Options { right }) => {
            keeps(*shuffle, notes);
            let table = match scoring.rule {
                Rule::Table => scoring.table.clone(),
                _ => crate::qti::part_table(&body.task, &content.answers.key),
            };
            if scoring.rule == Rule::All {
                notes.dropped("scoring_rule", 0, "all");
            }
            let _ = right;
            for option in options {
                let share = table.iter().find(|(id, _)| *id == option.id).map_or(0, |(_, s)| *s);
                let share = if share == WHOLE { "%100%".to_owned() } else { percent(share) };
                lines.push(format!("~{share}{}", say(&option.text, style)));
            }
        }
        (Task::Matching { left, right, .. }, Key::Pairs { right: pairs }) => {
            let text = |list: &[domain::bank::body::Opt], id: &str| {
                list.iter().find(|one| one.id == id).map(|one| one.text.clone())
            };
            for (a, b) in pairs {
                let to = escape(text(right, b)?.text().trim()).replace("->", "→");
                let from = escape(text(left, a)?.text().trim()).replace("->", "→");
                lines.push(format!("={from} -> {to}"));
            }
            for option in right.iter().filter(|one| !pairs.iter().any(|(_, b)| *b == one.id)) {
                lines.push(format!("= -> {}", escape(option.text.text().trim())));
            }
        }
        (Task::Number { .. }, Key::Number { right }) => {
            lines.push(format!("#{}", numbers(right).join("\n")));
        }
        (Task::Text { gaps, .. }, Key::Gaps { right }) => {
            let ([gap], [key]) = (gaps.as_slice(), right.as_slice()) else { return None };
            if gap.options.is_empty() {
                lines.extend(words(key, lang));
                if key.accept.is_empty() {
                    lines = vec![format!("#{}", numbers(&key.numbers).join("\n"))];
                }
            } else {
                for option in &gap.options {
                    let share = key.accept.iter().find(|one| one.text == option.id);
                    let mark = if share.is_some_and(|one| one.share == WHOLE) { '=' } else { '~' };
                    let part = share.map(|one| percent(one.share)).unwrap_or_default();
                    lines.push(format!("{mark}{part}{}", say(&option.text, style)));
                }
            }
        }
        _ => return None,
    }
    Some(lines.join("\n"))
}

fn keeps(shuffle: bool, notes: &mut Notes) {
    if !shuffle {
        notes.dropped("shuffle", 0, "");
    }
}

fn words(key: &GapKey, lang: Lang) -> Vec<String> {
    let mine = |one: &&Accept| one.lang.is_none_or(|only| only == lang);
    key.accept
        .iter()
        .filter(mine)
        .map(|one| format!("={}{}", percent(one.share), escape(&one.text)))
        .collect()
}

fn numbers(right: &[Range]) -> Vec<String> {
    right
        .iter()
        .map(|range| {
            let value = if (range.from - range.to).abs() < f64::EPSILON {
                range.from.to_string()
            } else {
                format!("{}..{}", range.from, range.to)
            };
            format!("={}{value}", percent(range.share))
        })
        .collect()
}
