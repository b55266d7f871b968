//! What officers and custodians do. Each thing done becomes what is sent: a letter to the reporter,
//! letters to the other officers who can read the case, a step that the server must know.
//!
//! The others are those of whom the reporter said that they can read, and nobody else: an excluded
//! officer must not learn of the case by a letter about it.

use serde::Deserialize;
use trust_core::{
    Error, Random,
    identity::open_half,
    letter::{self, Letter, Purpose},
    report::Opened,
    symmetric::sha256,
    wire::MAX_KEEP,
};
use zeroize::Zeroizing;

use crate::{
    Console, Res,
    book::{Event, MAX_TEXT, Out, What},
    hex::{fixed, hex, unhex},
};

/// What somebody wants to do.
#[derive(Deserialize)]
pub struct Act {
    /// The case.
    pub case: String,
    /// What.
    pub what: What,
    /// The state that it brings.
    #[serde(default)]
    pub status: String,
    /// What is written.
    #[serde(default)]
    pub text: String,
    /// To whom the case is given.
    #[serde(default)]
    pub to: Option<u16>,
    /// The body and the number of the act.
    #[serde(default)]
    pub act: String,
    /// What is written to the body.
    #[serde(default)]
    pub cover: String,
    /// Whether the act carries the report word for word.
    #[serde(default)]
    pub verbatim: bool,
}

impl Act {
    fn good(&self) -> Res<()> {
        let said = !self.text.trim().is_empty();
        // All of it travels in one letter to each of the others.
        let fits = self.text.len() + self.cover.len() <= MAX_TEXT
            && self.act.len() <= 300
            && self.status.len() <= 32;
        let whole = match self.what {
            What::Answer | What::Close => said && !self.status.is_empty(),
            What::Forward => {
                let written = !self.act.trim().is_empty() && !self.cover.trim().is_empty();
                said && written && self.status == "forwarded"
            }
            What::Note | What::NameAsked => said && self.status.is_empty(),
            What::Assign => self.to.is_some(),
            What::Reopen => true,
            What::NameGiven | What::NameRefused => false,
        };
        match (whole, fits) {
            (_, false) => Err("too_large"),
            (false, _) => Err("missing"),
            _ => Ok(()),
        }
    }
}

impl Console {
    /// Does something with a case. What is to be sent is in the outbox of the book then.
    ///
    /// # Errors
    /// `missing`, `too_large`, `unknown`; `not_reader` for somebody who cannot read the case;
    /// `no_custodian` if no name was left or nobody can give it.
    pub fn act(&mut self, random: &mut Random<'_>, act: &Act) -> Res<()> {
        act.good()?;
        let opened = self.first(&act.case)?;
        let readers = self.readers(&opened);
        if act.to.is_some_and(|to| to != self.me() && !readers.contains(&to)) {
            return Err("not_reader");
        }
        let (latest, prev) = self.latest(&act.case)?;
        let known = self.book_case(&act.case)?.next();
        let mut event = Event {
            n: known.max(latest.saturating_add(1)),
            key: hex(&random.bytes::<8>().map_err(Error::code)?),
            status: act.status.clone(),
            text: act.text.clone(),
            to: act.to,
            act: act.act.clone(),
            cover: act.cover.clone(),
            verbatim: act.verbatim,
            ..self.event(&act.case, act.what)
        };
        let mut out = Vec::new();
        if matches!(act.what, What::Answer | What::Forward | What::Close) {
            let letter = Letter {
                purpose: Purpose::Answer,
                from: self.me(),
                case: opened.mailbox,
                seq: event.n,
                prev,
                status: act.status.clone(),
                text: Zeroizing::new(act.text.clone().into_bytes()),
            };
            let channel = self.book_case(&act.case)?.channel.clone();
            let sealed = letter
                .seal(random, self.signing()?, &channel, &opened.mailbox, &opened.letters)
                .map_err(Error::code)?;
            event.hash = hex(&sha256(&[&sealed]));
            out.push(Out::Reporter(act.case.clone(), hex(&sealed)));
            if !self.book_case(&act.case)?.events.iter().any(|one| !one.hash.is_empty()) {
                out.push(Out::Step(act.case.clone(), 1));
            }
        }
        match act.what {
            What::Close => {
                out.extend(self.keep(&act.case)?);
                out.push(Out::Step(act.case.clone(), 2));
            }
            What::Reopen => out.push(Out::Step(act.case.clone(), 3)),
            What::NameAsked => out.extend(self.ask_name(random, act, &opened)?),
            _ => {}
        }
        out.extend(self.share(random, &act.case, &opened, &event)?);
        self.book_case_mut(&act.case)?.put(event);
        self.queue(out);
        Ok(())
    }

