//! The transforms of VP8 (RFC 6386, section 14): back exactly as every decoder does it, forth as
//! their inverse.

/// A block of 4×4 values.
pub(super) type Block = [i32; 16];

/// √2·cos(π/8) and √2·sin(π/8): the second and fourth row of the cosine transform.
const WIDE: f32 = 1.306_563;
const NARROW: f32 = 0.541_196_1;

const COSINE: [[f32; 4]; 4] = [
    [1.0, 1.0, 1.0, 1.0],
    [WIDE, NARROW, -NARROW, -WIDE],
    [1.0, -1.0, -1.0, 1.0],
    [NARROW, -WIDE, WIDE, -NARROW],
];
const HADAMARD: [[f32; 4]; 4] =
    [[1.0, 1.0, 1.0, 1.0], [1.0, 1.0, -1.0, -1.0], [1.0, -1.0, -1.0, 1.0], [1.0, -1.0, 1.0, -1.0]];

fn forth(block: &Block, rows: &[[f32; 4]; 4]) -> [f32; 16] {
    let mut middle = [0.0; 16];
    for y in 0..4 {
        for (k, row) in rows.iter().enumerate() {
            middle[y * 4 + k] = (0..4).map(|x| row[x] * block[y * 4 + x] as f32).sum();
        }
    }
    let mut out = [0.0; 16];
    for x in 0..4 {
        for (k, row) in rows.iter().enumerate() {
            out[k * 4 + x] = 0.5 * (0..4).map(|y| row[y] * middle[y * 4 + x]).sum::<f32>();
        }
    }
    out
}

/// The cosine transform.
pub(super) fn cosine(block: &Block) -> [f32; 16] {
    forth(block, &COSINE)
}

/// The Walsh-Hadamard transform of the sixteen DC values of a macroblock.
pub(super) fn hadamard(block: &Block) -> [f32; 16] {
    forth(block, &HADAMARD)
}

const fn sin(value: i32) -> i32 {
    (value * 35_468) >> 16
}

const fn cos(value: i32) -> i32 {
    value + ((value * 20_091) >> 16)
}

/// The cosine transform back.
pub(super) fn cosine_back(block: &Block) -> Block {
    let step = |[i0, i1, i2, i3]: [i32; 4]| {
        let (a, b) = (i0 + i2, i0 - i2);
        let (c, d) = (sin(i1) - cos(i3), cos(i1) + sin(i3));
        [a + d, b + c, b - c, a - d]
    };
    both_ways(block, step, 4)
}

/// A step over the columns and then over the rows; what is too much by a factor of eight is taken off
/// at the end, `round` being added before.
fn both_ways(block: &Block, step: impl Fn([i32; 4]) -> [i32; 4], round: i32) -> Block {
    let mut middle = [0; 16];
    for x in 0..4 {
        let column = step([block[x], block[4 + x], block[8 + x], block[12 + x]]);
        for (y, value) in column.into_iter().enumerate() {
            middle[y * 4 + x] = value;
        }
    }
    let mut out = [0; 16];
    for y in 0..4 {
        let at = y * 4;
        let row = step([middle[at], middle[at + 1], middle[at + 2], middle[at + 3]]);
        for (x, value) in row.into_iter().enumerate() {
            out[at + x] = (value + round) >> 3;
        }
    }
    out
}

/// The Walsh-Hadamard transform back.
pub(super) fn hadamard_back(block: &Block) -> Block {
    let step = |[i0, i1, i2, i3]: [i32; 4]| {
        let (a, b, c, d) = (i0 + i3, i1 + i2, i1 - i2, i0 - i3);
        [a + b, c + d, a - b, d - c]
    };
    both_ways(block, step, 3)
}
