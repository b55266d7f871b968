//! Moving between pages: the history of the browser, the title, the focus.

use std::cell::Cell;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, MouseEvent};

use crate::{
    browser,
    dom::{El, el},
    router::Place,
    state::app,
};

/// Goes to a page.
pub fn go(to: impl Into<Place>) {
    let to: Place = to.into();
    if is_elsewhere(&to) {
        app().carry();
        browser::leave_to(&to.address());
        return;
    }
    push(&to);
    let same_page = app().place.with_untracked(|here| here.route == to.route);
    app().place.set(to);
    if !same_page {
        arrive();
    }
}

/// Goes to a page in the place of this one: the way back does not lead here.
pub fn replace(to: impl Into<Place>) {
    let to: Place = to.into();
    if is_elsewhere(&to) {
        app().carry();
        let _ = browser::window().location().replace(&to.address());
        return;
    }
    if let Ok(history) = browser::window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&to.address()));
    }
    app().place.set(to);
    arrive();
}

/// Whether another cabinet draws it.
fn is_elsewhere(to: &Place) -> bool {
    to.route.area().is_some_and(|area| area != app().area)
}

fn push(to: &Place) {
    if let Ok(history) = browser::window().history() {
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&to.address()));
    }
}

thread_local! {
    /// A page was gone to whose heading is not there yet.
    static ARRIVING: Cell<bool> = const { Cell::new(false) };
}

/// A screen reader hears the new page from its heading, the eye sees it from its top.
fn arrive() {
    ARRIVING.set(true);
    browser::soon(|| {
        browser::window().scroll_to_with_x_and_y(0.0, 0.0);
        begin_to_read();
    });
}

fn begin_to_read() {
    if let Some(title) = browser::document().get_element_by_id("page-title")
        && ARRIVING.replace(false)
    {
        browser::focus_element(&title);
    }
}

/// The heading of a page is drawn; on a slow line that is long after the person went there.
pub fn headed() {
    if ARRIVING.get() {
        browser::soon(begin_to_read);
    }
}

/// Follows the buttons of the browser.
pub fn follow_history() {
    browser::listen("popstate", |_| {
        app().place.set(Place::parse(&browser::address()));
        arrive();
    });
}

/// A link to a page of the app. With a modifier key or the middle button it is an ordinary link.
pub fn link(to: impl Into<Place>) -> El {
    let to: Place = to.into();
    let address = to.address();
    el("a").attr("href", address).on("click", move |event: Event| {
        let plain = event.dyn_ref::<MouseEvent>().is_none_or(|mouse| {
            mouse.button() == 0
                && !(mouse.ctrl_key() || mouse.meta_key() || mouse.shift_key() || mouse.alt_key())
        });
        if plain && !is_elsewhere(&to) {
            event.prevent_default();
            go(to.clone());
        }
    })
}

/// Moves the focus once what was asked for is drawn.
pub fn focus_soon(id: &'static str) {
    browser::soon(move || browser::focus(id));
}
