//! What the page knows of an attempt, without the browser: what was done and is not confirmed, what
//! the worker said, which clock counts.

use kit::json::{self, Json, map};

/// Something that was done here. It is forgotten when the worker has confirmed its number.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The epoch in which it was done.
    pub epoch: u32,
    /// Its number there.
    pub n: u32,
    /// What, as the protocol says it.
    pub json: Json,
}

/// Most events of one message.
pub const MESSAGE_MOST: usize = 100;
/// Bytes of values in a message, so that it is not refused for its length: long texts that were typed
/// without a line are said in several messages.
const BYTES_MOST: usize = 100_000;

/// An attempt as this page sees it.
#[derive(Debug, Default)]
pub struct Model {
    /// Identifier.
    pub attempt: String,
    /// The token of the link.
    pub token: String,
    /// Name of this page.
    pub page: String,
    /// Epoch of this page.
    pub epoch: u32,
    /// The number of the next event.
    next: u32,
    /// What is not confirmed, oldest first, of this epoch and of those before.
    pub unsent: Vec<Event>,
    /// Up to which number this line has taken events.
    said: u32,
    /// Answers as JSON texts; empty = none.
    pub answers: Vec<String>,
    /// Marks for review.
    pub marks: Vec<bool>,
    /// `exam` of the worker's answer.
    pub exam: Json,
    /// Keys of blocks: number and digits.
    pub keys: Vec<(u32, String)>,
    /// Status word.
    pub status: String,
    /// The end, by the worker's clock.
    pub deadline: Option<i64>,
    /// Until when appeals are taken.
    pub appeals_until: Option<i64>,
    /// The result.
    pub report: Option<Json>,
    /// How often it was scored: another number, another result.
    pub scoring: i64,
    /// The result does not count: an act was signed.
    pub annulled: bool,
    /// One's own appeals with what was decided on them.
    pub appeals: Vec<Json>,
    /// How far the worker's clock is ahead, and how long the answer took that said so.
    clock: Option<(i64, i64)>,
    /// Tasks of which something came too late to count.
    pub uncounted: Vec<Option<i64>>,
    /// The person has handed in; the worker may not know yet.
    pub handed_in: bool,
    /// Another page has the attempt.
    pub replaced: bool,
}

impl Model {
    /// An attempt of which nothing is known yet.
    pub fn of(attempt: String, token: String) -> Model {
        Model { attempt, token, ..Model::default() }
    }

    /// Tasks that belong to no attempt.
    pub fn practice(lang: &str, slots: usize) -> Model {
        Model {
            answers: vec![String::new(); slots],
            marks: vec![false; slots],
            exam: map([("lang", lang.into())]),
            ..Model::default()
        }
    }

    /// The worker's clock, by ours.
    pub fn now(&self, ours: i64) -> i64 {
        ours + self.clock.map_or(0, |(ahead, _)| ahead)
    }

    /// Milliseconds that are left; none where the clock does not run.
    pub fn left(&self, ours: i64) -> Option<i64> {
        let running = self.status == "running";
        self.deadline.filter(|_| running).map(|deadline| deadline - self.now(ours))
    }

    /// Hears the worker's clock. The quickest answer tells it best; an answer of a clock that was set
    /// meanwhile replaces what was heard before.
    pub fn hear_clock(&mut self, theirs: i64, asked: i64, ours: i64) {
        let took = (ours - asked).max(0);
        let ahead = theirs - (asked + took / 2);
        let keep = self.clock.is_some_and(|(was, best)| took > best && (was - ahead).abs() < 5_000);
        if !keep {
            self.clock = Some((ahead, took));
        }
    }

    /// Whether something can be answered now.
    pub fn open(&self, ours: i64) -> bool {
        self.status == "running"
            && !self.handed_in
            && !self.replaced
            && self.left(ours).is_some_and(|left| left > 0)
    }

    /// Of how many tasks something is not confirmed. Handing in is no answer: see [`Model::unheard`].
    pub fn waiting(&self) -> usize {
        let mut slots: Vec<i64> = Vec::new();
        for event in self.unsent.iter().filter(|event| counts(&event.json)) {
            let Some(slot) = event.json.int("slot") else { continue };
            if !slots.contains(&slot) {
                slots.push(slot);
            }
        }
        slots.len()
    }

