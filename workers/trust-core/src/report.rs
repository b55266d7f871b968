//! A report: sealed by the reporter, opened by the officers of its channel.
//!
//! One random key (DEK) a report. What is said is encrypted under it in one of three sizes; the
//! DEK is sealed for each officer in a slot. There are always eight slots in random order, the
//! rest are for keys that nobody has, so neither who can read nor how many shows. The public key
//! of the case is derived from the DEK and stands in the head: all who open a report have opened
//! the same one, and who opened it can prove so without a name.

mod content;

use zeroize::Zeroizing;

use crate::{
    Error, MAGIC, Random,
    bucket::{REPORT, pad, smallest, unpad},
    channel_bytes,
    directory::{Channel, SLOTS},
    file::{File, FileKey, FileNote, MAX_FILES, SealedFile},
    keys::ReporterKeys,
    sealed::{BoxKey, BoxSecret, OVERHEAD},
    sign::Signing,
    symmetric::{NONCE, Secret, TAG, decrypt, derive, encrypt, sha256},
};
pub use content::{Answer, Content, Lang};

/// Bytes of a slot.
pub const SLOT: usize = 32 + OVERHEAD;
/// Bytes of all slots.
pub const ALL_SLOTS: usize = SLOTS * SLOT;
/// Bytes of the head.
pub const HEAD: usize = 80;
/// Bytes of an envelope besides the padded text.
pub const AROUND: usize = HEAD + ALL_SLOTS + NONCE + TAG;

/// What an envelope is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The first of a case.
    Report = 1,
    /// What the reporter adds later.
    FollowUp = 2,
}

/// The head of an envelope: what the server sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Report or follow-up.
    pub kind: Kind,
    /// Its size: a place in [`REPORT`].
    pub bucket: u8,
    /// The version of the directory by which it was sealed.
    pub keys_version: u32,
    /// The reporter's mailbox.
    pub mailbox: [u8; 32],
    /// The public key of the case.
    pub case: [u8; 32],
}

impl Head {
    /// Its bytes.
    pub fn write(&self) -> [u8; HEAD] {
        let mut out = [0; HEAD];
        out[..7].copy_from_slice(MAGIC);
        out[7] = self.kind as u8;
        out[8] = self.bucket;
        out[12..16].copy_from_slice(&self.keys_version.to_be_bytes());
        out[16..48].copy_from_slice(&self.mailbox);
        out[48..80].copy_from_slice(&self.case);
        out
    }

    /// Reads a head.
    ///
    /// # Errors
    /// [`Error::Malformed`].
    pub fn read(bytes: &[u8; HEAD]) -> Result<Head, Error> {
        let part = |from: usize| core::array::from_fn(|at| bytes[from + at]);
        let head = Head {
            kind: match bytes[7] {
                1 => Kind::Report,
                2 => Kind::FollowUp,
                _ => return Err(Error::Malformed),
            },
            bucket: bytes[8],
            keys_version: u32::from_be_bytes([bytes[12], bytes[13], bytes[14], bytes[15]]),
            mailbox: part(16),
            case: part(48),
        };
        let good = usize::from(head.bucket) < REPORT.len() && head.write() == *bytes;
        if good { Ok(head) } else { Err(Error::Malformed) }
    }

    /// What slots and text are bound to: label, channel, size, mailbox, version, case.
    fn about(&self, label: &str, channel: &str) -> Vec<u8> {
        [b"TRUST-1|", label.as_bytes(), b"|", &channel_bytes(channel), &self.write()].concat()
    }
}

/// A report that is being written. Attachments are sealed by it before it is.
pub struct Draft {
    dek: Secret,
    kind: Kind,
    files: Vec<FileNote>,
}

impl Draft {
    /// A new draft.
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn new(random: &mut Random<'_>, kind: Kind) -> Result<Draft, Error> {
        Ok(Draft { dek: Zeroizing::new(random.bytes()?), kind, files: Vec::new() })
    }

    /// Seals an attachment; its chunks are sent before the report.
    ///
    /// # Errors
    /// [`Error::TooLarge`] beyond 10 MiB or eight attachments, [`Error::Randomness`].
    pub fn attach(&mut self, random: &mut Random<'_>, file: &File) -> Result<SealedFile, Error> {
        if self.files.len() >= MAX_FILES {
            return Err(Error::TooLarge);
        }
        let sealed = SealedFile::new(random, &self.dek, self.files.len() as u8, file)?;
        self.files.push(sealed.note());
        Ok(sealed)
    }

    /// Seals the report for the officers of a channel but the `excluded` ones (by number).
    ///
    /// A draft is used up, so that no key encrypts two texts.
    ///
    /// # Errors
    /// [`Error::NobodyLeft`], [`Error::TooLarge`], [`Error::Randomness`].
    pub fn seal(
        self,
        random: &mut Random<'_>,
        channel: &Channel<'_>,
        excluded: &[u16],
        keys: &ReporterKeys,
        content: &Content,
    ) -> Result<Vec<u8>, Error> {
        let mailbox = keys.mailbox();
        let text = content::write(content, &keys.letters.public()?, &mailbox, &self.files);
        let bucket = smallest(&REPORT, text.len())?;
        let size = REPORT.get(usize::from(bucket)).copied().ok_or(Error::TooLarge)?;
        let case = case_key(&self.dek);
        let head = Head {
            kind: self.kind,
            bucket,
            keys_version: channel.version,
            mailbox,
            case: case.public(),
        };
        let slots = self.slots(random, channel, excluded, &head)?;
        let nonce = random.bytes::<NONCE>()?;
        let about = about_text(&head, channel.name, &slots);
        let sealed = encrypt(&derive(&self.dek, "body", b""), &nonce, &about, &pad(&text, size)?)?;
        Ok([&head.write()[..], &slots, &nonce, &sealed].concat())
    }

