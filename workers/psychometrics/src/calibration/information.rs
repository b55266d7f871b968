//! The observed information matrix and its inverse.

use super::{
    Known, Settings,
    expect::{posterior, prior, table},
};
use crate::{
    model::Model,
    number::{matrix::Symmetric, quadrature::Quadrature},
    response::{Cell, Responses},
};

/// Where the parameters of the items stand in the matrix: an intercept after its slope; a slope
/// that all share is the first.
pub(super) struct Layout {
    /// Place of the intercept of each item.
    pub of: Vec<Option<usize>>,
    /// How many parameters.
    pub size: usize,
    model: Model,
}

impl Layout {
    pub fn new(items: &[Known], model: Model) -> Layout {
        let shared = matches!(model, Model::OneParameter | Model::RaschFreeVariance);
        let each = if model == Model::TwoParameter { 2 } else { 1 };
        let mut next = usize::from(shared);
        let mut place = |_| {
            next += each;
            next - 1
        };
        let of = items.iter().map(|item| item.ok().map(&mut place)).collect();
        Layout { of, size: next, model }
    }

    /// Place of the slope that belongs to an intercept; none if the model fixes it.
    pub fn slope(&self, intercept: usize) -> Option<usize> {
        match self.model {
            Model::TwoParameter => Some(intercept - 1),
            Model::Rasch => None,
            Model::OneParameter | Model::RaschFreeVariance => Some(0),
        }
    }

    fn shared(&self) -> bool {
        matches!(self.model, Model::OneParameter | Model::RaschFreeVariance)
    }
}

/// The matrix: whole, or only variances and what joins an intercept to its slope.
pub(super) enum Information {
    Whole(Symmetric),
    Blocks { diagonal: Vec<f64>, with_slope: Vec<f64> },
}

/// Of the inverse what standard errors need.
pub(super) struct Covariance {
    /// Variance of each parameter.
    pub diagonal: Vec<f64>,
    /// Covariance of each intercept with its slope (0 elsewhere).
    pub with_slope: Vec<f64>,
}

impl Information {
    fn add(&mut self, row: usize, column: usize, value: f64) {
        match self {
            Information::Whole(matrix) => matrix.add(row, column, value),
            Information::Blocks { diagonal, .. } if row == column => diagonal[row] += value,
            Information::Blocks { with_slope, .. } => with_slope[row.max(column)] += value,
        }
    }

    /// The inverse; none if the information is not positive definite.
    pub fn inverse(&self, layout: &Layout) -> Option<Covariance> {
        let mut out =
            Covariance { diagonal: vec![0.0; layout.size], with_slope: vec![0.0; layout.size] };
        let places = || layout.of.iter().flatten().copied();
        match self {
            Information::Whole(matrix) => {
                let inverse = matrix.inverse()?;
                for at in 0..layout.size {
                    out.diagonal[at] = inverse.at(at, at);
                }
                for place in places() {
                    out.with_slope[place] =
                        layout.slope(place).map_or(0.0, |slope| inverse.at(slope, place));
                }
            }
            Information::Blocks { diagonal, with_slope } if layout.shared() => {
                // An arrow: the shared slope touches every intercept, these do not touch each other.
                let loss: f64 = places().map(|p| with_slope[p] * with_slope[p] / diagonal[p]).sum();
                let rest = diagonal.first()? - loss;
                out.diagonal[0] = 1.0 / rest;
                for p in places() {
                    let part = with_slope[p] / diagonal[p];
                    out.diagonal[p] = 1.0 / diagonal[p] + part * part / rest;
                    out.with_slope[p] = -part / rest;
                }
            }
            Information::Blocks { diagonal, with_slope } => {
                for p in places() {
                    let Some(s) = layout.slope(p) else {
                        out.diagonal[p] = 1.0 / diagonal[p];
                        continue;
                    };
                    let det = diagonal[s] * diagonal[p] - with_slope[p] * with_slope[p];
                    out.diagonal[s] = diagonal[p] / det;
                    out.diagonal[p] = diagonal[s] / det;
                    out.with_slope[p] = -with_slope[p] / det;
                }
            }
        }
        let fine = out.diagonal.iter().all(|v| v.is_finite() && *v > 0.0);
        fine.then_some(out)
    }
}

/// The observed information of the likelihood and the priors.
pub(super) fn information(
    data: &Responses,
    items: &[Known],
    layout: &Layout,
    settings: &Settings,
    whole: bool,
) -> Information {
    let quadrature = settings.quadrature();
    let mut out = match whole {
        true => Information::Whole(Symmetric::zeros(layout.size)),
        false => Information::Blocks {
            diagonal: vec![0.0; layout.size],
            with_slope: vec![0.0; layout.size],
        },
    };
    let (table, lows) = (table(items, &quadrature), prior(&quadrature));
    let sure: Vec<f64> = table.iter().map(|ln| ln.exp()).collect();
    let mut weights = vec![0.0; quadrature.len()];
    let mut person = Person::default();
    for (cells, weight) in data.rows() {
        posterior(cells, &table, &lows, &mut weights);
        person.read(cells, layout);
        person.complete(&sure, &quadrature, &weights, weight, layout, &mut out);
        person.lost(&sure, &quadrature, &weights, weight, layout, &mut out);
    }
    for (item, place) in items.iter().zip(&layout.of) {
        let (Ok(item), Some(place)) = (item, place) else { continue };
        out.add(*place, *place, settings.priors.of_intercept(item.d).2);
        if settings.model == Model::TwoParameter {
            out.add(place - 1, place - 1, settings.priors.of_slope(item.a).2);
        }
    }
    out
}

