//! A key frame: predict, transform, quantise, and rebuild what a decoder will see, because the
//! next macroblock is predicted from that.

use super::{
    bits::Writer,
    plane::{Plane, Planes},
    tables::{AC, DC},
    tokens::{Kind, LEVEL_MAX, Tokens},
    transform::{Block, cosine, cosine_back, hadamard, hadamard_back},
};

/// Ways to predict a macroblock from its neighbours, as the format numbers them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Mean,
    Above,
    Left,
    Slope,
}

const MODES: [Mode; 4] = [Mode::Mean, Mode::Above, Mode::Left, Mode::Slope];

/// Steps of the quantiser: DC and AC of each kind of block.
struct Steps {
    y: [i32; 2],
    y2: [i32; 2],
    chroma: [i32; 2],
}

impl Steps {
    fn new(index: usize) -> Steps {
        let (dc, ac) = (i32::from(DC[index]), i32::from(AC[index]));
        let chroma = i32::from(DC[index.min(117)]);
        Steps { y: [dc, ac], y2: [dc * 2, (ac * 155 / 100).max(8)], chroma: [chroma, ac] }
    }
}

/// What is said of a macroblock before its tokens.
struct Header {
    y: Mode,
    chroma: Mode,
    empty: bool,
}

/// Which neighbours have tokens: two or four blocks of each plane, and the block of DC values.
#[derive(Clone, Default)]
struct Seen {
    y: [bool; 4],
    u: [bool; 2],
    v: [bool; 2],
    y2: bool,
}

/// The index of the quantiser (0 fine, 127 coarse) for a quality of 0 to 100.
fn index(quality: u8) -> usize {
    let share = f32::from(quality.min(100)) / 100.0;
    let linear = if share < 0.75 { share * 2.0 / 3.0 } else { 2.0 * share - 1.0 };
    (127.0 * (1.0 - linear.cbrt())).round().clamp(0.0, 127.0) as usize
}

/// Encodes; returns the frame and the picture as a decoder sees it before its filter, which `soft`
/// asks for.
pub(super) fn encode(planes: &Planes, quality: u8, soft: bool) -> (Vec<u8>, Planes) {
    let index = index(quality);
    let steps = Steps::new(index);
    let mut seen = Planes::empty(planes.width, planes.height);
    let (across, down) = (planes.across(), planes.down());
    let mut tokens = Tokens::default();
    let mut headers = Vec::with_capacity(across * down);
    let mut above = vec![Seen::default(); across];
    for my in 0..down {
        let mut left = Seen::default();
        for (mx, above) in above.iter_mut().enumerate() {
            let blocks = macroblock(planes, &mut seen, (mx, my), &steps);
            if blocks.header.empty {
                *above = Seen::default();
                left = Seen::default();
            } else {
                write_blocks(&blocks, above, &mut left, &mut tokens);
            }
            headers.push(blocks.header);
        }
    }
    let filter = if soft { (index as u32 * 3 / 8).min(63) } else { 0 };
    (assemble(planes, (index, filter), &headers, &tokens), seen)
}

fn assemble(
    planes: &Planes,
    (index, filter): (usize, u32),
    headers: &[Header],
    tokens: &Tokens,
) -> Vec<u8> {
    let fitted = tokens.fit();
    let mut head = Writer::new();
    // Colours of the usual kind, pixels are to be clamped, no segments.
    head.number(0, 3);
    // The normal filter; it softens edges of blocks more the coarser they are.
    head.number(0, 1);
    head.number(filter, 6);
    head.number(0, 3);
    head.number(0, 1);
    // One partition of tokens; one step for all; the probabilities are kept for nobody.
    head.number(0, 2);
    head.number(index as u32, 7);
    head.number(0, 5);
    head.number(0, 1);
    Tokens::write_changes(&fitted, &mut head);
    let full = headers.iter().filter(|header| !header.empty).count();
    let probability = (full * 255 / headers.len().max(1)).clamp(1, 255) as u8;
    head.number(1, 1);
    head.number(u32::from(probability), 8);
    for header in headers {
        head.bit(probability, header.empty);
        head.bit(145, true);
        match header.y {
            Mode::Mean | Mode::Above => {
                head.bit(156, false);
                head.bit(163, header.y == Mode::Above);
            }
            Mode::Left | Mode::Slope => {
                head.bit(156, true);
                head.bit(128, header.y == Mode::Slope);
            }
        }
        let chroma = [Mode::Mean, Mode::Above, Mode::Left];
        for (mode, probability) in chroma.into_iter().zip([142, 114, 183]) {
            head.bit(probability, header.chroma != mode);
            if header.chroma == mode {
                break;
            }
        }
    }
    let (head, body) = (head.finish(), tokens.write(&fitted));
    // A key frame of version 0 that is shown.
    let tag = (1 << 4) | ((head.len() as u32) << 5);
    let mut out = tag.to_le_bytes()[..3].to_vec();
    out.extend_from_slice(&[0x9d, 0x01, 0x2a]);
    out.extend_from_slice(&(planes.width as u16).to_le_bytes());
    out.extend_from_slice(&(planes.height as u16).to_le_bytes());
    out.extend_from_slice(&head);
    out.extend_from_slice(&body);
    out
}

