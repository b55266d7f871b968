//! What can be decided without a browser: tested natively.

pub mod merge;
pub mod mirror;
pub mod steps;
