//! The pages, a file or a folder each.

use crate::reactive::AnyView;

use crate::router::Route;

pub mod accounts;
pub mod desk;
pub mod import;
pub mod journal;
pub mod new_account;
pub mod organisation;
pub mod organisations;
pub mod permissions;

/// Draws the page of a route.
pub fn draw(route: Route) -> AnyView {
    match route {
        Route::Import => import::page(),
        Route::Organisations => organisations::page(),
        Route::Organisation(id) => organisation::page(id),
        Route::Accounts => accounts::page(),
        Route::NewAccount => new_account::page(),
        Route::Permissions => permissions::page(),
        Route::Journal => journal::page(),
        Route::Desk => desk::page(),
        Route::Ticket(id) => desk::ticket::page(id),
        _ => kit::pages::unknown::page(),
    }
}
