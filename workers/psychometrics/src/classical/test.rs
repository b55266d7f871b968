//! Figures of the whole test.

use serde::{Deserialize, Serialize};

use super::Marks;
use crate::number::{Moments, finite, median};

/// What the test was like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct TestFigures {
    /// How many people took it.
    pub people: f64,
    /// Mean total.
    pub mean: Option<f64>,
    /// Median of the totals.
    pub median: Option<f64>,
    /// Standard deviation of the totals (sample).
    pub sd: Option<f64>,
    /// Cronbach's alpha (1951, Psychometrika 16). Needs that everybody had the same items.
    pub alpha: Option<f64>,
    /// Its standard error (Bonett 2002, Journal of Educational and Behavioral Statistics 27).
    pub alpha_se: Option<f64>,
    /// Standard error of measurement, in marks: `sd · sqrt(1 - alpha)`.
    pub measurement_error: Option<f64>,
}

/// Figures of the test.
pub fn test(marks: &Marks) -> TestFigures {
    let mut totals = Moments::default();
    for row in &marks.rows {
        totals.add(row.total, 0.0, row.weight);
    }
    if marks.rows.is_empty() {
        return TestFigures::default();
    }
    let variance = totals.variance_x();
    let sd = variance.map(|v| v.max(0.0).sqrt());
    let alpha = alpha(marks, variance);
    let k = marks.items() as f64;
    TestFigures {
        people: totals.n,
        mean: finite(totals.mean_x),
        median: median(&mut marks.totals()),
        sd,
        alpha,
        alpha_se: alpha
            .filter(|_| totals.n > 2.0)
            .and_then(|a| finite((1.0 - a) * (2.0 * k / ((k - 1.0) * (totals.n - 2.0))).sqrt())),
        measurement_error: alpha.zip(sd).and_then(|(a, sd)| finite(sd * (1.0 - a).max(0.0).sqrt())),
    }
}

fn alpha(marks: &Marks, variance: Option<f64>) -> Option<f64> {
    let k = marks.items() as f64;
    let variance = variance.filter(|v| *v > 1e-12)?;
    if k < 2.0 || !marks.is_complete() {
        return None;
    }
    let mut of_items = vec![Moments::default(); marks.items()];
    for row in &marks.rows {
        for (item, mark) in &row.marks {
            of_items[*item].add(*mark, 0.0, row.weight);
        }
    }
    let sum: f64 = of_items.iter().filter_map(Moments::variance_x).sum();
    finite(k / (k - 1.0) * (1.0 - sum / variance))
}
