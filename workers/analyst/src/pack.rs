//! Answers of an attempt in a few bytes each: seven bits a byte, the highest bit says that more
//! follows. An attempt is its language, the number of its lines, and for each line the place of the
//! item, the mark in thousandths, the number of chosen options and their places.

use data_encoding::BASE64;

/// The whole mark.
pub const WHOLE: u32 = 1000;

/// One answered item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// Place of the item in the analysis.
    pub item: u32,
    /// Mark, thousandths of the whole.
    pub mark: u32,
    /// Places of the chosen options.
    pub chosen: Vec<u32>,
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attempt {
    /// Language: 0 the reference, 1 the focal one, 2 another.
    pub group: u32,
    /// Its items.
    pub lines: Vec<Line>,
}

fn write(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Packs attempts.
pub fn pack(attempts: &[Attempt]) -> String {
    let mut out = Vec::new();
    for attempt in attempts {
        write(&mut out, attempt.group);
        write(&mut out, attempt.lines.len() as u32);
        for line in &attempt.lines {
            write(&mut out, line.item);
            write(&mut out, line.mark);
            write(&mut out, line.chosen.len() as u32);
            line.chosen.iter().for_each(|option| write(&mut out, *option));
        }
    }
    BASE64.encode(&out)
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn number(&mut self) -> Option<u32> {
        let mut value = 0_u32;
        for shift in (0..35).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u32::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn attempt(&mut self) -> Option<Attempt> {
        let (group, count) = (self.number()?, self.number()?);
        let mut lines = Vec::new();
        for _ in 0..count {
            let (item, mark, chosen) = (self.number()?, self.number()?, self.number()?);
            let chosen = (0..chosen).map(|_| self.number()).collect::<Option<_>>()?;
            lines.push(Line { item, mark, chosen });
        }
        Some(Attempt { group, lines })
    }
}

/// Unpacks attempts; none if the text is no such thing.
pub fn unpack(text: &str) -> Option<Vec<Attempt>> {
    let bytes = BASE64.decode(text.as_bytes()).ok()?;
    let mut reader = Reader(&bytes);
    let mut out = Vec::new();
    while !reader.0.is_empty() {
        out.push(reader.attempt()?);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_comes_out() {
        let line = |item, mark, chosen: &[u32]| Line { item, mark, chosen: chosen.into() };
        let attempts = vec![
            Attempt { group: 1, lines: vec![line(0, 1000, &[2]), line(69_999, 333, &[0, 200])] },
            Attempt { group: 0, lines: Vec::new() },
            Attempt { group: 2, lines: vec![line(u32::MAX, 0, &[])] },
        ];
        assert_eq!(unpack(&pack(&attempts)), Some(attempts));
        assert_eq!(unpack(""), Some(Vec::new()));
        for bad in ["!", "AAE=", "//////////8="] {
            assert_eq!(unpack(bad), None, "{bad}");
        }
    }
}
