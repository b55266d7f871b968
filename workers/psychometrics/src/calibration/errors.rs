//! Standard errors, from the observed information of the marginal likelihood: what the complete
//! data would say less what is lost because abilities are not seen (Louis 1982, Journal of the
//! Royal Statistical Society B 44). Difficulties get theirs by the delta method.

use serde::{Deserialize, Serialize};

use super::{
    Known, Settings, State, Why,
    information::{Covariance, Layout, information},
};
use crate::{
    model::{Item, Model},
    number::finite,
    response::Responses,
};

/// What the standard errors were computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The whole information matrix.
    Whole,
    /// Each item's own block of it, as if the other items were known: for pools whose whole
    /// matrix would cost too much. The errors come out somewhat too small.
    Blocks,
    /// There are none: the information is not positive definite, or the calibration has not
    /// converged.
    None,
}

/// What was found for an item.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ItemEstimate {
    /// Its parameters, or why there are none.
    pub item: Result<Item, Why>,
    /// Standard error of the slope; none if the model fixes it.
    pub a_se: Option<f64>,
    /// Standard error of the intercept.
    pub d_se: Option<f64>,
    /// Difficulty.
    pub b: Option<f64>,
    /// Standard error of the difficulty.
    pub b_se: Option<f64>,
}

/// A finished calibration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// The model.
    pub model: Model,
    /// Items, in their order.
    pub items: Vec<ItemEstimate>,
    /// Variance of ability: 1 except where the model leaves it free.
    pub variance: f64,
    /// Standard error of the variance.
    pub variance_se: Option<f64>,
    /// Logarithm of the marginal likelihood.
    pub log_likelihood: Option<f64>,
    /// Number of free parameters.
    pub parameters: usize,
    /// How many people.
    pub people: f64,
    /// How often all answers were looked at.
    pub evaluations: u32,
    /// Whether it converged. What did not converge is not to be used.
    pub converged: bool,
    /// Where the standard errors come from.
    pub errors: ErrorKind,
}

impl Calibration {
    /// Parameters by item, for scoring and curves.
    pub fn parameters_of(&self) -> Vec<Option<Item>> {
        self.items.iter().map(|estimate| estimate.item.ok()).collect()
    }

    /// Standard deviation of the population that was calibrated.
    pub fn population_sd(&self) -> f64 {
        self.variance.max(0.0).sqrt()
    }
}

/// A finished calibration with its standard errors, from where a calibration stands.
pub fn estimate(data: &Responses, settings: &Settings, state: &State) -> Calibration {
    let layout = Layout::new(&state.items, settings.model);
    let pairs: f64 = data.rows().map(|(cells, _)| (cells.len() * cells.len()) as f64).sum();
    let cost = 2.0 * pairs * settings.points as f64 + (layout.size as f64).powi(3);
    let whole = cost <= settings.error_work;
    let covariance = (state.converged && state.items.len() == data.items())
        .then(|| information(data, &state.items, &layout, settings, whole).inverse(&layout))
        .flatten();
    let errors = match (&covariance, whole) {
        (None, _) => ErrorKind::None,
        (Some(_), true) => ErrorKind::Whole,
        (Some(_), false) => ErrorKind::Blocks,
    };
    let slope = state.items.iter().flatten().next().map_or(1.0, |item| item.a);
    let free = settings.model == Model::RaschFreeVariance;
    let each = state.items.iter().zip(&layout.of);
    let items: Vec<ItemEstimate> = each
        .map(|(item, place)| one(*item, *place, &layout, covariance.as_ref(), settings.model))
        .collect();
    Calibration {
        model: settings.model,
        items: if turned(state, settings) { items.iter().map(turn).collect() } else { items },
        variance: if free { slope * slope } else { 1.0 },
        variance_se: covariance
            .as_ref()
            .filter(|_| free)
            .and_then(|matrix| root(*matrix.diagonal.first()?))
            .map(|se| 2.0 * slope * se),
        log_likelihood: state.log_likelihood,
        parameters: layout.size,
        people: data.weight(),
        evaluations: state.evaluations,
        converged: state.converged,
        errors,
    }
}

fn root(v: f64) -> Option<f64> {
    (v > 0.0).then(|| v.sqrt()).and_then(finite)
}

/// The likelihood does not know which end of the scale is "able": most items say it.
fn turned(state: &State, settings: &Settings) -> bool {
    settings.model == Model::TwoParameter
        && state.items.iter().flatten().map(|item| item.a).sum::<f64>() < 0.0
}

fn turn(estimate: &ItemEstimate) -> ItemEstimate {
    let item = estimate.item.map(|item| Item { a: -item.a, d: item.d });
    ItemEstimate { item, b: estimate.b.map(|b| -b), ..*estimate }
}

fn one(
    item: Known,
    place: Option<usize>,
    layout: &Layout,
    covariance: Option<&Covariance>,
    model: Model,
) -> ItemEstimate {
    let (Ok(known), Some(place)) = (item, place) else {
        return ItemEstimate { item, a_se: None, d_se: None, b: None, b_se: None };
    };
    let dd = covariance.map(|matrix| matrix.diagonal[place]);
    let d_se = dd.and_then(root);
    match (model, layout.slope(place)) {
        (Model::RaschFreeVariance, _) | (_, None) => {
            let item = Ok(Item { a: 1.0, d: known.d });
            ItemEstimate { item, a_se: None, d_se, b: finite(-known.d), b_se: d_se }
        }
        (_, Some(slope)) => {
            let aa = covariance.map(|matrix| matrix.diagonal[slope]);
            let ad = covariance.map(|matrix| matrix.with_slope[place]);
            let (by_a, by_d) = (known.d / (known.a * known.a), -1.0 / known.a);
            let b_variance = aa
                .zip(ad)
                .zip(dd)
                .map(|((aa, ad), dd)| by_a * by_a * aa + 2.0 * by_a * by_d * ad + by_d * by_d * dd);
            let a_se = aa.and_then(root);
            ItemEstimate { item, a_se, d_se, b: known.b(), b_se: b_variance.and_then(root) }
        }
    }
}