/// The quantised blocks of a macroblock.
struct Blocks {
    header: Header,
    y2: Block,
    y: [Block; 16],
    u: [Block; 4],
    v: [Block; 4],
}

fn write_blocks(blocks: &Blocks, above: &mut Seen, left: &mut Seen, tokens: &mut Tokens) {
    let context = usize::from(above.y2) + usize::from(left.y2);
    let full = tokens.block(Kind::Y2, context, &blocks.y2);
    (above.y2, left.y2) = (full, full);
    for (n, block) in blocks.y.iter().enumerate() {
        let (x, y) = (n % 4, n / 4);
        let context = usize::from(above.y[x]) + usize::from(left.y[y]);
        let full = tokens.block(Kind::Y, context, block);
        (above.y[x], left.y[y]) = (full, full);
    }
    for (all, above, left) in
        [(&blocks.u, &mut above.u, &mut left.u), (&blocks.v, &mut above.v, &mut left.v)]
    {
        for (n, block) in all.iter().enumerate() {
            let (x, y) = (n % 2, n / 2);
            let context = usize::from(above[x]) + usize::from(left[y]);
            let full = tokens.block(Kind::Chroma, context, block);
            (above[x], left[y]) = (full, full);
        }
    }
}

fn macroblock(
    source: &Planes,
    seen: &mut Planes,
    (mx, my): (usize, usize),
    steps: &Steps,
) -> Blocks {
    let (y_mode, prediction) = best(&[(&source.y, &seen.y)], (mx, my), 16);
    let mut raw = [[0f32; 16]; 16];
    let mut means = [0; 16];
    for (n, block) in raw.iter_mut().enumerate() {
        let place = (mx * 16 + n % 4 * 4, my * 16 + n / 4 * 4);
        let difference = difference(&source.y, place, &prediction[0], (n % 4 * 4, n / 4 * 4), 16);
        *block = cosine(&difference);
        means[n] = block[0].round() as i32;
    }
    let mut y2 = [0; 16];
    for (n, value) in hadamard(&means).into_iter().enumerate() {
        y2[n] = quantise(value, steps.y2[usize::from(n > 0)], if n > 0 { 0.42 } else { 0.5 });
    }
    let mut back = [0; 16];
    for (n, level) in y2.iter().enumerate() {
        back[n] = level * steps.y2[usize::from(n > 0)];
    }
    let means = hadamard_back(&back);
    let mut y = [[0; 16]; 16];
    for (n, block) in y.iter_mut().enumerate() {
        let mut values = [0; 16];
        values[0] = means[n];
        for k in 1..16 {
            block[k] = quantise(raw[n][k], steps.y[1], 0.36);
            values[k] = block[k] * steps.y[1];
        }
        let place = (mx * 16 + n % 4 * 4, my * 16 + n / 4 * 4);
        rebuild(&mut seen.y, place, &prediction[0], (n % 4 * 4, n / 4 * 4), 16, &values);
    }

    let pairs = [(&source.u, &seen.u), (&source.v, &seen.v)];
    let (chroma_mode, prediction) = best(&pairs, (mx, my), 8);
    let u = chroma(&source.u, &mut seen.u, &prediction[0], (mx, my), steps);
    let v = chroma(&source.v, &mut seen.v, &prediction[1], (mx, my), steps);
    let empty = [&y2].into_iter().chain(&y).chain(&u).chain(&v).flatten().all(|level| *level == 0);
    Blocks { header: Header { y: y_mode, chroma: chroma_mode, empty }, y2, y, u, v }
}

fn chroma(
    source: &Plane,
    seen: &mut Plane,
    prediction: &[u8],
    (mx, my): (usize, usize),
    steps: &Steps,
) -> [Block; 4] {
    let mut all = [[0; 16]; 4];
    for (n, block) in all.iter_mut().enumerate() {
        let inside = (n % 2 * 4, n / 2 * 4);
        let place = (mx * 8 + inside.0, my * 8 + inside.1);
        let mut values = [0; 16];
        let raw = cosine(&difference(source, place, prediction, inside, 8));
        for (k, value) in raw.into_iter().enumerate() {
            let step = steps.chroma[usize::from(k > 0)];
            block[k] = quantise(value, step, if k > 0 { 0.38 } else { 0.5 });
            values[k] = block[k] * step;
        }
        rebuild(seen, place, prediction, inside, 8, &values);
    }
    all
}

