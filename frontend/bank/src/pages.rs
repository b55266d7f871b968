//! The pages, a file each, and what they share.

use domain::account::permission::Permission;

use kit::bank::at;

use crate::{
    dom::{El, el},
    nav::link,
    reactive::AnyView,
    router::Route,
    state::app,
    ui::status::marked,
};

pub mod complaints;
pub mod exports;
pub mod import;
pub mod item;
pub mod list;
pub mod passport;
pub mod sign;
pub mod steps;

/// Draws the page of a route.
pub fn draw(route: Route) -> AnyView {
    let Route::Bank(rest) = route else { return kit::pages::unknown::page() };
    let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [] => list::page(),
        ["items", id] => item::page(id),
        ["import"] => import::page(),
        ["exports"] => exports::page(),
        ["complaints"] => complaints::page(),
        ["passport"] => passport::page(),
        _ => kit::pages::unknown::page(),
    }
}

/// The way to the other pages, as far as this person has to do with them.
pub fn ways() -> El {
    let may = |permission| app().may(permission);
    let mut all = vec![("", "bank.items")];
    if may(Permission::ItemImport) {
        all.push(("import", "bank.import"));
    }
    if may(Permission::ItemExport) || may(Permission::ItemGuard) {
        all.push(("exports", "bank.exports"));
    }
    all.push(("complaints", "bank.complaints"));
    all.push(("passport", "bank.passport"));
    el("nav").class("tabs").attr_t("aria-label", "nav.bank").children(all.into_iter().map(
        |(rest, key)| {
            let here = move || app().place.with(|place| place.route == at(rest));
            link(at(rest)).attr_live("aria-current", move || here().then(|| "page".into())).t(key)
        },
    ))
}

/// Where an item stands: a word and a sign.
pub fn state_tag(state: &str) -> El {
    let look = match state {
        "draft" => ("tag mute", "✎"),
        "review1" | "review2" | "language_check" => ("tag wait", "…"),
        "approved" | "calibrated" => ("tag", "✓"),
        "pilot" => ("tag", "◷"),
        "active" => ("tag done", "●"),
        "suspended" => ("tag late", "❚❚"),
        _ => ("tag mute", "▣"),
    };
    marked(look, "bank_state", state)
}
