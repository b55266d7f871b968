//! Declarations of responses: right answers, tables of shares, areas.

use domain::bank::{
    body::{Shape, Task},
    key::{Answers, Key, Rule, Scoring, WHOLE},
};

use crate::{dom::Node, report::Notes};

/// What an item says of a response.
#[derive(Debug, Clone, Default)]
pub struct Declared {
    /// `single`, `multiple`, `ordered`, `record`.
    pub cardinality: String,
    /// `identifier`, `float` …
    pub base: String,
    /// Right values, in order.
    pub correct: Vec<String>,
    /// Values with what they are worth, and whether capitals count.
    pub mapping: Vec<(String, f64, bool)>,
    /// What all other values are worth.
    pub usual: f64,
    /// Most that can be earned.
    pub upper: Option<f64>,
    /// Areas with what they are worth.
    pub areas: Vec<(Shape, f64)>,
}

/// Reads a declaration.
pub fn declared(node: &Node) -> Declared {
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|n| n.is_finite());
    let mut out = Declared {
        cardinality: node.attr("cardinality").to_owned(),
        base: node.attr("basetype").to_ascii_lowercase(),
        ..Declared::default()
    };
    if let Some(correct) = node.one("correctresponse") {
        out.correct = correct.all("value").map(|value| value.text().trim().to_owned()).collect();
        out.correct.retain(|value| !value.is_empty());
    }
    if let Some(mapping) = node.one("mapping") {
        out.usual = number(mapping.attr("defaultvalue")).unwrap_or(0.0);
        out.upper = mapping.get("upperbound").and_then(number);
        for entry in mapping.all("mapentry") {
            let case = entry.get("casesensitive").is_none_or(|text| text != "false");
            if let Some(value) = number(entry.attr("mappedvalue")) {
                out.mapping.push((entry.attr("mapkey").trim().to_owned(), value, case));
            }
        }
    }
    if let Some(areas) = node.one("areamapping") {
        out.upper = out.upper.or_else(|| areas.get("upperbound").and_then(number));
        for entry in areas.all("areamapentry") {
            let value = number(entry.attr("mappedvalue"));
            if let (Some(shape), Some(value)) = (shape(entry), value) {
                out.areas.push((shape, value));
            }
        }
    }
    out
}

/// The shape of an area.
pub fn shape(node: &Node) -> Option<Shape> {
    let numbers: Vec<i32> = node
        .attr("coords")
        .split([',', ' '])
        .filter(|part| !part.trim().is_empty())
        .map(|part| part.trim().trim_end_matches('%').parse::<f64>().ok())
        .map(|n| n.filter(|n| n.abs() < 1e6).map(|n| n.round() as i32))
        .collect::<Option<Vec<_>>>()?;
    match (node.attr("shape").to_ascii_lowercase().as_str(), numbers.as_slice()) {
        ("rect", [a, b, c, d]) => Some(Shape::Rect([*a, *b, *c, *d])),
        ("circle", [x, y, r]) => Some(Shape::Circle([*x, *y, *r])),
        ("ellipse", [x, y, h, v]) => Some(Shape::Ellipse([*x, *y, *h, *v])),
        ("poly", corners) if corners.len() >= 6 && corners.len() % 2 == 0 => {
            let mut points: Vec<_> = corners.chunks_exact(2).map(|two| (two[0], two[1])).collect();
            // Some close the polygon by naming the first corner again.
            if points.len() > 3 && points.first() == points.last() {
                points.pop();
            }
            Some(Shape::Poly(points))
        }
        ("default", _) => Some(Shape::All),
        _ => None,
    }
}

/// How responses become a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Processing {
    /// Wholly right or nothing.
    Match,
    /// By the table.
    Map,
    /// Not said.
    Unsaid,
}

/// Reads how the item is scored; anything of its own is said to be lost.
pub fn processing(root: &Node, notes: &mut Notes) -> Processing {
    let Some(node) = root.one("responseprocessing") else { return Processing::Unsaid };
    let template = node.attr("template").rsplit('/').next().unwrap_or_default();
    let template = template.trim_end_matches(".xml").to_ascii_lowercase();
    if template.starts_with("map_response") || template == "cc2_map_response" {
        return Processing::Map;
    }
    if template.starts_with("match_correct") || template == "cc2_match" {
        return Processing::Match;
    }
    if !template.is_empty() {
        notes.dropped("processing", node.line, node.attr("template"));
        return Processing::Unsaid;
    }
    if node.nodes().next().is_none() {
        return Processing::Unsaid;
    }
    let maps = node.find("mapresponse").or_else(|| node.find("mapresponsepoint"));
    if maps.is_some() {
        return Processing::Map;
    }
    let conditions = node.all("responsecondition").count();
    let plain = node.find("correct").is_some() && conditions <= 2 && node.find("random").is_none();
    if !plain {
        notes.dropped("processing", node.line, "");
    }
    if node.find("match").is_some() { Processing::Match } else { Processing::Unsaid }
}

