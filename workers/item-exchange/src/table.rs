//! Items in a table, one a row, both languages side by side. Heads are found by their words in
//! Kazakh, Russian or English; the reader of workbooks and CSV hands over rows of texts.

use domain::{
    bank::{
        answer::number,
        body::{Body, Gap, Kind, Opt, Task},
        key::{Accept, Answers, GapKey, Key, Range, Rule, Scoring, WHOLE},
        meta::{Level, Meta, is_topic},
        rich::Rich,
    },
    shared::lang::Lang,
};

use crate::{
    model::{Draft, Found},
    report::{Notes, Refused},
};

mod write;

pub use write::{heads, write};

/// Most options of a row.
const OPTIONS: usize = 12;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Code,
    Topic,
    Subject,
    Grade,
    Level,
    Kind,
    Points,
    Facility,
    Key,
    Scoring,
    Tags,
    Enemies,
    Source,
    Stem(Lang),
    Option(usize, Lang),
    Explanation(Lang),
}

fn column(head: &str) -> Option<Column> {
    let head = head.trim().to_lowercase().replace([' ', '-', '.'], "_");
    let simple = match head.as_str() {
        "code" | "код" | "id" | "номер" | "шифр" => Column::Code,
        "topic" | "тема" | "тақырып" | "бөлім" | "раздел" => Column::Topic,
        "subject" | "предмет" | "пән" => Column::Subject,
        "grade" | "класс" | "сынып" => Column::Grade,
        "level" | "уровень" | "деңгей" => Column::Level,
        "kind" | "type" | "тип" | "түрі" | "вид" => Column::Kind,
        "points" | "баллы" | "балл" | "ұпай" => Column::Points,
        "facility" | "трудность" | "қиындық" => Column::Facility,
        "key"
        | "ключ"
        | "кілт"
        | "answer"
        | "ответ"
        | "жауап"
        | "правильный_ответ"
        | "дұрыс_жауап" => Column::Key,
        "scoring" | "оценивание" | "бағалау" => Column::Scoring,
        "tags" | "теги" | "белгілер" => Column::Tags,
        "enemies" | "несовместимые" => Column::Enemies,
        "source" | "источник" | "дереккөз" => Column::Source,
        _ => return with_language(&head),
    };
    Some(simple)
}

fn with_language(head: &str) -> Option<Column> {
    let (name, lang) = match crate::join::suffix(head) {
        Some((name, lang)) => (name.to_owned(), lang),
        None => match head {
            "сұрақ" | "тапсырма" => ("stem".to_owned(), Lang::Kk),
            "вопрос" | "задание" => ("stem".to_owned(), Lang::Ru),
            _ => return None,
        },
    };
    match name.trim_matches('_') {
        "stem" | "question" | "вопрос" | "задание" | "сұрақ" | "тапсырма" => {
            Some(Column::Stem(lang))
        }
        "explanation" | "пояснение" | "түсіндірме" => {
            Some(Column::Explanation(lang))
        }
        other => {
            let rest = ["option", "вариант", "нұсқа", "жауап", "ответ", "answer", ""]
                .iter()
                .find_map(|word| other.strip_prefix(word))?
                .trim_matches('_');
            let n = rest.parse::<usize>().ok().or_else(|| letter(rest))?;
            (1..=OPTIONS).contains(&n).then_some(Column::Option(n, lang))
        }
    }
}

/// The number of a letter: Latin or Cyrillic, as answers are marked.
fn letter(text: &str) -> Option<usize> {
    let mut chars = text.chars();
    let c = chars.next().filter(|_| chars.next().is_none())?;
    let upper = c.to_uppercase().next()?;
    if upper.is_ascii_alphabetic() {
        return Some(usize::from(upper as u8 - b'A') + 1);
    }
    "АБВГДЕЖЗИКЛМ".chars().position(|one| one == upper).map(|at| at + 1)
}

/// Reads rows; the first with a known head is the head.
///
/// Errors: no row names a question and a key.
pub fn read(name: &str, rows: &[Vec<String>]) -> Result<Found, Refused> {
    let head = rows.iter().take(20).position(|row| {
        let columns: Vec<Column> = row.iter().filter_map(|cell| column(cell)).collect();
        columns.iter().any(|c| matches!(c, Column::Stem(_))) && columns.contains(&Column::Key)
    });
    let Some(head) = head else { return Err(Refused::new("table_head", heads().join(", "))) };
    let columns: Vec<Option<Column>> = rows[head].iter().map(|cell| column(cell)).collect();
    let mut found = Found::default();
    for (at, cell) in rows[head].iter().enumerate() {
        if columns.get(at).copied().flatten().is_none() && !cell.trim().is_empty() {
            found.notes.file = name.to_owned();
            found.notes.dropped("column", u32::try_from(head + 1).unwrap_or(0), cell.trim());
        }
    }
    for (at, row) in rows.iter().enumerate().skip(head + 1) {
        if row.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        found.seen += 1;
        let line = u32::try_from(at + 1).unwrap_or(u32::MAX);
        let row = Row { cells: row, columns: &columns };
        (found.notes.file, found.notes.item) = (name.to_owned(), row.get(Column::Code).to_owned());
        let drafts = row.drafts(name, line, &mut found.notes);
        found.items.extend(drafts);
    }
    Ok(found)
}

