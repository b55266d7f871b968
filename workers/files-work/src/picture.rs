//! Smaller copies of pictures. Memory is what a worker has least of: a JPEG is decoded at a
//! fraction of its size, a PNG row by row, and what would need the whole picture at once and is
//! too large for that gets no copies.

use domain::file::{
    FileKind,
    look::Bad,
    rules::{PictureRules, VariantRule},
};
use jpeg_decoder::PixelFormat;

use crate::{jpeg, png as chunks, webp};

/// Pixels of a picture that has to be decoded as a whole (progressive, interlaced) at most.
const WHOLE_MAX: u64 = 20_000_000;

/// A smaller copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// `small`, `large`.
    pub name: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// The WebP file.
    pub bytes: Vec<u8>,
}

/// Pixels of red, green and blue.
struct Pixels {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

/// Makes the smaller copies of a picture. None are made of what no copy can be made of (print
/// colours, more than a worker's memory holds); a picture that cannot be decoded is
/// [`Bad::Broken`].
pub fn copies(kind: FileKind, bytes: &[u8], rules: &PictureRules) -> Result<Vec<Copy>, Bad> {
    let most = rules.variants.iter().map(|variant| variant.side).max().unwrap_or(0);
    let (pixels, turn, profile) = match kind {
        FileKind::Jpeg => {
            let head = jpeg::read(bytes)?;
            let size = u64::from(head.width) * u64::from(head.height);
            if head.progressive && size > WHOLE_MAX {
                return Ok(Vec::new());
            }
            let Some(pixels) = decode_jpeg(bytes, &head, most)? else { return Ok(Vec::new()) };
            (pixels, head.orientation, head.profile(bytes))
        }
        FileKind::Png => {
            let head = chunks::read(bytes)?;
            let size = u64::from(head.width) * u64::from(head.height);
            if head.interlaced && size > WHOLE_MAX / 2 {
                return Ok(Vec::new());
            }
            (decode_png(bytes, most)?, head.orientation, None)
        }
        _ => return Ok(Vec::new()),
    };
    let mut out = Vec::new();
    for variant in &rules.variants {
        out.extend(copy(&pixels, turn, variant, rules.quality, profile.as_deref()));
    }
    Ok(out)
}

fn copy(
    pixels: &Pixels,
    turn: u8,
    variant: &VariantRule,
    quality: u8,
    profile: Option<&[u8]>,
) -> Option<Copy> {
    let (width, height) = fit((pixels.width, pixels.height), variant.side as usize);
    let small = turned(shrink(pixels, width, height), turn);
    let size = (small.width as u32, small.height as u32);
    let bytes = webp::encode(&small.rgb, size, quality, profile)?;
    Some(Copy { name: variant.name.clone(), width: size.0, height: size.1, bytes })
}

/// The size of a copy whose longer side is at most `side`; never larger than the picture.
fn fit((width, height): (usize, usize), side: usize) -> (usize, usize) {
    let long = width.max(height);
    if long <= side {
        return (width, height);
    }
    let scale = |one: usize| (one * side + long / 2) / long;
    (scale(width).max(1), scale(height).max(1))
}

fn decode_jpeg(bytes: &[u8], head: &jpeg::Jpeg, most: u32) -> Result<Option<Pixels>, Bad> {
    let mut decoder = jpeg_decoder::Decoder::new(bytes);
    decoder.set_max_decoding_buffer_size(96 * 1024 * 1024);
    decoder.read_info().map_err(|_| Bad::Broken)?;
    // An eighth, a quarter or a half where that is still enough; both sides at once.
    let (wide, high) = fit((head.width as usize, head.height as usize), most as usize);
    let side = |side: usize| u16::try_from(side).unwrap_or(u16::MAX);
    let (width, height) = decoder.scale(side(wide), side(high)).map_err(|_| Bad::Broken)?;
    let data = decoder.decode().map_err(|_| Bad::Broken)?;
    let format = decoder.info().map(|info| info.pixel_format);
    let rgb = match format {
        Some(PixelFormat::RGB24) => data,
        Some(PixelFormat::L8) => data.iter().flat_map(|value| [*value; 3]).collect(),
        _ => return Ok(None),
    };
    let (width, height) = (usize::from(width), usize::from(height));
    if rgb.len() != width * height * 3 {
        return Err(Bad::Broken);
    }
    Ok(Some(Pixels { width, height, rgb }))
}

/// Decodes row by row into a picture whose longer side is `most`.
fn decode_png(bytes: &[u8], most: u32) -> Result<Pixels, Bad> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::STRIP_16);
    let mut reader = decoder.read_info().map_err(|_| Bad::Broken)?;
    let (color, _) = reader.output_color_type();
    let channels = color.samples();
    let (width, height) = (reader.info().width as usize, reader.info().height as usize);
    let (wide, high) = fit((width, height), most as usize);
    let mut shrinker = Shrinker::new((width, height), (wide, high));
    let mut add = |row: &[u8]| {
        let rgb = row.chunks_exact(channels).map(over_white);
        shrinker.row(rgb);
    };
    if reader.info().interlaced {
        let size = reader.output_buffer_size().ok_or(Bad::Broken)?;
        let mut all = vec![0; size];
        let frame = reader.next_frame(&mut all).map_err(|_| Bad::Broken)?;
        all.chunks_exact(frame.line_size).take(height).for_each(&mut add);
    } else {
        for _ in 0..height {
            let row = reader.next_row().map_err(|_| Bad::Broken)?.ok_or(Bad::Broken)?;
            add(row.data());
        }
    }
    Ok(shrinker.done())
}

