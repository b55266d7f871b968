//! One step of an attempt: the state and what is asked in, the state and what is to be written out.

use domain::exam::attempt::{Cannot, Event, Put, Received, Refused, Row, State, Status, Writes};
use serde::{Deserialize, Serialize};

use crate::No;

/// What is asked.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Nothing: whatever is due.
    Look,
    /// A page takes the attempt over.
    TakeOver {
        /// Browser and system in words.
        device: String,
    },
    /// The clock begins to run.
    Start,
    /// The next block is opened.
    Block {
        /// Its number.
        block: u16,
    },
    /// Events of a page.
    Receive {
        /// Its epoch.
        epoch: u32,
        /// The events.
        events: Vec<Event>,
        /// The last sign of life that did not wake the object.
        #[serde(default)]
        seen: Option<i64>,
    },
    /// The clock is stopped.
    Pause {
        /// Who and why.
        why: String,
    },
    /// The clock runs again.
    Resume {
        /// Who and why.
        why: String,
    },
    /// More time.
    Extend {
        /// Minutes.
        minutes: i64,
        /// Who and why.
        why: String,
    },
    /// It is ended for a violation.
    Terminate {
        /// Who and why.
        why: String,
    },
    /// Answers were read from paper.
    Paper {
        /// Number of the task and answer.
        answers: Vec<(u16, String)>,
        /// Who and why.
        why: String,
    },
}

/// A step.
#[derive(Debug, Deserialize)]
pub struct Step {
    state: State,
    now: i64,
    op: Op,
}

/// An answer or a mark to keep.
#[derive(Debug, Serialize)]
struct Kept {
    slot: u16,
    mark: bool,
    value: Option<String>,
    late: bool,
}

/// How it stands, for pages and proctors.
#[derive(Debug, Serialize)]
pub struct View {
    status: Status,
    epoch: u32,
    block: u16,
    now: i64,
    started_at: Option<i64>,
    deadline: Option<i64>,
    left: i64,
    answered: usize,
    slots: u16,
    finished_at: Option<i64>,
    seen_at: Option<i64>,
}

/// What comes of a step.
#[derive(Debug, Serialize)]
pub struct Done {
    state: State,
    rows: Vec<Row>,
    puts: Vec<Kept>,
    /// Whether this step ended the attempt.
    ended: bool,
    /// The object is to look again after this moment.
    due: Option<i64>,
    view: View,
    /// For a message of a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    received: Option<Received>,
    /// A word, where what was asked could not be done. What was found due was done nevertheless.
    #[serde(skip_serializing_if = "Option::is_none")]
    cannot: Option<&'static str>,
}

fn word(cannot: Cannot) -> &'static str {
    match cannot {
        Cannot::NotBegun => "not_begun",
        Cannot::Over => "over",
        Cannot::Already => "already",
        Cannot::TooMuch => "too_much",
    }
}

/// Takes a step.
///
/// # Errors
/// None: what cannot be done is a word in the answer.
pub fn step(input: Step) -> Result<Done, No> {
    let Step { mut state, now, op } = input;
    let mut received = None;
    let asked = |state: &mut State| -> Result<Writes, &'static str> {
        match op {
            Op::Look => Ok(state.tick(now)),
            Op::TakeOver { device } => state.take_over(now, &short(&device)).map_err(word),
            Op::Start => state.start(now).map_err(word),
            Op::Block { block } => state.open_block(now, block).map_err(word),
            Op::Pause { why } => state.pause(now, &short(&why)).map_err(word),
            Op::Resume { why } => state.resume(now, &short(&why)).map_err(word),
            Op::Extend { minutes, why } => {
                state.extend(now, minutes.saturating_mul(60_000), &short(&why)).map_err(word)
            }
            Op::Terminate { why } => state.terminate(now, &short(&why)).map_err(word),
            Op::Paper { answers, why } => state.paper(now, &answers, &short(&why)).map_err(word),
            Op::Receive { epoch, events, seen } => {
                if let Some(seen) = seen.filter(|seen| *seen <= now) {
                    state.seen_at = state.seen_at.max(Some(seen));
                }
                match state.receive(now, epoch, &events) {
                    Ok((writes, answer)) => {
                        received = Some(answer);
                        Ok(writes)
                    }
                    Err(Refused::Epoch) => Err("epoch"),
                    Err(Refused::NotBegun) => Err("not_begun"),
                    Err(Refused::TooMuch) => Err("too_much"),
                    Err(Refused::Full) => Err("full"),
                }
            }
        }
    };
    let outcome = asked(&mut state);
    let (writes, cannot) = match outcome {
        Ok(writes) => (writes, None),
        Err(word) => (state.tick(now), Some(word)),
    };
    let view = View {
        status: state.status,
        epoch: state.epoch,
        block: state.block,
        now,
        started_at: state.started_at,
        deadline: state.deadline,
        left: state.left(now),
        answered: state.answered(),
        slots: state.terms.slots,
        finished_at: state.finished_at,
        seen_at: state.seen_at,
    };
    let keep = |put: Put| Kept { slot: put.slot, mark: put.mark, value: put.value, late: put.late };
    Ok(Done {
        due: state.due(),
        rows: writes.rows,
        puts: writes.puts.into_iter().map(keep).collect(),
        ended: writes.ended,
        view,
        received,
        cannot,
        state,
    })
}

/// A look from the room: nothing is written, nothing is moved on.
#[derive(Debug, Deserialize)]
pub struct Glimpse {
    state: State,
    now: i64,
    /// The last sign of life that did not wake the object.
    #[serde(default)]
    seen: Option<i64>,
}

/// What a proctor sees of an attempt. Moments and counts only, so that it stays the same as long as
/// nothing happens.
#[derive(Debug, Serialize)]
pub struct Seen {
    status: Status,
    started_at: Option<i64>,
    deadline: Option<i64>,
    paused_at: Option<i64>,
    finished_at: Option<i64>,
    /// Minutes that a proctor gave.
    extra: i64,
    answered: usize,
    slots: u16,
    /// How often the page was opened anew elsewhere.
    moved: u32,
    /// Since when nothing is heard; none while something is.
    silent_since: Option<i64>,
}

/// A page is silent when nothing came for so many milliseconds: two beats of its line and a half.
const SILENCE: i64 = 25_000;

/// Says how an attempt stands.
///
/// # Errors
/// None.
pub fn glimpse(look: Glimpse) -> Result<Seen, No> {
    let Glimpse { state, now, seen } = look;
    let last = state.seen_at.max(seen);
    let over = state.status.over();
    Ok(Seen {
        status: state.status,
        started_at: state.started_at,
        deadline: state.deadline,
        paused_at: state.paused_at,
        finished_at: state.finished_at,
        extra: state.extra / 60_000,
        answered: state.answered(),
        slots: state.terms.slots,
        moved: state.epoch.saturating_sub(1),
        silent_since: last.filter(|last| !over && now - last > SILENCE),
    })
}

/// Words of a person, cut.
fn short(text: &str) -> String {
    text.chars().take(500).collect()
}
