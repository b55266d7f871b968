//! Finding vacancies (`find`) and keeping the index (`index`, `rebuild`, `sweep`).
//! Everything that one search asks of the database goes there in one batch.

use std::cell::OnceCell;

use domain::{
    search::{
        api::{Card, Facet, FacetValue, List, Wider},
        cursor::Cursor,
        filter::Filter,
        query::{Query, Sort},
        sql::{COUNT_MAX, Plan},
        text::{Reading, shorter},
    },
    shared::{fold, lang::Lang, statement::Statement},
};
use serde::Deserialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::{
    error::{Error, Fault},
    ports::{Ports, Rows, read_all},
};

mod known;
mod label;
mod mend;
mod places;
mod upkeep;
mod wider;
mod write;

pub use label::Chip;
pub use mend::mend;
pub use places::{Place, Placed, place};
pub use upkeep::{catch_up, restart};
pub use write::{index, organisations, rebuild, sweep};

use known::Known;

/// Results on a page.
pub const PAGE: u32 = 20;
/// Fewer results than this get offers of wider searches.
const FEW: u32 = 5;

/// The place from which distance is measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    /// KATO code.
    pub code: String,
    /// Name in the language of the request.
    pub name: String,
    /// Radius, km.
    pub km: u32,
}

/// What a search found, for a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The results.
    pub list: List,
    /// What the search can be narrowed by, with counts.
    pub facets: Vec<Facet>,
    /// What is asked for, each with the search without it.
    pub chips: Vec<Chip>,
    /// Wider searches, where little was found.
    pub wider: Vec<Wider>,
    /// The text that was searched instead of the one that was typed: another keyboard layout,
    /// mistakes mended, or fewer words.
    pub understood: Option<String>,
    /// The place of the search.
    pub near: Option<Near>,
}

/// Finds a page of vacancies with facets, chips and wider searches.
///
/// # Errors
/// A refusal where a code is in no directory; a fault where a database fails.
pub async fn find(ports: &Ports<'_>, lang: Lang, query: &Query) -> Result<Found, Error> {
    let known = Known::of(ports, query).await?;
    let search = Search::new(ports, lang, query, known);
    let (answer, reading, understood) = search.understood::<Card>(PAGE, true).await?;
    let wider = if answer.list.total < FEW && query.cursor.is_none() {
        wider::offers(&search, &reading, answer.list.total).await?
    } else {
        Vec::new()
    };
    let known = &search.known;
    Ok(Found {
        chips: label::chips(lang, query, known),
        near: query.near.as_ref().map(|code| Near {
            code: code.clone(),
            name: known.name(lang, "kato", code),
            km: query.km.unwrap_or_default(),
        }),
        list: answer.list,
        facets: answer.facets,
        wider,
        understood,
    })
}

/// Finds a page of `size` vacancies and nothing else: as cards, or as the texts that the index
/// keeps of them, which go out as they are (reading and writing them anew would be most of the
/// work of an answer).
///
/// # Errors
/// As [`find`].
pub async fn list<T: Shown>(
    ports: &Ports<'_>,
    lang: Lang,
    query: &Query,
    size: u32,
) -> Result<List<T>, Error> {
    let known = Known::of(ports, query).await?;
    Ok(Search::new(ports, lang, query, known).understood(size, false).await?.0.list)
}

/// The first `size` vacancies of several searches, in one trip. For searches of our own making:
/// their codes are not checked, and an unknown one finds nothing.
///
/// # Errors
/// A fault where the search database fails.
pub async fn first(
    ports: &Ports<'_>,
    lang: Lang,
    queries: &[Query],
    size: u32,
) -> Result<Vec<Vec<Card>>, Fault> {
    let reading = Reading::default();
    let statements = queries
        .iter()
        .map(|query| {
            Plan { query, reading: &reading, point: None, now: ports.now }.page(lang, size)
        })
        .collect();
    let rows = read_all(ports.search, statements).await?;
    rows.iter().map(|rows| rows.all::<Hit>()?.iter().map(Card::of).collect()).collect()
}

/// Counts a search by facets.
///
/// # Errors
/// As [`find`].
pub async fn facets(
    ports: &Ports<'_>,
    lang: Lang,
    query: &Query,
) -> Result<(List, Vec<Facet>), Error> {
    let known = Known::of(ports, query).await?;
    let (answer, ..) = Search::new(ports, lang, query, known).understood::<Card>(0, true).await?;
    Ok((answer.list, answer.facets))
}

