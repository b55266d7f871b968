//! The pages of the editor.

use crate::{reactive::AnyView, router::Route};

pub mod edit;
pub mod fields;
pub mod key;
pub mod places;

/// Draws the page of a route.
pub fn draw(route: Route) -> AnyView {
    let Route::Bank(rest) = route else { return kit::pages::unknown::page() };
    let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        ["new"] => edit::new(),
        ["items", id, "edit"] => edit::page(id),
        _ => kit::pages::unknown::page(),
    }
}
