//! Short messages about what was done.

use crate::reactive::AnyView;

use super::button;
use crate::{
    dom::{div, el, live, many},
    state::app,
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