    fn slots(
        &self,
        random: &mut Random<'_>,
        channel: &Channel<'_>,
        excluded: &[u16],
        head: &Head,
    ) -> Result<Vec<u8>, Error> {
        let info = head.about("slot", channel.name);
        let readers: Vec<&BoxKey> = channel
            .officers
            .iter()
            .filter(|(person, _)| !excluded.contains(&person.id))
            .map(|(_, key)| *key)
            .collect();
        if readers.is_empty() {
            return Err(Error::NobodyLeft);
        }
        let mut slots = Vec::with_capacity(SLOTS);
        for at in 0..SLOTS {
            slots.push(match readers.get(at) {
                Some(key) => key.seal(random, &info, &self.dek[..])?,
                // For a key whose secret half is forgotten here, of a text that is none.
                None => {
                    let nobody = BoxSecret::new(random)?.public()?;
                    let nothing = random.bytes::<32>()?;
                    nobody.seal(random, &info, &nothing)?
                }
            });
        }
        random.shuffle(&mut slots)?;
        Ok(slots.concat())
    }
}

/// A sealed report, cut into its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// The head.
    pub head: Head,
    /// The eight slots.
    pub slots: &'a [u8],
    /// Nonce and text.
    pub body: &'a [u8],
}

/// A report as an officer reads it.
pub struct Opened {
    /// What was said.
    pub content: Content,
    /// Opens what officers answer: the reporter's box.
    pub letters: BoxKey,
    /// The reporter's mailbox.
    pub mailbox: [u8; 32],
    /// Proves to the server that the report was opened.
    pub case: Signing,
    /// Keys of the attachments.
    pub files: Vec<FileKey>,
}

impl<'a> Envelope<'a> {
    /// Bytes of an envelope of a bucket.
    pub fn size(bucket: u8) -> Option<usize> {
        REPORT.get(usize::from(bucket)).map(|size| size + AROUND)
    }

    /// Cuts an envelope.
    ///
    /// # Errors
    /// [`Error::Malformed`].
    pub fn read(bytes: &'a [u8]) -> Result<Envelope<'a>, Error> {
        let (head, rest) = bytes.split_first_chunk::<HEAD>().ok_or(Error::Malformed)?;
        let head = Head::read(head)?;
        if Envelope::size(head.bucket) != Some(bytes.len()) {
            return Err(Error::Malformed);
        }
        let (slots, body) = rest.split_at_checked(ALL_SLOTS).ok_or(Error::Malformed)?;
        Ok(Envelope { head, slots, body })
    }

    /// The number under which an envelope is kept: a part of its hash, so that sending it twice
    /// is sending it once, and numbers tell no order.
    pub fn id(bytes: &[u8]) -> [u8; 16] {
        let hash = sha256(&[b"TRUST-1|id|", bytes]);
        core::array::from_fn(|at| hash[at])
    }

    /// Opens a slot with one of the officer's keys. Cheap enough to try on every report: this is
    /// how an officer finds those that are meant for them.
    ///
    /// # Errors
    /// [`Error::Refused`] if none fits.
    pub fn unlock(
        head: &Head,
        slots: &[u8],
        channel: &str,
        secrets: &[BoxSecret],
    ) -> Result<Secret, Error> {
        let info = head.about("slot", channel);
        for slot in slots.chunks_exact(SLOT) {
            for secret in secrets {
                let Ok(opened) = secret.open(&info, slot) else { continue };
                let Ok(dek) = <[u8; 32]>::try_from(opened.as_slice()) else { continue };
                let dek = Zeroizing::new(dek);
                if case_key(&dek).public() == head.case {
                    return Ok(dek);
                }
            }
        }
        Err(Error::Refused)
    }

    /// Opens the report.
    ///
    /// # Errors
    /// [`Error::Refused`] if it is not for these keys and this channel, or was changed.
    pub fn open(&self, channel: &str, secrets: &[BoxSecret]) -> Result<Opened, Error> {
        let dek = Envelope::unlock(&self.head, self.slots, channel, secrets)?;
        let (nonce, text) = self.body.split_first_chunk::<NONCE>().ok_or(Error::Refused)?;
        let about = about_text(&self.head, channel, self.slots);
        let padded = decrypt(&derive(&dek, "body", b""), nonce, &about, text)?;
        let (content, letters, mailbox, notes) = content::read(unpad(&padded)?)?;
        if mailbox != self.head.mailbox {
            return Err(Error::Refused);
        }
        let files = (0_u8..).zip(notes).map(|(number, note)| FileKey::new(&dek, number, note));
        Ok(Opened { content, letters, mailbox, case: case_key(&dek), files: files.collect() })
    }
}

fn about_text(head: &Head, channel: &str, slots: &[u8]) -> Vec<u8> {
    let mut about = head.about("report", channel);
    about.extend_from_slice(&sha256(&[slots]));
    about
}

fn case_key(dek: &[u8; 32]) -> Signing {
    Signing::from_seed(&derive(dek, "case", b""))
}
