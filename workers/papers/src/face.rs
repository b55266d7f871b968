//! The two faces of the font: widths and letters.

use ttf_parser::{Face, GlyphId};

/// A face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Text.
    Regular,
    /// Names.
    Bold,
}

impl Weight {
    /// Both, in the order of their resources.
    pub const ALL: [Weight; 2] = [Weight::Regular, Weight::Bold];

    /// The file of the face.
    pub const fn bytes(self) -> &'static [u8] {
        match self {
            Weight::Regular => include_bytes!("../fonts/noto-sans-regular.ttf"),
            Weight::Bold => include_bytes!("../fonts/noto-sans-bold.ttf"),
        }
    }

    /// Its name in the file.
    pub const fn name(self) -> &'static str {
        match self {
            Weight::Regular => "MANSAP+NotoSans-Regular",
            Weight::Bold => "MANSAP+NotoSans-Bold",
        }
    }
}

/// A face that is read.
pub struct Font {
    face: Option<Face<'static>>,
}

impl Font {
    /// Reads a face. The files are part of the program; a broken one gives empty papers, not a
    /// broken program, and a test that fails.
    pub fn new(weight: Weight) -> Font {
        Font { face: Face::parse(weight.bytes(), 0).ok() }
    }

    /// The glyph of a letter, and the letter that it shows: one that is missing is a question mark.
    pub fn shown(&self, letter: char) -> (u16, char) {
        let letter = if letter.is_whitespace() { ' ' } else { letter };
        let find = |letter: char| {
            let glyph = self.face.as_ref()?.glyph_index(letter).filter(|glyph| glyph.0 != 0)?;
            Some((glyph.0, letter))
        };
        let known = if letter.is_control() { None } else { find(letter) };
        known.or_else(|| find('?')).unwrap_or((0, '?'))
    }

    /// The glyph of a letter.
    pub fn glyph(&self, letter: char) -> u16 {
        self.shown(letter).0
    }

    /// Width of a glyph, thousandths of the size.
    pub fn advance(&self, glyph: u16) -> f32 {
        let Some(face) = &self.face else { return 500.0 };
        let width = face.glyph_hor_advance(GlyphId(glyph)).unwrap_or_default();
        f32::from(width) * 1000.0 / f32::from(face.units_per_em())
    }

    /// Width of a text at a size, points.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|letter| self.advance(self.glyph(letter))).sum::<f32>() * size / 1000.0
    }

    /// Ascender, descender, height of capitals, thousandths.
    pub fn metrics(&self) -> (f32, f32, f32) {
        let Some(face) = &self.face else { return (1069.0, -293.0, 714.0) };
        let scale = 1000.0 / f32::from(face.units_per_em());
        let capitals = face.capital_height().unwrap_or(714);
        let of = |n: i16| f32::from(n) * scale;
        (of(face.ascender()), of(face.descender()), of(capitals))
    }
}

/// Breaks a text into lines no wider than `room`; its own breaks are kept, a word that is too long
/// for any line (a digest, an address) is cut.
pub fn wrap(font: &Font, text: &str, size: f32, room: f32) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        let mut used = 0.0;
        for word in paragraph.split_whitespace() {
            let space = if line.is_empty() { 0.0 } else { font.width(" ", size) };
            let wide = font.width(word, size);
            if used + space + wide <= room {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
                used += space + wide;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            for letter in word.chars() {
                let wide = font.advance(font.glyph(letter)) * size / 1000.0;
                if used + wide > room && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                    used = 0.0;
                }
                line.push(letter);
                used += wide;
            }
        }
        lines.push(line);
    }
    lines
}
