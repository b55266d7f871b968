//! Work after the answer.

use std::{cell::RefCell, collections::BTreeMap};

use app::http::After;
use domain::{shared::time::Timestamp, vacancy::sql::add_views};

use crate::{glue, log, worker, world::World};

/// Views are collected for so long and written at once: a page that everybody reads costs one
/// write in that time, not one a reader.
const COLLECT_MS: u32 = 2000;
/// A writer that has not come back after so long was ended by the runtime; the next view takes over.
const GIVEN_UP_MS: i64 = 30_000;

/// Vacancy, day, language, source.
type View = (String, String, &'static str, &'static str);

/// Views that were not written yet.
#[derive(Default)]
struct Views {
    counted: BTreeMap<View, u32>,
    /// Since when somebody waits to write them.
    writer: Option<Timestamp>,
}

impl Views {
    /// Counts one; whether the caller has to write them all, a while later.
    fn count(&mut self, view: View, now: Timestamp) -> bool {
        *self.counted.entry(view).or_default() += 1;
        let waits = |since: Timestamp| now.millis() - since.millis() < GIVEN_UP_MS;
        let first = !self.writer.is_some_and(waits);
        if first {
            self.writer = Some(now);
        }
        first
    }

    /// All that were counted, as `add_views` takes them.
    fn take(&mut self) -> String {
        self.writer = None;
        let rows: Vec<_> = std::mem::take(&mut self.counted)
            .into_iter()
            .map(|((vacancy, day, lang, source), n)| (vacancy, day, lang, source, n))
            .collect();
        serde_json::to_string(&rows).unwrap_or_default()
    }
}

/// One request at a time drains the outbox: a second one would find the same events. So long the
/// one that does so waits for more before it looks again, where others have asked meanwhile.
const GATHER_MS: u32 = 100;
/// After so long it leaves the rest to the next request or the sweep: work after an answer has its
/// limits.
const DRAIN_MS: i64 = 20_000;

/// Who drains the outbox.
#[derive(Default)]
struct Drain {
    /// Since when somebody does.
    since: Option<Timestamp>,
    /// Whether somebody else has asked for it since.
    asked: bool,
}

impl Drain {
    /// Whether the caller has to do it; if not, somebody else looks once more.
    fn begin(&mut self, now: Timestamp) -> bool {
        let works = |since: Timestamp| now.millis() - since.millis() < GIVEN_UP_MS;
        if self.since.is_some_and(works) {
            self.asked = true;
            return false;
        }
        *self = Drain { since: Some(now), asked: false };
        true
    }

    /// Whether to look once more; if not, it is over.
    fn again(&mut self, began: Timestamp, now: Timestamp) -> bool {
        // Somebody took over, because this one was thought to be gone.
        if self.since != Some(began) {
            return false;
        }
        let again = self.asked && now.millis() - began.millis() < DRAIN_MS;
        *self = Drain { since: again.then_some(began), asked: false };
        again
    }
}

thread_local! {
    static VIEWS: RefCell<Views> = RefCell::default();
    static DRAIN: RefCell<Drain> = RefCell::default();
}

/// Hands the outbox to its consumers, unless somebody is at it: then that one looks once more.
pub async fn drain(world: &World) -> Result<(), String> {
    let Some(once) = worker(|worker| worker.drain) else { return Ok(()) };
    let began = world.ports().now;
    if !DRAIN.with_borrow_mut(|drain| drain.begin(began)) {
        return Ok(());
    }
    loop {
        let done = once(world.clone()).await;
        let now = world.ports().now;
        if !DRAIN.with_borrow_mut(|drain| drain.again(began, now)) {
            return done;
        }
        if let Err(text) = done {
            log(&text);
        }
        glue::pause(GATHER_MS).await;
    }
}

/// Does what an answer left to do. A failure here is logged: the answer has gone out.
pub async fn work(world: &World, list: Vec<After>) {
    for after in list {
        let done = match after {
            After::DrainOutbox => drain(world).await,
            After::CountView { vacancy, lang, source } => {
                count(world, (vacancy, world.ports().now.day().to_string(), lang, source)).await
            }
        };
        if let Err(text) = done {
            log(&text);
        }
    }
}

async fn count(world: &World, view: View) -> Result<(), String> {
    let now = world.ports().now;
    if !VIEWS.with_borrow_mut(|views| views.count(view, now)) {
        return Ok(());
    }
    glue::pause(COLLECT_MS).await;
    let counted = VIEWS.with_borrow_mut(Views::take);
    let written = world.ports().db.batch(vec![add_views(&counted)]).await;
    written.map(drop).map_err(|e| format!("views: {e:?}"))
}
