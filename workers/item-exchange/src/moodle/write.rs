//! Items as Moodle XML.

use domain::{
    bank::{
        body::{Body, Task},
        key::{GapKey, Key, Rule, WHOLE},
        parity::Content,
        rich::Rich,
    },
    shared::lang::Lang,
};

use crate::{
    Written,
    report::Notes,
    rich_out::{Style, blocks, escape},
};

/// Writes items, each language as a question of its own. `media` gives an image as an address
/// (`data:…`).
pub fn write(items: &[Content], media: &dyn Fn(&str) -> String) -> Written {
    let mut notes = Notes::default();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>\n");
    let mut topic = String::new();
    for content in items {
        notes.item.clone_from(&content.meta.code);
        if content.meta.topic != topic {
            topic.clone_from(&content.meta.topic);
            out.push_str(&format!(
                "<question type=\"category\"><category><text>$course$/{}</text></category></question>\n",
                escape(&topic)
            ));
        }
        for lang in [Lang::Kk, Lang::Ru] {
            let Some(body) = content.body(lang) else { continue };
            match question(content, body, lang, media, &mut notes) {
                Some(text) => out.push_str(&text),
                None => notes.refused("moodle_cannot", 0, body.task.kind().code()),
            }
        }
        notes.unkept(&content.meta);
    }
    out.push_str("</quiz>\n");
    Written { bytes: out.into_bytes(), kind: "application/xml", notes }
}

fn cdata(text: &str) -> String {
    format!("<text><![CDATA[{}]]></text>", text.replace("]]>", "]]]]><![CDATA[>"))
}