/// A value as a share of the whole in millionths.
pub fn share(value: f64, whole: f64) -> i32 {
    if whole <= 0.0 {
        return 0;
    }
    let share = (value / whole * f64::from(WHOLE)).round();
    share.clamp(-f64::from(WHOLE), f64::from(WHOLE)) as i32
}

/// Whole points of a total, where it is a whole number that the model holds.
pub fn points(total: f64, notes: &mut Notes, line: u32) -> u32 {
    // Thirds of a whole are written with six decimals.
    let whole = total.round();
    if (1.0..=100.0).contains(&whole) && (total - whole).abs() < 1e-3 {
        return whole as u32;
    }
    if total > 0.0 {
        notes.dropped("points", line, total.to_string());
    }
    1
}

/// The scoring of choices, pairs and areas: table, share or all.
pub fn scoring(
    task: &Task,
    key: &Key,
    declared: &Declared,
    how: Processing,
    single: bool,
    line: u32,
    notes: &mut Notes,
) -> Scoring {
    if how == Processing::Match || declared.mapping.is_empty() {
        return Scoring::default();
    }
    let gains = declared.mapping.iter().map(|(_, value, _)| value.max(0.0));
    let most = if single { gains.fold(0.0, f64::max) } else { gains.sum() };
    let total = declared.upper.filter(|upper| *upper > 0.0 && *upper < most).unwrap_or(most);
    let worth = |name: &str| {
        let entry = declared.mapping.iter().find(|(have, _, _)| have == name);
        share(entry.map_or(declared.usual, |(_, value, _)| *value), total)
    };
    let table: Vec<(String, i32)> = names(task)
        .into_iter()
        .map(|name| {
            let share = worth(&name);
            (name, share)
        })
        .collect();
    if total <= 0.0
        || table.iter().map(|(_, share)| i64::from((*share).max(0))).sum::<i64>()
            < i64::from(WHOLE) - 10
    {
        notes.dropped("mapping", line, "");
        return Scoring::default();
    }
    let points = points(total, notes, line);
    let part = part_table(task, key);
    let near = |a: &(String, i32), b: &(String, i32)| a.0 == b.0 && (a.1 - b.1).abs() <= 2;
    if table.len() == part.len() && table.iter().zip(&part).all(|(a, b)| near(a, b)) {
        let rule = if single { Rule::All } else { Rule::Part };
        return Scoring { points, rule, table: Vec::new() };
    }
    let mut table = table;
    table.retain(|(_, share)| *share != 0);
    Scoring { points, rule: Rule::Table, table }
}

/// Everything that can be chosen, as a table names it.
fn names(task: &Task) -> Vec<String> {
    match task {
        Task::Single { options, .. } | Task::Multiple { options, .. } => {
            options.iter().map(|option| option.id.clone()).collect()
        }
        Task::Hotspot { areas, .. } => areas.iter().map(|area| area.id.clone()).collect(),
        Task::Matching { left, right, .. } => left
            .iter()
            .flat_map(|a| right.iter().map(move |b| format!("{} {}", a.id, b.id)))
            .collect(),
        _ => Vec::new(),
    }
}

/// The table that says the same as [`Rule::Part`]: each right one its share, each wrong one the
/// same share less.
pub fn part_table(task: &Task, key: &Key) -> Vec<(String, i32)> {
    let right: Vec<String> = match key {
        Key::Options { right } | Key::Areas { right } => right.clone(),
        Key::Pairs { right } => right.iter().map(|(a, b)| format!("{a} {b}")).collect(),
        _ => return Vec::new(),
    };
    let each = WHOLE / i32::try_from(right.len().max(1)).unwrap_or(1);
    names(task)
        .into_iter()
        .map(|name| {
            let gain = if right.contains(&name) { each } else { -each };
            (name, gain)
        })
        .collect()
}

/// The right options: those that are said to be, or those that earn something.
pub fn right(declared: &Declared, single: bool) -> Vec<String> {
    if !declared.correct.is_empty() {
        return declared.correct.clone();
    }
    let mut gains: Vec<&(String, f64, bool)> =
        declared.mapping.iter().filter(|(_, value, _)| *value > 0.0).collect();
    if single {
        gains.sort_by(|a, b| b.1.total_cmp(&a.1));
        gains.truncate(1);
    }
    gains.into_iter().map(|(name, _, _)| name.clone()).collect()
}

/// Pairs of a list of `left right`.
pub fn pairs(values: &[String]) -> Vec<(String, String)> {
    values
        .iter()
        .filter_map(|value| {
            let mut parts = value.split_whitespace();
            Some((parts.next()?.to_owned(), parts.next()?.to_owned()))
        })
        .collect()
}

/// A key with the usual scoring.
pub fn plain(key: Key) -> Answers {
    Answers { key, scoring: Scoring::default() }
}
