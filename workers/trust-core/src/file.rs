//! Attachments: cut into chunks of 64 KiB, padded to a bucket, each chunk sealed (the STREAM
//! construction: counter and end mark in the nonce) and stored under a number that only whoever
//! can open the report can compute. The server cannot tell whose a chunk is.

use zeroize::Zeroizing;

use crate::{
    Error, Random,
    bucket::{FILE, LENGTH, pad, smallest, unpad},
    cbor::{Reader, Writer, canonical},
    symmetric::{NONCE, Secret, TAG, decrypt, derive, encrypt},
};

/// Bytes of a chunk's text.
pub const CHUNK: usize = 64 * 1024;
/// Bytes of a sealed chunk.
pub const SEALED_CHUNK: usize = CHUNK + TAG;
/// Most attachments of a report.
pub const MAX_FILES: usize = 8;
/// Most bytes of a name and of a media type.
const MAX_NAME: usize = 255;

/// What the report says of an attachment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileNote {
    /// Its bucket: a place in [`FILE`].
    pub bucket: u8,
    /// Makes its key its own, however often a file is chosen anew.
    pub salt: [u8; 16],
}

impl FileNote {
    /// Chunks of the attachment; 0 for a bucket that does not exist.
    pub fn chunks(&self) -> u32 {
        FILE.get(usize::from(self.bucket)).map_or(0, |size| (size / CHUNK) as u32)
    }
}

/// An attachment as it was before sealing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The key of one attachment; seals and opens chunks and names them.
#[derive(Clone)]
pub struct FileKey {
    key: Secret,
    ids: Secret,
    note: FileNote,
    number: u8,
}

/// An attachment that is ready to be sent, chunk by chunk, in any order and again.
pub struct SealedFile {
    text: Zeroizing<Vec<u8>>,
    key: FileKey,
}

impl SealedFile {
    /// Prepares an attachment; `dek` is the key of its report, `number` its place in it.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::Randomness`].
    pub(crate) fn new(
        random: &mut Random<'_>,
        dek: &[u8; 32],
        number: u8,
        file: &File,
    ) -> Result<SealedFile, Error> {
        let bucket = smallest(&FILE, write(file).len())?;
        let note = FileNote { bucket, salt: random.bytes()? };
        FileKey::new(dek, number, note).seal(file)
    }

    /// What the report says of it.
    pub fn note(&self) -> FileNote {
        self.key.note
    }

    /// The number and the sealed bytes of a chunk; the same every time.
    ///
    /// # Errors
    /// [`Error::TooLarge`] beyond the last.
    pub fn chunk(&self, at: u32) -> Result<([u8; 16], Vec<u8>), Error> {
        let from = at as usize * CHUNK;
        let text = self.text.get(from..from + CHUNK).ok_or(Error::TooLarge)?;
        let sealed = encrypt(&self.key.key, &self.key.nonce(at), &self.key.about(), text)?;
        Ok((self.key.id(at), sealed))
    }
}

impl FileKey {
    /// The key of an attachment of a report.
    pub(crate) fn new(dek: &[u8; 32], number: u8, note: FileNote) -> FileKey {
        let about = [&[number, note.bucket][..], &note.salt].concat();
        FileKey {
            key: derive(dek, "file", &about),
            ids: derive(dek, "chunk", &about),
            note,
            number,
        }
    }

    /// What the report says of it.
    pub fn note(&self) -> FileNote {
        self.note
    }

    /// Seals an attachment under this key. A key is made for one attachment ([`FileNote::salt`]);
    /// sealing the same again gives the same chunks, another one must never be sealed under it.
    ///
    /// # Errors
    /// [`Error::TooLarge`] if it does not fit into the bucket or its names are too long.
    pub fn seal(self, file: &File) -> Result<SealedFile, Error> {
        if file.name.len() > MAX_NAME || file.media.len() > MAX_NAME {
            return Err(Error::TooLarge);
        }
        let size = FILE.get(usize::from(self.note.bucket)).copied().ok_or(Error::TooLarge)?;
        Ok(SealedFile { text: pad(&write(file), size)?, key: self })
    }

    /// The number under which a chunk is stored.
    pub fn id(&self, at: u32) -> [u8; 16] {
        let id = derive(&self.ids, "id", &at.to_be_bytes());
        core::array::from_fn(|i| id[i])
    }

    /// Opens all chunks, in their order.
    ///
    /// # Errors
    /// [`Error::Refused`] if one is missing, too many, changed or in a wrong place.
    pub fn open<T: AsRef<[u8]>>(&self, chunks: &[T]) -> Result<File, Error> {
        if chunks.is_empty() || chunks.len() as u64 != u64::from(self.note.chunks()) {
            return Err(Error::Refused);
        }
        let mut text = Zeroizing::new(Vec::with_capacity(chunks.len() * CHUNK));
        for (at, chunk) in (0_u32..).zip(chunks) {
            let opened = decrypt(&self.key, &self.nonce(at), &self.about(), chunk.as_ref())?;
            if opened.len() != CHUNK {
                return Err(Error::Refused);
            }
            text.extend_from_slice(&opened);
        }
        read(unpad(&text)?)
    }

    /// 19 zeros (the key is used once), the counter, the end mark.
    fn nonce(&self, at: u32) -> [u8; NONCE] {
        let mut nonce = [0; NONCE];
        nonce[19..23].copy_from_slice(&at.to_be_bytes());
        nonce[23] = u8::from(at + 1 == self.note.chunks());
        nonce
    }

    fn about(&self) -> Vec<u8> {
        [b"TRUST-1|file|".as_slice(), &[self.number, self.note.bucket]].concat()
    }
}

/// Most bytes that fit into an attachment with a name and a type of so many bytes.
pub fn room(name: usize, media: usize) -> usize {
    let largest = FILE.last().copied().unwrap_or_default();
    // An array head, heads of two texts (at most 3 bytes each) and of the bytes (5).
    largest.saturating_sub(LENGTH + 1 + 3 + name + 3 + media + 5)
}

fn write(file: &File) -> Zeroizing<Vec<u8>> {
    let mut out = Writer::new();
    out.array(3).text(&file.name).text(&file.media).bytes(&file.bytes);
    Zeroizing::new(out.done())
}

fn read(content: &[u8]) -> Result<File, Error> {
    let mut from = Reader::new(content);
    from.array(3)?;
    let file = File { name: from.text()?, media: from.text()?, bytes: from.bytes()?.to_vec() };
    canonical(content, &write(&file))?;
    Ok(file)
}
