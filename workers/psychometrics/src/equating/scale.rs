//! The scales of two calibrations, joined by the items that both have.

use serde::{Deserialize, Serialize};

use super::linear::Line;
use crate::{
    model::Item,
    number::{Moments, finite},
};

/// How abilities of one calibration read on the other: `ability · slope + intercept`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Slope.
    pub slope: f64,
    /// Intercept.
    pub intercept: f64,
}

impl Link {
    /// An ability on the other scale.
    pub fn ability(&self, ability: f64) -> Option<f64> {
        finite(self.slope * ability + self.intercept)
    }

    /// An item on the other scale: same probabilities at the moved abilities.
    pub fn item(&self, item: Item) -> Option<Item> {
        let a = finite(item.a / self.slope)?;
        Some(Item { a, d: finite(item.d - a * self.intercept)? })
    }
}

/// By mean and standard deviation of the difficulties of common items (mean/sigma: Marco 1977,
/// Journal of Educational Measurement 14). None with fewer than two, or if they do not differ.
pub fn mean_sigma(common: &[(Item, Item)]) -> Option<Link> {
    let mut moments = Moments::default();
    for (from, to) in common {
        if let (Some(x), Some(y)) = (from.b(), to.b()) {
            moments.add(x, y, 1.0);
        }
    }
    let sd = |variance: Option<f64>| variance.map(f64::sqrt).filter(|sd| *sd > 1e-9);
    let line = Line::by(
        (moments.mean_x, sd(moments.variance_x())?),
        (moments.mean_y, sd(moments.variance_y())?),
    )?;
    Some(Link { slope: line.slope, intercept: line.intercept })
}
