//! Keys: made, unlocked, kept, renewed, destroyed; and the book that is sealed under them.

use trust_core::{
    Error, Random,
    symmetric::{NONCE, decrypt, derive, encrypt},
    vault,
};
use zeroize::Zeroizing;

use super::{Console, Ring};
use crate::{
    Res,
    book::{Book, Item},
    keyring::{Secrets, date},
};

/// Fewest letters of a passphrase.
pub const PASSPHRASE: usize = 12;
/// What a sealed book is bound to.
const BOOK: &[u8] = b"TRUST-1|book|";

impl Console {
    /// New keys. They are worth something once the ceremony has signed their public half.
    ///
    /// # Errors
    /// For a role or a name that a directory would not take, `randomness`.
    pub fn create(&mut self, random: &mut Random<'_>, who: (u16, &str, &str)) -> Res<()> {
        if who.2.trim().is_empty() || who.2.len() > 200 {
            return Err("name");
        }
        self.ring = Some(Ring::new(Secrets::new(random, who, self.today)?)?);
        self.book = Book::default();
        Ok(())
    }

    /// The keys under a passphrase, as they are kept and carried.
    ///
    /// # Errors
    /// `passphrase` if it is too short, `memory`, `randomness`.
    pub fn vault(&self, random: &mut Random<'_>, passphrase: &str) -> Res<Vec<u8>> {
        if passphrase.chars().count() < PASSPHRASE {
            return Err("passphrase");
        }
        vault::seal(random, passphrase, &self.ring()?.secrets.text()?).map_err(Error::code)
    }

    /// Unlocks keys.
    ///
    /// # Errors
    /// `refused` for a wrong passphrase, `memory`, `no_keys` if it holds something else.
    pub fn unlock(&mut self, passphrase: &str, bytes: &[u8]) -> Res<()> {
        let text = vault::open(passphrase, bytes).map_err(Error::code)?;
        let secrets = Secrets::read(&text).map_err(|_| "no_keys")?;
        self.ring = Some(Ring::new(secrets).map_err(|_| "no_keys")?);
        Ok(())
    }

    /// The public half, for the ceremony.
    ///
    /// # Errors
    /// `locked`.
    pub fn public(&self) -> Res<String> {
        let public = self.ring()?.secrets.public(self.today)?;
        serde_json::to_string_pretty(&public).map_err(|_| "malformed")
    }

    /// Box keys until there are two ahead.
    ///
    /// # Errors
    /// `locked`, `randomness`.
    pub fn rotate(&mut self, random: &mut Random<'_>) -> Res<()> {
        let today = self.today;
        let ring = self.ring.as_mut().ok_or("locked")?;
        ring.secrets.up_to(random, today)?;
        ring.boxes = ring.secrets.secrets()?;
        Ok(())
    }

    /// Destroys box keys that ended by a day.
    ///
    /// # Errors
    /// `not_over` for a day that is not past; `case_open` if an open case would be lost with them.
    pub fn forget(&mut self, until: &str) -> Res<()> {
        let until = date(until)?;
        if until >= self.today {
            return Err("not_over");
        }
        let ring = self.ring()?;
        let mut kept = Secrets::read(&ring.secrets.text()?)?;
        kept.forget(until);
        let kept = Ring::new(kept)?;
        for case in self.book.cases.values() {
            let lost = |one: &Item| self.open_with(&kept, &case.channel, &one.id).is_err();
            if !case.closed() && case.items.iter().any(lost) {
                return Err("case_open");
            }
        }
        self.ring = Some(kept);
        Ok(())
    }

    /// The book, sealed under a key of the keys.
    ///
    /// # Errors
    /// `locked`, `randomness`.
    pub fn book(&self, random: &mut Random<'_>) -> Res<Vec<u8>> {
        let text = serde_json::to_vec(&self.book).map(Zeroizing::new).map_err(|_| "malformed")?;
        let nonce = random.bytes::<NONCE>().map_err(Error::code)?;
        let key = derive(&self.ring()?.sign.seed(), "book", b"");
        let sealed = encrypt(&key, &nonce, BOOK, &text).map_err(Error::code)?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Opens a book.
    ///
    /// # Errors
    /// `refused` if it is of other keys.
    pub fn take_book(&mut self, bytes: &[u8]) -> Res<()> {
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>().ok_or("malformed")?;
        let key = derive(&self.ring()?.sign.seed(), "book", b"");
        let text = decrypt(&key, nonce, BOOK, sealed).map_err(Error::code)?;
        self.book = serde_json::from_slice(&text).map_err(|_| "malformed")?;
        Ok(())
    }
}
