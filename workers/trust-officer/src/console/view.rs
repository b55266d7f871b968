//! What the page shows, as JSON: codes and bytes of text, never markup.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use trust_core::{
    bucket::FILE,
    day::{self, Day},
    file::FileKey,
    report::{Content, Lang, Opened},
    sealed::{BoxKey, BoxSecret},
    sign::Signing,
    symmetric::sha256,
    terms::Standing,
};

use super::Console;
use crate::{
    Res,
    book::{Case, Event, NameAsk, Out, What},
    hex::{fixed, unhex},
    stats::{Group, group},
};

/// Days before the end of the directory or of the last key at which the page warns.
const SOON: Day = 10;

impl Console {
    /// The number of the owner of the keys.
    pub(crate) fn me(&self) -> u16 {
        self.ring.as_ref().map_or(0, |ring| ring.secrets.id)
    }

    pub(crate) fn signing(&self) -> Res<&Signing> {
        Ok(&self.ring()?.sign)
    }

    pub(crate) fn book_case(&self, case: &str) -> Res<&Case> {
        self.book.cases.get(case).ok_or("unknown")
    }

    pub(crate) fn book_case_mut(&mut self, case: &str) -> Res<&mut Case> {
        self.book.cases.get_mut(case).ok_or("unknown")
    }

    pub(crate) fn queue(&mut self, out: Vec<Out>) {
        self.book.outbox.extend(out);
    }

    /// Where somebody of the directory is reached today.
    pub(crate) fn address(&self, id: u16) -> Option<([u8; 32], BoxKey)> {
        let directory = self.directory.as_ref().filter(|all| all.not_after >= self.today)?;
        let person = directory.person(id)?;
        Some((person.sign, person.key(self.today)?.clone()))
    }

    pub(crate) fn ask_at(&self, key: &str) -> Option<usize> {
        self.book.asks.iter().position(|ask| ask.key == key && ask.given.is_none())
    }

    pub(crate) fn ask_and_boxes(&self, at: usize) -> Res<(&NameAsk, &[BoxSecret])> {
        Ok((self.book.asks.get(at).ok_or("unknown")?, &self.ring()?.boxes))
    }

    pub(crate) fn decided(&mut self, at: usize, yes: bool) {
        if let Some(ask) = self.book.asks.get_mut(at) {
            ask.given = Some(yes);
            // What was given is not needed any more, and must not lie about.
            ask.half.clear();
        }
    }

    /// An event that nothing has been said of yet.
    pub(crate) fn event(&self, case: &str, what: What) -> Event {
        let have = self.book.cases.get(case);
        let key = format!("{}-{:?}-{}", self.me(), what, have.map_or(0, |one| one.events.len()));
        Event {
            key,
            n: have.map_or(1, Case::next),
            day: self.today,
            by: self.me(),
            what,
            status: String::new(),
            text: String::new(),
            to: None,
            act: String::new(),
            cover: String::new(),
            verbatim: false,
            hash: String::new(),
        }
    }

    /// Everything of a case that these keys open.
    pub(crate) fn opened(&self, case: &str) -> Res<Vec<Opened>> {
        let (have, ring) = (self.book_case(case)?, self.ring()?);
        let open = |item: &crate::book::Item| self.open_with(ring, &have.channel, &item.id).ok();
        Ok(have.items.iter().filter_map(open).collect())
    }

    /// The last place in the dialogue and the hash of what is there.
    pub(crate) fn latest(&self, case: &str) -> Res<(u32, [u8; 32])> {
        let (have, ring) = (self.book_case(case)?, self.ring()?);
        let mut last = (0, [0; 32]);
        for item in &have.items {
            let Ok(opened) = self.open_with(ring, &have.channel, &item.id) else { continue };
            if opened.content.seq >= last.0 {
                let bytes = self.envelopes.get(&item.id).map_or(&[][..], Vec::as_slice);
                last = (opened.content.seq, sha256(&[bytes]));
            }
        }
        for event in &have.events {
            if let Ok(hash) = fixed(&event.hash)
                && event.n > last.0
            {
                last = (event.n, hash);
            }
        }
        Ok(last)
    }

    /// A case has been looked at.
    pub fn seen(&mut self, case: &str) {
        if let Ok(case) = self.book_case_mut(case) {
            case.seen = case.items.len() + case.events.len();
        }
    }

