//! Published numbers, recovery of known parameters, and what must hold for any answers.

mod classical;
mod lsat;
mod methods;
mod plots;
mod recovery;
