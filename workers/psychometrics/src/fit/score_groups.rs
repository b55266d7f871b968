//! S-X²: people are grouped by their number right, and in each group the share that was right on
//! the item is compared with the share that the model expects there (Orlando & Thissen 2000,
//! Applied Psychological Measurement 24). Needs that everybody answered the same items.

use serde::{Deserialize, Serialize};

use crate::{
    model::Item,
    number::{chi_square_above, finite, quadrature::Quadrature},
    response::Responses,
};

/// How the statistic is made.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Groups {
    /// Neighbouring groups are joined until each expects so many right and so many wrong.
    pub least_expected: f64,
    /// Parameters that were estimated for the item: 2, or 1.
    pub parameters: f64,
}

/// The statistic of an item.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct ScoreFit {
    /// S-X².
    pub statistic: Option<f64>,
    /// Degrees of freedom.
    pub df: Option<f64>,
    /// Probability of at least this where the model holds.
    pub p: Option<f64>,
    /// Root mean square error of approximation: 0 is best.
    pub rmsea: Option<f64>,
}

/// Probability of each number right at each point (Lord & Wingersky 1984, Applied Psychological
/// Measurement 8): a row of `items + 1` numbers for each point.
pub fn number_right(items: &[Item], quadrature: &Quadrature) -> Vec<Vec<f64>> {
    let row = |point: &f64| {
        let mut row = vec![0.0; items.len() + 1];
        row[0] = 1.0;
        for (had, item) in items.iter().enumerate() {
            let p = item.probability(*point);
            for right in (0..=had + 1).rev() {
                let from = if right > 0 { row[right - 1] * p } else { 0.0 };
                row[right] = row[right] * (1.0 - p) + from;
            }
        }
        row
    };
    quadrature.points.iter().map(row).collect()
}

/// The statistic of each item; all none if answers or parameters are missing.
pub fn score_fit(
    data: &Responses,
    items: &[Option<Item>],
    quadrature: &Quadrature,
    groups: Groups,
) -> Vec<ScoreFit> {
    let known: Vec<Item> = items.iter().flatten().copied().collect();
    let count = data.items();
    if known.len() != count || count < 3 || data.is_empty() || !data.is_complete() {
        return vec![ScoreFit::default(); count];
    }
    // People and right answers by number right.
    let mut people = vec![0.0; count + 1];
    let mut right = vec![vec![0.0; count + 1]; count];
    for (cells, weight) in data.rows() {
        let score = cells.iter().filter(|cell| cell.right()).count();
        people[score] += weight;
        for cell in cells.iter().filter(|cell| cell.right()) {
            right[cell.item()][score] += weight;
        }
    }
    let whole = number_right(&known, quadrature);
    let of_score = |rows: &[Vec<f64>], score: usize| -> f64 {
        rows.iter().zip(&quadrature.weights).map(|(row, w)| w * row[score]).sum()
    };
    (0..count)
        .map(|at| {
            let others: Vec<Item> =
                known.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, item)| *item).collect();
            let rest = number_right(&others, quadrature);
            let cells = (1..count).map(|score| {
                let each = rest.iter().zip(&quadrature.points).zip(&quadrature.weights);
                let joint: f64 =
                    each.map(|((row, x), w)| w * row[score - 1] * known[at].probability(*x)).sum();
                let expected = (joint / of_score(&whole, score)).clamp(0.0, 1.0);
                (people[score], right[at][score], people[score] * expected)
            });
            statistic(joined(cells.collect(), groups.least_expected), groups.parameters)
        })
        .collect()
}

/// People, right and expected right.
type Group = (f64, f64, f64);

/// Joins neighbours, from the lowest score up, until each group is large enough.
fn joined(cells: Vec<Group>, least: f64) -> Vec<Group> {
    let large = |(n, _, expected): &Group| *expected >= least && n - expected >= least;
    let sum = |a: Group, b: Group| (a.0 + b.0, a.1 + b.1, a.2 + b.2);
    let mut out: Vec<Group> = Vec::new();
    let mut open = (0.0, 0.0, 0.0);
    for cell in cells {
        open = sum(open, cell);
        if large(&open) {
            out.push(open);
            open = (0.0, 0.0, 0.0);
        }
    }
    if let Some(last) = out.last_mut() {
        *last = sum(*last, open);
    }
    out
}

fn statistic(groups: Vec<Group>, parameters: f64) -> ScoreFit {
    let people: f64 = groups.iter().map(|(n, _, _)| n).sum();
    let df = groups.len() as f64 - parameters;
    if df < 1.0 {
        return ScoreFit::default();
    }
    let sum = groups.iter().map(|(n, right, expected)| {
        let off = right - expected;
        off * off * n / (expected * (n - expected))
    });
    let value = finite(sum.sum());
    ScoreFit {
        statistic: value,
        df: Some(df),
        p: value.and_then(|x| chi_square_above(x, df)),
        rmsea: value
            .filter(|_| people > 1.0)
            .map(|x| ((x - df).max(0.0) / (df * (people - 1.0))).sqrt()),
    }
}
