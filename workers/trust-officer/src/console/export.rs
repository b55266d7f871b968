//! A case as it leaves the device: what was said and done, and what was attached, in one sealed file.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use trust_core::{Error, Random, vault};
use zeroize::Zeroizing;

use super::{Console, PASSPHRASE, Shown};
use crate::Res;

/// A case that was saved, as JSON.
///
/// # Errors
/// `refused` under a wrong passphrase; `malformed` for what is no case: a vault of keys stays shut.
pub fn saved(passphrase: &str, bytes: &[u8]) -> Res<Zeroizing<String>> {
    let text = vault::open(passphrase, bytes).map_err(Error::code)?;
    let case: Value = serde_json::from_slice(&text).map_err(|_| "malformed")?;
    if !case["said"].is_array() || !case["no"].is_string() {
        return Err("malformed");
    }
    core::str::from_utf8(&text).map(|text| Zeroizing::new(text.to_owned())).map_err(|_| "malformed")
}

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

/// For whom a case leaves the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Those who read it: everything, for their own archive.
    Readers,
    /// Another body: what the reporter said and by which act it was passed on. No name, though it
    /// was disclosed: the custodian gave it to one officer. No notes, no requests, no readers.
    Body,
}

/// Takes out what another body is not to see.
fn outward(case: &mut Value) {
    if let Some(all) = case.as_object_mut() {
        all.retain(|key, _| {
            ["no", "channel", "received", "route", "said", "done"].contains(&key.as_str())
        });
    }
    if let Some(done) = case["done"].as_array_mut() {
        done.retain(|one| one["what"] == "forward");
        for one in done {
            *one = json!({"day": one["day"], "what": one["what"], "act": one["act"], "cover": one["cover"]});
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
    pub fn export(
        &mut self,
        random: &mut Random<'_>,
        id: &str,
        passphrase: &str,
        whom: Whom,
    ) -> Res<Vec<u8>> {
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
        if whom == Whom::Body {
            outward(&mut case);
        }
        let text = serde_json::to_vec_pretty(&case).map(Zeroizing::new).map_err(|_| "malformed")?;
        vault::seal(random, passphrase, &text).map_err(Error::code)
    }
}
