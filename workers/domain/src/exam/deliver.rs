//! What leaves the server: the body of an item with identifiers and an order that mean something in
//! this attempt alone. Nothing here can name a key: the scorer reads keys from another table, and
//! what is delivered is made of bodies only.

use super::seed::{Stream, hex, mac};
use crate::bank::{
    answer::Answer,
    body::{Area, Body, Opt, Task},
};

/// An identifier of an option for one attempt: the same letter means nothing to a neighbour.
fn veiled(key: &[u8; 32], item: &str, list: &str, id: &str) -> String {
    hex(&mac(key, &["option", item, list, id])[..8])
}

/// The body as this attempt sees it. `item` is the item's version.
pub fn veil(body: &Body, key: &[u8; 32], item: &str) -> Body {
    let mut stream = Stream::new(&mac(key, &["order", item]));
    let mut list = |name: &str, options: &[Opt], shuffle: bool| {
        let mut places: Vec<usize> = (0..options.len()).collect();
        if shuffle {
            let mut free: Vec<usize> =
                places.iter().copied().filter(|at| !options[*at].fixed).collect();
            let targets = free.clone();
            stream.shuffle(&mut free);
            for (target, from) in targets.into_iter().zip(free) {
                places[target] = from;
            }
        }
        let one = |at: &usize| Opt {
            id: veiled(key, item, name, &options[*at].id),
            ..options[*at].clone()
        };
        places.iter().map(one).collect::<Vec<_>>()
    };
    let mut body = body.clone();
    match &mut body.task {
        Task::Single { options, shuffle }
        | Task::Multiple { options, shuffle, .. }
        | Task::Ordering { options, shuffle } => *options = list("options", options, *shuffle),
        Task::Matching { left, right, shuffle, .. } => {
            *left = list("left", left, *shuffle);
            *right = list("right", right, *shuffle);
        }
        Task::Text { gaps, shuffle } => {
            for gap in gaps {
                gap.options = list(&gap.id, &gap.options, *shuffle);
            }
        }
        Task::Hotspot { areas, .. } => {
            for area in areas {
                area.id = veiled(key, item, "areas", &area.id);
            }
        }
        Task::Number { .. } => {}
    }
    body
}

