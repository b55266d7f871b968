//! Choosing an organisation: a list, and a search where the list is long.

use std::rc::Rc;

use crate::reactive::RwSignal;
use domain::{
    account::{permission::Permission, role::Scope},
    vacancy::api::OrganisationRef,
};

use super::{
    errors::Errors,
    field::{Options, field},
};
use crate::{
    api, browser,
    dom::{El, div, live, nothing},
    router::encode,
    seek,
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
    among(mine.unwrap_or_default(), name, any, chosen, errors)
}

/// The same with the departments on top for which the person acts: a role is granted there, and a
/// list of a whole district is imported there.
pub fn department_field(
    name: &'static str,
    any: &'static str,
    chosen: RwSignal<String>,
    errors: Errors,
) -> El {
    let mut all: Vec<OrganisationRef> = Vec::new();
    app().me.with_untracked(|me| {
        let Some(me) = me else { return };
        for role in me.roles.iter().filter(|role| role.grant.scope == Scope::Subtree) {
            let (id, name) = (role.grant.organisation.clone(), role.name.clone());
            all.push(OrganisationRef { id, name, slug: String::new() });
        }
        if let [only] = all.as_slice()
            && chosen.with_untracked(String::is_empty)
        {
            chosen.set(only.id.clone());
        }
        all.extend(me.organisations.iter().cloned());
    });
    among(all, name, any, chosen, errors)
}

fn among(
    mine: Vec<OrganisationRef>,
    name: &'static str,
    any: &'static str,
    chosen: RwSignal<String>,
    errors: Errors,
) -> El {
    let may_search = app().may(Permission::VacancyRead);
    let long = mine.len() > LONG;
    if let [only] = mine.as_slice()
        && chosen.with_untracked(String::is_empty)
    {
        chosen.set(only.id.clone());
    }
    let shown: RwSignal<Vec<OrganisationRef>> = RwSignal::new(mine.clone());
    let text = RwSignal::new(String::new());
    let all = Rc::new(mine);
    let search = move || {
        let all = Rc::clone(&all);
        crate::dom::follow(move || {
            let query = text.get();
            let folded = browser::lower(&query);
            let near: Vec<_> = all
                .iter()
                .filter(|one| {
                    folded.is_empty()
                        || [&one.name.kk, &one.name.ru]
                            .iter()
                            .any(|name| seek::has(&browser::lower(name), &folded))
                })
                .cloned()
                .collect();
            if !near.is_empty() || query.chars().count() < 3 || !may_search {
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
    let options: Options = Rc::new(move || {
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
