//! One reporter at work. Nothing is kept but in the memory of this value.

use trust_core::{
    Error, Random,
    day::Day,
    directory::{Channel, Directory},
    identity::Identity,
    keys::ReporterKeys,
    letter::{self, Letter},
    receipt::{Receipt, Wrong},
    report::{Answer, Content, Draft, Kind as Kinds, Lang},
    symmetric::sha256,
    wire::{self, Frame, Kind, News, Once, Status, ask},
    work,
};
use zeroize::Zeroizing;

/// A stable word for what went wrong: the key of a text.
pub type Word = &'static str;
/// Done, or the word.
pub type Res<T> = Result<T, Word>;

/// Most letters of a mailbox that are read: a bound for a worker that lies.
const MOST_LETTERS: u16 = 200;

/// What is asked for next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// A part of the directory.
    Directory(u16),
    /// Handing in what was sealed.
    Submit,
    /// A page of the mailbox.
    Poll(u16),
}

/// What the page says to begin with.
pub struct Setting {
    /// The root key.
    pub root: [u8; 32],
    /// The lowest version of a directory that is good.
    pub floor: u32,
    /// Today.
    pub today: Day,
}

/// What is sealed.
pub struct Said<'a> {
    /// The channel.
    pub channel: &'a str,
    /// Numbers of people who must not read it.
    pub excluded: &'a [u16],
    /// The language of the answer.
    pub lang: Lang,
    /// SHA-256 of the questionnaire.
    pub questionnaire: [u8; 32],
    /// The answers.
    pub answers: Vec<Answer>,
    /// A name, for the custodians to keep; empty for none.
    pub name: &'a str,
    /// Whether it adds to a report that is there.
    pub follow: bool,
}

/// A letter as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its place in the dialogue.
    pub seq: u32,
    /// Who wrote it.
    pub from: String,
    /// The state of the case.
    pub status: String,
    /// What it says.
    pub text: String,
    /// Whether nothing between it and the letter before is missing or changed; the reporter's own
    /// messages are not here to be compared, so this only tells of letters that follow each other.
    pub hash: [u8; 32],
}

/// The reporter at work.
pub struct Desk {
    setting: Setting,
    file: Vec<u8>,
    whole: Option<usize>,
    directory: Option<Directory>,
    receipt: Option<Receipt>,
    keys: Option<(String, ReporterKeys)>,
    envelope: Vec<u8>,
    under_way: Option<(Kind, [u8; 32], Option<Frame>, u64)>,
    challenge: Option<[u8; 32]>,
    payload: Zeroizing<Vec<u8>>,
    letters: Vec<Shown>,
    news: News,
}

impl Desk {
    /// With the page's settings.
    pub fn new(setting: Setting) -> Desk {
        Desk {
            setting,
            file: Vec::new(),
            whole: None,
            directory: None,
            receipt: None,
            keys: None,
            envelope: Vec::new(),
            under_way: None,
            challenge: None,
            payload: Zeroizing::default(),
            letters: Vec::new(),
            news: News::default(),
        }
    }

    /// The bytes that ask for a challenge.
    ///
    /// # Errors
    /// `randomness`.
    pub fn ask_challenge(&mut self, random: &mut Random<'_>) -> Res<Vec<u8>> {
        let reply = random.bytes().map_err(Error::code)?;
        self.challenge = None;
        self.under_way = Some((Kind::Challenge, reply, None, 0));
        Ok(ask::challenge(reply).bytes([0; work::NONCE]))
    }

    /// Makes the request for something; work it off with [`Desk::work`].
    ///
    /// # Errors
    /// `challenge` without one, `nothing` if there is nothing to send, `randomness`.
    pub fn request(&mut self, random: &mut Random<'_>, want: Want) -> Res<()> {
        let challenge = self.challenge.take().ok_or("challenge")?;
        let reply = random.bytes().map_err(Error::code)?;
        let once = Once { reply, challenge };
        let keys = || self.keys.as_ref().map(|(_, keys)| keys).ok_or("nothing");
        let (kind, frame) = match want {
            Want::Directory(part) => (Kind::Directory, once.directory(part)),
            Want::Submit if self.envelope.is_empty() => return Err("nothing"),
            Want::Submit => (Kind::Submit, once.submit(&keys()?.auth, &self.envelope)),
            Want::Poll(page) => (Kind::Poll, once.poll(&keys()?.auth, page, &[0; 16])),
        };
        self.under_way = Some((kind, reply, Some(frame), 0));
        Ok(())
    }

