//! An item whole: both languages and the key. What has to hold within a language, between the
//! languages, and between them and the key.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    body::{Body, Opt, Task},
    key::{Answers, Key, Range, Rule, WHOLE},
    meta::Meta,
    rich::{DEPTH_MAX, Inline, NODES_MAX, Rich, is_hash},
};
use crate::shared::{lang::Lang, refusal::Check};

/// Most options, gaps, areas or pairs of an item.
pub const PARTS_MAX: usize = 60;
/// Longest identifier of an option, characters.
pub const ID_MAX: usize = 64;

/// Everything of a version of an item, as authors see it. Never delivered: a candidate gets a
/// [`Body`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// Where it belongs.
    pub meta: Meta,
    /// Kazakh.
    #[serde(default)]
    pub kk: Option<Body>,
    /// Russian.
    #[serde(default)]
    pub ru: Option<Body>,
    /// Key and scoring, one for both languages.
    pub answers: Answers,
    /// Why the key is right, Kazakh: for reviewers and the appeal.
    #[serde(default, skip_serializing_if = "Rich::is_empty")]
    pub explanation_kk: Rich,
    /// The same in Russian.
    #[serde(default, skip_serializing_if = "Rich::is_empty")]
    pub explanation_ru: Rich,
}

impl Content {
    /// The body in a language.
    pub const fn body(&self, lang: Lang) -> Option<&Body> {
        match lang {
            Lang::Kk => self.kk.as_ref(),
            Lang::Ru => self.ru.as_ref(),
            Lang::En => None,
        }
    }

    /// Whether a change from `self` to `next` touches what a candidate meets or is judged by:
    /// then an item that was used gets a new version.
    pub fn is_same_task(&self, next: &Content) -> bool {
        self.kk == next.kk && self.ru == next.ru && self.answers == next.answers
    }

    /// What is wrong, all at once. `whole` asks for both languages as well: a draft may wait for
    /// its second one, a review may not.
    pub fn check(&self, whole: bool) -> Check {
        let mut wrong = Check::default();
        self.meta.check(&mut wrong);
        if whole && self.meta.topic.is_empty() {
            wrong.wrong("topic", "required");
        }
        for (field, body) in [("kk", &self.kk), ("ru", &self.ru)] {
            match body {
                Some(body) => check_body(field, body, &mut wrong),
                None if whole => wrong.wrong(field, "required"),
                None => {}
            }
        }
        match (&self.kk, &self.ru) {
            (None, None) if !whole => wrong.wrong("kk", "required"),
            (Some(kk), Some(ru)) => differences(kk, ru, &mut wrong),
            _ => {}
        }
        if let Some(body) = self.kk.as_ref().or(self.ru.as_ref()) {
            check_key(body, &self.answers, &mut wrong);
        }
        wrong
    }
}

