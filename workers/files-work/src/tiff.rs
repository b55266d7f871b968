//! The one thing of EXIF that is kept: how the picture is to be turned.

/// The tag of the orientation.
const ORIENTATION: u16 = 0x0112;

/// Reads the orientation (1 to 8) from a TIFF structure; 1 where it has none.
pub(crate) fn orientation(tiff: &[u8]) -> u8 {
    read(tiff).filter(|turn| (1..=8).contains(turn)).map_or(1, |turn| turn as u8)
}

fn read(tiff: &[u8]) -> Option<u16> {
    let big = match tiff.get(..4)? {
        b"II*\0" => false,
        b"MM\0*" => true,
        _ => return None,
    };
    let two = |at: usize| {
        let bytes = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    };
    let four = |at: usize| {
        let bytes = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    };
    let start = usize::try_from(four(4)?).ok()?;
    let count = usize::from(two(start)?);
    (0..count)
        .map(|n| start + 2 + n * 12)
        .find(|at| two(*at) == Some(ORIENTATION))
        .and_then(|at| two(at + 8))
}

/// A TIFF structure that says the orientation and nothing else.
pub(crate) fn only_orientation(turn: u8) -> Vec<u8> {
    let mut out = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    out.extend_from_slice(&[turn, 0, 0, 0, 0, 0, 0, 0]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for turn in 1..=8 {
            assert_eq!(orientation(&only_orientation(turn)), turn);
        }
        for broken in [&b""[..], b"II*\0", b"MM\0*\xff\xff\xff\xff", b"II*\0\x08\0\0\0\xff\xff"] {
            assert_eq!(orientation(broken), 1);
        }
        assert_eq!(orientation(&only_orientation(9)), 1);
    }
}
