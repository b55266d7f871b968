//! What a candidate answers and what it is worth.

use serde::{Deserialize, Serialize};

use super::key::{Accept, Answers, GapKey, Key, Range, Rule, WHOLE};
use crate::shared::{fold, lang::Lang};

/// An answer, as the runner sends it. Untrusted: anything may be in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Chosen options or areas.
    Options(Vec<String>),
    /// Pairs: left, right.
    Pairs(Vec<(String, String)>),
    /// The order.
    Order(Vec<String>),
    /// A number as it was typed.
    Number(String),
    /// Points of an image.
    Points(Vec<(i32, i32)>),
    /// Gaps: identifier and what was typed or chosen.
    Gaps(Vec<(String, String)>),
}

/// The share of the mark that an answer earns, 0 to [`WHOLE`] millionths. An answer of another
/// kind than the key's earns nothing.
pub fn share(answers: &Answers, lang: Lang, answer: &Answer) -> i32 {
    let scoring = &answers.scoring;
    let table = |name: &str| {
        scoring.table.iter().find(|(have, _)| have == name).map_or(0, |(_, share)| *share)
    };
    let worth = |right: i64, wrong: i64, all: i64| match scoring.rule {
        Rule::Part if all > 0 => (right - wrong).max(0) * i64::from(WHOLE) / all,
        _ => i64::from(WHOLE) * i64::from(right == all && wrong == 0 && all > 0),
    };
    let earned = match (&answers.key, answer) {
        (Key::Options { right } | Key::Areas { right }, Answer::Options(chosen)) => {
            let chosen = unique(chosen);
            if scoring.rule == Rule::Table {
                chosen.iter().map(|id| i64::from(table(id))).sum()
            } else {
                let hits = chosen.iter().filter(|id| right.contains(id)).count();
                worth(count(hits), count(chosen.len() - hits), count(right.len()))
            }
        }
        (Key::Pairs { right }, Answer::Pairs(chosen)) => {
            let chosen = unique(chosen);
            if scoring.rule == Rule::Table {
                chosen.iter().map(|(a, b)| i64::from(table(&format!("{a} {b}")))).sum()
            } else {
                let hits = chosen.iter().filter(|pair| right.contains(pair)).count();
                worth(count(hits), count(chosen.len() - hits), count(right.len()))
            }
        }
        (Key::Order { right }, Answer::Order(chosen)) => {
            let same_things = chosen.len() == right.len() && unique(chosen).len() == right.len();
            let hits = chosen.iter().zip(right).filter(|(a, b)| a == b).count();
            if same_things { worth(count(hits), 0, count(right.len())) } else { 0 }
        }
        (Key::Number { right }, Answer::Number(text)) => i64::from(number_share(right, text)),
        (Key::Shapes { right }, Answer::Points(points)) => {
            let met = |place: &&super::key::Place| points.iter().any(|p| place.shape.has(p.0, p.1));
            let hits = right.iter().filter(met);
            let astray =
                points.iter().filter(|p| !right.iter().any(|place| place.shape.has(p.0, p.1)));
            if scoring.rule == Rule::Table {
                hits.map(|place| i64::from(place.share)).sum()
            } else {
                worth(count(hits.count()), count(astray.count()), count(right.len()))
            }
        }
        (Key::Gaps { right }, Answer::Gaps(given)) => {
            let shares: Vec<i64> = right
                .iter()
                .map(|gap| {
                    let text = given.iter().find(|(id, _)| *id == gap.gap).map(|(_, text)| text);
                    text.map_or(0, |text| i64::from(gap_share(gap, lang, text)))
                })
                .collect();
            let (sum, all) = (shares.iter().sum::<i64>(), count(right.len()).max(1));
            match scoring.rule {
                Rule::All if right.len() > 1 => {
                    i64::from(WHOLE) * i64::from(sum == all * i64::from(WHOLE))
                }
                _ => sum / all,
            }
        }
        _ => 0,
    };
    i32::try_from(earned.clamp(0, WHOLE.into())).unwrap_or(0)
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Each once: naming a right option twice must not count twice.
fn unique<T: PartialEq>(list: &[T]) -> Vec<&T> {
    let mut found: Vec<&T> = Vec::new();
    for one in list {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

/// A number as people type it: spaces between the digits, a comma or a point, a minus of any
/// kind. `None` for what is no finite number.
pub fn number(text: &str) -> Option<f64> {
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            ',' => '.',
            '\u{2212}' | '\u{2013}' => '-',
            c => c,
        })
        .collect();
    let shape = plain.len() <= 40
        && plain
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    plain.parse::<f64>().ok().filter(|value| shape && value.is_finite())
}

fn number_share(ranges: &[Range], text: &str) -> i32 {
    let Some(value) = number(text) else { return 0 };
    // 0.1 + 0.2 must meet 0.3: the ends give way by what a double cannot hold.
    let near = |end: f64| end.abs().max(1.0) * 1e-12;
    let met = ranges.iter().filter(|range| {
        value >= range.from - near(range.from) && value <= range.to + near(range.to)
    });
    met.map(|range| range.share).max().unwrap_or(0)
}

fn gap_share(gap: &GapKey, lang: Lang, text: &str) -> i32 {
    let words = gap
        .accept
        .iter()
        .filter(|one| one.lang.is_none_or(|only| only == lang) && taken(one, text));
    words.map(|one| one.share).max().unwrap_or(0).max(number_share(&gap.numbers, text))
}

/// Spaces at the ends and twice in a row never count; capitals only where the key says so.
fn taken(accept: &Accept, text: &str) -> bool {
    let shape = |text: &str| {
        if accept.case {
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        } else {
            fold::exact(text)
        }
    };
    let (want, have) = (shape(&accept.text), shape(text));
    if accept.pattern { matches(&want, &have) } else { want == have }
}

/// `*` stands for any characters; in linear time for each star.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut parts: Vec<_> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    let mut rest = rest;
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::{
        body::Shape,
        key::{Place, Scoring},
    };

    fn key(key: Key, rule: Rule) -> Answers {
        Answers { key, scoring: Scoring { points: 1, rule, table: Vec::new() } }
    }

    fn ids(list: &str) -> Vec<String> {
        list.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn options_count_wholly_or_in_part() {
        let right = || Key::Options { right: ids("a b") };
        for (rule, chosen, earned) in [
            (Rule::All, "a b", WHOLE),
            (Rule::All, "b a a", WHOLE),
            (Rule::All, "a", 0),
            (Rule::All, "a b c", 0),
            (Rule::All, "", 0),
            (Rule::Part, "a", WHOLE / 2),
            (Rule::Part, "a a", WHOLE / 2),
            (Rule::Part, "a c", 0),
            (Rule::Part, "a b c d e", 0),
        ] {
            let answer = Answer::Options(ids(chosen));
            assert_eq!(share(&key(right(), rule), Lang::Kk, &answer), earned, "{rule:?} {chosen}");
        }
    }

    #[test]
    fn a_table_never_gives_more_than_the_whole_nor_less_than_nothing() {
        let mut answers = key(Key::Options { right: ids("a") }, Rule::Table);
        answers.scoring.table =
            vec![("a".into(), WHOLE), ("b".into(), 333_333), ("c".into(), -500_000)];
        for (chosen, earned) in
            [("a b", WHOLE), ("b", 333_333), ("c", 0), ("a c", 500_000), ("z", 0)]
        {
            assert_eq!(
                share(&answers, Lang::Ru, &Answer::Options(ids(chosen))),
                earned,
                "{chosen}"
            );
        }
    }

    #[test]
    fn numbers_are_read_as_people_type_them() {
        let answers =
            key(Key::Number { right: vec![Range { from: 0.3, to: 0.3, share: WHOLE }] }, Rule::All);
        for (text, right) in [
            ("0.3", true),
            (" 0,3 ", true),
            ("0,30", true),
            ("3e-1", true),
            ("0.31", false),
            ("nan", false),
            ("inf", false),
            ("", false),
            ("0.3.0", false),
        ] {
            let earned = share(&answers, Lang::Kk, &Answer::Number(text.into()));
            assert_eq!(earned == WHOLE, right, "{text}");
        }
        assert_eq!(number("−1 234,5"), Some(-1234.5));
    }

    #[test]
    fn gaps_take_words_of_their_language() {
        let one = |text: &str, lang| Accept { lang, ..Accept::whole(text) };
        let gap = GapKey {
            gap: "g".into(),
            accept: vec![one("Астана", Some(Lang::Kk)), one("столица", Some(Lang::Ru))],
            numbers: Vec::new(),
        };
        let answers = key(Key::Gaps { right: vec![gap] }, Rule::All);
        let earned = |lang, text: &str| {
            share(&answers, lang, &Answer::Gaps(vec![("g".into(), text.into())]))
        };
        assert_eq!(earned(Lang::Kk, "  астана "), WHOLE);
        assert_eq!(earned(Lang::Ru, "астана"), 0);
        assert_eq!(earned(Lang::Ru, "СТОЛИЦА"), WHOLE);
    }

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, text, met) in [
            ("a*", "abc", true),
            ("*c", "abc", true),
            ("a*c", "ac", true),
            ("a*c", "acb", false),
            ("*b*", "abc", true),
            ("a*a", "a", false),
            ("", "", true),
            ("*", "", true),
            ("abc", "abcd", false),
        ] {
            assert_eq!(matches(pattern, text), met, "{pattern} {text}");
        }
    }

    #[test]
    fn order_pairs_and_points() {
        let order = key(Key::Order { right: ids("a b c") }, Rule::Part);
        let earned = |list| share(&order, Lang::Kk, &Answer::Order(ids(list)));
        assert_eq!((earned("a b c"), earned("a c b"), earned("a a a")), (WHOLE, 333_333, 0));
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let pairs = key(Key::Pairs { right: vec![pair("1", "x"), pair("2", "y")] }, Rule::Part);
        let half = Answer::Pairs(vec![pair("1", "x")]);
        assert_eq!(share(&pairs, Lang::Kk, &half), WHOLE / 2);
        let place = Place { shape: Shape::Rect([0, 0, 9, 9]), share: WHOLE };
        let spot = key(Key::Shapes { right: vec![place] }, Rule::All);
        assert_eq!(share(&spot, Lang::Kk, &Answer::Points(vec![(5, 5)])), WHOLE);
        assert_eq!(share(&spot, Lang::Kk, &Answer::Points(vec![(5, 5), (50, 5)])), 0);
        assert_eq!(share(&spot, Lang::Kk, &Answer::Number("1".into())), 0);
    }
}
