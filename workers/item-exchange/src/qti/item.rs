//! An item of QTI.

use std::collections::BTreeMap;

use domain::{
    bank::{
        body::Body,
        meta::{Level, Meta, is_topic},
        rich::Rich,
    },
    shared::lang::Lang,
};

use super::{
    keys::{Declared, declared, processing},
    tasks,
};
use crate::{
    dom::{Child, Node},
    model::Draft,
    report::Notes,
    rich_in::{Context, Picture, rich},
};

/// What is known of an item while it is read.
pub struct Reading<'a> {
    /// Declarations by identifier.
    pub declared: BTreeMap<String, Declared>,
    /// How it is scored.
    pub how: super::keys::Processing,
    /// The root element.
    pub root: &'a Node,
}

/// Reads an item; `None` where it is not taken (the notes say why).
pub fn read(
    root: &Node,
    file: &str,
    picture: &mut dyn FnMut(&str) -> Picture,
    notes: &mut Notes,
) -> Option<Draft> {
    let refuse = |notes: &mut Notes, code, line, what: &str| -> Option<Draft> {
        notes.refused(code, line, what);
        None
    };
    if root.attr("adaptive") == "true" {
        return refuse(notes, "adaptive", root.line, "");
    }
    if let Some(node) = root.one("templatedeclaration") {
        return refuse(notes, "template", node.line, node.attr("identifier"));
    }
    let Some(body) = root.one("itembody") else {
        return refuse(notes, "no_body", root.line, "");
    };
    for node in root.nodes() {
        match node.name.as_str() {
            "modalfeedback" if node.attr("identifier") != "explanation" => {
                notes.dropped("feedback", node.line, node.attr("identifier"));
            }
            "stylesheet" => notes.dropped("stylesheet", node.line, node.attr("href")),
            "companionmaterialsinfo" | "cataloginfo" | "contextdeclaration" => {
                notes.dropped("element", node.line, &node.written);
            }
            _ => {}
        }
    }
    let how = processing(root, notes);
    let declared = root
        .all("responsedeclaration")
        .map(|node| (node.attr("identifier").to_owned(), declared(node)))
        .collect();
    let mut interactions = Vec::new();
    body.select(&|node| is_interaction(&node.name), &mut interactions);
    let reading = Reading { declared, how, root };
    let mut explanation = Rich::default();
    let mut cx = Context { picture, gap: &|node| tasks::gap(node), notes, broken: false };
    let mut blocks = Vec::new();
    body.select(&|node| node.name == "rubricblock" && !for_candidate(node), &mut blocks);
    for node in blocks {
        explanation.0.extend(rich(node, &mut cx).0);
    }
    for node in root.all("modalfeedback").filter(|node| node.attr("identifier") == "explanation") {
        explanation.0.extend(rich(node, &mut cx).0);
    }
    let mut stem = rich(&pruned(body), &mut cx);
    let task = tasks::read(&reading, &interactions, &mut stem, &mut cx)?;
    if cx.broken {
        return None;
    }
    let notes = cx.notes;
    if stem.is_empty() {
        // An item whose words are all in its title.
        let title = root.attr("title").trim();
        if title.is_empty() {
            return refuse(notes, "no_stem", body.line, "");
        }
        notes.hint("title_as_stem", root.line, title);
        stem = Rich::plain(title);
    }
    let (task, answers) = task;
    let mut draft = Draft {
        ident: root.attr("identifier").to_owned(),
        concept: None,
        lang: language(root.attr("lang")).or_else(|| language(body.attr("lang"))),
        meta: Meta::default(),
        body: Body { stem, task },
        answers,
        explanation,
        place: (file.to_owned(), root.line),
    };
    if draft.ident.is_empty() {
        draft.ident = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".xml").to_owned();
    }
    crate::join::tidy(&mut draft);
    Some(draft)
}

/// A language by its tag.
pub fn language(tag: &str) -> Option<Lang> {
    match tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "kk" | "kaz" | "kz" => Some(Lang::Kk),
        "ru" | "rus" => Some(Lang::Ru),
        "en" | "eng" => Some(Lang::En),
        _ => None,
    }
}

fn is_interaction(name: &str) -> bool {
    (name.ends_with("interaction") && name != "mediainteraction")
        || name == "positionobjectstage"
        || name == "portablecustominteraction"
}

fn for_candidate(node: &Node) -> bool {
    node.get("view").is_none_or(|view| view.split_whitespace().any(|who| who == "candidate"))
}

/// The body without what is no part of the question: interactions become their prompts (gaps stay
/// where they are), rubrics for others go.
fn pruned(node: &Node) -> Node {
    let mut out = Node { children: Vec::new(), ..node.clone() };
    for child in &node.children {
        let Child::Node(inner) = child else {
            out.children.push(child.clone());
            continue;
        };
        match inner.name.as_str() {
            "rubricblock" if !for_candidate(inner) => {}
            "feedbackblock" | "endattemptinteraction" | "templateblock" => {}
            "textentryinteraction" | "inlinechoiceinteraction" => out.children.push(child.clone()),
            name if is_interaction(name) => {
                let mut block = Node::new("div", inner.line);
                for part in &inner.children {
                    let keep = match part {
                        Child::Text(_) => name == "gapmatchinteraction",
                        Child::Node(part) => {
                            part.name == "prompt"
                                || (name == "gapmatchinteraction"
                                    && !matches!(part.name.as_str(), "gaptext" | "gapimg"))
                        }
                    };
                    if keep {
                        block.children.push(part.clone());
                    }
                }
                out.children.push(Child::Node(block));
            }
            _ => out.children.push(Child::Node(pruned(inner))),
        }
    }
    out
}

/// What our own packages say of an item besides QTI.
pub fn own_meta(node: &Node, draft: &mut Draft) {
    let number = |name: &str| node.attr(name).parse::<u16>().unwrap_or(0);
    let list = |name: &str| -> Vec<String> {
        let parts = node.attr(name).split('|').map(str::trim).filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    };
    let meta = &mut draft.meta;
    meta.code = node.attr("code").to_owned();
    meta.topic = Some(node.attr("topic")).filter(|t| is_topic(t)).unwrap_or_default().to_owned();
    meta.subject = node.attr("subject").to_owned();
    meta.grade = u8::try_from(number("grade")).unwrap_or(0);
    meta.level = Level::parse(node.attr("level")).unwrap_or(Level::Understand);
    meta.facility = number("facility");
    meta.enemies = list("enemies");
    meta.tags = list("tags");
    meta.source = node.attr("source").to_owned();
    draft.concept = Some(meta.code.clone()).filter(|code| !code.is_empty());
    if let Ok(points) = node.attr("points").parse::<u32>()
        && (1..=100).contains(&points)
    {
        draft.answers.scoring.points = points;
    }
}