/// A search in one language, its codes checked.
struct Search<'a> {
    ports: &'a Ports<'a>,
    lang: Lang,
    query: &'a Query,
    known: Known,
    /// What the text may have been meant to be, asked for once.
    mended: OnceCell<Vec<String>>,
}

/// What one reading of the text found.
struct Answer<T> {
    list: List<T>,
    facets: Vec<Facet>,
}

impl<T> Answer<T> {
    fn nothing() -> Answer<T> {
        let list = List { total: 0, total_is_more: false, items: Vec::new(), next: None };
        Answer { list, facets: Vec::new() }
    }
}

/// A row of a page.
#[derive(Deserialize)]
pub struct Hit {
    card: Box<RawValue>,
    tier: u8,
    key: u64,
    number: u64,
    km: Option<f64>,
}

/// A card as its reader wants it.
pub trait Shown: Sized {
    /// The card of a row.
    fn of(hit: &Hit) -> Result<Self, Fault>;
}

impl Shown for Card {
    fn of(hit: &Hit) -> Result<Card, Fault> {
        let mut card: Card = serde_json::from_str(hit.card.get())
            .map_err(|e| Fault::new(format!("card in the index: {e}")))?;
        card.km = hit.km.map(|square| (square.max(0.0).sqrt() * 10.0).round() / 10.0);
        Ok(card)
    }
}

impl Shown for Box<RawValue> {
    fn of(hit: &Hit) -> Result<Box<RawValue>, Fault> {
        if hit.km.is_none() {
            return Ok(hit.card.clone());
        }
        to_raw_value(&Card::of(hit)?).map_err(|e| Fault::new(format!("card: {e}")))
    }
}

#[derive(Deserialize)]
struct Counted {
    facet: String,
    code: String,
    n: u32,
    name: String,
}

#[derive(Deserialize)]
struct Count {
    n: u32,
}

