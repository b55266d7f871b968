//! A case as it leaves the device: what was said and done, and what was attached, in one sealed file.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use trust_core::{Error, Random, vault};
use zeroize::Zeroizing;

use super::{Console, PASSPHRASE, Shown};
use crate::Res;

/// An attachment on its way into an export.
pub(super) struct Packed {
    item: String,
    at: usize,
    /// `None` if the server has lost it: whoever opens the export is to know.
    file: Option<Shown>,
}

impl Packed {
    fn value(&self) -> Value {
        match &self.file {
            Some(file) => {
                json!({"name": file.name, "media": file.media, "bytes": STANDARD.encode(&file.bytes)})
            }
            None => json!({"lost": true}),
        }
    }
}

impl Console {
    /// Begins an export, before anything is asked for.
    ///
    /// # Errors
    /// `passphrase` if it is too short.
    pub fn pack_start(&mut self, passphrase: &str) -> Res<()> {
        self.packed.clear();
        if passphrase.chars().count() < PASSPHRASE { Err("passphrase") } else { Ok(()) }
    }

    /// Packs an attachment out of the chunks that were taken; `lost` if they cannot be had.
    ///
    /// # Errors
    /// `unknown`; `refused` if a chunk is missing or was changed.
    pub fn pack(&mut self, mailbox: &str, item: &str, at: usize, lost: bool) -> Res<()> {
        let file = if lost { None } else { Some(self.file(mailbox, item, at)?) };
        self.packed.push(Packed { item: item.into(), at, file });
        Ok(())
    }

    /// The case with all that was attached, sealed under a passphrase of its own.
    ///
    /// # Errors
    /// `passphrase` if it is too short; `missing` if an attachment was not packed; `unknown`,
    /// `refused`, `memory`.
    pub fn export(&mut self, random: &mut Random<'_>, id: &str, passphrase: &str) -> Res<Vec<u8>> {
        let packed = core::mem::take(&mut self.packed);
        if passphrase.chars().count() < PASSPHRASE {
            return Err("passphrase");
        }
        let mut case = self.case(id)?;
        for said in case["said"].as_array_mut().ok_or("malformed")? {
            let files = said["files"].as_u64().unwrap_or_default();
            let find = |at: u64| {
                let is = |one: &&Packed| said["item"] == *one.item && one.at as u64 == at;
                packed.iter().find(is).map(Packed::value)
            };
            let all: Option<Vec<Value>> = (0..files).map(find).collect();
            said["attachments"] = Value::Array(all.ok_or("missing")?);
        }
        let text = serde_json::to_vec_pretty(&case).map(Zeroizing::new).map_err(|_| "malformed")?;
        vault::seal(random, passphrase, &text).map_err(Error::code)
    }
}
