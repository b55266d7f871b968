//! The query of a search. The address is its state: [`Query::parse`] reads it, and
//! [`Query::to_query_string`] writes it in one stable order.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    cursor::{self, Cursor},
    filter::{Filter, district_of, region_of},
    geo,
};
use crate::shared::{
    lang::Lang,
    number::group,
    refusal::{Check, Refusal},
};

/// The longest text of a search, characters.
pub const TEXT_MAX: usize = 200;
/// How many codes a filter takes.
pub const CODES_MAX: usize = 20;
/// The largest pay that can be asked for, tenge a month.
pub const SALARY_MAX: i64 = 10_000_000;
/// "Ends within so many days".
pub const CLOSING: [u32; 2] = [3, 7];

/// Order of the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Ending soonest first.
    #[default]
    Ending,
    /// Published last first.
    Newest,
    /// Best paid first.
    Salary,
    /// Exact title, then title, then the rest; needs a text.
    Relevance,
    /// Nearest first; needs a place.
    Distance,
}

impl Sort {
    /// All orders.
    pub const ALL: [Sort; 5] =
        [Sort::Ending, Sort::Newest, Sort::Salary, Sort::Relevance, Sort::Distance];

    /// The code in the address.
    pub const fn code(self) -> &'static str {
        match self {
            Sort::Ending => "ending",
            Sort::Newest => "newest",
            Sort::Salary => "salary",
            Sort::Relevance => "relevance",
            Sort::Distance => "distance",
        }
    }

    /// The order of a code.
    pub fn parse(code: &str) -> Option<Sort> {
        Sort::ALL.into_iter().find(|sort| sort.code() == code)
    }
}

/// A search.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// What was typed; spaces at the ends and control characters are gone.
    pub text: String,
    /// Codes by filter.
    pub filters: BTreeMap<Filter, BTreeSet<String>>,
    /// Pay of at least so many tenge a month.
    pub salary: Option<i64>,
    /// Ends within so many days: 3 or 7.
    pub closing: Option<u32>,
    /// KATO code of the place from which distance is measured.
    pub near: Option<String>,
    /// Radius around it, km.
    pub km: Option<u32>,
    /// Order.
    pub sort: Sort,
    /// Where the page begins; belongs to exactly this search.
    pub cursor: Option<Cursor>,
}

