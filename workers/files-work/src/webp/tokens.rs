//! Coefficients as tokens (RFC 6386, section 13), and probabilities that fit them.

use super::{
    bits::Writer,
    tables::{BANDS, TOKENS, UPDATES, ZIGZAG},
};

/// Kinds of blocks.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// Brightness without its DC.
    Y = 0,
    /// The DC values of a macroblock.
    Y2 = 1,
    /// Colour.
    Chroma = 2,
}

/// The largest value that a token can say.
pub(super) const LEVEL_MAX: i32 = 2_047;

/// Extra bits of the categories: base value and the probabilities of the bits.
const CATEGORIES: [(i32, &[u8]); 6] = [
    (5, &[159]),
    (7, &[165, 145]),
    (11, &[173, 148, 140]),
    (19, &[176, 155, 140, 135]),
    (35, &[180, 157, 141, 134, 130]),
    (67, &[254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129]),
];

/// One decision: which probability it takes (or, above [`FIXED`], the probability itself), and
/// the bit.
type Decision = (u16, bool);
const FIXED: u16 = 2_000;

/// All tokens of a frame, kept until their probabilities are known.
#[derive(Default)]
pub(super) struct Tokens {
    decisions: Vec<Decision>,
}

impl Tokens {
    /// Adds a block of quantised values (in the order of the pixels). `context` counts its
    /// neighbours (left and above) that are not empty. Says whether it is not empty itself.
    pub(super) fn block(&mut self, kind: Kind, context: usize, levels: &[i32; 16]) -> bool {
        let first = usize::from(matches!(kind, Kind::Y));
        let last = (first..16).rev().find(|n| levels[ZIGZAG[*n]] != 0);
        let (mut context, mut after_zero) = (context, false);
        for n in first..16 {
            let base = ((kind as usize * 8 + BANDS[n]) * 3 + context) * 11;
            let mut say = |branch: usize, bit: bool| {
                self.decisions.push(((base + branch) as u16, bit));
            };
            if !after_zero {
                let more = last.is_some_and(|last| n <= last);
                say(0, more);
                if !more {
                    break;
                }
            }
            let level = levels[ZIGZAG[n]];
            let size = level.abs();
            say(1, size > 0);
            after_zero = size == 0;
            context = size.min(2) as usize;
            if size == 0 {
                continue;
            }
            say(2, size > 1);
            if size > 1 {
                say(3, size > 4);
                if size <= 4 {
                    say(4, size > 2);
                    if size > 2 {
                        say(5, size > 3);
                    }
                } else {
                    say(6, size > 10);
                    if size <= 10 {
                        say(7, size > 6);
                    } else {
                        say(8, size > 34);
                        if size <= 34 {
                            say(9, size > 18);
                        } else {
                            say(10, size > 66);
                        }
                    }
                    self.extra(size);
                }
            }
            self.decisions.push((FIXED + 128, level < 0));
        }
        last.is_some()
    }

    fn extra(&mut self, size: i32) {
        let found = CATEGORIES.iter().rev().find(|(base, _)| size >= *base);
        let Some((base, probabilities)) = found else { return };
        for (n, probability) in probabilities.iter().enumerate() {
            let place = probabilities.len() - 1 - n;
            let bit = ((size - base) >> place) & 1 == 1;
            self.decisions.push((FIXED + u16::from(*probability), bit));
        }
    }

    /// The probabilities for this frame: those of the format, changed where saying so costs less
    /// than it saves.
    pub(super) fn fit(&self) -> [u8; 1056] {
        let mut counts = [[0u32; 2]; 1056];
        for (place, bit) in &self.decisions {
            if let Some(count) = counts.get_mut(usize::from(*place)) {
                count[usize::from(*bit)] += 1;
            }
        }
        let mut fitted = TOKENS;
        for (place, [zeros, ones]) in counts.into_iter().enumerate() {
            let all = zeros + ones;
            if all == 0 {
                continue;
            }
            let best = (u64::from(zeros) * 255 / u64::from(all)).clamp(1, 255) as u8;
            let cost = |p: u8| bits(zeros, p) + bits(ones, flip(p));
            let change = bits(1, flip(UPDATES[place])) + 8.0 - bits(1, UPDATES[place]);
            if cost(best) + change < cost(TOKENS[place]) {
                fitted[place] = best;
            }
        }
        fitted
    }

    /// Writes which probabilities differ from those of the format.
    pub(super) fn write_changes(fitted: &[u8; 1056], out: &mut Writer) {
        for (place, probability) in fitted.iter().enumerate() {
            let changed = *probability != TOKENS[place];
            out.bit(UPDATES[place], changed);
            if changed {
                out.number(u32::from(*probability), 8);
            }
        }
    }

    /// Writes all tokens.
    pub(super) fn write(&self, fitted: &[u8; 1056]) -> Vec<u8> {
        let mut out = Writer::new();
        for (place, bit) in &self.decisions {
            let fixed = place.checked_sub(FIXED).map(|probability| probability as u8);
            out.bit(fixed.unwrap_or_else(|| fitted[usize::from(*place)]), *bit);
        }
        out.finish()
    }
}

fn flip(probability: u8) -> u8 {
    (256 - u16::from(probability)).min(255) as u8
}

/// Bits that `count` decisions of a probability cost.
fn bits(count: u32, probability: u8) -> f32 {
    -(f32::from(probability.max(1)) / 256.0).log2() * count as f32
}
