//! Item parameters by marginal maximum likelihood.
//!
//! Bock & Aitkin 1981, Psychometrika 46: the abilities are integrated out over points of their
//! distribution; EM alternates between the expected number of right and wrong answers at each
//! point and the best parameters for these numbers. Every second step is extrapolated (SQUAREM:
//! Varadhan & Roland 2008, Scandinavian Journal of Statistics 35) and taken back if the likelihood
//! fell. It has converged when the gradient of the likelihood itself, which the expected numbers
//! give without further cost (Fisher's identity), is a small part of a standard error for every
//! parameter; a small change between steps would not show that with so slow a method.
//!
//! A calibration can be cut into pieces: [`State`] is all that goes from one piece to the next.

pub mod errors;
pub mod expect;
mod information;
pub mod maximise;
pub mod prior;

use serde::{Deserialize, Serialize};

pub use self::{
    errors::{Calibration, ErrorKind, ItemEstimate, estimate},
    prior::Priors,
};
use crate::{
    model::{Item, Model},
    number::{finite, quadrature::Quadrature},
    response::Responses,
};

/// How to calibrate. All of it is data of the analysis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The model.
    pub model: Model,
    /// Points at which the population is looked at.
    pub points: usize,
    /// How far out they reach, in standard deviations; 0 takes Gauss's points.
    pub bound: f64,
    /// Converged when no parameter is further than this part of a standard error from where the
    /// likelihood is flat.
    pub tolerance: f64,
    /// Looks at all answers before it gives up.
    pub most_evaluations: u32,
    /// An item with fewer answers is left out.
    pub least_answers: f64,
    /// A slope beyond this one is a likelihood that has no maximum: the item is left out.
    pub largest_slope: f64,
    /// What is known beforehand.
    #[serde(default)]
    pub priors: Priors,
    /// Most work (multiplications) for standard errors from the whole information matrix; beyond,
    /// each item's own block stands for it.
    pub error_work: f64,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            model: Model::TwoParameter,
            points: 61,
            bound: 6.0,
            tolerance: 1e-4,
            most_evaluations: 3000,
            least_answers: 1.0,
            largest_slope: 10.0,
            priors: Priors::default(),
            error_work: 2e9,
        }
    }
}

impl Settings {
    /// The points.
    pub fn quadrature(&self) -> Quadrature {
        if self.bound > 0.0 {
            Quadrature::even(self.points, self.bound)
        } else {
            Quadrature::hermite(self.points)
        }
    }
}

/// Why an item, or a whole calibration, has no estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Nobody, or too few people, answered.
    TooFew,
    /// All answers were right: any easier item would explain them better.
    AllRight,
    /// All answers were wrong.
    AllWrong,
    /// The likelihood grows with the slope without end.
    NoMaximum,
}

/// An item during calibration: its parameters or why it is left out.
pub type Known = Result<Item, Why>;

/// Where a calibration stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Parameters of each item so far.
    pub items: Vec<Known>,
    /// How often all answers were looked at.
    pub evaluations: u32,
    /// Logarithm of the likelihood (without priors); none before the first look.
    pub log_likelihood: Option<f64>,
    /// The largest distance from a flat likelihood, in standard errors.
    pub distance: Option<f64>,
    /// Whether it has converged.
    pub converged: bool,
}

impl State {
    /// Before the first step.
    pub fn start(data: &Responses, settings: &Settings) -> State {
        let slope = match settings.model {
            Model::TwoParameter => settings.priors.slope.map_or(1.0, |prior| prior.mean.exp()),
            _ => 1.0,
        };
        let slope = finite(slope).unwrap_or(1.0).clamp(0.1, settings.largest_slope.max(0.1));
        let prior = settings.priors.intercept.is_some();
        let known = |(right, all): (f64, f64)| -> Known {
            if all <= 0.0 || all < settings.least_answers {
                return Err(Why::TooFew);
            }
            if right >= all && !prior {
                return Err(Why::AllRight);
            }
            if right <= 0.0 && !prior {
                return Err(Why::AllWrong);
            }
            let odds = (right + 0.1) / (all - right + 0.1);
            Ok(Item { a: slope, d: odds.ln() * (1.0 + 0.3 * slope * slope).sqrt() })
        };
        State {
            items: data.counts().into_iter().map(known).collect(),
            evaluations: 0,
            log_likelihood: None,
            distance: None,
            converged: false,
        }
    }

