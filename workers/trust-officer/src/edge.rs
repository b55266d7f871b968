//! The crossings to the page's script: texts and bytes.

use trust_core::{Random, day};
use wasm_bindgen::prelude::*;

use crate::{
    act::Act,
    console::{self, Console, Want, Whom},
    hex::fixed,
};

/// Tries of work between two breaths of the Worker.
const TRIES: u32 = 65_536;

fn with<T>(work: impl FnOnce(&mut Random<'_>) -> T) -> T {
    let mut fill = |out: &mut [u8]| getrandom::fill(out).is_ok();
    work(&mut Random::new(&mut fill))
}

/// Somebody at work.
#[wasm_bindgen]
pub struct Desk(Console);

#[wasm_bindgen]
impl Desk {
    /// With the page's settings as JSON and the moment now.
    #[wasm_bindgen(constructor)]
    pub fn new(page: &str, now: f64) -> Result<Desk, JsValue> {
        Ok(Desk(Console::new(page, day::of_millis(now as i64))?))
    }

    /// New keys.
    pub fn create(&mut self, id: u16, role: &str, name: &str) -> Result<(), JsValue> {
        Ok(with(|random| self.0.create(random, (id, role, name)))?)
    }

    /// The keys under a passphrase.
    pub fn vault(&self, passphrase: &str) -> Result<Vec<u8>, JsValue> {
        Ok(with(|random| self.0.vault(random, passphrase))?)
    }

    /// Unlocks keys.
    pub fn unlock(&mut self, passphrase: &str, bytes: &[u8]) -> Result<(), JsValue> {
        Ok(self.0.unlock(passphrase, bytes)?)
    }

    /// The public half.
    pub fn public(&self) -> Result<String, JsValue> {
        Ok(self.0.public()?)
    }

    /// Keys of the coming months.
    pub fn rotate(&mut self) -> Result<(), JsValue> {
        Ok(with(|random| self.0.rotate(random))?)
    }

    /// Destroys keys that ended by a day.
    pub fn forget(&mut self, until: &str) -> Result<(), JsValue> {
        Ok(self.0.forget(until)?)
    }

    /// The book, sealed.
    pub fn book(&self) -> Result<Vec<u8>, JsValue> {
        Ok(with(|random| self.0.book(random))?)
    }

    /// Opens a book.
    pub fn take_book(&mut self, bytes: &[u8]) -> Result<(), JsValue> {
        Ok(self.0.take_book(bytes)?)
    }

    /// An envelope that the device keeps.
    pub fn put_envelope(&mut self, id: String, bytes: Vec<u8>) {
        if Console::is_id(&id) {
            self.0.put_envelope(id, bytes);
        }
    }

    /// The bytes that ask for a challenge.
    pub fn challenge(&mut self) -> Result<Vec<u8>, JsValue> {
        Ok(with(|random| self.0.challenge(random))?)
    }

    /// Makes a request: `directory`, `letter`, `list`, `fetch`, `chunk`, `out`.
    pub fn request(&mut self, what: &str, id: &str, day: u32, page: u16) -> Result<(), JsValue> {
        let want = match what {
            "directory" => Want::Directory(page),
            "letter" => Want::Letter,
            "list" => Want::List(day, page),
            "fetch" => Want::Fetch(fixed(id)?),
            "chunk" => Want::Chunk(fixed(id)?),
            "out" => Want::Out,
            _ => return Err("nothing".into()),
        };
        Ok(with(|random| self.0.request(random, &want))?)
    }

    /// Works for a while; the bytes of the request when it is done.
    pub fn work(&mut self) -> Result<Option<Vec<u8>>, JsValue> {
        Ok(self.0.work(u64::from(TRIES))?)
    }

    /// Reads the answer; a word for how it ended.
    pub fn answer(&mut self, bytes: &[u8]) -> Result<String, JsValue> {
        Ok(self.0.answer(bytes)?.word().to_owned())
    }

    /// Whether the directory is whole and good now.
    pub fn take_directory(&mut self) -> Result<bool, JsValue> {
        Ok(self.0.take_directory()?)
    }

    /// Whether the directory has these keys.
    pub fn listed(&self) -> Result<bool, JsValue> {
        Ok(self.0.listed()?)
    }

    /// Days whose lists are to be asked for.
    pub fn days(&self) -> Result<Vec<u32>, JsValue> {
        Ok(self.0.days()?)
    }

    /// All of them were.
    pub fn scanned(&mut self) {
        self.0.scanned();
    }

    /// The book is that of a backup: all lists are to be read again.
    pub fn restored(&mut self) {
        self.0.restored();
    }

    /// Numbers of envelopes of a day to fetch; at last `more` if the day has another page.
    pub fn take_heads(&mut self, day: u32) -> Result<Vec<String>, JsValue> {
        let (more, mut ids) = self.0.take_heads(day)?;
        if more {
            ids.push("more".into());
        }
        Ok(ids)
    }

    /// The envelope that was fetched, to be kept; nothing if it is for others.
    pub fn take_envelope(&mut self, day: u32) -> Result<Option<Vec<u8>>, JsValue> {
        Ok(self.0.take_envelope(day)?)
    }

    /// Whether there was a letter.
    pub fn take_letter(&mut self) -> Result<bool, JsValue> {
        Ok(self.0.take_letter()?)
    }

    /// How much is to be sent.
    pub fn outbox(&self) -> usize {
        self.0.outbox()
    }

    /// The first of it is done with.
    pub fn out_done(&mut self) {
        self.0.out_done();
    }

    /// What the page shows, as JSON.
    pub fn overview(&self) -> Result<String, JsValue> {
        Ok(self.0.overview()?.to_string())
    }

    /// A case, as JSON.
    pub fn case(&self, id: &str) -> Result<String, JsValue> {
        Ok(self.0.case(id)?.to_string())
    }

    /// It has been looked at.
    pub fn seen(&mut self, id: &str) {
        self.0.seen(id);
    }

    /// Does something, as JSON says.
    pub fn act(&mut self, act: &str) -> Result<(), JsValue> {
        let act: Act = serde_json::from_str(act).map_err(|_| "malformed")?;
        Ok(with(|random| self.0.act(random, &act))?)
    }

    /// Decides about a name.
    pub fn decide(&mut self, key: &str, yes: bool, why: &str) -> Result<(), JsValue> {
        Ok(with(|random| self.0.decide(random, key, yes, why))?)
    }

    /// Numbers of the chunks of an attachment.
    pub fn chunks(&mut self, case: &str, item: &str, at: usize) -> Result<Vec<String>, JsValue> {
        Ok(self.0.chunks(case, item, at)?)
    }

    /// Takes a chunk.
    pub fn take_chunk(&mut self) {
        self.0.take_chunk();
    }

    /// The attachment.
    pub fn file(&mut self, case: &str, item: &str, at: usize) -> Result<Attachment, JsValue> {
        let file = self.0.file(case, item, at)?;
        Ok(Attachment { name: file.name, media: file.media, bytes: file.bytes })
    }

    /// Begins an export.
    pub fn pack_start(&mut self, passphrase: &str) -> Result<(), JsValue> {
        Ok(self.0.pack_start(passphrase)?)
    }

    /// Packs an attachment out of the chunks that were taken; `lost` if they cannot be had.
    pub fn pack(&mut self, case: &str, item: &str, at: usize, lost: bool) -> Result<(), JsValue> {
        Ok(self.0.pack(case, item, at, lost)?)
    }

    /// A case with its attachments under a passphrase of its own; `whole` with all that its readers know.
    pub fn export(
        &mut self,
        case: &str,
        passphrase: &str,
        whole: bool,
    ) -> Result<Vec<u8>, JsValue> {
        let whom = if whole { Whom::Readers } else { Whom::Body };
        Ok(with(|random| self.0.export(random, case, passphrase, whom))?)
    }
}

/// A case that was saved, as JSON: opened on this device, without any keys of an officer.
#[wasm_bindgen]
pub fn saved(bytes: &[u8], passphrase: &str) -> Result<String, JsValue> {
    Ok(console::saved(passphrase, bytes)?.to_string())
}

/// The code of a poster: its side and the path of an SVG.
#[wasm_bindgen]
pub fn code(address: &str) -> Result<Vec<String>, JsValue> {
    let (side, path) = crate::poster::code(address).ok_or("too_large")?;
    Ok(vec![side.to_string(), path])
}

/// An attachment.
#[wasm_bindgen]
pub struct Attachment {
    name: String,
    media: String,
    bytes: Vec<u8>,
}

#[wasm_bindgen]
impl Attachment {
    /// Its name.
    #[wasm_bindgen(getter)]
    pub fn name(&self) -> String {
        self.name.clone()
    }

    /// What it is; empty if nothing that is shown.
    #[wasm_bindgen(getter)]
    pub fn media(&self) -> String {
        self.media.clone()
    }

    /// Its bytes.
    #[wasm_bindgen(getter)]
    pub fn bytes(&self) -> Vec<u8> {
        self.bytes.clone()
    }
}
