//! What the sweep does for files: asks again for checks that got lost, ends abandoned uploads,
//! removes what nothing names after its time, and objects that no row knows.

use chrono::Timelike;
use domain::{
    file::{
        rules::Rules,
        sql::{self as files, FileRow},
        sweep as data,
    },
    journal::{Entry, Source},
    shared::statement::Statement,
    sql,
};
use serde::Deserialize;
use serde_json::json;

use super::{announce, rules};
use crate::{
    error::Fault,
    ports::{DbError, Ports, read},
    save::Change,
};

/// Rows of a kind that one sweep works on.
const BATCH: u32 = 100;

/// One sweep.
pub async fn sweep(ports: &Ports<'_>) -> Result<(), Fault> {
    let rules = rules()?;
    // Each step runs even if one before it failed: a queue that is down keeps nothing else waiting.
    let steps = [
        ask_again(ports).await,
        purge(ports, "abandoned", data::abandoned(ports.now, BATCH)).await,
        unused(ports, rules).await,
        forget(ports, rules).await,
    ];
    steps.into_iter().find(Result::is_err).unwrap_or(Ok(()))
}

async fn write(ports: &Ports<'_>, batch: Vec<Statement>) -> Result<(), Fault> {
    ports.db.batch(batch).await.map(drop).map_err(|e| Fault::new(format!("files: {e:?}")))
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

/// A job that got lost, or whose worker died.
async fn ask_again(ports: &Ports<'_>) -> Result<(), Fault> {
    let due: Vec<Id> = read(ports.db, data::due(ports.now, BATCH)).await?.all()?;
    if due.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = due.into_iter().map(|row| row.id).collect();
    announce(ports, &ids).await?;
    // Not again in every minute: the queue may be long.
    let later = ports.now.plus_seconds(super::whole::ASK_AGAIN * 60);
    write(ports, vec![data::postpone(&ids, ports.now, later)]).await
}

async fn unused(ports: &Ports<'_>, rules: &Rules) -> Result<(), Fault> {
    // Once a night: it looks at every file there is.
    let time = ports.now.local();
    if (time.hour(), time.minute()) != (3, 0) {
        return Ok(());
    }
    write(ports, data::note_unused(ports.now).to_vec()).await?;
    let before = ports.now.plus_seconds(-rules.unused_days * 86_400);
    purge(ports, "unused", data::long_unused(before, BATCH)).await
}

/// Removes files, with an act.
async fn purge(ports: &Ports<'_>, ground: &'static str, which: Statement) -> Result<(), Fault> {
    let rows: Vec<FileRow> = read(ports.db, which).await?.all()?;
    if rows.is_empty() {
        return Ok(());
    }
    let act = ports.new_id();
    let mut statements = Vec::new();
    for row in &rows {
        // Somebody may have named it in this very moment: then all waits for the next minute.
        statements.push(files::unused(&row.id));
        statements.extend(files::doom_all(row, ports.now));
        statements.push(files::delete(&row.id));
    }
    statements.push(data::act(&act, ground, &rows, ports.now));
    let journal = vec![
        Entry::new("file.purge", "file_act", &act)
            .after(json!({ "ground": ground, "files": rows.len() })),
    ];
    let change = Change { statements, journal, events: Vec::new() };
    match ports.db.batch(change.into_batch(&Source::default(), ports)).await {
        Ok(_) | Err(DbError::Check(_)) => Ok(()),
        Err(error) => Err(Fault::new(format!("purge: {error:?}"))),
    }
}

#[derive(Deserialize)]
struct Object {
    object: String,
    upload: Option<String>,
}

/// Objects without a row. They are claimed first, so that no upload under way can adopt one that
/// is about to go.
async fn forget(ports: &Ports<'_>, rules: &Rules) -> Result<(), Fault> {
    let before = ports.now.plus_seconds(-rules.orphan_minutes * 60);
    write(ports, vec![data::claim(before)]).await?;
    let doomed: Vec<Object> = read(ports.db, data::doomed(BATCH)).await?.all()?;
    if doomed.is_empty() {
        return Ok(());
    }
    let failed = |e| Fault::new(format!("store: {e:?}"));
    for one in &doomed {
        if let Some(upload) = &one.upload {
            ports.store.abort(&one.object, upload).await.map_err(failed)?;
        }
    }
    let names: Vec<String> = doomed.into_iter().map(|one| one.object).collect();
    ports.store.remove(&names).await.map_err(failed)?;
    write(
        ports,
        vec![
            sql!(
                "DELETE FROM file_object WHERE object IN (SELECT value FROM json_each(?1))",
                json!(names).to_string()
            ),
            data::old_links(ports.now.plus_seconds(-86_400)),
        ],
    )
    .await
}
