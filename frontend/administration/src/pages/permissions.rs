//! Who may do what: the table that the program itself is governed by.

use crate::reactive::AnyView;
use domain::account::{permission::Permission, role::Role};

use crate::{
    api::rows::{Permissions, RouteRow},
    dom::{El, div, el, live_text},
    text::{t, t_of},
    ui::{
        load::load,
        page::{page as frame, section},
        table::table,
    },
};

const HEADS: &[&str] = &["permissions.address", "permissions.need", "permissions.who"];

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
        .child(load::<Permissions>("permissions").view(|all| routes(all.routes).done()))
        .done()
}

/// The rows that the dispatcher of the server obeys.
fn routes(rows: Vec<RouteRow>) -> El {
    let rows = rows.into_iter().map(|row| {
        let RouteRow { method, path, access, roles } = row;
        let open = matches!(access.as_str(), "public" | "signed_in");
        let need = move || t_of(if open { "permissions" } else { "permission" }, &access);
        let who = move || {
            if open {
                return t("permissions.everybody").to_owned();
            }
            roles.iter().map(|role| t_of("role", role)).collect::<Vec<_>>().join(", ")
        };
        vec![
            el("code").class("route").child(format!("{method} {path}")).done(),
            live_text(need),
            el("span").class("small").child(live_text(who)).done(),
        ]
    });
    section("permissions.routes")
        .child(el("p").class("soft").t("permissions.routes_lead"))
        .child(table("permissions.routes", HEADS, rows))
}