fn check_body(field: &'static str, body: &Body, wrong: &mut Check) {
    let at = |part: &str| format!("{field}.{part}");
    if body.stem.is_empty() {
        wrong.wrong(at("stem"), "required");
    }
    for text in body.texts() {
        let (nodes, depth) = text.size();
        if nodes > NODES_MAX || depth > DEPTH_MAX * 4 {
            wrong.wrong_with(at("stem"), "too_long", "max", NODES_MAX);
        }
        text.walk(&mut |inline| match inline {
            Inline::Image(image) if !is_hash(&image.hash) => wrong.wrong(at("image"), "unknown"),
            Inline::Math(math) if !math.is_safe() => wrong.wrong(at("formula"), "unsafe_formula"),
            _ => {}
        });
    }
    for (list, options) in body.task.lists() {
        check_options(&at(list), options, wrong);
        let chosen = matches!(&body.task, Task::Text { .. });
        if options.len() < 2 && !(chosen && options.is_empty()) && list != "left" {
            wrong.wrong(at(list), "too_few_options");
        }
    }
    match &body.task {
        Task::Multiple { options, least, most, .. } => {
            let n = u32::try_from(options.len()).unwrap_or(u32::MAX);
            if *least > n || *most > n || (*most > 0 && least > most) {
                wrong.wrong(at("least"), "unknown");
            }
        }
        Task::Matching { left, .. } if left.is_empty() => {
            wrong.wrong(at("left"), "too_few_options");
        }
        Task::Hotspot { image, areas, .. } => {
            if !is_hash(&image.hash) {
                wrong.wrong(at("image"), "required");
            }
            check_ids(&at("areas"), areas.iter().map(|area| area.id.as_str()), wrong);
        }
        Task::Text { gaps, .. } => {
            if gaps.is_empty() {
                wrong.wrong(at("gaps"), "required");
            }
            check_ids(&at("gaps"), gaps.iter().map(|gap| gap.id.as_str()), wrong);
        }
        _ => {}
    }
    let named = body.stem.gaps();
    let known: BTreeSet<&str> = match &body.task {
        Task::Text { gaps, .. } => gaps.iter().map(|gap| gap.id.as_str()).collect(),
        _ => BTreeSet::new(),
    };
    let once: BTreeSet<&str> = named.iter().copied().collect();
    if once.len() != named.len() || !once.is_subset(&known) {
        wrong.wrong(at("gaps"), "unknown_gap");
    }
}

fn check_options(field: &str, options: &[Opt], wrong: &mut Check) {
    check_ids(field, options.iter().map(|option| option.id.as_str()), wrong);
    if options.iter().any(|option| option.text.is_empty()) {
        wrong.wrong(field.to_owned(), "empty_option");
    }
    let texts: BTreeSet<String> = options
        .iter()
        .map(|option| serde_json::to_string(&option.text).unwrap_or_default())
        .collect();
    if texts.len() != options.len() {
        wrong.wrong(field.to_owned(), "same_options");
    }
}

fn check_ids<'a>(field: &str, ids: impl Iterator<Item = &'a str>, wrong: &mut Check) {
    let mut seen = BTreeSet::new();
    let mut fine = true;
    for id in ids {
        let shape = !id.is_empty()
            && id.chars().count() <= ID_MAX
            && !id.chars().any(|c| c.is_whitespace() || c.is_control());
        fine &= shape && seen.insert(id);
    }
    if !fine || seen.len() > PARTS_MAX {
        wrong.wrong(field.to_owned(), "identifiers");
    }
}

/// The identifiers of a body by their places, in order: what both languages must share.
fn shape(body: &Body) -> Vec<(String, Vec<String>)> {
    let mut out: Vec<(String, Vec<String>)> = body
        .task
        .lists()
        .into_iter()
        .map(|(place, list)| (place.to_owned(), list.iter().map(|o| o.id.clone()).collect()))
        .collect();
    if let Task::Hotspot { areas, .. } = &body.task {
        out.push(("areas".into(), areas.iter().map(|area| area.id.clone()).collect()));
    }
    out
}

/// What differs between the languages (C8 R4: as many options, the same key, the same task).
pub fn differences(kk: &Body, ru: &Body, wrong: &mut Check) {
    if kk.task.kind() != ru.task.kind() {
        wrong.wrong("ru.kind", "parity_kind");
        return;
    }
    let (first, second) = (shape(kk), shape(ru));
    let sizes = |shape: &[(String, Vec<String>)]| {
        shape.iter().map(|(_, ids)| ids.len()).collect::<Vec<_>>()
    };
    if sizes(&first) != sizes(&second) {
        wrong.wrong("ru.options", "parity_count");
    } else if first != second {
        wrong.wrong("ru.options", "parity_options");
    }
    let sorted = |body: &Body| {
        let mut gaps: Vec<String> = body.stem.gaps().into_iter().map(str::to_owned).collect();
        gaps.sort();
        gaps
    };
    if sorted(kk) != sorted(ru) {
        wrong.wrong("ru.gaps", "parity_gaps");
    }
    let limits = |task: &Task| match task {
        Task::Single { shuffle, .. }
        | Task::Ordering { shuffle, .. }
        | Task::Text { shuffle, .. } => (*shuffle, 0, 0),
        Task::Multiple { shuffle, least, most, .. } => (*shuffle, *least, *most),
        Task::Matching { shuffle, reuse, .. } => (*shuffle, *reuse, 0),
        Task::Hotspot { most, .. } => (false, *most, 0),
        Task::Number { .. } => (false, 0, 0),
    };
    if limits(&kk.task) != limits(&ru.task) {
        wrong.wrong("ru.limits", "parity_limits");
    }
}

