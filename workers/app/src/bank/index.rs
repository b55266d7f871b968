//! The index of items in the search database: kept by events, built anew by the sweep.

use domain::{
    bank::{
        index::{Entry, bands, tokens},
        sql::{Indexed, indexed, slice},
    },
    shared::statement::Statement,
    sql,
};
use serde::Deserialize;
use serde_json::json;

use crate::{
    error::Fault,
    ports::{Ports, read},
};

/// Items of a step of a rebuild; steps of a sweep.
const SLICE: i64 = 200;
const STEPS: usize = 40;

/// Brings entries up to date.
///
/// # Errors
/// A fault of a database.
pub async fn index(ports: &Ports<'_>, ids: &[String]) -> Result<(), Fault> {
    let rows: Vec<Indexed> = read(ports.db, indexed(ids)).await?.all()?;
    write(ports, &rows, None).await
}

/// Goes on with building the index; a search database that never had it begins.
///
/// # Errors
/// A fault of a database; the next sweep goes on where this one stopped.
pub async fn catch_up(ports: &Ports<'_>) -> Result<(), Fault> {
    #[derive(Deserialize)]
    struct Meta {
        value: String,
    }
    for _ in 0..STEPS {
        let noted: Option<Meta> =
            read(ports.search, sql!("SELECT value FROM meta WHERE name = 'bank'"))
                .await?
                .first()?;
        let noted = noted.map(|meta| meta.value).unwrap_or_else(|| "0".to_owned());
        let Ok(after) = noted.parse::<i64>() else { return Ok(()) };
        let rows: Vec<Indexed> = read(ports.db, slice(after, SLICE)).await?.all()?;
        let last = rows.last().map_or_else(|| "done".to_owned(), |row| row.number.to_string());
        let note = sql!(
            "INSERT INTO meta (name, value) VALUES ('bank', ?1) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            last
        );
        write(ports, &rows, Some(note)).await?;
    }
    Ok(())
}

async fn write(ports: &Ports<'_>, rows: &[Indexed], more: Option<Statement>) -> Result<(), Fault> {
    let numbers: Vec<i64> = rows.iter().map(|row| row.number).collect();
    let mut entries = Vec::new();
    let mut pairs = Vec::new();
    for row in rows {
        let bodies = [row.kk.as_ref(), row.ru.as_ref()];
        let entry = Entry {
            code: &row.code,
            state: row.state,
            kind: &row.kind,
            topic: &row.topic,
            subject: &row.subject,
            level: &row.level,
            author: &row.created_by,
            bodies,
        };
        entries.push(json!([row.number, tokens(&entry)]));
        pairs.extend(bands(bodies).into_iter().map(|band| json!([band, row.number])));
    }
    let numbers = json!(numbers).to_string();
    let mut batch = vec![
        sql!("DELETE FROM item_index WHERE rowid IN (SELECT value FROM json_each(?1))", &numbers),
        sql!("DELETE FROM item_band WHERE number IN (SELECT value FROM json_each(?1))", &numbers),
        sql!(
            "INSERT INTO item_index (rowid, t) SELECT value ->> 0, value ->> 1 FROM json_each(?1)",
            json!(entries).to_string()
        ),
        sql!(
            "INSERT OR IGNORE INTO item_band (band, number) SELECT value ->> 0, value ->> 1 FROM json_each(?1)",
            json!(pairs).to_string()
        ),
    ];
    batch.extend(more);
    let done = ports.search.batch(batch).await;
    done.map(|_| ()).map_err(|e| Fault::new(format!("index of items: {e:?}")))
}