impl Query {
    /// Reads decoded names and values of an address. Unknown names and empty values mean
    /// nothing; of a name that may come once, the first value counts.
    ///
    /// # Errors
    /// All wrong values at once, by parameter. That a code is in no directory is found later.
    pub fn parse(pairs: &[(String, String)]) -> Result<Query, Refusal> {
        let mut check = Check::default();
        let mut query = Query::default();
        let first = |name: &str| {
            pairs
                .iter()
                .filter(|(have, _)| have == name)
                .map(|(_, value)| value.as_str())
                .find(|value| !value.is_empty())
        };
        if let Some(text) = first("q") {
            let text: String =
                text.split_whitespace().collect::<Vec<_>>().join(" ").replace(char::is_control, "");
            if text.chars().count() > TEXT_MAX {
                check.wrong_with("q", "search_text", "max", TEXT_MAX);
            } else {
                query.text = text;
            }
        }
        let mut given: BTreeMap<Filter, usize> = BTreeMap::new();
        for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
            let Some(filter) = Filter::parse(name) else { continue };
            *given.entry(filter).or_default() += 1;
            match filter.code(value) {
                Some(code) => {
                    query.filters.entry(filter).or_default().insert(code);
                }
                None => wrong_once(&mut check, filter.name(), "search_value"),
            }
        }
        for (filter, _) in given.iter().filter(|(_, n)| **n > CODES_MAX) {
            check.wrong_with(filter.name(), "search_many", "max", CODES_MAX);
        }
        let number = |name: &'static str, from: i64, to: i64, check: &mut Check| {
            // People write 300 000 and 300 000 ₸, as the pages print it.
            let value: String =
                first(name)?.chars().filter(|c| !c.is_whitespace() && *c != '₸').collect();
            let plain = value.len() <= 10 && value.bytes().all(|b| b.is_ascii_digit());
            let number = value.parse::<i64>().ok().filter(|n| plain && (from..=to).contains(n));
            if number.is_none() {
                let range = format!("{}–{}", group(Lang::Ru, from), group(Lang::Ru, to));
                check.wrong_with(name, "search_number", "range", range);
            }
            number
        };
        query.salary = number("salary", 0, SALARY_MAX, &mut check).filter(|n| *n > 0);
        query.km = number("km", 1, geo::MAX_KM.into(), &mut check).map(|n| n as u32);
        if let Some(value) = first("closing") {
            query.closing = CLOSING.into_iter().find(|days| days.to_string() == value);
            if query.closing.is_none() {
                check.wrong("closing", "search_value");
            }
        }
        if let Some(value) = first("near") {
            if value.len() == 9 && value.bytes().all(|b| b.is_ascii_digit()) {
                query.near = Some(value.to_owned());
            } else {
                check.wrong("near", "search_value");
            }
        }
        if let Some(value) = first("sort") {
            match Sort::parse(value) {
                Some(sort) => query.sort = sort,
                None => check.wrong("sort", "search_value"),
            }
        }
        query.settle();
        // An empty cursor is that of a program before its first page.
        if let Some(value) = first("cursor").filter(|value| !value.is_empty()) {
            query.cursor = Cursor::decode(value, query.hash());
            if query.cursor.is_none() {
                check.wrong("cursor", "search_cursor");
            }
        }
        check.done()?;
        Ok(query)
    }

    /// Drops what has no meaning without something else, so that one search has one address.
    fn settle(&mut self) {
        self.filters.retain(|_, codes| !codes.is_empty());
        match &self.near {
            None => self.km = None,
            Some(_) => self.km = Some(self.km.unwrap_or(geo::DEFAULT_KM)),
        }
        let senseless = match self.sort {
            Sort::Relevance => self.text.is_empty(),
            Sort::Distance => self.near.is_none(),
            _ => false,
        };
        if senseless {
            self.sort = Sort::default();
        }
    }

    /// The address of the search, without `?`, in one stable order; the defaults are left out.
    pub fn to_query_string(&self) -> String {
        let mut out = self.address();
        if let Some(cursor) = self.cursor {
            push(&mut out, "cursor", &cursor.encode(self.hash()));
        }
        out
    }

    /// The hash that ties a cursor to the search.
    pub fn hash(&self) -> u32 {
        cursor::hash(&self.address())
    }

    /// The text of a cursor in this search.
    pub fn cursor_text(&self, cursor: Cursor) -> String {
        cursor.encode(self.hash())
    }

    fn address(&self) -> String {
        let mut out = String::new();
        if !self.text.is_empty() {
            push(&mut out, "q", &self.text);
        }
        for (filter, codes) in &self.filters {
            for code in codes {
                push(&mut out, filter.name(), code);
            }
        }
        if let Some(salary) = self.salary {
            push(&mut out, "salary", &salary.to_string());
        }
        if let Some(days) = self.closing {
            push(&mut out, "closing", &days.to_string());
        }
        if let Some(near) = &self.near {
            push(&mut out, "near", near);
        }
        if let Some(km) = self.km.filter(|km| *km != geo::DEFAULT_KM) {
            push(&mut out, "km", &km.to_string());
        }
        if self.sort != Sort::default() {
            push(&mut out, "sort", self.sort.code());
        }
        out
    }

    /// The codes of a filter.
    pub fn codes(&self, filter: Filter) -> impl Iterator<Item = &str> + Clone {
        self.filters.get(&filter).into_iter().flatten().map(String::as_str)
    }

    /// Whether nothing is asked for: all vacancies, in some order.
    pub fn is_everything(&self) -> bool {
        self.text.is_empty()
            && self.filters.is_empty()
            && self.salary.is_none()
            && self.closing.is_none()
            && self.near.is_none()
    }

    /// The search with one thing changed, from its first page.
    #[must_use]
    pub fn changed(&self, change: impl FnOnce(&mut Query)) -> Query {
        let mut out = Query { cursor: None, ..self.clone() };
        change(&mut out);
        out.settle();
        out
    }

    /// Without one code of a filter. A region takes its districts along.
    #[must_use]
    pub fn without(&self, filter: Filter, code: &str) -> Query {
        self.changed(|query| {
            if let Some(codes) = query.filters.get_mut(&filter) {
                codes.remove(code);
            }
            if filter == Filter::Region
                && let Some(districts) = query.filters.get_mut(&Filter::District)
            {
                districts.retain(|district| region_of(district) != code);
            }
        })
    }

    /// Without a whole filter.
    #[must_use]
    pub fn without_all(&self, filter: Filter) -> Query {
        self.changed(|query| {
            query.filters.remove(&filter);
            if filter == Filter::Region {
                query.filters.remove(&Filter::District);
            }
        })
    }

    /// With the regions of the districts in the place of the districts.
    pub fn in_whole_regions(&self) -> Option<Query> {
        let districts = self.filters.get(&Filter::District)?;
        let regions: BTreeSet<String> = districts.iter().map(|d| region_of(d)).collect();
        Some(self.changed(|query| {
            query.filters.remove(&Filter::District);
            query.filters.insert(Filter::Region, regions);
        }))
    }

    /// The district or city in which the place of `near` lies.
    pub fn near_district(&self) -> Option<String> {
        self.near.as_deref().map(district_of)
    }
}

/// One message a parameter is enough.
fn wrong_once(check: &mut Check, field: &'static str, code: &'static str) {
    if !check.0.iter().any(|error| error.field == field) {
        check.wrong(field, code);
    }
}

fn push(out: &mut String, name: &str, value: &str) {
    if !out.is_empty() {
        out.push('&');
    }
    out.push_str(name);
    out.push('=');
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
}

#[cfg(test)]
mod tests;
