//! Who may do what: the table that the program itself is governed by.

use domain::account::{permission::Permission, role::Role};
use leptos::prelude::*;

use crate::{
    dom::{div, el, live_text},
    text::t_of,
    ui::page::page as frame,
};

/// The page.
pub fn page() -> AnyView {
    let head = el("tr").child(el("th").attr("scope", "col").t("permissions.what")).children(
        Role::ALL.iter().map(|role| {
            let role = *role;
            el("th").attr("scope", "col").child(live_text(move || t_of("role", role.code())))
        }),
    );
    let rows = Permission::ALL.iter().map(|permission| {
        let permission = *permission;
        el("tr")
            .child(
                el("th")
                    .attr("scope", "row")
                    .child(live_text(move || t_of("permission", permission.code()))),
            )
            .children(Role::ALL.iter().map(|role| {
                let may = role.permissions().contains(&permission);
                let (sign, key) =
                    if may { ("✓", "permissions.yes") } else { ("·", "permissions.no") };
                el("td")
                    .child(el("span").attr("aria-hidden", "true").child(sign))
                    .child(el("span").class("vh").t(key))
            }))
    });
    frame("nav.permissions", None)
        .child(el("p").class("soft").t("permissions.lead"))
        .child(
            div("matrix")
                .attr("tabindex", "0")
                .attr("role", "region")
                .attr_t("aria-label", "nav.permissions")
                .child(
                    el("table").child(el("thead").child(head)).child(el("tbody").children(rows)),
                ),
        )
        .done()
}
