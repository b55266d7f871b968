//! Events of the page.

use serde::{Deserialize, Serialize};

use super::{
    BYTES_MAX, Came, Fate, GIVEN_MAX, Put, REMARKS_MAX, ROWS_MAX, Row, Stamp, State, Status, Writes,
};
use crate::bank::answer::Answer;

/// Most events of one message.
pub const EVENTS_MAX: usize = 200;
/// Longest payload, bytes: as many gaps as an item may have, each filled to its end.
pub const PAYLOAD_MAX: usize = 65_536;
/// How far beyond a gap events are taken.
const AHEAD_MAX: u32 = 500;
/// How many of the latest events that do not count are remembered: more than a page keeps unsent.
const UNCOUNTED_MAX: usize = 1_000;
/// Room for handing in, beyond what an attempt may hold.
const FINISHES: u32 = 400;
/// Clocks that differ by more are noted, milliseconds.
const SKEW: i64 = 15_000;

/// What the page saw or did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The answer of a task; an empty value takes it back.
    Answer,
    /// The mark for review: `true` or `false`.
    Mark,
    /// A task came on the screen.
    Show,
    /// The person hands it in.
    Finish,
    /// The window lost the focus.
    Blur,
    /// It has it again.
    Focus,
    /// The page was hidden.
    Hidden,
    /// It is seen again.
    Visible,
    /// Full screen was left.
    Window,
    /// Something was pasted.
    Paste,
    /// Something was copied.
    Copy,
    /// The line was lost.
    Offline,
    /// It is there again.
    Online,
}

impl What {
    /// The code, as stored.
    pub const fn code(self) -> &'static str {
        match self {
            What::Answer => "answer",
            What::Mark => "mark",
            What::Show => "show",
            What::Finish => "finish",
            What::Blur => "blur",
            What::Focus => "focus",
            What::Hidden => "hidden",
            What::Visible => "visible",
            What::Window => "window",
            What::Paste => "paste",
            What::Copy => "copy",
            What::Offline => "offline",
            What::Online => "online",
        }
    }
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Number within the epoch, from 1.
    pub n: u32,
    /// What.
    pub what: What,
    /// Number of the task, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<u16>,
    /// More about it; an answer as JSON.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// The page's clock: milliseconds since it was opened.
    #[serde(default)]
    pub mono: i64,
}

impl Event {
    /// Whether it is held against the bounds of an attempt: remarks are dropped instead.
    const fn weighs(&self) -> bool {
        matches!(self.what, What::Answer | What::Mark | What::Show | What::Finish)
    }
}

/// Why a message is refused whole; nothing of it was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// No such epoch was given out.
    Epoch,
    /// It has not begun.
    NotBegun,
    /// Too many events, too long ones, or too far beyond a gap.
    TooMuch,
    /// The attempt holds as much as an attempt may; what it holds stays and counts.
    Full,
}

/// What the page is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// The epoch of the message.
    pub epoch: u32,
    /// All events up to this number are kept: the page forgets them and says "saved".
    pub upto: u32,
    /// Whether another page has the attempt now.
    pub replaced: bool,
    /// Numbers that are kept but do not count, of this message and of those before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uncounted: Vec<u32>,
    /// How it stands.
    pub status: Status,
    /// Server's clock.
    pub now: i64,
    /// When the time ends.
    pub deadline: Option<i64>,
    /// Milliseconds that are left.
    pub left: i64,
}

impl State {
    /// Takes a message of a page.
    ///
    /// # Errors
    /// The message is refused whole and nothing has changed.
    pub fn receive(
        &mut self,
        now: i64,
        epoch: u32,
        events: &[Event],
    ) -> Result<(Writes, Received), Refused> {
        let place = (epoch as usize).checked_sub(1).filter(|at| *at < self.came.len());
        let place = place.ok_or(Refused::Epoch)?;
        let upto = self.came[place].upto;
        let sound = |event: &Event| {
            event.n > 0
                && event.n <= upto.saturating_add(AHEAD_MAX)
                && event.value.len() <= PAYLOAD_MAX
        };
        if events.len() > EVENTS_MAX || !events.iter().all(sound) {
            return Err(Refused::TooMuch);
        }
        if self.status == Status::Ready && !events.is_empty() {
            return Err(Refused::NotBegun);
        }
        if self.full(place, events) {
            return Err(Refused::Full);
        }
        let mut writes = self.tick(now);
        if epoch == self.epoch {
            writes.rows.extend(self.alive(now).rows);
        }
        for event in events {
            if !self.came[place].has(event.n) {
                let fate = self.take(now, epoch, event, &mut writes);
                self.came[place].note(event.n, matches!(fate, Fate::Evidence | Fate::Unread));
            }
        }
        let came = &self.came[place];
        let handed_in = came.finish.is_some_and(|n| n <= came.upto);
        if handed_in && epoch == self.epoch && matches!(self.status, Status::Running) {
            self.end(now, Status::Submitted, "", &mut writes);
        }
        // Of earlier messages too: the line may have broken before the page was told, and answers to
        // two messages may arrive in another order than they were given.
        let Came { upto, uncounted, .. } = &self.came[place];
        let received = Received {
            epoch,
            upto: *upto,
            replaced: epoch != self.epoch,
            uncounted: uncounted.clone(),
            status: self.status,
            now,
            deadline: self.deadline,
            left: self.left(now),
        };
        Ok((writes, received))
    }

