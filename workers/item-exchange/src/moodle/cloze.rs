//! Questions of Moodle with gaps in their text: `{1:SHORTANSWER:=word}` and `[[1]]`.

use domain::bank::{
    answer::number,
    body::{Body, Gap, Opt, Task},
    key::{Accept, Answers, GapKey, Key, Range, Rule, Scoring, WHOLE},
    rich::{Block, Inline, Rich},
};

use super::{Reader, fraction, word};
use crate::dom::Node;

impl Reader<'_> {
    /// `[[n]]` names the n-th choice; all choices of its group can be chosen.
    pub(super) fn gap_select(&mut self, node: &Node, question: &Node) -> Option<(Body, Answers)> {
        let mut stem = self.rich(question)?;
        let mut choices: Vec<(String, Opt)> = Vec::new();
        for one in node.nodes().filter(|n| matches!(n.name.as_str(), "selectoption" | "dragbox")) {
            let group = one.one("group").map(|node| node.text().trim().to_owned());
            let text = self.rich(one).map(|rich| Rich::plain(&word(&rich)))?;
            let id = format!("o{}", choices.len() + 1);
            choices.push((group.unwrap_or_default(), Opt { id, text, fixed: false }));
        }
        let (mut gaps, mut right) = (Vec::new(), Vec::new());
        let mut broken = false;
        split(&mut stem, &mut |text| {
            let open = text.find("[[")?;
            let close = open + text[open..].find("]]")?;
            let n: usize = text[open + 2..close].trim().parse().ok()?;
            let Some((group, choice)) = choices.get(n.wrapping_sub(1)) else {
                broken = true;
                return None;
            };
            let id = format!("g{}", gaps.len() + 1);
            let options = choices
                .iter()
                .filter(|(g, _)| g == group)
                .map(|(_, choice)| choice.clone())
                .collect();
            gaps.push(Gap { id: id.clone(), options, width: 0 });
            let accept = vec![Accept::whole(choice.id.clone())];
            right.push(GapKey { gap: id.clone(), accept, numbers: Vec::new() });
            Some((open, close + 2, id))
        });
        if broken || gaps.is_empty() {
            self.notes.refused("no_key", question.line, "[[ ]]");
            return None;
        }
        let shuffle =
            node.one("shuffleanswers").is_some_and(|n| matches!(n.text().trim(), "1" | "true"));
        Some(done(stem, gaps, right, shuffle))
    }

    /// `{points:KIND:answers}` within the text.
    pub(super) fn cloze(&mut self, question: &Node) -> Option<(Body, Answers)> {
        let mut stem = self.rich(question)?;
        let (mut gaps, mut right) = (Vec::new(), Vec::new());
        let mut wrong: Option<String> = None;
        let mut points = Vec::new();
        split(&mut stem, &mut |text| {
            let open = text.find('{')?;
            let close = open + crate::gift::closing(&text[open + 1..])? + 1;
            let inner = &text[open + 1..close];
            let mut parts = inner.splitn(3, ':');
            let weight = parts.next().unwrap_or_default().trim();
            let kind = parts.next()?.trim().to_ascii_uppercase();
            let body = parts.next()?;
            let id = format!("g{}", gaps.len() + 1);
            match gap(&id, &kind, body) {
                Some((gap, key)) => {
                    points.push(weight.parse::<u32>().unwrap_or(1));
                    gaps.push(gap);
                    right.push(key);
                }
                None => wrong = wrong.take().or(Some(kind)),
            }
            Some((open, close + 1, id))
        });
        if let Some(kind) = wrong {
            self.notes.refused("cloze_kind", question.line, kind);
            return None;
        }
        if gaps.is_empty() {
            self.notes.refused("no_key", question.line, "{ }");
            return None;
        }
        if points.iter().any(|n| *n != points[0]) {
            self.notes.dropped("weights", question.line, "");
        }
        let (body, mut answers) = done(stem, gaps, right, false);
        answers.scoring.points = points.iter().sum::<u32>().clamp(1, 100);
        Some((body, answers))
    }
}

fn done(stem: Rich, gaps: Vec<Gap>, right: Vec<GapKey>, shuffle: bool) -> (Body, Answers) {
    let rule = if gaps.len() > 1 { Rule::Part } else { Rule::All };
    let scoring = Scoring { points: 1, rule, table: Vec::new() };
    let task = Task::Text { gaps, shuffle };
    (Body { stem, task }, Answers { key: Key::Gaps { right }, scoring })
}

