//! The pages, a file each.

pub use kit::testing::{act, at, figure, points, tag, ways};

use crate::{reactive::AnyView, router::Route};

pub mod analysis;
pub mod appeals;
pub mod equate;
pub mod figures;
pub mod form;
pub mod ruling;
pub mod task;

/// Draws the page of a route.
pub fn draw(route: Route) -> AnyView {
    let Route::Testing(rest) = route else { return kit::pages::unknown::page() };
    let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        ["forms", "new"] => form::page(None),
        ["forms", id, "edit"] => form::page(Some(id)),
        ["appeals"] => appeals::page(),
        ["appeals", exam, item, version] => task::page(exam, item, version),
        ["rulings", id] => ruling::page(id),
        ["analyses"] => analysis::page(),
        ["analyses", "equate"] => equate::page(),
        ["analyses", id] => figures::page(id),
        ["analyses", id, item, version] => figures::item(id, item, version),
        _ => kit::pages::unknown::page(),
    }
}
