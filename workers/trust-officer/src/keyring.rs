//! Keys of people, made on their own devices: the secret half stays there, encrypted; the public
//! half is a file that travels to the ceremony. The ceremony's commands and the officers' page
//! write the same files.

use serde::{Deserialize, Serialize};
use trust_core::{
    Error, Random,
    day::{self, Day},
    directory::{Epoch, MAX_EPOCH, Person, Role},
    sealed::{BoxKey, BoxSecret},
    sign::Signing,
};
use zeroize::{Zeroize, Zeroizing};

use crate::{
    Res,
    hex::{fixed, hex, unhex},
};

/// Somebody's secrets as they lie in the vault.
#[derive(Serialize, Deserialize)]
pub struct Secrets {
    /// The number in the directory.
    pub id: u16,
    /// `officer` or `custodian`.
    pub role: String,
    /// Name and post.
    pub name: String,
    /// Seed of the signing key.
    pub sign: String,
    /// Box keys by their days.
    pub boxes: Vec<SecretBox>,
}

/// A secret box key.
#[derive(Serialize, Deserialize)]
pub struct SecretBox {
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
    /// Seed.
    pub seed: String,
}

impl Drop for Secrets {
    fn drop(&mut self) {
        self.sign.zeroize();
        self.boxes.iter_mut().for_each(|one| one.seed.zeroize());
    }
}

/// The public half, as it travels.
#[derive(Serialize, Deserialize)]
pub struct Public {
    id: u16,
    role: String,
    name: String,
    sign: String,
    epochs: Vec<PublicEpoch>,
}

#[derive(Serialize, Deserialize)]
struct PublicEpoch {
    from: String,
    until: String,
    #[serde(rename = "box")]
    key: String,
    signature: String,
}

/// The role of a name.
///
/// # Errors
/// What a person can be.
pub fn role(name: &str) -> Res<Role> {
    match name {
        "officer" => Ok(Role::Officer),
        "custodian" => Ok(Role::Custodian),
        _ => Err("a person is an officer or a custodian"),
    }
}

/// The day of a text.
///
/// # Errors
/// That it is none.
pub fn date(text: &str) -> Res<Day> {
    day::parse(text).ok_or("not a day")
}

/// Days of box keys that a directory needs: the current one and two ahead.
const AHEAD: usize = 3;

impl Secrets {
    /// New keys from a day on.
    ///
    /// # Errors
    /// For a role that does not exist; without randomness.
    pub fn new(random: &mut Random<'_>, who: (u16, &str, &str), from: Day) -> Res<Secrets> {
        let (id, role_name, name) = who;
        role(role_name)?;
        let sign = hex(&Signing::new(random).map_err(Error::code)?.seed());
        let (role, name) = (role_name.to_owned(), name.to_owned());
        let mut made = Secrets { id, role, name, sign, boxes: Vec::new() };
        while made.boxes.len() < AHEAD {
            made.next(random, from)?;
        }
        Ok(made)
    }

    /// A further box key: it begins five days before the last one ends, so that a directory that
    /// comes late closes no channel.
    ///
    /// # Errors
    /// Without randomness.
    pub fn next(&mut self, random: &mut Random<'_>, earliest: Day) -> Res<()> {
        let last = self.boxes.iter().map(|one| date(&one.until)).collect::<Res<Vec<_>>>()?;
        let from = last.into_iter().max().map_or(earliest, |day| (day - 5).max(earliest));
        let seed = hex(BoxSecret::new(random).map_err(Error::code)?.seed());
        let (from, until) = (day::text(from), day::text(from + MAX_EPOCH));
        self.boxes.push(SecretBox { from, until, seed });
        Ok(())
    }

    /// Keys until enough reach beyond a day.
    ///
    /// # Errors
    /// Without randomness.
    pub fn up_to(&mut self, random: &mut Random<'_>, today: Day) -> Res<()> {
        let live = |one: &SecretBox| date(&one.until).is_ok_and(|day| day >= today);
        while self.boxes.iter().filter(|one| live(one)).count() < AHEAD {
            self.next(random, today)?;
        }
        Ok(())
    }

    /// From the text of a vault.
    ///
    /// # Errors
    /// If it holds something else.
    pub fn read(text: &[u8]) -> Res<Secrets> {
        serde_json::from_slice(text).map_err(|_| "the vault holds no keys of a person")
    }

    /// The text for a vault.
    ///
    /// # Errors
    /// Cannot happen with what is in it.
    pub fn text(&self) -> Res<Zeroizing<Vec<u8>>> {
        serde_json::to_vec(self).map(Zeroizing::new).map_err(|_| "malformed")
    }

    /// The public half: box keys that are not over.
    ///
    /// # Errors
    /// If the vault holds no keys.
    pub fn public(&self, today: Day) -> Res<Public> {
        let sign = Signing::from_seed(&fixed(&self.sign)?);
        let who = (self.id, role(&self.role)?);
        let mut epochs = Vec::new();
        for one in &self.boxes {
            let days = (date(&one.from)?, date(&one.until)?);
            if days.1 < today {
                continue;
            }
            let key = BoxSecret::from_seed(fixed(&one.seed)?).public().map_err(Error::code)?;
            let epoch = Epoch::new(who, &sign, days, key);
            epochs.push(PublicEpoch {
                from: one.from.clone(),
                until: one.until.clone(),
                key: hex(epoch.key.bytes()),
                signature: hex(&epoch.signature),
            });
        }
        let (role, name) = (self.role.clone(), self.name.clone());
        Ok(Public { id: self.id, role, name, sign: hex(&sign.public()), epochs })
    }
}

impl Secrets {
    /// Destroys box keys that ended by a day: what was sealed for them can be opened by nobody.
    pub fn forget(&mut self, until: Day) {
        self.boxes.retain(|one| date(&one.until).is_ok_and(|day| day > until));
    }

    /// The signing key.
    ///
    /// # Errors
    /// If the vault holds none.
    pub fn signing(&self) -> Res<Signing> {
        Ok(Signing::from_seed(&fixed(&self.sign)?))
    }

    /// The box keys.
    ///
    /// # Errors
    /// If the vault holds none.
    pub fn secrets(&self) -> Res<Vec<BoxSecret>> {
        self.boxes.iter().map(|one| Ok(BoxSecret::from_seed(fixed(&one.seed)?))).collect()
    }
}

impl Public {
    /// For the directory.
    ///
    /// # Errors
    /// If it holds no keys.
    pub fn person(&self) -> Res<Person> {
        let epoch = |one: &PublicEpoch| {
            Ok(Epoch {
                from: date(&one.from)?,
                until: date(&one.until)?,
                key: BoxKey::read(&unhex(&one.key)?).map_err(Error::code)?,
                signature: fixed(&one.signature)?,
            })
        };
        Ok(Person {
            id: self.id,
            role: role(&self.role)?,
            name: self.name.clone(),
            sign: fixed(&self.sign)?,
            epochs: self.epochs.iter().map(epoch).collect::<Res<_>>()?,
        })
    }
}
