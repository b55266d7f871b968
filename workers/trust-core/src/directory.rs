//! The directory of keys: who reads the reports of which channel. One file, signed by the root
//! key of the oversight body; the root's public half is compiled into the pages.
//!
//! A page seals nothing unless [`Directory::open`] and [`Directory::channel`] agree: a wrong
//! root, a stale, rolled-back or altered file and a channel with too few officers all stop it.

mod wire;

use crate::{
    Error, MAX_CHANNEL,
    day::Day,
    sealed::BoxKey,
    sign::{KEY, SIGNATURE, Signing, What, check},
};

/// Slots of a report: so many officers at most read a channel.
pub const SLOTS: usize = 8;
/// Fewest officers of a channel that is open.
pub const FEWEST: usize = 2;
/// Most custodians of a channel.
pub const CUSTODIANS: usize = 3;
/// Most days between issuing a directory and its last day.
pub const MAX_DAYS: Day = 40;
/// Most days that a box key is valid.
pub const MAX_EPOCH: Day = 35;
/// Most bytes of a directory file.
pub const MAX_BYTES: usize = 1024 * 1024;
/// Most people and most channels in a directory.
const MAX_ENTRIES: usize = 1024;
/// Most box keys of a person: the current one and two ahead, and one that has just ended.
const MAX_EPOCHS: usize = 4;
/// Most questionnaires: the one that is asked, the next one, and some old ones.
const MAX_QUESTIONS: usize = 8;
/// Most bytes of a person's name.
const MAX_NAME: usize = 200;

/// What a person in the directory does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Reads reports.
    Officer = 0,
    /// Holds the second half of identities.
    Custodian = 1,
}

/// A box key of some days, signed by its holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Epoch {
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
    /// The key.
    pub key: BoxKey,
    /// The holder's signature over number, role, days and key.
    pub signature: [u8; SIGNATURE],
}

impl Epoch {
    /// A box key signed by its holder.
    pub fn new(person: (u16, Role), holder: &Signing, days: (Day, Day), key: BoxKey) -> Epoch {
        let message = Epoch::message(person, days, &key);
        let signature = holder.sign(What::Epoch, &message);
        Epoch { from: days.0, until: days.1, key, signature }
    }

    fn message((id, role): (u16, Role), (from, until): (Day, Day), key: &BoxKey) -> Vec<u8> {
        let mut out = id.to_be_bytes().to_vec();
        out.push(role as u8);
        out.extend_from_slice(&from.to_be_bytes());
        out.extend_from_slice(&until.to_be_bytes());
        out.extend_from_slice(key.bytes());
        out
    }
}

/// An officer or a custodian.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The number that letters and channels name; never given to somebody else.
    pub id: u16,
    /// What the person does.
    pub role: Role,
    /// Name and post, as the reporter sees them when excluding a person.
    pub name: String,
    /// The signing key.
    pub sign: [u8; KEY],
    /// Box keys; none for somebody who has left but whose letters must stay readable.
    pub epochs: Vec<Epoch>,
}

impl Person {
    /// The key to seal for on a day: of those valid the newest.
    pub fn key(&self, today: Day) -> Option<&BoxKey> {
        self.epochs
            .iter()
            .filter(|epoch| epoch.from <= today && today <= epoch.until)
            .max_by_key(|epoch| epoch.from)
            .map(|epoch| &epoch.key)
    }
}

/// A channel and who reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelEntry {
    /// Its name: small latin letters, digits, dashes.
    pub name: String,
    /// Numbers of its officers.
    pub officers: Vec<u16>,
    /// Numbers of its custodians.
    pub custodians: Vec<u16>,
}

/// A directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directory {
    /// Grows with each edition.
    pub version: u32,
    /// The day on which it was signed.
    pub issued: Day,
    /// The last day on which a page may seal by it.
    pub not_after: Day,
    /// Whether its keys are those of a demonstration, which a page must say.
    pub demo: bool,
    /// Officers and custodians by number.
    pub people: Vec<Person>,
    /// Channels by name.
    pub channels: Vec<ChannelEntry>,
    /// SHA-256 of the questionnaires that pages may ask, in rising order; a page with any other
    /// must take no report.
    pub questions: Vec<[u8; 32]>,
}

/// A channel that may be used today.
#[derive(Clone, Debug)]
pub struct Channel<'a> {
    /// Its name.
    pub name: &'a str,
    /// The directory's version.
    pub version: u32,
    /// Officers with the key for today, by number.
    pub officers: Vec<(&'a Person, &'a BoxKey)>,
    /// Custodians with the key for today.
    pub custodians: Vec<(&'a Person, &'a BoxKey)>,
}

impl Directory {
    /// Opens a file for use on a day.
    ///
    /// `floor` is the lowest version that is good: the one compiled into the page, or the newest
    /// seen.
    ///
    /// # Errors
    /// [`Error::Signature`] for a wrong root or an epoch that its holder did not sign,
    /// [`Error::Malformed`], [`Error::RolledBack`], [`Error::Expired`].
    pub fn open(file: &[u8], root: &[u8; KEY], today: Day, floor: u32) -> Result<Directory, Error> {
        let directory = Directory::verify(file, root)?;
        if directory.version < floor {
            return Err(Error::RolledBack);
        }
        // A clock that is a day behind must not shut out its owner.
        if today > directory.not_after || today.saturating_add(1) < directory.issued {
            return Err(Error::Expired);
        }
        Ok(directory)
    }