/// A pixel of one to four values as red, green and blue; what is transparent stands on white.
fn over_white(pixel: &[u8]) -> [u8; 3] {
    let (rgb, alpha) = match *pixel {
        [grey] => ([grey; 3], 255),
        [grey, alpha] => ([grey; 3], alpha),
        [r, g, b] => ([r, g, b], 255),
        [r, g, b, alpha] => ([r, g, b], alpha),
        _ => ([255; 3], 255),
    };
    let alpha = u32::from(alpha);
    rgb.map(|value| ((u32::from(value) * alpha + 255 * (255 - alpha) + 127) / 255) as u8)
}

/// Shrinks by the mean of the area under each new pixel, a row at a time.
struct Shrinker {
    from: (usize, usize),
    to: (usize, usize),
    sums: Vec<[u32; 3]>,
    counts: Vec<u32>,
    rows: usize,
    out: Vec<u8>,
}

impl Shrinker {
    fn new(from: (usize, usize), to: (usize, usize)) -> Shrinker {
        Shrinker {
            from,
            to,
            sums: vec![[0; 3]; to.0],
            counts: vec![0; to.0],
            rows: 0,
            out: Vec::with_capacity(to.0 * to.1 * 3),
        }
    }

    fn row(&mut self, pixels: impl Iterator<Item = [u8; 3]>) {
        let target = |x: usize, from: usize, to: usize| x * to / from.max(1);
        for (x, pixel) in pixels.enumerate().take(self.from.0) {
            let place = target(x, self.from.0, self.to.0);
            if let (Some(sum), Some(count)) = (self.sums.get_mut(place), self.counts.get_mut(place))
            {
                for (sum, value) in sum.iter_mut().zip(pixel) {
                    *sum += u32::from(value);
                }
                *count += 1;
            }
        }
        self.rows += 1;
        let now = target(self.rows - 1, self.from.1, self.to.1);
        if self.rows == self.from.1 || target(self.rows, self.from.1, self.to.1) > now {
            for (sum, count) in self.sums.iter_mut().zip(&mut self.counts) {
                let n = (*count).max(1);
                self.out.extend(sum.map(|all| ((all + n / 2) / n) as u8));
                *sum = [0; 3];
                *count = 0;
            }
        }
    }

    fn done(self) -> Pixels {
        Pixels { width: self.to.0, height: self.to.1, rgb: self.out }
    }
}

fn shrink(pixels: &Pixels, width: usize, height: usize) -> Pixels {
    let mut shrinker = Shrinker::new((pixels.width, pixels.height), (width, height));
    for row in pixels.rgb.chunks_exact(pixels.width * 3) {
        shrinker.row(row.chunks_exact(3).map(|pixel| [pixel[0], pixel[1], pixel[2]]));
    }
    shrinker.done()
}

/// Turns as EXIF says (1 to 8), so that the copy stands upright by itself.
fn turned(pixels: Pixels, turn: u8) -> Pixels {
    let (w, h) = (pixels.width, pixels.height);
    let (width, height) = if turn >= 5 { (h, w) } else { (w, h) };
    if turn <= 1 {
        return pixels;
    }
    let mut rgb = Vec::with_capacity(pixels.rgb.len());
    for y in 0..height {
        for x in 0..width {
            let (sx, sy) = match turn {
                2 => (w - 1 - x, y),
                3 => (w - 1 - x, h - 1 - y),
                4 => (x, h - 1 - y),
                5 => (y, x),
                6 => (y, h - 1 - x),
                7 => (w - 1 - y, h - 1 - x),
                _ => (w - 1 - y, x),
            };
            let at = (sy * w + sx) * 3;
            rgb.extend_from_slice(pixels.rgb.get(at..at + 3).unwrap_or(&[0; 3]));
        }
    }
    Pixels { width, height, rgb }
}
