//! The pages, a file each, and what they share.

use domain::account::permission::Permission;
pub use kit::testing::{act, at, points, points_of, tag, ways};

use crate::{dom::nothing, nav, reactive::AnyView, router::Route, state::app};

pub mod applicants;
pub mod exam;
pub mod exams;
pub mod paper;
pub mod people;
pub mod plan;
pub mod session;
pub mod sessions;
pub mod watch;

/// Draws the page of a route.
pub fn draw(route: Route) -> AnyView {
    let Route::Testing(rest) = route else { return kit::pages::unknown::page() };
    let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [] => first(),
        ["sessions"] => sessions::page(),
        ["sessions", id] => session::page(id),
        ["sessions", id, "room"] => watch::page(id),
        ["sessions", id, "paper", attempt] => paper::page(id, attempt),
        ["forms"] => exams::page(),
        ["forms", id] => exam::page(id),
        _ => kit::pages::unknown::page(),
    }
}

/// What this person comes for.
fn first() -> AnyView {
    let may = |permission| app().may(permission);
    if may(Permission::TestManage) || may(Permission::TestWatch) {
        sessions::page()
    } else if may(Permission::ItemGuard) {
        exams::page()
    } else {
        // Who judges has a program of their own.
        nav::go(at(if may(Permission::TestAppeal) { "appeals" } else { "analyses" }));
        nothing()
    }
}
