//! The second half of EM: the parameters that explain the expected answers best. Each item is a
//! logistic regression on the points; Newton's method with halved steps.

use super::{Known, Settings, expect::Expected};
use crate::{
    model::{Item, Model},
    number::{ln_logistic, logistic, quadrature::Quadrature},
};

/// Slope and curvature of the expected likelihood of an item.
#[derive(Debug, Clone, Copy, Default)]
struct Shape {
    ga: f64,
    gd: f64,
    aa: f64,
    ad: f64,
    dd: f64,
}

fn shape(item: Item, (wrong, right): (&[f64], &[f64]), quadrature: &Quadrature) -> Shape {
    let mut out = Shape::default();
    for ((point, wrong), right) in quadrature.points.iter().zip(wrong).zip(right) {
        let n = wrong + right;
        let p = logistic(item.a * point + item.d);
        let residual = right - n * p;
        let weight = n * p * (1.0 - p);
        out.ga += residual * point;
        out.gd += residual;
        out.aa += weight * point * point;
        out.ad += weight * point;
        out.dd += weight;
    }
    out
}

fn height(item: Item, (wrong, right): (&[f64], &[f64]), quadrature: &Quadrature) -> f64 {
    let each = quadrature.points.iter().zip(wrong).zip(right);
    each.map(|((point, wrong), right)| {
        let x = item.a * point + item.d;
        right * ln_logistic(x) + wrong * ln_logistic(-x)
    })
    .sum()
}

fn with_priors(mut shape: Shape, item: Item, settings: &Settings) -> Shape {
    let (_, gd, dd) = settings.priors.of_intercept(item.d);
    shape.gd += gd;
    shape.dd += dd;
    if settings.model == Model::TwoParameter {
        let (_, ga, aa) = settings.priors.of_slope(item.a);
        shape.ga += ga;
        shape.aa += aa;
    }
    shape
}

fn prior_of(item: Item, settings: &Settings) -> f64 {
    let slope = match settings.model {
        Model::TwoParameter => settings.priors.of_slope(item.a).0,
        _ => 0.0,
    };
    slope + settings.priors.of_intercept(item.d).0
}

/// Logarithm of the priors' density.
pub(crate) fn prior_height(items: &[Known], settings: &Settings) -> f64 {
    items.iter().flatten().map(|item| prior_of(*item, settings)).sum()
}

/// How far the parameters are from where the likelihood (with priors) is flat: the largest slope
/// in units of what one standard error would make of it.
pub(crate) fn distance(
    expected: &Expected,
    items: &[Known],
    settings: &Settings,
    quadrature: &Quadrature,
) -> f64 {
    let (mut most, mut ga, mut aa) = (0.0_f64, 0.0, 0.0);
    let far = |g: f64, h: f64| if h > 0.0 { g.abs() / h.sqrt() } else { 0.0 };
    for (at, item) in items.iter().enumerate() {
        let Ok(item) = item else { continue };
        let shape = with_priors(shape(*item, expected.of(at), quadrature), *item, settings);
        most = most.max(far(shape.gd, shape.dd));
        match settings.model {
            Model::TwoParameter => most = most.max(far(shape.ga, shape.aa)),
            Model::OneParameter | Model::RaschFreeVariance => {
                ga += shape.ga;
                aa += shape.aa;
            }
            Model::Rasch => {}
        }
    }
    most.max(far(ga, aa))
}

/// The better parameters.
pub(crate) fn maximise(
    expected: &Expected,
    items: &[Known],
    settings: &Settings,
    quadrature: &Quadrature,
) -> Vec<Known> {
    match settings.model {
        Model::OneParameter | Model::RaschFreeVariance => {
            shared(expected, items, settings, quadrature)
        }
        Model::TwoParameter | Model::Rasch => items
            .iter()
            .enumerate()
            .map(|(at, item)| item.map(|item| single(item, expected.of(at), settings, quadrature)))
            .collect(),
    }
}

const NEWTON: usize = 8;
const HALVINGS: usize = 24;

