//! Infit and outfit: mean squares of what answers differ from what was expected of the person
//! (Wright & Masters 1982, "Rating Scale Analysis", ch. 5). About 1 where the model holds; below,
//! the answers are more regular than it says, above, less. For any answers, missing ones included.

use serde::{Deserialize, Serialize};

use crate::{
    model::Item,
    number::{finite, ratio},
    response::Responses,
};

/// Mean squares of an item.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Residuals {
    /// Weighted by information: sees what happens near the item's difficulty.
    pub infit: Option<f64>,
    /// Unweighted: sees surprises far away from it.
    pub outfit: Option<f64>,
    /// Infit on a scale that is about N(0, 1) where the model holds (Wilson & Hilferty's cube
    /// root).
    pub infit_t: Option<f64>,
    /// Outfit on that scale.
    pub outfit_t: Option<f64>,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    n: f64,
    squares: f64,
    variance: f64,
    standardised: f64,
    infit_spread: f64,
    outfit_spread: f64,
}

/// Mean squares of all items, given the ability of each row (rows without one are left out).
pub fn residuals(
    data: &Responses,
    items: &[Option<Item>],
    abilities: &[Option<f64>],
) -> Vec<Residuals> {
    let mut sums = vec![Sums::default(); data.items()];
    for ((cells, weight), ability) in data.rows().zip(abilities) {
        let Some(ability) = ability.and_then(finite) else { continue };
        for cell in cells {
            let Some(Some(item)) = items.get(cell.item()) else { continue };
            let p = item.probability(ability);
            let v = p * (1.0 - p);
            // One answer that was impossible would outweigh everything else.
            if v < 1e-9 {
                continue;
            }
            let off = f64::from(u8::from(cell.right())) - p;
            let fourth = v * (p.powi(3) + (1.0 - p).powi(3));
            let s = &mut sums[cell.item()];
            s.n += weight;
            s.squares += weight * off * off;
            s.variance += weight * v;
            s.standardised += weight * off * off / v;
            s.infit_spread += weight * (fourth - v * v);
            s.outfit_spread += weight * (fourth / (v * v) - 1.0);
        }
    }
    let t = |square: Option<f64>, variance: Option<f64>| {
        let (square, spread) = (square?, variance?.max(0.0).sqrt());
        (spread > 0.0).then(|| (square.cbrt() - 1.0) * 3.0 / spread + spread / 3.0).and_then(finite)
    };
    let one = |s: &Sums| {
        let (infit, outfit) = (ratio(s.squares, s.variance), ratio(s.standardised, s.n));
        Residuals {
            infit,
            outfit,
            infit_t: t(infit, ratio(s.infit_spread, s.variance * s.variance)),
            outfit_t: t(outfit, ratio(s.outfit_spread, s.n * s.n)),
        }
    };
    sums.iter().map(one).collect()
}
