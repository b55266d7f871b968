//! Unpacking with a limit and without keeping: a piece at a time goes to whoever looks at it.

use domain::file::look::Bad;
use miniz_oxide::{
    DataFormat, MZError, MZFlush, MZStatus,
    inflate::stream::{InflateState, inflate},
};

/// Bytes that are unpacked at once.
const PIECE: usize = 64 * 1024;

/// Unpacks `packed` and shows it piece by piece. Returns the number of bytes; more than `most` are
/// [`Bad::Unpacked`], a damaged stream is [`Bad::Broken`].
pub(crate) fn unpack(
    packed: &[u8],
    format: DataFormat,
    most: u64,
    mut look: impl FnMut(&[u8]) -> Result<(), Bad>,
) -> Result<u64, Bad> {
    let mut state = InflateState::new_boxed(format);
    let mut piece = vec![0; PIECE];
    let (mut rest, mut total) = (packed, 0u64);
    loop {
        let step = inflate(&mut state, rest, &mut piece, MZFlush::None);
        rest = rest.get(step.bytes_consumed..).unwrap_or_default();
        total += step.bytes_written as u64;
        if total > most {
            return Err(Bad::Unpacked);
        }
        look(piece.get(..step.bytes_written).unwrap_or_default())?;
        match step.status {
            Ok(MZStatus::StreamEnd) => return Ok(total),
            Ok(_) if step.bytes_consumed > 0 || step.bytes_written > 0 => {}
            Ok(_) | Err(MZError::Buf) if step.bytes_written > 0 => {}
            _ => return Err(Bad::Broken),
        }
    }
}
