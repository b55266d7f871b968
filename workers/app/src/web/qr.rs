//! QR codes as the path of an SVG.

use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};

/// A code drawn as one path of horizontal runs, with a quiet zone of 4 modules.
pub struct Qr {
    /// Side in modules, quiet zone included: for the `viewBox`.
    pub side: i32,
    /// The path.
    pub path: String,
}

/// Draws a text; `None` where it is longer than a code can hold.
pub fn draw(text: &str) -> Option<Qr> {
    // Trying all eight masks for the prettiest one costs more than the rest of the page; readers
    // take any of them.
    let (first, last, mask) = (Version::MIN, Version::MAX, Some(Mask::new(0)));
    let parts = QrSegment::make_segments(text);
    let code =
        QrCode::encode_segments_advanced(&parts, QrCodeEcc::Low, first, last, mask, true).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|x| code.get_module(*x, y)).count();
            if run > 0 {
                path += &format!("M{} {}h{run}v1h-{run}z", x + 4, y + 4);
            }
            x += i32::try_from(run).unwrap_or(1).max(1);
        }
    }
    Some(Qr { side: code.size() + 8, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_and_refuses_what_is_too_long() {
        let qr = draw("https://mansap.kz/kk/vacancies/x").unwrap();
        assert!(qr.side >= 29 && qr.path.starts_with("M4 4h7v1h-7z"));
        assert!(draw(&"a".repeat(5000)).is_none());
    }
}
