//! The pages, a file or a folder each.

use crate::reactive::AnyView;

use crate::router::Route;

pub mod edit;
pub mod new_vacancy;
pub mod templates;

/// Draws the page of a route.
pub fn draw(route: Route) -> AnyView {
    match route {
        Route::NewVacancy => new_vacancy::page(),
        Route::Edit(id, step) => edit::page(id, &step),
        Route::Templates => templates::page(),
        _ => kit::pages::unknown::page(),
    }
}