    /// Whether something that the result depends on is not confirmed: an answer, or handing in.
    pub fn unheard(&self) -> bool {
        self.unsent.iter().any(|event| counts(&event.json))
    }

    /// An appeal that the worker has taken.
    pub fn appealed(&mut self, slot: usize, ground: &str) {
        let slot = i64::try_from(slot).unwrap_or(-1);
        self.appeals.push(map([("slot", slot.into()), ("ground", ground.into())]));
    }

    /// Whether what was done with a task is not confirmed.
    pub fn waits(&self, slot: usize) -> bool {
        let slot = i64::try_from(slot).unwrap_or(-1);
        self.unsent.iter().any(|e| counts(&e.json) && e.json.int("slot") == Some(slot))
    }

    /// Answered tasks.
    pub fn answered(&self) -> usize {
        self.answers.iter().filter(|answer| !answer.is_empty()).count()
    }

    /// Something was done.
    pub fn act(&mut self, what: &str, slot: Option<usize>, value: &str, mono: i64) -> Event {
        self.next += 1;
        let mut json = map([
            ("n", i64::from(self.next).into()),
            ("what", what.into()),
            ("value", value.into()),
            ("mono", mono.into()),
        ]);
        if let Some(slot) = slot.and_then(|slot| i64::try_from(slot).ok()) {
            json.put("slot", slot.into());
        }
        let event = Event { epoch: self.epoch, n: self.next, json };
        self.apply(&event);
        self.unsent.push(event.clone());
        event
    }

    /// What an event does to what is shown.
    fn apply(&mut self, event: &Event) {
        let slot = event.json.int("slot").and_then(|slot| usize::try_from(slot).ok());
        match event.json.str("what") {
            "answer" => {
                if let Some(held) = slot.and_then(|slot| self.answers.get_mut(slot)) {
                    event.json.str("value").clone_into(held);
                }
            }
            "mark" => {
                if let Some(held) = slot.and_then(|slot| self.marks.get_mut(slot)) {
                    *held = event.json.str("value") == "true";
                }
            }
            "finish" => self.handed_in = true,
            _ => {}
        }
    }

    /// A new line: everything that is not confirmed is said again.
    pub fn connected(&mut self) {
        self.said = 0;
    }

    /// The next message for this epoch, unless all was said already.
    pub fn message(&mut self) -> Option<String> {
        let (epoch, said) = (self.epoch, self.said);
        let fresh = self.unsent.iter().filter(|e| e.epoch == epoch && e.n > said);
        let events = some(fresh);
        let last = events.last()?.n;
        let events = Json::List(events.into_iter().map(|event| event.json.clone()).collect());
        self.said = last;
        Some(json::write(&map([("events", events)])))
    }

    /// A message for a post: of the oldest epoch that has something, or of any but ours.
    pub fn post(&self, old_only: bool) -> Option<String> {
        let first = self.unsent.iter().find(|e| !old_only || e.epoch != self.epoch)?;
        let epoch = first.epoch;
        let events = some(self.unsent.iter().filter(|e| e.epoch == epoch));
        let events = Json::List(events.into_iter().map(|event| event.json.clone()).collect());
        Some(json::write(&map([("epoch", i64::from(epoch).into()), ("events", events)])))
    }

    /// The worker has confirmed: epoch and number up to which nothing needs to be kept.
    pub fn received(&mut self, said: &Json, asked: i64, ours: i64) -> Option<(u32, u32)> {
        let number = |name: &str| said.int(name).and_then(|n| u32::try_from(n).ok());
        let (epoch, upto) = (number("epoch")?, number("upto")?);
        let number = |one: &Json| match one {
            Json::Number(digits) => digits.parse::<u32>().ok(),
            _ => None,
        };
        let late: Vec<u32> = said.list("uncounted").iter().filter_map(number).collect();
        for event in &self.unsent {
            let slot = event.json.int("slot");
            let came = event.epoch == epoch && late.contains(&event.n) && counts(&event.json);
            if came && !self.uncounted.contains(&slot) {
                self.uncounted.push(slot);
            }
        }
        self.unsent.retain(|event| event.epoch != epoch || event.n > upto);
        if said.flag("replaced") && epoch == self.epoch {
            self.replaced = true;
        }
        if let Some(now) = said.int("now") {
            self.hear_clock(now, asked, ours);
        }
        said.str("status").clone_into(&mut self.status);
        self.deadline = said.int("deadline");
        Some((epoch, upto))
    }

