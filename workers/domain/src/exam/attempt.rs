//! An attempt as a state machine. It knows no storage: every step is given the moment, changes the
//! [`State`] and says which rows are to be written with it in one transaction.
//!
//! What a client does are events numbered `(epoch, cseq)`: the epoch is given by the server when a
//! page takes the attempt over, the number is counted by the page. Events may come twice, late, in
//! any order and with gaps; the answers are the same in the end. Nothing that came in time is lost,
//! nothing that came too late is counted, and what came too late is kept as evidence.
//!
//! The deadline is a moment of the server, moved by nobody but a proctor. What comes within the grace
//! after it was on its way and counts with a remark.

mod chain;
mod client;
mod kinds;

use serde::{Deserialize, Serialize};

pub use chain::{Fate, Row, START, chained};
pub use client::{EVENTS_MAX, Event, PAYLOAD_MAX, Received, Refused, What};
pub use kinds::{Cannot, Put, Status, Terms, Writes};

/// Epochs of an attempt: how often it may be taken over.
pub const EPOCHS_MAX: u32 = 200;
/// Rows of an attempt: beyond, remarks of the page are dropped, answers still count.
pub const ROWS_MAX: u32 = 20_000;
/// Answers, marks and tasks shown of an attempt. A page gives an answer a second at most, so this is
/// more than eleven hours of typing without a pause; what comes beyond is refused.
pub const GIVEN_MAX: u32 = 40_000;
/// Bytes of what was said with them, likewise.
pub const BYTES_MAX: u64 = 64 << 20;
/// Bytes beyond which remarks are dropped.
const REMARKS_MAX: u64 = 8 << 20;

/// What came of one epoch: all numbers up to `upto`, and some beyond a gap.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Came {
    upto: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    ahead: Vec<u32>,
    /// The number with which the page handed the attempt in; it counts once all before it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    finish: Option<u32>,
    /// The latest numbers that are kept and do not count: every confirmation tells them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    uncounted: Vec<u32>,
    /// Tasks that were shown, with the page's clock.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    shown: Vec<(u16, i64)>,
    /// Server's and page's clock at the first contact of the epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    clocks: Option<(i64, i64)>,
}

/// The number of the event that an answer or a mark comes from: the newer one holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Stamp(u32, u32);

/// An attempt. Small: answers themselves are rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// How it stands.
    pub status: Status,
    /// The numbers.
    pub terms: Terms,
    /// When it began, milliseconds.
    pub started_at: Option<i64>,
    /// When the time ends.
    pub deadline: Option<i64>,
    /// Since when the clock stands still.
    pub paused_at: Option<i64>,
    /// When it was over.
    pub finished_at: Option<i64>,
    /// Milliseconds that a proctor added.
    pub extra: i64,
    /// The epoch in force; 0 before the first page.
    pub epoch: u32,
    /// Rows so far.
    pub rows: u32,
    /// Hash of the last row.
    pub head: String,
    /// The last block that was opened; all before it are open too, unless one goes forward only.
    pub block: u16,
    /// Last sign of life of the page.
    pub seen_at: Option<i64>,
    /// How many of [`GIVEN_MAX`] so far, and bytes of all that was written.
    #[serde(default)]
    given: (u32, u64),
    /// How often answers were taken from paper.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub papers: u32,
    came: Vec<Came>,
    answered: Vec<Option<Stamp>>,
    marked: Vec<Option<Stamp>>,
}

impl State {
    /// Before the beginning.
    pub fn new(terms: Terms) -> State {
        let slots = usize::from(terms.slots);
        State {
            status: Status::Ready,
            terms,
            started_at: None,
            deadline: None,
            paused_at: None,
            finished_at: None,
            extra: 0,
            epoch: 0,
            rows: 0,
            head: START.to_owned(),
            block: 0,
            seen_at: None,
            given: (0, 0),
            papers: 0,
            came: Vec::new(),
            answered: vec![None; slots],
            marked: vec![None; slots],
        }
    }

    /// Begins: from here on the clock runs.
    ///
    /// # Errors
    /// It has begun before.
    pub fn start(&mut self, now: i64) -> Result<Writes, Cannot> {
        if self.status != Status::Ready {
            return Err(if self.status.over() { Cannot::Over } else { Cannot::Already });
        }
        self.status = Status::Running;
        self.started_at = Some(now);
        self.deadline = Some(now + self.terms.length);
        if !self.terms.forward {
            self.block = self.terms.blocks.len() as u16;
        }
        Ok(self.server_row(now, "start", ""))
    }

