//! Keys of people, made on their own devices: the secret half stays there, encrypted; the public
//! half is a file that travels to the ceremony.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use trust_core::{
    Random,
    day::{self, Day},
    directory::{Epoch, MAX_EPOCH, Person, Role},
    sealed::{BoxKey, BoxSecret},
    sign::Signing,
};
use zeroize::{Zeroize, Zeroizing};

use crate::{Res, Words, fixed, hex, read_text, replace, said, unhex, write_new};

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

fn role(name: &str) -> Res<Role> {
    match name {
        "officer" => Ok(Role::Officer),
        "custodian" => Ok(Role::Custodian),
        other => Err(format!("{other}: a person is an officer or a custodian")),
    }
}

fn date(text: &str) -> Res<Day> {
    day::parse(text).ok_or(format!("{text}: not a day"))
}

/// Days of box keys that a directory needs: the current one and two ahead.
const AHEAD: usize = 3;

impl Secrets {
    /// New keys from a day on.
    pub fn new(random: &mut Random<'_>, who: (u16, &str, &str), from: Day) -> Res<Secrets> {
        let (id, role_name, name) = who;
        role(role_name)?;
        let sign = hex(&Signing::new(random).map_err(said)?.seed());
        let (role, name) = (role_name.to_owned(), name.to_owned());
        let mut made = Secrets { id, role, name, sign, boxes: Vec::new() };
        while made.boxes.len() < AHEAD {
            made.next(random, from)?;
        }
        Ok(made)
    }

    /// A further box key: it begins five days before the last one ends, so that a directory that
    /// comes late closes no channel.
    pub fn next(&mut self, random: &mut Random<'_>, earliest: Day) -> Res<()> {
        let last = self.boxes.iter().map(|one| date(&one.until)).collect::<Res<Vec<_>>>()?;
        let from = last.into_iter().max().map_or(earliest, |day| (day - 5).max(earliest));
        let seed = hex(BoxSecret::new(random).map_err(said)?.seed());
        let (from, until) = (day::text(from), day::text(from + MAX_EPOCH));
        self.boxes.push(SecretBox { from, until, seed });
        Ok(())
    }

    /// Keys until enough reach beyond a day.
    pub fn up_to(&mut self, random: &mut Random<'_>, today: Day) -> Res<()> {
        let live = |one: &SecretBox| date(&one.until).is_ok_and(|day| day >= today);
        while self.boxes.iter().filter(|one| live(one)).count() < AHEAD {
            self.next(random, today)?;
        }
        Ok(())
    }

    /// From the text of a vault.
    pub fn read(text: &[u8]) -> Res<Secrets> {
        serde_json::from_slice(text).map_err(|_| "the vault holds no keys of a person".into())
    }

    /// The text for a vault.
    pub fn text(&self) -> Res<Zeroizing<Vec<u8>>> {
        serde_json::to_vec(self).map(Zeroizing::new).map_err(|error| error.to_string())
    }

    /// The public half: box keys that are not over.
    pub fn public(&self, today: Day) -> Res<Public> {
        let sign = Signing::from_seed(&fixed(&self.sign)?);
        let who = (self.id, role(&self.role)?);
        let mut epochs = Vec::new();
        for one in &self.boxes {
            let days = (date(&one.from)?, date(&one.until)?);
            if days.1 < today {
                continue;
            }
            let key = BoxSecret::from_seed(fixed(&one.seed)?).public().map_err(said)?;
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

impl Public {
    /// From a file.
    pub fn read(file: &Path) -> Res<Public> {
        let text = read_text(file)?;
        serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))
    }

    /// For the directory.
    pub fn person(&self) -> Res<Person> {
        let epoch = |one: &PublicEpoch| {
            Ok(Epoch {
                from: date(&one.from)?,
                until: date(&one.until)?,
                key: BoxKey::read(&unhex(&one.key)?).map_err(said)?,
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

/// The file beside a vault that travels.
fn beside(vault: &Path) -> PathBuf {
    vault.with_extension("public.json")
}

fn put_public(vault: &Path, secrets: &Secrets, today: Day) -> Res<()> {
    let text = serde_json::to_string_pretty(&secrets.public(today)?).map_err(|e| e.to_string())?;
    let file = beside(vault);
    replace(&file, text.as_bytes())?;
    println!("{} goes to the ceremony; {} never leaves", file.display(), vault.display());
    Ok(())
}

/// `root FILE`.
pub fn root(random: &mut Random<'_>, words: &Words) -> Res<()> {
    let file = Path::new(words.at(1, "the file")?);
    let root = Signing::new(random).map_err(said)?;
    words.keep(random, file, &root.seed())?;
    println!("ROOT = \"{}\"", hex(&root.public()));
    Ok(())
}

/// `person FILE --role … --id … --name … --today …`.
pub fn person(random: &mut Random<'_>, words: &Words) -> Res<()> {
    let file = Path::new(words.at(1, "the file")?);
    let id = words.need("id")?.parse().map_err(|_| "--id: a number of 0 to 65535")?;
    let today = words.day("today")?;
    let who = (id, words.need("role")?, words.need("name")?);
    let secrets = Secrets::new(random, who, today)?;
    words.keep(random, file, &secrets.text()?)?;
    put_public(file, &secrets, today)
}

/// `month FILE --today …`: box keys until there are two ahead.
pub fn month(random: &mut Random<'_>, words: &Words) -> Res<()> {
    change(random, words, |random, secrets, today| secrets.up_to(random, today))
}

/// `forget FILE --until DAY --today …`: destroys box keys that ended by a day. What was sealed for
/// them can never be opened again, in no copy.
pub fn forget(random: &mut Random<'_>, words: &Words) -> Res<()> {
    let until = words.day("until")?;
    change(random, words, |_, secrets, today| {
        if until >= today {
            return Err("only keys of days that are over are forgotten".into());
        }
        secrets.boxes.retain(|one| date(&one.until).is_ok_and(|day| day > until));
        Ok(())
    })
}

fn change(
    random: &mut Random<'_>,
    words: &Words,
    work: impl FnOnce(&mut Random<'_>, &mut Secrets, Day) -> Res<()>,
) -> Res<()> {
    let file = Path::new(words.at(1, "the file")?);
    let today = words.day("today")?;
    let passphrase = words.passphrase()?;
    let mut secrets = Secrets::read(&crate::open_vault(file, &passphrase)?)?;
    work(random, &mut secrets, today)?;
    let sealed = trust_core::vault::seal(random, &passphrase, &secrets.text()?).map_err(said)?;
    replace(file, &sealed)?;
    put_public(file, &secrets, today)
}

/// Writes a vault under a passphrase that is known: for the demonstration.
pub fn put_vault(
    random: &mut Random<'_>,
    file: &Path,
    passphrase: &str,
    text: &[u8],
    new: bool,
) -> Res<()> {
    let sealed = trust_core::vault::seal(random, passphrase, text).map_err(said)?;
    if new { write_new(file, &sealed) } else { replace(file, &sealed) }
}
