//! The two-parameter logistic model and those inside it.
//!
//! `P(right | ability) = 1 / (1 + exp(-(a · ability + d)))`, with the difficulty `b = -d / a`
//! (Birnbaum 1968, in Lord & Novick, "Statistical Theories of Mental Test Scores", ch. 17). With
//! one `a` for all it is the one-parameter model, with `a = 1` Rasch's (1960).

use serde::{Deserialize, Serialize};

use crate::number::{finite, logistic, ratio};

/// Slope and intercept of an item.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Discrimination: the slope.
    pub a: f64,
    /// Easiness: the intercept.
    pub d: f64,
}

impl Item {
    /// An item of this discrimination and difficulty.
    pub fn of(a: f64, b: f64) -> Item {
        Item { a, d: -a * b }
    }

    /// Difficulty: the ability at which half of the people are right. None without a slope.
    pub fn b(&self) -> Option<f64> {
        ratio(-self.d, self.a)
    }

    /// Probability of a right answer.
    pub fn probability(&self, ability: f64) -> f64 {
        logistic(self.a * ability + self.d)
    }

    /// Fisher's information on the ability: `a² P (1 - P)`.
    pub fn information(&self, ability: f64) -> f64 {
        let p = self.probability(ability);
        self.a * self.a * p * (1.0 - p)
    }

    /// Whether both numbers are numbers.
    pub fn is_finite(&self) -> bool {
        finite(self.a).is_some() && finite(self.d).is_some()
    }
}

/// Which model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// Each item has its slope and its intercept; ability is N(0, 1).
    TwoParameter,
    /// One slope for all items; ability is N(0, 1).
    OneParameter,
    /// All slopes are 1 and ability is N(0, 1).
    Rasch,
    /// All slopes are 1 and the variance of ability is free. The same model as the one-parameter
    /// one on another scale: its variance is the square of the common slope.
    RaschFreeVariance,
}
