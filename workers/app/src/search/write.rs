//! Keeping the index: by events, from scratch, and by the clock.

use domain::{
    search::{
        index::{Entry, Name, Names, Source, entry},
        sql,
    },
    shared::statement::Statement,
};

use crate::{
    error::Fault,
    ports::{Ports, read_all},
};

/// Vacancies in a step of a rebuild.
const STEP: u32 = 100;
/// Places in a step of a rebuild.
const PLACES: u32 = 1000;
/// Organisations in a step of a rebuild.
const ORGANISATIONS: u32 = 500;
/// Entries that are taken out by one sweep.
const SWEEP: u32 = 200;

/// Brings vacancies up to date in the index: those that can be found now are put in, the others
/// taken out. Doing it twice changes nothing.
///
/// # Errors
/// A fault of a database; nothing was changed then.
pub async fn index(ports: &Ports<'_>, ids: &[String]) -> Result<(), Fault> {
    for ids in ids.chunks(STEP as usize) {
        let list = serde_json::to_string(ids).map_err(|e| Fault::new(format!("ids: {e}")))?;
        let (sources, names) = load(ports, sql::sources(&list)).await?;
        put(ports, vec![sql::remove(&list)], &sources, names).await?;
    }
    Ok(())
}

/// Brings the names of organisations up to date. Doing it twice changes nothing.
///
/// # Errors
/// A fault of a database; nothing was changed then.
pub async fn organisations(ports: &Ports<'_>, ids: &[String]) -> Result<(), Fault> {
    for ids in ids.chunks(ORGANISATIONS as usize) {
        let list = serde_json::to_string(ids).map_err(|e| Fault::new(format!("ids: {e}")))?;
        let mut rows = read_all(ports.db, vec![sql::organisation_names(&list)]).await?;
        write(ports, sql::keep_organisations(&take(&mut rows).all::<sql::OrganisationName>()?))
            .await?;
    }
    Ok(())
}

/// One step of making the index anew from the main database. Starts without a cursor, goes on
/// with the one it returned, ends where it returns none. Readers notice nothing meanwhile:
/// a step replaces the entries of its own vacancies at once.
///
/// # Errors
/// A fault of a database; the step can be repeated.
pub async fn rebuild(ports: &Ports<'_>, cursor: Option<&str>) -> Result<Option<String>, Fault> {
    let cursor = cursor.unwrap_or("place:");
    if let Some(after) = cursor.strip_prefix("place:") {
        let mut rows = read_all(ports.db, vec![sql::places_after(after, PLACES)]).await?;
        let names: Vec<Name> = take(&mut rows).all()?;
        let next = match names.last() {
            Some(last) if names.len() == PLACES as usize => format!("place:{}", last.code),
            _ => "organisation:".to_owned(),
        };
        let to = names.last().map(|last| last.code.as_str());
        let to = to.filter(|_| names.len() == PLACES as usize);
        let mut statements = vec![sql::keep_names(&names)];
        statements.extend(sql::keep_places(after, &names, to));
        write(ports, statements).await?;
        return Ok(Some(next));
    }
    if let Some(after) = cursor.strip_prefix("organisation:") {
        let mut rows =
            read_all(ports.db, vec![sql::organisation_names_after(after, ORGANISATIONS)]).await?;
        let names: Vec<sql::OrganisationName> = take(&mut rows).all()?;
        let next = match names.last() {
            Some(last) if names.len() == ORGANISATIONS as usize => {
                format!("organisation:{}", last.id)
            }
            _ => "vacancy:".to_owned(),
        };
        write(ports, sql::keep_organisations(&names)).await?;
        return Ok(Some(next));
    }
    let after = cursor.strip_prefix("vacancy:").unwrap_or_default();
    let (sources, names) = load(ports, sql::sources_after(after, STEP)).await?;
    let last = sources.last().map(|source| source.id.clone());
    let next = last.filter(|_| sources.len() == STEP as usize);
    let removal = sql::remove_between(after, next.as_deref());
    put(ports, vec![removal], &sources, names).await?;
    Ok(next.map(|id| format!("vacancy:{id}")))
}

/// Takes out what is over. Results never show it anyway; this keeps the lists short. Returns
/// after a bounded amount of work; what is left comes next time.
///
/// # Errors
/// A fault of the database.
pub async fn sweep(ports: &Ports<'_>) -> Result<(), Fault> {
    write(ports, vec![sql::remove_over(ports.now, SWEEP)]).await
}

/// Vacancies and all names that their entries need.
async fn load(ports: &Ports<'_>, sources: Statement) -> Result<(Vec<Source>, Vec<Name>), Fault> {
    let mut rows =
        read_all(ports.db, vec![sources, sql::directory_names(), sql::districts()]).await?;
    let mut names: Vec<Name> = take(&mut rows).all()?;
    names.extend(take(&mut rows).all::<Name>()?);
    Ok((take(&mut rows).all()?, names))
}

fn take(rows: &mut Vec<crate::ports::Rows>) -> crate::ports::Rows {
    rows.pop().unwrap_or(crate::ports::Rows("[]".to_owned()))
}

/// Removes, keeps the names, puts in: one batch.
async fn put(
    ports: &Ports<'_>,
    mut statements: Vec<Statement>,
    sources: &[Source],
    names: Vec<Name>,
) -> Result<(), Fault> {
    statements.push(sql::keep_names(&names));
    let names = Names::new(names);
    let entries: Vec<Entry> =
        sources.iter().filter_map(|source| entry(source, &names, ports.now)).collect();
    if !entries.is_empty() {
        statements.extend(sql::put(&entries));
    }
    write(ports, statements).await
}

async fn write(ports: &Ports<'_>, statements: Vec<Statement>) -> Result<(), Fault> {
    ports
        .search
        .batch(statements)
        .await
        .map(|_| ())
        .map_err(|e| Fault::new(format!("index: {e:?}")))
}