fn check_key(body: &Body, answers: &Answers, wrong: &mut Check) {
    let ids = |options: &[Opt]| -> BTreeSet<String> {
        options.iter().map(|option| option.id.clone()).collect()
    };
    let within = |right: &[String], known: &BTreeSet<String>| {
        right.iter().all(|id| known.contains(id))
            && right.iter().collect::<BTreeSet<_>>().len() == right.len()
    };
    let sound = |ranges: &[Range]| {
        ranges.iter().all(|r| r.from.is_finite() && r.to.is_finite() && r.from <= r.to)
    };
    let fits = match (&body.task, &answers.key) {
        (Task::Single { options, .. }, Key::Options { right }) => {
            right.len() == 1 && within(right, &ids(options))
        }
        (Task::Multiple { options, .. }, Key::Options { right }) => {
            !right.is_empty() && within(right, &ids(options))
        }
        (Task::Matching { left, right: to, .. }, Key::Pairs { right }) => {
            let (left, to) = (ids(left), ids(to));
            !right.is_empty() && right.iter().all(|(a, b)| left.contains(a) && to.contains(b))
        }
        (Task::Ordering { options, shuffle }, Key::Order { right }) => {
            if !shuffle && options.iter().map(|option| &option.id).eq(right.iter()) {
                wrong.wrong("key", "order_shown");
            }
            right.len() == options.len() && within(right, &ids(options))
        }
        (Task::Number { .. }, Key::Number { right }) => {
            !right.is_empty() && sound(right) && right.iter().any(|r| r.share == WHOLE)
        }
        (Task::Hotspot { areas, .. }, Key::Areas { right }) => {
            !right.is_empty() && within(right, &areas.iter().map(|a| a.id.clone()).collect())
        }
        (Task::Hotspot { areas, .. }, Key::Shapes { right }) => {
            areas.is_empty() && !right.is_empty()
        }
        (Task::Text { gaps, .. }, Key::Gaps { right }) => {
            let named: BTreeSet<&str> = right.iter().map(|key| key.gap.as_str()).collect();
            let known: BTreeSet<&str> = gaps.iter().map(|gap| gap.id.as_str()).collect();
            named == known
                && named.len() == right.len()
                && right.iter().all(|key| {
                    let gap = gaps.iter().find(|gap| gap.id == key.gap);
                    let options = gap.map(|gap| ids(&gap.options)).unwrap_or_default();
                    sound(&key.numbers)
                        && !(key.accept.is_empty() && key.numbers.is_empty())
                        && (options.is_empty()
                            || key.accept.iter().all(|one| options.contains(&one.text)))
                })
        }
        _ => false,
    };
    if !fits {
        wrong.wrong("key", "key_does_not_fit");
    }
    let shares = answers.scoring.table.iter().map(|(_, share)| *share);
    if shares.clone().any(|share| !(-WHOLE..=WHOLE).contains(&share))
        || (answers.scoring.rule == Rule::Table && !has_whole(answers))
        || !(1..=100).contains(&answers.scoring.points)
    {
        wrong.wrong("scoring", "unknown");
    }
}

