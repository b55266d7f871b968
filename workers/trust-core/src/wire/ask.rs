//! Bodies of requests: written by pages, read by the worker.

use super::{Frame, Kind, Once, Request, work::CHALLENGE};
use crate::{
    Error,
    day::Day,
    file::SEALED_CHUNK,
    letter, note,
    report::Envelope,
    sign::{SIGNATURE, Signing, What, check},
    symmetric::sha256,
};

/// Most chunks that one request keeps.
pub const MAX_KEEP: usize = 40;

/// A step in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseStep {
    /// Receipt was confirmed to the reporter.
    Confirmed = 1,
    /// Decided; from now on the retention of a closed case counts.
    Closed = 2,
    /// Open again.
    Reopened = 3,
}

/// Who hands a letter in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signer {
    /// Whoever could open the report of the mailbox: the key of the case.
    Case = 0,
    /// Somebody of the directory, to somebody of the directory.
    Person = 1,
}

/// A request's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask<'a> {
    /// A challenge.
    Challenge,
    /// News: the page of a mailbox; `drop` names a letter that was read and may go.
    Poll {
        /// The mailbox.
        mailbox: [u8; 32],
        /// Which letter.
        page: u16,
        /// A letter to delete; zeros for none.
        drop: [u8; 16],
    },
    /// An envelope, its bytes, and the note that replaces the one of its mailbox.
    Submit(Envelope<'a>, &'a [u8], [u8; note::SIZE]),
    /// A chunk.
    Chunk([u8; 16], &'a [u8]),
    /// A part of the directory.
    Directory(u16),
    /// A directory file.
    Publish(&'a [u8]),
    /// Heads of a day, for somebody of the directory.
    List {
        /// The officer's key.
        officer: [u8; 32],
        /// The day of receipt.
        day: Day,
        /// Which page.
        page: u16,
    },
    /// An envelope, for somebody of the directory.
    Fetch {
        /// The officer's key.
        officer: [u8; 32],
        /// Its number.
        id: [u8; 16],
    },
    /// A chunk by its number.
    FetchChunk([u8; 16]),
    /// A letter.
    Letter {
        /// Where it is put.
        mailbox: [u8; 32],
        /// Who says so.
        signer: Signer,
        /// With which key.
        key: [u8; 32],
        /// The letter.
        letter: &'a [u8],
    },
    /// A step in a case.
    Case([u8; 32], CaseStep),
    /// Chunks to keep.
    Keep(Vec<[u8; 16]>),
}

/// Asking for a challenge.
pub fn challenge(reply: [u8; 32]) -> Frame {
    Frame::new(Kind::Challenge, &Once { reply, challenge: [0; CHALLENGE] }, &[])
}

impl Once {
    /// Asks for news; `keys` is the reporter's `auth`, an officer's or a custodian's key.
    pub fn poll(&self, keys: &Signing, page: u16, drop: &[u8; 16]) -> Frame {
        let mailbox = keys.public();
        let fields: [&[u8]; 3] = [&mailbox, &page.to_be_bytes(), drop];
        self.signed(Kind::Poll, keys, What::Poll, &fields)
    }

    /// Hands in an envelope, and what its reporter must find again ([`note`]).
    pub fn submit(&self, keys: &Signing, note: &[u8; note::SIZE], envelope: &[u8]) -> Frame {
        let signature = keys.sign(What::Submit, &sha256(&[note, envelope]));
        Frame::new(Kind::Submit, self, &[&signature[..], note, envelope].concat())
    }

    /// Hands in a chunk.
    pub fn chunk(&self, id: &[u8; 16], sealed: &[u8]) -> Frame {
        Frame::new(Kind::Chunk, self, &[&id[..], sealed].concat())
    }

    /// Asks for a part of the directory.
    pub fn directory(&self, part: u16) -> Frame {
        Frame::new(Kind::Directory, self, &part.to_be_bytes())
    }

    /// Publishes a directory.
    pub fn publish(&self, file: &[u8]) -> Frame {
        let length = (file.len() as u32).to_be_bytes();
        Frame::new(Kind::Publish, self, &[&length[..], file].concat())
    }

    /// Asks for the heads of a day.
    pub fn list(&self, officer: &Signing, day: Day, page: u16) -> Frame {
        let fields: [&[u8]; 3] = [&officer.public(), &day.to_be_bytes(), &page.to_be_bytes()];
        self.signed(Kind::List, officer, What::Officer, &fields)
    }

    /// Asks for an envelope.
    pub fn fetch(&self, officer: &Signing, id: &[u8; 16]) -> Frame {
        self.signed(Kind::Fetch, officer, What::Officer, &[&officer.public(), id])
    }

    /// Asks for a chunk.
    pub fn fetch_chunk(&self, id: &[u8; 16]) -> Frame {
        Frame::new(Kind::FetchChunk, self, id)
    }

    /// Hands in a letter.
    pub fn letter(
        &self,
        signer: Signer,
        key: &Signing,
        mailbox: &[u8; 32],
        letter: &[u8],
    ) -> Frame {
        let about = [&mailbox[..], &[signer as u8], &key.public()].concat();
        let signature =
            key.sign(what(signer), &self.bound(Kind::Letter, &[&about, &sha256(&[letter])]));
        Frame::new(Kind::Letter, self, &[&about[..], &signature, letter].concat())
    }

    /// Takes a step in a case, with the key that opening it gave.
    pub fn case(&self, case: &Signing, step: CaseStep) -> Frame {
        self.signed(Kind::Case, case, What::Case, &[&case.public(), &[step as u8]])
    }

    /// Keeps chunks (at most [`MAX_KEEP`]) as long as a case that is closed today.
    pub fn keep(&self, ids: &[[u8; 16]]) -> Frame {
        let ids = &ids[..ids.len().min(MAX_KEEP)];
        Frame::new(Kind::Keep, self, &[&[ids.len() as u8][..], &ids.concat()].concat())
    }

    fn signed(&self, kind: Kind, key: &Signing, what: What, fields: &[&[u8]]) -> Frame {
        let signature = key.sign(what, &self.bound(kind, fields));
        Frame::new(kind, self, &[&fields.concat()[..], &signature].concat())
    }
}

impl<'a> Request<'a> {
    /// Reads the body and checks its signature, if it has one.
    ///
    /// # Errors
    /// [`Error::Malformed`], [`Error::Signature`].
    pub fn ask(&self) -> Result<Ask<'a>, Error> {
        let mut from = Cut(self.body);
        let ask = match self.kind {
            Kind::Challenge => Ask::Challenge,
            Kind::Poll => {
                let (mailbox, page, drop) = (from.fixed()?, from.fixed()?, from.fixed()?);
                self.check(&mut from, &mailbox, What::Poll, &[&mailbox, &page, &drop])?;
                Ask::Poll { mailbox, page: u16::from_be_bytes(page), drop }
            }
            Kind::Submit => {
                let (signature, note) = (from.fixed()?, from.fixed()?);
                let bytes = from.take(from.0.len())?;
                let envelope = Envelope::read(bytes)?;
                let hash = sha256(&[&note, bytes]);
                check(&envelope.head.mailbox, What::Submit, &hash, &signature)?;
                Ask::Submit(envelope, bytes, note)
            }
            Kind::Chunk => Ask::Chunk(from.fixed()?, from.take(SEALED_CHUNK)?),
            Kind::Directory => Ask::Directory(u16::from_be_bytes(from.fixed()?)),
            Kind::Publish => {
                let length = u32::from_be_bytes(from.fixed()?);
                Ask::Publish(from.take(length as usize)?)
            }
            Kind::List => {
                let (officer, day, page) = (from.fixed()?, from.fixed()?, from.fixed()?);
                self.check(&mut from, &officer, What::Officer, &[&officer, &day, &page])?;
                let (day, page) = (Day::from_be_bytes(day), u16::from_be_bytes(page));
                Ask::List { officer, day, page }
            }
            Kind::Fetch => {
                let (officer, id) = (from.fixed()?, from.fixed()?);
                self.check(&mut from, &officer, What::Officer, &[&officer, &id])?;
                Ask::Fetch { officer, id }
            }
            Kind::FetchChunk => Ask::FetchChunk(from.fixed()?),
            Kind::Letter => self.letter(&mut from)?,
            Kind::Case => {
                let (case, step) = (from.fixed()?, from.fixed::<1>()?);
                self.check(&mut from, &case, What::Case, &[&case, &step])?;
                Ask::Case(case, step_of(step[0])?)
            }
            Kind::Keep => {
                let count = usize::from(from.fixed::<1>()?[0]);
                if count > MAX_KEEP {
                    return Err(Error::Malformed);
                }
                Ask::Keep((0..count).map(|_| from.fixed()).collect::<Result<_, _>>()?)
            }
        };
        // What is left is padding: anything else would be a second message.
        if from.0.iter().any(|byte| *byte != 0) {
            return Err(Error::Malformed);
        }
        Ok(ask)
    }

    fn letter(&self, from: &mut Cut<'a>) -> Result<Ask<'a>, Error> {
        let (mailbox, kind, key) = (from.fixed()?, from.fixed::<1>()?, from.fixed()?);
        let signature = from.fixed()?;
        let letter = from.take(letter::SIZE)?;
        letter::shape(letter)?;
        let signer = match kind[0] {
            0 => Signer::Case,
            1 => Signer::Person,
            _ => return Err(Error::Malformed),
        };
        let fields: [&[u8]; 4] = [&mailbox, &kind, &key, &sha256(&[letter])];
        check(&key, what(signer), &self.once.bound(self.kind, &fields), &signature)?;
        Ok(Ask::Letter { mailbox, signer, key, letter })
    }

    fn check(
        &self,
        from: &mut Cut<'_>,
        key: &[u8; 32],
        what: What,
        fields: &[&[u8]],
    ) -> Result<(), Error> {
        let signature = from.fixed::<SIGNATURE>()?;
        check(key, what, &self.once.bound(self.kind, fields), &signature)
    }
}

const fn what(signer: Signer) -> What {
    match signer {
        Signer::Case => What::Case,
        Signer::Person => What::Officer,
    }
}

fn step_of(byte: u8) -> Result<CaseStep, Error> {
    let all = [CaseStep::Confirmed, CaseStep::Closed, CaseStep::Reopened];
    all.into_iter().find(|step| *step as u8 == byte).ok_or(Error::Malformed)
}

/// Cuts fields off the front.
struct Cut<'a>(&'a [u8]);

impl<'a> Cut<'a> {
    fn take(&mut self, bytes: usize) -> Result<&'a [u8], Error> {
        let (taken, rest) = self.0.split_at_checked(bytes).ok_or(Error::Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let (taken, rest) = self.0.split_first_chunk::<N>().ok_or(Error::Malformed)?;
        self.0 = rest;
        Ok(*taken)
    }
}
