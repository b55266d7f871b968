//! The pages, a file or a folder each.

use crate::{reactive::AnyView, router::Route};

pub mod feedback;
pub mod inbox;
pub mod privacy;
pub mod profile;
pub mod saved;
pub mod security;
pub mod tests;

/// Draws the page of a route.
pub fn draw(route: Route) -> AnyView {
    let Route::My(rest) = route else { return kit::pages::unknown::page() };
    let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        ["saved"] => saved::page(),
        ["saved", vacancy] => saved::keep((*vacancy).to_owned()),
        ["inbox"] => inbox::page(),
        ["inbox", "settings"] => inbox::settings::page(),
        ["profile"] => profile::page(),
        ["profile", "person"] => profile::person::page(),
        ["profile", "new"] => profile::record::choose(),
        ["profile", "new", kind] => profile::record::new(kind),
        ["profile", "record", id] => profile::record::edit(id),
        ["privacy"] => privacy::page(),
        ["tests"] => tests::page(),
        ["security"] => security::page(),
        ["feedback"] => feedback::page(),
        ["feedback", id] => feedback::ticket(id),
        _ => kit::pages::unknown::page(),
    }
}

/// An address among one's own things.
pub fn my(rest: impl Into<String>) -> Route {
    Route::My(rest.into())
}
