//! How often items are shown, and how much two people's tests have in common.

use serde::{Deserialize, Serialize};

use crate::number::{finite, ratio};

/// What a pool looks like after it was used.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Exposure {
    /// Share of the tests that had each item, 0 to 1.
    pub rates: Vec<Option<f64>>,
    /// The largest share.
    pub highest: Option<f64>,
    /// Mean number of items in a test.
    pub length: Option<f64>,
    /// `Σ r² / L`: the share of a test that two people have in common, as the number of people
    /// grows (Chen, Ankenmann & Spray 2003, Journal of Educational Measurement 40).
    pub overlap: Option<f64>,
    /// The same, exact for the tests that there were: the mean over all pairs.
    pub overlap_pairs: Option<f64>,
    /// Share of the pool that nobody saw.
    pub unused: Option<f64>,
}

/// From how many tests had each item and how many tests there were.
pub fn exposure(shown: &[u64], tests: u64) -> Exposure {
    let n = tests as f64;
    let rates: Vec<Option<f64>> =
        shown.iter().map(|count| ratio(*count as f64, n).map(|r| r.min(1.0))).collect();
    let sum: f64 = shown.iter().map(|count| *count as f64).sum();
    let length = ratio(sum, n);
    let squares: f64 = rates.iter().flatten().map(|r| r * r).sum();
    let pairs: f64 = shown.iter().map(|c| *c as f64 * (*c as f64 - 1.0).max(0.0)).sum();
    let unused = shown.iter().filter(|count| **count == 0).count();
    Exposure {
        highest: rates.iter().flatten().copied().reduce(f64::max),
        length,
        overlap: length.and_then(|l| ratio(squares, l)),
        overlap_pairs: length.and_then(|l| ratio(pairs, n * (n - 1.0) * l)).and_then(finite),
        unused: ratio(unused as f64, shown.len() as f64),
        rates,
    }
}
