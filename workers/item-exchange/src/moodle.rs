//! Moodle XML: questions with their files within.

mod cloze;
mod write;

pub use write::write;

use domain::bank::{
    body::{Body, Gap, Opt, Task},
    key::{Accept, Answers, GapKey, Key, Range, Rule, Scoring, WHOLE},
    meta::{Meta, is_topic},
    rich::Rich,
};

use crate::{
    dom::Node,
    gift::{of_html, one_line},
    model::{Draft, Found, Media},
    qti::{inline_picture, picture},
    report::{Notes, Refused},
    rich_in::Picture,
    xml,
};

/// Reads a file.
///
/// Errors: no XML, no `quiz`.
pub fn read(name: &str, text: &str) -> Result<Found, Refused> {
    let root = xml::read(name, text)?;
    if root.name != "quiz" {
        return Err(Refused::new("not_moodle", &root.written).at(name, root.line));
    }
    let mut found = Found::default();
    let mut category = String::new();
    for node in root.all("question") {
        found.notes.file = name.to_owned();
        let kind = node.attr("type").to_ascii_lowercase();
        if kind == "category" {
            category = node.one("category").map(text_of).unwrap_or_default();
            continue;
        }
        found.seen += 1;
        let title = node.one("name").map(text_of).unwrap_or_default();
        let id = node.one("idnumber").map(|node| node.text().trim().to_owned());
        let ident = id
            .filter(|id| !id.is_empty())
            .or_else(|| Some(title.clone()).filter(|title| !title.is_empty()))
            .unwrap_or_else(|| {
                format!("{}-{}", name.rsplit('/').next().unwrap_or(name), found.seen)
            });
        found.notes.item.clone_from(&ident);
        let Found { media, notes, .. } = &mut found;
        let mut reader = Reader { media, notes };
        if let Some((body, answers)) = reader.question(node, &kind) {
            let explanation = node.one("generalfeedback").and_then(|node| reader.rich(node));
            reader.feedback(node);
            let mut draft = Draft {
                ident: ident.chars().take(domain::bank::meta::SHORT_MAX).collect(),
                concept: None,
                lang: None,
                meta: meta(node, &category),
                body,
                answers,
                explanation: explanation.unwrap_or_default(),
                place: (name.to_owned(), node.line),
            };
            crate::join::tidy(&mut draft);
            found.items.push(draft);
        }
    }
    Ok(found)
}

fn text_of(node: &Node) -> String {
    node.one("text").unwrap_or(node).text().trim().to_owned()
}

fn meta(node: &Node, category: &str) -> Meta {
    let mut meta = Meta::default();
    let path = category.trim();
    let path = ["$course$/", "$system$/", "$module$/", "top/"]
        .iter()
        .fold(path, |path, start| path.strip_prefix(start).unwrap_or(path));
    let short = |text: &str| text.chars().take(domain::bank::meta::SHORT_MAX).collect::<String>();
    if is_topic(path) {
        meta.topic = path.to_owned();
    } else if !path.is_empty() && path != "top" {
        meta.tags.push(short(path));
    }
    if let Some(tags) = node.one("tags") {
        meta.tags
            .extend(tags.all("tag").map(|tag| short(&text_of(tag))).filter(|tag| !tag.is_empty()));
    }
    meta.tags.truncate(30);
    meta
}

fn fraction(node: &Node) -> i32 {
    let value = node.attr("fraction").trim().parse::<f64>().unwrap_or(0.0);
    let share = (value * 10_000.0).round().clamp(-f64::from(WHOLE), f64::from(WHOLE)) as i32;
    let thirds = [333_333, 666_667, 166_667, 833_333, 142_857, 111_111];
    let near = thirds.into_iter().find(|third| (share.abs() - third).abs() <= 400);
    near.map_or(share, |third| third * share.signum())
}

struct Reader<'a> {
    media: &'a mut Vec<Media>,
    notes: &'a mut Notes,
}

