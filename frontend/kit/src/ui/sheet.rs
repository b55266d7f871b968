//! A side sheet: the browser's own dialog, which keeps the focus inside and gives it back.

use std::rc::Rc;

use crate::reactive::{AnyView, RwSignal};
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

use super::button;
use crate::{
    browser,
    dom::{div, el, live, nothing},
};

/// A sheet that is there while `open` is true.
pub fn sheet(
    open: RwSignal<bool>,
    title: &'static str,
    body: impl Fn() -> AnyView + 'static,
) -> AnyView {
    drawn(open, title, Rc::new(body))
}

fn drawn(open: RwSignal<bool>, title: &'static str, body: Rc<dyn Fn() -> AnyView>) -> AnyView {
    live(move || {
        if !open.get() {
            return nothing();
        }
        let before = browser::document().active_element();
        browser::soon(move || {
            let dialog = browser::document().get_element_by_id("sheet");
            if let Some(dialog) =
                dialog.and_then(|found| found.dyn_into::<HtmlDialogElement>().ok())
                && !dialog.open()
            {
                let _ = dialog.show_modal();
            }
        });
        let leave = move |_| {
            let _ = open.try_set(false);
            if let Some(before) = before.clone() {
                browser::soon(move || browser::focus_element(&before));
            }
        };
        el("dialog")
            .class("sheet")
            .id("sheet")
            .attr("aria-labelledby", "sheet-title")
            .on("close", leave)
            .child(div("sheet-head").child(el("h2").id("sheet-title").t(title)).child(button(
                "button quiet",
                "form.close",
                move |_| close(),
            )))
            .child(crate::dom::quietly(|| body()))
            .done()
    })
}

/// Closes the sheet that is open.
pub fn close() {
    let dialog = browser::document().get_element_by_id("sheet");
    if let Some(dialog) = dialog.and_then(|found| found.dyn_into::<HtmlDialogElement>().ok()) {
        dialog.close();
    }
}