fn single(
    start: Item,
    counts: (&[f64], &[f64]),
    settings: &Settings,
    quadrature: &Quadrature,
) -> Item {
    let top = |item: Item| height(item, counts, quadrature) + prior_of(item, settings);
    let (mut now, mut reached) = (start, top(start));
    for _ in 0..NEWTON {
        let s = with_priors(shape(now, counts, quadrature), now, settings);
        let (da, dd) = match settings.model {
            Model::TwoParameter => {
                // A little on the diagonal: all answers at one point have no slope.
                let (aa, dd) = (s.aa * (1.0 + 1e-12) + 1e-12, s.dd * (1.0 + 1e-12) + 1e-12);
                let det = aa * dd - s.ad * s.ad;
                ((s.ga * dd - s.gd * s.ad) / det, (s.gd * aa - s.ga * s.ad) / det)
            }
            _ => (0.0, s.gd / (s.dd + 1e-12)),
        };
        let Some((next, height)) = climb(reached, |part| {
            let item = Item { a: now.a + part * da, d: now.d + part * dd };
            (item.is_finite()).then(|| (item, top(item)))
        }) else {
            break;
        };
        let small = (next.a - now.a).abs() + (next.d - now.d).abs() < 1e-10;
        (now, reached) = (next, height);
        if small {
            break;
        }
    }
    now
}

/// One slope for all: its row and column of the matrix is the only one that joins items, so the
/// step costs no more than the items themselves.
fn shared(
    expected: &Expected,
    items: &[Known],
    settings: &Settings,
    quadrature: &Quadrature,
) -> Vec<Known> {
    let top = |items: &[Known]| -> f64 {
        let each = items.iter().enumerate();
        each.filter_map(|(at, item)| {
            let item = (*item).ok()?;
            Some(height(item, expected.of(at), quadrature) + prior_of(item, settings))
        })
        .sum()
    };
    let (mut now, mut reached) = (items.to_vec(), top(items));
    for _ in 0..NEWTON {
        let shapes: Vec<Option<Shape>> = now
            .iter()
            .enumerate()
            .map(|(at, item)| {
                let item = (*item).ok()?;
                Some(with_priors(shape(item, expected.of(at), quadrature), item, settings))
            })
            .collect();
        let (mut g, mut h) = (0.0, 1e-12);
        for s in shapes.iter().flatten() {
            g += s.ga - s.ad * s.gd / (s.dd + 1e-12);
            h += s.aa - s.ad * s.ad / (s.dd + 1e-12);
        }
        let da = g / h;
        let Some((next, height)) = climb(reached, |part| {
            let moved: Vec<Known> = now
                .iter()
                .zip(&shapes)
                .map(|(item, shape)| match (item, shape) {
                    (Ok(item), Some(s)) => {
                        let dd = (s.gd - s.ad * da) / (s.dd + 1e-12);
                        Ok(Item { a: item.a + part * da, d: item.d + part * dd })
                    }
                    _ => *item,
                })
                .collect();
            let fine = moved.iter().flatten().all(|item| item.is_finite() && item.a > 0.0);
            fine.then(|| {
                let height = top(&moved);
                (moved, height)
            })
        }) else {
            break;
        };
        let small = height - reached < 1e-12 * (1.0 + reached.abs());
        (now, reached) = (next, height);
        if small {
            break;
        }
    }
    now
}

/// What rounding alone changes a height by, as a part of it. Near the top a step that is still worth
/// taking raises the height by less: without this a calibration would stand still before it is done.
const ROUNDING: f64 = 1e-13;

/// The first of the steps 1, 1/2, 1/4 … that does not go down.
fn climb<T>(from: f64, mut step: impl FnMut(f64) -> Option<(T, f64)>) -> Option<(T, f64)> {
    let mut part = 1.0;
    for _ in 0..HALVINGS {
        if let Some((next, height)) = step(part)
            && height >= from - ROUNDING * from.abs()
        {
            return Some((next, height));
        }
        part /= 2.0;
    }
    None
}