    /// How it stands, as the worker pushes it.
    pub fn view(&mut self, view: &Json, asked: i64, ours: i64) {
        view.str("status").clone_into(&mut self.status);
        self.deadline = view.int("deadline");
        if let Some(now) = view.int("now") {
            self.hear_clock(now, asked, ours);
        }
    }

    /// All that the worker knows. What was done here and is not confirmed lies on top of it.
    pub fn known(&mut self, all: &Json, asked: i64, ours: i64) {
        self.view(all.at("view"), asked, ours);
        let slots = all.int("exam.slots").and_then(|n| usize::try_from(n).ok()).unwrap_or_default();
        self.exam = all.at("exam").clone();
        self.appeals_until = all.int("appeals_until");
        self.learn_keys(all);
        self.answers = vec![String::new(); slots];
        self.marks = vec![false; slots];
        for one in all.list("answers") {
            let slot = one.int("slot").and_then(|slot| usize::try_from(slot).ok());
            let Some(slot) = slot.filter(|slot| *slot < slots) else { continue };
            if one.int("mark") == Some(1) {
                self.marks[slot] = one.str("value") == "true";
            } else {
                one.str("value").clone_into(&mut self.answers[slot]);
            }
        }
        if let Some(report) = all.get("report").filter(|report| **report != Json::Null) {
            self.report = Some(report.clone());
        }
        // Told once the result is in the database; what was known before stays until then.
        if let Some(scoring) = all.int("scoring") {
            self.scoring = scoring;
            self.annulled = all.flag("annulled");
            self.appeals = all.list("appeals").to_vec();
        }
        for event in self.unsent.clone() {
            self.apply(&event);
        }
    }

    /// Keys that were handed over.
    pub fn learn_keys(&mut self, all: &Json) {
        for pair in all.list("keys") {
            let Json::List(pair) = pair else { continue };
            let [n, key] = pair.as_slice() else { continue };
            let Json::Number(n) = n else { continue };
            let Ok(n) = n.parse() else { continue };
            if !self.keys.iter().any(|(have, _)| *have == n) {
                self.keys.push((n, key.text().to_owned()));
            }
        }
    }

    /// The worker gave this page an epoch. The same as before goes on counting, another begins anew.
    pub fn take_epoch(&mut self, epoch: u32) {
        if self.epoch != epoch {
            self.next = 0;
        }
        self.epoch = epoch;
        self.said = 0;
        self.replaced = false;
    }

    /// What is kept on the device beside the events.
    pub fn record(&self) -> String {
        let keys = self
            .keys
            .iter()
            .map(|(n, key)| Json::List(vec![i64::from(*n).into(), key.as_str().into()]));
        let answers =
            self.answers.iter().enumerate().filter(|(_, a)| !a.is_empty()).map(|(n, a)| {
                map([
                    ("slot", (n as i64).into()),
                    ("mark", 0_i64.into()),
                    ("value", a.as_str().into()),
                ])
            });
        let marks = self.marks.iter().enumerate().filter(|(_, marked)| **marked).map(|(n, _)| {
            map([("slot", (n as i64).into()), ("mark", 1_i64.into()), ("value", "true".into())])
        });
        json::write(&map([
            ("page", self.page.as_str().into()),
            ("epoch", i64::from(self.epoch).into()),
            ("next", i64::from(self.next).into()),
            ("ahead", self.clock.map_or(0, |(ahead, _)| ahead).into()),
            (
                "view",
                map([
                    ("status", self.status.as_str().into()),
                    ("deadline", self.deadline.map_or(Json::Null, Json::from)),
                ]),
            ),
            ("exam", self.exam.clone()),
            ("keys", Json::List(keys.collect())),
            ("answers", Json::List(answers.chain(marks).collect())),
        ]))
    }

