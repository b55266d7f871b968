//! Item analysis as a chain of steps: gather answers, calibrate for a while, make the figures.
//!
//! Each step is one message of the queue and does a bounded amount of work, because the runtime
//! ends an event that computes for too long. Between steps everything is in the database. A step
//! may come twice, late or never: it is done once (its number is a guard of its batch), and the
//! sweep finds analyses that nobody goes on with. The clock does not move while the runtime
//! computes, so work is counted, not timed.

mod finish;
mod pack;
mod rules;
mod steps;

use app::{
    error::Fault,
    ports::{Courier, Db, DbError, read},
};
use domain::{
    analysis::{JOB, Run, Stage, sql},
    job::Job,
    shared::{statement::Statement, time::Timestamp},
};
use serde::Deserialize;

pub use rules::{Rules, rules};

/// What a step needs of the world.
pub struct World<'a> {
    /// The main database.
    pub db: &'a dyn Db,
    /// The queue.
    pub courier: &'a dyn Courier,
    /// The clock.
    pub now: &'a dyn Fn() -> Timestamp,
}

/// What a step wants written, and whether there is another one.
pub(crate) struct Outcome {
    statements: Vec<Statement>,
    more: bool,
}

/// Does one step of each analysis. Every one is tried even if another fails; the faults are for
/// the log, and the sweep comes back to what failed.
pub async fn run(world: &World<'_>, ids: &[String]) -> Vec<String> {
    let mut faults = Vec::new();
    for id in ids {
        if let Err(fault) = step(world, id).await {
            faults.push(format!("{id}: {}", fault.text()));
        }
    }
    faults
}

async fn step(world: &World<'_>, id: &str) -> Result<(), Fault> {
    let run: Option<Run> = read(world.db, sql::claim(id, (world.now)())).await?.first()?;
    let Some(run) = run else { return Ok(()) };
    let outcome = if run.tries > rules()?.step.tries {
        failed(&run, "stuck", world)
    } else {
        match run.stage {
            Stage::Gather => steps::gather(world, &run).await?,
            Stage::Calibrate => steps::calibrate(world, &run).await?,
            Stage::Finish => finish::finish(world, &run).await?,
        }
    };
    let mut batch = vec![sql::undone(&run)];
    batch.extend(outcome.statements);
    match world.db.batch(batch).await {
        Ok(_) => {}
        // The same step came twice and the other one was faster.
        Err(DbError::Check(_)) => return Ok(()),
        Err(error) => return Err(Fault::new(format!("analysis: {error:?}"))),
    }
    if outcome.more { enqueue(world, vec![run.id]).await } else { Ok(()) }
}

pub(crate) fn failed(run: &Run, why: &str, world: &World<'_>) -> Outcome {
    Outcome { statements: sql::failed(&run.id, why, (world.now)()).into(), more: false }
}

async fn enqueue(world: &World<'_>, ids: Vec<String>) -> Result<(), Fault> {
    let jobs: Vec<Job> = ids.into_iter().map(|id| Job { kind: JOB.into(), id }).collect();
    world.courier.enqueue(&jobs).await
}

/// Puts analyses that nobody goes on with back into the queue.
///
/// # Errors
/// A fault of the database or of the queue.
pub async fn sweep(world: &World<'_>) -> Result<(), Fault> {
    #[derive(Deserialize)]
    struct Id {
        id: String,
    }
    let before = (world.now)().plus_seconds(-rules()?.step.stale_seconds);
    let stale: Vec<Id> = read(world.db, sql::stale(before)).await?.all()?;
    if stale.is_empty() {
        return Ok(());
    }
    enqueue(world, stale.into_iter().map(|row| row.id).collect()).await
}
