//! Bytes as hexadecimal digits.

/// Bytes as digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Digits as bytes.
///
/// # Errors
/// A word for whoever typed them.
pub fn unhex(text: &str) -> Result<Vec<u8>, &'static str> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let byte = |[high, low]: &[u8; 2]| Some((digit(*high)? << 4 | digit(*low)?) as u8);
    let bytes: Option<Vec<u8>> = pairs.iter().map(byte).collect();
    bytes.filter(|_| rest.is_empty()).ok_or("not hexadecimal digits")
}

/// Bytes of a fixed number.
///
/// # Errors
/// A word for whoever typed them.
pub fn fixed<const N: usize>(text: &str) -> Result<[u8; N], &'static str> {
    unhex(text)?.try_into().map_err(|_| "a wrong number of digits")
}
