//! Whether an item behaves as its model says.

pub mod residual;
pub mod score_groups;

pub use residual::{Residuals, residuals};
pub use score_groups::{Groups, ScoreFit, score_fit};
