//! One end of the wire, as a page has it: a challenge, a request that is worked off in slices, its
//! answer. It sends nothing itself; bytes go out and come in as values.

use zeroize::Zeroizing;

use super::{Frame, Kind, Once, Status, ask, open};
use crate::{
    Error, Random,
    directory::MAX_BYTES,
    work::{self, NONCE},
};

/// A request under way.
struct UnderWay {
    kind: Kind,
    reply: [u8; 32],
    frame: Option<Frame>,
    from: u64,
}

/// One end of the wire.
#[derive(Default)]
pub struct Line {
    under_way: Option<UnderWay>,
    challenge: Option<[u8; 32]>,
    /// What the last answer said.
    pub payload: Zeroizing<Vec<u8>>,
}

impl Line {
    /// The bytes that ask for a challenge.
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn challenge(&mut self, random: &mut Random<'_>) -> Result<Vec<u8>, Error> {
        let reply = random.bytes()?;
        self.challenge = None;
        self.under_way = Some(UnderWay { kind: Kind::Challenge, reply, frame: None, from: 0 });
        Ok(ask::challenge(reply).bytes([0; NONCE]))
    }

    /// Makes a request out of the challenge that was answered; work it off with [`Line::work`].
    ///
    /// # Errors
    /// `None` without a challenge or if there is nothing to ask, [`Error::Randomness`].
    pub fn request(
        &mut self,
        random: &mut Random<'_>,
        kind: Kind,
        make: impl FnOnce(&Once) -> Option<Frame>,
    ) -> Result<Option<()>, Error> {
        let Some(challenge) = self.challenge.take() else { return Ok(None) };
        let once = Once { reply: random.bytes()?, challenge };
        let Some(frame) = make(&once) else { return Ok(None) };
        let reply = once.reply;
        self.under_way = Some(UnderWay { kind, reply, frame: Some(frame), from: 0 });
        Ok(Some(()))
    }

    /// Works for a while: the bytes of the request once it is done.
    ///
    /// # Errors
    /// [`Error::Malformed`] without a request.
    pub fn work(&mut self, tries: u64) -> Result<Option<Vec<u8>>, Error> {
        let have = self.under_way.as_mut().ok_or(Error::Malformed)?;
        let (task, bits) = have.frame.as_ref().ok_or(Error::Malformed)?.task();
        let found = work::search(&task, bits, have.from, tries);
        have.from = have.from.saturating_add(tries);
        Ok(found.and_then(|nonce| have.frame.take().map(|frame| frame.bytes(nonce))))
    }

    /// Reads the answer to what was sent last.
    ///
    /// # Errors
    /// [`Error::Refused`] for an answer that is none of ours: of a mailbox that does not exist, or
    /// of somebody in between.
    pub fn answer(&mut self, bytes: &[u8]) -> Result<Status, Error> {
        let have = self.under_way.take().ok_or(Error::Malformed)?;
        let (status, payload) = open(have.kind, &have.reply, bytes)?;
        if have.kind == Kind::Challenge && status == Status::Done {
            self.challenge = Some(payload[..].try_into().map_err(|_| Error::Malformed)?);
        }
        self.payload = payload;
        Ok(status)
    }
}

/// A directory that arrives in parts.
#[derive(Default)]
pub struct Parts {
    file: Vec<u8>,
    whole: Option<usize>,
}

impl Parts {
    /// Takes the next part; the file once it is whole.
    ///
    /// # Errors
    /// [`Error::Malformed`] if the parts do not fit each other.
    pub fn take(&mut self, payload: &[u8]) -> Result<Option<&[u8]>, Error> {
        let (length, part) = payload.split_first_chunk::<4>().ok_or(Error::Malformed)?;
        let whole = u32::from_be_bytes(*length) as usize;
        if whole > MAX_BYTES || self.whole.is_some_and(|have| have != whole) {
            return Err(Error::Malformed);
        }
        self.whole = Some(whole);
        self.file.extend_from_slice(part);
        if self.file.len() < whole {
            return if part.is_empty() { Err(Error::Malformed) } else { Ok(None) };
        }
        self.file.truncate(whole);
        Ok(Some(&self.file))
    }
}