impl<'s> Search<'s> {
    fn new(ports: &'s Ports<'s>, lang: Lang, query: &'s Query, known: Known) -> Search<'s> {
        Search { ports, lang, query, known, mended: OnceCell::new() }
    }

    /// The text with its mistakes mended, and the text of another keyboard layout with its own;
    /// none where every word is known. Reads the vocabulary, so it is asked only where little
    /// was found.
    async fn mended(&self) -> Result<&[String], Error> {
        if let Some(known) = self.mended.get() {
            return Ok(known);
        }
        let texts = mend(self.ports, &self.query.text).await?;
        Ok(self.mended.get_or_init(|| texts))
    }

    fn plan<'a>(&'a self, query: &'a Query, reading: &'a Reading) -> Plan<'a> {
        Plan { query, reading, point: self.known.point, now: self.ports.now }
    }

    /// The answer to the text as it is; where there is none, to what else it may have meant.
    async fn understood<T: Shown>(
        &self,
        size: u32,
        facets: bool,
    ) -> Result<(Answer<T>, Reading, Option<String>), Error> {
        let reading = Reading::of(&self.query.text);
        if reading.is_empty() && !self.query.text.is_empty() {
            // Nothing that could be looked for was typed: that is not "everything".
            return Ok((Answer::nothing(), reading, None));
        }
        let answer = self.ask(&reading, size, facets).await?;
        if answer.list.total > 0 || self.query.text.is_empty() {
            return Ok((answer, reading, None));
        }
        let Some(text) = self.meant().await? else { return Ok((answer, reading, None)) };
        let reading = Reading::of(&text);
        Ok((self.ask(&reading, size, facets).await?, reading, Some(text)))
    }

    /// What else the text may have meant: the keys of another layout, the words without their
    /// mistakes, or some of the words. The first that finds something.
    async fn meant(&self) -> Result<Option<String>, Error> {
        let text = &self.query.text;
        let layout = fold::from_wrong_layout(text);
        let mut texts: Vec<String> = layout.iter().cloned().collect();
        let mended = self.mended().await?;
        texts.extend(mended.iter().cloned());
        texts.extend(mended.iter().take(1).flat_map(|text| shorter(text)));
        texts.extend(shorter(text));
        texts.extend(layout.iter().flat_map(|text| shorter(text)));
        let readings: Vec<(String, Reading)> = texts
            .into_iter()
            .map(|text| (Reading::of(&text), text))
            .filter(|(reading, _)| !reading.is_empty())
            .map(|(reading, text)| (text, reading))
            .collect();
        if readings.is_empty() {
            return Ok(None);
        }
        let statements =
            readings.iter().map(|(_, reading)| self.plan(self.query, reading).count()).collect();
        let counts = read_all(self.ports.search, statements).await?;
        for ((text, _), rows) in readings.into_iter().zip(counts) {
            if rows.first::<Count>()?.is_some_and(|count| count.n > 0) {
                return Ok(Some(text));
            }
        }
        Ok(None)
    }

    /// Asks everything in one batch.
    async fn ask<T: Shown>(
        &self,
        reading: &Reading,
        size: u32,
        facets: bool,
    ) -> Result<Answer<T>, Error> {
        let plan = self.plan(self.query, reading);
        let mut statements: Vec<Statement> = Vec::new();
        if size > 0 {
            statements.push(plan.page(self.lang, size));
        }
        let walked = statements.len();
        statements.extend(if facets { plan.facets(self.lang) } else { vec![plan.count()] });
        let rows = read_all(self.ports.search, statements).await?;
        let (pages, counts) = rows.split_at_checked(walked).unwrap_or((&rows, &[]));
        let (items, next) = self.page(pages, size)?;
        let (counted, total) = if facets {
            let mut counted = Vec::new();
            for rows in counts {
                counted.extend(rows.all::<Counted>()?);
            }
            let total = counted.iter().find(|row| row.facet == "total").map_or(0, |row| row.n);
            (counted, total)
        } else {
            let first = counts.first().map(Rows::first::<Count>).transpose()?.flatten();
            (Vec::new(), first.map_or(0, |count| count.n))
        };
        // The tally of everything is exact; what is counted stops one above the bound.
        let more = !self.query.is_everything() && total > COUNT_MAX;
        let total = if more { COUNT_MAX } else { total };
        Ok(Answer {
            list: List { total, total_is_more: more, items, next },
            facets: self.gather(counted),
        })
    }

    /// The cards of a page and the cursor of the next one.
    fn page<T: Shown>(&self, pages: &[Rows], size: u32) -> Result<(Vec<T>, Option<String>), Fault> {
        let mut hits: Vec<Hit> = Vec::new();
        for rows in pages {
            hits.extend(rows.all::<Hit>()?);
        }
        let more = hits.len() > size as usize;
        hits.truncate(size as usize);
        let next = hits.last().filter(|_| more).map(|hit| {
            let number = if self.query.sort == Sort::Distance { hit.number } else { 0 };
            self.query.cursor_text(Cursor { tier: hit.tier, key: hit.key, number })
        });
        let cards = hits.iter().map(T::of).collect::<Result<_, Fault>>()?;
        Ok((cards, next))
    }

    /// Facets in the order of the page, values most frequent first. What was chosen is there
    /// even where it finds nothing, so that it can be taken back.
    fn gather(&self, counted: Vec<Counted>) -> Vec<Facet> {
        let mut facets: Vec<Facet> = Vec::new();
        let names = Filter::ALL.iter().map(|filter| filter.name()).chain(["closing"]);
        for name in names.filter(|name| *name != "org") {
            let filter = Filter::parse(name);
            let chosen: Vec<String> = match filter {
                Some(filter) => self.query.codes(filter).map(str::to_owned).collect(),
                None => self.query.closing.iter().map(u32::to_string).collect(),
            };
            let mut values: Vec<FacetValue> = counted
                .iter()
                .filter(|row| row.facet == name && row.n > 0)
                .map(|row| value(self.lang, name, row, &chosen))
                .collect();
            // Values that only matches beyond the counted ones may have: they can be chosen too.
            let at_least = counted.iter().any(|row| row.facet == "sample" && row.code == name);
            for row in counted.iter().filter(|row| at_least && row.facet == name && row.n == 0) {
                if !values.iter().any(|value| value.code == row.code) {
                    values.push(value(self.lang, name, row, &chosen));
                }
            }
            for code in chosen {
                if !values.iter().any(|value| value.code == code) {
                    let name = match filter.and_then(Filter::directory) {
                        Some(directory) => self.known.name(self.lang, directory, &code),
                        None => label::value(self.lang, name, &code),
                    };
                    values.push(FacetValue { code, name, count: 0, chosen: true });
                }
            }
            if name == "closing" {
                values.sort_by(|a, b| a.code.cmp(&b.code));
            } else {
                values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
            }
            if !values.is_empty() {
                facets.push(Facet { name: name.to_owned(), at_least, values });
            }
        }
        facets
    }
}

/// A value that was counted.
fn value(lang: Lang, facet: &str, row: &Counted, chosen: &[String]) -> FacetValue {
    let name = match row.name.as_str() {
        "" => label::value(lang, facet, &row.code),
        name => name.to_owned(),
    };
    FacetValue { code: row.code.clone(), name, count: row.n, chosen: chosen.contains(&row.code) }
}
