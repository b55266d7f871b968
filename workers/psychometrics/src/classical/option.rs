//! How often each option was chosen, and by whom.

use serde::{Deserialize, Serialize};

use crate::number::{Moments, ratio};

/// What one person chose.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice<'a> {
    /// Indices of the options; none were chosen if it is empty.
    pub options: &'a [usize],
    /// The person's score on the rest of the test.
    pub rest: f64,
    /// How many persons it stands for.
    pub weight: f64,
}

/// Figures of an option.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct OptionFigures {
    /// How many people chose it.
    pub chosen: f64,
    /// Their share among those who had the item, 0 to 1.
    pub share: Option<f64>,
    /// Correlation of choosing it with the rest of the test: for a distractor it should be below
    /// zero (Haladyna & Rodriguez 2013, "Developing and Validating Test Items", ch. 18).
    pub rest_correlation: Option<f64>,
    /// Mean of the rest of the test among those who chose it.
    pub rest_mean: Option<f64>,
}

/// Figures of each option, then those of "nothing chosen".
pub fn options(count: usize, choices: &[Choice<'_>]) -> Vec<OptionFigures> {
    let valid = |choice: &&Choice<'_>| {
        choice.weight.is_finite() && choice.weight > 0.0 && choice.rest.is_finite()
    };
    (0..=count)
        .map(|option| {
            let (mut moments, mut mean) = (Moments::default(), Moments::default());
            for choice in choices.iter().filter(valid) {
                let chosen = match option == count {
                    true => choice.options.is_empty(),
                    false => choice.options.contains(&option),
                };
                moments.add(f64::from(u8::from(chosen)), choice.rest, choice.weight);
                if chosen {
                    mean.add(choice.rest, 0.0, choice.weight);
                }
            }
            OptionFigures {
                chosen: mean.n,
                share: ratio(mean.n, moments.n),
                rest_correlation: moments.correlation(),
                rest_mean: (mean.n > 0.0).then_some(mean.mean_x),
            }
        })
        .collect()
}
