//! Interactions of QTI as tasks with their keys.

use domain::bank::{
    answer::number,
    body::{Area, Gap, Opt, Task},
    key::{Accept, Answers, GapKey, Key, Place, Range, Rule, Scoring, WHOLE},
    rich::{Block, Image, Inline, Rich},
};

use super::{
    item::Reading,
    keys::{self, Declared, Processing, pairs, plain, right, scoring, share},
};
use crate::{
    dom::Node,
    rich_in::{self, Context, rich},
};

/// The gap that an element stands for in the text.
pub fn gap(node: &Node) -> Option<String> {
    match node.name.as_str() {
        "textentryinteraction" | "inlinechoiceinteraction" => {
            Some(node.attr("responseidentifier").to_owned())
        }
        "gap" => Some(node.attr("identifier").to_owned()),
        _ => None,
    }
}

/// The task of an item; `None` where the model has none for it (the notes say which).
pub fn read(
    item: &Reading<'_>,
    interactions: &[&Node],
    stem: &mut Rich,
    cx: &mut Context<'_>,
) -> Option<(Task, Answers)> {
    let asked: Vec<&Node> =
        interactions.iter().copied().filter(|node| node.name != "endattemptinteraction").collect();
    let inline = |node: &&Node| {
        matches!(node.name.as_str(), "textentryinteraction" | "inlinechoiceinteraction")
    };
    let Some(first) = asked.first() else {
        cx.notes.refused("no_interaction", item.root.line, "");
        return None;
    };
    if asked.iter().all(inline) {
        return Some(gaps(item, &asked, stem, cx)).flatten();
    }
    if asked.len() > 1 {
        let names: Vec<&str> = asked.iter().map(|node| node.written.as_str()).collect();
        cx.notes.refused("several_interactions", first.line, names.join(", "));
        return None;
    }
    let declared = item.declared.get(first.attr("responseidentifier")).cloned().unwrap_or_default();
    let found = match first.name.as_str() {
        "choiceinteraction" => choice(item, first, &declared, cx),
        "orderinteraction" => order(first, &declared, cx),
        "matchinteraction" => matching(item, first, &declared, cx),
        "gapmatchinteraction" => gap_match(item, first, &declared, cx),
        "hotspotinteraction" => hotspot(item, first, &declared, cx),
        "selectpointinteraction" => point(first, &declared, cx),
        _ => {
            cx.notes.refused("interaction", first.line, &first.written);
            return None;
        }
    };
    if found.is_none() && !cx.broken {
        cx.notes.refused("no_key", first.line, first.attr("responseidentifier"));
    }
    found
}

fn flag(node: &Node, name: &str) -> bool {
    node.attr(name) == "true"
}

fn count(node: &Node, name: &str, usual: u32) -> u32 {
    node.attr(name).trim().parse().unwrap_or(usual)
}

fn option(node: &Node, cx: &mut Context<'_>) -> Opt {
    Opt { id: node.attr("identifier").to_owned(), text: rich(node, cx), fixed: flag(node, "fixed") }
}

fn choice(
    item: &Reading<'_>,
    node: &Node,
    declared: &Declared,
    cx: &mut Context<'_>,
) -> Option<(Task, Answers)> {
    let options: Vec<Opt> = node.all("simplechoice").map(|one| option(one, cx)).collect();
    let shuffle = flag(node, "shuffle");
    let single = match declared.cardinality.as_str() {
        "single" => true,
        "multiple" => false,
        _ => count(node, "maxchoices", 1) == 1,
    };
    let task = if single {
        Task::Single { options, shuffle }
    } else {
        let (least, most) = (count(node, "minchoices", 0), count(node, "maxchoices", 0));
        let n = u32::try_from(options.len()).unwrap_or(u32::MAX);
        Task::Multiple {
            options,
            shuffle,
            least: least.min(n),
            most: if most >= n { 0 } else { most },
        }
    };
    let right = right(declared, single);
    if right.is_empty() {
        return None;
    }
    let key = Key::Options { right };
    let scoring = scoring(&task, &key, declared, item.how, single, node.line, cx.notes);
    Some((task, Answers { key, scoring }))
}

