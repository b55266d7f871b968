//! Equipercentile equating: a score goes to the score that the same share of people stays below.
//! Whole scores are spread evenly over half a point to both sides (Kolen & Brennan 2014, ch. 2).

use serde::{Deserialize, Serialize};

use crate::number::{Moments, finite};

/// How many people had each number right, from 0 up.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Distribution {
    counts: Vec<f64>,
}

impl Distribution {
    /// From counts; negative ones and ones that are not numbers are nobody.
    pub fn new(counts: impl IntoIterator<Item = f64>) -> Distribution {
        let clean = |count: f64| if count.is_finite() && count > 0.0 { count } else { 0.0 };
        Distribution { counts: counts.into_iter().map(clean).collect() }
    }

    /// From scores and weights; a score is rounded to the next whole one within 0 and `most`.
    pub fn of(scores: impl IntoIterator<Item = (f64, f64)>, most: usize) -> Distribution {
        let mut counts = vec![0.0; most + 1];
        for (score, weight) in scores {
            if score.is_finite() && weight.is_finite() && weight > 0.0 {
                counts[(score.round().max(0.0) as usize).min(most)] += weight;
            }
        }
        Distribution { counts }
    }

    /// How many people had each score.
    pub fn counts(&self) -> &[f64] {
        &self.counts
    }

    /// How many people.
    pub fn people(&self) -> f64 {
        self.counts.iter().sum()
    }

    fn moments(&self) -> Moments {
        let mut out = Moments::default();
        for (score, count) in self.counts.iter().enumerate().filter(|(_, count)| **count > 0.0) {
            out.add(score as f64, 0.0, *count);
        }
        out
    }

    /// Mean score.
    pub fn mean(&self) -> Option<f64> {
        let moments = self.moments();
        (moments.n > 0.0).then_some(moments.mean_x)
    }

    /// Standard deviation of the scores; none without a spread.
    pub fn sd(&self) -> Option<f64> {
        self.moments().variance_x().map(f64::sqrt).filter(|sd| *sd > 1e-12)
    }

    /// Share of people below a score, 0 to 1, with whole scores spread over their unit.
    pub fn rank(&self, score: f64) -> Option<f64> {
        let people = self.people();
        if people <= 0.0 || !score.is_finite() {
            return None;
        }
        let mut below = 0.0;
        for (at, count) in self.counts.iter().enumerate() {
            let part = (score - (at as f64 - 0.5)).clamp(0.0, 1.0);
            below += part * count;
        }
        finite(below / people).map(|rank| rank.clamp(0.0, 1.0))
    }

    /// The score that a share of people stays below. Where a stretch of scores has nobody, every
    /// score of it will do: the middle is taken.
    pub fn score(&self, rank: f64) -> Option<f64> {
        let people = self.people();
        if people <= 0.0 || !rank.is_finite() {
            return None;
        }
        let wanted = rank.clamp(0.0, 1.0) * people;
        let slack = people * 1e-12;
        let (mut low, mut high) = (None, None);
        let mut below = 0.0;
        for (at, count) in self.counts.iter().enumerate().filter(|(_, count)| **count > 0.0) {
            let start = at as f64 - 0.5;
            if low.is_none() && below + count >= wanted - slack {
                low = Some(start + ((wanted - below) / count).clamp(0.0, 1.0));
            }
            if below <= wanted + slack {
                high = Some(start + ((wanted - below) / count).clamp(0.0, 1.0));
            }
            below += count;
        }
        Some((low? + high?) / 2.0)
    }
}

/// Each whole score of `x` on the scale of `y`.
pub fn equipercentile(x: &Distribution, y: &Distribution) -> Vec<Option<f64>> {
    (0..x.counts.len()).map(|score| y.score(x.rank(score as f64)?)).collect()
}

/// Each whole score of `x` on the scale of `y` over common anchor items, where the groups are not
/// equally able (chained equipercentile equating: Kolen & Brennan, ch. 5).
pub fn chained(
    x: &Distribution,
    anchor_x: &Distribution,
    anchor_y: &Distribution,
    y: &Distribution,
) -> Vec<Option<f64>> {
    let through = |score: usize| {
        let anchor = anchor_x.score(x.rank(score as f64)?)?;
        y.score(anchor_y.rank(anchor)?)
    };
    (0..x.counts.len()).map(through).collect()
}
