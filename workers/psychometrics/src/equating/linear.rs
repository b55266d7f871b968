//! Linear equating: a score is as far from its mean, in standard deviations, on both forms.

use serde::{Deserialize, Serialize};

use super::Distribution;
use crate::number::finite;

/// A straight line from one scale to another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Slope.
    pub slope: f64,
    /// Intercept.
    pub intercept: f64,
}

impl Line {
    /// The score on the other scale.
    pub fn of(&self, score: f64) -> Option<f64> {
        finite(self.slope * score + self.intercept)
    }

    /// First this line, then that one.
    pub fn then(&self, next: &Line) -> Option<Line> {
        let slope = finite(self.slope * next.slope)?;
        Some(Line { slope, intercept: finite(next.slope * self.intercept + next.intercept)? })
    }

    /// A line through means and standard deviations; none if either scale has no spread.
    pub(super) fn by((mx, sx): (f64, f64), (my, sy): (f64, f64)) -> Option<Line> {
        if sx <= 0.0 || sy <= 0.0 {
            return None;
        }
        let slope = finite(sy / sx)?;
        Some(Line { slope, intercept: finite(my - slope * mx)? })
    }
}

/// From `x` to `y`, taken by groups that are equally able (Kolen & Brennan 2014, "Test Equating,
/// Scaling, and Linking", ch. 2).
pub fn linear(x: &Distribution, y: &Distribution) -> Option<Line> {
    Line::by((x.mean()?, x.sd()?), (y.mean()?, y.sd()?))
}

/// From `x` to `y`, taken by groups that are not equally able but had the same anchor items:
/// first from `x` to the anchor in the group of `x`, then from the anchor to `y` in the group of
/// `y` (chained linear equating: Kolen & Brennan, ch. 4).
pub fn chained(
    x: &Distribution,
    anchor_x: &Distribution,
    anchor_y: &Distribution,
    y: &Distribution,
) -> Option<Line> {
    linear(x, anchor_x)?.then(&linear(anchor_y, y)?)
}
