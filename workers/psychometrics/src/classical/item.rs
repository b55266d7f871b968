//! Figures of each item.

use serde::{Deserialize, Serialize};

use super::Marks;
use crate::number::{Moments, finite, ratio};

/// What an item was like. Figures that cannot be had are none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct ItemFigures {
    /// How many people had it.
    pub answered: f64,
    /// Mean mark as a part of the highest one, 0 to 1 (for right/wrong: the share that was right).
    pub facility: Option<f64>,
    /// Standard error of the facility.
    pub facility_se: Option<f64>,
    /// Standard deviation of the mark (sample).
    pub sd: Option<f64>,
    /// Correlation of the mark with the total (point-biserial for right/wrong).
    pub total_correlation: Option<f64>,
    /// Correlation of the mark with the rest of the total (corrected: Henrysson 1963,
    /// Psychometrika 28).
    pub rest_correlation: Option<f64>,
    /// Its standard error, `sqrt((1 - r²) / (n - 2))`.
    pub rest_correlation_se: Option<f64>,
    /// Moodle's discrimination index, percent: 100 times the correlation with the rest.
    pub discrimination_index: Option<f64>,
    /// Moodle's discriminative efficiency, percent: the covariance of mark and rest as a part of
    /// the largest one that the same marks and rests could have.
    pub discriminative_efficiency: Option<f64>,
}

/// Figures of all items, in their order.
pub fn items(marks: &Marks) -> Vec<ItemFigures> {
    // Pairs of (mark, rest, weight) by item.
    let mut pairs: Vec<Vec<(f64, f64, f64)>> = vec![Vec::new(); marks.items()];
    for row in &marks.rows {
        for (item, mark) in &row.marks {
            pairs[*item].push((*mark, row.total - mark, row.weight));
        }
    }
    pairs.iter().zip(&marks.maxima).map(|(pairs, most)| figures(pairs, *most)).collect()
}

fn figures(pairs: &[(f64, f64, f64)], most: f64) -> ItemFigures {
    let (mut rest, mut total) = (Moments::default(), Moments::default());
    for (mark, other, weight) in pairs {
        rest.add(*mark, *other, *weight);
        total.add(*mark, mark + other, *weight);
    }
    if pairs.is_empty() {
        return ItemFigures::default();
    }
    let n = rest.n;
    // A mark that nobody can get says nothing about anybody.
    let worth = most.is_finite() && most > 0.0;
    let variance = rest.variance_x().map(|v| v.max(0.0));
    let correlation = rest.correlation().filter(|_| worth);
    ItemFigures {
        answered: n,
        facility: worth.then(|| rest.mean_x / most).and_then(finite),
        facility_se: variance.filter(|_| worth).and_then(|v| finite((v / n).sqrt() / most)),
        sd: variance.filter(|_| worth).map(f64::sqrt),
        total_correlation: total.correlation().filter(|_| worth),
        rest_correlation: correlation,
        rest_correlation_se: correlation
            .filter(|_| n > 2.0)
            .and_then(|r| finite(((1.0 - r * r) / (n - 2.0)).sqrt())),
        discrimination_index: correlation.map(|r| 100.0 * r),
        discriminative_efficiency: correlation
            .and_then(|_| ratio(100.0 * rest.covariance()?, largest_covariance(pairs)?)),
    }
}

/// The covariance if the highest marks had gone with the highest rests.
fn largest_covariance(pairs: &[(f64, f64, f64)]) -> Option<f64> {
    let sorted = |of: fn(&(f64, f64, f64)) -> f64| -> Vec<(f64, f64)> {
        let mut values: Vec<_> = pairs.iter().map(|pair| (of(pair), pair.2)).collect();
        values.sort_by(|a, b| a.0.total_cmp(&b.0));
        values
    };
    let (xs, ys) = (sorted(|pair| pair.0), sorted(|pair| pair.1));
    let mut moments = Moments::default();
    let (mut i, mut j) = (0, 0);
    let (mut left_x, mut left_y) = (xs.first()?.1, ys.first()?.1);
    loop {
        let weight = left_x.min(left_y);
        moments.add(xs[i].0, ys[j].0, weight);
        left_x -= weight;
        left_y -= weight;
        if left_x <= 0.0 {
            i += 1;
            match xs.get(i) {
                Some(next) => left_x = next.1,
                None => break,
            }
        }
        if left_y <= 0.0 {
            j += 1;
            match ys.get(j) {
                Some(next) => left_y = next.1,
                None => break,
            }
        }
    }
    moments.covariance().filter(|c| *c > 0.0)
}