    /// Whether what is new of a message is more than the attempt may hold. Handing in has some room
    /// beyond; a message of which everything has come before is confirmed once more.
    fn full(&self, place: usize, events: &[Event]) -> bool {
        let (mut given, mut bytes) = self.given;
        let mut more = FINISHES;
        for event in events.iter().filter(|e| e.weighs() && !self.came[place].has(e.n)) {
            given += 1;
            bytes += event.value.len() as u64;
            if event.what != What::Finish || !event.value.is_empty() {
                more = 0;
            }
        }
        given > self.given.0 && (given > GIVEN_MAX + more || bytes > BYTES_MAX)
    }

    /// One event that has not come before.
    fn take(&mut self, now: i64, epoch: u32, event: &Event, writes: &mut Writes) -> Fate {
        let fate = self.fate(now, event);
        let stamp = Stamp(epoch, event.n);
        let slot = event.slot.map(usize::from);
        if matches!(fate, Fate::Counted | Fate::Late) {
            match event.what {
                What::Answer | What::Mark => {
                    let mark = event.what == What::Mark;
                    let held = if mark { &mut self.marked } else { &mut self.answered };
                    let held = slot.and_then(|slot| held.get_mut(slot));
                    if let Some(held) = held.filter(|held| held.is_none_or(|have| have < stamp)) {
                        *held = Some(stamp);
                        writes.puts.push(Put {
                            slot: event.slot.unwrap_or_default(),
                            value: (!event.value.is_empty()).then(|| event.value.clone()),
                            mark,
                            late: fate == Fate::Late,
                        });
                    }
                }
                What::Finish => {
                    let came = &mut self.came[epoch as usize - 1];
                    came.finish = Some(came.finish.map_or(event.n, |have| have.min(event.n)));
                }
                _ => {}
            }
        }
        let room = self.rows < ROWS_MAX && self.given.1 < REMARKS_MAX;
        self.given.0 += u32::from(event.weighs());
        // A page that floods the log with remarks loses the remarks, never an answer.
        if room || matches!(event.what, What::Answer | What::Finish) {
            self.given.1 += event.value.len() as u64;
            let row = self.chain(Row {
                at: now,
                epoch,
                cseq: event.n,
                kind: event.what.code().to_owned(),
                slot: event.slot,
                payload: event.value.clone(),
                mono: Some(event.mono),
                fate,
                ..Row::default()
            });
            writes.rows.push(row);
            if room {
                self.remarks(now, epoch, event, writes);
            }
        }
        fate
    }

    fn fate(&self, now: i64, event: &Event) -> Fate {
        let known = event.slot.is_some_and(|slot| slot < self.terms.slots);
        let readable = match event.what {
            What::Answer => known && (event.value.is_empty() || is_answer(&event.value)),
            What::Mark => known && matches!(event.value.as_str(), "true" | "false"),
            What::Show => known,
            _ => true,
        };
        if !readable {
            return Fate::Unread;
        }
        // Only the block that is open can be answered where one goes forward.
        let block = event.slot.map_or(self.block, |slot| self.terms.block_of(slot));
        if block > self.block || (self.terms.forward && block < self.block) {
            return Fate::Evidence;
        }
        match (self.status, self.deadline, self.paused_at) {
            (Status::Running, Some(deadline), _) if now <= deadline => Fate::Counted,
            (Status::Running, Some(deadline), _) if now <= deadline + self.terms.grace => {
                Fate::Late
            }
            // What was on its way when the clock was stopped still counts.
            (Status::Paused, _, Some(since)) if now <= since + self.terms.grace => Fate::Late,
            _ => Fate::Evidence,
        }
    }

    /// Facts that a person may look at: never a verdict.
    fn remarks(&mut self, now: i64, epoch: u32, event: &Event, writes: &mut Writes) {
        let quick = self.terms.quick;
        let came = &mut self.came[epoch as usize - 1];
        let (server, page) = *came.clocks.get_or_insert((now, event.mono));
        let mut found: Option<(&str, String)> = None;
        match (event.what, event.slot) {
            (What::Show, Some(slot)) if !came.shown.iter().any(|(have, _)| *have == slot) => {
                came.shown.push((slot, event.mono));
            }
            (What::Answer, Some(slot)) => {
                let shown = came.shown.iter().find(|(have, _)| *have == slot);
                let took = shown.map(|(_, at)| event.mono.saturating_sub(*at));
                if let Some(took) = took.filter(|took| (0..quick).contains(took)) {
                    found = Some(("quick", took.to_string()));
                }
            }
            _ => {}
        }
        // Events that waited for the line are late, so only a page whose clock runs ahead tells.
        let skew = event.mono.saturating_sub(page).saturating_sub(now - server);
        if found.is_none() && skew > SKEW {
            came.clocks = Some((now, event.mono));
            found = Some(("skew", skew.to_string()));
        }
        if let Some((kind, payload)) = found {
            let mut row =
                Row { at: now, kind: kind.to_owned(), payload, slot: event.slot, ..Row::default() };
            row = self.chain(row);
            writes.rows.push(row);
        }
    }
}

fn is_answer(value: &str) -> bool {
    serde_json::from_str::<Answer>(value).is_ok()
}

impl Came {
    fn has(&self, n: u32) -> bool {
        n <= self.upto || self.ahead.binary_search(&n).is_ok()
    }

    fn note(&mut self, n: u32, uncounted: bool) {
        if uncounted {
            let many = (self.uncounted.len() + 1).saturating_sub(UNCOUNTED_MAX);
            self.uncounted.drain(..many);
            self.uncounted.push(n);
        }
        if let Err(at) = self.ahead.binary_search(&n) {
            self.ahead.insert(at, n);
        }
        let close = self.ahead.iter().zip(self.upto + 1..).take_while(|(n, want)| *n == want);
        let close = close.count();
        self.upto += close as u32;
        self.ahead.drain(..close);
    }
}