    /// Works for a while: the bytes of the request once it is done.
    ///
    /// # Errors
    /// `nothing` without a request.
    pub fn work(&mut self, tries: u64) -> Res<Option<Vec<u8>>> {
        let (.., frame, from) = self.under_way.as_mut().ok_or("nothing")?;
        let (task, bits) = frame.as_ref().ok_or("nothing")?.task();
        let found = work::search(&task, bits, *from, tries);
        *from = from.saturating_add(tries);
        Ok(found.and_then(|nonce| frame.take().map(|frame| frame.bytes(nonce))))
    }

    /// Reads the answer to what was sent last.
    ///
    /// # Errors
    /// `refused` for an answer that is none of ours: of a mailbox that does not exist, or of
    /// somebody in between.
    pub fn answer(&mut self, bytes: &[u8]) -> Res<Status> {
        let (kind, reply, ..) = self.under_way.take().ok_or("nothing")?;
        let (status, payload) = wire::open(kind, &reply, bytes).map_err(Error::code)?;
        if kind == Kind::Challenge && status == Status::Done {
            self.challenge = Some(payload[..].try_into().map_err(|_| "malformed")?);
        }
        self.payload = payload;
        Ok(status)
    }

    /// Takes the part of the directory that was answered; true once all of it is here and good.
    ///
    /// # Errors
    /// Why this directory must not be used.
    pub fn take_directory(&mut self) -> Res<bool> {
        let (length, part) = self.payload.split_first_chunk::<4>().ok_or("malformed")?;
        let whole = u32::from_be_bytes(*length) as usize;
        if whole > trust_core::directory::MAX_BYTES || self.whole.is_some_and(|have| have != whole)
        {
            return Err("malformed");
        }
        self.whole = Some(whole);
        self.file.extend_from_slice(part);
        if self.file.len() < whole {
            return if part.is_empty() { Err("malformed") } else { Ok(false) };
        }
        self.file.truncate(whole);
        let Setting { root, today, floor } = &self.setting;
        let directory = Directory::open(&self.file, root, *today, *floor).map_err(Error::code)?;
        if self.open_channels(&directory).is_empty() {
            return Err(Error::TooFewOfficers.code());
        }
        self.directory = Some(directory);
        Ok(true)
    }

    fn open_channels(&self, directory: &Directory) -> Vec<String> {
        let good = |name: &String| directory.channel(name, self.setting.today).is_ok();
        directory.channels.iter().map(|one| one.name.clone()).filter(good).collect()
    }

    /// Whether the directory is one of a demonstration.
    pub fn demo(&self) -> bool {
        self.directory.as_ref().is_some_and(|directory| directory.demo)
    }

    /// Names of the channels that are open.
    pub fn channels(&self) -> Vec<String> {
        self.directory.as_ref().map(|have| self.open_channels(have)).unwrap_or_default()
    }

