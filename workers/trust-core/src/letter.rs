//! Letters: 4 KiB from one person to another. Officers answer reporters with them, ask custodians
//! for a name and get it; officers hand cases over to each other.
//!
//! The writer's signature is inside the seal, over the reader's mailbox and the place in the
//! dialogue, so the server cannot tell who wrote and no reader can pass a letter on as if it had
//! been written to somebody else.

use zeroize::Zeroizing;

use crate::{
    Error, MAGIC, Random,
    bucket::{LETTER, pad, unpad},
    cbor::{Reader, Writer, canonical},
    channel_bytes,
    directory::Directory,
    sealed::{BoxKey, BoxSecret, OVERHEAD},
    sign::{SIGNATURE, Signing, What, check},
    symmetric::sha256,
};

/// Bytes of the head: magic, the kind, zeros.
pub const HEAD: usize = 16;
/// Bytes of a sealed letter.
pub const SIZE: usize = HEAD + LETTER + OVERHEAD;
/// Most bytes of what a letter says, so that it fits whatever the numbers are.
pub const MAX_TEXT: usize = 3_900;
/// The kind in the head.
const KIND: u8 = 3;

/// What a letter is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// An officer answers the reporter.
    Answer = 0,
    /// An officer asks a custodian for a name.
    NameAsked = 1,
    /// A custodian gives the half of a name's key.
    NameGiven = 2,
    /// A custodian refuses.
    NameRefused = 3,
    /// An officer hands a case to an officer.
    HandOver = 4,
}

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// What it is for.
    pub purpose: Purpose,
    /// Number of the writer in the directory.
    pub from: u16,
    /// The mailbox of the case: the reporter's.
    pub case: [u8; 32],
    /// Place in the dialogue.
    pub seq: u32,
    /// SHA-256 of what came before it in the dialogue; zeros for the first.
    pub prev: [u8; 32],
    /// The state of the case as the reporter may know it: a code of the questionnaire's list.
    pub status: String,
    /// What it says: text, or for names and hand-overs the bytes that their purpose asks for.
    pub text: Zeroizing<Vec<u8>>,
}

impl Letter {
    /// Seals a letter for a box; `mailbox` is where it is put.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::Randomness`].
    pub fn seal(
        &self,
        random: &mut Random<'_>,
        writer: &Signing,
        channel: &str,
        mailbox: &[u8; 32],
        to: &BoxKey,
    ) -> Result<Vec<u8>, Error> {
        let content = self.write();
        let signature = writer.sign(What::Letter, &signed(channel, mailbox, &content));
        let text = pad(&[&signature[..], &content].concat(), LETTER)?;
        let sealed = to.seal(random, &info(channel, mailbox), &text)?;
        let mut out = head().to_vec();
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    /// Opens a letter from `mailbox` and checks who wrote it.
    ///
    /// # Errors
    /// [`Error::Refused`] if it is not for this mailbox, [`Error::Signature`] if nobody of the
    /// directory wrote it.
    pub fn open(
        bytes: &[u8],
        secrets: &[BoxSecret],
        channel: &str,
        mailbox: &[u8; 32],
        directory: &Directory,
    ) -> Result<Letter, Error> {
        let sealed = sealed(bytes)?;
        let info = info(channel, mailbox);
        let found = secrets.iter().find_map(|secret| secret.open(&info, sealed).ok());
        let padded = found.ok_or(Error::Refused)?;
        let (signature, content) =
            unpad(&padded)?.split_first_chunk::<SIGNATURE>().ok_or(Error::Malformed)?;
        let letter = Letter::read(content)?;
        let writer = directory.person(letter.from).ok_or(Error::Signature)?;
        check(&writer.sign, What::Letter, &signed(channel, mailbox, content), signature)?;
        Ok(letter)
    }

    fn write(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Writer::new();
        out.array(7).number(self.purpose as u64).number(self.from.into()).bytes(&self.case);
        out.number(self.seq.into()).bytes(&self.prev).text(&self.status).bytes(&self.text);
        Zeroizing::new(out.done())
    }

    fn read(bytes: &[u8]) -> Result<Letter, Error> {
        let mut from = Reader::new(bytes);
        from.array(7)?;
        let letter = Letter {
            purpose: match from.u8()? {
                0 => Purpose::Answer,
                1 => Purpose::NameAsked,
                2 => Purpose::NameGiven,
                3 => Purpose::NameRefused,
                4 => Purpose::HandOver,
                _ => return Err(Error::Malformed),
            },
            from: from.u16()?,
            case: from.fixed()?,
            seq: from.u32()?,
            prev: from.fixed()?,
            status: from.text()?,
            text: Zeroizing::new(from.bytes()?.to_vec()),
        };
        canonical(bytes, &letter.write())?;
        Ok(letter)
    }
}

/// Whether bytes have the shape of a letter: all that the server can check.
///
/// # Errors
/// [`Error::Malformed`].
pub fn shape(bytes: &[u8]) -> Result<(), Error> {
    sealed(bytes).map(drop)
}

fn sealed(bytes: &[u8]) -> Result<&[u8], Error> {
    let (have, sealed) = bytes.split_first_chunk::<HEAD>().ok_or(Error::Malformed)?;
    if *have == head() && bytes.len() == SIZE { Ok(sealed) } else { Err(Error::Malformed) }
}

fn head() -> [u8; HEAD] {
    let mut head = [0; HEAD];
    head[..7].copy_from_slice(MAGIC);
    head[7] = KIND;
    head
}

fn info(channel: &str, mailbox: &[u8; 32]) -> Vec<u8> {
    [b"TRUST-1|letter|".as_slice(), &channel_bytes(channel), mailbox].concat()
}

fn signed(channel: &str, mailbox: &[u8; 32], content: &[u8]) -> Vec<u8> {
    [&channel_bytes(channel)[..], mailbox, &sha256(&[content])].concat()
}