struct Row<'a> {
    cells: &'a [String],
    columns: &'a [Option<Column>],
}

impl Row<'_> {
    fn get(&self, wanted: Column) -> &str {
        let at = self.columns.iter().position(|column| *column == Some(wanted));
        at.and_then(|at| self.cells.get(at)).map_or("", |cell| cell.trim())
    }

    fn meta(&self, line: u32, notes: &mut Notes) -> Meta {
        let list = |column| -> Vec<String> {
            let parts = self.get(column).split(['|', ';', ',']).map(str::trim);
            parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        let topic = self.get(Column::Topic).to_lowercase();
        let known = topic.is_empty() || is_topic(&topic);
        if !known {
            notes.dropped("topic", line, &topic);
        }
        let level = self.get(Column::Level).to_lowercase();
        let parsed = Level::parse(&level);
        if parsed.is_none() && !level.is_empty() {
            notes.dropped("level", line, &level);
        }
        Meta {
            code: self.get(Column::Code).to_owned(),
            topic: if known { topic } else { String::new() },
            subject: self.get(Column::Subject).to_owned(),
            grade: number(self.get(Column::Grade))
                .filter(|n| (1.0..=12.0).contains(n))
                .unwrap_or(0.0) as u8,
            level: parsed.unwrap_or(Level::Understand),
            facility: number(self.get(Column::Facility))
                .filter(|n| (0.0..=1000.0).contains(n))
                .map_or(
                    0,
                    |n| if n <= 1.0 { (n * 1000.0).round() as u16 } else { n.round() as u16 },
                ),
            enemies: list(Column::Enemies),
            tags: list(Column::Tags),
            source: self.get(Column::Source).to_owned(),
        }
    }

    fn options(&self, lang: Lang) -> Vec<String> {
        let mut out: Vec<String> =
            (1..=OPTIONS).map(|n| self.get(Column::Option(n, lang)).to_owned()).collect();
        while out.last().is_some_and(String::is_empty) {
            out.pop();
        }
        out
    }

    fn drafts(&self, name: &str, line: u32, notes: &mut Notes) -> Vec<Draft> {
        let meta = self.meta(line, notes);
        let mut out = Vec::new();
        for lang in [Lang::Kk, Lang::Ru] {
            let stem = self.get(Column::Stem(lang));
            if stem.is_empty() {
                continue;
            }
            let Some((task, answers)) = self.task(lang, line, notes) else { return Vec::new() };
            let ident =
                if meta.code.is_empty() { format!("{name}-{line}") } else { meta.code.clone() };
            out.push(Draft {
                concept: Some(ident.clone()),
                ident,
                lang: Some(lang),
                meta: meta.clone(),
                body: Body { stem: Rich::plain(stem), task },
                answers,
                explanation: Rich::plain(self.get(Column::Explanation(lang))),
                place: (name.to_owned(), line),
            });
        }
        if out.is_empty() {
            notes.refused("no_stem", line, "");
        }
        out
    }

    fn task(&self, lang: Lang, line: u32, notes: &mut Notes) -> Option<(Task, Answers)> {
        let key = self.get(Column::Key);
        let texts = self.options(lang);
        let kind = match self.get(Column::Kind).to_lowercase().as_str() {
            "" if texts.is_empty() && number(key).is_some() => Kind::Number,
            "" if texts.is_empty() => Kind::Text,
            "" if places(key, texts.len()).is_some_and(|list| list.len() > 1) => Kind::Multiple,
            "" => Kind::Single,
            text => match Kind::parse(text) {
                Some(Kind::Hotspot) | None => {
                    notes.refused("row_kind", line, text);
                    return None;
                }
                Some(kind) => kind,
            },
        };
        let opt = |n: usize, text: &str| Opt {
            id: format!("o{n}"),
            text: Rich::plain(text),
            fixed: false,
        };
        let options: Vec<Opt> =
            texts.iter().enumerate().map(|(at, text)| opt(at + 1, text)).collect();
        let right = || {
            places(key, texts.len())
                .map(|list| list.into_iter().map(|n| format!("o{n}")).collect::<Vec<_>>())
        };
        let points = number(self.get(Column::Points))
            .filter(|n| (1.0..=100.0).contains(n))
            .unwrap_or(1.0) as u32;
        let rule = Rule::parse(&self.get(Column::Scoring).to_lowercase())
            .filter(|rule| *rule != Rule::Table);
        let scoring = Scoring { points, rule: rule.unwrap_or(Rule::All), table: Vec::new() };
        let found = match kind {
            Kind::Single => right()
                .filter(|list| list.len() == 1)
                .map(|right| (Task::Single { options, shuffle: true }, Key::Options { right })),
            Kind::Multiple => right().map(|mut right| {
                right.sort();
                (
                    Task::Multiple { options, shuffle: true, least: 0, most: 0 },
                    Key::Options { right },
                )
            }),
            Kind::Ordering => {
                let usual = || Some((1..=texts.len()).map(|n| format!("o{n}")).collect());
                let right: Option<Vec<String>> = if key.is_empty() { usual() } else { right() };
                right
                    .filter(|list| list.len() == options.len())
                    .map(|right| (Task::Ordering { options, shuffle: true }, Key::Order { right }))
            }
            Kind::Matching => pairs(&texts),
            Kind::Number => range(key).map(|range| {
                (Task::Number { unit: String::new() }, Key::Number { right: vec![range] })
            }),
            Kind::Text => {
                let accept: Vec<Accept> = key
                    .split('|')
                    .map(str::trim)
                    .filter(|word| !word.is_empty())
                    .map(Accept::whole)
                    .collect();
                (!accept.is_empty()).then(|| {
                    let gap = Gap { id: "g1".into(), options: Vec::new(), width: 0 };
                    let key = GapKey { gap: "g1".into(), accept, numbers: Vec::new() };
                    (Task::Text { gaps: vec![gap], shuffle: false }, Key::Gaps { right: vec![key] })
                })
            }
            Kind::Hotspot => None,
        };
        let Some((task, key)) = found else {
            notes.refused("row_key", line, key);
            return None;
        };
        Some((task, Answers { key, scoring }))
    }
}

