//! The crossings to the page's script: texts and bytes.

use trust_core::{
    Random, day,
    file::File,
    report::{Answer, Lang},
};
use wasm_bindgen::prelude::*;

use crate::desk::{Desk, Said, Setting, Want};

/// Tries of work between two breaths of the Worker.
const TRIES: u32 = 16_384;

fn with<T>(work: impl FnOnce(&mut Random<'_>) -> T) -> T {
    let mut fill = |out: &mut [u8]| getrandom::fill(out).is_ok();
    work(&mut Random::new(&mut fill))
}

fn key(text: &str) -> Result<[u8; 32], JsValue> {
    let byte =
        |at: usize| text.get(2 * at..2 * at + 2).and_then(|two| u8::from_str_radix(two, 16).ok());
    let all: Option<Vec<u8>> = (0..32).map(byte).collect();
    let good = all.filter(|_| text.len() == 64).and_then(|all| all.try_into().ok());
    good.ok_or_else(|| "no_root".into())
}

/// The reporter at work.
#[wasm_bindgen]
pub struct Page(Desk);

#[wasm_bindgen]
impl Page {
    /// With the root key and the sum of the questionnaire (hexadecimal digits), the floor of
    /// versions and the moment now.
    #[wasm_bindgen(constructor)]
    pub fn new(root: &str, questions: &str, floor: u32, now: f64) -> Result<Page, JsValue> {
        let today = day::of_millis(now as i64);
        let setting = Setting { root: key(root)?, floor, today, questions: key(questions)? };
        Ok(Page(Desk::new(setting)))
    }

    /// The bytes that ask for a challenge.
    pub fn challenge(&mut self) -> Result<Vec<u8>, JsValue> {
        Ok(with(|random| self.0.ask_challenge(random))?)
    }

    /// Makes a request: `directory`, `chunk`, `submit`, `poll` or `drop`, and its page.
    pub fn request(&mut self, what: &str, page: u16) -> Result<(), JsValue> {
        let want = match what {
            "directory" => Want::Directory(page),
            "chunk" => Want::Chunk,
            "submit" => Want::Submit,
            "poll" => Want::Poll(page),
            "drop" => Want::Drop(page),
            _ => return Err("nothing".into()),
        };
        Ok(with(|random| self.0.request(random, want))?)
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

    /// Whether it is one of a demonstration.
    pub fn demo(&self) -> bool {
        self.0.demo()
    }

    /// Open channels.
    pub fn channels(&self) -> Vec<String> {
        self.0.channels()
    }

    /// Officers: number, name, number, name …
    pub fn people(&self, channel: &str) -> Result<Vec<String>, JsValue> {
        let people = self.0.people(channel)?;
        Ok(people.into_iter().flat_map(|(id, name)| [id.to_string(), name]).collect())
    }

    /// Names of those who watch over the officers; a name may be left where there are any.
    pub fn overseers(&self, channel: &str) -> Result<Vec<String>, JsValue> {
        Ok(self.0.overseers(channel)?)
    }

    /// A new receipt, shown once.
    pub fn receipt(&mut self) -> Result<String, JsValue> {
        Ok(with(|random| self.0.receipt(random)).map(|shown| shown.to_string())?)
    }

    /// A receipt that was typed.
    pub fn enter(&mut self, text: &str) -> Result<(), JsValue> {
        Ok(self.0.enter(text)?)
    }

    /// Derives the keys.
    pub fn derive(&mut self, channel: &str) -> Result<(), JsValue> {
        Ok(self.0.derive(channel)?)
    }

    /// Derives the keys for looking into one of several channels.
    pub fn seek(&mut self, channel: &str) -> Result<(), JsValue> {
        Ok(self.0.seek(channel)?)
    }

    /// Goes on with one of the channels that were looked into.
    pub fn settle(&mut self, channel: &str) -> Result<(), JsValue> {
        Ok(self.0.settle(channel)?)
    }

    /// Forgets what was attached.
    pub fn clear_files(&mut self) {
        self.0.clear_files();
    }

    /// Attaches what the page has drawn or written anew.
    pub fn attach(&mut self, name: String, media: String, bytes: Vec<u8>) -> Result<(), JsValue> {
        Ok(self.0.attach(File { name, media, bytes })?)
    }

    /// Chunks to be sent, and how many have been.
    pub fn chunks(&self) -> Vec<u32> {
        let (all, sent) = self.0.chunks();
        vec![all, sent]
    }

    /// The chunk that was sent last has arrived.
    pub fn chunk_sent(&mut self) {
        self.0.chunk_sent();
    }

    /// Seals: `answers` are question, value, question, value …
    #[allow(clippy::too_many_arguments)]
    pub fn seal(
        &mut self,
        channel: &str,
        lang: &str,
        questionnaire: &str,
        follow: bool,
        name: &str,
        excluded: Vec<u16>,
        answers: Vec<String>,
    ) -> Result<(), JsValue> {
        let mut all: Vec<Answer> = Vec::new();
        for two in answers.chunks_exact(2) {
            let (question, value) = (two[0].clone(), two[1].clone());
            match all.last_mut().filter(|last| last.question == question) {
                Some(last) => last.values.push(value),
                None => all.push(Answer { question, values: vec![value] }),
            }
        }
        let lang = match lang {
            "ru" => Lang::Ru,
            "en" => Lang::En,
            _ => Lang::Kk,
        };
        let questionnaire = key(questionnaire)?;
        let excluded = &excluded;
        let said = Said { channel, excluded, lang, questionnaire, answers: all, name, follow };
        Ok(with(|random| self.0.seal(random, &said))?)
    }

    /// Takes a page of the mailbox; whether there is another.
    pub fn take_news(&mut self, page: u16) -> Result<bool, JsValue> {
        Ok(self.0.take_news(page)?)
    }

    /// Letters: who, state, text, who, state, text …
    pub fn letters(&self) -> Vec<String> {
        let all = self.0.letters().iter();
        all.flat_map(|one| [one.from.clone(), one.status.clone(), one.text.clone()]).collect()
    }

    /// Numbers of those who can read the report, as its writer decided.
    pub fn readers(&self) -> Vec<u16> {
        self.0.readers().to_vec()
    }

    /// Bits: seen by officers, confirmed, closed.
    pub fn state(&self) -> u8 {
        (0..).zip(self.0.state()).map(|(bit, yes)| u8::from(yes) << bit).sum()
    }
}
