//! The pages, a file or a folder each.

use crate::{json::Json, reactive::AnyView, router::Route};

pub mod application;
pub mod applications;
pub mod records;

/// Draws the page of a route.
pub fn draw(route: Route) -> AnyView {
    match route {
        Route::Applications => applications::page(),
        Route::Application(id) => application::page(&id),
        Route::Records(id) if id.is_empty() => records::page(),
        Route::Records(id) => records::one(&id),
        _ => kit::pages::unknown::page(),
    }
}

/// Points as people write them; empty where there are none.
fn points_of(row: &Json, path: &str) -> String {
    match row.at(path) {
        Json::Number(digits) => digits.strip_suffix(".0").unwrap_or(digits).replace('.', ","),
        _ => String::new(),
    }
}
