//! Drafts in one language into items of two.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    bank::{
        body::{Body, Task},
        key::{Accept, Answers, Key, Rule, WHOLE},
        parity::Content,
        rich::Rich,
    },
    shared::lang::Lang,
};

use crate::{
    model::{Draft, Found},
    report::Notes,
};

/// An item of both languages (or of one, where the file has no other).
#[derive(Debug, Clone, PartialEq)]
pub struct Joined {
    /// The item.
    pub content: Content,
    /// File and line of its first draft.
    pub place: (String, u32),
    /// Fields that are wrong, as [`Content::check`] names them; such an item is not taken.
    pub wrong: Vec<(String, &'static str)>,
}

/// The common part and the language of an identifier like `P-17_kk`, `P-17.ru`, `kk/P-17`.
pub fn suffix(ident: &str) -> Option<(&str, Lang)> {
    let lang = |code: &str| match code.to_ascii_lowercase().as_str() {
        "kk" | "kz" | "kaz" | "қаз" => Some(Lang::Kk),
        "ru" | "rus" | "рус" => Some(Lang::Ru),
        _ => None,
    };
    for separator in ['-', '_', '.', '/', ':', ' '] {
        if let Some((base, code)) = ident.rsplit_once(separator)
            && let Some(lang) = lang(code)
            && !base.is_empty()
        {
            return Some((base, lang));
        }
    }
    let (code, base) = ident.split_once(['-', '_', '/'])?;
    lang(code).filter(|_| !base.is_empty()).map(|lang| (base, lang))
}

/// Joins what belongs together: the same concept, or identifiers that differ by the language.
/// A pair whose keys differ is not joined silently: it is wrong and says so.
pub fn join(found: &mut Found) -> Vec<Joined> {
    let mut order: Vec<String> = Vec::new();
    let mut groups: BTreeMap<String, Vec<Draft>> = BTreeMap::new();
    for draft in std::mem::take(&mut found.items) {
        let concept = draft.concept.clone().filter(|c| !c.is_empty());
        let name = concept
            .or_else(|| suffix(&draft.ident).map(|(base, _)| base.to_owned()))
            .unwrap_or_else(|| draft.ident.clone());
        let group = groups.entry(name.clone()).or_default();
        if group.is_empty() {
            order.push(name);
        }
        group.push(draft);
    }
    let mut out = Vec::new();
    for name in order {
        let mut rest = groups.remove(&name).unwrap_or_default();
        let mut n = 0;
        while !rest.is_empty() {
            let mut pair: Vec<Draft> = Vec::new();
            let mut later = Vec::new();
            for draft in rest {
                let room = pair.len() < 2 && pair.iter().all(|have| have.lang != draft.lang);
                if room { pair.push(draft) } else { later.push(draft) }
            }
            rest = later;
            n += 1;
            if n > 1
                && let Some(draft) = pair.first()
            {
                found.notes.file.clone_from(&draft.place.0);
                found.notes.item.clone_from(&draft.ident);
                found.notes.hint("same_identifier", draft.place.1, &name);
            }
            let code = if n == 1 { name.clone() } else { format!("{name}~{n}") };
            out.extend(joined(code, pair, &mut found.notes));
        }
    }
    out
}

fn joined(code: String, mut pair: Vec<Draft>, notes: &mut Notes) -> Option<Joined> {
    pair.sort_by_key(|draft| draft.lang.map_or(0, |lang| lang as u8));
    let mut drafts = pair.into_iter();
    let first = drafts.next()?;
    let second = drafts.next();
    let place = first.place.clone();
    let mut meta = first.meta.clone();
    if meta.code.is_empty() {
        meta.code = code;
    }
    let mut content = Content {
        meta,
        kk: None,
        ru: None,
        answers: first.answers.clone(),
        explanation_kk: Rich::default(),
        explanation_ru: Rich::default(),
    };
    let mut wrong = Vec::new();
    if let Some(second) = &second {
        match both(&first, second) {
            Some(answers) => content.answers = answers,
            None => wrong.push(("key".to_owned(), "parity_key")),
        }
    }
    for draft in std::iter::once(first).chain(second) {
        if draft.lang == Some(Lang::Kk) {
            (content.kk, content.explanation_kk) = (Some(draft.body), draft.explanation);
        } else {
            (content.ru, content.explanation_ru) = (Some(draft.body), draft.explanation);
        }
    }
    if wrong.is_empty() {
        let check = content.check(false);
        wrong = check.0.into_iter().map(|one| (one.field.into_owned(), one.code)).collect();
    }
    if !wrong.is_empty() {
        (notes.file, notes.item) = (place.0.clone(), content.meta.code.clone());
        for (field, code) in &wrong {
            notes.refused("unsound", place.1, format!("{field}: {code}"));
        }
    }
    Some(Joined { content, place, wrong })
}

/// One key for both; `None` where they differ. Words of gaps belong to their language.
fn both(first: &Draft, second: &Draft) -> Option<Answers> {
    if first.answers == second.answers {
        return Some(first.answers.clone());
    }
    let (Key::Gaps { right: one }, Key::Gaps { right: other }) =
        (&first.answers.key, &second.answers.key)
    else {
        return None;
    };
    if first.answers.scoring != second.answers.scoring || one.len() != other.len() {
        return None;
    }
    let mut right = Vec::new();
    for (a, b) in one.iter().zip(other) {
        if a.gap != b.gap || a.numbers != b.numbers {
            return None;
        }
        let mut key = a.clone();
        if a.accept != b.accept {
            if has_options(&first.body, &a.gap) {
                return None;
            }
            let of = |list: &[Accept], lang: Option<Lang>| -> Vec<Accept> {
                list.iter().map(|one| Accept { lang: one.lang.or(lang), ..one.clone() }).collect()
            };
            key.accept = of(&a.accept, first.lang);
            key.accept.extend(of(&b.accept, second.lang));
        }
        right.push(key);
    }
    Some(Answers { key: Key::Gaps { right }, scoring: first.answers.scoring.clone() })
}

fn has_options(body: &Body, gap: &str) -> bool {
    matches!(&body.task, Task::Text { gaps, .. }
        if gaps.iter().any(|one| one.id == gap && !one.options.is_empty()))
}

/// Brings a draft within the bounds of the model: identifiers that are too long or have spaces
/// get others. Readers call it last.
pub fn tidy(draft: &mut Draft) {
    let mut names: BTreeMap<(u8, String), String> = BTreeMap::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let fine = |id: &str| {
        !id.is_empty()
            && id.chars().count() <= domain::bank::parity::ID_MAX
            && !id.chars().any(|c| c.is_whitespace() || c.is_control())
    };
    let mut of = |place: u8, id: &mut String| {
        if !fine(id) {
            let entry = names.entry((place, id.clone())).or_insert_with(|| {
                let mut n = taken.len() + 1;
                while taken.contains(&format!("o{n}")) {
                    n += 1;
                }
                taken.insert(format!("o{n}"));
                format!("o{n}")
            });
            id.clone_from(entry);
        }
    };
    match &mut draft.body.task {
        Task::Single { options, .. }
        | Task::Multiple { options, .. }
        | Task::Ordering { options, .. } => {
            options.iter_mut().for_each(|option| of(0, &mut option.id));
        }
        Task::Matching { left, right, .. } => {
            left.iter_mut().for_each(|option| of(0, &mut option.id));
            right.iter_mut().for_each(|option| of(1, &mut option.id));
        }
        Task::Hotspot { areas, .. } => areas.iter_mut().for_each(|area| of(0, &mut area.id)),
        Task::Text { .. } | Task::Number { .. } => {}
    }
    match &mut draft.answers.key {
        Key::Options { right } | Key::Order { right } | Key::Areas { right } => {
            right.iter_mut().for_each(|id| of(0, id));
            if draft.body.task.kind() != domain::bank::body::Kind::Ordering {
                right.sort();
                right.dedup();
            }
        }
        Key::Pairs { right } => {
            for (a, b) in right.iter_mut() {
                of(0, a);
                of(1, b);
            }
            right.sort();
            right.dedup();
        }
        _ => {}
    }
    if draft.answers.scoring.rule == Rule::Table {
        let whole_for_right = match &draft.answers.key {
            Key::Options { right } if right.len() == 1 => {
                draft.answers.scoring.table.iter().all(|(id, share)| {
                    (*share == WHOLE) == right.contains(id) && (*share == WHOLE || *share == 0)
                })
            }
            _ => false,
        };
        // A table that says no more than the key is no table.
        if whole_for_right {
            draft.answers.scoring.rule = Rule::All;
            draft.answers.scoring.table.clear();
        }
    }
}
