//! The place that somebody wrote in words.

use domain::{
    search::{
        filter::{district_of, region_of},
        index::{self, Name, Names},
        named,
        spelling::Vocabulary,
        sql,
    },
    shared::lang::Lang,
};

use crate::{
    error::Error,
    ports::{Ports, read},
};

/// Places in a list to choose from.
const OFFERS: usize = 12;

/// A place to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// KATO code.
    pub code: String,
    /// Its name and where it lies.
    pub label: String,
}

/// What a name of a place means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placed {
    /// One place: its KATO code.
    One(String),
    /// Several of the same name.
    Several(Vec<Place>),
    /// None; these have a name like it.
    Unknown(Vec<Place>),
}

/// Finds a place by its name in any spelling.
///
/// # Errors
/// A fault of a database.
pub async fn place(ports: &Ports<'_>, lang: Lang, text: &str) -> Result<Placed, Error> {
    let found = called(ports, text).await?;
    if let [one] = found.as_slice() {
        return Ok(Placed::One(one.code.clone()));
    }
    if !found.is_empty() {
        return Ok(Placed::Several(offers(ports, lang, found).await?));
    }
    let names: Vec<Name> = read(ports.db, sql::main_places()).await?.all()?;
    let known =
        Vocabulary::of(names.iter().flat_map(|n| [&n.kk, &n.ru, &n.en]).map(String::as_str));
    let mut like: Vec<Name> = Vec::new();
    for text in known.mend(text) {
        for name in called(ports, &text).await? {
            if !like.iter().any(|have| have.code == name.code) {
                like.push(name);
            }
        }
    }
    Ok(Placed::Unknown(offers(ports, lang, like).await?))
}

async fn called(ports: &Ports<'_>, text: &str) -> Result<Vec<Name>, Error> {
    let Some(statement) = sql::places_named(text) else { return Ok(Vec::new()) };
    Ok(named::meant(text, read(ports.search, statement).await?.all()?))
}

/// Each with the district and the region in which it lies.
async fn offers(ports: &Ports<'_>, lang: Lang, mut found: Vec<Name>) -> Result<Vec<Place>, Error> {
    found.truncate(OFFERS);
    let above: Vec<String> =
        found.iter().flat_map(|name| [region_of(&name.code), district_of(&name.code)]).collect();
    let pairs: Vec<(&str, &str)> = above.iter().map(|code| ("kato", code.as_str())).collect();
    let names = Names::new(read(ports.search, sql::names(&pairs)).await?.all()?);
    let place = |name: &Name| {
        let (region, district) = (region_of(&name.code), district_of(&name.code));
        let wide = if name.code == region {
            String::new()
        } else if name.code == district {
            index::place(&names, &region, &region).get(lang).to_owned()
        } else {
            index::place(&names, &region, &district).get(lang).to_owned()
        };
        let own = name.text().get(lang).to_owned();
        let label = if wide.is_empty() { own } else { format!("{own} ({wide})") };
        Place { code: name.code.clone(), label }
    };
    Ok(found.iter().map(place).collect())
}