/// The options that a key names by letters or numbers: `B`, `1, 3`, `АВ`.
fn places(key: &str, n: usize) -> Option<Vec<usize>> {
    let words: Vec<&str> =
        key.split([',', ';', ' ', '|', '/']).filter(|word| !word.is_empty()).collect();
    let one = |word: &str| word.parse::<usize>().ok().or_else(|| letter(word));
    let mut list: Option<Vec<usize>> = words.iter().map(|word| one(word)).collect();
    if list.is_none()
        && let [word] = words.as_slice()
    {
        list = word.chars().map(|c| letter(&c.to_string())).collect();
    }
    list.filter(|list| !list.is_empty() && list.iter().all(|at| (1..=n).contains(at)))
}

fn pairs(texts: &[String]) -> Option<(Task, Key)> {
    let (mut left, mut to, mut right) = (Vec::new(), Vec::<Opt>::new(), Vec::new());
    for text in texts.iter().filter(|text| !text.is_empty()) {
        let (a, b) = text.split_once("->").or_else(|| text.split_once('→'))?;
        let target = Rich::plain(b);
        let known = to.iter().find(|one| one.text == target).map(|one| one.id.clone());
        let target = known.unwrap_or_else(|| {
            let id = format!("r{}", to.len() + 1);
            to.push(Opt { id: id.clone(), text: target, fixed: false });
            id
        });
        if !a.trim().is_empty() {
            let id = format!("l{}", left.len() + 1);
            left.push(Opt { id: id.clone(), text: Rich::plain(a), fixed: false });
            right.push((id, target));
        }
    }
    let task = Task::Matching { left, right: to, shuffle: true, reuse: 0 };
    (!right.is_empty()).then_some((task, Key::Pairs { right }))
}

/// `3,14`, `3,14±0,01`, `3..4`.
fn range(key: &str) -> Option<Range> {
    let (from, to) = if let Some((from, to)) = key.split_once("..") {
        (number(from)?, number(to)?)
    } else if let Some((value, tolerance)) = key.split_once('±') {
        let (value, tolerance) = (number(value)?, number(tolerance)?.abs());
        (value - tolerance, value + tolerance)
    } else {
        (number(key)?, number(key)?)
    };
    (from <= to).then_some(Range { from, to, share: WHOLE })
}