    /// Checks signatures and shape, but not the day: for the worker and for reading old letters.
    ///
    /// # Errors
    /// As [`Directory::open`].
    pub fn verify(file: &[u8], root: &[u8; KEY]) -> Result<Directory, Error> {
        if file.len() > MAX_BYTES {
            return Err(Error::TooLarge);
        }
        let (signature, content) = file.split_first_chunk::<SIGNATURE>().ok_or(Error::Malformed)?;
        check(root, What::Directory, content, signature)?;
        let directory = wire::read(content)?;
        directory.consistent()?;
        Ok(directory)
    }

    /// The file of a directory, signed by the root.
    ///
    /// # Errors
    /// [`Error::Malformed`] or [`Error::Signature`] if it would not be accepted,
    /// [`Error::TooFewOfficers`] if a channel could not be used on the day of issue.
    pub fn sign(&self, root: &Signing) -> Result<Vec<u8>, Error> {
        self.consistent()?;
        for channel in &self.channels {
            self.channel(&channel.name, self.issued)?;
        }
        let content = wire::write(self);
        let mut file = root.sign(What::Directory, &content).to_vec();
        file.extend_from_slice(&content);
        if file.len() > MAX_BYTES { Err(Error::TooLarge) } else { Ok(file) }
    }

    /// The person of a number.
    pub fn person(&self, id: u16) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    /// A channel, if it may be used today.
    ///
    /// # Errors
    /// [`Error::UnknownChannel`], [`Error::TooFewOfficers`].
    pub fn channel(&self, name: &str, today: Day) -> Result<Channel<'_>, Error> {
        let entry =
            self.channels.iter().find(|entry| entry.name == name).ok_or(Error::UnknownChannel)?;
        let with_key = |ids: &[u16]| -> Vec<(&Person, &BoxKey)> {
            let people = ids.iter().filter_map(|id| self.person(*id));
            people.filter_map(|person| person.key(today).map(|key| (person, key))).collect()
        };
        let officers = with_key(&entry.officers);
        if officers.len() < FEWEST {
            return Err(Error::TooFewOfficers);
        }
        let custodians = with_key(&entry.custodians);
        Ok(Channel { name: &entry.name, version: self.version, officers, custodians })
    }

    /// What a signature alone does not say.
    fn consistent(&self) -> Result<(), Error> {
        let good = self.not_after >= self.issued
            && self.not_after - self.issued <= MAX_DAYS
            && self.people.len() <= MAX_ENTRIES
            && self.channels.len() <= MAX_ENTRIES
            && self.questions.len() <= MAX_QUESTIONS
            && self.questions.windows(2).all(|two| two[0] < two[1])
            && self.people.windows(2).all(|two| two[0].id < two[1].id)
            && self.channels.windows(2).all(|two| two[0].name < two[1].name);
        if !good {
            return Err(Error::Malformed);
        }
        // Two numbers with one key would be one person in two slots.
        let mut keys: Vec<&[u8]> = self.people.iter().map(|person| &person.sign[..]).collect();
        keys.extend(self.people.iter().flat_map(|p| &p.epochs).map(|epoch| epoch.key.bytes()));
        keys.sort_unstable();
        if keys.windows(2).any(|two| two[0] == two[1]) {
            return Err(Error::Malformed);
        }
        self.people.iter().try_for_each(person)?;
        self.channels.iter().try_for_each(|channel| self.channel_consistent(channel))
    }

    fn channel_consistent(&self, channel: &ChannelEntry) -> Result<(), Error> {
        let ascending = |ids: &[u16]| ids.windows(2).all(|two| two[0] < two[1]);
        let have = |ids: &[u16], role: Role| {
            ids.iter().all(|id| self.person(*id).is_some_and(|person| person.role == role))
        };
        let good = channel_name(&channel.name)
            && channel.officers.len() <= SLOTS
            && channel.custodians.len() <= CUSTODIANS
            && ascending(&channel.officers)
            && ascending(&channel.custodians)
            && have(&channel.officers, Role::Officer)
            && have(&channel.custodians, Role::Custodian);
        if good { Ok(()) } else { Err(Error::Malformed) }
    }
}

fn person(person: &Person) -> Result<(), Error> {
    if person.epochs.len() > MAX_EPOCHS || person.name.is_empty() || person.name.len() > MAX_NAME {
        return Err(Error::Malformed);
    }
    for epoch in &person.epochs {
        if epoch.until < epoch.from || epoch.until - epoch.from > MAX_EPOCH {
            return Err(Error::Malformed);
        }
        let days = (epoch.from, epoch.until);
        let message = Epoch::message((person.id, person.role), days, &epoch.key);
        check(&person.sign, What::Epoch, &message, &epoch.signature)?;
    }
    Ok(())
}

fn channel_name(name: &str) -> bool {
    let letters = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !name.is_empty() && name.len() <= MAX_CHANNEL && name.bytes().all(letters)
}
