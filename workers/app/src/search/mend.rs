//! What a misspelled text may have been meant to be.

use domain::{
    search::{spelling::Vocabulary, sql},
    shared::fold,
};
use serde::Deserialize;

use crate::{
    error::Error,
    ports::{Ports, read},
};

#[derive(Deserialize)]
struct Name {
    kk: String,
    ru: String,
    en: String,
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

/// Texts that may have been meant, the likeliest first: with the words of directories, places and
/// organisations for those that nobody knows; also for the keys of another keyboard layout. None
/// where every word is known. Reads the vocabulary, so it is asked only where little was found.
///
/// # Errors
/// A fault of a database.
pub async fn mend(ports: &Ports<'_>, text: &str) -> Result<Vec<String>, Error> {
    let other = fold::from_wrong_layout(text);
    let rows: Vec<Name> = read(ports.search, sql::vocabulary()).await?.all()?;
    let names = rows.iter().flat_map(|row| [&row.kk, &row.ru, &row.en]).map(String::as_str);
    let mut known = Vocabulary::new(names);
    let mut unknown = known.unknown(text);
    unknown.extend(other.iter().flat_map(|other| known.unknown(other)));
    for name in alike(ports, &unknown).await? {
        known.learn(&name);
    }
    let mut texts = known.mend(text);
    texts.extend(other.iter().flat_map(|other| known.mend(other)));
    Ok(texts)
}

/// The names of organisations that have a word like one of these.
async fn alike(ports: &Ports<'_>, words: &[String]) -> Result<Vec<String>, Error> {
    let Some(statement) = sql::organisations_alike(words) else { return Ok(Vec::new()) };
    let ids: Vec<Id> = read(ports.search, statement).await?.all()?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<String> = ids.into_iter().map(|row| row.id).collect();
    let ids = serde_json::to_string(&ids).unwrap_or_default();
    let names: Vec<Name> = read(ports.db, sql::organisation_names(&ids)).await?.all()?;
    Ok(names.into_iter().flat_map(|name| [name.kk, name.ru, name.en]).collect())
}
