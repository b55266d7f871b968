//! Randomness as an argument, with a check that it is some.

use core::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};
use zeroize::Zeroize;

use crate::Error;

/// Bytes that are compared between two draws.
const SAMPLE: usize = 16;

/// What the machine fills with randomness; false means that it could not.
pub type Fill<'a> = &'a mut dyn FnMut(&mut [u8]) -> bool;

/// The machine's randomness. A source that fails, gives zeros or repeats itself ends the work:
/// a guessable key would be worse than no report.
pub struct Random<'a> {
    fill: Fill<'a>,
    last: [u8; SAMPLE],
}

impl<'a> Random<'a> {
    /// Randomness from a source: `getrandom` in a browser, a fixed stream in test vectors.
    pub fn new(fill: Fill<'a>) -> Random<'a> {
        Random { fill, last: [0; SAMPLE] }
    }

    /// Fills a slice.
    ///
    /// # Errors
    /// [`Error::Randomness`] if the source fails, gives zeros or repeats itself.
    pub fn fill(&mut self, out: &mut [u8]) -> Result<(), Error> {
        // Short draws are cut from a long one: only a long one can be checked.
        let mut block = [0; 64];
        for part in out.chunks_mut(block.len()) {
            block.zeroize();
            if !(self.fill)(&mut block) {
                return Err(Error::Randomness);
            }
            let sample: [u8; SAMPLE] = core::array::from_fn(|i| block[i]);
            if sample == self.last || sample == [0; SAMPLE] {
                return Err(Error::Randomness);
            }
            self.last = sample;
            part.copy_from_slice(&block[..part.len()]);
        }
        block.zeroize();
        Ok(())
    }

    /// So many bytes.
    ///
    /// # Errors
    /// As [`Random::fill`].
    pub fn bytes<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let mut out = [0; N];
        self.fill(&mut out)?;
        Ok(out)
    }

    /// A number below `n` (at most 256), each equally likely.
    ///
    /// # Errors
    /// As [`Random::fill`].
    pub fn below(&mut self, n: usize) -> Result<usize, Error> {
        let n = n.clamp(1, 256);
        let fair = 256 - 256 % n;
        loop {
            for byte in self.bytes::<64>()? {
                if usize::from(byte) < fair {
                    return Ok(usize::from(byte) % n);
                }
            }
        }
    }

    /// Puts a list of at most 256 into an order of which each is equally likely.
    ///
    /// # Errors
    /// As [`Random::fill`].
    pub fn shuffle<T>(&mut self, list: &mut [T]) -> Result<(), Error> {
        for at in (1..list.len()).rev() {
            let with = self.below(at + 1)?;
            list.swap(at, with);
        }
        Ok(())
    }
}

/// Bytes drawn beforehand, for a library that cannot be told of a failure. Asking for more than
/// was drawn makes it dry, and a dry one invalidates what was made with it.
pub(crate) struct Drawn {
    bytes: [u8; 64],
    used: usize,
    pub(crate) dry: bool,
}

impl Drawn {
    pub(crate) fn new(random: &mut Random<'_>) -> Result<Drawn, Error> {
        Ok(Drawn { bytes: random.bytes()?, used: 0, dry: false })
    }
}

impl Drop for Drawn {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

impl TryRng for Drawn {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut out = [0; 4];
        self.try_fill_bytes(&mut out)?;
        Ok(u32::from_le_bytes(out))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut out = [0; 8];
        self.try_fill_bytes(&mut out)?;
        Ok(u64::from_le_bytes(out))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        match self.bytes.get(self.used..self.used + out.len()) {
            Some(part) => out.copy_from_slice(part),
            None => {
                self.dry = true;
                out.fill(0);
            }
        }
        self.used += out.len();
        Ok(())
    }
}

impl TryCryptoRng for Drawn {}
