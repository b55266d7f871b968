//! Differences between the readers of two languages.

use serde::{Deserialize, Serialize};

use super::{
    Plot, Words,
    frame::{Frame, LATE, SKY},
};
use crate::dif::Dif;

/// Shares that were right among equally able people of both groups.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// Their ability or their score.
    pub level: f64,
    /// In the reference group.
    pub reference: Option<f64>,
    /// In the focal group.
    pub focal: Option<f64>,
}

/// One item: the shares right by level, a line for each group. Series: reference, focal.
pub fn language(shares: &[Share], words: &Words) -> Plot {
    let ends = |of: fn(f64, f64) -> f64| shares.iter().map(|share| share.level).reduce(of);
    let range = (ends(f64::min).unwrap_or(0.0), ends(f64::max).unwrap_or(1.0));
    let mut frame = Frame::new(words, range, (0.0, 1.0));
    let reference: Vec<_> = shares.iter().map(|share| (share.level, share.reference)).collect();
    let focal: Vec<_> = shares.iter().map(|share| (share.level, share.focal)).collect();
    frame.line(&reference, SKY, "");
    frame.line(&focal, LATE, "6 4");
    for share in shares {
        if let Some(y) = share.reference {
            frame.dot(share.level, y, 3.5, SKY);
        }
        if let Some(y) = share.focal {
            frame.square(share.level, y, 3.5, LATE);
        }
    }
    frame.legend(&[(words.series(0), SKY, ""), (words.series(1), LATE, "6 4")]);
    let row = |share: &Share| {
        vec![
            words.number(Some(share.level), 2),
            words.number(share.reference, 2),
            words.number(share.focal, 2),
        ]
    };
    Plot {
        svg: frame.finish(),
        head: [&words.x, words.series(0), words.series(1)].map(str::to_owned).to_vec(),
        rows: shares.iter().map(row).collect(),
    }
}

/// All items: each delta with its 95 % interval, and the limits of the classes as level lines.
/// Series: delta, standard error, class.
pub fn deltas(items: &[(String, Dif)], moderate: f64, large: f64, words: &Words) -> Plot {
    let known: Vec<(usize, f64, f64)> = items
        .iter()
        .enumerate()
        .filter_map(|(at, (_, dif))| Some((at + 1, dif.delta?, dif.delta_se?)))
        .collect();
    let widest = known.iter().map(|(_, delta, se)| delta.abs() + 1.96 * se).fold(large, f64::max);
    let y = (-widest.min(8.0) * 1.05, widest.min(8.0) * 1.05);
    let mut frame = Frame::new(words, (0.0, items.len() as f64 + 1.0), y);
    frame.level(0.0, "");
    for limit in [moderate, large] {
        frame.level(limit, "2 4");
        frame.level(-limit, "2 4");
    }
    for (at, delta, se) in known {
        let colour = if delta.abs() >= large { LATE } else { SKY };
        frame.whisker(at as f64, delta - 1.96 * se, delta + 1.96 * se, colour);
        if delta.abs() >= large {
            frame.square(at as f64, delta, 3.5, colour);
        } else {
            frame.dot(at as f64, delta, 3.5, colour);
        }
    }
    let row = |(name, dif): &(String, Dif)| {
        vec![
            name.clone(),
            words.number(dif.delta, 2),
            words.number(dif.delta_se, 2),
            dif.class.map(|class| format!("{class:?}")).unwrap_or_default(),
        ]
    };
    Plot {
        svg: frame.finish(),
        head: [&words.x, words.series(0), words.series(1), words.series(2)]
            .map(str::to_owned)
            .to_vec(),
        rows: items.iter().map(row).collect(),
    }
}
