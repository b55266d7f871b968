//! Ability of a person from the answers and known items.
//!
//! - EAP: the mean of the posterior (Bock & Mislevy 1982, Applied Psychological Measurement 6).
//!   Always there.
//! - MAP: its mode.
//! - ML: where the likelihood is highest. Not estimable if all answers are right or all wrong.
//!
//! Errors are standard errors on the scale of ability.

use serde::{Deserialize, Serialize};

use crate::{
    model::Item,
    number::{finite, ln_logistic, quadrature::Quadrature},
    response::Cell,
};

/// A score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Ability.
    pub ability: f64,
    /// Its standard error.
    pub se: f64,
}

fn known<'a>(
    items: &'a [Option<Item>],
    cells: &'a [Cell],
) -> impl Iterator<Item = (Item, bool)> + Clone + 'a {
    cells.iter().filter_map(|cell| {
        let item = (*items.get(cell.item())?)?;
        item.is_finite().then_some((item, cell.right()))
    })
}

/// Mean of the posterior, for a population N(0, sd²). None without an answer to a known item.
pub fn eap(
    items: &[Option<Item>],
    cells: &[Cell],
    quadrature: &Quadrature,
    sd: f64,
) -> Option<Score> {
    let answers = known(items, cells);
    answers.clone().next()?;
    let mut heights = Vec::with_capacity(quadrature.len());
    for (point, weight) in quadrature.points.iter().zip(&quadrature.weights) {
        let ability = sd * point;
        heights
            .push((ability, weight.max(f64::MIN_POSITIVE).ln() + height(answers.clone(), ability)));
    }
    let top = heights.iter().map(|(_, h)| *h).fold(f64::NEG_INFINITY, f64::max);
    let (mut sum, mut first) = (0.0, 0.0);
    for (ability, height) in &mut heights {
        *height = (*height - top).exp();
        sum += *height;
        first += *height * *ability;
    }
    let mean = first / sum;
    let second: f64 = heights.iter().map(|(x, w)| w * (x - mean) * (x - mean)).sum();
    Some(Score { ability: finite(mean)?, se: finite((second / sum).max(0.0).sqrt())? })
}

/// Mode of the posterior, for a population N(0, sd²).
pub fn map(items: &[Option<Item>], cells: &[Cell], sd: f64) -> Option<Score> {
    let precision = (sd > 0.0).then(|| 1.0 / (sd * sd)).and_then(finite)?;
    top(items, cells, precision, 8.0 * sd)
}

/// Where the likelihood is highest, within `-bound..bound`. None if it is highest at an end.
pub fn ml(items: &[Option<Item>], cells: &[Cell], bound: f64) -> Option<Score> {
    top(items, cells, 0.0, bound)
}

fn height(answers: impl Iterator<Item = (Item, bool)>, ability: f64) -> f64 {
    answers
        .map(|(item, right)| {
            let x = item.a * ability + item.d;
            ln_logistic(if right { x } else { -x })
        })
        .sum()
}

/// The top of likelihood and prior: the best of a grid (with slopes of both signs there may be
/// several tops), then Newton's method between its neighbours.
fn top(items: &[Option<Item>], cells: &[Cell], precision: f64, bound: f64) -> Option<Score> {
    const STEPS: i32 = 80;
    let answers = known(items, cells);
    answers.clone().next()?;
    if !(bound.is_finite() && bound > 0.0) {
        return None;
    }
    let step = bound / f64::from(STEPS);
    let at = |x: f64| height(answers.clone(), x) - precision * x * x / 2.0;
    let best = (-STEPS..=STEPS)
        .map(|n| (n, at(step * f64::from(n))))
        .reduce(|a, b| if b.1 > a.1 { b } else { a })?
        .0;
    if best.abs() == STEPS {
        return None;
    }
    let (mut low, mut high) = (step * f64::from(best - 1), step * f64::from(best + 1));
    let mut x = step * f64::from(best);
    let derivatives = |x: f64| {
        let (mut slope, mut information) = (-precision * x, precision);
        for (item, right) in answers.clone() {
            let p = item.probability(x);
            slope += item.a * (f64::from(u8::from(right)) - p);
            information += item.a * item.a * p * (1.0 - p);
        }
        (slope, information)
    };
    for _ in 0..60 {
        let (slope, information) = derivatives(x);
        if slope > 0.0 {
            low = x
        } else {
            high = x
        }
        let next = x + slope / information;
        let next = if next > low && next < high { next } else { (low + high) / 2.0 };
        let small = (next - x).abs() < 1e-12 * (1.0 + x.abs());
        x = next;
        if small {
            break;
        }
    }
    let information = derivatives(x).1;
    let se = (information > 0.0).then(|| 1.0 / information.sqrt()).and_then(finite)?;
    Some(Score { ability: finite(x)?, se })
}
