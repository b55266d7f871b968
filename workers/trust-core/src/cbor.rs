//! Canonical CBOR: definite lengths, shortest heads. Everything is an array of a fixed length, so
//! there are no keys to order. What is read is written again and must come out the same, so each
//! content has one encoding and nothing can be hidden in another.

use minicbor::{Decoder, Encoder};

use crate::Error;

/// Writes CBOR. Writing into memory cannot fail.
pub(crate) struct Writer(Encoder<Vec<u8>>);

impl Writer {
    pub(crate) fn new() -> Writer {
        Writer(Encoder::new(Vec::new()))
    }

    pub(crate) fn array(&mut self, len: usize) -> &mut Writer {
        self.0.array(len as u64).ok();
        self
    }

    pub(crate) fn number(&mut self, number: u64) -> &mut Writer {
        self.0.u64(number).ok();
        self
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> &mut Writer {
        self.0.bytes(bytes).ok();
        self
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Writer {
        self.0.str(text).ok();
        self
    }

    pub(crate) fn boolean(&mut self, yes: bool) -> &mut Writer {
        self.0.bool(yes).ok();
        self
    }

    pub(crate) fn none(&mut self) -> &mut Writer {
        self.0.null().ok();
        self
    }

    pub(crate) fn done(self) -> Vec<u8> {
        self.0.into_writer()
    }
}

/// Reads CBOR; every length is bounded by the caller or by what is left.
pub(crate) struct Reader<'a>(Decoder<'a>);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader(Decoder::new(bytes))
    }

    /// The head of an array of exactly so many.
    pub(crate) fn array(&mut self, len: usize) -> Result<(), Error> {
        (self.list(len)? == len).then_some(()).ok_or(Error::Malformed)
    }

    /// The head of an array of at most so many.
    pub(crate) fn list(&mut self, most: usize) -> Result<usize, Error> {
        let len = self.0.array().map_err(|_| Error::Malformed)?.ok_or(Error::Malformed)?;
        usize::try_from(len).ok().filter(|len| *len <= most).ok_or(Error::Malformed)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Error> {
        self.0.u32().map_err(|_| Error::Malformed)
    }

    pub(crate) fn u16(&mut self) -> Result<u16, Error> {
        self.0.u16().map_err(|_| Error::Malformed)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Error> {
        self.0.u8().map_err(|_| Error::Malformed)
    }

    pub(crate) fn boolean(&mut self) -> Result<bool, Error> {
        self.0.bool().map_err(|_| Error::Malformed)
    }

    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], Error> {
        self.0.bytes().map_err(|_| Error::Malformed)
    }

    pub(crate) fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        self.bytes()?.try_into().map_err(|_| Error::Malformed)
    }

    pub(crate) fn text(&mut self) -> Result<String, Error> {
        self.0.str().map(str::to_owned).map_err(|_| Error::Malformed)
    }

    /// Whether a `null` is next; takes it if so.
    pub(crate) fn none(&mut self) -> Result<bool, Error> {
        let null = self.0.datatype().map_err(|_| Error::Malformed)? == minicbor::data::Type::Null;
        if null {
            self.0.null().map_err(|_| Error::Malformed)?;
        }
        Ok(null)
    }
}

/// Whether what was read is written the same way.
pub(crate) fn canonical(read: &[u8], written: &[u8]) -> Result<(), Error> {
    (read == written).then_some(()).ok_or(Error::Malformed)
}
