//! MP4: boxes. The caller reads the heads of the top boxes and the box `moov`, never the video.

use domain::file::{look::Bad, rules::Purpose};

/// Top boxes at most: a file of many small pieces is no recording.
pub const BOXES_MAX: usize = 20_000;
/// Bytes of `moov` at most: an hour needs one or two megabytes.
pub const MOOV_MAX: u64 = 16 * 1024 * 1024;

/// A box of the top level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopBox {
    /// Its four letters.
    pub name: [u8; 4],
    /// Where it begins.
    pub start: u64,
    /// Where it ends.
    pub end: u64,
}

/// Reads the head of a box (16 bytes, or what is left) that begins at `start`.
pub fn top_box(head: &[u8], start: u64, file: u64) -> Result<TopBox, Bad> {
    let (name, size) = match head {
        [0, 0, 0, 1, a, b, c, d, rest @ ..] => {
            let size = rest.get(..8).and_then(|s| s.try_into().ok()).ok_or(Bad::Cut)?;
            ([*a, *b, *c, *d], u64::from_be_bytes(size))
        }
        [s3, s2, s1, s0, a, b, c, d, ..] => {
            let size = u32::from_be_bytes([*s3, *s2, *s1, *s0]);
            ([*a, *b, *c, *d], if size == 0 { file - start } else { u64::from(size) })
        }
        _ => return Err(Bad::Cut),
    };
    const KNOWN: [&[u8; 4]; 18] = [
        b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid", b"moof", b"mfra", b"sidx",
        b"ssix", b"styp", b"udta", b"meta", b"pdin", b"emsg", b"prft", b"pnot",
    ];
    if !KNOWN.contains(&&name) || size < 8 {
        return Err(if start == 0 { Bad::Broken } else { Bad::Extra });
    }
    let end = start.checked_add(size).ok_or(Bad::Broken)?;
    if end > file { Err(Bad::Cut) } else { Ok(TopBox { name, start, end }) }
}

/// What a video is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Video {
    /// Pixels, as it is shown.
    pub width: u32,
    /// Pixels, as it is shown.
    pub height: u32,
    /// Seconds.
    pub seconds: f64,
}

/// Reads the box `moov` (its content, without its head).
pub fn read(moov: &[u8]) -> Result<Video, Bad> {
    let mut video = Video::default();
    let (mut scale, mut length) = (0, 0);
    for (name, body) in boxes(moov)? {
        match &name {
            b"mvhd" => (scale, length) = times(body).ok_or(Bad::Broken)?,
            b"mvex" => {
                // A recording in fragments says its length here.
                for (name, body) in boxes(body)? {
                    if &name == b"mehd" {
                        length = length.max(longer(body, 4).ok_or(Bad::Broken)?);
                    }
                }
            }
            b"trak" => {
                if let Some((width, height)) = picture(body)? {
                    video.width = video.width.max(width);
                    video.height = video.height.max(height);
                }
            }
            _ => {}
        }
    }
    if video.width == 0 || video.height == 0 {
        return Err(Bad::NoVideo);
    }
    if scale == 0 {
        return Err(Bad::Broken);
    }
    video.seconds = length as f64 / f64::from(scale);
    Ok(video)
}

/// Compares a video with what its purpose asks for; one that stands upright counts as if it lay.
pub fn check(video: &Video, purpose: &Purpose) -> Result<(), Bad> {
    if let Some((width, height)) = purpose.min_pixels {
        let (long, short) = (video.width.max(video.height), video.width.min(video.height));
        if long < width.max(height) || short < width.min(height) {
            return Err(Bad::Small);
        }
    }
    // Half a second is lost when a recording is cut at whole frames.
    let least = purpose.min_seconds.map_or(0.0, |seconds| f64::from(seconds) - 0.5);
    if video.seconds < least { Err(Bad::Short) } else { Ok(()) }
}

type Inner<'a> = ([u8; 4], &'a [u8]);

fn boxes(mut bytes: &[u8]) -> Result<Vec<Inner<'_>>, Bad> {
    let mut out = Vec::new();
    // Four zeros may close a list.
    while bytes.len() >= 8 {
        let size = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        let size = usize::try_from(size).map_err(|_| Bad::Broken)?;
        if size < 8 || size > bytes.len() {
            return Err(Bad::Broken);
        }
        out.push(([bytes[4], bytes[5], bytes[6], bytes[7]], &bytes[8..size]));
        bytes = &bytes[size..];
    }
    Ok(out)
}

fn four(body: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(body.get(at..at + 4)?.try_into().ok()?))
}

/// A number of four or eight bytes, by the version of the box.
fn longer(body: &[u8], at: usize) -> Option<u64> {
    if body.first()? == &1 {
        Some(u64::from_be_bytes(body.get(at..at + 8)?.try_into().ok()?))
    } else {
        four(body, at).map(u64::from)
    }
}

fn times(mvhd: &[u8]) -> Option<(u32, u64)> {
    let at = if mvhd.first()? == &1 { 20 } else { 12 };
    Some((four(mvhd, at)?, longer(mvhd, at + 4)?))
}

/// The size of a track that is a picture.
fn picture(trak: &[u8]) -> Result<Option<(u32, u32)>, Bad> {
    let (mut size, mut video) = (None, false);
    for (name, body) in boxes(trak)? {
        match &name {
            b"tkhd" => {
                let at = if body.first() == Some(&1) { 88 } else { 76 };
                // Fixed point, 16.16.
                let side = |at| four(body, at).map(|side| side >> 16);
                size = side(at).zip(side(at + 4));
            }
            b"mdia" => {
                for (name, body) in boxes(body)? {
                    video |= &name == b"hdlr" && body.get(8..12) == Some(b"vide");
                }
            }
            _ => {}
        }
    }
    Ok(if video { Some(size.ok_or(Bad::Broken)?) } else { None })
}