impl Reader<'_> {
    fn question(&mut self, node: &Node, kind: &str) -> Option<(Body, Answers)> {
        let Some(question) = node.one("questiontext") else {
            self.notes.refused("no_stem", node.line, kind);
            return None;
        };
        if kind == "multianswer" || kind == "cloze" {
            return self.cloze(question);
        }
        if matches!(kind, "gapselect" | "ddwtos") {
            return self.gap_select(node, question);
        }
        let stem = self.rich(question)?;
        if stem.is_empty() {
            self.notes.refused("no_stem", node.line, kind);
            return None;
        }
        let (task, answers) = match kind {
            "multichoice" | "multichoiceset" => self.choice(node, kind == "multichoiceset"),
            "truefalse" => self.true_false(node, &stem),
            "shortanswer" => self.short(node),
            "numerical" => self.numerical(node),
            "matching" | "match" | "ddmatch" => self.matching(node),
            "ordering" => self.ordering(node),
            _ => {
                self.notes.refused("moodle_kind", node.line, kind);
                None
            }
        }?;
        let mut answers = answers;
        if let Some(grade) =
            node.one("defaultgrade").and_then(|node| node.text().trim().parse::<f64>().ok())
        {
            answers.scoring.points = if grade == 0.0 { 1 } else { points(grade, node, self.notes) };
        }
        Some((Body { stem, task }, answers))
    }

    /// A text with its format and its files.
    fn rich(&mut self, node: &Node) -> Option<Rich> {
        let text = text_of(node);
        match node.attr("format") {
            "plain_text" | "markdown" => return Some(Rich::plain(&text)),
            "moodle_auto_format" if !text.contains('<') => return Some(Rich::plain(&text)),
            _ => {}
        }
        let files: Vec<&Node> = node.all("file").collect();
        let media = &mut *self.media;
        let mut find = |address: &str| {
            let Some(name) = address.trim().strip_prefix("@@PLUGINFILE@@/") else {
                return inline_picture(address, media);
            };
            let same = |file: &&&Node| {
                let path =
                    format!("{}{}", file.attr("path").trim_start_matches('/'), file.attr("name"));
                let plain = crate::archive::resolve("", name).unwrap_or_default();
                path == plain || file.attr("name") == plain
            };
            let Some(file) = files.iter().find(same) else { return Picture::Missing };
            let clean: String = file.text().chars().filter(|c| !c.is_whitespace()).collect();
            match data_encoding::BASE64.decode(clean.as_bytes()) {
                Ok(bytes) => picture(bytes, media),
                Err(_) => Picture::Kind,
            }
        };
        of_html(&text, node.line, &mut find, self.notes)
    }

    /// Feedbacks to single answers have no place in the model.
    fn feedback(&mut self, node: &Node) {
        let mut lost = Vec::new();
        node.select(
            &|node| node.name.ends_with("feedback") && node.name != "generalfeedback",
            &mut lost,
        );
        if let Some(first) = lost.iter().find(|node| !text_of(node).is_empty()) {
            self.notes.dropped("feedback", first.line, &first.written);
        }
        if let Some(hint) = node.all("hint").find(|node| !text_of(node).is_empty()) {
            self.notes.dropped("hint", hint.line, "");
        }
        let penalty = node.one("penalty").and_then(|n| n.text().trim().parse::<f64>().ok());
        if penalty.is_some_and(|value| value > 0.0) && node.one("hint").is_some() {
            self.notes.dropped("penalty", node.line, "");
        }
    }

    fn choice(&mut self, node: &Node, all: bool) -> Option<(Task, Answers)> {
        let flag =
            |name: &str| node.one(name).map(|node| matches!(node.text().trim(), "true" | "1"));
        let single = !all && flag("single").unwrap_or(true);
        let shuffle = flag("shuffleanswers").unwrap_or(true);
        let mut options = Vec::new();
        let mut table = Vec::new();
        for (at, answer) in node.all("answer").enumerate() {
            let id = format!("o{}", at + 1);
            let text = self.rich(answer)?;
            options.push(Opt { id: id.clone(), text, fixed: false });
            table.push((id, fraction(answer)));
        }
        let gains: i32 =
            table.iter().map(|(_, share)| (*share).max(0)).fold(0, i32::saturating_add);
        let best = table.iter().max_by_key(|(_, share)| *share).cloned();
        let Some(best) = best.filter(|(_, share)| *share > 0) else {
            self.notes.refused("no_key", node.line, "");
            return None;
        };
        if single && best.1 != WHOLE {
            self.notes.refused("no_key", node.line, "");
            return None;
        }
        let right: Vec<String> = if single {
            vec![best.0]
        } else {
            table.iter().filter(|(_, share)| *share > 0).map(|(id, _)| id.clone()).collect()
        };
        if !single
            && (gains - WHOLE).abs() < 1000
            && let Some(first) = table.iter_mut().find(|(_, share)| *share > 0)
        {
            first.1 += WHOLE - gains;
        }
        table.retain(|(_, share)| *share != 0);
        let key = Key::Options { right };
        let task = if single {
            Task::Single { options, shuffle }
        } else {
            Task::Multiple { options, shuffle, least: 0, most: 0 }
        };
        let rule = if all { Rule::All } else { Rule::Table };
        let mut scoring = Scoring { points: 1, rule, table };
        let part = crate::qti::part_table(&task, &key);
        let near = |entry: &(String, i32)| {
            let have = scoring.table.iter().find(|(id, _)| *id == entry.0).map_or(0, |(_, s)| *s);
            (have - entry.1).abs() <= 500
        };
        if all {
            scoring.table.clear();
        } else if !single && part.iter().all(near) {
            scoring = Scoring { points: 1, rule: Rule::Part, table: Vec::new() };
        }
        Some((task, Answers { key, scoring }))
    }

    fn true_false(&mut self, node: &Node, stem: &Rich) -> Option<(Task, Answers)> {
        let right = node.all("answer").find(|answer| fraction(answer) > 0)?;
        let truth = text_of(right).eq_ignore_ascii_case("true");
        let words = stem.text();
        let cyrillic = words.chars().any(|c| ('\u{400}'..='\u{4ff}').contains(&c));
        let kazakh = cyrillic.then(|| words.contains(['ә', 'ғ', 'қ', 'ң', 'ө', 'ұ', 'ү', 'і']));
        Some(crate::gift::true_false(truth, kazakh))
    }

    fn short(&mut self, node: &Node) -> Option<(Task, Answers)> {
        let case = node.one("usecase").is_some_and(|n| matches!(n.text().trim(), "1" | "true"));
        let mut accept = Vec::new();
        for answer in node.all("answer") {
            let (text, share) = (text_of(answer), fraction(answer));
            if share <= 0 || text == "*" {
                self.notes.dropped("wrong_answer", answer.line, text);
            } else {
                let pattern = text.contains('*');
                accept.push(Accept { share, case, pattern, ..Accept::whole(text) });
            }
        }
        self.one_gap(node, accept, Vec::new())
    }

    fn one_gap(
        &mut self,
        node: &Node,
        accept: Vec<Accept>,
        numbers: Vec<Range>,
    ) -> Option<(Task, Answers)> {
        if !accept.iter().any(|one| one.share == WHOLE) && !numbers.iter().any(|n| n.share == WHOLE)
        {
            self.notes.refused("no_key", node.line, "");
            return None;
        }
        let gap = Gap { id: "g1".into(), options: Vec::new(), width: 0 };
        let key = Key::Gaps { right: vec![GapKey { gap: "g1".into(), accept, numbers }] };
        let task = Task::Text { gaps: vec![gap], shuffle: false };
        Some((task, Answers { key, scoring: Scoring::default() }))
    }

    fn numerical(&mut self, node: &Node) -> Option<(Task, Answers)> {
        let mut right = Vec::new();
        for answer in node.all("answer") {
            let (text, share) = (text_of(answer), fraction(answer));
            let tolerance = answer
                .one("tolerance")
                .and_then(|node| domain::bank::answer::number(&node.text()))
                .map_or(0.0, f64::abs);
            match domain::bank::answer::number(&text) {
                Some(value) if share > 0 => {
                    right.push(Range { from: value - tolerance, to: value + tolerance, share });
                }
                _ => self.notes.dropped("wrong_answer", answer.line, text),
            }
        }
        if !right.iter().any(|range| range.share == WHOLE) {
            self.notes.refused("no_key", node.line, "");
            return None;
        }
        let mut unit = String::new();
        if let Some(units) = node.one("units") {
            let names: Vec<String> = units
                .all("unit")
                .filter_map(|unit| unit.one("unit_name").map(|name| name.text().trim().to_owned()))
                .collect();
            unit = names.first().cloned().unwrap_or_default();
            if names.len() > 1 {
                self.notes.dropped("units", units.line, names.join(", "));
            }
        }
        let key = Key::Number { right };
        Some((Task::Number { unit }, Answers { key, scoring: Scoring::default() }))
    }

    fn matching(&mut self, node: &Node) -> Option<(Task, Answers)> {
        let (mut left, mut to, mut pairs): (Vec<Opt>, Vec<Opt>, Vec<(String, String)>) =
            (Vec::new(), Vec::new(), Vec::new());
        for one in node.all("subquestion") {
            let Some(answer) = one.one("answer") else { continue };
            let target = match answer.get("format") {
                Some(_) => self.rich(answer)?,
                None => Rich::plain(&text_of(answer)),
            };
            let known =
                to.iter().find(|option| option.text == target).map(|option| option.id.clone());
            let target = known.unwrap_or_else(|| {
                let id = format!("r{}", to.len() + 1);
                to.push(Opt { id: id.clone(), text: target, fixed: false });
                id
            });
            let text = self.rich(one)?;
            if !text.is_empty() {
                let id = format!("l{}", left.len() + 1);
                left.push(Opt { id: id.clone(), text, fixed: false });
                pairs.push((id, target));
            }
        }
        if left.is_empty() || to.len() < 2 {
            self.notes.refused("no_key", node.line, "");
            return None;
        }
        let shuffle = node
            .one("shuffleanswers")
            .is_none_or(|node| !matches!(node.text().trim(), "false" | "0"));
        let scoring = Scoring { points: 1, rule: Rule::Part, table: Vec::new() };
        let task = Task::Matching { left, right: to, shuffle, reuse: 0 };
        Some((task, Answers { key: Key::Pairs { right: pairs }, scoring }))
    }

    fn ordering(&mut self, node: &Node) -> Option<(Task, Answers)> {
        let mut options = Vec::new();
        let mut right = Vec::new();
        for (at, answer) in node.all("answer").enumerate() {
            let id = format!("o{}", at + 1);
            options.push(Opt { id: id.clone(), text: self.rich(answer)?, fixed: false });
            right.push(id);
        }
        if right.len() < 2 {
            self.notes.refused("no_key", node.line, "");
            return None;
        }
        let rule = match node.one("gradingtype").map(|node| node.text()) {
            Some(kind) if matches!(kind.trim(), "ALL_OR_NOTHING" | "-1") => Rule::All,
            _ => Rule::Part,
        };
        let scoring = Scoring { points: 1, rule, table: Vec::new() };
        Some((
            Task::Ordering { options, shuffle: true },
            Answers { key: Key::Order { right }, scoring },
        ))
    }
}

/// Whole points of a grade.
fn points(grade: f64, node: &Node, notes: &mut Notes) -> u32 {
    if (1.0..=100.0).contains(&grade) && grade.fract() == 0.0 {
        return grade as u32;
    }
    notes.dropped("points", node.line, grade.to_string());
    1
}

/// A word that stands alone, for options of gaps.
fn word(rich: &Rich) -> String {
    one_line(rich).unwrap_or_else(|| rich.text())
}
