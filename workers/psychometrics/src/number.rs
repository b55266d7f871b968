//! Numbers that several methods need: moments, the distribution of chi-square, small matrices,
//! quadrature.

pub mod matrix;
pub mod quadrature;

/// The number if it is one: not NaN and not infinite.
pub fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// `a / b` if that is a number.
pub fn ratio(a: f64, b: f64) -> Option<f64> {
    if b == 0.0 { None } else { finite(a / b) }
}

/// The logistic function.
pub fn logistic(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + (-x).exp())
    } else {
        let e = x.exp();
        e / (1.0 + e)
    }
}

/// Logarithm of the logistic function, without loss in the tails.
pub fn ln_logistic(x: f64) -> f64 {
    if x >= 0.0 { -(-x).exp().ln_1p() } else { x - x.exp().ln_1p() }
}

/// Moments of pairs with weights, added one by one (West 1979, "Updating mean and variance
/// estimates", Communications of the ACM 22).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Moments {
    /// Sum of the weights.
    pub n: f64,
    /// Mean of the first values.
    pub mean_x: f64,
    /// Mean of the second values.
    pub mean_y: f64,
    xx: f64,
    yy: f64,
    xy: f64,
}

impl Moments {
    /// Adds a pair.
    pub fn add(&mut self, x: f64, y: f64, weight: f64) {
        self.n += weight;
        let (dx, dy) = (x - self.mean_x, y - self.mean_y);
        let part = weight / self.n;
        self.mean_x += dx * part;
        self.mean_y += dy * part;
        self.xx += weight * dx * (x - self.mean_x);
        self.yy += weight * dy * (y - self.mean_y);
        self.xy += weight * dx * (y - self.mean_y);
    }

    /// Sample variance of the first values: divided by n - 1.
    pub fn variance_x(&self) -> Option<f64> {
        (self.n > 1.0).then(|| self.xx / (self.n - 1.0)).and_then(finite)
    }

    /// Sample variance of the second values.
    pub fn variance_y(&self) -> Option<f64> {
        (self.n > 1.0).then(|| self.yy / (self.n - 1.0)).and_then(finite)
    }

    /// Sample covariance.
    pub fn covariance(&self) -> Option<f64> {
        (self.n > 1.0).then(|| self.xy / (self.n - 1.0)).and_then(finite)
    }

    /// Correlation; none if one of the two does not vary.
    pub fn correlation(&self) -> Option<f64> {
        // What remains of rounding when all values are the same is not a spread.
        let flat = |sum: f64, mean: f64| sum <= 1e-12 * self.n * (1.0 + mean * mean);
        if flat(self.xx, self.mean_x) || flat(self.yy, self.mean_y) {
            return None;
        }
        ratio(self.xy, (self.xx * self.yy).sqrt()).map(|r| r.clamp(-1.0, 1.0))
    }
}

/// The value below which half of the weight lies; with an even split the middle of the two.
pub fn median(values: &mut [(f64, f64)]) -> Option<f64> {
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all: f64 = values.iter().map(|(_, weight)| weight).sum();
    if all <= 0.0 || !all.is_finite() {
        return None;
    }
    let mut below = 0.0;
    for (at, (value, weight)) in values.iter().enumerate() {
        below += weight;
        if below * 2.0 > all * (1.0 + 1e-12) {
            return finite(*value);
        }
        if below * 2.0 >= all * (1.0 - 1e-12) {
            let next = values.get(at + 1).map_or(*value, |(next, _)| *next);
            return finite((value + next) / 2.0);
        }
    }
    None
}

/// Logarithm of the gamma function for positive arguments (Lanczos 1964, SIAM Journal on
/// Numerical Analysis B 1; coefficients for g = 7).
pub fn ln_gamma(x: f64) -> f64 {
    const C: [f64; 9] = [
        0.999_999_999_999_809_9,
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    let x = x - 1.0;
    let mut sum = C[0];
    for (at, c) in C.iter().enumerate().skip(1) {
        sum += c / (x + at as f64);
    }
    let t = x + 7.5;
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

/// Probability that a chi-square variable with `df` degrees of freedom is above `x`: the upper
/// incomplete gamma function by its series or its continued fraction (Abramowitz & Stegun 1964,
/// 6.5.29 and 6.5.31).
pub fn chi_square_above(x: f64, df: f64) -> Option<f64> {
    if !(x.is_finite() && df.is_finite() && df > 0.0) {
        return None;
    }
    if x <= 0.0 {
        return Some(1.0);
    }
    let (a, x) = (df / 2.0, x / 2.0);
    let front = (a * x.ln() - x - ln_gamma(a)).exp();
    if x < a + 1.0 {
        let (mut term, mut sum, mut at) = (1.0 / a, 1.0 / a, a);
        for _ in 0..10_000 {
            at += 1.0;
            term *= x / at;
            sum += term;
            if term < sum * 1e-16 {
                break;
            }
        }
        return finite(1.0 - sum * front).map(|p| p.clamp(0.0, 1.0));
    }
    let tiny = 1e-300;
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / tiny;
    let mut d = 1.0 / b;
    let mut h = d;
    for n in 1..10_000 {
        let n = f64::from(n);
        let an = -n * (n - a);
        b += 2.0;
        d = an * d + b;
        d = 1.0 / if d.abs() < tiny { tiny } else { d };
        c = b + an / c;
        c = if c.abs() < tiny { tiny } else { c };
        h *= d * c;
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    finite(front * h).map(|p| p.clamp(0.0, 1.0))
}
