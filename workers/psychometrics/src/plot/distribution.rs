//! How many people had which score.

use super::{Plot, Words, frame::Frame};
use crate::equating::Distribution;

/// A column for each score, or for some neighbouring ones where there are more than `columns`.
/// Series: people, share.
pub fn distribution(scores: &Distribution, columns: usize, words: &Words) -> Plot {
    let counts = scores.counts();
    let width = counts.len().div_ceil(columns.clamp(1, 200)).max(1);
    let bars: Vec<(usize, f64)> = counts
        .chunks(width)
        .enumerate()
        .map(|(at, some)| (at * width, some.iter().sum()))
        .collect();
    let highest = bars.iter().map(|(_, n)| *n).fold(0.0, f64::max).max(1.0);
    let last = counts.len().max(1) as f64 - 0.5;
    let mut frame = Frame::new(words, (-0.5, last), (0.0, highest * 1.05));
    for (from, count) in &bars {
        let start = *from as f64 - 0.5;
        frame.column(start, (start + width as f64).min(last), *count);
    }
    let people = scores.people();
    let row = |(from, count): &(usize, f64)| {
        let to = (from + width - 1).min(counts.len() - 1);
        let name = if to > *from { format!("{from}–{to}") } else { from.to_string() };
        let share = (people > 0.0).then(|| 100.0 * count / people);
        vec![name, words.number(Some(*count), 0), words.number(share, 1)]
    };
    Plot {
        svg: frame.finish(),
        head: [&words.x, words.series(0), words.series(1)].map(str::to_owned).to_vec(),
        rows: bars.iter().map(row).collect(),
    }
}
