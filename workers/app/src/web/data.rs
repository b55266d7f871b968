//! Loading what the public reads.

use domain::{
    catalog::{
        names::Names,
        read,
        sql::{self, EventRow, Key, NameRow, SlugRow, VacancyRow},
    },
    search::{
        api::{Card, PublicVacancy},
        filter::Filter,
        query::Query,
    },
    shared::lang::Lang,
};

use crate::{
    error::Fault,
    ports::{Ports, Rows, read, read_all},
};

/// A vacancy with the names of its codes.
pub struct Loaded {
    /// Identifier, for counting views.
    pub id: String,
    /// The vacancy.
    pub vacancy: PublicVacancy,
    /// Names.
    pub names: Names,
}

/// What an address of a vacancy leads to.
pub enum Lookup {
    /// The vacancy, also where it has never been public: the caller decides.
    Found(Box<Loaded>),
    /// The address is an old one; this is the last segment of the present one.
    Moved(String),
    /// Nothing.
    Nothing,
}

/// Loads a vacancy in one trip to the database.
///
/// # Errors
/// A fault where the database fails.
pub async fn vacancy(ports: &Ports<'_>, key: Key<'_>) -> Result<Lookup, Fault> {
    let rows = read_all(ports.db, sql::vacancy(key, ports.now.day()).into()).await?;
    let [found, events, names] = rows.as_slice() else {
        return Err(Fault::new("a vacancy is three reads"));
    };
    let Some(row) = found.first::<VacancyRow>()? else {
        let Key::Slug(slug) = key else { return Ok(Lookup::Nothing) };
        let moved = read(ports.db, sql::moved(slug)).await?.first::<SlugRow>()?;
        return Ok(moved.map_or(Lookup::Nothing, |row| Lookup::Moved(row.slug)));
    };
    let names = named([names])?;
    let id = row.id.clone();
    let vacancy = read::vacancy(row, &events.all::<EventRow>()?, &names, ports.now);
    Ok(Lookup::Found(Box::new(Loaded { id, vacancy, names })))
}

/// Names from several answers.
pub(super) fn named<const N: usize>(answers: [&Rows; N]) -> Result<Names, Fault> {
    let mut all = Vec::new();
    for rows in answers {
        all.extend(rows.all::<NameRow>()?);
    }
    Ok(Names::new(all))
}

/// Open vacancies like this one: the same subject (or post) in the region, else in the country,
/// else the same post in the region.
///
/// # Errors
/// A fault where the search database fails.
pub async fn similar(
    ports: &Ports<'_>,
    lang: Lang,
    vacancy: &PublicVacancy,
) -> Result<Vec<Card>, Fault> {
    const MOST: usize = 3;
    let mut query = Query::default();
    let (filter, code) = match &vacancy.content.subject {
        Some(subject) => (Filter::Subject, subject),
        None => (Filter::Position, &vacancy.content.position),
    };
    query.filters.entry(filter).or_default().insert(code.clone());
    let mut near = query.clone();
    let region = format!("{:0<9}", vacancy.organisation.kato.get(..2).unwrap_or_default());
    near.filters.entry(Filter::Region).or_default().insert(region);
    let mut post = near.clone();
    post.filters.remove(&filter);
    post.filters.entry(Filter::Position).or_default().insert(vacancy.content.position.clone());
    let mut cards: Vec<Card> = Vec::new();
    // Where many are near, nothing else is looked for.
    for queries in [[near].as_slice(), &[query, post]] {
        // One more than is shown: the vacancy itself may be among them.
        let found = crate::search::first(ports, lang, queries, MOST as u32 + 1).await?;
        for card in found.into_iter().flatten() {
            let own = card.number == vacancy.number;
            if !own && !cards.iter().any(|have| have.number == card.number) {
                cards.push(card);
            }
        }
        if cards.len() >= MOST {
            break;
        }
    }
    cards.truncate(MOST);
    Ok(cards)
}
