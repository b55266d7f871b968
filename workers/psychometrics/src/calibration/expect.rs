//! The first half of EM: how many right and wrong answers each point of the scale would have.

use super::Known;
use crate::{
    number::{ln_logistic, quadrature::Quadrature},
    response::{Cell, Responses},
};

/// Expected numbers of answers by item and point, and the likelihood.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    points: usize,
    counts: Vec<f64>,
    /// Logarithm of the marginal likelihood.
    pub log_likelihood: f64,
}

impl Expected {
    /// Wrong and right answers to an item at each point.
    pub fn of(&self, item: usize) -> (&[f64], &[f64]) {
        let at = 2 * item * self.points;
        let both = self.counts.get(at..at + 2 * self.points).unwrap_or_default();
        both.split_at(both.len() / 2)
    }
}

/// Logarithms of the probabilities of wrong and right answers, a row of points for each. Items
/// without parameters have zeros: they say nothing.
pub(crate) fn table(items: &[Known], quadrature: &Quadrature) -> Vec<f64> {
    let mut table = Vec::with_capacity(2 * items.len() * quadrature.len());
    for item in items {
        for sign in [-1.0, 1.0] {
            table.extend(quadrature.points.iter().map(|point| match item {
                Ok(item) => ln_logistic(sign * (item.a * point + item.d)),
                Err(_) => 0.0,
            }));
        }
    }
    table
}

/// Fills `posterior` with the weights of the points given the answers (they sum to 1) and returns
/// the logarithm of the answers' probability.
pub(crate) fn posterior(
    cells: &[Cell],
    table: &[f64],
    prior: &[f64],
    posterior: &mut [f64],
) -> f64 {
    let k = prior.len();
    posterior.copy_from_slice(prior);
    for cell in cells {
        let row = &table[cell.row() * k..][..k];
        for (sum, ln) in posterior.iter_mut().zip(row) {
            *sum += ln;
        }
    }
    let top = posterior.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for value in posterior.iter_mut() {
        *value = (*value - top).exp();
        sum += *value;
    }
    for value in posterior.iter_mut() {
        *value /= sum;
    }
    top + sum.ln()
}

/// Logarithms of the points' weights.
pub(crate) fn prior(quadrature: &Quadrature) -> Vec<f64> {
    quadrature.weights.iter().map(|w| w.max(f64::MIN_POSITIVE).ln()).collect()
}

/// One look at all answers.
pub fn expect(data: &Responses, items: &[Known], quadrature: &Quadrature) -> Expected {
    let k = quadrature.len();
    let (table, prior) = (table(items, quadrature), prior(quadrature));
    let mut counts = vec![0.0; table.len()];
    let mut own = vec![0.0; k];
    let mut log_likelihood = 0.0;
    for (cells, weight) in data.rows() {
        log_likelihood += weight * posterior(cells, &table, &prior, &mut own);
        for value in &mut own {
            *value *= weight;
        }
        for cell in cells {
            let row = &mut counts[cell.row() * k..][..k];
            for (count, part) in row.iter_mut().zip(&own) {
                *count += part;
            }
        }
    }
    Expected { points: k, counts, log_likelihood }
}
