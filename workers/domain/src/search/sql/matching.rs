//! Which rows of a list fit: the MATCH expression, the range of rows and the conditions on facts.
//!
//! Lists of the index are walked together, as far as the longest reaches; so the order is from
//! rare to frequent, a group of words that mean the same is one token, and a value that a third
//! of all vacancies has is looked up in the facts of what the other tokens find.

use chrono::Days;

use super::{Bound, Plan, square_distance};
use crate::{
    search::{
        filter::Filter,
        geo,
        index::{first_open, first_row},
        token,
    },
    shared::synonyms,
};

/// Filters from rare values to frequent ones.
const BY_RARITY: [Filter; 11] = [
    Filter::Org,
    Filter::District,
    Filter::Subject,
    Filter::Position,
    Filter::Region,
    Filter::Extra,
    Filter::Group,
    Filter::Type,
    Filter::Rate,
    Filter::Language,
    Filter::Term,
];

/// Filters with few values, some of which most vacancies have.
const FEW_VALUES: [Filter; 5] =
    [Filter::Group, Filter::Type, Filter::Rate, Filter::Language, Filter::Term];

/// Filters of a search that may be looked up in facts.
const LOOKED_UP: usize = 2;

/// The value of `meta.rebuild` of an index that is whole and knows this edition of the synonyms.
pub fn rebuilt() -> String {
    format!("done {:08x}", synonyms::edition())
}

/// What is looked for.
pub(super) struct Matching {
    /// The text in words, in tokens that stand for groups of words, and everything else.
    words: Option<String>,
    short: Option<String>,
    rest: Vec<String>,
    /// Filters that may be frequent, each with its codes as JSON and as an expression.
    frequent: Vec<(Filter, String, String)>,
}

impl Plan<'_> {
    /// What is looked for, without the filter `except`.
    pub(super) fn matching(&self, except: Option<Filter>) -> Matching {
        let query = self.query;
        let filters: Vec<Filter> = BY_RARITY
            .into_iter()
            .filter(|filter| Some(*filter) != except && query.filters.contains_key(filter))
            .collect();
        // Something has to be looked up, or all facts would be read.
        let anchored = !self.reading.is_empty()
            || (self.point.is_some() && query.km.is_some())
            || filters.iter().any(|filter| !FEW_VALUES.contains(filter));
        // The most frequent ones; more would nest deeper than the database allows.
        let looked_up: Vec<Filter> = filters
            .iter()
            .rev()
            .filter(|filter| anchored && FEW_VALUES.contains(filter))
            .take(LOOKED_UP)
            .copied()
            .collect();
        let mut rest = Vec::new();
        let mut frequent = Vec::new();
        for filter in filters {
            let tokens = token::any(query.codes(filter).map(|code| token::facet(filter, code)));
            if looked_up.contains(&filter) {
                let codes: Vec<&str> = query.codes(filter).collect();
                let codes = serde_json::to_string(&codes).unwrap_or_default();
                frequent.push((filter, codes, tokens));
            } else {
                rest.push(tokens);
            }
        }
        if let (Some(point), Some(km)) = (self.point, query.km) {
            rest.push(token::any(geo::covering(point, km)));
        }
        if let Some(days) = query.closing {
            let today = self.now.day();
            let days = (0..=u64::from(days)).filter_map(|n| today.checked_add_days(Days::new(n)));
            rest.push(token::any(days.map(token::closing)));
        }
        if let Some(token) = query.salary.and_then(token::pay) {
            rest.push(token::quoted(&token));
        }
        let words = self.reading.anywhere();
        if words.is_none() && rest.is_empty() {
            rest.push(token::quoted(token::ALL));
        }
        Matching { short: self.reading.shortly(), words, rest, frequent }
    }

    /// What tokens cannot say: conditions on a row `f` of `fact`.
    pub(super) fn conditions(&self, matching: &Matching, bound: &mut Bound) -> String {
        let now = bound.int(self.now.millis());
        format!("f.closes_at > {now}{}", self.narrower(matching, bound))
    }

    /// The conditions beside the one on time; empty where tokens say everything.
    pub(super) fn narrower(&self, matching: &Matching, bound: &mut Bound) -> String {
        let mut out = String::new();
        // Steps of pay are tokens; only what lies between two steps is compared.
        if let Some(salary) = self.query.salary.filter(|salary| !token::is_step(*salary)) {
            out += &format!(" AND f.pay >= {}", bound.int(salary));
        }
        if let (Some(point), Some(km)) = (self.point, self.query.km) {
            let square = bound.real(f64::from(km).powi(2));
            out += &format!(" AND {} <= {square}", square_distance(point, bound));
        }
        for (filter, codes, _) in &matching.frequent {
            if let Some(column) = filter.column() {
                // One text with all codes: a list of values each would nest too deep.
                let codes = bound.text(codes.clone());
                out += &format!(" AND instr({codes}, '\"' || {column} || '\"') > 0");
            }
        }
        out
    }

    /// The rows of `by_ending` from one on that may fit: those that end too late need not be
    /// walked.
    pub(super) fn range(&self, from: i64, bound: &mut Bound) -> String {
        let mut out = format!("by_ending.rowid >= {}", bound.int(from));
        let last = self
            .query
            .closing
            .and_then(|days| self.now.day().checked_add_days(Days::new(u64::from(days) + 2)));
        if let Some(day) = last {
            out += &format!(" AND by_ending.rowid < {}", bound.int(first_row(day)));
        }
        out
    }

    /// Rows of `by_ending` from the first open one.
    pub(super) fn open(&self, bound: &mut Bound) -> String {
        self.range(first_open(self.now), bound)
    }
}

impl Matching {
    /// The expression as SQL, narrowed by `also`.
    pub(super) fn expression(&self, also: &str, bound: &mut Bound) -> String {
        let with = |text: &Option<String>| {
            let parts: Vec<&str> = text.iter().chain(&self.rest).map(String::as_str).collect();
            format!("(({})", parts.join(" AND "))
        };
        let end = format!("){also}");
        if self.short.is_none() && self.frequent.is_empty() {
            return bound.text(with(&self.words) + &end);
        }
        let mut out = bound.text(with(&self.words));
        if self.short.is_some() {
            let (whole, short) = (bound.text(rebuilt()), bound.text(with(&self.short)));
            out = format!(
                "CASE WHEN (SELECT value FROM meta WHERE name = 'rebuild') = {whole}
                   THEN {short} ELSE {out} END"
            );
        }
        for (filter, codes, tokens) in &self.frequent {
            let (codes, tokens) = (bound.text(codes.clone()), bound.text(format!(" AND {tokens}")));
            out += &format!(
                " || CASE WHEN 3 * (SELECT sum(n) FROM tally WHERE facet = '{}'
                       AND instr({codes}, '\"' || code || '\"') > 0)
                     >= (SELECT n FROM tally WHERE facet = 'total' AND code = '')
                   THEN '' ELSE {tokens} END",
                filter.name()
            );
        }
        format!("({out} || {})", bound.text(end))
    }
}
