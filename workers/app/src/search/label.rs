//! What filters are called.

use domain::{
    search::{filter::Filter, query::Query},
    shared::{lang::Lang, locale::SEARCH, number::tenge},
};

use super::Known;

/// Something that was asked for, to be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// The parameter.
    pub name: &'static str,
    /// What it says.
    pub label: String,
    /// The query without it (without `?`).
    pub without: String,
}

/// The name of a value that is in no directory.
pub(super) fn value(lang: Lang, facet: &str, code: &str) -> String {
    match facet {
        "rate" => {
            let rate = code.parse::<f64>().unwrap_or_default() / 100.0;
            let text = rate.to_string();
            let n = if lang == Lang::En { text } else { text.replace('.', ",") };
            SEARCH.fill(lang, "rate", &[("n", &n)])
        }
        _ => SEARCH
            .find(lang, &format!("{facet}.{code}"))
            .map_or_else(|| code.to_owned(), str::to_owned),
    }
}

/// The name of a code of a filter.
pub(super) fn code(lang: Lang, filter: Filter, code: &str, known: &Known) -> String {
    match filter.directory() {
        Some(directory) => known.name(lang, directory, code),
        None => value(lang, filter.name(), code),
    }
}

/// Everything that was asked for.
pub(super) fn chips(lang: Lang, query: &Query, known: &Known) -> Vec<Chip> {
    let mut out = Vec::new();
    let mut chip = |name: &'static str, label: String, without: Query| {
        out.push(Chip { name, label, without: without.to_query_string() });
    };
    if !query.text.is_empty() {
        let label = match lang {
            Lang::Kk | Lang::Ru => format!("«{}»", query.text),
            Lang::En => format!("“{}”", query.text),
        };
        chip("q", label, query.changed(|query| query.text.clear()));
    }
    for filter in Filter::ALL {
        for value in query.codes(filter) {
            let label = code(lang, filter, value, known);
            chip(filter.name(), label, query.without(filter, value));
        }
    }
    if let Some(salary) = query.salary {
        let label = SEARCH.fill(lang, "chip.salary", &[("sum", &tenge(lang, salary))]);
        chip("salary", label, query.changed(|query| query.salary = None));
    }
    if let Some(days) = query.closing {
        let label = value(lang, "closing", &days.to_string());
        chip("closing", label, query.changed(|query| query.closing = None));
    }
    if let (Some(near), Some(km)) = (&query.near, query.km) {
        let place = known.name(lang, "kato", near);
        let label = SEARCH.fill(lang, "chip.near", &[("place", &place), ("km", &km.to_string())]);
        chip("near", label, query.changed(|query| query.near = None));
    }
    out
}
