//! What answers say.

use super::{ANSWER_LARGE, TAG};
use crate::{
    Error, letter, note,
    report::{ALL_SLOTS, HEAD, Head},
};

/// The answer to a poll.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// Letters in the mailbox.
    pub count: u16,
    /// Officers can see the report (it was let out with the others of its batch).
    pub released: bool,
    /// Receipt was confirmed.
    pub confirmed: bool,
    /// The case is closed.
    pub closed: bool,
    /// What the reporter sealed for coming back.
    pub note: Option<[u8; note::SIZE]>,
    /// The letter of the page, with its number; `None` past the last. Letters are in no order:
    /// read all and sort them by their place in the dialogue.
    pub letter: Option<([u8; 16], Vec<u8>)>,
}

impl News {
    /// As bytes.
    pub fn write(&self) -> Vec<u8> {
        let mut out = self.count.to_be_bytes().to_vec();
        let flags = [self.released, self.confirmed, self.closed, self.note.is_some()];
        out.push((0..).zip(flags).map(|(bit, yes)| u8::from(yes) << bit).sum());
        out.extend_from_slice(self.note.as_ref().map_or(&[], |note| &note[..]));
        if let Some((id, letter)) = &self.letter {
            out.extend_from_slice(id);
            out.extend_from_slice(letter);
        }
        out
    }

    /// From bytes.
    ///
    /// # Errors
    /// [`Error::Malformed`].
    pub fn read(bytes: &[u8]) -> Result<News, Error> {
        let (head, rest) = bytes.split_first_chunk::<3>().ok_or(Error::Malformed)?;
        let (note, rest) = match rest.split_first_chunk::<{ note::SIZE }>() {
            _ if head[2] & 8 == 0 => (None, rest),
            Some((note, rest)) => (Some(*note), rest),
            None => return Err(Error::Malformed),
        };
        let letter = match rest.split_first_chunk::<16>() {
            None if rest.is_empty() => None,
            Some((id, letter)) if letter.len() == letter::SIZE => Some((*id, letter.to_vec())),
            _ => return Err(Error::Malformed),
        };
        let bit = |at: u8| head[2] >> at & 1 == 1;
        Ok(News {
            count: u16::from_be_bytes([head[0], head[1]]),
            released: bit(0),
            confirmed: bit(1),
            closed: bit(2),
            note,
            letter,
        })
    }
}

/// An envelope without its text: what an officer tries keys on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneHead {
    /// Its number.
    pub id: [u8; 16],
    /// Receipt was confirmed.
    pub confirmed: bool,
    /// The case is closed.
    pub closed: bool,
    /// The head.
    pub head: Head,
    /// The slots.
    pub slots: Vec<u8>,
}

/// A page of heads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heads {
    /// There are more pages.
    pub more: bool,
    /// The heads, by number: in no order.
    pub heads: Vec<OneHead>,
}

impl Heads {
    const ONE: usize = 17 + HEAD + ALL_SLOTS;
    /// Heads of a page.
    pub const PAGE: usize = (ANSWER_LARGE - TAG - 5 - 1) / Heads::ONE;

    /// As bytes: whether there are more, then every head with its number, flags and slots.
    pub fn write(&self) -> Vec<u8> {
        let mut out = vec![u8::from(self.more)];
        for one in &self.heads {
            out.extend_from_slice(&one.id);
            out.push(u8::from(one.confirmed) | u8::from(one.closed) << 1);
            out.extend_from_slice(&one.head.write());
            out.extend_from_slice(&one.slots);
        }
        out
    }

    /// From bytes.
    ///
    /// # Errors
    /// [`Error::Malformed`].
    pub fn read(bytes: &[u8]) -> Result<Heads, Error> {
        let (more, rest) = bytes.split_first().ok_or(Error::Malformed)?;
        if !rest.len().is_multiple_of(Heads::ONE) {
            return Err(Error::Malformed);
        }
        let heads = rest.chunks_exact(Heads::ONE).map(one).collect::<Result<_, _>>()?;
        Ok(Heads { more: *more == 1, heads })
    }
}

fn one(bytes: &[u8]) -> Result<OneHead, Error> {
    let (id, rest) = bytes.split_first_chunk::<16>().ok_or(Error::Malformed)?;
    let (flags, rest) = rest.split_first().ok_or(Error::Malformed)?;
    let (head, slots) = rest.split_first_chunk::<HEAD>().ok_or(Error::Malformed)?;
    Ok(OneHead {
        id: *id,
        confirmed: flags & 1 == 1,
        closed: flags & 2 == 2,
        head: Head::read(head)?,
        slots: slots.to_vec(),
    })
}