/// `bias` below a half rounds small values to nothing, which costs little likeness and saves much.
fn quantise(value: f32, step: i32, bias: f32) -> i32 {
    let level = (value.abs() / step as f32 + bias).floor() as i32;
    let level = level.min(LEVEL_MAX);
    if value < 0.0 { -level } else { level }
}

fn difference(
    source: &Plane,
    (x, y): (usize, usize),
    prediction: &[u8],
    (px, py): (usize, usize),
    side: usize,
) -> Block {
    let mut out = [0; 16];
    for (n, value) in out.iter_mut().enumerate() {
        let (dx, dy) = (n % 4, n / 4);
        let predicted = prediction[(py + dy) * side + px + dx];
        *value = i32::from(source.at(x + dx, y + dy)) - i32::from(predicted);
    }
    out
}

fn rebuild(
    seen: &mut Plane,
    (x, y): (usize, usize),
    prediction: &[u8],
    (px, py): (usize, usize),
    side: usize,
    values: &Block,
) {
    for (n, value) in cosine_back(values).into_iter().enumerate() {
        let (dx, dy) = (n % 4, n / 4);
        let predicted = i32::from(prediction[(py + dy) * side + px + dx]);
        let at = (y + dy) * seen.width + x + dx;
        seen.data[at] = (predicted + value).clamp(0, 255) as u8;
    }
}

/// The mode that comes nearest to the source in all of its planes, and what it predicts.
fn best(planes: &[(&Plane, &Plane)], place: (usize, usize), side: usize) -> (Mode, Vec<Vec<u8>>) {
    let mut found: Option<(u64, Mode, Vec<Vec<u8>>)> = None;
    for mode in MODES {
        let all: Vec<_> = planes.iter().map(|(_, seen)| predict(seen, place, side, mode)).collect();
        let error = planes
            .iter()
            .zip(&all)
            .map(|((source, _), prediction)| distance(source, place, side, prediction))
            .sum();
        if found.as_ref().is_none_or(|(least, ..)| error < *least) {
            found = Some((error, mode, all));
        }
    }
    found.map_or((Mode::Mean, Vec::new()), |(_, mode, all)| (mode, all))
}

fn distance(source: &Plane, (mx, my): (usize, usize), side: usize, prediction: &[u8]) -> u64 {
    let mut sum = 0;
    for y in 0..side {
        let from = (my * side + y) * source.width + mx * side;
        let row = &source.data[from..from + side];
        for (a, b) in row.iter().zip(&prediction[y * side..]) {
            sum += u64::from(a.abs_diff(*b)).pow(2);
        }
    }
    sum
}

/// Outside of the picture there is 127 above and 129 at the left.
fn predict(seen: &Plane, (mx, my): (usize, usize), side: usize, mode: Mode) -> Vec<u8> {
    let (x, y) = (mx * side, my * side);
    let above = |dx: usize| if my == 0 { 127 } else { seen.at(x + dx, y - 1) };
    let left = |dy: usize| if mx == 0 { 129 } else { seen.at(x - 1, y + dy) };
    let mut out = vec![0; side * side];
    match mode {
        Mode::Mean => {
            let mut sum = 0;
            let mut count = 0;
            if my > 0 {
                sum += (0..side).map(|dx| u32::from(above(dx))).sum::<u32>();
                count += side as u32;
            }
            if mx > 0 {
                sum += (0..side).map(|dy| u32::from(left(dy))).sum::<u32>();
                count += side as u32;
            }
            let mean = (sum + count / 2).checked_div(count).unwrap_or(128);
            out.fill(mean as u8);
        }
        Mode::Above => {
            for (n, value) in out.iter_mut().enumerate() {
                *value = above(n % side);
            }
        }
        Mode::Left => {
            for (n, value) in out.iter_mut().enumerate() {
                *value = left(n / side);
            }
        }
        Mode::Slope => {
            let corner = match (mx, my) {
                (_, 0) => 127,
                (0, _) => 129,
                _ => i32::from(seen.at(x - 1, y - 1)),
            };
            for (n, value) in out.iter_mut().enumerate() {
                let sum = i32::from(left(n / side)) + i32::from(above(n % side)) - corner;
                *value = sum.clamp(0, 255) as u8;
            }
        }
    }
    out
}
