//! SQL of the search: on SEARCH, and the few reads of the main database that feed it.
//!
//! Every statement that walks over matches stops at a bound: a page stops when it is full,
//! a count at [`COUNT_MAX`].

use super::{
    cursor::Cursor,
    filter::Filter,
    geo::Point,
    index::{NUMBER_MASK, first_open},
    query::{Query, Sort},
    text::Reading,
    token,
};
use crate::{
    shared::{
        lang::Lang,
        statement::{Param, Statement},
        time::Timestamp,
    },
    sql,
};

/// Matches are counted and sorted by distance up to here.
pub const COUNT_MAX: u32 = 1000;

/// The values of facets are counted in so many matches, the first to end. Counting a match costs
/// ten times as much here as for the total.
pub const SAMPLE: u32 = 300;

mod changes;
mod facets;
mod matching;
mod named;
mod sitemap;
mod write;
pub use changes::*;
pub use matching::rebuilt;
pub use named::*;
pub use sitemap::*;
pub use write::*;

/// A search, ready to be asked: the query, its text as understood, and the place.
pub struct Plan<'a> {
    /// The query.
    pub query: &'a Query,
    /// What its text was read as.
    pub reading: &'a Reading,
    /// The point of `near`.
    pub point: Option<Point>,
    /// Now.
    pub now: Timestamp,
}

/// Parameters, numbered as they come.
#[derive(Default)]
struct Bound(Vec<Param>);

impl Bound {
    fn text(&mut self, value: impl Into<String>) -> String {
        self.0.push(Param::Text(value.into()));
        format!("?{}", self.0.len())
    }

    /// Numbers arrive as doubles; the index compares rows with integers only.
    fn int(&mut self, value: i64) -> String {
        self.0.push(Param::Int(value));
        format!("CAST(?{} AS INTEGER)", self.0.len())
    }

    fn real(&mut self, value: f64) -> String {
        self.0.push(Param::Real(value));
        format!("?{}", self.0.len())
    }

    fn statement(self, sql: String) -> Statement {
        Statement { sql: sql.into(), params: self.0 }
    }
}

impl Plan<'_> {
    /// Whether the filters (without one) leave everything in.
    fn is_everything(&self, except: Option<Filter>) -> bool {
        self.reading.is_empty()
            && self.query.salary.is_none()
            && self.query.closing.is_none()
            && self.query.near.is_none()
            && self.query.filters.keys().all(|filter| Some(*filter) == except)
    }

    /// A page of `size` results and one more: rows `card` (JSON), `tier`, `key`, `number`, `km`.
    pub fn page(&self, lang: Lang, size: u32) -> Statement {
        let page = match self.query.sort {
            Sort::Distance => self.by_distance(lang, size),
            Sort::Relevance => self.by_relevance(lang, size),
            Sort::Ending => self.in_order("by_ending", lang, size),
            Sort::Newest => self.in_order("by_newest", lang, size),
            Sort::Salary => self.in_order("by_pay", lang, size),
        };
        page.as_json("'card', json(card), 'tier', tier, 'key', key, 'number', number, 'km', km")
    }

    fn in_order(&self, list: &str, lang: Lang, size: u32) -> Statement {
        let mut bound = Bound::default();
        let walk = self.walk(list, "", 0, lang, size, &mut bound);
        bound.statement(walk)
    }

    /// Walks a list in its order until the page is full; `also` narrows the expression.
    fn walk(
        &self,
        list: &str,
        also: &str,
        tier: u8,
        lang: Lang,
        size: u32,
        bound: &mut Bound,
    ) -> String {
        let matching = self.matching(None);
        let expression = matching.expression(also, bound);
        let cursor = self.query.cursor.filter(|cursor| cursor.tier == tier);
        let mut from = if list == "by_ending" { first_open(self.now) } else { 0 };
        if let Some(cursor) = cursor {
            from = from.max(cursor.key as i64 + 1);
        }
        let range = match list {
            "by_ending" => self.range(from, bound),
            _ => format!("{list}.rowid >= {}", bound.int(from)),
        };
        let conditions = self.conditions(&matching, bound);
        let km = self.point.map_or("NULL".to_owned(), |point| square_distance(point, bound));
        let limit = bound.int(i64::from(size) + 1);
        format!(
            "SELECT c.{lang} AS card, {tier} AS tier, {list}.rowid AS key, 0 AS number, {km} AS km
             FROM {list}
             CROSS JOIN fact f ON f.number = {list}.rowid & {NUMBER_MASK}
             CROSS JOIN card c ON c.number = f.number
             WHERE {list} MATCH {expression} AND {range} AND {conditions}
             ORDER BY {list}.rowid LIMIT {limit}",
            lang = lang.code(),
        )
    }

    /// Exact titles, then titles, then the rest; each newest first. The three sets do not
    /// overlap, so pages never repeat a result, however many there are. A later set is looked
    /// at only where the ones before it do not fill the page.
    fn by_relevance(&self, lang: Lang, size: u32) -> Statement {
        let (Some(title), Some(exact)) = (self.reading.in_title(), self.reading.exact_title())
        else {
            return self.in_order("by_newest", lang, size);
        };
        let first = self.query.cursor.map_or(0, |cursor| cursor.tier);
        let mut bound = Bound::default();
        let walks: Vec<String> = [
            format!(" AND {exact}"),
            format!(" AND {title} NOT {exact}"),
            format!(" NOT ({exact} OR {title})"),
        ]
        .into_iter()
        .zip(0..)
        .filter(|(_, tier)| *tier >= first)
        .map(|(also, tier)| {
            let walk = self.walk("by_newest", &also, tier, lang, size, &mut bound);
            format!("SELECT * FROM ({walk})")
        })
        .collect();
        if walks.is_empty() {
            return self.in_order("by_newest", lang, size);
        }
        let limit = bound.int(i64::from(size) + 1);
        bound.statement(format!("{} LIMIT {limit}", walks.join(" UNION ALL ")))
    }

    /// The nearest of the first [`COUNT_MAX`] matches.
    fn by_distance(&self, lang: Lang, size: u32) -> Statement {
        let mut bound = Bound::default();
        let matching = self.matching(None);
        let expression = matching.expression("", &mut bound);
        let range = self.range(first_open(self.now), &mut bound);
        let conditions = self.conditions(&matching, &mut bound);
        let km = self.point.map_or("0".to_owned(), |point| square_distance(point, &mut bound));
        let most = bound.int(COUNT_MAX.into());
        let cursor = self.query.cursor.unwrap_or(Cursor { tier: 0, key: 0, number: 0 });
        let (key, number) = (bound.int(cursor.key as i64), bound.int(cursor.number as i64));
        let limit = bound.int(i64::from(size) + 1);
        // Square metres, whole: the same number in the order and in the cursor.
        bound.statement(format!(
            "WITH m AS MATERIALIZED (
               SELECT f.number, {km} AS km FROM by_ending
               CROSS JOIN fact f ON f.number = by_ending.rowid & {NUMBER_MASK}
               WHERE by_ending MATCH {expression} AND {range} AND {conditions}
               ORDER BY by_ending.rowid LIMIT {most}),
             n AS (SELECT number, km, CAST(km * 1000000 AS INTEGER) AS key FROM m)
             SELECT c.{lang} AS card, 0 AS tier, n.key AS key, n.number AS number, n.km AS km
             FROM n CROSS JOIN card c ON c.number = n.number
             WHERE (n.key, n.number) > ({key}, {number})
             ORDER BY n.key, n.number LIMIT {limit}",
            lang = lang.code(),
        ))
    }

    /// How many there are, up to [`COUNT_MAX`] and one: rows `n`.
    pub fn count(&self) -> Statement {
        let mut bound = Bound::default();
        let count = self.total(&mut bound);
        bound.statement(count)
    }

    fn total(&self, bound: &mut Bound) -> String {
        if self.is_everything(None) {
            return "SELECT n FROM tally WHERE facet = 'total'".to_owned();
        }
        format!("SELECT count(*) AS n FROM ({})", self.counted(bound))
    }
}