/// The gap of a cloze with its key.
fn gap(id: &str, kind: &str, body: &str) -> Option<(Gap, GapKey)> {
    let mut gap = Gap { id: id.to_owned(), options: Vec::new(), width: 0 };
    let mut key = GapKey { gap: id.to_owned(), accept: Vec::new(), numbers: Vec::new() };
    let case = matches!(kind, "SHORTANSWER_C" | "SAC" | "MWC");
    let chosen = kind.starts_with("MULTICHOICE")
        || matches!(kind, "MC" | "MCV" | "MCH" | "MCS" | "MCVS" | "MCHS");
    let numeric = matches!(kind, "NUMERICAL" | "NM");
    if !(case || chosen || numeric || matches!(kind, "SHORTANSWER" | "SA" | "MW")) {
        return None;
    }
    for raw in split_answers(body) {
        let raw = raw.trim();
        let (share, text) = weighed(raw);
        let end = crate::gift::unescaped(text, '#').unwrap_or(text.len());
        let text = crate::gift::plain(&text[..end]);
        if text.is_empty() {
            continue;
        }
        if chosen {
            let option = format!("o{}", gap.options.len() + 1);
            gap.options.push(Opt {
                id: option.clone(),
                text: Rich::plain(&crate::html::unescape(&text)),
                fixed: false,
            });
            if share > 0 {
                key.accept.push(Accept { share, ..Accept::whole(option) });
            }
        } else if numeric && share > 0 {
            let (value, tolerance) = text.split_once(':').unwrap_or((&text, "0"));
            let (value, tolerance) = (number(value)?, number(tolerance)?.abs());
            key.numbers.push(Range { from: value - tolerance, to: value + tolerance, share });
        } else if share > 0 && text != "*" {
            let pattern = text.contains('*');
            key.accept.push(Accept { share, case, pattern, ..Accept::whole(text) });
        }
    }
    let sound = !(key.accept.is_empty() && key.numbers.is_empty());
    (sound && (!chosen || gap.options.len() > 1)).then_some((gap, key))
}

/// `=`, `%50%` or nothing before an answer.
fn weighed(raw: &str) -> (i32, &str) {
    if let Some(text) = raw.strip_prefix('=') {
        return (WHOLE, text);
    }
    if let Some((percent, text)) = raw.strip_prefix('%').and_then(|raw| raw.split_once('%')) {
        let mut node = Node::new("answer", 0);
        node.attributes.push(("fraction".into(), percent.to_owned()));
        return (fraction(&node), text);
    }
    (0, raw)
}

fn split_answers(body: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = body;
    while let Some(at) = crate::gift::unescaped(rest, '~') {
        out.push(&rest[..at]);
        rest = &rest[at + 1..];
    }
    out.push(rest);
    out
}

/// Puts gaps where `found` sees them in the words of a text.
fn split(stem: &mut Rich, found: &mut impl FnMut(&str) -> Option<(usize, usize, String)>) {
    for block in &mut stem.0 {
        match block {
            Block::P(line) => split_line(line, found),
            Block::Bullets(items) | Block::Numbers(items) => {
                items.iter_mut().for_each(|item| split(item, found));
            }
            Block::Table(rows) => {
                rows.iter_mut().flatten().for_each(|cell| split_line(&mut cell.text, found));
            }
            Block::Quote(inner) => split(inner, found),
            Block::Pre(_) => {}
        }
    }
}

fn split_line(
    line: &mut Vec<Inline>,
    found: &mut impl FnMut(&str) -> Option<(usize, usize, String)>,
) {
    let mut out = Vec::new();
    for part in std::mem::take(line) {
        match part {
            Inline::T(text) => {
                let mut rest = text.as_str();
                while let Some((from, to, id)) = found(rest) {
                    if from > 0 {
                        out.push(Inline::T(rest[..from].to_owned()));
                    }
                    out.push(Inline::Gap(id));
                    rest = &rest[to..];
                }
                if !rest.is_empty() {
                    out.push(Inline::T(rest.to_owned()));
                }
            }
            Inline::Strong(mut inner) => {
                split_line(&mut inner, found);
                out.push(Inline::Strong(inner));
            }
            Inline::Em(mut inner) => {
                split_line(&mut inner, found);
                out.push(Inline::Em(inner));
            }
            Inline::Under(mut inner) => {
                split_line(&mut inner, found);
                out.push(Inline::Under(inner));
            }
            other => out.push(other),
        }
    }
    *line = out;
}
