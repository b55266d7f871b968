//! Choosing an organisation: a list, and a search where the list is long.

use std::sync::Arc;

use domain::vacancy::api::OrganisationRef;
use leptos::prelude::*;

use super::{
    errors::Errors,
    field::{Options, field},
};
use crate::{
    api, browser,
    dom::{El, div, live, nothing},
    router::encode,
    state::app,
    text::pick,
};

/// Lists longer than this get a search.
const LONG: usize = 12;

/// A field that chooses one of the organisations within reach. `any` is the key of the option
/// that means none in particular.
pub fn organisation_field(
    name: &'static str,
    any: &'static str,
    chosen: RwSignal<String>,
    errors: Errors,
) -> El {
    let mine = app().me.with_untracked(|me| me.as_ref().map(|me| me.organisations.clone()));
    let mine = mine.unwrap_or_default();
    let long = mine.len() > LONG;
    if let [only] = mine.as_slice()
        && chosen.with_untracked(String::is_empty)
    {
        chosen.set(only.id.clone());
    }
    let shown: RwSignal<Vec<OrganisationRef>> = RwSignal::new(mine.clone());
    let text = RwSignal::new(String::new());
    let all = Arc::new(mine);
    let search = move || {
        let all = Arc::clone(&all);
        crate::dom::follow(move || {
            let query = text.get();
            let folded = browser::lower(&query);
            let near: Vec<_> = all
                .iter()
                .filter(|one| {
                    folded.is_empty()
                        || [&one.name.kk, &one.name.ru]
                            .iter()
                            .any(|name| browser::lower(name).contains(&folded))
                })
                .cloned()
                .collect();
            if !near.is_empty() || query.chars().count() < 3 {
                shown.set(near);
                return;
            }
            api::run(async move {
                let found =
                    api::get::<Vec<OrganisationRef>>(format!("organisations?q={}", encode(&query)));
                if let Ok(found) = found.await
                    && text.try_get_untracked() == Some(query)
                {
                    let _ = shown.try_set(found);
                }
            });
        });
    };
    let options: Options = Arc::new(move || {
        let mut out = vec![(String::new(), crate::text::t(any).to_owned())];
        out.extend(shown.get().iter().map(|one| (one.id.clone(), pick(&one.name))));
        out
    });
    if long {
        search();
    }
    div("organisation-field")
        .maybe(long.then(|| {
            field("organisation-search", "organisation.search", errors).input("search", text)
        }))
        .child(field(name, "organisation.one", errors).select(options, chosen))
        .child(live(nothing))
}
