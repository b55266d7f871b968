//! SQL of the search: on SEARCH, and the few reads of the main database that feed it.
//!
//! Every statement that walks over matches stops at a bound: a page stops when it is full,
//! a count at [`COUNT_MAX`].

use super::{
    cursor::Cursor,
    filter::Filter,
    geo::{self, Point},
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

mod changes;
mod named;
mod sitemap;
mod write;
pub use changes::*;
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
    /// The MATCH expression without the filter `except`, narrowed by `text`.
    fn expression(&self, text: Option<String>, except: Option<Filter>) -> String {
        let query = self.query;
        let mut parts: Vec<String> = query
            .filters
            .iter()
            .filter(|(filter, _)| Some(**filter) != except)
            .map(|(filter, codes)| token::any(codes.iter().map(|code| token::facet(*filter, code))))
            .collect();
        parts.extend(text);
        if let Some(days) = query.closing {
            let today = self.now.day();
            let days =
                (0..=u64::from(days)).filter_map(|n| today.checked_add_days(chrono::Days::new(n)));
            parts.push(token::any(days.map(token::closing)));
        }
        if let Some(token) = query.salary.and_then(token::pay) {
            parts.push(token::quoted(&token));
        }
        if let (Some(point), Some(km)) = (self.point, query.km) {
            parts.push(token::any(geo::covering(point, km)));
        }
        if parts.is_empty() {
            parts.push(token::quoted(token::ALL));
        }
        format!("({})", parts.join(" AND "))
    }

    /// Whether the filters (without one) leave everything in.
    fn is_everything(&self, except: Option<Filter>) -> bool {
        self.reading.is_empty()
            && self.query.salary.is_none()
            && self.query.closing.is_none()
            && self.query.near.is_none()
            && self.query.filters.keys().all(|filter| Some(*filter) == except)
    }

    /// What tokens cannot say: conditions on a row `f` of `fact`.
    fn conditions(&self, bound: &mut Bound) -> String {
        let now = bound.int(self.now.millis());
        format!("f.closes_at > {now}{}", self.narrower(bound))
    }

    /// The conditions beside the one on time; empty where tokens say everything.
    fn narrower(&self, bound: &mut Bound) -> String {
        let mut out = String::new();
        // Steps of pay are tokens; only what lies between two steps is compared.
        if let Some(salary) = self.query.salary.filter(|salary| {
            *salary % token::PAY_STEP != 0 || *salary > token::PAY_STEP * token::PAY_STEPS
        }) {
            out += &format!(" AND f.pay >= {}", bound.int(salary));
        }
        if let (Some(point), Some(km)) = (self.point, self.query.km) {
            let square = bound.real(f64::from(km).powi(2));
            out += &format!(" AND {} <= {square}", square_distance(point, bound));
        }
        out
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
        let expression = self.expression(self.reading.anywhere(), None);
        let walk = self.walk(list, expression, 0, lang, size, &mut bound);
        bound.statement(walk)
    }

    /// Walks a list in its order until the page is full.
    fn walk(
        &self,
        list: &str,
        expression: String,
        tier: u8,
        lang: Lang,
        size: u32,
        bound: &mut Bound,
    ) -> String {
        let expression = bound.text(expression);
        let cursor = self.query.cursor.filter(|cursor| cursor.tier == tier);
        let mut from = if list == "by_ending" { first_open(self.now) } else { 0 };
        if let Some(cursor) = cursor {
            from = from.max(cursor.key as i64 + 1);
        }
        let from = bound.int(from);
        let conditions = self.conditions(bound);
        let km = self.point.map_or("NULL".to_owned(), |point| square_distance(point, bound));
        let limit = bound.int(i64::from(size) + 1);
        format!(
            "SELECT c.{lang} AS card, {tier} AS tier, {list}.rowid AS key, 0 AS number, {km} AS km
             FROM {list}
             CROSS JOIN fact f ON f.number = {list}.rowid & {NUMBER_MASK}
             CROSS JOIN card c ON c.number = f.number
             WHERE {list} MATCH {expression} AND {list}.rowid >= {from} AND {conditions}
             ORDER BY {list}.rowid LIMIT {limit}",
            lang = lang.code(),
        )
    }

    /// Exact titles, then titles, then the rest; each newest first. The three sets do not
    /// overlap, so pages never repeat a result, however many there are. A later set is looked
    /// at only where the ones before it do not fill the page.
    fn by_relevance(&self, lang: Lang, size: u32) -> Statement {
        let anywhere = self.expression(self.reading.anywhere(), None);
        let (Some(title), Some(exact)) = (self.reading.in_title(), self.reading.exact_title())
        else {
            return self.in_order("by_newest", lang, size);
        };
        let first = self.query.cursor.map_or(0, |cursor| cursor.tier);
        let mut bound = Bound::default();
        let walks: Vec<String> = [
            format!("({anywhere} AND {exact})"),
            format!("({anywhere} AND {title}) NOT {exact}"),
            format!("{anywhere} NOT ({exact} OR {title})"),
        ]
        .into_iter()
        .zip(0..)
        .filter(|(_, tier)| *tier >= first)
        .map(|(expression, tier)| {
            let walk = self.walk("by_newest", expression, tier, lang, size, &mut bound);
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
        let expression = bound.text(self.expression(self.reading.anywhere(), None));
        let from = bound.int(first_open(self.now));
        let conditions = self.conditions(&mut bound);
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
               WHERE by_ending MATCH {expression} AND by_ending.rowid >= {from} AND {conditions}
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
        if self.is_everything(None) {
            return sql!("SELECT n FROM tally WHERE facet = 'total'");
        }
        let mut bound = Bound::default();
        let matches = self.counted(&mut bound);
        bound.statement(format!("SELECT count(*) AS n FROM ({matches})"))
    }

    /// The first matches, only to be counted. Acceptance ends on whole minutes, so the list
    /// alone knows who is over; rows of `fact` are read only for what tokens cannot say.
    fn counted(&self, bound: &mut Bound) -> String {
        if !self.narrower(&mut Bound::default()).is_empty() {
            return self.matches(None, "1", bound);
        }
        let expression = bound.text(self.expression(self.reading.anywhere(), None));
        let (from, most) = (bound.int(first_open(self.now)), bound.int(i64::from(COUNT_MAX) + 1));
        format!(
            "SELECT 1 FROM by_ending
             WHERE by_ending MATCH {expression} AND by_ending.rowid >= {from} LIMIT {most}"
        )
    }

    /// The first matches without one filter.
    fn matches(&self, except: Option<Filter>, columns: &str, bound: &mut Bound) -> String {
        let expression = bound.text(self.expression(self.reading.anywhere(), except));
        let from = bound.int(first_open(self.now));
        let conditions = self.conditions(bound);
        let most = bound.int(i64::from(COUNT_MAX) + 1);
        format!(
            "SELECT {columns} FROM by_ending
             CROSS JOIN fact f ON f.number = by_ending.rowid & {NUMBER_MASK}
             WHERE by_ending MATCH {expression} AND by_ending.rowid >= {from} AND {conditions}
             ORDER BY by_ending.rowid LIMIT {most}"
        )
    }

    /// The counts: one statement for the total and the filters that are not in use, and one for
    /// each filter in use, without it. Rows: `facet`, `code`, `n`, `name`.
    pub fn facets(&self, lang: Lang) -> Vec<Statement> {
        let counted = |filter: &Filter| {
            let district = *filter == Filter::District;
            let narrow = self.query.filters.contains_key(&Filter::Region)
                || self.query.filters.contains_key(&Filter::District);
            *filter != Filter::Org && (!district || narrow)
        };
        let (used, free): (Vec<Filter>, Vec<Filter>) = Filter::ALL
            .into_iter()
            .filter(counted)
            .partition(|filter| self.query.filters.contains_key(filter));
        let mut out = vec![self.counts(None, &free, lang)];
        out.extend(used.iter().map(|filter| self.counts(Some(*filter), &[*filter], lang)));
        out.push(self.closing());
        out
    }

    fn counts(&self, except: Option<Filter>, filters: &[Filter], lang: Lang) -> Statement {
        let mut bound = Bound::default();
        let names: Vec<String> = filters.iter().map(|f| format!("'{}'", f.name())).collect();
        let directories: Vec<String> = filters
            .iter()
            .filter_map(|f| Some(format!("WHEN '{}' THEN '{}'", f.name(), f.directory()?)))
            .collect();
        let directory = if directories.is_empty() {
            "''".to_owned()
        } else {
            format!("CASE c.facet {} END", directories.join(" "))
        };
        let counts = if self.is_everything(except) {
            let total = if except.is_none() { ", 'total'" } else { "" };
            format!(
                "WITH c AS (SELECT facet, code, n FROM tally
                   WHERE facet IN ({}{total}) AND n > 0)",
                names.join(", ")
            )
        } else {
            let matches = self.matches(except, "f.*", &mut bound);
            let mut parts: Vec<String> = filters
                .iter()
                .filter_map(|filter| {
                    let (name, column) = (filter.name(), filter.column()?);
                    Some(format!(
                        "SELECT '{name}' AS facet, {column} AS code, count(*) AS n FROM f GROUP BY 2"
                    ))
                })
                .collect();
            if filters.contains(&Filter::Extra) {
                parts.push(
                    "SELECT 'extra' AS facet, j.value AS code, count(*) AS n
                     FROM f, json_each(f.extras) j GROUP BY 2"
                        .to_owned(),
                );
            }
            if except.is_none() {
                parts.push("SELECT 'total' AS facet, '' AS code, count(*) AS n FROM f".to_owned());
            }
            format!("WITH f AS MATERIALIZED ({matches}), c AS ({})", union_all(&parts))
        };
        let counted = bound.statement(format!(
            "{counts} SELECT c.facet, c.code, c.n,
               coalesce(nullif(n.{lang}, ''), n.ru, '') AS name
             FROM c LEFT JOIN name n ON n.facet = {directory} AND n.code = c.code
             WHERE c.code <> '' OR c.facet = 'total'",
            lang = lang.code(),
        ));
        counted.as_json("'facet', facet, 'code', code, 'n', n, 'name', name")
    }

    /// How many end within the offered numbers of days.
    fn closing(&self) -> Statement {
        let mut bound = Bound::default();
        let open = Plan {
            query: &Query { closing: None, ..self.query.clone() },
            reading: self.reading,
            point: self.point,
            now: self.now,
        };
        let parts: Vec<String> = super::query::CLOSING
            .iter()
            .map(|days| {
                let query = Query { closing: Some(*days), ..open.query.clone() };
                let plan = Plan { query: &query, ..open };
                format!(
                    "SELECT 'closing' AS facet, '{days}' AS code, count(*) AS n, '' AS name
                     FROM ({})",
                    plan.counted(&mut bound)
                )
            })
            .collect();
        bound.statement(union_all(&parts))
    }
}

/// One compound of many: the runtime allows five terms in a compound SELECT, so they are nested.
fn union_all(parts: &[String]) -> String {
    const TERMS: usize = 5;
    if parts.len() <= TERMS {
        return parts.join(" UNION ALL ");
    }
    let groups: Vec<String> = parts
        .chunks(TERMS)
        .map(|group| format!("SELECT * FROM ({})", group.join(" UNION ALL ")))
        .collect();
    union_all(&groups)
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
