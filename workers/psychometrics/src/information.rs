//! Information curves: how exactly a test measures at each ability (Birnbaum 1968, in Lord &
//! Novick, ch. 20).

use serde::{Deserialize, Serialize};

use crate::{model::Item, number::finite};

/// A point of a curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Ability.
    pub ability: f64,
    /// Information, in 1/ability².
    pub information: f64,
    /// Standard error of a score at this ability; none without information.
    pub se: Option<f64>,
}

/// Abilities at even distances, both ends included.
pub fn abilities(from: f64, to: f64, points: usize) -> Vec<f64> {
    let n = points.clamp(2, 1000);
    let step = (to - from) / (n - 1) as f64;
    (0..n).map(|at| from + step * at as f64).filter(|x| x.is_finite()).collect()
}

/// Information of a test at an ability: the sum over its items.
pub fn at(items: &[Item], ability: f64) -> f64 {
    items.iter().filter(|item| item.is_finite()).map(|item| item.information(ability)).sum()
}

/// The curve of a test, or of one item.
pub fn curve(items: &[Item], abilities: &[f64]) -> Vec<Point> {
    abilities
        .iter()
        .map(|ability| {
            let information = finite(at(items, *ability)).unwrap_or(0.0);
            let se = (information > 0.0).then(|| 1.0 / information.sqrt()).and_then(finite);
            Point { ability: *ability, information, se }
        })
        .collect()
}

/// Expected number right at each ability: the test's characteristic curve.
pub fn expected(items: &[Item], abilities: &[f64]) -> Vec<(f64, f64)> {
    let sum = |ability: f64| items.iter().map(|item| item.probability(ability)).sum::<f64>();
    abilities.iter().map(|ability| (*ability, finite(sum(*ability)).unwrap_or(0.0))).collect()
}