/// An answer in the identifiers of the bank. What the item does not have is left out: a made-up
/// identifier earns nothing and takes nothing.
pub fn unveil(body: &Body, key: &[u8; 32], item: &str, answer: &Answer) -> Answer {
    let find = |name: &str, options: &[Opt], id: &str| {
        options.iter().find(|o| veiled(key, item, name, &o.id) == id).map(|o| o.id.clone())
    };
    let area = |areas: &[Area], id: &str| {
        areas.iter().find(|a| veiled(key, item, "areas", &a.id) == id).map(|a| a.id.clone())
    };
    match (&body.task, answer) {
        (
            Task::Single { options, .. } | Task::Multiple { options, .. },
            Answer::Options(chosen),
        ) => Answer::Options(chosen.iter().filter_map(|id| find("options", options, id)).collect()),
        (Task::Hotspot { areas, .. }, Answer::Options(chosen)) => {
            Answer::Options(chosen.iter().filter_map(|id| area(areas, id)).collect())
        }
        (Task::Ordering { options, .. }, Answer::Order(order)) => {
            Answer::Order(order.iter().filter_map(|id| find("options", options, id)).collect())
        }
        (Task::Matching { left, right, .. }, Answer::Pairs(pairs)) => {
            let pair = |(a, b): &(String, String)| {
                Some((find("left", left, a)?, find("right", right, b)?))
            };
            Answer::Pairs(pairs.iter().filter_map(pair).collect())
        }
        (Task::Text { gaps, .. }, Answer::Gaps(given)) => {
            let fill = |(id, text): &(String, String)| {
                let gap = gaps.iter().find(|gap| gap.id == *id)?;
                let text = if gap.options.is_empty() {
                    text.clone()
                } else {
                    find(&gap.id, &gap.options, text)?
                };
                Some((id.clone(), text))
            };
            Answer::Gaps(given.iter().filter_map(fill).collect())
        }
        (_, other) => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bank::{
            answer::share,
            body::Gap,
            key::{Answers, Key, Rule, Scoring, WHOLE},
            rich::Rich,
        },
        shared::lang::Lang,
    };

    fn options(ids: &str) -> Vec<Opt> {
        let one = |id: &str| Opt {
            id: id.into(),
            text: Rich::plain(&format!("нұсқа {id}")),
            fixed: id == "e",
        };
        ids.split_whitespace().map(one).collect()
    }

    fn single() -> Body {
        let task = Task::Single { options: options("a b c d e"), shuffle: true };
        Body { stem: Rich::plain("Сұрақ"), task }
    }

    fn shown(body: &Body) -> Vec<(String, String)> {
        let Task::Single { options, .. } = &body.task else { panic!() };
        options.iter().map(|o| (o.id.clone(), o.text.text())).collect()
    }

    #[test]
    fn nobody_can_tell_a_neighbour_which_letter_it_is() {
        let (one, other) = (veil(&single(), &[1; 32], "i"), veil(&single(), &[2; 32], "i"));
        let (one, other) = (shown(&one), shown(&other));
        assert!(one.iter().all(|(id, _)| other.iter().all(|(theirs, _)| theirs != id)));
        assert!(one.iter().all(|(id, _)| id.len() == 16));
        assert_eq!(one[4].1, "нұсқа e", "what is fixed stays");
        // Every order of the four comes about as often as any other (23 degrees of freedom).
        let mut seen = std::collections::HashMap::<Vec<String>, u32>::new();
        for n in 0..4800_u32 {
            let body = veil(&single(), &mac(&[3], &[&n.to_string()]), "i");
            let order = shown(&body).into_iter().map(|(_, text)| text).collect();
            *seen.entry(order).or_default() += 1;
        }
        let chi: f64 = seen.values().map(|n| (f64::from(*n) - 200.0).powi(2) / 200.0).sum();
        assert!(seen.len() == 24 && chi < 49.73, "{} {chi}", seen.len());
    }

    #[test]
    fn an_answer_comes_back_to_the_bank_and_made_up_names_do_not() {
        let body = single();
        let key = Answers {
            key: Key::Options { right: vec!["c".into()] },
            scoring: Scoring { points: 1, rule: Rule::All, table: Vec::new() },
        };
        for n in 0..20 {
            let attempt = [n; 32];
            for (id, text) in shown(&veil(&body, &attempt, "i")) {
                let answer = unveil(&body, &attempt, "i", &Answer::Options(vec![id]));
                let earned = share(&key, Lang::Kk, &answer);
                assert_eq!(earned == WHOLE, text == "нұсқа c");
            }
            // The bank's own letter is no answer, nor is another attempt's identifier.
            let plain = unveil(&body, &attempt, "i", &Answer::Options(vec!["c".into()]));
            assert_eq!(plain, Answer::Options(Vec::new()));
        }
    }

    #[test]
    fn every_kind_comes_back() {
        let key = [9; 32];
        let of = |task| Body { stem: Rich::plain("?"), task };
        let right = |list: &str, id: &str| veiled(&key, "i", list, id);
        let matching = of(Task::Matching {
            left: options("a b"),
            right: options("x y"),
            shuffle: true,
            reuse: 0,
        });
        let given = Answer::Pairs(vec![(right("left", "a"), right("right", "y"))]);
        let back = unveil(&matching, &key, "i", &given);
        assert_eq!(back, Answer::Pairs(vec![("a".into(), "y".into())]));
        let ordering = of(Task::Ordering { options: options("a b"), shuffle: true });
        let given = Answer::Order(vec![right("options", "b"), "?".into(), right("options", "a")]);
        let back = unveil(&ordering, &key, "i", &given);
        assert_eq!(back, Answer::Order(vec!["b".into(), "a".into()]));
        let gaps = vec![
            Gap { id: "g".into(), options: options("a b"), width: 0 },
            Gap { id: "w".into(), ..Gap::default() },
        ];
        let text = of(Task::Text { gaps, shuffle: false });
        let given = Answer::Gaps(vec![
            ("g".into(), right("g", "b")),
            ("w".into(), "сөз".into()),
            ("z".into(), "1".into()),
        ]);
        let back = unveil(&text, &key, "i", &given);
        assert_eq!(back, Answer::Gaps(vec![("g".into(), "b".into()), ("w".into(), "сөз".into())]));
        let number = of(Task::Number { unit: String::new() });
        assert_eq!(
            unveil(&number, &key, "i", &Answer::Number("1".into())),
            Answer::Number("1".into())
        );
    }
}