/// Square of the distance to a row `f` of `fact`, square kilometres; NULL without a point.
fn square_distance(point: Point, bound: &mut Bound) -> String {
    let (lat, lon) = (bound.real(point.lat), bound.real(point.lon));
    let (north, east) = (bound.real(point.north()), bound.real(point.east()));
    format!(
        "((f.lat - {lat}) * {north} * (f.lat - {lat}) * {north}
          + (f.lon - {lon}) * {east} * (f.lon - {lon}) * {east})"
    )
}

/// Names of codes: rows of `name`. The parameter is a JSON array of `[facet, code]`.
pub fn names(codes: &[(&str, &str)]) -> Statement {
    let list = serde_json::to_string(codes).unwrap_or_default();
    sql!(
        "SELECT n.facet, n.code, n.kk, n.ru, n.en, n.lat, n.lon
         FROM json_each(?1) j CROSS JOIN name n
           ON n.facet = j.value ->> 0 AND n.code = j.value ->> 1",
        list
    )
}

/// The words that searches are mended with: names of directories, and of the places that have
/// vacancies. Rows `kk`, `ru`, `en`; some hundreds, whatever the number of vacancies.
pub fn vocabulary() -> Statement {
    sql!(
        "SELECT kk, ru, en FROM name
          WHERE facet IN ('position', 'position_group', 'subject', 'organisation_type')
         UNION ALL
         SELECT n.kk, n.ru, n.en FROM tally t
           CROSS JOIN name n ON n.facet = 'kato' AND n.code = t.code
          WHERE t.facet IN ('region', 'district') AND t.n > 0"
    )
}

/// The middle of the vacancies of a district, for a place without a point of its own.
pub fn middle(district: &str) -> Statement {
    let mut bound = Bound::default();
    let token = bound.text(token::quoted(&token::facet(Filter::District, district)));
    bound.statement(format!(
        "SELECT avg(lat) AS lat, avg(lon) AS lon FROM (
           SELECT f.lat, f.lon FROM by_ending
           CROSS JOIN fact f ON f.number = by_ending.rowid & {NUMBER_MASK}
           WHERE by_ending MATCH {token} AND f.lat IS NOT NULL LIMIT 100)"
    ))
}
