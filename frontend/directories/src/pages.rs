//! The pages, a file each, and what they share.

use domain::directory::NAMES;

use crate::{
    dom::{El, div, el, live_text},
    json::Json,
    nav::link,
    reactive::AnyView,
    router::Route,
    state::app,
    text::{day_at, fill},
};

pub mod attributes;
pub mod calendar;
pub mod item;
pub mod list;
pub mod overview;
pub mod places;
pub mod upload;

/// Draws the page of a route.
pub fn draw(route: Route) -> AnyView {
    let Route::Directories(rest) = route else { return kit::pages::unknown::page() };
    let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    let named = |name: &&str| NAMES.iter().copied().find(|known| known == name);
    match parts.as_slice() {
        [] => overview::page(),
        ["places"] => places::page(),
        ["calendar"] => calendar::page(),
        ["places", "upload"] => upload::page(upload::PLACES),
        ["calendar", "upload"] => upload::page(upload::CALENDAR),
        ["list", name] | ["new", name] | ["list", name, _] if named(name).is_none() => {
            kit::pages::unknown::page()
        }
        ["list", name] => list::page(named(name).unwrap_or_default()),
        ["new", name] => item::page(named(name).unwrap_or_default(), None),
        ["list", name, code] => item::page(named(name).unwrap_or_default(), Some(code)),
        _ => kit::pages::unknown::page(),
    }
}

/// An address among directories.
pub fn at(rest: impl Into<String>) -> Route {
    Route::Directories(rest.into())
}

/// The way to the other pages.
pub fn ways() -> El {
    let all = [
        ("", "directories.all"),
        ("places", "directories.places"),
        ("calendar", "directories.calendar"),
    ];
    el("nav").class("tabs").attr_t("aria-label", "nav.directories").children(all.map(
        |(rest, key)| {
            let here = move || app().place.with(|place| place.route == at(rest));
            link(at(rest)).attr_live("aria-current", move || here().then(|| "page".into())).t(key)
        },
    ))
}

/// What is said where the next calendar is due, or none is whole: without it nothing can be
/// published whose term ends in that year.
pub fn calendar_warning(state: &Json) -> Option<El> {
    if !state.flag("soon") {
        return None;
    }
    let state = state.clone();
    let words = move || {
        let year = state.int("next").unwrap_or_default().to_string();
        match state.is_empty("until") {
            true => fill("directories.no_calendar", &[("year", &year)]),
            false => fill(
                "directories.calendar_ends",
                &[("day", &day_at(&state, "until")), ("year", &year)],
            ),
        }
    };
    Some(
        div("notice wait")
            .attr("role", "status")
            .child(el("p").child(live_text(words)))
            .child(link(at("calendar/upload")).class("button second").t("directories.upload_year")),
    )
}