fn order(node: &Node, declared: &Declared, cx: &mut Context<'_>) -> Option<(Task, Answers)> {
    let options: Vec<Opt> = node.all("simplechoice").map(|one| option(one, cx)).collect();
    if declared.correct.is_empty() {
        return None;
    }
    if count(node, "minchoices", 0) != 0 || count(node, "maxchoices", 0) != 0 {
        cx.notes.dropped("order_part", node.line, "");
    }
    let shown = options.iter().map(|option| &option.id).eq(declared.correct.iter());
    if shown && !flag(node, "shuffle") {
        cx.notes.hint("shuffled", node.line, "");
    }
    let task = Task::Ordering { options, shuffle: shown || flag(node, "shuffle") };
    Some((task, plain(Key::Order { right: declared.correct.clone() })))
}

fn matching(
    item: &Reading<'_>,
    node: &Node,
    declared: &Declared,
    cx: &mut Context<'_>,
) -> Option<(Task, Answers)> {
    let sets: Vec<&Node> = node.all("simplematchset").collect();
    let [first, second] = sets.as_slice() else { return None };
    let mut of = |set: &Node| -> Vec<Opt> {
        set.all("simpleassociablechoice").map(|one| option(one, cx)).collect()
    };
    let (left, to) = (of(first), of(second));
    let most: Vec<u32> =
        second.all("simpleassociablechoice").map(|one| count(one, "matchmax", 0)).collect();
    let reuse = most.iter().copied().max().unwrap_or(0);
    if most.iter().any(|n| *n != reuse) {
        cx.notes.dropped("match_max", node.line, "");
    }
    let reuse = if most.contains(&0) { 0 } else { reuse };
    let task = Task::Matching { left, right: to, shuffle: flag(node, "shuffle"), reuse };
    let right = pairs(&right(declared, false));
    if right.is_empty() {
        return None;
    }
    let key = Key::Pairs { right };
    let scoring = scoring(&task, &key, declared, item.how, false, node.line, cx.notes);
    Some((task, Answers { key, scoring }))
}

fn gap_match(
    item: &Reading<'_>,
    node: &Node,
    declared: &Declared,
    cx: &mut Context<'_>,
) -> Option<(Task, Answers)> {
    let choices = node.nodes().filter(|one| matches!(one.name.as_str(), "gaptext" | "gapimg"));
    let options: Vec<Opt> = choices.map(|one| option(one, cx)).collect();
    let mut places = Vec::new();
    node.select(&|node| node.name == "gap", &mut places);
    if places.is_empty() || options.is_empty() {
        return None;
    }
    let right = pairs(&right(declared, false));
    let mut gaps = Vec::new();
    let mut keys = Vec::new();
    for place in places {
        let id = place.attr("identifier").to_owned();
        let accept: Vec<Accept> = right
            .iter()
            .filter(|(_, gap)| *gap == id)
            .map(|(choice, _)| Accept::whole(choice.clone()))
            .collect();
        if accept.is_empty() {
            cx.notes.refused("gap_without_key", place.line, &id);
            cx.broken = true;
        }
        gaps.push(Gap { id: id.clone(), options: options.clone(), width: 0 });
        keys.push(GapKey { gap: id, accept, numbers: Vec::new() });
    }
    let rule = if item.how == Processing::Map { Rule::Part } else { Rule::All };
    let task = Task::Text { gaps, shuffle: flag(node, "shuffle") };
    let mut scoring = Scoring { points: 1, rule, table: Vec::new() };
    if rule == Rule::Part {
        let gains: f64 = declared.mapping.iter().map(|(_, value, _)| value.max(0.0)).sum();
        scoring.points = keys::points(declared.upper.unwrap_or(gains), cx.notes, node.line);
        if declared.mapping.iter().any(|(_, value, _)| *value < 0.0) {
            cx.notes.dropped("mapping", node.line, "");
        }
    }
    Some((task, Answers { key: Key::Gaps { right: keys }, scoring }))
}

