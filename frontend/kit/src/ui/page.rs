//! The frame of a page: heading, one main action, the way back.

use crate::reactive::AnyView;

use crate::{
    dom::{El, div, el, live_text},
    nav::{self, link},
    router::{Place, Route},
    text::t,
};

/// A page with a heading of the interface.
pub fn page(title: &'static str, action: Option<El>) -> El {
    page_with(move || t(title).to_owned(), None, action)
}

/// A page with a heading of its own, and the page above it.
pub fn page_with(
    title: impl Fn() -> String + 'static,
    above: Option<Route>,
    action: Option<El>,
) -> El {
    nav::headed();
    let back = above.map(|route| {
        let key = route.title_key();
        el("p").class("back").child(link(Place::from(route)).child("‹ ").t(key))
    });
    div("page").maybe(back).child(
        div("page-head")
            .child(el("h1").id("page-title").attr("tabindex", "-1").child(live_text(title)))
            .maybe(action),
    )
}

/// A section with a heading.
pub fn section(key: &'static str) -> El {
    el("section").class("panel").child(el("h2").t(key))
}

/// A list of facts: what and how.
pub fn facts(rows: impl IntoIterator<Item = (&'static str, AnyView)>) -> El {
    el("dl").class("facts").children(
        rows.into_iter()
            .map(|(key, value)| el("div").child(el("dt").t(key)).child(el("dd").child(value))),
    )
}