    /// A page takes the attempt over and gets the next epoch. The page before it is to be told.
    /// Before the beginning and after the end too: whoever comes back must be able to read.
    ///
    /// # Errors
    /// It was taken over too often.
    pub fn take_over(&mut self, now: i64, device: &str) -> Result<Writes, Cannot> {
        if self.epoch >= EPOCHS_MAX {
            return Err(Cannot::TooMuch);
        }
        let mut writes = self.tick(now);
        self.epoch += 1;
        self.came.push(Came::default());
        let kind = if self.epoch == 1 { "open" } else { "take_over" };
        writes.rows.push(self.row(now, kind, device));
        self.seen_at = Some(now);
        Ok(writes)
    }

    /// A sign of life: a silence before it is noted.
    pub fn alive(&mut self, now: i64) -> Writes {
        let mut writes = Writes::default();
        let silence = self.seen_at.map_or(0, |seen| now - seen);
        if self.status == Status::Running && silence > self.terms.gap {
            writes.rows.push(self.row(now, "gap", &silence.to_string()));
        }
        self.seen_at = Some(now.max(self.seen_at.unwrap_or(now)));
        writes
    }

    /// Stops the clock.
    ///
    /// # Errors
    /// It does not run.
    pub fn pause(&mut self, now: i64, why: &str) -> Result<Writes, Cannot> {
        let mut writes = self.tick(now);
        match self.status {
            Status::Running => {}
            Status::Ready => return Err(Cannot::NotBegun),
            Status::Paused => return Err(Cannot::Already),
            _ => return self.over_unless(writes),
        }
        self.status = Status::Paused;
        self.paused_at = Some(now);
        writes.rows.push(self.row(now, "pause", why));
        Ok(writes)
    }

    /// Lets the clock run again; the deadline moves by what it stood still.
    ///
    /// # Errors
    /// It does not stand still.
    pub fn resume(&mut self, now: i64, why: &str) -> Result<Writes, Cannot> {
        let (Status::Paused, Some(since)) = (self.status, self.paused_at) else {
            return Err(match self.status {
                Status::Ready => Cannot::NotBegun,
                Status::Running => Cannot::Already,
                _ => Cannot::Over,
            });
        };
        self.status = Status::Running;
        self.paused_at = None;
        self.deadline = self.deadline.map(|deadline| deadline + (now - since).max(0));
        self.seen_at = Some(now);
        Ok(self.server_row(now, "resume", why))
    }

    /// Gives more time, milliseconds.
    ///
    /// # Errors
    /// It is over, or this is no time to give: none, or more than a day.
    pub fn extend(&mut self, now: i64, more: i64, why: &str) -> Result<Writes, Cannot> {
        if more <= 0 || self.extra.saturating_add(more) > 86_400_000 {
            return Err(Cannot::TooMuch);
        }
        let mut writes = self.tick(now);
        if self.status.over() {
            return self.over_unless(writes);
        }
        self.extra += more;
        match self.deadline.as_mut() {
            Some(deadline) => *deadline += more,
            None => self.terms.length += more,
        }
        writes.rows.push(self.row(now, "extend", &format!("{more} {why}")));
        Ok(writes)
    }

    /// Opens the next block; where one goes forward only, the one before it is closed by that.
    /// Opening what is open changes nothing: the page may ask again.
    ///
    /// # Errors
    /// The clock does not run, or this is not the next block.
    pub fn open_block(&mut self, now: i64, block: u16) -> Result<Writes, Cannot> {
        let mut writes = self.tick(now);
        match self.status {
            Status::Running => {}
            Status::Ready => return Err(Cannot::NotBegun),
            _ => return self.over_unless(writes),
        }
        if block > self.block {
            if block != self.block + 1 || usize::from(block) > self.terms.blocks.len() {
                return Err(Cannot::TooMuch);
            }
            self.block = block;
            writes.rows.push(self.row(now, "block", &block.to_string()));
        }
        Ok(writes)
    }