    /// The owner, the directory, the cases, what a custodian is asked, counts.
    ///
    /// # Errors
    /// `locked`.
    pub fn overview(&self) -> Res<Value> {
        let ring = self.ring()?;
        let ends = ring.secrets.boxes.iter().filter_map(|one| day::parse(&one.until)).max();
        let boxes: Vec<Value> = ring
            .secrets
            .boxes
            .iter()
            .map(|one| json!({"from": one.from, "until": one.until, "past": day::parse(&one.until).is_some_and(|day| day < self.today)}))
            .collect();
        let cases: Vec<Value> =
            self.book.cases.iter().filter_map(|(id, case)| self.row(id, case)).collect();
        let asks: Vec<Value> = self.book.asks.iter().map(|ask| json!({
            "key": ask.key, "no": number(&ask.case), "from": self.person(ask.from), "day": day::text(ask.day),
            "reason": ask.reason, "given": ask.given,
        })).collect();
        Ok(json!({
            "me": {"id": ring.secrets.id, "name": ring.secrets.name, "role": ring.secrets.role,
                "listed": self.directory.is_some() && self.listed()?,
                "ends": ends.map(day::text), "soon": ends.is_none_or(|day| day < self.today + SOON), "boxes": boxes},
            "directory": self.directory.as_ref().map(|_| self.directory_view()),
            "cases": cases, "asks": asks, "outbox": self.book.outbox.len(), "today": day::text(self.today),
            "stats": self.stats(),
        }))
    }

    fn directory_view(&self) -> Value {
        let Some(all) = &self.directory else { return Value::Null };
        let person = |id: &u16| {
            let have = all.person(*id);
            json!({"id": id, "name": have.map(|one| one.name.clone()), "key": have.is_some_and(|one| one.key(self.today).is_some())})
        };
        let channels: Vec<Value> = all
            .channels
            .iter()
            .map(|one| {
                let officers: Vec<Value> = one.officers.iter().map(person).collect();
                let keys = officers.iter().filter(|one| one["key"] == true).count();
                let custodians: Vec<Value> = one.custodians.iter().map(person).collect();
                json!({"name": one.name, "officers": officers, "custodians": custodians, "keys": keys,
                    "open": all.not_after >= self.today && all.channel(&one.name, self.today).is_ok()})
            })
            .collect();
        json!({
            "version": all.version, "demo": all.demo, "until": day::text(all.not_after),
            "past": all.not_after < self.today, "soon": all.not_after < self.today + SOON, "channels": channels,
        })
    }

    fn person(&self, id: u16) -> Value {
        let name = self.directory.as_ref().and_then(|all| all.person(id)).map(|one| &one.name);
        json!({"id": id, "name": name})
    }

    fn row(&self, id: &str, case: &Case) -> Option<Value> {
        let first = case.first()?;
        let opened = self.open_with(self.ring().ok()?, &case.channel, &first.id).ok();
        let route = opened.as_ref().map(|one| answer(&one.content, "route")).unwrap_or_default();
        let text = opened.as_ref().map(|one| answer(&one.content, "text")).unwrap_or_default();
        let fresh = (case.items.len() + case.events.len()).saturating_sub(case.seen);
        Some(json!({
            "id": id, "no": number(id), "channel": case.channel, "received": day::text(case.received),
            "readable": opened.is_some(), "route": route, "line": text.chars().take(160).collect::<String>(),
            "status": case.status(), "closed": case.closed(), "to": case.assigned().map(|id| self.person(id)),
            "fresh": fresh, "deadlines": self.deadlines(case, &route),
        }))
    }

    /// Deadlines that a case of this route has, with how they stand.
    fn deadlines(&self, case: &Case, route: &str) -> Vec<Value> {
        if route == "feedback" {
            return Vec::new();
        }
        let all = self.periods.of(case.received, &|day| self.off(day));
        let answered = case.events.iter().any(|event| !event.hash.is_empty());
        let forwarded = case.has(What::Forward);
        // Whoever passed a case on has not yet told the reporter what came of it.
        let told = case.closed() || matches!(case.status(), "confirmed" | "unconfirmed");
        let decided = told || forwarded;
        let mut list = vec![
            ("acknowledge", Some(all.acknowledge), answered),
            ("consider", all.consider, decided),
            ("feedback", Some(all.feedback), told),
        ];
        if route == "crime" {
            list.insert(1, ("forward", all.forward, decided));
        }
        let one = |(code, day, done): (&str, Option<Day>, bool)| {
            let standing = day.map(|day| match self.periods.standing(day, self.today, done) {
                Standing::Met => "met",
                Standing::Open => "open",
                Standing::Near => "near",
                Standing::Missed => "missed",
            });
            let standing = standing.unwrap_or(if done { "met" } else { "no_calendar" });
            json!({"code": code, "day": day.map(day::text), "standing": standing})
        };
        list.into_iter().map(one).collect()
    }

