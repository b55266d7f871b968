//! One reporter at work. Nothing is kept but in the memory of this value.

mod number;
mod send;

use trust_core::{
    Error, Random,
    day::Day,
    directory::{Channel, Directory},
    file::{File, SealedFile},
    identity::Identity,
    keys::ReporterKeys,
    letter::{self, Letter},
    note,
    receipt::Receipt,
    report::{Answer, Content, Draft, Kind as Kinds, Lang},
    symmetric::sha256,
    wire::{Line, News, Parts},
};

/// A stable word for what went wrong: the key of a text.
pub type Word = &'static str;
/// Done, or the word.
pub type Res<T> = Result<T, Word>;

/// The answer that says who can read: no question of the page, but a part of what is sealed.
const READERS: &str = "readers";
/// Most letters of a mailbox that are read: a bound for a worker that lies.
const MOST_LETTERS: u16 = 200;

/// What is asked for next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// A part of the directory.
    Directory(u16),
    /// Handing in the next chunk of an attachment.
    Chunk,
    /// Handing in what was sealed.
    Submit,
    /// A page of the mailbox.
    Poll(u16),
    /// The mailbox without the letter of this place: it is deleted.
    Drop(u16),
}

/// What the page says to begin with.
pub struct Setting {
    /// The root key.
    pub root: [u8; 32],
    /// The lowest version of a directory that is good.
    pub floor: u32,
    /// Today.
    pub today: Day,
    /// SHA-256 of the questionnaire that the page asks.
    pub questions: [u8; 32],
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
    /// Its number on the server.
    pub id: [u8; 16],
}

/// The reporter at work.
pub struct Desk {
    setting: Setting,
    line: Line,
    parts: Parts,
    directory: Option<Directory>,
    receipt: Option<Receipt>,
    keys: Option<(String, ReporterKeys)>,
    /// Keys of channels that were looked into before.
    tried: Vec<(String, ReporterKeys)>,
    envelope: Vec<u8>,
    files: Vec<File>,
    outgoing: Vec<SealedFile>,
    /// The attachment and its chunk that are next.
    sent: (usize, u32),
    letters: Vec<Shown>,
    /// The place and the hash of the last letter that was seen, be it deleted since.
    last: Option<(u32, [u8; 32])>,
    news: News,
    readers: Vec<u16>,
    note: Option<[u8; note::SIZE]>,
}

impl Desk {
    /// With the page's settings.
    pub fn new(setting: Setting) -> Desk {
        Desk {
            setting,
            line: Line::default(),
            parts: Parts::default(),
            directory: None,
            receipt: None,
            keys: None,
            tried: Vec::new(),
            envelope: Vec::new(),
            files: Vec::new(),
            outgoing: Vec::new(),
            sent: (0, 0),
            letters: Vec::new(),
            last: None,
            news: News::default(),
            readers: Vec::new(),
            note: None,
        }
    }

    /// Takes the part of the directory that was answered; true once all of it is here and good.
    ///
    /// # Errors
    /// Why this directory must not be used.
    pub fn take_directory(&mut self) -> Res<bool> {
        let Some(file) = self.parts.take(&self.line.payload).map_err(Error::code)? else {
            return Ok(false);
        };
        let Setting { root, today, floor, questions } = &self.setting;
        let directory = Directory::open(file, root, *today, *floor).map_err(Error::code)?;
        // Nobody but the oversight body says what is asked.
        if !directory.questions.contains(questions) {
            return Err("questions");
        }
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

    /// Officers of a channel, number and name.
    ///
    /// # Errors
    /// As the directory says.
    pub fn people(&self, channel: &str) -> Res<Vec<(u16, String)>> {
        let channel = self.channel(channel)?;
        Ok(channel.officers.iter().map(|(one, _)| (one.id, one.name.clone())).collect())
    }

    /// Names of the custodians of a channel: the body that watches over its officers, and with whom a
    /// name may be left. Nobody where there are none.
    ///
    /// # Errors
    /// As the directory says.
    pub fn overseers(&self, channel: &str) -> Res<Vec<String>> {
        let channel = self.channel(channel)?;
        Ok(channel.custodians.iter().map(|(one, _)| one.name.clone()).collect())
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
        let (seq, prev) = match (said.follow, self.last) {
            (false, _) => (0, [0; 32]),
            (true, None) => (1, [0; 32]),
            (true, Some((seq, hash))) => (seq.saturating_add(1), hash),
        };
        let ids = channel.officers.iter().map(|(one, _)| one.id);
        let readers: Vec<u16> = ids.filter(|id| !said.excluded.contains(id)).collect();
        let mut answers = said.answers.clone();
        // Those who can read must know with whom they may speak of it.
        let values = readers.iter().map(u16::to_string).collect();
        answers.push(Answer { question: READERS.into(), values });
        let content = Content {
            seq,
            prev,
            day: self.setting.today,
            lang: said.lang,
            questionnaire: said.questionnaire,
            answers,
            identity,
        };
        let kind = if said.follow { Kinds::FollowUp } else { Kinds::Report };
        let mut draft = Draft::new(random, kind).map_err(Error::code)?;
        let files = self.files.iter().map(|file| draft.attach(random, file));
        let outgoing = files.collect::<Result<_, _>>().map_err(Error::code)?;
        let sealed =
            draft.seal(random, &channel, said.excluded, keys, &content).map_err(Error::code)?;
        self.note = Some(note::seal(random, keys, said.channel, &readers).map_err(Error::code)?);
        self.envelope = sealed;
        (self.outgoing, self.sent) = (outgoing, (0, 0));
        Ok(())
    }

    /// Takes the page of the mailbox that was answered; true if there is another one.
    ///
    /// # Errors
    /// `malformed`. A letter that nobody of the directory wrote is left out.
    pub fn take_news(&mut self, page: u16) -> Res<bool> {
        let news = News::read(&self.line.payload).map_err(Error::code)?;
        let (channel, keys) = self.keys.as_ref().ok_or("nothing")?;
        let directory = self.directory.as_ref().ok_or("no_directory")?;
        if page == 0 {
            self.letters.clear();
            // Without a note that this reporter sealed, nobody is known to be trusted.
            let note = news.note.as_ref();
            self.readers =
                note.and_then(|note| note::open(keys, channel, note).ok()).unwrap_or_default();
        }
        let more = news.letter.is_some();
        if let Some((id, bytes)) = &news.letter {
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
                    id: *id,
                });
                self.letters.sort_by_key(|one| one.seq);
            }
            let newest = self.letters.last().map(|one| (one.seq, one.hash));
            self.last =
                newest.filter(|new| self.last.is_none_or(|old| old.0 <= new.0)).or(self.last);
        }
        self.news = News { letter: None, ..news };
        Ok(more && page < MOST_LETTERS)
    }

    /// Letters by their place in the dialogue.
    pub fn letters(&self) -> &[Shown] {
        &self.letters
    }

    /// Who can read the report, as its writer decided; nobody if that is not known.
    pub fn readers(&self) -> &[u16] {
        &self.readers
    }

    /// Officers can see the report; receipt was confirmed; the case is closed.
    pub fn state(&self) -> [bool; 3] {
        [self.news.released, self.news.confirmed, self.news.closed]
    }
}
