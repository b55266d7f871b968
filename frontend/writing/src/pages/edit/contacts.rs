//! Step 5: contacts and dates.

use crate::reactive::AnyView;

use super::{
    Editing, period,
    post::{day_of, day_text},
};
use crate::{
    dom::{div, el, many},
    ui::field::{Bind, Both, field},
};

/// Whether the rule edition asks for it. Until the server has said so, nothing is optional.
fn required(editing: Editing, name: &str) -> bool {
    editing.check.get().is_none_or(|answer| answer.required.iter().any(|one| one == name))
}

/// The form.
pub fn form(editing: Editing) -> AnyView {
    let Editing { content, errors, .. } = editing;
    many([
        field("contact_name", "content.contact_name", errors)
            .input("text", Bind::of(content, |c| c.contact_name.clone(), |c, v| c.contact_name = v))
            .done(),
        div("row-fields")
            .child(
                field("contact_phone", "content.contact_phone", errors)
                    .hint("wizard.phone_hint")
                    .optional(move || !required(editing, "phone"))
                    .input(
                        "tel",
                        Bind::of(
                            content,
                            |c| domain::shared::phone::shown(&c.contact_phone),
                            |c, v| c.contact_phone = v,
                        ),
                    ),
            )
            .child(
                field("contact_email", "content.contact_email", errors)
                    .optional(move || !required(editing, "email"))
                    .input(
                        "email",
                        Bind::of(content, |c| c.contact_email.clone(), |c, v| c.contact_email = v),
                    ),
            )
            .done(),
        Both {
            names: ["address.kk", "address.ru"],
            label: "content.address",
            hint: Some("wizard.address_hint"),
            lines: 1,
            whole: content,
            part: |c| &mut c.address,
            read: |c| &c.address,
        }
        .view(errors, None)
        .done(),
        el("h2").t("period.title").done(),
        field("accept_to", "content.accept_to", errors)
            .hint("wizard.accept_to_hint")
            .short()
            .input(
                "date",
                Bind::of(content, |c| day_text(c.accept_to), |c, v| c.accept_to = day_of(&v)),
            )
            .done(),
        editing.check.view(|answer| period::timeline(&answer).done()),
    ])
}