    /// A case: what was said, what was done, who can read it.
    ///
    /// # Errors
    /// `unknown`, `refused` if its key is destroyed.
    pub fn case(&self, id: &str) -> Res<Value> {
        let case = self.book_case(id)?;
        let ring = self.ring()?;
        let first = self.first(id)?;
        let readers = self.readers(&first);
        let route = answer(&first.content, "route");
        let mut said = Vec::new();
        for item in &case.items {
            let Ok(opened) = self.open_with(ring, &case.channel, &item.id) else { continue };
            let answers: Vec<Value> = opened
                .content
                .answers
                .iter()
                .filter(|one| one.question != "readers")
                .map(|one| json!({"question": one.question, "values": one.values}))
                .collect();
            let lang = match opened.content.lang {
                Lang::Kk => "kk",
                Lang::Ru => "ru",
                Lang::En => "en",
            };
            // Of an attachment that was not fetched nothing is known but its bucket.
            let most = |file: &FileKey| FILE.get(usize::from(file.note().bucket)).copied();
            let sizes: Vec<usize> = opened.files.iter().filter_map(most).collect();
            said.push(json!({"n": opened.content.seq, "item": item.id, "day": day::text(item.day),
                "lang": lang, "answers": answers, "files": opened.files.len(), "sizes": sizes}));
        }
        // What is not a reader's business does not become a part of the case.
        let theirs = |event: &&Event| {
            let custodian = matches!(event.what, What::NameGiven | What::NameRefused);
            event.by == self.me() || custodian || readers.contains(&event.by)
        };
        let done: Vec<Value> = case.events.iter().filter(theirs).map(|event| json!({
            "n": event.n, "day": day::text(event.day), "by": self.person(event.by), "what": event.what,
            "status": event.status, "text": event.text, "to": event.to.map(|id| self.person(id)),
            "act": event.act, "cover": event.cover, "verbatim": event.verbatim, "key": event.key,
        })).collect();
        let identity = first.content.identity.as_ref();
        Ok(json!({
            "id": id, "no": number(id), "channel": case.channel, "received": day::text(case.received),
            "route": route, "status": case.status(), "closed": case.closed(),
            "to": case.assigned(), "readers": readers.iter().map(|id| self.person(*id)).collect::<Vec<_>>(),
            "deadlines": self.deadlines(case, &route), "said": said, "done": done,
            "named": identity.is_some(), "name": self.name(id, &first).map(|name| name.to_string()),
            "asked": case.has(What::NameAsked),
        }))
    }

    /// Counts by route, state, month and kind, with small ones hidden.
    fn stats(&self) -> Value {
        let mut by: BTreeMap<&str, BTreeMap<String, u32>> = BTreeMap::new();
        let mut count = |of: &'static str, code: String| {
            *by.entry(of).or_default().entry(code).or_default() += 1;
        };
        for case in self.book.cases.values() {
            let Some(first) = case.first() else { continue };
            let Ok(ring) = self.ring() else { continue };
            let Ok(opened) = self.open_with(ring, &case.channel, &first.id) else { continue };
            count("route", answer(&opened.content, "route"));
            count(
                "status",
                if case.status().is_empty() { "new".into() } else { case.status().into() },
            );
            count("month", day::text(case.received).chars().take(7).collect());
        }
        let cell = |(code, count): &(String, Option<u32>)| json!({"code": code, "count": count});
        let shown = |group: Group| json!({"cells": group.cells.iter().map(cell).collect::<Vec<_>>(), "total": group.total});
        Value::Object(
            by.iter().map(|(of, counts)| ((*of).to_owned(), shown(group(counts)))).collect(),
        )
    }

    /// Whether bytes are a number of an envelope: what may be a key of what the device keeps.
    pub fn is_id(text: &str) -> bool {
        text.len() == 32 && unhex(text).is_ok()
    }
}

/// What officers call a case among themselves.
fn number(case: &str) -> String {
    let digits: String = case.chars().take(8).collect();
    digits.to_uppercase()
}

/// The first value of an answer.
fn answer(content: &Content, question: &str) -> String {
    let found = content.answers.iter().find(|one| one.question == question);
    found.and_then(|one| one.values.first()).cloned().unwrap_or_default()
}
