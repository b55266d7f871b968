//! A test of QTI: parts, sections, which items.

use crate::{
    dom::Node,
    model::{Section, Test},
    report::Notes,
};

/// Reads a test. What forms of ours do not have is said to be lost.
pub fn read(root: &Node, notes: &mut Notes) -> Option<Test> {
    let seconds = |node: &Node| {
        let limit = node.one("timelimits").map(|node| node.attr("maxtime").to_owned());
        limit.and_then(|text| text.parse::<f64>().ok()).filter(|n| (0.0..1e6).contains(n))
    };
    let mut test = Test {
        ident: root.attr("identifier").to_owned(),
        title: root.attr("title").to_owned(),
        seconds: seconds(root).unwrap_or(0.0) as u32,
        free: true,
        sections: Vec::new(),
    };
    for part in root.all("testpart") {
        test.free &= part.attr("navigationmode") != "linear";
        if let (0, Some(limit)) = (test.seconds, seconds(part)) {
            test.seconds = limit as u32;
        }
        for section in part.nodes() {
            sections(section, &mut test.sections, notes, 0);
        }
    }
    for lost in ["outcomeprocessing", "testfeedback", "outcomedeclaration"] {
        if let Some(node) = root.one(lost)
            && lost != "outcomedeclaration"
        {
            notes.dropped("element", node.line, &node.written);
        }
    }
    Some(test)
}

fn sections(node: &Node, out: &mut Vec<Section>, notes: &mut Notes, depth: usize) {
    match node.name.as_str() {
        "assessmentsection" if depth < 12 => {
            let at = out.len();
            out.push(Section {
                title: node.attr("title").to_owned(),
                select: node
                    .one("selection")
                    .and_then(|s| s.attr("select").parse().ok())
                    .unwrap_or(0),
                shuffle: node.one("ordering").is_some_and(|o| o.attr("shuffle") == "true"),
                items: Vec::new(),
            });
            for inner in node.nodes() {
                match inner.name.as_str() {
                    "assessmentitemref" => {
                        if let Some(section) = out.get_mut(at) {
                            section.items.push(inner.attr("identifier").to_owned());
                        }
                        for lost in ["precondition", "branchrule", "weight"] {
                            if let Some(rule) = inner.one(lost) {
                                notes.dropped("element", rule.line, &rule.written);
                            }
                        }
                    }
                    "assessmentsection" => sections(inner, out, notes, depth + 1),
                    "precondition" | "branchrule" | "rubricblock" | "assessmentsectionref" => {
                        notes.dropped("element", inner.line, &inner.written);
                    }
                    _ => {}
                }
            }
            if out.get(at).is_some_and(|section| section.items.is_empty() && section.select == 0) {
                out.remove(at);
            }
        }
        "precondition" | "branchrule" | "testfeedback" | "assessmentsectionref" => {
            notes.dropped("element", node.line, &node.written);
        }
        _ => {}
    }
}
