//! Scores of one form on the scale of another, by two methods.

use super::{
    Plot, Words,
    frame::{Frame, LATE, SKY, SOFT},
};
use crate::equating::{Distribution, Line};

/// Each whole score of `x` by the straight line and by equal shares of people. Series: people, linear,
/// equipercentile, unchanged.
pub fn equating(
    x: &Distribution,
    linear: Option<&Line>,
    equal: &[Option<f64>],
    words: &Words,
) -> Plot {
    let scores: Vec<f64> = (0..x.counts().len()).map(|score| score as f64).collect();
    let straight: Vec<(f64, Option<f64>)> =
        scores.iter().map(|score| (*score, linear.and_then(|line| line.of(*score)))).collect();
    let shares: Vec<(f64, Option<f64>)> =
        scores.iter().zip(equal).map(|(score, value)| (*score, *value)).collect();
    let all = straight.iter().chain(&shares).filter_map(|(_, value)| *value);
    let last = scores.last().copied().unwrap_or(1.0).max(1.0);
    let lowest = all.clone().fold(0.0, f64::min);
    let highest = all.fold(last, f64::max);
    let mut frame = Frame::new(words, (0.0, last), (lowest, highest * 1.02));
    let same: Vec<(f64, Option<f64>)> = [0.0, last].map(|score| (score, Some(score))).to_vec();
    frame.line(&same, SOFT, "2 4");
    frame.line(&straight, LATE, "6 4");
    frame.line(&shares, SKY, "");
    frame.legend(&[
        (words.series(1), LATE, "6 4"),
        (words.series(2), SKY, ""),
        (words.series(3), SOFT, "2 4"),
    ]);
    let row = |at: usize| {
        vec![
            at.to_string(),
            words.number(x.counts().get(at).copied(), 0),
            words.number(straight[at].1, 2),
            words.number(shares.get(at).and_then(|one| one.1), 2),
        ]
    };
    Plot {
        svg: frame.finish(),
        head: [&words.x, words.series(0), words.series(1), words.series(2)]
            .map(str::to_owned)
            .to_vec(),
        rows: (0..scores.len()).map(row).collect(),
    }
}