fn picture(node: &Node, cx: &mut Context<'_>) -> Option<Image> {
    let one = node.nodes().find(|one| matches!(one.name.as_str(), "object" | "img" | "picture"))?;
    let one = one.find("img").unwrap_or(one);
    let address = if one.name == "object" { one.attr("data") } else { one.attr("src") };
    let alt = if one.name == "object" { one.text() } else { one.attr("alt").to_owned() };
    rich_in::image(one, address, &alt, cx)
}

fn hotspot(
    item: &Reading<'_>,
    node: &Node,
    declared: &Declared,
    cx: &mut Context<'_>,
) -> Option<(Task, Answers)> {
    let image = picture(node, cx)?;
    let mut areas = Vec::new();
    for one in node.all("hotspotchoice") {
        match keys::shape(one) {
            Some(shape) => areas.push(Area {
                id: one.attr("identifier").to_owned(),
                shape,
                name: one.attr("hotspotlabel").trim().to_owned(),
            }),
            None => {
                cx.notes.refused("shape", one.line, one.attr("coords"));
                cx.broken = true;
            }
        }
    }
    let single = declared.cardinality == "single";
    let most = if single { 1 } else { count(node, "maxchoices", 0) };
    let right = right(declared, single);
    if right.is_empty() || areas.is_empty() {
        return None;
    }
    let key = Key::Areas { right };
    let task = Task::Hotspot { image, areas, most };
    let scoring = scoring(&task, &key, declared, item.how, single, node.line, cx.notes);
    Some((task, Answers { key, scoring }))
}

fn point(node: &Node, declared: &Declared, cx: &mut Context<'_>) -> Option<(Task, Answers)> {
    let image = picture(node, cx)?;
    let gains = declared.areas.iter().map(|(_, value)| value.max(0.0));
    let most = count(node, "maxchoices", 0);
    let sum: f64 = if most == 1 { gains.fold(0.0, f64::max) } else { gains.sum() };
    let total = declared.upper.filter(|n| *n > 0.0 && *n < sum).unwrap_or(sum);
    let mut right = Vec::new();
    for (shape, value) in &declared.areas {
        if *value > 0.0 {
            right.push(Place { shape: shape.clone(), share: share(*value, total) });
        } else {
            cx.notes.dropped("mapping", node.line, value.to_string());
        }
    }
    if right.is_empty() {
        return None;
    }
    let points = keys::points(total, cx.notes, node.line);
    let rule = if right.len() == 1 { Rule::All } else { Rule::Table };
    let scoring = Scoring { points, rule, table: Vec::new() };
    Some((
        Task::Hotspot { image, areas: Vec::new(), most },
        Answers { key: Key::Shapes { right }, scoring },
    ))
}

/// A number with what the item says of its tolerance.
fn range(item: &Reading<'_>, value: f64, share: i32) -> Range {
    let equal = item.root.one("responseprocessing").and_then(|node| node.find("equal"));
    let parts: Vec<f64> = equal
        .map(|node| node.attr("tolerance"))
        .unwrap_or_default()
        .split_whitespace()
        .filter_map(|part| part.parse::<f64>().ok().filter(|n| n.is_finite()))
        .map(f64::abs)
        .collect();
    let low = parts.first().copied().unwrap_or(0.0);
    let high = parts.get(1).copied().unwrap_or(low);
    match equal.map(|node| node.attr("tolerancemode")) {
        Some("absolute") => Range { from: value - low, to: value + high, share },
        Some("relative") => {
            let part = value.abs() / 100.0;
            Range { from: value - low * part, to: value + high * part, share }
        }
        _ => Range { from: value, to: value, share },
    }
}

