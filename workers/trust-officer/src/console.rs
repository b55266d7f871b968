//! An officer, or a custodian, at work. Secrets are in the memory of this value while it is
//! unlocked, and nowhere else but in sealed bytes.

mod export;
mod keys;
mod mail;
mod open;
mod view;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use trust_core::{
    Error, Random,
    day::{self, Day},
    directory::{Directory, Role},
    report::Opened,
    sealed::BoxSecret,
    sign::Signing,
    terms::Periods,
    wire::{CaseStep, Kind, Line, Parts, Signer, Status},
};

use crate::{
    Res,
    book::{Book, Out},
    hex::{fixed, unhex},
    keyring::Secrets,
};

pub use export::{Whom, saved};
pub use keys::PASSPHRASE;
pub use open::{Shown, safe_media, safe_name};

/// Days after which a day's list cannot grow any more.
const SETTLED: Day = 3;

/// What the page says to begin with.
#[derive(Deserialize)]
pub struct Page {
    /// The root key, hexadecimal digits.
    pub root: String,
    /// The lowest version of a directory that is good.
    pub floor: u32,
    /// Periods of the rule edition.
    pub periods: PeriodsText,
    /// Days off and working days that would be off, by year.
    pub calendar: BTreeMap<u32, Year>,
}

/// Periods as they are written.
#[derive(Deserialize)]
pub struct PeriodsText {
    acknowledge_days: u32,
    feedback_months: u32,
    forward_working_days: u32,
    consider_working_days: u32,
    warn_days: u32,
}

/// A year of the calendar of working days.
#[derive(Deserialize)]
pub struct Year {
    off: BTreeSet<String>,
    on: BTreeSet<String>,
}

/// Keys that are unlocked.
struct Ring {
    secrets: Secrets,
    sign: Signing,
    boxes: Vec<BoxSecret>,
}

impl Ring {
    fn new(secrets: Secrets) -> Res<Ring> {
        Ok(Ring { sign: secrets.signing()?, boxes: secrets.secrets()?, secrets })
    }
}

/// What is asked for next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Want {
    /// A part of the directory.
    Directory(u16),
    /// The next letter.
    Letter,
    /// Heads of a day.
    List(Day, u16),
    /// An envelope.
    Fetch([u8; 16]),
    /// A chunk of an attachment.
    Chunk([u8; 16]),
    /// Sending what is first in the outbox.
    Out,
}

/// Somebody at work.
pub struct Console {
    root: [u8; 32],
    floor: u32,
    today: Day,
    periods: Periods,
    calendar: BTreeMap<u32, Year>,
    line: Line,
    parts: Parts,
    directory: Option<Directory>,
    ring: Option<Ring>,
    book: Book,
    /// Envelopes by their number, sealed.
    envelopes: BTreeMap<String, Vec<u8>>,
    /// A letter that was read and is kept: the next question deletes it.
    read: [u8; 16],
    /// Letters that could not be read, and stay.
    skipped: u16,
    chunks: Vec<Vec<u8>>,
    /// What goes with the export that is under way.
    packed: Vec<export::Packed>,
}

impl Console {
    /// With the page's settings and the day.
    ///
    /// # Errors
    /// `no_root`, `malformed`.
    pub fn new(page: &str, today: Day) -> Res<Console> {
        let page: Page = serde_json::from_str(page).map_err(|_| "malformed")?;
        let PeriodsText {
            acknowledge_days,
            feedback_months,
            forward_working_days,
            consider_working_days,
            warn_days,
        } = page.periods;
        let periods = Periods {
            acknowledge_days,
            feedback_months,
            forward_working_days,
            consider_working_days,
            warn_days,
        };
        Ok(Console {
            root: fixed(&page.root).map_err(|_| "no_root")?,
            floor: page.floor,
            today,
            periods,
            calendar: page.calendar,
            line: Line::default(),
            parts: Parts::default(),
            directory: None,
            ring: None,
            book: Book::default(),
            envelopes: BTreeMap::new(),
            read: [0; 16],
            skipped: 0,
            chunks: Vec::new(),
            packed: Vec::new(),
        })
    }

