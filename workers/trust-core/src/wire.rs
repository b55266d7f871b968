//! What travels: one address, one method, requests and answers of a few fixed sizes.
//!
//! A request is a frame: magic, kind, a fresh key for the answer, the challenge, the nonce of the
//! proof of work, the body, zeros. An answer is sealed under the key of its request, so all
//! answers of a size look alike; one to a mailbox that does not exist is sealed under a key that
//! nobody has.

mod answer;
pub mod ask;
mod line;

use zeroize::Zeroizing;

pub use answer::{Heads, News, OneHead};
pub use ask::{Ask, CaseStep, MAX_KEEP, Signer};
pub use line::{Line, Parts};

use crate::{
    Error, MAGIC, Random,
    bucket::{REPORT, pad, unpad},
    file::SEALED_CHUNK,
    letter, note,
    report::AROUND,
    sign::SIGNATURE,
    symmetric::{NONCE, TAG, decrypt, encrypt, sha256},
    work::{self, Bits, CHALLENGE},
};

const KIB: usize = 1024;

/// Bytes in front of the body.
pub const HEAD: usize = 80;
/// Bytes of most requests.
pub const SMALL: usize = KIB;
/// Bytes of a request that hands in a letter.
pub const LETTER: usize = 6 * KIB;
/// Bytes of most answers.
pub const ANSWER: usize = 8 * KIB;
/// Bytes of an answer with a part of the directory.
pub const ANSWER_DIRECTORY: usize = 32 * KIB;
/// Bytes of an answer with envelopes or a chunk.
pub const ANSWER_LARGE: usize = 128 * KIB;
/// Bytes of the directory in an answer and its step in requests that publish one.
pub const DIRECTORY_PART: usize = ANSWER_DIRECTORY - TAG - 5 - 4;
/// Most bytes of a request.
pub const MAX_REQUEST: usize = KIB * KIB + DIRECTORY_STEP;
const DIRECTORY_STEP: usize = 32 * KIB;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A challenge.
    Challenge = 0x10,
    /// News in a mailbox.
    Poll = 0x11,
    /// Handing in a report or a follow-up.
    Submit = 0x12,
    /// Handing in a chunk of an attachment.
    Chunk = 0x13,
    /// A part of the directory.
    Directory = 0x14,
    /// Publishing a directory: the root's signature is the authority.
    Publish = 0x15,
    /// An officer: heads and slots of a day.
    List = 0x16,
    /// An officer: an envelope.
    Fetch = 0x17,
    /// A chunk by its number.
    FetchChunk = 0x18,
    /// Handing in a letter.
    Letter = 0x19,
    /// A step in a case: confirmed, closed.
    Case = 0x1a,
    /// Keeping chunks as long as their closed case.
    Keep = 0x1b,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 12] = [
        Kind::Challenge,
        Kind::Poll,
        Kind::Submit,
        Kind::Chunk,
        Kind::Directory,
        Kind::Publish,
        Kind::List,
        Kind::Fetch,
        Kind::FetchChunk,
        Kind::Letter,
        Kind::Case,
        Kind::Keep,
    ];

    fn of(byte: u8) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| *kind as u8 == byte)
    }

    /// Bytes of the answer.
    pub const fn answer(self) -> usize {
        match self {
            Kind::Directory => ANSWER_DIRECTORY,
            Kind::List | Kind::Fetch | Kind::FetchChunk => ANSWER_LARGE,
            _ => ANSWER,
        }
    }

    /// The bits of work that a challenge asks of it.
    pub const fn bits(self, bits: Bits) -> u8 {
        match self {
            Kind::Challenge => 0,
            Kind::Submit | Kind::Chunk | Kind::Letter => bits.send,
            _ => bits.ask,
        }
    }

    /// Whether a request of this kind may have so many bytes.
    fn fits(self, bytes: usize) -> bool {
        match self {
            Kind::Submit => {
                REPORT.iter().any(|size| bytes == HEAD + SIGNATURE + note::SIZE + AROUND + size)
            }
            Kind::Chunk => bytes == HEAD + 16 + SEALED_CHUNK,
            Kind::Publish => bytes <= MAX_REQUEST && bytes.is_multiple_of(DIRECTORY_STEP),
            Kind::Letter => bytes == LETTER,
            _ => bytes == SMALL,
        }
    }

    /// Bytes of a request with a body of so many.
    fn size(self, body: usize) -> usize {
        match self {
            Kind::Submit | Kind::Chunk => HEAD + body,
            Kind::Publish => (HEAD + body).next_multiple_of(DIRECTORY_STEP),
            Kind::Letter => LETTER,
            _ => SMALL,
        }
    }
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Done.
    Done = 0,
    /// The challenge is too old, was used or is not ours: ask for a new one.
    Stale = 1,
    /// The work does not hold.
    Work = 2,
    /// The request has no such layout.
    Malformed = 3,
    /// A signature does not hold, or does not give this right.
    Refused = 4,
    /// There is nothing under this number.
    Unknown = 5,
    /// No more can be taken now: try later.
    Full = 6,
    /// A fault of the worker: nothing was taken.
    Fault = 7,
}

impl Status {
    /// The word by which the pages know it (`error.…` of their texts). Work that does not hold and
    /// a layout that does not read are the same to a person.
    pub const fn word(self) -> &'static str {
        match self {
            Status::Done => "done",
            Status::Stale => "stale",
            Status::Full => "full",
            Status::Fault => "fault",
            Status::Refused => "refused",
            Status::Unknown => "unknown",
            Status::Work | Status::Malformed => "malformed",
        }
    }

    fn of(byte: u8) -> Option<Status> {
        use Status::{Done, Fault, Full, Malformed, Refused, Stale, Unknown, Work};
        [Done, Stale, Work, Malformed, Refused, Unknown, Full, Fault]
            .get(usize::from(byte))
            .copied()
    }
}

