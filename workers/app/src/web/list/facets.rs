//! The facets of the list, as the page shows them.

use domain::{
    search::{
        api::{Facet, FacetValue},
        filter::Filter,
        query::Query,
    },
    shared::{lang::Lang, locale::SEARCH},
};

/// Values of a facet on the page; the chosen ones are always there.
const VALUES: usize = 30;

pub(super) struct FacetView {
    pub(super) name: String,
    pub(super) title: &'static str,
    pub(super) kind: &'static str,
    pub(super) open: bool,
    pub(super) values: Vec<FacetValue>,
    at_least: bool,
}

impl FacetView {
    /// How many have a value, as it is shown: `12`, `12+` where only the first were counted, and
    /// nothing where none of those has it.
    pub(super) fn count(&self, value: &FacetValue) -> String {
        match (self.at_least, value.count) {
            (true, 0) => String::new(),
            (true, n) => format!("{n}+"),
            (false, n) => n.to_string(),
        }
    }
}

/// The facets that say something: with a choice to make, or made.
pub(super) fn facets(lang: Lang, query: &Query, facets: Vec<Facet>) -> Vec<FacetView> {
    let region = query.codes(Filter::Region).next().is_some();
    facets
        .into_iter()
        .filter(|facet| match facet.name.as_str() {
            "org" => false,
            // Two hundred districts help nobody who has not said the region.
            "district" => {
                region
                    || facet.values.len() <= VALUES
                    || facet.values.iter().any(|value| value.chosen)
            }
            _ => true,
        })
        .filter_map(|facet| {
            let chosen = facet.values.iter().any(|value| value.chosen);
            let values: Vec<_> = facet
                .values
                .into_iter()
                .enumerate()
                .filter(|(place, value)| value.chosen || *place < VALUES)
                .map(|(_, value)| value)
                .collect();
            let title = SEARCH.find(lang, &format!("facet.{}", facet.name))?;
            (values.len() > 1 || chosen).then_some(FacetView {
                kind: if facet.name == "closing" { "radio" } else { "checkbox" },
                open: chosen,
                title,
                at_least: facet.at_least,
                name: facet.name,
                values,
            })
        })
        .collect()
}