    fn ring(&self) -> Res<&Ring> {
        self.ring.as_ref().ok_or("locked")
    }

    fn directory(&self) -> Res<&Directory> {
        self.directory.as_ref().ok_or("no_directory")
    }

    /// An envelope that is kept on the device, sealed.
    pub fn put_envelope(&mut self, id: String, bytes: Vec<u8>) {
        self.envelopes.insert(id, bytes);
    }

    /// The bytes that ask for a challenge.
    ///
    /// # Errors
    /// `randomness`.
    pub fn challenge(&mut self, random: &mut Random<'_>) -> Res<Vec<u8>> {
        self.line.challenge(random).map_err(Error::code)
    }

    /// Makes the request for something.
    ///
    /// # Errors
    /// `locked`; `nothing` if there is nothing to send.
    pub fn request(&mut self, random: &mut Random<'_>, want: &Want) -> Res<()> {
        let sign = match want {
            Want::Directory(_) | Want::Chunk(_) => None,
            _ => Some(self.ring()?.sign.clone()),
        };
        let out = match want {
            Want::Out => Some(self.outgoing()?),
            _ => None,
        };
        let kind = match (want, &out) {
            (Want::Directory(_), _) => Kind::Directory,
            (Want::Letter, _) => Kind::Poll,
            (Want::List(..), _) => Kind::List,
            (Want::Fetch(_), _) => Kind::Fetch,
            (Want::Chunk(_), _) => Kind::FetchChunk,
            (Want::Out, Some(Sending::Letter(..))) => Kind::Letter,
            (Want::Out, Some(Sending::Step(..))) => Kind::Case,
            (Want::Out, _) => Kind::Keep,
        };
        let (skipped, read) = (self.skipped, self.read);
        let made = self.line.request(random, kind, |once| {
            Some(match (want, &out) {
                (Want::Directory(part), _) => once.directory(*part),
                (Want::Letter, _) => once.poll(sign.as_ref()?, skipped, &read),
                (Want::List(day, page), _) => once.list(sign.as_ref()?, *day, *page),
                (Want::Fetch(id), _) => once.fetch(sign.as_ref()?, id),
                (Want::Chunk(id), _) => once.fetch_chunk(id),
                (Want::Out, Some(Sending::Letter(signer, key, mailbox, letter))) => {
                    once.letter(*signer, key, mailbox, letter)
                }
                (Want::Out, Some(Sending::Step(key, step))) => once.case(key, *step),
                (Want::Out, Some(Sending::Keep(ids))) => once.keep(ids),
                (Want::Out, None) => return None,
            })
        });
        made.map_err(Error::code)?.ok_or("nothing")
    }

    /// What is first in the outbox, with the key that it takes.
    fn outgoing(&self) -> Res<Sending> {
        let letter = |signer, key, mailbox: &str, letter: &str| {
            Ok(Sending::Letter(signer, key, fixed(mailbox)?, unhex(letter)?))
        };
        match self.book.outbox.first().ok_or("nothing")? {
            Out::Reporter(to, text) => letter(Signer::Case, self.first(to)?.case, to, text),
            Out::Person(to, text) => letter(Signer::Person, self.ring()?.sign.clone(), to, text),
            Out::Step(case, step) => {
                let step = match step {
                    1 => CaseStep::Confirmed,
                    2 => CaseStep::Closed,
                    _ => CaseStep::Reopened,
                };
                Ok(Sending::Step(self.first(case)?.case, step))
            }
            Out::Keep(ids) => {
                Ok(Sending::Keep(ids.iter().map(|id| fixed(id)).collect::<Res<_>>()?))
            }
        }
    }

    /// What is first in the outbox is sent, or can never be.
    pub fn out_done(&mut self) {
        if !self.book.outbox.is_empty() {
            self.book.outbox.remove(0);
        }
    }

