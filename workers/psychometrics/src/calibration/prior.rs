//! What is known of the parameters before the answers are seen. Optional, and data: without
//! priors the estimates are maximum likelihood, with them they are modes of the posterior
//! (Mislevy 1986, Psychometrika 51).

use serde::{Deserialize, Serialize};

/// A normal distribution.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Normal {
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
}

impl Normal {
    fn variance(self) -> f64 {
        if self.sd > 0.0 { self.sd * self.sd } else { f64::INFINITY }
    }

    /// Logarithm of the density, its slope and (minus) its curvature.
    pub(crate) fn at(self, x: f64) -> (f64, f64, f64) {
        let (v, off) = (self.variance(), x - self.mean);
        (-off * off / (2.0 * v), -off / v, 1.0 / v)
    }
}

/// Priors of the parameters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Priors {
    /// Of the logarithm of the slope (two-parameter model).
    #[serde(default)]
    pub slope: Option<Normal>,
    /// Of the intercept.
    #[serde(default)]
    pub intercept: Option<Normal>,
}

impl Priors {
    /// Of a slope: logarithm of the density, its slope and (minus) its curvature, made positive
    /// so that a step with it goes up. No slope at or below zero has a density.
    pub(crate) fn of_slope(&self, a: f64) -> (f64, f64, f64) {
        match self.slope {
            None => (0.0, 0.0, 0.0),
            Some(_) if a <= 0.0 => (f64::NEG_INFINITY, 0.0, 0.0),
            Some(prior) => {
                let (v, off) = (prior.variance(), a.ln() - prior.mean);
                let curvature = (1.0 - v - off) / (v * a * a);
                let height = -a.ln() - off * off / (2.0 * v);
                (height, -(1.0 + off / v) / a, curvature.max(0.1 / (v * a * a)))
            }
        }
    }

    /// Of an intercept, alike.
    pub(crate) fn of_intercept(&self, d: f64) -> (f64, f64, f64) {
        self.intercept.map_or((0.0, 0.0, 0.0), |prior| prior.at(d))
    }
}
