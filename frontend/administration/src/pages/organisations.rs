//! Organisations within reach.

use crate::reactive::{AnyView, RwSignal};
use domain::vacancy::api::OrganisationRef;

use crate::{
    dom::{el, live_text},
    nav::{self, link},
    router::{Route, encode},
    state::app,
    text::pick,
    ui::{
        errors,
        field::field,
        load::{empty, load},
        page::page as frame,
    },
};

fn path() -> String {
    let q = app().place.with_untracked(|place| place.get("q").to_owned());
    format!("organisations?q={}", encode(&q))
}

/// The page.
pub fn page() -> AnyView {
    let place = app().place;
    let list = load::<Vec<OrganisationRef>>(path());
    crate::dom::follow(move || {
        if place.with(|place| place.route == Route::Organisations) {
            list.ask(path());
        }
    });
    let q = RwSignal::new(place.with_untracked(|place| place.get("q").to_owned()));
    frame("nav.organisations", None)
        .child(
            el("form")
                .class("filters")
                .attr("role", "search")
                .on("submit", move |event| {
                    event.prevent_default();
                    nav::go(place.get_untracked().with("q", q.get_untracked().trim()));
                })
                .child(field("q", "organisation.search", errors::errors()).input("search", q))
                .child(
                    el("button").attr("type", "submit").class("button second").t("vacancies.find"),
                ),
        )
        .child(list.view(|list| {
            if list.is_empty() {
                return empty("organisation.none", None);
            }
            el("ul")
                .class("rows")
                .children(list.into_iter().map(|one| {
                    let name = one.name;
                    el("li").child(
                        link(Route::Organisation(one.id)).child(live_text(move || pick(&name))),
                    )
                }))
                .done()
        }))
        .done()
}