    /// How much is to be sent.
    pub fn outbox(&self) -> usize {
        self.book.outbox.len()
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
    /// `refused`, `malformed`.
    pub fn answer(&mut self, bytes: &[u8]) -> Res<Status> {
        self.line.answer(bytes).map_err(Error::code)
    }

    /// Takes the part of the directory that was answered; true once all of it is here and good.
    /// One that has ended is still read by: letters and names stay what they are, only nothing can
    /// be sealed for anybody.
    ///
    /// # Errors
    /// `signature`, `rolled_back`, `malformed`.
    pub fn take_directory(&mut self) -> Res<bool> {
        let Some(file) = self.parts.take(&self.line.payload).map_err(Error::code)? else {
            return Ok(false);
        };
        let directory = Directory::verify(file, &self.root).map_err(Error::code)?;
        self.parts = Parts::default();
        if directory.version < self.floor {
            return Err(Error::RolledBack.code());
        }
        self.floor = directory.version;
        self.directory = Some(directory);
        Ok(true)
    }

    /// Channels that the owner of the keys belongs to.
    fn channels(&self) -> Res<Vec<String>> {
        let me = self.ring()?.secrets.id;
        let mine = |one: &&trust_core::directory::ChannelEntry| {
            one.officers.contains(&me) || one.custodians.contains(&me)
        };
        Ok(self.directory()?.channels.iter().filter(mine).map(|one| one.name.clone()).collect())
    }

    /// Whether these are the keys that the directory has under their number.
    ///
    /// # Errors
    /// `locked`, `no_directory`.
    pub fn listed(&self) -> Res<bool> {
        let ring = self.ring()?;
        let person = self.directory()?.person(ring.secrets.id);
        Ok(person.is_some_and(|person| person.sign == ring.sign.public()))
    }

    fn officer(&self) -> bool {
        self.ring.as_ref().is_some_and(|ring| ring.secrets.role == "officer")
    }

    /// The day from which lists are asked for, and the last; none for a custodian.
    ///
    /// # Errors
    /// `locked`.
    pub fn days(&self) -> Res<Vec<Day>> {
        if !self.officer() {
            return Ok(Vec::new());
        }
        let from = self.ring()?.secrets.boxes.iter().filter_map(|one| day::parse(&one.from)).min();
        Ok((from.unwrap_or(self.today).max(self.book.scanned)..=self.today).collect())
    }

    /// All days have been asked for.
    pub fn scanned(&mut self) {
        self.book.scanned = self.today.saturating_sub(SETTLED);
        self.book.others = self.book.others.split_off(&self.book.scanned);
    }

    /// The book has come from another device: envelopes are not in a backup, so that all lists are
    /// read again.
    pub fn restored(&mut self) {
        self.book.scanned = 0;
        self.book.others.clear();
    }

    /// Whether a day is off; `None` for a year without a calendar.
    fn off(&self, day: Day) -> Option<bool> {
        let text = day::text(day);
        let year = self.calendar.get(&day::civil(day).0)?;
        // 1970-01-01 was a Thursday.
        Some(!year.on.contains(&text) && (year.off.contains(&text) || matches!(day % 7, 2 | 3)))
    }

    /// The report that began a case.
    pub(crate) fn first(&self, mailbox: &str) -> Res<Opened> {
        let case = self.book.cases.get(mailbox).ok_or("unknown")?;
        let item = case.first().ok_or("unknown")?;
        self.open_with(self.ring()?, &case.channel, &item.id)
    }

    /// Who can read a case, as its reporter said; its reader alone where that is not said.
    pub(crate) fn readers(&self, opened: &Opened) -> Vec<u16> {
        let said = opened.content.answers.iter().find(|one| one.question == "readers");
        let ids = said.into_iter().flat_map(|one| &one.values).filter_map(|id| id.parse().ok());
        let officer = |id: &u16| {
            let person = self.directory.as_ref().and_then(|all| all.person(*id));
            person.is_some_and(|person| person.role == Role::Officer)
        };
        ids.filter(officer).collect()
    }
}

/// What is about to be sent.
enum Sending {
    Letter(Signer, Signing, [u8; 32], Vec<u8>),
    Step(Signing, CaseStep),
    Keep(Vec<[u8; 16]>),
}

#[cfg(test)]
mod tests;
