//! A link that is shown once.

use crate::reactive::AnyView;

use crate::{
    browser,
    dom::{div, el},
    state::app,
    text::t,
    ui,
};

/// The link, and a button that copies it.
pub fn view(link: &str) -> AnyView {
    let copied = link.to_owned();
    div("link-shown")
        .child(el("p").t("account.link_text"))
        .child(el("code").class("copy").child(link.to_owned()))
        .child(div("buttons").child(ui::button("button", "account.copy", move |_| {
            let _ = browser::window().navigator().clipboard().write_text(&copied);
            app().say(t("account.copied"), false);
        })))
        .done()
}
