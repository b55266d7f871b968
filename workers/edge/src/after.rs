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

thread_local! {
    static VIEWS: RefCell<Views> = RefCell::default();
}

/// Does what an answer left to do. A failure here is logged: the answer has gone out.
pub async fn work(world: &World, list: Vec<After>) {
    for after in list {
        let done = match after {
            After::DrainOutbox => match worker(|worker| worker.drain) {
                Some(drain) => drain(world.clone()).await,
                None => Ok(()),
            },
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
