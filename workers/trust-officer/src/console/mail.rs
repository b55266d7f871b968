//! What comes in: lists, envelopes, letters of officers and custodians.

use trust_core::{
    Error,
    day::Day,
    directory::Role,
    identity::HALF,
    letter::{Letter, Purpose},
    report::{Envelope, Kind},
    symmetric::sha256,
    wire::{Heads, News},
};

use super::Console;
use crate::{
    Res,
    book::{Event, Item, NameAsk, What},
    hex::hex,
};

/// Most events of a case that are taken from others: a bound for one who lies.
const MOST_EVENTS: usize = 2_000;

/// The last place that an event can have: far beyond any dialogue, so that nobody ends one.
const MOST_PLACE: u32 = 1_000_000;

/// What an officer may say that was done; what custodians do comes from them.
fn allowed(what: What) -> bool {
    !matches!(what, What::NameGiven | What::NameRefused)
}

impl Console {
    /// Takes a page of heads of a day: whether there are more, and the numbers of the envelopes that
    /// have not been fetched. All are fetched, whoever they are sealed for: which ones an officer
    /// leaves out would tell the server whom a reporter has excluded.
    ///
    /// # Errors
    /// `malformed`, `locked`.
    pub fn take_heads(&mut self, day: Day) -> Res<(bool, Vec<String>)> {
        let heads = Heads::read(&self.line.payload).map_err(Error::code)?;
        self.ring()?;
        let others = self.book.others.get(&day);
        let fresh = heads.heads.iter().map(|one| hex(&one.id)).filter(|id| {
            !self.envelopes.contains_key(id) && !others.is_some_and(|all| all.contains(id))
        });
        Ok((heads.more, fresh.collect()))
    }

    /// Takes an envelope of a day: its bytes, to be kept as they are; nothing if these keys do not
    /// open it.
    ///
    /// # Errors
    /// `malformed`, `locked`, `no_directory`.
    pub fn take_envelope(&mut self, day: Day) -> Res<Option<Vec<u8>>> {
        let bytes = self.line.payload.to_vec();
        let id = hex(&Envelope::id(&bytes));
        let envelope = Envelope::read(&bytes).map_err(Error::code)?;
        let boxes = &self.ring()?.boxes;
        let (mut found, mut opened) = (String::new(), None);
        for channel in self.channels()? {
            if let Ok(one) = envelope.open(&channel, boxes) {
                (found, opened) = (channel, Some(one));
            }
        }
        let Some(opened) = opened else {
            self.book.others.entry(day).or_default().insert(id);
            return Ok(None);
        };
        let first = envelope.head.kind == Kind::Report;
        let case = self.book.cases.entry(hex(&opened.mailbox)).or_default();
        if case.items.iter().all(|item| item.id != id) {
            case.items.push(Item { id: id.clone(), day, first: first && case.first().is_none() });
            case.items.sort_by_key(|item| (!item.first, item.day));
        }
        if first {
            (case.channel, case.received) = (found, day);
        } else if case.channel.is_empty() {
            case.channel = found;
        }
        self.envelopes.insert(id, bytes.clone());
        Ok(Some(bytes))
    }

    /// Takes the letter that was answered: whether there was one. What it says is in the book then,
    /// which is to be kept before the next letter is asked for, because that deletes this one.
    ///
    /// # Errors
    /// `malformed`, `locked`, `no_directory`.
    pub fn take_letter(&mut self) -> Res<bool> {
        self.read = [0; 16];
        let news = News::read(&self.line.payload).map_err(Error::code)?;
        let Some((id, bytes)) = news.letter else {
            self.skipped = 0;
            return Ok(false);
        };
        let ring = self.ring()?;
        let (me, directory) = (ring.sign.public(), self.directory()?);
        let open = |channel: String| {
            let letter = Letter::open(&bytes, &ring.boxes, &channel, &me, directory).ok()?;
            Some((channel, letter))
        };
        match self.channels()?.into_iter().find_map(open) {
            Some((channel, letter)) => {
                self.hear(&channel, &letter, &hex(&sha256(&[&bytes])));
                self.read = id;
            }
            // Of somebody whom this directory does not know, or for keys that are destroyed: it
            // stays until its day.
            None => self.skipped = self.skipped.saturating_add(1),
        }
        Ok(true)
    }

    /// What a colleague says becomes a part of the case; what is none of their business does not.
    fn hear(&mut self, channel: &str, letter: &Letter, key: &str) {
        let mailbox = hex(&letter.case);
        let role =
            self.directory.as_ref().and_then(|all| all.person(letter.from)).map(|one| one.role);
        let from = match letter.purpose {
            Purpose::NameGiven | Purpose::NameRefused => Role::Custodian,
            _ => Role::Officer,
        };
        // Each says what is theirs to say: no officer gives a name, no custodian hands a case over.
        if role != Some(from) {
            return;
        }
        let mut event = match letter.purpose {
            Purpose::HandOver => match serde_json::from_slice::<Event>(&letter.text) {
                Ok(event) if event.n <= MOST_PLACE && allowed(event.what) => event,
                _ => return,
            },
            Purpose::NameAsked => return self.asked(channel, letter, &mailbox, key),
            Purpose::NameGiven => {
                self.book.cases.entry(mailbox.clone()).or_default().half = Some(hex(&letter.text));
                self.event(&mailbox, What::NameGiven)
            }
            Purpose::NameRefused => Event {
                text: String::from_utf8_lossy(&letter.text).into_owned(),
                ..self.event(&mailbox, What::NameRefused)
            },
            Purpose::Answer => return,
        };
        // Nobody speaks for somebody else.
        event.by = letter.from;
        let case = self.book.cases.entry(mailbox).or_default();
        if case.events.len() < MOST_EVENTS {
            case.put(event);
        }
    }

    fn asked(&mut self, channel: &str, letter: &Letter, mailbox: &str, key: &str) {
        let Some((half, reason)) = letter.text.split_at_checked(HALF) else { return };
        if self.book.asks.iter().any(|ask| ask.key == key) {
            return;
        }
        self.book.asks.push(NameAsk {
            key: key.into(),
            channel: channel.into(),
            case: mailbox.into(),
            from: letter.from,
            day: self.today,
            half: hex(half),
            reason: String::from_utf8_lossy(reason).into_owned(),
            given: None,
        });
    }
}
