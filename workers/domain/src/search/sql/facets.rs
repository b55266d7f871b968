//! How many there are, and how many with each value of a filter.

use super::{Bound, COUNT_MAX, NUMBER_MASK, Plan, SAMPLE};
use crate::{
    search::{
        filter::Filter,
        query::{CLOSING, Query},
        token,
    },
    shared::{lang::Lang, statement::Statement},
};

impl Plan<'_> {
    /// The first matches, only to be counted. Acceptance ends on whole minutes, so the list
    /// alone knows who is over; rows of `fact` are read only for what tokens cannot say.
    pub(super) fn counted(&self, bound: &mut Bound) -> String {
        let most = COUNT_MAX + 1;
        let matching = self.matching(None);
        if !self.narrower(&matching, &mut Bound::default()).is_empty() {
            return self.matches(None, "1", most, bound);
        }
        let expression = matching.expression("", bound);
        let (range, most) = (self.open(bound), bound.int(most.into()));
        format!(
            "SELECT 1 FROM by_ending WHERE by_ending MATCH {expression} AND {range} LIMIT {most}"
        )
    }

    /// The first matches without one filter.
    fn matches(
        &self,
        except: Option<Filter>,
        columns: &str,
        most: u32,
        bound: &mut Bound,
    ) -> String {
        let matching = self.matching(except);
        let expression = matching.expression("", bound);
        let range = self.open(bound);
        let conditions = self.conditions(&matching, bound);
        let most = bound.int(most.into());
        format!(
            "SELECT {columns} FROM by_ending
             CROSS JOIN fact f ON f.number = by_ending.rowid & {NUMBER_MASK}
             WHERE by_ending MATCH {expression} AND {range} AND {conditions}
             ORDER BY by_ending.rowid LIMIT {most}"
        )
    }

    /// The counts: one statement for the total and the filters that are not in use, one for each
    /// filter in use, without it, and one for the days of the end. Rows: `facet`, `code`, `n`,
    /// `name`. Where there are more than [`SAMPLE`] matches, the first are counted, a row `sample` says
    /// so of each facet, and values that only the others have come with 0.
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
        out.extend(self.total_apart());
        out
    }

    /// Whether the facts of all matches are read to count them: then facets cost little more.
    fn reads_facts(&self) -> bool {
        self.query.km.is_some() || self.query.salary.is_some_and(|salary| !token::is_step(salary))
    }

    /// The total, where the facets do not count all.
    fn total_apart(&self) -> Option<Statement> {
        if self.reads_facts() || self.is_everything(None) {
            return None;
        }
        let mut bound = Bound::default();
        let total = self.total(&mut bound);
        Some(bound.statement(format!(
            "SELECT 'total' AS facet, '' AS code, n, '' AS name FROM ({total})"
        )))
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
            let sample = if self.reads_facts() { COUNT_MAX } else { SAMPLE };
            let matches = self.matches(except, "f.*", sample + 1, &mut bound);
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
            // Districts are of one region; which, the tally does not know.
            let others: Vec<&str> = filters
                .iter()
                .zip(&names)
                .filter(|(filter, _)| **filter != Filter::District)
                .map(|(_, name)| name.as_str())
                .collect();
            let more = format!("(SELECT n FROM s) > {sample}");
            if except.is_none() && self.total_apart().is_none() {
                parts.push("SELECT 'total' AS facet, '' AS code, n FROM s".to_owned());
            }
            parts.push(format!(
                "SELECT facet, code, 0 AS n FROM tally
                 WHERE {more} AND facet IN ({}) AND n > 0",
                others.join(", ")
            ));
            parts.push(format!(
                "SELECT 'sample' AS facet, value AS code, 1 AS n
                 FROM json_each('[\"{}\"]') WHERE {more}",
                filters.iter().map(|f| f.name()).collect::<Vec<_>>().join("\",\"")
            ));
            format!(
                "WITH f AS MATERIALIZED ({matches}), s AS MATERIALIZED (SELECT count(*) AS n FROM f),
                 c AS ({})",
                union_all(&parts)
            )
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
        let parts: Vec<String> = CLOSING
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
