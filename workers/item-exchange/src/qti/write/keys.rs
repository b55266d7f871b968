//! The answers of an item: declarations of responses, keys and mappings.

use domain::{
    bank::{
        body::{Body, Shape, Task},
        key::{Answers, GapKey, Key, Rule, WHOLE},
    },
    shared::lang::Lang,
};

use super::Version;
use crate::{qti::keys::part_table, report::Notes, rich_out::escape};

fn decimal(share: i32, points: u32) -> String {
    let value = f64::from(share) * f64::from(points) / f64::from(WHOLE);
    format!("{value:.6}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn response(
    id: &str,
    cardinality: &str,
    base: &str,
    correct: &[String],
    mapping: &str,
    v: Version,
) -> String {
    let values: String = correct.iter().map(|value| v.tag("value", &[], &escape(value))).collect();
    let correct = if values.is_empty() { values } else { v.tag("correctResponse", &[], &values) };
    v.tag(
        "responseDeclaration",
        &[("identifier", id), ("cardinality", cardinality), ("baseType", base)],
        &format!("{correct}{mapping}"),
    )
}

fn table(list: &[(String, i32)], points: u32, v: Version) -> String {
    let entries: String = list
        .iter()
        .map(|(id, share)| {
            v.tag("mapEntry", &[("mapKey", id), ("mappedValue", &decimal(*share, points))], "")
        })
        .collect();
    v.tag(
        "mapping",
        &[("lowerBound", "0"), ("upperBound", &points.to_string()), ("defaultValue", "0")],
        &entries,
    )
}

pub(super) fn declarations(
    body: &Body,
    answers: &Answers,
    lang: Lang,
    v: Version,
    notes: &mut Notes,
) -> String {
    let scoring = &answers.scoring;
    let mapping = || match scoring.rule {
        Rule::All => String::new(),
        Rule::Part => table(&part_table(&body.task, &answers.key), scoring.points, v),
        Rule::Table => table(&scoring.table, scoring.points, v),
    };
    match &answers.key {
        Key::Options { right } | Key::Areas { right } => {
            let single = matches!(&body.task, Task::Single { .. } | Task::Hotspot { most: 1, .. });
            let cardinality = if single { "single" } else { "multiple" };
            response("RESPONSE", cardinality, "identifier", right, &mapping(), v)
        }
        Key::Pairs { right } => {
            let pairs: Vec<String> = right.iter().map(|(a, b)| format!("{a} {b}")).collect();
            response("RESPONSE", "multiple", "directedPair", &pairs, &mapping(), v)
        }
        Key::Order { right } => {
            if scoring.rule != Rule::All {
                notes.dropped("scoring_rule", 0, scoring.rule.code());
            }
            response("RESPONSE", "ordered", "identifier", right, "", v)
        }
        Key::Number { right } => {
            let middle: Vec<String> = right
                .iter()
                .take(1)
                .map(|range| ((range.from + range.to) / 2.0).to_string())
                .collect();
            response("RESPONSE", "single", "float", &middle, "", v)
        }
        Key::Shapes { right } => {
            let entries: String = right
                .iter()
                .map(|place| {
                    let (kind, coords) = coords(&place.shape);
                    let worth = decimal(place.share, scoring.points);
                    v.tag(
                        "areaMapEntry",
                        &[("shape", kind), ("coords", &coords), ("mappedValue", &worth)],
                        "",
                    )
                })
                .collect();
            let mapping = v.tag("areaMapping", &[("defaultValue", "0")], &entries);
            response("RESPONSE", "multiple", "point", &[], &mapping, v)
        }
        Key::Gaps { right } => right
            .iter()
            .map(|key| gap_declaration(key, body, scoring.points, right.len(), lang, v, notes))
            .collect(),
    }
}

fn gap_declaration(
    key: &GapKey,
    body: &Body,
    points: u32,
    gaps: usize,
    lang: Lang,
    v: Version,
    notes: &mut Notes,
) -> String {
    let chosen = matches!(&body.task, Task::Text { gaps, .. }
        if gaps.iter().any(|gap| gap.id == key.gap && !gap.options.is_empty()));
    let mut entries = String::new();
    let mut correct = Vec::new();
    let each = f64::from(points) / f64::from(u32::try_from(gaps.max(1)).unwrap_or(1));
    let worth = |share: i32| {
        let value = f64::from(share) * each / f64::from(WHOLE);
        format!("{value:.6}").trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    for one in key.accept.iter().filter(|one| one.lang.is_none_or(|only| only == lang)) {
        if one.pattern {
            notes.dropped("pattern", 0, &one.text);
        }
        if one.share == WHOLE && correct.is_empty() {
            correct.push(one.text.clone());
        }
        let case = if one.case { "true" } else { "false" };
        entries.push_str(&v.tag(
            "mapEntry",
            &[("mapKey", &one.text), ("mappedValue", &worth(one.share)), ("caseSensitive", case)],
            "",
        ));
    }
    let number = key.accept.is_empty() && !key.numbers.is_empty();
    for range in &key.numbers {
        if (range.from - range.to).abs() > f64::EPSILON {
            notes.dropped("tolerance", 0, format!("{}…{}", range.from, range.to));
        }
        let middle = ((range.from + range.to) / 2.0).to_string();
        if range.share == WHOLE && correct.is_empty() {
            correct.push(middle.clone());
        }
        entries.push_str(&v.tag(
            "mapEntry",
            &[("mapKey", &middle), ("mappedValue", &worth(range.share))],
            "",
        ));
    }
    let mapping = v.tag("mapping", &[("defaultValue", "0")], &entries);
    let base = match (chosen, number) {
        (true, _) => "identifier",
        (_, true) => "float",
        _ => "string",
    };
    response(&key.gap, "single", base, &correct, &mapping, v)
}

pub(super) fn coords(shape: &Shape) -> (&'static str, String) {
    let join = |list: &[i32]| list.iter().map(i32::to_string).collect::<Vec<_>>().join(",");
    match shape {
        Shape::Rect(list) => ("rect", join(list)),
        Shape::Circle(list) => ("circle", join(list)),
        Shape::Ellipse(list) => ("ellipse", join(list)),
        Shape::Poly(corners) => {
            let list: Vec<i32> = corners.iter().flat_map(|(x, y)| [*x, *y]).collect();
            ("poly", join(&list))
        }
        Shape::All => ("default", String::new()),
    }
}
