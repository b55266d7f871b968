//! What stands in the braces.

use domain::bank::{
    answer::number,
    body::{Gap, Opt, Task},
    key::{Accept, Answers as Keys, GapKey, Key, Range, Rule, Scoring, WHOLE},
    rich::{Block, Inline, Rich},
};

use super::{Markup, lex, text};
use crate::{model::Media, report::Notes};

/// Reads what stands in the braces of one question.
pub struct Answers<'a> {
    pub markup: Markup,
    pub media: &'a mut Vec<Media>,
    pub notes: &'a mut Notes,
    pub line: u32,
}

/// An answer: `=` or `~`, a share, a text, a feedback.
#[derive(Debug, Clone, PartialEq)]
struct One {
    right: bool,
    /// Millionths; `None` = not said.
    share: Option<i32>,
    text: String,
    feedback: String,
    line: u32,
}

type Out = Option<(Task, Keys, Rich)>;

impl Answers<'_> {
    /// The task, its key and the general feedback.
    pub fn read(&mut self, body: &str, stem: &mut Rich, missing: bool) -> Out {
        let (body, general) = match body.find("####") {
            Some(at) => (&body[..at], Some(&body[at + 4..])),
            None => (body, None),
        };
        let explanation = match general {
            Some(raw) => {
                let (markup, skip) = lex::markup(raw);
                let markup = if skip > 0 { markup } else { self.markup };
                text(&raw[skip..], markup, self.line, self.media, self.notes)?
            }
            None => Rich::default(),
        };
        let trimmed = body.trim();
        if trimmed.is_empty() {
            self.notes.refused("essay", self.line, "");
            return None;
        }
        let word = trimmed.split('#').next().unwrap_or_default().trim();
        if let Some(truth) = truth(word) {
            if trimmed.contains('#') {
                self.notes.dropped("feedback", self.line, "");
            }
            let (task, answers) = true_false(truth, self.words_are_kazakh(stem));
            return Some((task, answers, explanation));
        }
        let found = if let Some(numbers) = trimmed.strip_prefix('#') {
            self.numbers(numbers, stem, missing)
        } else {
            let list = self.list(body);
            if list.is_empty() {
                self.notes.refused("gift_answers", self.line, trimmed);
                None
            } else {
                self.of(list, stem, missing)
            }
        }?;
        Some((found.0, found.1, explanation))
    }

    fn words_are_kazakh(&self, stem: &Rich) -> Option<bool> {
        let words = stem.text();
        let cyrillic = words.chars().any(|c| ('\u{400}'..='\u{4ff}').contains(&c));
        cyrillic.then(|| {
            words.contains([
                'ә', 'ғ', 'қ', 'ң', 'ө', 'ұ', 'ү', 'һ', 'і', 'Ә', 'Қ', 'Ө', 'Ұ', 'Ү', 'І',
            ])
        })
    }

    /// Splits at `=` and `~` that are not escaped.
    fn list(&mut self, body: &str) -> Vec<One> {
        let mut out: Vec<One> = Vec::new();
        let mut starts: Vec<(usize, bool)> = Vec::new();
        let mut escaped = false;
        for (at, c) in body.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                // `<a href=x>` in HTML is no answer: one begins after a space, a brace or `~`.
                '=' | '~' if c == '~' || begins(body, at) => starts.push((at, c == '=')),
                _ => {}
            }
        }
        let first = starts.first().map_or(body.len(), |(at, _)| *at);
        if !body[..first].trim().is_empty() {
            self.notes.dropped("gift_stray", self.line, body[..first].trim());
        }
        for (n, (at, right)) in starts.iter().enumerate() {
            let end = starts.get(n + 1).map_or(body.len(), |(next, _)| *next);
            let line =
                self.line + u32::try_from(body[..*at].matches('\n').count()).unwrap_or_default();
            out.push(one(&body[at + 1..end], *right, line));
        }
        out
    }

    fn of(&mut self, list: Vec<One>, stem: &mut Rich, missing: bool) -> Option<(Task, Keys)> {
        let arrows = list.iter().filter(|one| arrow(&one.text).is_some()).count();
        if list.iter().any(|one| !one.feedback.is_empty()) {
            self.notes.dropped("feedback", self.line, "");
        }
        if arrows > 0 && list.iter().all(|one| one.right) {
            if arrows < list.len() {
                self.notes.refused("gift_match", self.line, "");
                return None;
            }
            return self.matching(&list);
        }
        if list.iter().all(|one| one.right) {
            return self.short(&list, stem, missing);
        }
        self.choice(&list, stem, missing)
    }

    fn say(&mut self, one: &One) -> Option<Rich> {
        let (markup, skip) = lex::markup(&one.text);
        let markup = if skip > 0 { markup } else { self.markup };
        let rich = text(&one.text[skip..], markup, one.line, self.media, self.notes)?;
        if rich.is_empty() {
            self.notes.refused("empty_answer", one.line, "");
            return None;
        }
        Some(rich)
    }

    fn choice(&mut self, list: &[One], stem: &mut Rich, missing: bool) -> Option<(Task, Keys)> {
        let mut options = Vec::new();
        let mut table = Vec::new();
        let rights = list.iter().filter(|one| one.right).count();
        for (at, one) in list.iter().enumerate() {
            let id = format!("o{}", at + 1);
            options.push(Opt { id: id.clone(), text: self.say(one)?, fixed: false });
            let usual = if one.right { WHOLE } else { 0 };
            table.push((id, one.share.unwrap_or(usual)));
        }
        let single = rights == 1
            || (rights == 0 && table.iter().any(|(_, share)| *share == WHOLE) && {
                let gains = table.iter().filter(|(_, share)| *share > 0).count();
                gains == 1
            });
        if !single && rights > 1 {
            self.notes.hint("gift_several_right", self.line, rights.to_string());
            // Two right answers without shares: each is worth its part.
            if list.iter().all(|one| one.share.is_none()) {
                let each = WHOLE / i32::try_from(rights).unwrap_or(1);
                for (entry, one) in table.iter_mut().zip(list) {
                    entry.1 = if one.right { each } else { 0 };
                }
            }
        }
        let gains: i64 = table.iter().map(|(_, share)| i64::from((*share).max(0))).sum();
        if gains == 0 {
            self.notes.refused("no_key", self.line, "");
            return None;
        }
        let (key, mut scoring) = if single {
            let best = table.iter().max_by_key(|(_, share)| *share)?;
            let right = vec![best.0.clone()];
            (Key::Options { right }, Scoring { points: 1, rule: Rule::Table, table })
        } else {
            let right: Vec<String> =
                table.iter().filter(|(_, share)| *share > 0).map(|(id, _)| id.clone()).collect();
            (Key::Options { right }, weights(table, gains, self))
        };
        scoring.table.retain(|(_, share)| *share != 0);
        if missing && single {
            let accept = scoring
                .table
                .iter()
                .filter(|(_, share)| *share > 0)
                .map(|(id, share)| Accept { share: *share, ..Accept::whole(id.clone()) })
                .collect();
            let gap = Gap { id: "g1".into(), options, width: 0 };
            let key = GapKey { gap: "g1".into(), accept, numbers: Vec::new() };
            let task = Task::Text { gaps: vec![gap], shuffle: true };
            return Some((
                task,
                Keys { key: Key::Gaps { right: vec![key] }, scoring: Scoring::default() },
            ));
        }
        if missing {
            show_blank(stem);
        }
        let task = if single {
            Task::Single { options, shuffle: true }
        } else {
            Task::Multiple { options, shuffle: true, least: 0, most: 0 }
        };
        Some((task, Keys { key, scoring }))
    }

    fn short(&mut self, list: &[One], stem: &mut Rich, missing: bool) -> Option<(Task, Keys)> {
        let mut accept = Vec::new();
        for one in list {
            let raw = one.text.trim();
            let plain = lex::plain(raw);
            if plain.is_empty() {
                self.notes.refused("empty_answer", one.line, "");
                return None;
            }
            let share = one.share.unwrap_or(WHOLE);
            if share > 0 {
                let pattern = plain.contains('*') && plain != "*";
                if plain == "*" {
                    self.notes.dropped("any_answer", one.line, "*");
                    continue;
                }
                accept.push(Accept { share, pattern, ..Accept::whole(plain) });
            } else {
                self.notes.dropped("wrong_answer", one.line, plain);
            }
        }
        if !accept.iter().any(|one| one.share == WHOLE) {
            self.notes.refused("no_key", self.line, "");
            return None;
        }
        let width = accept.iter().map(|one| one.text.chars().count()).max().unwrap_or(0);
        let width = u32::try_from(width).unwrap_or(0);
        let gap = Gap { id: "g1".into(), options: Vec::new(), width };
        let key = GapKey { gap: "g1".into(), accept, numbers: Vec::new() };
        let _ = (stem, missing);
        let task = Task::Text { gaps: vec![gap], shuffle: false };
        Some((task, Keys { key: Key::Gaps { right: vec![key] }, scoring: Scoring::default() }))
    }

    fn matching(&mut self, list: &[One]) -> Option<(Task, Keys)> {
        let (mut left, mut to, mut right): (Vec<Opt>, Vec<Opt>, Vec<(String, String)>) =
            (Vec::new(), Vec::new(), Vec::new());
        for one in list {
            let (a, b) = arrow(&one.text)?;
            let part = |text: &str| One { text: text.to_owned(), ..one.clone() };
            let target = self.say(&part(b))?;
            let known =
                to.iter().find(|option| option.text == target).map(|option| option.id.clone());
            let target = known.unwrap_or_else(|| {
                let id = format!("r{}", to.len() + 1);
                to.push(Opt { id: id.clone(), text: target, fixed: false });
                id
            });
            // ` -> x` without a left side is one more choice on the right.
            if a.trim().is_empty() {
                continue;
            }
            let id = format!("l{}", left.len() + 1);
            left.push(Opt { id: id.clone(), text: self.say(&part(a))?, fixed: false });
            right.push((id, target));
        }
        if left.is_empty() || to.len() < 2 {
            self.notes.refused("gift_match", self.line, "");
            return None;
        }
        let task = Task::Matching { left, right: to, shuffle: true, reuse: 0 };
        let scoring = Scoring { points: 1, rule: Rule::Part, table: Vec::new() };
        Some((task, Keys { key: Key::Pairs { right }, scoring }))
    }

    fn numbers(&mut self, body: &str, stem: &mut Rich, missing: bool) -> Option<(Task, Keys)> {
        let list = if body.contains(['=', '~']) {
            self.list(body)
        } else {
            vec![one(body, true, self.line)]
        };
        let mut right = Vec::new();
        for one in list {
            if !one.feedback.is_empty() {
                self.notes.dropped("feedback", one.line, "");
            }
            let raw = lex::plain(&one.text);
            // `~` and `*` stand for every other answer, with a feedback.
            if raw.is_empty() || raw == "*" || !one.right {
                if !raw.is_empty() && raw != "*" {
                    self.notes.dropped("wrong_answer", one.line, raw);
                }
                continue;
            }
            match range(&raw, one.share.unwrap_or(WHOLE)) {
                Some(range) if range.share > 0 => right.push(range),
                Some(_) => self.notes.dropped("wrong_answer", one.line, raw),
                None => {
                    self.notes.refused("gift_number", one.line, raw);
                    return None;
                }
            }
        }
        if !right.iter().any(|range| range.share == WHOLE) {
            self.notes.refused("no_key", self.line, "");
            return None;
        }
        if missing {
            let gap = Gap { id: "g1".into(), options: Vec::new(), width: 0 };
            let key = GapKey { gap: "g1".into(), accept: Vec::new(), numbers: right };
            let task = Task::Text { gaps: vec![gap], shuffle: false };
            return Some((
                task,
                Keys { key: Key::Gaps { right: vec![key] }, scoring: Scoring::default() },
            ));
        }
        let _ = stem;
        let key = Key::Number { right };
        Some((Task::Number { unit: String::new() }, Keys { key, scoring: Scoring::default() }))
    }
}

