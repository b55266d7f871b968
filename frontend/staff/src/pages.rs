//! The pages, a file or a folder each.

use crate::reactive::AnyView;

use crate::router::Route;

pub mod home;
pub mod vacancies;
pub mod vacancy;

/// Draws the page of a route.
pub fn draw(route: Route) -> AnyView {
    match route {
        Route::Home => home::page(),
        Route::Vacancies => vacancies::page(),
        Route::Vacancy(id) => vacancy::page(id),
        Route::Security => kit::pages::security::page(),
        _ => kit::pages::unknown::page(),
    }
}
