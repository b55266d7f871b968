//! Keeping the index whole without anybody's help: a new search database builds itself, and a
//! change of names (directories, places) builds it anew, a bounded slice each sweep.

use domain::{search::sql::rebuilt, sql};
use serde::Deserialize;

use super::rebuild;
use crate::{
    error::Fault,
    ports::{Ports, read},
};

/// Steps of a rebuild in one sweep; each step is a few statements.
const STEPS: usize = 20;
/// How the values of `meta.rebuild` begin when nothing is left to do.
const DONE: &str = "done";

#[derive(Deserialize)]
struct Meta {
    value: String,
}

async fn note(ports: &Ports<'_>, cursor: &str) -> Result<(), Fault> {
    let statement = sql!(
        "INSERT INTO meta (name, value) VALUES ('rebuild', ?1)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        cursor
    );
    let done = ports.search.batch(vec![statement]).await;
    done.map(|_| ()).map_err(|e| Fault::new(format!("rebuild: {e:?}")))
}

/// Asks for the whole index to be built anew, by the sweeps to come.
///
/// # Errors
/// A fault of the search database.
pub async fn restart(ports: &Ports<'_>) -> Result<(), Fault> {
    note(ports, "").await
}

/// Goes on with a rebuild that is under way; a database that was never built begins.
///
/// # Errors
/// A fault of a database; the next sweep goes on where this one stopped.
pub async fn catch_up(ports: &Ports<'_>) -> Result<(), Fault> {
    let noted: Option<Meta> =
        read(ports.search, sql!("SELECT value FROM meta WHERE name = 'rebuild'")).await?.first()?;
    let mut cursor = noted.map(|meta| meta.value).unwrap_or_default();
    let whole = rebuilt();
    if cursor.starts_with(DONE) && cursor != whole {
        // Built with other synonyms.
        cursor.clear();
    }
    for _ in 0..STEPS {
        if cursor == whole {
            return Ok(());
        }
        let from = Some(cursor.as_str()).filter(|cursor| !cursor.is_empty());
        cursor = rebuild(ports, from).await?.unwrap_or_else(|| whole.clone());
        note(ports, &cursor).await?;
    }
    Ok(())
}