fn gaps(
    item: &Reading<'_>,
    nodes: &[&Node],
    stem: &mut Rich,
    cx: &mut Context<'_>,
) -> Option<(Task, Answers)> {
    let mut found = Vec::new();
    let mut right = Vec::new();
    let mut total = 0.0;
    let mut weights = Vec::new();
    let mut shuffle = false;
    let mut mapped = false;
    for node in nodes {
        let id = node.attr("responseidentifier").to_owned();
        let declared = item.declared.get(&id).cloned().unwrap_or_default();
        let options: Vec<Opt> = node.all("inlinechoice").map(|one| option(one, cx)).collect();
        shuffle |= flag(node, "shuffle");
        let mut key = GapKey { gap: id.clone(), accept: Vec::new(), numbers: Vec::new() };
        let most = declared.mapping.iter().map(|(_, value, _)| *value).fold(0.0, f64::max);
        let maps = item.how != Processing::Match && most > 0.0;
        mapped |= maps;
        let numeric = matches!(declared.base.as_str(), "float" | "integer") && options.is_empty();
        let mut take = |text: &str, share: i32, case: bool| {
            let value = if numeric { number(text) } else { None };
            match value {
                Some(value) => key.numbers.push(range(item, value, share)),
                None => key.accept.push(Accept {
                    share,
                    case: case && options.is_empty(),
                    ..Accept::whole(text)
                }),
            }
        };
        if maps {
            for (text, value, case) in &declared.mapping {
                if *value > 0.0 {
                    take(text, share(*value, most), *case);
                } else {
                    cx.notes.dropped("mapping", node.line, text);
                }
            }
        }
        for text in &declared.correct {
            if !maps || !declared.mapping.iter().any(|(have, _, _)| have == text) {
                take(text, WHOLE, true);
            }
        }
        if key.accept.is_empty() && key.numbers.is_empty() {
            cx.notes.refused("no_key", node.line, &id);
            return None;
        }
        if !node.attr("patternmask").is_empty() {
            cx.notes.dropped("pattern_mask", node.line, node.attr("patternmask"));
        }
        let weight = if maps { most } else { 1.0 };
        weights.push(weight);
        total += weight;
        let width = count(node, "expectedlength", 0);
        found.push(Gap { id, options, width });
        right.push(key);
    }
    if weights.iter().any(|weight| (weight - weights[0]).abs() > 1e-9) {
        cx.notes.dropped("weights", nodes[0].line, "");
    }
    let points = if mapped { keys::points(total, cx.notes, nodes[0].line) } else { 1 };
    let rule = if right.len() > 1 && mapped { Rule::Part } else { Rule::All };
    let scoring = Scoring { points, rule, table: Vec::new() };
    // A lone field for a number at the end of the text needs no place of its own.
    if let ([gap], [key]) = (found.as_slice(), right.as_slice())
        && gap.options.is_empty()
        && key.accept.is_empty()
        && key.numbers.iter().any(|range| range.share == WHOLE)
        && at_end(stem)
    {
        let key = Key::Number { right: key.numbers.clone() };
        return Some((Task::Number { unit: String::new() }, Answers { key, scoring }));
    }
    // A gap alone in its line at the end stands below the text anyway.
    while let [before @ .., Block::P(line)] = stem.0.as_slice()
        && matches!(line.as_slice(), [Inline::Gap(_)])
        && !Rich(before.to_vec()).is_empty()
    {
        stem.0.pop();
    }
    Some((Task::Text { gaps: found, shuffle }, Answers { key: Key::Gaps { right }, scoring }))
}

/// Takes the gap away where it is the last thing of the text.
pub fn at_end(stem: &mut Rich) -> bool {
    let mut rest = stem.clone();
    let Some(Block::P(line)) = rest.0.last_mut() else { return false };
    if !matches!(line.last(), Some(Inline::Gap(_))) {
        return false;
    }
    line.pop();
    while let Some(Inline::T(text)) = line.last_mut() {
        text.truncate(text.trim_end().len());
        if !text.is_empty() {
            break;
        }
        line.pop();
    }
    while matches!(line.last(), Some(Inline::Br)) {
        line.pop();
    }
    if line.is_empty() {
        rest.0.pop();
    }
    if rest.is_empty() {
        return false;
    }
    *stem = rest;
    true
}