    /// Whether nothing is left to do.
    pub fn is_over(&self, settings: &Settings) -> bool {
        self.converged
            || self.evaluations >= settings.most_evaluations
            || self.items.iter().all(Result::is_err)
    }

    /// Goes on, looking at all answers at most `evaluations` times (at least three: one step).
    /// Answers must be those that the state started with.
    pub fn advance(mut self, data: &Responses, settings: &Settings, evaluations: u32) -> State {
        if self.items.len() != data.items() {
            return State::start(data, settings);
        }
        let quadrature = settings.quadrature();
        let mut left = evaluations.max(3);
        while left >= 3 && !self.is_over(settings) {
            let before = self.evaluations;
            self.cycle(data, settings, &quadrature);
            left = left.saturating_sub(self.evaluations - before);
        }
        self
    }

    /// Two steps of EM, an extrapolation, and a step from there.
    fn cycle(&mut self, data: &Responses, settings: &Settings, quadrature: &Quadrature) {
        let first = self.items.clone();
        let Some((second, _)) = self.step(data, settings, quadrature) else { return };
        self.items = second.clone();
        let Some((third, height)) = self.step(data, settings, quadrature) else { return };
        let Some(far) = extrapolate(&first, &second, &third, settings.model) else {
            self.items = third;
            return self.drop_unbounded(settings);
        };
        self.items = far;
        let Some((after, reached)) = self.step(data, settings, quadrature) else { return };
        self.items = if reached >= height { after } else { third };
        self.drop_unbounded(settings);
    }

    /// One look at all answers: the better parameters and the height of what is maximised at the
    /// present ones. None if the present ones are where it is flat.
    fn step(
        &mut self,
        data: &Responses,
        settings: &Settings,
        quadrature: &Quadrature,
    ) -> Option<(Vec<Known>, f64)> {
        let expected = expect::expect(data, &self.items, quadrature);
        self.evaluations += 1;
        self.log_likelihood = finite(expected.log_likelihood);
        let distance = maximise::distance(&expected, &self.items, settings, quadrature);
        self.distance = finite(distance);
        if distance <= settings.tolerance {
            self.converged = true;
            return None;
        }
        let height = expected.log_likelihood + maximise::prior_height(&self.items, settings);
        Some((maximise::maximise(&expected, &self.items, settings, quadrature), height))
    }

    fn drop_unbounded(&mut self, settings: &Settings) {
        let shared = settings.model != Model::TwoParameter;
        for item in &mut self.items {
            if let Ok(known) = item
                && (!known.is_finite() || (!shared && known.a.abs() > settings.largest_slope))
            {
                *item = Err(Why::NoMaximum);
            }
        }
    }
}

/// The extrapolated parameters; none if the steps are already nothing.
fn extrapolate(
    first: &[Known],
    second: &[Known],
    third: &[Known],
    model: Model,
) -> Option<Vec<Known>> {
    let (mut rr, mut vv) = (0.0, 0.0);
    let each = || first.iter().zip(second).zip(third);
    for ((x, y), z) in each() {
        let (Ok(x), Ok(y), Ok(z)) = (x, y, z) else { continue };
        for (x, y, z) in [(x.a, y.a, z.a), (x.d, y.d, z.d)] {
            let (r, v) = (y - x, (z - y) - (y - x));
            rr += r * r;
            vv += v * v;
        }
    }
    let length = finite((rr / vv).sqrt())?.clamp(1.0, 64.0);
    let along = |x: f64, y: f64, z: f64| {
        let (r, v) = (y - x, (z - y) - (y - x));
        x + 2.0 * length * r + length * length * v
    };
    Some(
        each()
            .map(|((x, y), z)| match (x, y, z) {
                (Ok(x), Ok(y), Ok(z)) => {
                    let far = Item { a: along(x.a, y.a, z.a), d: along(x.d, y.d, z.d) };
                    // With one slope for all a leap below zero would turn the scale around.
                    let turned = model != Model::TwoParameter && far.a <= 0.0;
                    Ok(if far.is_finite() && !turned { far } else { *z })
                }
                _ => *z,
            })
            .collect(),
    )
}
