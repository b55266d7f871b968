//! The pages, a file or a folder each.

use crate::reactive::AnyView;

use crate::router::Route;

pub mod accounts;
pub mod edit;
pub mod home;
pub mod import;
pub mod journal;
pub mod new_account;
pub mod new_vacancy;
pub mod organisation;
pub mod organisations;
pub mod permissions;
pub mod security;
pub mod templates;
pub mod unknown;
pub mod vacancies;
pub mod vacancy;

/// Draws the page of a route.
pub fn draw(route: Route) -> AnyView {
    match route {
        Route::Home => home::page(),
        Route::Vacancies => vacancies::page(),
        Route::NewVacancy => new_vacancy::page(),
        Route::Vacancy(id) => vacancy::page(id),
        Route::Edit(id, step) => edit::page(id, &step),
        Route::Templates => templates::page(),
        Route::Import => import::page(),
        Route::Organisations => organisations::page(),
        Route::Organisation(id) => organisation::page(id),
        Route::Accounts => accounts::page(),
        Route::NewAccount => new_account::page(),
        Route::Permissions => permissions::page(),
        Route::Journal => journal::page(),
        Route::Security => security::page(),
        Route::Unknown => unknown::page(),
    }
}
