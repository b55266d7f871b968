//! Items as rows of a table; what a table cannot hold is said.

use domain::bank::{
    body::{Body, Opt, Task},
    key::{Key, Rule},
    parity::Content,
    rich::Rich,
};

use super::OPTIONS;
use crate::report::Notes;

/// The heads that a written table has, in order.
pub fn heads() -> Vec<String> {
    let mut out: Vec<String> = [
        "code", "topic", "subject", "grade", "level", "kind", "points", "facility", "key",
        "scoring", "tags", "enemies", "source", "stem_kk", "stem_ru",
    ]
    .map(str::to_owned)
    .into();
    for n in 1..=OPTIONS {
        out.push(format!("option{n}_kk"));
        out.push(format!("option{n}_ru"));
    }
    out.extend(["explanation_kk".to_owned(), "explanation_ru".to_owned()]);
    out
}

/// Items as rows, the head first. What a table cannot hold is said.
pub fn write(items: &[Content]) -> (Vec<Vec<String>>, Notes) {
    let mut notes = Notes::default();
    let mut rows = vec![heads()];
    for content in items {
        notes.item.clone_from(&content.meta.code);
        match row(content, &mut notes) {
            Some(row) => rows.push(row),
            None => notes.refused("table_kind", 0, &content.meta.code),
        }
    }
    (rows, notes)
}

fn plain(rich: &Rich, notes: &mut Notes) -> String {
    let text = rich.text();
    if Rich::plain(&text.replace('\n', "\n\n")).text() != text
        || !rich.images().is_empty()
        || *rich != Rich::plain(&text.replace('\n', "\n\n"))
    {
        notes.dropped("formatting", 0, "");
    }
    text
}

fn row(content: &Content, notes: &mut Notes) -> Option<Vec<String>> {
    let meta = &content.meta;
    let any = content.kk.as_ref().or(content.ru.as_ref())?;
    let place = |id: &String| {
        let lists = any.task.lists();
        let (_, list) = lists.first()?;
        list.iter().position(|one| one.id == *id).map(|at| (at + 1).to_string())
    };
    let places = |ids: &[String]| ids.iter().map(place).collect::<Option<Vec<_>>>();
    let key = match &content.answers.key {
        Key::Options { right } | Key::Order { right } => places(right)?.join(","),
        Key::Pairs { .. } => String::new(),
        Key::Number { right } => {
            let [range] = right.as_slice() else { return None };
            format!("{}..{}", range.from, range.to)
        }
        Key::Gaps { right } => {
            let [key] = right.as_slice() else { return None };
            if !key.numbers.is_empty() || any.task.lists().iter().any(|(_, list)| !list.is_empty())
            {
                return None;
            }
            key.accept.iter().map(|one| one.text.clone()).collect::<Vec<_>>().join("|")
        }
        Key::Areas { .. } | Key::Shapes { .. } => return None,
    };
    let mut out = vec![
        meta.code.clone(),
        meta.topic.clone(),
        meta.subject.clone(),
        if meta.grade > 0 { meta.grade.to_string() } else { String::new() },
        meta.level.code().to_owned(),
        any.task.kind().code().to_owned(),
        content.answers.scoring.points.to_string(),
        meta.facility.to_string(),
        key,
        content.answers.scoring.rule.code().to_owned(),
        meta.tags.join("|"),
        meta.enemies.join("|"),
        meta.source.clone(),
    ];
    let bodies = [content.kk.as_ref(), content.ru.as_ref()];
    for body in bodies {
        out.push(body.map(|body| plain(&body.stem, notes)).unwrap_or_default());
    }
    let columns: Vec<Vec<String>> = bodies
        .iter()
        .map(|body| body.map(|body| cells(body, content, notes)).unwrap_or_default())
        .collect();
    if columns.iter().any(|list| list.len() > OPTIONS) {
        return None;
    }
    for n in 0..OPTIONS {
        for list in &columns {
            out.push(list.get(n).cloned().unwrap_or_default());
        }
    }
    out.push(plain(&content.explanation_kk, notes));
    out.push(plain(&content.explanation_ru, notes));
    if content.answers.scoring.rule == Rule::Table {
        notes.dropped("scoring_rule", 0, "table");
    }
    Some(out)
}

fn cells(body: &Body, content: &Content, notes: &mut Notes) -> Vec<String> {
    match (&body.task, &content.answers.key) {
        (Task::Matching { left, right, .. }, Key::Pairs { right: pairs }) => {
            let text = |list: &[Opt], id: &String| {
                list.iter().find(|one| one.id == *id).map(|one| one.text.text()).unwrap_or_default()
            };
            let mut out: Vec<String> = pairs
                .iter()
                .map(|(a, b)| format!("{} -> {}", text(left, a), text(right, b)))
                .collect();
            let rest = right.iter().filter(|one| !pairs.iter().any(|(_, b)| *b == one.id));
            out.extend(rest.map(|one| format!(" -> {}", one.text.text())));
            out
        }
        (task, _) => task
            .lists()
            .into_iter()
            .flat_map(|(_, list)| list.iter())
            .map(|one| plain(&one.text, notes))
            .collect(),
    }
}