/// Whether the whole mark can be reached by the table.
fn has_whole(answers: &Answers) -> bool {
    let gains =
        answers.scoring.table.iter().map(|(_, share)| i64::from(*share).max(0)).sum::<i64>();
    matches!(answers.key, Key::Shapes { .. }) || gains >= i64::from(WHOLE) - 10
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::key::Scoring;

    fn option(id: &str, text: &str) -> Opt {
        Opt { id: id.into(), text: Rich::plain(text), fixed: false }
    }

    fn single(stem: &str, options: &[(&str, &str)]) -> Body {
        let options = options.iter().map(|(id, text)| option(id, text)).collect();
        Body { stem: Rich::plain(stem), task: Task::Single { options, shuffle: true } }
    }

    fn item() -> Content {
        Content {
            meta: Meta { code: "P-1".into(), topic: "pedagogy".into(), ..Meta::default() },
            kk: Some(single("Сұрақ", &[("a", "иә"), ("b", "жоқ")])),
            ru: Some(single("Вопрос", &[("a", "да"), ("b", "нет")])),
            answers: Answers {
                key: Key::Options { right: vec!["a".into()] },
                scoring: Scoring::default(),
            },
            explanation_kk: Rich::default(),
            explanation_ru: Rich::default(),
        }
    }

    fn codes(content: &Content) -> Vec<(String, &'static str)> {
        content.check(true).0.into_iter().map(|e| (e.field.into_owned(), e.code)).collect()
    }

    #[test]
    fn a_sound_item_passes() {
        assert_eq!(codes(&item()), []);
    }

    #[test]
    fn languages_must_match() {
        let mut other = item();
        other.ru = Some(single("Вопрос", &[("a", "да"), ("b", "нет"), ("c", "не знаю")]));
        assert_eq!(codes(&other), [("ru.options".into(), "parity_count")]);
        other.ru = Some(single("Вопрос", &[("b", "нет"), ("a", "да")]));
        assert_eq!(codes(&other), [("ru.options".into(), "parity_options")]);
        other.ru = Some(Body {
            stem: Rich::plain("Вопрос"),
            task: Task::Number { unit: String::new() },
        });
        assert_eq!(codes(&other), [("ru.kind".into(), "parity_kind")]);
        other.ru = None;
        assert_eq!(codes(&other), [("ru".into(), "required")]);
        assert!(other.check(false).0.is_empty());
    }

    #[test]
    fn the_key_must_fit() {
        for key in [
            Key::Options { right: vec![] },
            Key::Options { right: vec!["a".into(), "b".into()] },
            Key::Options { right: vec!["z".into()] },
            Key::Order { right: vec!["a".into(), "b".into()] },
        ] {
            let mut other = item();
            other.answers.key = key;
            assert_eq!(codes(&other), [("key".into(), "key_does_not_fit")]);
        }
    }

    #[test]
    fn options_are_distinct_and_said() {
        let mut other = item();
        other.kk = Some(single("Сұрақ", &[("a", "иә"), ("b", "иә")]));
        assert_eq!(codes(&other), [("kk.options".into(), "same_options")]);
        other.kk = Some(single("Сұрақ", &[("a", "иә"), ("b", " ")]));
        assert_eq!(codes(&other), [("kk.options".into(), "empty_option")]);
        other.kk = Some(single("", &[("a", "иә"), ("b", "жоқ")]));
        assert_eq!(codes(&other), [("kk.stem".into(), "required")]);
    }

    #[test]
    fn an_order_that_is_shown_is_no_task() {
        let body = |stem: &str| Body {
            stem: Rich::plain(stem),
            task: Task::Ordering {
                options: vec![option("a", "1"), option("b", "2")],
                shuffle: false,
            },
        };
        let mut other = item();
        other.kk = Some(body("Реттеңіз"));
        other.ru = Some(body("Упорядочьте"));
        other.answers.key = Key::Order { right: vec!["a".into(), "b".into()] };
        assert_eq!(codes(&other), [("key".into(), "order_shown")]);
    }

    /// The body is what is delivered: no field of it is named after a key, whatever the kind.
    #[test]
    fn what_is_delivered_names_no_key() {
        let json = serde_json::to_string(&item().kk).unwrap();
        for word in ["right", "key", "share", "scoring", "accept", "explanation"] {
            assert!(!json.contains(&format!("\"{word}\"")), "{json}");
        }
    }
}
