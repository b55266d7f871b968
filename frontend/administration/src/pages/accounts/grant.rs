//! Grants a role to a person who has an account.

use crate::reactive::{AnyView, RwSignal};
use domain::account::api::AccountRow;

use super::role_form::RoleForm;
use crate::{
    api::{self, Attempt},
    dom::{div, el},
    state::app,
    text::t,
    ui::{
        errors::{self, summary},
        load::Loading,
        sheet,
    },
};

const NAMES: [&str; 6] = ["role", "organisation", "scope", "from_day", "to_day", "order_no"];

/// The form.
pub fn view(row: &AccountRow, all: Loading<Vec<AccountRow>>) -> AnyView {
    let (form, wrong) = (RoleForm::new(), errors::errors());
    let attempt = RwSignal::new(Attempt::default());
    let path = format!("accounts/{}/roles", row.id);
    let grant = move |event: web_sys::Event| {
        event.prevent_default();
        let body = match form.read(NAMES) {
            Ok(body) => body,
            Err(missing) => {
                wrong.set(missing);
                crate::nav::focus_soon("errors");
                return;
            }
        };
        let path = path.clone();
        api::run(async move {
            let call = api::call("POST", path).body(&body);
            match attempt.with_untracked(|attempt| call.tried(attempt)).send().await {
                Ok(_) => {
                    sheet::close();
                    app().say(t("account.granted"), false);
                    all.again();
                }
                Err(problem) => errors::show(&problem, wrong),
            }
        });
    };
    el("form")
        .attr("novalidate", "")
        .on("submit", grant)
        .child(el("p").child(el("strong").child(row.name.clone())))
        .child(summary(wrong))
        .child(form.view(NAMES, wrong))
        .child(
            div("buttons")
                .child(el("button").attr("type", "submit").class("button").t("account.grant")),
        )
        .done()
}
