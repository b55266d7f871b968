//! The file: pages, faces cut to the letters in use, maps back to text.

use std::collections::BTreeMap;

use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::{
    Content, Date, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr,
    types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap},
};
use subsetter::GlyphRemapper;

use crate::{
    Paper,
    face::{Font, Weight},
    layout::{Mark, SHEET, SIDE},
};

/// Resources of the faces, in the order of [`Weight::ALL`].
const NAMES: [Name<'static>; 2] = [Name(b"R"), Name(b"B")];
const INFO: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
/// How hard streams are packed.
const PACK: u8 = 7;

/// Letters of a face that a paper uses: their glyphs, as the file numbers them.
struct Used {
    font: Font,
    glyphs: GlyphRemapper,
    letters: BTreeMap<u16, (u16, char)>,
}

impl Used {
    fn new(weight: Weight) -> Used {
        Used { font: Font::new(weight), glyphs: GlyphRemapper::new(), letters: BTreeMap::new() }
    }

    /// The bytes of a text, two a letter.
    fn encode(&mut self, text: &str) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(text.len());
        for letter in text.chars() {
            let (glyph, letter) = self.font.shown(letter);
            let cid = self.glyphs.remap(glyph);
            self.letters.entry(cid).or_insert((glyph, letter));
            bytes.extend(cid.to_be_bytes());
        }
        bytes
    }
}

/// Writes the file.
pub fn file(paper: &Paper, pages: &[Vec<Mark>]) -> Vec<u8> {
    let mut used = Weight::ALL.map(Used::new);
    let contents: Vec<Vec<u8>> = pages
        .iter()
        .enumerate()
        .map(|(at, marks)| page(paper, marks, at + 1, pages.len(), &mut used))
        .collect();

    let mut next = 0;
    let mut id = || {
        next += 1;
        Ref::new(next)
    };
    let (catalog, tree, info) = (id(), id(), id());
    let faces = Weight::ALL.map(|_| id());
    let mut pdf = Pdf::new();
    let sheets: Vec<(Ref, Ref)> = contents.iter().map(|_| (id(), id())).collect();
    let mut root = pdf.catalog(catalog);
    root.pages(tree).lang(TextStr(&paper.lang));
    root.viewer_preferences().display_doc_title(true);
    root.finish();
    pdf.pages(tree)
        .kids(sheets.iter().map(|(page, _)| *page))
        .count(i32::try_from(sheets.len()).unwrap_or_default());
    let (year, month, day, hour, minute, second) = paper.made;
    let made = Date::new(year).month(month).day(day).hour(hour).minute(minute).second(second);
    pdf.document_info(info)
        .title(TextStr(&paper.title))
        .creator(TextStr("Mansap"))
        .creation_date(made.utc_offset_hour(0));
    for ((page, body), content) in sheets.iter().zip(&contents) {
        let mut sheet = pdf.page(*page);
        sheet.media_box(Rect::new(0.0, 0.0, SHEET.0, SHEET.1)).parent(tree).contents(*body);
        let mut resources = sheet.resources();
        let mut fonts = resources.fonts();
        for (name, face) in NAMES.iter().zip(faces) {
            fonts.pair(*name, face);
        }
        fonts.finish();
        resources.finish();
        sheet.finish();
        let packed = compress_to_vec_zlib(content, PACK);
        pdf.stream(*body, &packed).filter(Filter::FlateDecode);
    }
    for ((weight, face), used) in Weight::ALL.into_iter().zip(faces).zip(&used) {
        embed(&mut pdf, weight, face, used, &mut id);
    }
    pdf.finish()
}

fn page(paper: &Paper, marks: &[Mark], number: usize, of: usize, used: &mut [Used; 2]) -> Vec<u8> {
    let mut content = Content::new();
    for mark in marks {
        match mark {
            Mark::Text { x, y, size, weight, soft, text } => {
                put(&mut content, used, (*x, *y), *size, *weight, *soft, text);
            }
            Mark::Rule { y, strong } => {
                match strong {
                    true => content.set_stroke_rgb(0.0, 0.42, 0.56).set_line_width(0.8),
                    false => content.set_stroke_gray(0.85).set_line_width(0.5),
                };
                content.move_to(SIDE, *y).line_to(SHEET.0 - SIDE, *y).stroke();
            }
        }
    }
    let foot = 40.0;
    content.set_stroke_gray(0.85).set_line_width(0.5);
    content.move_to(SIDE, foot + 14.0).line_to(SHEET.0 - SIDE, foot + 14.0).stroke();
    put(&mut content, used, (SIDE, foot), 8.5, Weight::Regular, true, &paper.foot);
    let number = format!("{number} / {of}");
    let wide = used[0].font.width(&number, 8.5);
    let at = (SHEET.0 - SIDE - wide, foot);
    put(&mut content, used, at, 8.5, Weight::Regular, true, &number);
    content.finish().into_vec()
}

fn put(
    content: &mut Content,
    used: &mut [Used; 2],
    at: (f32, f32),
    size: f32,
    weight: Weight,
    soft: bool,
    text: &str,
) {
    let face = usize::from(weight == Weight::Bold);
    let bytes = used[face].encode(text);
    content.set_fill_gray(if soft { 0.36 } else { 0.09 });
    content.begin_text().set_font(NAMES[face], size).next_line(at.0, at.1);
    content.show(Str(&bytes)).end_text();
}

/// A face: cut to the glyphs in use, with their widths and letters.
fn embed(pdf: &mut Pdf, weight: Weight, face: Ref, used: &Used, id: &mut impl FnMut() -> Ref) {
    let (cid, descriptor, data, map) = (id(), id(), id(), id());
    let name = Name(weight.name().as_bytes());
    pdf.type0_font(face)
        .base_font(name)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(cid)
        .to_unicode(map);
    let mut font = pdf.cid_font(cid);
    font.subtype(CidFontType::Type2)
        .base_font(name)
        .system_info(INFO)
        .font_descriptor(descriptor)
        .default_width(0.0)
        .cid_to_gid_map_predefined(Name(b"Identity"));
    let mut widths = font.widths();
    for (cid, (glyph, _)) in &used.letters {
        widths.consecutive(*cid, [used.font.advance(*glyph)]);
    }
    widths.finish();
    font.finish();
    let (ascent, descent, capitals) = used.font.metrics();
    pdf.font_descriptor(descriptor)
        .name(name)
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(-620.0, -390.0, 2800.0, 1080.0))
        .italic_angle(0.0)
        .ascent(ascent)
        .descent(descent)
        .cap_height(capitals)
        .stem_v(if weight == Weight::Bold { 140.0 } else { 80.0 })
        .font_file2(data);
    // The whole face is right too, only larger.
    let cut = subsetter::subset(weight.bytes(), 0, &used.glyphs);
    let bytes = cut.unwrap_or_else(|_| weight.bytes().to_vec());
    let packed = compress_to_vec_zlib(&bytes, PACK);
    let length = i32::try_from(bytes.len()).unwrap_or_default();
    pdf.stream(data, &packed).filter(Filter::FlateDecode).pair(Name(b"Length1"), length);
    let mut letters = UnicodeCmap::new(Name(b"Custom"), INFO);
    for (cid, (_, letter)) in &used.letters {
        letters.pair(*cid, *letter);
    }
    let packed = compress_to_vec_zlib(&letters.finish(), PACK);
    pdf.stream(map, &packed).filter(Filter::FlateDecode);
}
