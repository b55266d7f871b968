//! The pages, a file or a folder each.

use crate::{reactive::AnyView, router::Route};

pub mod application;
pub mod applications;

/// Draws the page of a route.
pub fn draw(route: Route) -> AnyView {
    match route {
        Route::Applications => applications::page(),
        Route::Application(id) => application::page(&id),
        _ => kit::pages::unknown::page(),
    }
}