/// Shares of several right answers; where they do not make a whole, they are scaled to one.
fn weights(mut table: Vec<(String, i32)>, gains: i64, answers: &mut Answers<'_>) -> Scoring {
    let whole = i64::from(WHOLE);
    if (gains - whole).abs() > 200 {
        answers.notes.dropped("weights_scaled", answers.line, format!("{} %", gains / 10_000));
        for (_, share) in &mut table {
            *share = i32::try_from(i64::from(*share) * whole / gains).unwrap_or(0).max(-WHOLE);
        }
    }
    let gains: i32 = table.iter().map(|(_, share)| (*share).max(0)).sum();
    // Three thirds are a whole: the first takes what the decimals lost.
    if let Some(first) = table.iter_mut().find(|(_, share)| *share > 0) {
        first.1 += WHOLE - gains;
    }
    Scoring { points: 1, rule: Rule::Table, table }
}

/// An answer begins after a space, a line end or at the beginning; `=` after other characters is
/// part of the text. Moodle takes every `=`; so do we where it is not within a tag.
fn begins(body: &str, at: usize) -> bool {
    let before = &body[..at];
    let tag = before.rfind('<').is_some_and(|open| {
        !before[open..].contains('>')
            && before[open + 1..].starts_with(|c: char| c.is_ascii_alphabetic())
    });
    !tag
}

