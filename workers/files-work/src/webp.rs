//! WebP, lossy: a small encoder of VP8 key frames (RFC 6386) in its container (RFC 9649).
//!
//! It predicts whole macroblocks of 16×16 pixels, quantises all of them alike and fits the
//! probabilities of the tokens to the picture. Against a full encoder the files are larger by a
//! fifth or a third at the same likeness; for copies of 320 and 1280 pixels that is a fair price
//! for code that is read in a quarter of an hour and runs anywhere.

mod bits;
mod frame;
mod plane;
mod tables;
mod tokens;
mod transform;

/// The largest side of a picture, pixels.
pub const SIDE_MAX: u32 = 16_383;

/// Encodes a picture: three bytes (red, green, blue) a pixel. `quality` is 0 to 100 as people
/// know it from JPEG; `profile` are ICC colours. `None` where the sizes do not fit together.
pub fn encode(
    rgb: &[u8],
    (width, height): (u32, u32),
    quality: u8,
    profile: Option<&[u8]>,
) -> Option<Vec<u8>> {
    let pixels = u64::from(width) * u64::from(height);
    if width == 0 || height == 0 || width.max(height) > SIDE_MAX || rgb.len() as u64 != pixels * 3 {
        return None;
    }
    let (width, height) = (width as usize, height as usize);
    let planes = plane::Planes::from_rgb(rgb, width, height);
    let (frame, _) = frame::encode(&planes, quality, true);
    Some(container(&frame, (width, height), profile))
}

fn container(frame: &[u8], (width, height): (usize, usize), profile: Option<&[u8]>) -> Vec<u8> {
    let mut chunks = Vec::new();
    if let Some(profile) = profile {
        let mut head = vec![0x20, 0, 0, 0];
        for side in [width, height] {
            head.extend_from_slice(&(side as u32 - 1).to_le_bytes()[..3]);
        }
        chunk(&mut chunks, b"VP8X", &head);
        chunk(&mut chunks, b"ICCP", profile);
    }
    chunk(&mut chunks, b"VP8 ", frame);
    let mut out = b"RIFF".to_vec();
    out.extend_from_slice(&(chunks.len() as u32 + 4).to_le_bytes());
    out.extend_from_slice(b"WEBP");
    out.extend_from_slice(&chunks);
    out
}

fn chunk(out: &mut Vec<u8>, name: &[u8; 4], body: &[u8]) {
    out.extend_from_slice(name);
    out.extend_from_slice(&(body.len() as u32).to_le_bytes());
    out.extend_from_slice(body);
    if body.len() % 2 == 1 {
        out.push(0);
    }
}

#[cfg(test)]
mod tests;