/// What every request carries besides its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Once {
    /// A fresh key under which the answer is sealed.
    pub reply: [u8; 32],
    /// The challenge.
    pub challenge: [u8; CHALLENGE],
}

impl Once {
    /// What a signature is bound to besides what it signs: the kind, the answer's key and the
    /// challenge, so that it is good once.
    fn bound(&self, kind: Kind, fields: &[&[u8]]) -> Vec<u8> {
        [&[kind as u8][..], &self.reply, &self.challenge, &fields.concat()].concat()
    }
}

/// A request on its way out.
#[derive(Clone)]
pub struct Frame(Vec<u8>);

impl Frame {
    fn new(kind: Kind, once: &Once, body: &[u8]) -> Frame {
        let mut out = MAGIC.to_vec();
        out.push(kind as u8);
        out.extend_from_slice(&once.reply);
        out.extend_from_slice(&once.challenge);
        out.extend_from_slice(&[0; work::NONCE]);
        out.extend_from_slice(body);
        out.resize(kind.size(body.len()), 0);
        Frame(out)
    }

    /// What the work is to be done on, and how many bits of it.
    pub fn task(&self) -> ([u8; 64], u8) {
        let challenge = core::array::from_fn(|at| self.0[40 + at]);
        let bits = Kind::of(self.0[7]).map_or(0, |kind| kind.bits(Bits::of(&challenge)));
        (work::task(&challenge, &digest(&self.0)), bits)
    }

    /// The bytes to send, with the nonce that [`work::search`] found.
    pub fn bytes(mut self, nonce: [u8; work::NONCE]) -> Vec<u8> {
        self.0[72..HEAD].copy_from_slice(&nonce);
        self.0
    }
}

/// A request as the worker reads it.
pub struct Request<'a> {
    /// What it is.
    pub kind: Kind,
    /// Its answer's key and its challenge.
    pub once: Once,
    /// Whether the work that the challenge asks for was done.
    pub worked: bool,
    /// Its body, not read yet.
    body: &'a [u8],
}

impl<'a> Request<'a> {
    /// Reads head and size.
    ///
    /// # Errors
    /// [`Error::Malformed`].
    pub fn read(bytes: &'a [u8]) -> Result<Request<'a>, Error> {
        let (head, body) = bytes.split_first_chunk::<HEAD>().ok_or(Error::Malformed)?;
        let kind = Kind::of(head[7]).ok_or(Error::Malformed)?;
        if head[..7] != MAGIC[..] || !kind.fits(bytes.len()) {
            return Err(Error::Malformed);
        }
        let part = |from: usize| core::array::from_fn(|at| head[from + at]);
        let once = Once { reply: part(8), challenge: part(40) };
        let nonce = core::array::from_fn(|at| head[72 + at]);
        let task = work::task(&once.challenge, &digest(bytes));
        let worked = work::holds(&task, &nonce, kind.bits(Bits::of(&once.challenge)));
        Ok(Request { kind, once, worked, body })
    }

    /// Seals an answer of the size that this kind has.
    ///
    /// # Errors
    /// [`Error::TooLarge`] if it does not fit: a mistake in the worker.
    pub fn answer(&self, status: Status, payload: &[u8]) -> Result<Vec<u8>, Error> {
        let size = self.kind.answer();
        let text = pad(payload, size - TAG - 1)?;
        let text = Zeroizing::new([&[status as u8][..], &text].concat());
        encrypt(&self.once.reply, &nonce(self.kind), b"TRUST-1|answer|", &text)
    }

    /// As [`Request::answer`], but under a key that nobody has: what a mailbox that does not
    /// exist says. It costs the same, and only whoever asked finds out.
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn silence(&self, random: &mut Random<'_>) -> Result<Vec<u8>, Error> {
        silence(random, self.kind)
    }
}

/// Opens an answer: the status and what it says.
///
/// # Errors
/// [`Error::Refused`] if it is noise: there is no such mailbox.
pub fn open(
    kind: Kind,
    reply: &[u8; 32],
    bytes: &[u8],
) -> Result<(Status, Zeroizing<Vec<u8>>), Error> {
    if bytes.len() != kind.answer() {
        return Err(Error::Malformed);
    }
    let text = decrypt(reply, &nonce(kind), b"TRUST-1|answer|", bytes)?;
    let (status, padded) = text.split_first().ok_or(Error::Malformed)?;
    let status = Status::of(*status).ok_or(Error::Malformed)?;
    Ok((status, Zeroizing::new(unpad(padded)?.to_vec())))
}

/// An answer under a key that nobody has, to a request that could not be read.
///
/// # Errors
/// [`Error::Randomness`].
pub fn silence(random: &mut Random<'_>, kind: Kind) -> Result<Vec<u8>, Error> {
    let once = Once { reply: random.bytes()?, challenge: [0; CHALLENGE] };
    Request { kind, once, worked: true, body: &[] }.answer(Status::Unknown, &[])
}

/// The key is fresh, so the nonce says only what is answered.
fn nonce(kind: Kind) -> [u8; NONCE] {
    let mut nonce = [0; NONCE];
    nonce[0] = kind as u8;
    nonce
}

/// The hash of a request without its nonce.
fn digest(bytes: &[u8]) -> [u8; 32] {
    sha256(&[bytes.get(..72).unwrap_or_default(), bytes.get(HEAD..).unwrap_or_default()])
}

const _: () = assert!(HEAD + 32 + 32 + 1 + SIGNATURE + letter::SIZE <= LETTER);