    /// Takes up what was kept: everything of another page too, so that nothing stays behind.
    pub fn recall(&mut self, kept: &Json) {
        let record = kept.at("record");
        let number = |name: &str| record.int(name).and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
        record.str("page").clone_into(&mut self.page);
        self.epoch = number("epoch");
        self.next = number("next");
        self.clock = record.int("ahead").map(|ahead| (ahead, i64::MAX));
        for one in kept.list("events") {
            let number = |name: &str| one.int(name).and_then(|n| u32::try_from(n).ok());
            let (Some(epoch), Some(n)) = (number("epoch"), one.at("json").int("n")) else {
                continue;
            };
            let Ok(n) = u32::try_from(n) else { continue };
            if epoch == self.epoch {
                self.next = self.next.max(n);
            }
            self.unsent.push(Event { epoch, n, json: one.at("json").clone() });
        }
        let status = record.str("view.status").to_owned();
        let deadline = record.int("view.deadline");
        self.known(record, 0, 0);
        (self.status, self.deadline) = (status, deadline);
    }
}

impl Event {
    /// As it is kept on the device.
    pub fn text(&self) -> String {
        json::write(&map([("epoch", i64::from(self.epoch).into()), ("json", self.json.clone())]))
    }
}

/// As many events as fit into a message; at least one.
fn some<'a>(events: impl Iterator<Item = &'a Event>) -> Vec<&'a Event> {
    let mut bytes = 0;
    let fits = |event: &&Event| {
        let first = bytes == 0;
        bytes += event.json.str("value").len();
        first || bytes <= BYTES_MOST
    };
    events.take(MESSAGE_MOST).take_while(fits).collect()
}

