//! Brightness and colour of a picture, padded to whole macroblocks.

/// One plane.
#[derive(Clone)]
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) data: Vec<u8>,
}

impl Plane {
    pub(super) fn new(width: usize, height: usize) -> Plane {
        Plane { width, data: vec![0; width * height] }
    }

    pub(super) fn at(&self, x: usize, y: usize) -> u8 {
        self.data[y * self.width + x]
    }
}

/// The three planes.
#[derive(Clone)]
pub(super) struct Planes {
    /// Pixels of the picture itself.
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) y: Plane,
    pub(super) u: Plane,
    pub(super) v: Plane,
}

impl Planes {
    /// Macroblocks across.
    pub(super) const fn across(&self) -> usize {
        self.width.div_ceil(16)
    }

    /// Macroblocks down.
    pub(super) const fn down(&self) -> usize {
        self.height.div_ceil(16)
    }

    pub(super) fn empty(width: usize, height: usize) -> Planes {
        let (across, down) = (width.div_ceil(16), height.div_ceil(16));
        Planes {
            width,
            height,
            y: Plane::new(across * 16, down * 16),
            u: Plane::new(across * 8, down * 8),
            v: Plane::new(across * 8, down * 8),
        }
    }

    /// From red, green and blue (BT.601 in the narrow range, as decoders of WebP expect it). The
    /// last row and column are repeated into the padding.
    pub(super) fn from_rgb(rgb: &[u8], width: usize, height: usize) -> Planes {
        let mut planes = Planes::empty(width, height);
        let pixel = |x: usize, y: usize| {
            let at = (y.min(height - 1) * width + x.min(width - 1)) * 3;
            [i32::from(rgb[at]), i32::from(rgb[at + 1]), i32::from(rgb[at + 2])]
        };
        let half = 1 << 15;
        let (across, down) = (planes.y.width, planes.y.data.len() / planes.y.width);
        for y in 0..down {
            for x in 0..across {
                let [r, g, b] = pixel(x, y);
                let value = (16_839 * r + 33_059 * g + 6_420 * b + (16 << 16) + half) >> 16;
                planes.y.data[y * across + x] = value.clamp(0, 255) as u8;
            }
        }
        for y in 0..down / 2 {
            for x in 0..across / 2 {
                let mut sum = [0; 3];
                for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                    let one = pixel(2 * x + dx, 2 * y + dy);
                    sum = [sum[0] + one[0], sum[1] + one[1], sum[2] + one[2]];
                }
                // Four pixels are summed: two bits more to shift.
                let [r, g, b] = sum;
                let (middle, half) = (128 << 18, 1 << 17);
                let u = (-9_719 * r - 19_081 * g + 28_800 * b + middle + half) >> 18;
                let v = (28_800 * r - 24_116 * g - 4_684 * b + middle + half) >> 18;
                let at = y * planes.u.width + x;
                planes.u.data[at] = u.clamp(0, 255) as u8;
                planes.v.data[at] = v.clamp(0, 255) as u8;
            }
        }
        planes
    }
}
