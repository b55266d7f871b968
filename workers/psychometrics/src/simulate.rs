//! Answers from known parameters, for tests and measurements only. Seeded: the same seed gives the
//! same answers on every machine.

use crate::{model::Item, response::Responses};

/// A generator of pseudo-random numbers: splitmix64 (Steele, Lea & Flood 2014, OOPSLA).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// From a seed.
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Evenly in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Evenly among `0..n`.
    pub fn below(&mut self, n: usize) -> usize {
        ((self.unit() * n as f64) as usize).min(n.saturating_sub(1))
    }

    /// From N(0, 1) (Box & Muller 1958, Annals of Mathematical Statistics 29).
    pub fn normal(&mut self) -> f64 {
        let (u, v) = (1.0 - self.unit(), self.unit());
        (-2.0 * u.ln()).sqrt() * (2.0 * std::f64::consts::PI * v).cos()
    }
}

/// What to simulate.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// How many people.
    pub people: usize,
    /// How many items each of them sees, drawn anew for each; all if it is more than there are.
    pub shown: usize,
    /// Standard deviation of the abilities.
    pub spread: f64,
    /// Mean of the abilities.
    pub mean: f64,
    /// Seed.
    pub seed: u64,
}

/// Items of known parameters: slopes log-normal about 1, difficulties N(0, 1).
pub fn items(count: usize, seed: u64) -> Vec<Item> {
    let mut random = Random::new(seed);
    (0..count).map(|_| Item::of((0.25 * random.normal()).exp(), random.normal())).collect()
}

/// Answers of people to these items, and the abilities of the people.
pub fn answers(items: &[Item], plan: Plan) -> (Responses, Vec<f64>) {
    let mut random = Random::new(plan.seed);
    let mut out = Responses::new(items.len());
    let mut abilities = Vec::with_capacity(plan.people);
    let mut order: Vec<usize> = (0..items.len()).collect();
    for _ in 0..plan.people {
        let ability = plan.mean + plan.spread * random.normal();
        abilities.push(ability);
        let shown = plan.shown.min(items.len());
        if shown < items.len() {
            // The first steps of Fisher and Yates's shuffle.
            for at in 0..shown {
                let other = at + random.below(items.len() - at);
                order.swap(at, other);
            }
        }
        let row: Vec<(usize, bool)> = order[..shown]
            .iter()
            .map(|item| (*item, random.unit() < items[*item].probability(ability)))
            .collect();
        out.push(row, 1.0);
    }
    (out, abilities)
}
