//! What goes out: requests, one after the other, and the attachments in their chunks.

use trust_core::{
    Error, Random,
    file::{File, MAX_FILES},
    wire::{Kind, Status},
};

use super::{Desk, Res, Want};

impl Desk {
    /// The bytes that ask for a challenge.
    ///
    /// # Errors
    /// `randomness`.
    pub fn ask_challenge(&mut self, random: &mut Random<'_>) -> Res<Vec<u8>> {
        self.line.challenge(random).map_err(Error::code)
    }

    /// Makes the request for something; work it off with [`Desk::work`].
    ///
    /// # Errors
    /// `nothing` without a challenge or if there is nothing to send, `randomness`.
    pub fn request(&mut self, random: &mut Random<'_>, want: Want) -> Res<()> {
        let keys = self.keys.as_ref().map(|(_, keys)| keys);
        let kind = match want {
            Want::Directory(_) => Kind::Directory,
            Want::Chunk => Kind::Chunk,
            Want::Submit => Kind::Submit,
            Want::Poll(_) | Want::Drop(_) => Kind::Poll,
        };
        let chunk = self.outgoing.get(self.sent.0).map(|file| file.chunk(self.sent.1));
        let (note, envelope, letters) = (self.note.as_ref(), &self.envelope, &self.letters);
        let made = self.line.request(random, kind, |once| match want {
            Want::Directory(part) => Some(once.directory(part)),
            Want::Chunk => {
                let (id, sealed) = chunk?.ok()?;
                Some(once.chunk(&id, &sealed))
            }
            Want::Submit if envelope.is_empty() => None,
            Want::Submit => Some(once.submit(&keys?.auth, note?, envelope)),
            Want::Poll(page) => Some(once.poll(&keys?.auth, page, &[0; 16])),
            Want::Drop(at) => Some(once.poll(&keys?.auth, 0, &letters.get(usize::from(at))?.id)),
        });
        made.map_err(Error::code)?.ok_or("nothing")
    }

    /// Works for a while: the bytes of the request once it is done.
    ///
    /// # Errors
    /// `malformed` without a request.
    pub fn work(&mut self, tries: u64) -> Res<Option<Vec<u8>>> {
        self.line.work(tries).map_err(Error::code)
    }

    /// Reads the answer to what was sent last.
    ///
    /// # Errors
    /// `refused` for an answer that is none of ours: of a mailbox that does not exist, or of
    /// somebody in between.
    pub fn answer(&mut self, bytes: &[u8]) -> Res<Status> {
        self.line.answer(bytes).map_err(Error::code)
    }

    /// Chooses what goes with the next report, in the place of what was chosen before.
    pub fn clear_files(&mut self) {
        self.files.clear();
    }

    /// Adds an attachment: only what the page has drawn or written anew, never a file as it was.
    ///
    /// # Errors
    /// `too_large` beyond eight.
    pub fn attach(&mut self, file: File) -> Res<()> {
        if self.files.len() >= MAX_FILES {
            return Err(Error::TooLarge.code());
        }
        self.files.push(file);
        Ok(())
    }

    /// Chunks that are to be sent before the report, and how many have been.
    pub fn chunks(&self) -> (u32, u32) {
        let each = || self.outgoing.iter().map(|file| file.note().chunks());
        (each().sum(), each().take(self.sent.0).sum::<u32>() + self.sent.1)
    }

    /// The chunk that was asked for last has arrived: on to the next. What did not arrive is sent
    /// again, so a broken connection costs one chunk.
    pub fn chunk_sent(&mut self) {
        self.sent.1 += 1;
        let whole = self.outgoing.get(self.sent.0).map_or(0, |file| file.note().chunks());
        if self.sent.1 >= whole {
            self.sent = (self.sent.0 + 1, 0);
        }
    }
}