    /// Letters to the others who can read a case.
    fn share(
        &self,
        random: &mut Random<'_>,
        case: &str,
        opened: &Opened,
        event: &Event,
    ) -> Res<Vec<Out>> {
        let text = serde_json::to_vec(event).map_err(|_| "malformed")?;
        if text.len() > letter::MAX_TEXT {
            return Err("too_large");
        }
        let others = self.readers(opened).into_iter().filter(|id| *id != self.me());
        let channel = self.book_case(case)?.channel.clone();
        let mut out = Vec::new();
        for id in others {
            let letter = self.letter(Purpose::HandOver, opened.mailbox, text.clone());
            out.extend(self.to_person(random, id, &channel, &letter)?);
        }
        Ok(out)
    }

    fn letter(&self, purpose: Purpose, case: [u8; 32], text: Vec<u8>) -> Letter {
        let (from, text) = (self.me(), Zeroizing::new(text));
        Letter { purpose, from, case, seq: 0, prev: [0; 32], status: String::new(), text }
    }

    /// A letter to somebody of the directory; none if they have no key today.
    fn to_person(
        &self,
        random: &mut Random<'_>,
        id: u16,
        channel: &str,
        letter: &Letter,
    ) -> Res<Option<Out>> {
        let Some((sign, key)) = self.address(id) else { return Ok(None) };
        let sealed =
            letter.seal(random, self.signing()?, channel, &sign, &key).map_err(Error::code)?;
        Ok(Some(Out::Person(hex(&sign), hex(&sealed))))
    }

    /// The question to every custodian who holds a half.
    fn ask_name(&self, random: &mut Random<'_>, act: &Act, opened: &Opened) -> Res<Vec<Out>> {
        let identity = opened.content.identity.as_ref().ok_or("no_custodian")?;
        let channel = self.book_case(&act.case)?.channel.clone();
        let mut out = Vec::new();
        for (id, half) in &identity.halves {
            let text = [&half[..], act.text.as_bytes()].concat();
            if text.len() > letter::MAX_TEXT {
                return Err("too_large");
            }
            let letter = self.letter(Purpose::NameAsked, opened.mailbox, text);
            out.extend(self.to_person(random, *id, &channel, &letter)?);
        }
        if out.is_empty() { Err("no_custodian") } else { Ok(out) }
    }

    /// Chunks of a case, to be kept as long as it is.
    fn keep(&self, case: &str) -> Res<Vec<Out>> {
        let mut ids = Vec::new();
        for opened in self.opened(case)? {
            for file in &opened.files {
                ids.extend((0..file.note().chunks()).map(|chunk| hex(&file.id(chunk))));
            }
        }
        Ok(ids.chunks(MAX_KEEP).map(|part| Out::Keep(part.to_vec())).collect())
    }

    /// A custodian decides about a name: the half goes to the officer who asked, or a refusal does.
    ///
    /// # Errors
    /// `unknown`; `refused` if these keys do not open the half; `missing` for a refusal without a
    /// reason.
    pub fn decide(&mut self, random: &mut Random<'_>, key: &str, yes: bool, why: &str) -> Res<()> {
        let at = self.ask_at(key).ok_or("unknown")?;
        let (ask, secrets) = self.ask_and_boxes(at)?;
        let (channel, from) = (ask.channel.clone(), ask.from);
        let case = fixed(&ask.case)?;
        let (purpose, text) = if yes {
            let half = open_half(secrets, &channel, &case, &unhex(&ask.half)?);
            (Purpose::NameGiven, half.map_err(Error::code)?.to_vec())
        } else if why.trim().is_empty() || why.len() > MAX_TEXT {
            return Err("missing");
        } else {
            (Purpose::NameRefused, why.as_bytes().to_vec())
        };
        let letter = self.letter(purpose, case, text);
        let out = self.to_person(random, from, &channel, &letter)?.ok_or("no_key")?;
        self.queue(vec![out]);
        self.decided(at, yes);
        Ok(())
    }
}
