//! The number: a new one, one that was typed, and the keys that come out of it.

use trust_core::{
    Error, Random,
    keys::ReporterKeys,
    receipt::{Receipt, Wrong},
};
use zeroize::Zeroizing;

use super::{Desk, Res};

impl Desk {
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
        self.tried.clear();
        (self.keys, self.last) = (None, None);
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
        self.last = None;
        Ok(())
    }

    /// Derives the keys of a receipt that may belong to any channel, for asking there; each channel
    /// costs as much as [`Desk::derive`]. The receipt is kept until [`Desk::settle`].
    ///
    /// # Errors
    /// `memory`; `nothing` without a receipt.
    pub fn seek(&mut self, channel: &str) -> Res<()> {
        let receipt = self.receipt.as_ref().ok_or("nothing")?;
        let keys = ReporterKeys::derive(receipt, channel).map_err(Error::code)?;
        self.tried.extend(self.keys.replace((channel.to_owned(), keys)));
        Ok(())
    }

    /// Goes on with one of the channels that were looked into, and forgets the receipt and the
    /// keys of the others.
    ///
    /// # Errors
    /// `nothing` if it was not looked into.
    pub fn settle(&mut self, channel: &str) -> Res<()> {
        self.tried.extend(self.keys.take());
        let at = self.tried.iter().position(|(name, _)| name == channel).ok_or("nothing")?;
        self.keys = Some(self.tried.swap_remove(at));
        self.tried.clear();
        self.receipt = None;
        Ok(())
    }
}
