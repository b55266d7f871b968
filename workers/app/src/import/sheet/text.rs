//! Bytes of a text file to text: UTF-8 and UTF-16 by their marks and by what is valid, else the
//! Kazakh edition of Windows-1251 (KZ-1048), which differs from the Russian one only where that
//! has letters nobody writes here.

/// The upper half of KZ-1048.
const UPPER: &str = "ЂЃ‚ѓ„…†‡€‰Љ‹ЊҚҺЏђ‘’“”•–—\u{fffd}™љ›њқһџ\u{a0}ҰұӘ¤Ө¦§Ё©Ғ«¬\u{ad}®Ү°±Ііөµ¶·ё№ғ»әҢңүАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя";

/// A text and the name of its encoding.
pub(super) fn decode(bytes: &[u8]) -> (String, &'static str) {
    if let Some(rest) = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        return (String::from_utf8_lossy(rest).into_owned(), "UTF-8");
    }
    if let Some(rest) = bytes.strip_prefix(&[0xff, 0xfe]) {
        return (wide(rest, u16::from_le_bytes), "UTF-16");
    }
    if let Some(rest) = bytes.strip_prefix(&[0xfe, 0xff]) {
        return (wide(rest, u16::from_be_bytes), "UTF-16");
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), "UTF-8"),
        Err(_) => (bytes.iter().map(|byte| narrow(*byte)).collect(), "Windows-1251"),
    }
}

fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16_lossy(&units)
}

fn narrow(byte: u8) -> char {
    match byte.checked_sub(128) {
        None => char::from(byte),
        Some(place) => UPPER.chars().nth(place.into()).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

/// Whether letters were lost before the file reached us: question marks inside Cyrillic words,
/// as a spreadsheet writes what its encoding does not have.
pub(super) fn letters_lost(text: &str) -> bool {
    let letters: Vec<char> = text.chars().take(20_000).collect();
    let is_cyrillic = |c: &char| ('\u{400}'..='\u{52f}').contains(c);
    letters.windows(3).filter(|w| w[1] == '?' && is_cyrillic(&w[0]) && is_cyrillic(&w[2])).count()
        >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_encoding_of_a_spreadsheet() {
        let text = "Ұйым;Қазақ тілі;әғқңөұүһі";
        let little: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        let big: Vec<u8> = [0xfe, 0xff]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_be_bytes))
            .collect();
        let narrow: Vec<u8> = text
            .chars()
            .map(|c| match UPPER.chars().position(|have| have == c) {
                Some(place) => (place + 128) as u8,
                None => c as u8,
            })
            .collect();
        for (bytes, name) in [
            (text.as_bytes().to_vec(), "UTF-8"),
            ([&[0xef, 0xbb, 0xbf], text.as_bytes()].concat(), "UTF-8"),
            (little, "UTF-16"),
            (big, "UTF-16"),
            (narrow, "Windows-1251"),
        ] {
            assert_eq!(decode(&bytes), (text.to_owned(), name));
        }
    }

    #[test]
    fn sees_lost_letters() {
        assert!(letters_lost("?аза? тілі, м??алім; ба?ытты жо?ары са?ат бо?ан"));
        assert!(!letters_lost("Есть вопрос? Да. Қазақ тілі мен әдебиеті"));
    }

    #[test]
    fn the_table_has_all_places() {
        assert_eq!(UPPER.chars().count(), 128);
    }
}