/// One person's part.
#[derive(Default)]
struct Person {
    /// Answer and place of the intercept.
    answers: Vec<(Cell, usize)>,
    /// Places of the parameters that the person's answers touch.
    places: Vec<usize>,
    scores: Vec<f64>,
    mean: Vec<f64>,
    square: Vec<f64>,
}

impl Person {
    fn read(&mut self, cells: &[Cell], layout: &Layout) {
        self.answers.clear();
        self.answers
            .extend(cells.iter().filter_map(|cell| Some((*cell, (*layout.of.get(cell.item())?)?))));
        self.places.clear();
        if layout.shared() && !self.answers.is_empty() {
            self.places.push(0);
        }
        for (_, place) in &self.answers {
            if layout.model == Model::TwoParameter {
                self.places.push(place - 1);
            }
            self.places.push(*place);
        }
    }

    /// What the person would say if the ability were seen.
    fn complete(
        &self,
        sure: &[f64],
        quadrature: &Quadrature,
        weights: &[f64],
        weight: f64,
        layout: &Layout,
        out: &mut Information,
    ) {
        let k = weights.len();
        for (cell, place) in &self.answers {
            let p = &sure[cell.row() * k..][..k];
            let (mut aa, mut ad, mut dd) = (0.0, 0.0, 0.0);
            for ((p, w), point) in p.iter().zip(weights).zip(&quadrature.points) {
                let v = w * p * (1.0 - p);
                aa += v * point * point;
                ad += v * point;
                dd += v;
            }
            out.add(*place, *place, weight * dd);
            if let Some(slope) = layout.slope(*place) {
                out.add(slope, slope, weight * aa);
                out.add(slope, *place, weight * ad);
            }
        }
    }

    /// What is lost because it is not: the variance of the score over the posterior.
    fn lost(
        &mut self,
        sure: &[f64],
        quadrature: &Quadrature,
        weights: &[f64],
        weight: f64,
        layout: &Layout,
        out: &mut Information,
    ) {
        let (k, m) = (weights.len(), self.places.len());
        let whole = matches!(out, Information::Whole(_));
        let first = usize::from(layout.shared() && m > 0);
        self.mean.clear();
        self.mean.resize(m, 0.0);
        self.square.clear();
        self.square.resize(if whole { m * m } else { 2 * m }, 0.0);
        for at in 0..k {
            let (w, point) = (weights[at], quadrature.points[at]);
            if w < 1e-14 {
                continue;
            }
            self.scores.clear();
            self.scores.resize(first, 0.0);
            for (cell, _) in &self.answers {
                let p = sure[cell.row() * k + at];
                let residual = if cell.right() { 1.0 - p } else { p - 1.0 };
                match layout.model {
                    Model::TwoParameter => self.scores.push(residual * point),
                    Model::Rasch => {}
                    _ => self.scores[0] += residual * point,
                }
                self.scores.push(residual);
            }
            for (p, score) in self.scores.iter().enumerate() {
                let part = w * score;
                self.mean[p] += part;
                if whole {
                    let row = &mut self.square[p * m..=p * m + p];
                    for (sum, other) in row.iter_mut().zip(&self.scores) {
                        *sum += part * other;
                    }
                } else {
                    self.square[p] += part * score;
                    let slope = slope_of(p, layout);
                    self.square[m + p] += slope.map_or(0.0, |s| part * self.scores[s]);
                }
            }
        }
        for p in 0..m {
            if whole {
                for q in 0..=p {
                    let value = self.square[p * m + q] - self.mean[p] * self.mean[q];
                    out.add(self.places[p], self.places[q], -weight * value);
                }
            } else {
                let own = self.square[p] - self.mean[p] * self.mean[p];
                out.add(self.places[p], self.places[p], -weight * own);
                if let Some(s) = slope_of(p, layout) {
                    let joined = self.square[m + p] - self.mean[p] * self.mean[s];
                    out.add(self.places[p], self.places[s], -weight * joined);
                }
            }
        }
    }
}

/// Among one person's parameters: where the slope of the intercept at `p` stands.
fn slope_of(p: usize, layout: &Layout) -> Option<usize> {
    match layout.model {
        Model::TwoParameter => (p % 2 == 1).then(|| p - 1),
        Model::Rasch => None,
        _ => (p > 0).then_some(0),
    }
}