fn percent(share: i32) -> String {
    let text = format!("{:.5}", f64::from(share) / 10_000.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn question(
    content: &Content,
    body: &Body,
    lang: Lang,
    media: &dyn Fn(&str) -> String,
    notes: &mut Notes,
) -> Option<String> {
    let cloze = matches!(&body.task, Task::Text { gaps, .. } if gaps.len() > 1 || !gaps[0].options.is_empty()
        || !body.stem.gaps().is_empty());
    let gap = |id: &str| match &content.answers.key {
        Key::Gaps { right } if cloze => right
            .iter()
            .find(|key| key.gap == id)
            .map(|key| cloze_gap(key, body, lang))
            .unwrap_or_default(),
        _ => String::new(),
    };
    let style = Style { image: &|hash| media(hash), gap: &gap };
    let html = |rich: &Rich| cdata(&blocks(rich, &style));
    let scoring = &content.answers.scoring;
    let answer = |share: i32, rich: &Rich| {
        format!("<answer fraction=\"{}\" format=\"html\">{}</answer>", percent(share), html(rich))
    };
    let mut stem = blocks(&body.stem, &style);
    let flag = |on: bool| if on { "true" } else { "false" };
    let (kind, inner) = match (&body.task, &content.answers.key) {
        (Task::Single { options, shuffle }, Key::Options { right }) => {
            let share = |id: &String| match scoring.rule {
                Rule::Table => {
                    scoring.table.iter().find(|(have, _)| have == id).map_or(0, |(_, s)| *s)
                }
                _ if right.contains(id) => WHOLE,
                _ => 0,
            };
            let list: String = options.iter().map(|o| answer(share(&o.id), &o.text)).collect();
            let head =
                format!("<single>true</single><shuffleanswers>{}</shuffleanswers>", flag(*shuffle));
            ("multichoice", head + &list)
        }
        (Task::Multiple { options, shuffle, .. }, Key::Options { right }) => {
            let table = match scoring.rule {
                Rule::Table => scoring.table.clone(),
                Rule::Part => crate::qti::part_table(&body.task, &content.answers.key),
                // A type of its own keeps "all or nothing".
                Rule::All => right.iter().map(|id| (id.clone(), WHOLE)).collect(),
            };
            let share =
                |id: &String| table.iter().find(|(have, _)| have == id).map_or(0, |(_, s)| *s);
            let list: String = options.iter().map(|o| answer(share(&o.id), &o.text)).collect();
            let head = format!(
                "<single>false</single><shuffleanswers>{}</shuffleanswers>",
                flag(*shuffle)
            );
            let kind = if scoring.rule == Rule::All { "multichoiceset" } else { "multichoice" };
            (kind, head + &list)
        }
        (Task::Matching { left, right, shuffle, .. }, Key::Pairs { right: pairs }) => {
            let mut list = format!("<shuffleanswers>{}</shuffleanswers>", flag(*shuffle));
            for (a, b) in pairs {
                let from = left.iter().find(|one| one.id == *a)?;
                let to = right.iter().find(|one| one.id == *b)?;
                list.push_str(&format!(
                    "<subquestion format=\"html\">{}<answer>{}</answer></subquestion>",
                    html(&from.text),
                    cdata(&to.text.text())
                ));
            }
            for to in right.iter().filter(|one| !pairs.iter().any(|(_, b)| *b == one.id)) {
                list.push_str(&format!(
                    "<subquestion format=\"html\"><text></text><answer>{}</answer></subquestion>",
                    cdata(&to.text.text())
                ));
            }
            if scoring.rule == Rule::All {
                notes.dropped("scoring_rule", 0, "all");
            }
            ("matching", list)
        }
        (Task::Ordering { options, .. }, Key::Order { right }) => {
            let mut list = String::from(if scoring.rule == Rule::All {
                "<gradingtype>ALL_OR_NOTHING</gradingtype>"
            } else {
                "<gradingtype>ABSOLUTE_POSITION</gradingtype>"
            });
            for id in right {
                list.push_str(&answer(WHOLE, &options.iter().find(|one| one.id == *id)?.text));
            }
            ("ordering", list)
        }
        (Task::Number { unit }, Key::Number { right }) => {
            let mut list: String = right
                .iter()
                .map(|range| {
                    format!(
                        "<answer fraction=\"{}\"><text>{}</text><tolerance>{}</tolerance></answer>",
                        percent(range.share),
                        (range.from + range.to) / 2.0,
                        (range.to - range.from) / 2.0
                    )
                })
                .collect();
            if !unit.is_empty() {
                list.push_str(&format!(
                    "<units><unit><multiplier>1</multiplier><unit_name>{}</unit_name></unit></units>",
                    escape(unit)
                ));
            }
            ("numerical", list)
        }
        (Task::Text { gaps, .. }, Key::Gaps { right }) if cloze => {
            let named = body.stem.gaps();
            for gap in gaps.iter().filter(|gap| !named.contains(&gap.id.as_str())) {
                let key = right.iter().find(|key| key.gap == gap.id)?;
                stem.push_str(&format!("<p>{}</p>", cloze_gap(key, body, lang)));
            }
            ("cloze", String::new())
        }
        (Task::Text { .. }, Key::Gaps { right }) => {
            let key = right.first()?;
            let case = key.accept.iter().any(|one| one.case);
            let mut list = format!("<usecase>{}</usecase>", u8::from(case));
            for one in key.accept.iter().filter(|one| one.lang.is_none_or(|only| only == lang)) {
                list.push_str(&format!(
                    "<answer fraction=\"{}\">{}</answer>",
                    percent(one.share),
                    cdata(&one.text)
                ));
            }
            ("shortanswer", list)
        }
        _ => return None,
    };
    let explanation =
        if lang == Lang::Kk { &content.explanation_kk } else { &content.explanation_ru };
    let tags: String = content
        .meta
        .tags
        .iter()
        .map(|tag| format!("<tag><text>{}</text></tag>", escape(tag)))
        .collect();
    let (code, lang) = (escape(&content.meta.code), lang.code());
    Some(format!(
        "<question type=\"{kind}\"><name><text>{code}-{lang}</text></name><questiontext format=\"html\">{}</questiontext><generalfeedback format=\"html\">{}</generalfeedback><defaultgrade>{}</defaultgrade><idnumber>{code}-{lang}</idnumber>{inner}<tags>{tags}</tags></question>\n",
        cdata(&stem),
        html(explanation),
        scoring.points
    ))
}

/// A gap as Moodle writes it in a text.
fn cloze_gap(key: &GapKey, body: &Body, lang: Lang) -> String {
    let escaped = |text: &str| {
        let mut out = String::new();
        for c in text.chars() {
            if matches!(c, '}' | '#' | '~' | '/' | '"' | '\\') {
                out.push('\\');
            }
            out.push(c);
        }
        escape(&out)
    };
    let options = match &body.task {
        Task::Text { gaps, .. } => {
            gaps.iter().find(|gap| gap.id == key.gap).map(|gap| gap.options.as_slice())
        }
        _ => None,
    };
    let weight = |share: i32| {
        if share == WHOLE { "=".to_owned() } else { format!("%{}%", percent(share)) }
    };
    let mut list = Vec::new();
    let kind = if let Some(options) = options.filter(|list| !list.is_empty()) {
        for option in options {
            let share =
                key.accept.iter().find(|one| one.text == option.id).map(|one| weight(one.share));
            list.push(format!("{}{}", share.unwrap_or_default(), escaped(&option.text.text())));
        }
        "MULTICHOICE"
    } else if key.accept.is_empty() {
        for range in &key.numbers {
            let (middle, half) = ((range.from + range.to) / 2.0, (range.to - range.from) / 2.0);
            list.push(format!("{}{middle}:{half}", weight(range.share)));
        }
        "NUMERICAL"
    } else {
        for one in key.accept.iter().filter(|one| one.lang.is_none_or(|only| only == lang)) {
            list.push(format!("{}{}", weight(one.share), escaped(&one.text)));
        }
        if key.accept.iter().any(|one| one.case) { "SHORTANSWER_C" } else { "SHORTANSWER" }
    };
    format!("{{1:{kind}:{}}}", list.join("~"))
}
