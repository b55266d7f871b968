//! Organisations within reach.

use domain::vacancy::api::OrganisationRef;

use crate::{
    dom::{el, live_text},
    form::filters::filters,
    nav::link,
    reactive::AnyView,
    router::{Place, Route, encode},
    text::pick,
    ui::{list::by_address, load::empty, page::page as frame},
};

fn path(place: &Place) -> String {
    format!("organisations?q={}", encode(place.get("q")))
}

/// The page.
pub fn page() -> AnyView {
    let list = by_address::<Vec<OrganisationRef>>(path);
    frame("nav.organisations", None)
        .child(
            filters(Route::Organisations).words("q", "organisation.search").done("vacancies.find"),
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
