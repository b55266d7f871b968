//! The common odds ratio of Mantel and Haenszel (1959, Journal of the National Cancer Institute
//! 22) for items: Holland & Thayer 1988, in Wainer & Braun, "Test Validity", ch. 9. Classes A, B
//! and C: Zieky 1993, in Holland & Wainer, "Differential Item Functioning", ch. 16.

use serde::{Deserialize, Serialize};

use crate::number::{chi_square_above, finite, ratio};

/// Answers of people with the same matching score.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Right in the reference group.
    pub reference_right: f64,
    /// Wrong in the reference group.
    pub reference_wrong: f64,
    /// Right in the focal group.
    pub focal_right: f64,
    /// Wrong in the focal group.
    pub focal_wrong: f64,
}

impl Table {
    fn total(&self) -> f64 {
        self.reference_right + self.reference_wrong + self.focal_right + self.focal_wrong
    }
}

/// Limits of the classes: data of the analysis.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// From this |delta| on an item may be B (the testing service's 1.0).
    pub moderate: f64,
    /// From this |delta| on an item may be C (1.5).
    pub large: f64,
    /// Normal quantile for "not nought": two sides (1.96).
    pub quantile: f64,
    /// Normal quantile for "beyond `moderate`": one side (1.645).
    pub quantile_beyond: f64,
    /// With fewer people in either group nothing is said.
    pub least_people: f64,
}

/// How large the difference is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Class {
    /// Negligible.
    A,
    /// Moderate.
    B,
    /// Large.
    C,
}

/// What was found for an item.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Dif {
    /// People of the reference group in usable tables.
    pub reference: f64,
    /// People of the focal group in usable tables.
    pub focal: f64,
    /// Common odds ratio: above 1 the item is easier for the reference group.
    pub odds_ratio: Option<f64>,
    /// `-2.35 ln(odds ratio)`: below zero it is harder for the focal group.
    pub delta: Option<f64>,
    /// Standard error of the delta (Robins, Breslow & Greenland 1986, Biometrics 42).
    pub delta_se: Option<f64>,
    /// Chi-square with continuity correction, one degree of freedom.
    pub chi_square: Option<f64>,
    /// Its probability where there is no difference.
    pub p: Option<f64>,
    /// Standardised difference of the shares right, focal less reference, weighted by the focal
    /// group (Dorans & Kulick 1986, Journal of Educational Measurement 23).
    pub standardised: Option<f64>,
    /// Class; none if nothing can be said.
    pub class: Option<Class>,
}

/// Examines an item, from a table for each matching score.
pub fn mantel_haenszel(tables: &[Table], limits: &Limits) -> Dif {
    let mut out = Dif::default();
    let (mut above, mut below) = (0.0, 0.0);
    let (mut pr, mut ps_qr, mut qs) = (0.0, 0.0, 0.0);
    let (mut seen, mut expected, mut variance) = (0.0, 0.0, 0.0);
    let mut difference = 0.0;
    for table in tables {
        let n = table.total();
        let reference = table.reference_right + table.reference_wrong;
        let focal = table.focal_right + table.focal_wrong;
        // A score that only one group has compares nobody.
        if !(n.is_finite() && reference > 0.0 && focal > 0.0) {
            continue;
        }
        out.reference += reference;
        out.focal += focal;
        let (a, b) = (table.reference_right, table.reference_wrong);
        let (c, d) = (table.focal_right, table.focal_wrong);
        let (r, s) = (a * d / n, b * c / n);
        let (p, q) = ((a + d) / n, (b + c) / n);
        above += r;
        below += s;
        pr += p * r;
        ps_qr += p * s + q * r;
        qs += q * s;
        let (right, wrong) = (a + c, b + d);
        seen += a;
        expected += reference * right / n;
        if n > 1.0 {
            variance += reference * focal * right * wrong / (n * n * (n - 1.0));
        }
        difference += focal * (c / focal - a / reference);
    }
    if out.reference < limits.least_people.max(1.0) || out.focal < limits.least_people.max(1.0) {
        return out;
    }
    out.standardised = ratio(difference, out.focal);
    out.odds_ratio = (above > 0.0 && below > 0.0).then(|| above / below).and_then(finite);
    let Some(odds) = out.odds_ratio else { return out };
    out.delta = finite(-2.35 * odds.ln());
    let ln_variance =
        pr / (2.0 * above * above) + ps_qr / (2.0 * above * below) + qs / (2.0 * below * below);
    out.delta_se = (ln_variance > 0.0).then(|| 2.35 * ln_variance.sqrt()).and_then(finite);
    let off = ((seen - expected).abs() - 0.5).max(0.0);
    out.chi_square = (variance > 0.0).then(|| off * off / variance).and_then(finite);
    out.p = out.chi_square.and_then(|x| chi_square_above(x, 1.0));
    out.class = out.delta.zip(out.delta_se).map(|(delta, se)| {
        let size = delta.abs();
        if size < limits.moderate || size / se <= limits.quantile {
            Class::A
        } else if size >= limits.large && (size - limits.moderate) / se > limits.quantile_beyond {
            Class::C
        } else {
            Class::B
        }
    });
    out
}
