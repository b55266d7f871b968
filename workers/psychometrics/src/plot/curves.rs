//! The characteristic curve of an item with what was observed, and information curves.

use serde::{Deserialize, Serialize};

use super::{
    Plot, Words,
    frame::{Frame, LATE, SKY},
};
use crate::{
    information::{Point, abilities},
    model::Item,
};

/// People of about the same ability and how many of them were right.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Observed {
    /// Their mean ability.
    pub ability: f64,
    /// The share that was right.
    pub share: f64,
    /// How many they are.
    pub people: f64,
}

/// Groups people (ability, right, weight) into `groups` of about equal size.
pub fn observe(answers: &[(f64, bool, f64)], groups: usize) -> Vec<Observed> {
    let mut sorted: Vec<&(f64, bool, f64)> = answers
        .iter()
        .filter(|(ability, _, weight)| ability.is_finite() && weight.is_finite() && *weight > 0.0)
        .collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all: f64 = sorted.iter().map(|(_, _, weight)| weight).sum();
    let groups = groups.clamp(1, 100);
    let mut sums = vec![(0.0, 0.0, 0.0); groups];
    let mut below = 0.0;
    for (ability, right, weight) in sorted {
        let at = (((below + weight / 2.0) / all * groups as f64) as usize).min(groups - 1);
        let sum = &mut sums[at];
        sum.0 += weight;
        sum.1 += weight * ability;
        sum.2 += if *right { *weight } else { 0.0 };
        below += weight;
    }
    sums.into_iter()
        .filter(|(n, _, _)| *n > 0.0)
        .map(|(n, sum, right)| Observed { ability: sum / n, share: right / n, people: n })
        .collect()
}

/// Probability of a right answer by ability, as the model has it and as it was observed, each
/// observed share with its 95 % interval (Wilson's). Series: model, observed, people.
pub fn characteristic(item: Option<Item>, observed: &[Observed], words: &Words) -> Plot {
    let mut frame = Frame::new(words, (-4.0, 4.0), (0.0, 1.0));
    if let Some(item) = item {
        let curve: Vec<(f64, Option<f64>)> = abilities(-4.0, 4.0, 81)
            .into_iter()
            .map(|ability| (ability, Some(item.probability(ability))))
            .collect();
        frame.line(&curve, SKY, "");
    }
    for group in observed {
        let (low, high) = wilson(group.share, group.people);
        frame.whisker(group.ability, low, high, LATE);
        frame.dot(group.ability, group.share, 4.0, LATE);
    }
    frame.legend(&[(words.series(0), SKY, ""), (words.series(1), LATE, "2 4")]);
    let row = |group: &Observed| {
        vec![
            words.number(Some(group.ability), 2),
            words.number(item.map(|item| item.probability(group.ability)), 2),
            words.number(Some(group.share), 2),
            words.number(Some(group.people), 0),
        ]
    };
    Plot {
        svg: frame.finish(),
        head: [&words.x, words.series(0), words.series(1), words.series(2)]
            .map(str::to_owned)
            .to_vec(),
        rows: observed.iter().map(row).collect(),
    }
}

/// Wilson 1927, Journal of the American Statistical Association 22.
fn wilson(share: f64, n: f64) -> (f64, f64) {
    let z2 = 1.96 * 1.96;
    let middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = 1.96 / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

/// Information and standard error by ability. Series: information, standard error.
pub fn information(points: &[Point], words: &Words) -> Plot {
    let ends = |of: fn(f64, f64) -> f64| points.iter().map(|p| p.ability).reduce(of);
    let range = (ends(f64::min).unwrap_or(-4.0), ends(f64::max).unwrap_or(4.0));
    let highest = points.iter().map(|p| p.information).fold(0.0, f64::max).max(1.0);
    let mut frame = Frame::new(words, range, (0.0, highest * 1.05));
    let of = |f: fn(&Point) -> Option<f64>| -> Vec<(f64, Option<f64>)> {
        points.iter().map(|point| (point.ability, f(point))).collect()
    };
    frame.line(&of(|p| Some(p.information)), SKY, "");
    let errors: Vec<(f64, Option<f64>)> = of(|p| p.se)
        .into_iter()
        .map(|(x, se)| (x, se.filter(|se| *se <= highest * 1.05)))
        .collect();
    frame.line(&errors, LATE, "6 4");
    frame.legend(&[(words.series(0), SKY, ""), (words.series(1), LATE, "6 4")]);
    let row = |p: &Point| {
        vec![
            words.number(Some(p.ability), 1),
            words.number(Some(p.information), 2),
            words.number(p.se, 2),
        ]
    };
    // Every half is enough to read.
    let whole = |p: &&Point| ((p.ability * 2.0).round() - p.ability * 2.0).abs() < 1e-9;
    Plot {
        svg: frame.finish(),
        head: [&words.x, words.series(0), words.series(1)].map(str::to_owned).to_vec(),
        rows: points.iter().filter(whole).map(row).collect(),
    }
}
