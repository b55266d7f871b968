//! The pages, a file or a folder each.

use crate::{reactive::AnyView, router::Route, ui::page::page as frame};

/// Draws the page of a route.
pub fn draw(route: Route) -> AnyView {
    match route {
        Route::My(rest) if rest.is_empty() => frame("my.home", None).done(),
        Route::My(rest) if rest == "security" => kit::pages::security::page(),
        _ => kit::pages::unknown::page(),
    }
}
