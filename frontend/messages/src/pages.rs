//! The pages, a file each, and what they share.

use crate::{
    dom::{El, el},
    nav::link,
    reactive::AnyView,
    router::{Place, Route},
    state::app,
    ui::status::marked,
};

pub mod delivery;
pub mod one;
pub mod sent;
pub mod text;
pub mod texts;

/// Draws the page of a route.
pub fn draw(route: Route) -> AnyView {
    let Route::Messages(rest) = route else { return kit::pages::unknown::page() };
    let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [] => delivery::page(),
        ["sent"] => sent::page(),
        ["sent", id] => one::page(id),
        ["texts"] => texts::page(),
        ["text"] => text::page(),
        _ => kit::pages::unknown::page(),
    }
}

/// An address among messages.
pub fn at(rest: impl Into<String>) -> Route {
    Route::Messages(rest.into())
}

/// The texts of an event. Its code has a dot, and the last part of a path with one is a file.
pub fn text_of(event: &str) -> Place {
    Place::from(at("text")).with("event", event)
}

/// The way to the other pages.
pub fn ways() -> El {
    let all = [("", "messages.delivery"), ("sent", "messages.sent"), ("texts", "messages.texts")];
    el("nav").class("tabs").attr_t("aria-label", "nav.messages").children(all.map(|(rest, key)| {
        let here = move || app().place.with(|place| place.route == at(rest));
        link(at(rest)).attr_live("aria-current", move || here().then(|| "page".into())).t(key)
    }))
}

/// Where a message stands: a word and a sign.
pub fn state_tag(state: &str) -> El {
    let look = match state {
        "delivered" => ("tag done", "✓"),
        "failed" | "dead" => ("tag late", "✕"),
        "unsure" => ("tag wait", "?"),
        "sent" => ("tag", "→"),
        "queued" | "sending" => ("tag", "…"),
        _ => ("tag mute", "–"),
    };
    marked(look, "message_state", state)
}
