//! Item analysis: what a test and its questions were worth, from the answers that people gave.
//!
//! Pure: no I/O, no clock, no randomness. Everything that a figure depends on is an argument, and
//! the same answers in another order give the same figures (up to the last bits of the sums).
//! Answers may be missing by design: each person sees the questions that were drawn for them.
//!
//! A figure that the answers cannot give is `None`, "not estimable": nobody was right, nobody
//! answered, all had the same score. No function returns NaN or an infinity.
//!
//! | module | what |
//! |---|---|
//! | [`response`] | answers, sparse |
//! | [`classical`] | facility, discrimination, reliability, options, times |
//! | [`calibration`] | two-parameter, one-parameter and Rasch models by marginal maximum likelihood |
//! | [`score`], [`information`] | ability of a person and its error; curves |
//! | [`fit`] | whether an item behaves as its model says |
//! | [`dif`] | whether an item favours the readers of one language |
//! | [`equating`] | scores of one form on the scale of another |
//! | [`exposure`] | how often items are shown and how much people's tests overlap |
//! | [`flag`] | what a person should look at |
//! | [`plot`] | curves as SVG |
#![allow(
    clippy::needless_range_loop,
    reason = "an index names the same item or node in several arrays at once"
)]

pub mod calibration;
pub mod classical;
pub mod dif;
pub mod equating;
pub mod exposure;
pub mod fit;
pub mod flag;
pub mod information;
pub mod model;
pub mod number;
pub mod plot;
pub mod response;
pub mod score;
#[cfg(any(test, feature = "simulate"))]
pub mod simulate;
#[cfg(test)]
mod tests;
