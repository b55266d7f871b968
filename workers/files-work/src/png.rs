//! PNG: its chunks, and the same picture without texts, times and places.

use domain::file::{look::Bad, rules::PictureRules};

use crate::{jpeg::limits, tiff};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Chunks that decide how the picture looks.
const KEPT: [&[u8]; 11] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT",
    b"pHYs",
];

/// What a PNG is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Png {
    /// Pixels, before it is turned.
    pub width: u32,
    /// Pixels, before it is turned.
    pub height: u32,
    /// How it is to be turned: 1 to 8.
    pub orientation: u8,
    /// Whether it comes in seven passes: decoding needs memory for all of it.
    pub interlaced: bool,
    chunks: Vec<(usize, usize)>,
}

/// Reads the chunks and checks their sums. Missing end: [`Bad::Cut`].
pub fn read(bytes: &[u8]) -> Result<Png, Bad> {
    if !bytes.starts_with(SIGNATURE) {
        return Err(Bad::Kind);
    }
    let mut png =
        Png { width: 0, height: 0, orientation: 1, interlaced: false, chunks: Vec::new() };
    let (mut at, mut pixels) = (SIGNATURE.len(), false);
    loop {
        let head = bytes.get(at..at + 8).ok_or(Bad::Cut)?;
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
        let length = usize::try_from(length).map_err(|_| Bad::Broken)?;
        let end = at.checked_add(12).and_then(|end| end.checked_add(length)).ok_or(Bad::Broken)?;
        let body = bytes.get(at + 8..end - 4).ok_or(Bad::Cut)?;
        let sum = bytes.get(end - 4..end).ok_or(Bad::Cut)?;
        let name = &head[4..8];
        if sum != crc32(&bytes[at + 4..end - 4]).to_be_bytes() {
            return Err(Bad::Broken);
        }
        match name {
            b"IHDR" => {
                let &[w3, w2, w1, w0, h3, h2, h1, h0, _, _, _, _, interlaced] = body else {
                    return Err(Bad::Broken);
                };
                png.width = u32::from_be_bytes([w3, w2, w1, w0]);
                png.height = u32::from_be_bytes([h3, h2, h1, h0]);
                png.interlaced = interlaced != 0;
            }
            b"IDAT" => pixels = true,
            b"eXIf" => png.orientation = tiff::orientation(body),
            _ => {}
        }
        if png.width == 0 || png.height == 0 {
            return Err(Bad::Broken);
        }
        png.chunks.push((at, end));
        at = end;
        if name == b"IEND" {
            return if pixels { Ok(png) } else { Err(Bad::Broken) };
        }
        // An unknown chunk without which the picture cannot be shown.
        if name[0].is_ascii_uppercase() && !KEPT.contains(&name) {
            return Err(Bad::Broken);
        }
    }
}

impl Png {
    /// Compares with the limits.
    pub fn check(&self, rules: &PictureRules) -> Result<(), Bad> {
        limits(self.width, self.height, rules)
    }

    /// The same picture without texts, times, EXIF, animation and what stands behind its end.
    pub fn strip(&self, bytes: &[u8]) -> Vec<u8> {
        let mut out = SIGNATURE.to_vec();
        for (start, end) in &self.chunks {
            let chunk = bytes.get(*start..*end).unwrap_or_default();
            let name = chunk.get(4..8).unwrap_or_default();
            if !KEPT.contains(&name) {
                continue;
            }
            out.extend_from_slice(chunk);
            if name == b"IHDR" && self.orientation != 1 {
                let mut body = b"eXIf".to_vec();
                body.extend_from_slice(&tiff::only_orientation(self.orientation));
                out.extend_from_slice(&((body.len() - 4) as u32).to_be_bytes());
                out.extend_from_slice(&body);
                out.extend_from_slice(&crc32(&body).to_be_bytes());
            }
        }
        out
    }
}

/// CRC-32 of PNG and ZIP.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    Crc::default().add(bytes).done()
}

/// CRC-32, piece by piece.
pub(crate) struct Crc(u32);

impl Default for Crc {
    fn default() -> Crc {
        Crc(!0)
    }
}

const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut n = 0;
    while n < 256 {
        let (mut value, mut bit) = (n as u32, 0);
        while bit < 8 {
            value = if value & 1 == 1 { (value >> 1) ^ 0xEDB8_8320 } else { value >> 1 };
            bit += 1;
        }
        table[n] = value;
        n += 1;
    }
    table
};

impl Crc {
    pub(crate) fn add(mut self, bytes: &[u8]) -> Crc {
        self.update(bytes);
        self
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 >> 8) ^ TABLE[((self.0 ^ u32::from(*byte)) & 0xff) as usize];
        }
    }

    pub(crate) fn done(self) -> u32 {
        !self.0
    }
}
