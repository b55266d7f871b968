//! The code of a poster.

use qrcodegen::{QrCode, QrCodeEcc};

/// An address as the path of an SVG, with a quiet zone of four modules, and its side; `None` where
/// it is too long. A quarter of it may be torn or dirty.
pub fn code(address: &str) -> Option<(i32, String)> {
    let code = QrCode::encode_text(address, QrCodeEcc::Quartile).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in 0..code.size() {
            if code.get_module(x, y) {
                path += &format!("M{} {}h1v1h-1z", x + 4, y + 4);
            }
        }
    }
    Some((code.size() + 8, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_a_code_and_a_book_does_not() {
        let (side, path) = code("https://help.mansap.example/").unwrap();
        assert!(side >= 29 && path.starts_with("M4 4h1v1h-1zM5 4h1"));
        assert_eq!(code(&"a".repeat(5_000)), None);
    }
}
