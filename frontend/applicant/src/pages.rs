//! The pages, a file or a folder each.

use crate::{dom::nothing, profile, reactive::AnyView, router::Route, state::app};

pub mod application;
pub mod applications;
pub mod overview;

/// Draws the page of a route.
pub fn draw(route: Route) -> AnyView {
    let Route::My(rest) = route else { return kit::pages::unknown::page() };
    let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [] => overview::page(),
        ["apply", vacancy] => applications::begin((*vacancy).to_owned()),
        ["applications"] => applications::page(),
        ["applications", "new"] => {
            let vacancy = app().place.with_untracked(|place| place.get("vacancy").to_owned());
            applications::begin(vacancy)
        }
        ["applications", id] => application::page(id),
        ["applications", id, "sent"] => application::sent::page(id),
        ["applications", _, "records", "new", kind] => profile::record::new(kind),
        ["applications", _, "records", id] => profile::record::edit(id, |_| nothing()),
        ["applications", id, section] => application::step(id, section),
        _ => kit::pages::unknown::page(),
    }
}

/// An address among one's own things.
pub fn my(rest: impl Into<String>) -> Route {
    Route::My(rest.into())
}