    /// Ends it for a violation.
    ///
    /// # Errors
    /// It is over.
    pub fn terminate(&mut self, now: i64, act: &str) -> Result<Writes, Cannot> {
        let mut writes = self.tick(now);
        if self.status.over() {
            return self.over_unless(writes);
        }
        self.end(now, Status::Terminated, act, &mut writes);
        Ok(writes)
    }

    /// Takes answers that two people have read from paper, and ends what is not over by itself. They
    /// hold against everything that a page has said; tasks that were left empty on paper stay as
    /// they are. Time that ran out while the line was gone is no reason to lose them.
    ///
    /// # Errors
    /// It was handed in, or ended for a violation.
    pub fn paper(
        &mut self,
        now: i64,
        answers: &[(u16, String)],
        why: &str,
    ) -> Result<Writes, Cannot> {
        let mut writes = self.tick(now);
        if matches!(self.status, Status::Submitted | Status::Terminated) {
            return Err(Cannot::Over);
        }
        self.papers += 1;
        writes.rows.push(self.row(now, "paper", why));
        for (slot, value) in answers {
            let Some(held) = self.answered.get_mut(usize::from(*slot)) else { continue };
            *held = Some(Stamp(u32::MAX, self.papers));
            writes.puts.push(Put {
                slot: *slot,
                value: Some(value.clone()),
                mark: false,
                late: false,
            });
            let row = Row {
                at: now,
                kind: "paper_answer".to_owned(),
                slot: Some(*slot),
                payload: value.clone(),
                ..Row::default()
            };
            let row = self.chain(row);
            writes.rows.push(row);
        }
        if !self.status.over() {
            self.started_at = self.started_at.or(Some(now));
            self.deadline = self.deadline.or(Some(now));
            self.end(now, Status::Submitted, "paper", &mut writes);
        }
        Ok(writes)
    }

    /// Whatever is due by now. Safe to do at any time and as often as one likes: alarms come twice
    /// or never, so every look at an attempt does this first.
    pub fn tick(&mut self, now: i64) -> Writes {
        let mut writes = Writes::default();
        if self.due().is_some_and(|due| now > due) {
            self.end(now, Status::Expired, "", &mut writes);
        }
        writes
    }

    /// The last moment at which something is taken; the attempt is to be looked at after it.
    pub fn due(&self) -> Option<i64> {
        (self.status == Status::Running)
            .then(|| self.deadline.map(|deadline| deadline + self.terms.grace))
            .flatten()
    }

    /// Milliseconds that are left; where the clock stands still, those at which it did.
    pub fn left(&self, now: i64) -> i64 {
        match (self.status, self.deadline) {
            (Status::Ready, _) => self.terms.length,
            (Status::Running, Some(deadline)) => (deadline - now).max(0),
            (Status::Paused, Some(deadline)) => (deadline - self.paused_at.unwrap_or(now)).max(0),
            _ => 0,
        }
    }

    /// How many tasks have been answered at some time.
    pub fn answered(&self) -> usize {
        self.answered.iter().flatten().count()
    }

    fn end(&mut self, now: i64, status: Status, why: &str, writes: &mut Writes) {
        self.status = status;
        // Who was late in looking does not make the test longer.
        let at = self.due().or(self.deadline.map(|d| d + self.terms.grace));
        self.finished_at = Some(match (status, at) {
            (Status::Expired, Some(at)) => at,
            _ => now,
        });
        self.paused_at = None;
        writes.rows.push(self.row(now, status.code(), why));
        writes.ended = true;
    }

    /// A step that came too late still has to write the end that it found due.
    fn over_unless(&self, writes: Writes) -> Result<Writes, Cannot> {
        if writes.ended { Ok(writes) } else { Err(Cannot::Over) }
    }

    fn server_row(&mut self, now: i64, kind: &str, payload: &str) -> Writes {
        Writes { rows: vec![self.row(now, kind, payload)], ..Writes::default() }
    }

    fn row(&mut self, now: i64, kind: &str, payload: &str) -> Row {
        self.chain(Row {
            at: now,
            kind: kind.to_owned(),
            payload: payload.to_owned(),
            ..Row::default()
        })
    }

    fn chain(&mut self, mut row: Row) -> Row {
        self.rows += 1;
        row.n = self.rows;
        row.hash = chained(&self.head, &row);
        self.head.clone_from(&row.hash);
        row
    }
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}

#[cfg(test)]
mod tests;
