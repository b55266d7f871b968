//! XML of a workbook as a flat run of tags and texts. Entities of a document of its own are
//! refused: no workbook needs them.

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

use super::Bad;

/// What comes next.
pub(super) enum Piece {
    /// A tag opens (or stands alone): its name without prefix and its attributes.
    Open(String, Vec<(String, String)>),
    /// A tag closes.
    Close(String),
    /// A text.
    Text(String),
}

/// The pieces of a document.
pub(super) struct Pieces<'a> {
    reader: Reader<&'a [u8]>,
    /// The close of a tag that stands alone.
    pending: Option<String>,
}

/// The value of an attribute.
pub(super) fn attribute<'a>(attributes: &'a [(String, String)], name: &str) -> Option<&'a str> {
    attributes.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str())
}

impl<'a> Pieces<'a> {
    /// Over a document.
    pub(super) fn new(text: &'a str) -> Pieces<'a> {
        Pieces { reader: Reader::from_str(text), pending: None }
    }

    /// The next piece; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Piece>, Bad> {
        if let Some(name) = self.pending.take() {
            return Ok(Some(Piece::Close(name)));
        }
        loop {
            let piece = match self.reader.read_event().map_err(|_| Bad::Broken)? {
                Event::Start(tag) => open(&tag)?,
                Event::Empty(tag) => {
                    let piece = open(&tag)?;
                    if let Piece::Open(name, _) = &piece {
                        self.pending = Some(name.clone());
                    }
                    piece
                }
                Event::End(tag) => Piece::Close(tag.local_name().as_ref().to_owned()),
                Event::Text(text) => Piece::Text(text.xml10_content().into_owned()),
                Event::CData(text) => Piece::Text(text.xml10_content().into_owned()),
                Event::GeneralRef(name) => {
                    Piece::Text(match name.resolve_char_ref().map_err(|_| Bad::Broken)? {
                        Some(c) => c.to_string(),
                        None => match &*name.into_inner() {
                            "amp" => "&",
                            "lt" => "<",
                            "gt" => ">",
                            "quot" => "\"",
                            "apos" => "'",
                            _ => return Err(Bad::Broken),
                        }
                        .to_owned(),
                    })
                }
                Event::DocType(_) => return Err(Bad::Broken),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => continue,
                Event::Eof => return Ok(None),
            };
            return Ok(Some(piece));
        }
    }
}

fn open(tag: &BytesStart<'_>) -> Result<Piece, Bad> {
    let attributes = tag
        .attributes()
        .map(|attribute| {
            let attribute = attribute.map_err(|_| Bad::Broken)?;
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|_| Bad::Broken)?
                .into_owned();
            Ok((attribute.key.local_name().as_ref().to_owned(), value))
        })
        .collect::<Result<Vec<_>, Bad>>()?;
    Ok(Piece::Open(tag.local_name().as_ref().to_owned(), attributes))
}
