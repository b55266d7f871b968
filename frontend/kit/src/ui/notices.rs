//! Short messages about what was done, and the bar that says there is no connection.

use crate::reactive::AnyView;

use super::button;
use crate::{
    dom::{div, el, live, live_text, many, nothing},
    state::app,
    text::{count, t},
};

/// The messages, in a corner; a screen reader hears them.
pub fn notices() -> AnyView {
    div("toasts")
        .attr("role", "status")
        .attr("aria-live", "polite")
        .child(live(|| {
            many(app().notices.get().into_iter().map(|notice| {
                let id = notice.id;
                div(if notice.bad { "notice late" } else { "notice done" })
                    .child(el("span").child(if notice.bad { "! " } else { "✓ " }))
                    .child(el("span").child(notice.text))
                    .child(button("button quiet", "form.close", move |_| {
                        app().notices.update(|all| all.retain(|one| one.id != id));
                    }))
                    .done()
            }))
        }))
        .done()
}

/// No connection: what is typed stays here.
pub fn offline() -> AnyView {
    live(|| {
        if app().online.get() {
            return nothing();
        }
        div("offline")
            .attr("role", "status")
            .child(live_text(|| {
                let unsaved = app().unsaved.get();
                if unsaved == 0 {
                    t("offline.bar").to_owned()
                } else {
                    format!("{} {}", t("offline.bar"), count("offline.unsaved", unsaved as i64))
                }
            }))
            .done()
    })
}