fn counts(json: &Json) -> bool {
    matches!(json.str("what"), "answer" | "mark" | "finish")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn running() -> Model {
        let mut model = Model { attempt: "a".into(), ..Model::default() };
        model.take_epoch(1);
        let all = r#"{"view":{"status":"running","deadline":100000,"now":1000},"exam":{"slots":3},
            "keys":[[0,"ff"]],"answers":[{"slot":1,"mark":0,"value":"x"},{"slot":1,"mark":1,"value":"true"}]}"#;
        model.known(&json::read(all).unwrap_or_default(), 0, 0);
        model
    }

    fn said(text: &str) -> Json {
        json::read(text).unwrap_or_default()
    }

    #[test]
    fn nothing_is_forgotten_before_it_is_confirmed() {
        let mut model = running();
        model.act("answer", Some(0), "one", 0);
        model.act("answer", Some(0), "two", 0);
        assert_eq!((model.waiting(), model.waits(0), model.waits(1)), (1, true, false));
        assert!(model.message().is_some_and(|text| text.contains("two")));
        assert_eq!(model.message(), None, "said once a line");
        model.connected();
        assert!(model.message().is_some(), "and again on the next");
        let ack = r#"{"epoch":1,"upto":1,"status":"running","deadline":100000,"now":2000}"#;
        assert_eq!(model.received(&said(ack), 0, 0), Some((1, 1)));
        assert_eq!((model.waiting(), model.waits(0)), (1, true));
        // What is not confirmed lies on top of what the worker knows.
        model.known(&said(r#"{"view":{"status":"running"},"exam":{"slots":3},"answers":[{"slot":0,"mark":0,"value":"one"}]}"#), 0, 0);
        assert_eq!(model.answers[0], "two");
    }

    #[test]
    fn handing_in_is_no_answer_but_is_waited_for() {
        let mut model = running();
        model.act("answer", Some(0), "one", 0);
        model.act("finish", None, "", 0);
        assert_eq!((model.waiting(), model.unheard()), (1, true));
        model.received(&said(r#"{"epoch":1,"upto":1,"status":"running"}"#), 0, 0);
        assert_eq!((model.waiting(), model.unheard()), (0, true));
        model.received(&said(r#"{"epoch":1,"upto":2,"status":"submitted"}"#), 0, 0);
        assert!(!model.unheard());
    }

    #[test]
    fn a_decision_changes_the_result_and_answers_the_appeal() {
        let mut model = running();
        let known = |scoring: i64, decision: &str| {
            said(&format!(
                r#"{{"view":{{"status":"submitted"}},"exam":{{"slots":3}},"report":{{"total":{{"points":{scoring}}}}},
                    "scoring":{scoring},"appeals":[{{"slot":1,"ground":"key","decision":{decision}}}]}}"#
            ))
        };
        model.appealed(1, "key");
        model.known(&known(1, "null"), 0, 0);
        assert_eq!((model.scoring, model.appeals.len()), (1, 1));
        model.known(&known(2, r#""key""#), 0, 0);
        assert_eq!((model.scoring, model.appeals[0].str("decision")), (2, "key"));
        assert_eq!(model.report.as_ref().and_then(|all| all.int("total.points")), Some(2));
    }

    #[test]
    fn long_texts_are_said_in_several_messages() {
        let mut model = running();
        let text = "ұ".repeat(10_000);
        for _ in 0..12 {
            model.act("answer", Some(0), &text, 0);
        }
        let lengths = [model.message(), model.message(), model.message(), model.message()]
            .map(|text| text.map_or(0, |text| said(&text).list("events").len()));
        assert_eq!(lengths, [5, 5, 2, 0]);
        assert_eq!(said(&model.post(false).unwrap_or_default()).list("events").len(), 5);
        // One that is longer than a message goes by itself.
        let mut model = running();
        model.act("answer", Some(0), &text.repeat(20), 0);
        model.act("answer", Some(1), "x", 0);
        assert_eq!(said(&model.message().unwrap_or_default()).list("events").len(), 1);
    }

    #[test]
    fn another_epoch_counts_anew_and_the_old_one_is_posted() {
        let mut model = running();
        model.act("answer", Some(0), "old", 0);
        model.take_epoch(2);
        let event = model.act("answer", Some(2), "new", 0);
        assert_eq!((event.epoch, event.n), (2, 1));
        let old = said(&model.post(true).unwrap_or_default());
        assert_eq!((old.int("epoch"), old.list("events").len()), (Some(1), 1));
        model.received(&said(r#"{"epoch":1,"upto":1,"replaced":true,"status":"running"}"#), 0, 0);
        assert!(!model.replaced, "the one before was replaced, not this one");
        assert_eq!(model.post(true), None);
        assert_eq!(model.waiting(), 1);
    }

    #[test]
    fn a_page_that_comes_back_goes_on_where_it_was() {
        let mut model = running();
        model.page = "p".into();
        let event = model.act("answer", Some(0), "mine", 5);
        model.act("mark", Some(2), "true", 6);
        let kept = format!(r#"{{"record":{},"events":[{}]}}"#, model.record(), event.text());
        let mut back = Model::default();
        back.recall(&said(&kept));
        assert_eq!((back.page.as_str(), back.epoch, back.next), ("p", 1, 2));
        assert_eq!(back.answers, ["mine", "x", ""]);
        assert!(back.waits(0));
        assert_eq!(back.marks, [false, true, true]);
        assert_eq!((back.status.as_str(), back.deadline), ("running", Some(100_000)));
    }

    #[test]
    fn the_clock_is_the_workers_and_the_quickest_answer_tells_it() {
        let mut model = running();
        model.clock = None;
        model.hear_clock(10_000, 0, 200);
        assert_eq!(model.now(0), 9_900);
        model.hear_clock(12_000, 0, 4_000);
        assert_eq!(model.now(0), 9_900, "a slow answer says less");
        model.hear_clock(11_000, 1_000, 1_020);
        assert_eq!(model.now(0), 9_990);
        // The clock of the device was set by an hour: what was heard before is worth nothing.
        model.hear_clock(12_000, 3_602_000, 3_603_000);
        assert_eq!(model.now(3_603_000), 12_500);
        assert!(model.open(3_603_000));
        assert!(!model.open(3_603_000 + 90_000), "the end is a moment of the worker");
    }
}
