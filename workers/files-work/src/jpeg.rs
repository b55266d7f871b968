//! JPEG: its segments, and the same picture without what a camera adds.

use domain::file::{look::Bad, rules::PictureRules};

use crate::tiff;

/// A part of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Segment {
    marker: u8,
    start: usize,
    end: usize,
}

/// What a JPEG is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jpeg {
    /// Pixels, before it is turned.
    pub width: u32,
    /// Pixels, before it is turned.
    pub height: u32,
    /// How it is to be turned: 1 to 8, as EXIF has it.
    pub orientation: u8,
    /// Whether it comes in several passes: decoding needs memory for all of it.
    pub progressive: bool,
    segments: Vec<Segment>,
    end: usize,
}

/// Reads the segments. Missing end: [`Bad::Cut`]; what is no JPEG inside: [`Bad::Broken`].
pub fn read(bytes: &[u8]) -> Result<Jpeg, Bad> {
    if !bytes.starts_with(&[0xff, 0xd8]) {
        return Err(Bad::Kind);
    }
    let mut jpeg = Jpeg {
        width: 0,
        height: 0,
        orientation: 1,
        progressive: false,
        segments: Vec::new(),
        end: 0,
    };
    let (mut at, mut scans) = (2, 0);
    loop {
        let start = at;
        // Any number of 0xff may stand before a marker.
        while bytes.get(at) == Some(&0xff) && bytes.get(at + 1) == Some(&0xff) {
            at += 1;
        }
        let (Some(0xff), Some(&marker)) = (bytes.get(at), bytes.get(at + 1)) else {
            return Err(if at + 1 >= bytes.len() { Bad::Cut } else { Bad::Broken });
        };
        at += 2;
        if marker == 0xd9 {
            jpeg.end = at;
            break;
        }
        if matches!(marker, 0x00 | 0x01 | 0xd0..=0xd8) {
            return Err(Bad::Broken);
        }
        let length = bytes.get(at..at + 2).ok_or(Bad::Cut)?;
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        let body = bytes.get(at + 2..at + length.max(2)).ok_or(Bad::Cut)?;
        at += length.max(2);
        match marker {
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => jpeg.frame(marker, body)?,
            0xe1 if body.starts_with(b"Exif\0\0") && jpeg.orientation == 1 => {
                jpeg.orientation = tiff::orientation(&body[6..]);
            }
            0xda => {
                scans += 1;
                at = scan_end(bytes, at)?;
            }
            _ => {}
        }
        jpeg.segments.push(Segment { marker, start, end: at });
    }
    if jpeg.width == 0 || scans == 0 {
        return Err(Bad::Broken);
    }
    Ok(jpeg)
}

/// Where the compressed pixels end: at the next marker that is no restart.
fn scan_end(bytes: &[u8], mut at: usize) -> Result<usize, Bad> {
    loop {
        let rest = bytes.get(at..).ok_or(Bad::Cut)?;
        at += rest.iter().position(|byte| *byte == 0xff).ok_or(Bad::Cut)?;
        match bytes.get(at + 1).ok_or(Bad::Cut)? {
            0x00 | 0xd0..=0xd7 => at += 2,
            0xff => at += 1,
            _ => return Ok(at),
        }
    }
}

impl Jpeg {
    fn frame(&mut self, marker: u8, body: &[u8]) -> Result<(), Bad> {
        let &[_, h1, h0, w1, w0, ..] = body else { return Err(Bad::Broken) };
        // Hierarchical, lossless and arithmetic pictures are shown by no browser.
        if !matches!(marker, 0xc0..=0xc2) || self.width != 0 {
            return Err(Bad::Broken);
        }
        self.progressive = marker == 0xc2;
        self.height = u32::from(u16::from_be_bytes([h1, h0]));
        self.width = u32::from(u16::from_be_bytes([w1, w0]));
        if self.width == 0 || self.height == 0 { Err(Bad::Broken) } else { Ok(()) }
    }

    /// Compares with the limits.
    pub fn check(&self, rules: &PictureRules) -> Result<(), Bad> {
        limits(self.width, self.height, rules)
    }

    /// The same picture without EXIF, XMP, comments, thumbnails, maker's data and whatever stands
    /// behind its end. Kept: what decides its look (JFIF, ICC colours, Adobe's colour transform)
    /// and, where it is to be turned, a new EXIF segment that says only that.
    pub fn strip(&self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.end);
        out.extend_from_slice(&[0xff, 0xd8]);
        let mut jfif = false;
        let mut turned = self.orientation == 1;
        for segment in &self.segments {
            let all = bytes.get(segment.start..segment.end).unwrap_or_default();
            let skip = all.iter().position(|byte| *byte != 0xff).unwrap_or_default();
            let all = all.get(skip.saturating_sub(1)..).unwrap_or_default();
            let body = all.get(4..).unwrap_or_default();
            match segment.marker {
                0xe0 if !jfif && body.starts_with(b"JFIF\0") && body.len() >= 14 => {
                    jfif = true;
                    out.extend_from_slice(&[0xff, 0xe0, 0, 16]);
                    out.extend_from_slice(&body[..12]);
                    // No thumbnail.
                    out.extend_from_slice(&[0, 0]);
                    continue;
                }
                0xe2 if body.starts_with(b"ICC_PROFILE\0") => {}
                0xee if body.starts_with(b"Adobe") => {}
                0xe0..=0xfe => continue,
                _ => {}
            }
            if !turned {
                turned = true;
                let tiff = tiff::only_orientation(self.orientation);
                out.extend_from_slice(&[0xff, 0xe1]);
                out.extend_from_slice(&((tiff.len() + 8) as u16).to_be_bytes());
                out.extend_from_slice(b"Exif\0\0");
                out.extend_from_slice(&tiff);
            }
            out.extend_from_slice(all);
        }
        out.extend_from_slice(&[0xff, 0xd9]);
        out
    }

    /// The colour profile, where it is short enough to be carried along.
    pub fn profile(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut parts: Vec<(u8, &[u8])> = self
            .segments
            .iter()
            .filter(|segment| segment.marker == 0xe2)
            .filter_map(|segment| {
                let body = bytes.get(segment.start + 4..segment.end)?;
                let rest = body.strip_prefix(b"ICC_PROFILE\0")?;
                Some((*rest.first()?, rest.get(2..)?))
            })
            .collect();
        parts.sort_by_key(|(n, _)| *n);
        let all: Vec<u8> = parts.into_iter().flat_map(|(_, part)| part.to_vec()).collect();
        (128..=64 * 1024).contains(&all.len()).then_some(all)
    }
}

/// Compares a size with the limits.
pub(crate) fn limits(width: u32, height: u32, rules: &PictureRules) -> Result<(), Bad> {
    let pixels = u64::from(width) * u64::from(height);
    if width.max(height) > rules.max_side || pixels > rules.max_pixels {
        Err(Bad::Pixels)
    } else {
        Ok(())
    }
}