    fn channel(&self, name: &str) -> Res<Channel<'_>> {
        let directory = self.directory.as_ref().ok_or("no_directory")?;
        directory.channel(name, self.setting.today).map_err(Error::code)
    }

    /// Officers of a channel, number and name, and whether a name may be left with a custodian.
    ///
    /// # Errors
    /// As the directory says.
    pub fn people(&self, channel: &str) -> Res<(Vec<(u16, String)>, bool)> {
        let channel = self.channel(channel)?;
        let officers = channel.officers.iter().map(|(one, _)| (one.id, one.name.clone()));
        Ok((officers.collect(), !channel.custodians.is_empty()))
    }

    /// A new receipt, as it is shown: once.
    ///
    /// # Errors
    /// `randomness`.
    pub fn receipt(&mut self, random: &mut Random<'_>) -> Res<Zeroizing<String>> {
        let receipt = Receipt::new(random).map_err(Error::code)?;
        let shown = Zeroizing::new(receipt.shown());
        self.receipt = Some(receipt);
        Ok(shown)
    }

    /// Takes a receipt that was typed.
    ///
    /// # Errors
    /// `letter`, `length`, `check`.
    pub fn enter(&mut self, text: &str) -> Res<()> {
        self.receipt = Some(Receipt::parse(text).map_err(|wrong| match wrong {
            Wrong::Letter => "letter",
            Wrong::Length(_) => "length",
            Wrong::Check => "check",
        })?);
        Ok(())
    }

    /// Derives the keys: a moment, 19 MiB. The receipt itself is forgotten.
    ///
    /// # Errors
    /// `memory`; `nothing` without a receipt.
    pub fn derive(&mut self, channel: &str) -> Res<()> {
        let receipt = self.receipt.take().ok_or("nothing")?;
        let keys = ReporterKeys::derive(&receipt, channel);
        if keys.is_err() {
            // Another attempt may find the memory.
            self.receipt = Some(receipt);
        }
        self.keys = Some((channel.to_owned(), keys.map_err(Error::code)?));
        Ok(())
    }

    /// Seals. What is sealed can be handed in as often as needed: it is one report.
    ///
    /// # Errors
    /// `nobody_left`, `too_large`, `no_custodian`, `expired` … : nothing may be sent then.
    pub fn seal(&mut self, random: &mut Random<'_>, said: &Said<'_>) -> Res<()> {
        self.envelope.clear();
        let channel = self.channel(said.channel)?;
        let keys = match &self.keys {
            Some((name, keys)) if name == said.channel => keys,
            _ => return Err("nothing"),
        };
        let identity = match said.name.trim() {
            "" => None,
            name => {
                Some(Identity::seal(random, &channel, &keys.mailbox(), name).map_err(Error::code)?)
            }
        };
        let (seq, prev) = match (said.follow, self.letters.last()) {
            (false, _) => (0, [0; 32]),
            (true, None) => (1, [0; 32]),
            (true, Some(last)) => (last.seq.saturating_add(1), last.hash),
        };
        let content = Content {
            seq,
            prev,
            day: self.setting.today,
            lang: said.lang,
            questionnaire: said.questionnaire,
            answers: said.answers.clone(),
            identity,
        };
        let kind = if said.follow { Kinds::FollowUp } else { Kinds::Report };
        let draft = Draft::new(random, kind).map_err(Error::code)?;
        let sealed =
            draft.seal(random, &channel, said.excluded, keys, &content).map_err(Error::code)?;
        self.envelope = sealed;
        Ok(())
    }

    /// Takes the page of the mailbox that was answered; true if there is another one.
    ///
    /// # Errors
    /// `malformed`. A letter that nobody of the directory wrote is left out.
    pub fn take_news(&mut self, page: u16) -> Res<bool> {
        let news = News::read(&self.payload).map_err(Error::code)?;
        let (channel, keys) = self.keys.as_ref().ok_or("nothing")?;
        let directory = self.directory.as_ref().ok_or("no_directory")?;
        if page == 0 {
            self.letters.clear();
        }
        let more = news.letter.is_some();
        if let Some((_, bytes)) = &news.letter {
            let secrets = [keys.letters.clone()];
            if let Ok(one) = Letter::open(bytes, &secrets, channel, &keys.mailbox(), directory)
                && one.purpose == letter::Purpose::Answer
            {
                let from = directory.person(one.from).map(|person| person.name.clone());
                self.letters.push(Shown {
                    seq: one.seq,
                    from: from.unwrap_or_default(),
                    status: one.status.clone(),
                    text: String::from_utf8_lossy(&one.text).into_owned(),
                    hash: sha256(&[bytes]),
                });
                self.letters.sort_by_key(|one| one.seq);
            }
        }
        self.news = News { letter: None, ..news };
        Ok(more && page < MOST_LETTERS)
    }

    /// Letters by their place in the dialogue.
    pub fn letters(&self) -> &[Shown] {
        &self.letters
    }

    /// Officers can see the report; receipt was confirmed; the case is closed.
    pub fn state(&self) -> [bool; 3] {
        [self.news.released, self.news.confirmed, self.news.closed]
    }
}
