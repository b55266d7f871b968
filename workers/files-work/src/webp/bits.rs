//! The arithmetic coder of VP8 (RFC 6386, section 7), writing.

/// Writes bits, each with the probability (of 256) that it is 0.
pub(super) struct Writer {
    out: Vec<u8>,
    range: u32,
    /// The code so far beyond what is in `out`: eight bits and those shifted in since, and
    /// perhaps a carry above them.
    low: u32,
    shifted: u32,
}

impl Writer {
    pub(super) fn new() -> Writer {
        Writer { out: Vec::new(), range: 255, low: 0, shifted: 0 }
    }

    pub(super) fn bit(&mut self, probability: u8, bit: bool) {
        let split = 1 + (((self.range - 1) * u32::from(probability)) >> 8);
        if bit {
            self.low += split;
            self.range -= split;
        } else {
            self.range = split;
        }
        while self.range < 128 {
            self.range <<= 1;
            self.low <<= 1;
            self.shifted += 1;
            if self.shifted == 8 {
                self.byte();
            }
        }
    }

    fn byte(&mut self) {
        let top = self.low >> 8;
        if top > 0xff {
            // A carry runs through bytes that are all ones.
            for byte in self.out.iter_mut().rev() {
                *byte = byte.wrapping_add(1);
                if *byte != 0 {
                    break;
                }
            }
        }
        self.out.push((top & 0xff) as u8);
        self.low &= 0xff;
        self.shifted = 0;
    }

    /// A number of `count` bits, the highest first, each as likely 0 as 1.
    pub(super) fn number(&mut self, value: u32, count: u32) {
        for place in (0..count).rev() {
            self.bit(128, (value >> place) & 1 == 1);
        }
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.number(0, 32);
        self.out
    }
}