fn one(raw: &str, right: bool, line: u32) -> One {
    let (text, feedback) = match lex::find(raw, '#') {
        Some(at) => (&raw[..at], raw[at + 1..].trim()),
        None => (raw, ""),
    };
    let mut text = text.trim();
    let mut share = None;
    if let Some(after) = text.strip_prefix('%')
        && let Some((percent, rest)) = after.split_once('%')
        && let Some(value) = number(percent)
    {
        let value = (value * 10_000.0).round().clamp(-f64::from(WHOLE), f64::from(WHOLE)) as i32;
        // 33.333 and 66.667 are thirds that somebody rounded.
        let thirds = [333_333, 666_667, 166_667, 833_333, 142_857];
        let near = thirds.into_iter().find(|third| (value.abs() - third).abs() <= 400);
        share = Some(near.map_or(value, |third| third * value.signum()));
        text = rest.trim();
    }
    One { right, share, text: text.to_owned(), feedback: feedback.to_owned(), line }
}

/// Both sides of `->`.
fn arrow(text: &str) -> Option<(&str, &str)> {
    text.split_once("->")
}

fn truth(word: &str) -> Option<bool> {
    match word.to_ascii_uppercase().as_str() {
        "T" | "TRUE" => Some(true),
        "F" | "FALSE" => Some(false),
        _ => None,
    }
}

