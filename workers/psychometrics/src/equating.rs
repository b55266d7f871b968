//! Scores of one form on the scale of another.

pub mod equipercentile;
pub mod linear;
pub mod scale;

pub use equipercentile::{Distribution, equipercentile};
pub use linear::{Line, chained, linear};
pub use scale::{Link, mean_sigma};