/// Words for true and false in the language of the question.
pub(crate) fn true_false(truth: bool, kazakh: Option<bool>) -> (Task, Keys) {
    let words = match kazakh {
        Some(true) => ["Дұрыс", "Бұрыс"],
        Some(false) => ["Верно", "Неверно"],
        None => ["True", "False"],
    };
    let options = ["true", "false"]
        .iter()
        .zip(words)
        .map(|(id, word)| Opt { id: (*id).to_owned(), text: Rich::plain(word), fixed: true })
        .collect();
    let right = vec![if truth { "true" } else { "false" }.to_owned()];
    let answers = Keys { key: Key::Options { right }, scoring: Scoring::default() };
    (Task::Single { options, shuffle: false }, answers)
}

/// `3.14:0.005`, `1..5`, `7`.
fn range(raw: &str, share: i32) -> Option<Range> {
    if let Some((from, to)) = raw.split_once("..") {
        let (from, to) = (number(from)?, number(to)?);
        return (from <= to).then_some(Range { from, to, share });
    }
    if let Some((value, tolerance)) = raw.split_once(':') {
        let (value, tolerance) = (number(value)?, number(tolerance)?.abs());
        return Some(Range { from: value - tolerance, to: value + tolerance, share });
    }
    let value = number(raw)?;
    Some(Range { from: value, to: value, share })
}

/// Where a gap cannot be an answer's place, a blank is shown instead.
fn show_blank(stem: &mut Rich) {
    for block in &mut stem.0 {
        if let Block::P(line) = block {
            for inline in line {
                if matches!(inline, Inline::Gap(_)) {
                    *inline = Inline::T("_____".into());
                }
            }
        }
    }
}
