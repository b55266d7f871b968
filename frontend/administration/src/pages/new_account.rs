//! Opens an account with its first role; the answer is a link that is shown once.

use crate::reactive::{AnyView, RwSignal};
use domain::account::api::{AccountCreate, Invitation};

use super::accounts::{link_shown, role_form::RoleForm};
use crate::{
    api::{self, Attempt},
    dom::{div, el, live},
    router::Route,
    text::t,
    ui::{
        errors::{self, summary},
        field::{Bind, field},
        page::{page_with, section},
    },
};

const NAMES: [&str; 6] = [
    "role.role",
    "role.organisation",
    "role.scope",
    "role.from_day",
    "role.to_day",
    "role.order_no",
];

/// The person, as typed.
#[derive(Clone, Default)]
struct Person {
    iin: String,
    surname: String,
    name: String,
    patronymic: String,
    login: String,
}

/// The page.
pub fn page() -> AnyView {
    let link = RwSignal::new(String::new());
    page_with(|| t("account.new").to_owned(), Some(Route::Accounts), None)
        .child(live(move || {
            let link_text = link.get();
            if link_text.is_empty() {
                crate::dom::quietly(|| form(link))
            } else {
                section("account.link_title").child(link_shown::view(&link_text)).done()
            }
        }))
        .done()
}

fn form(link: RwSignal<String>) -> AnyView {
    let (person, wrong) = (RwSignal::new(Person::default()), errors::errors());
    let role = RoleForm::new();
    let busy = RwSignal::new(false);
    let attempt = RwSignal::new(Attempt::default());
    let create = move |event: web_sys::Event| {
        event.prevent_default();
        let role = match role.read(NAMES) {
            Ok(role) => role,
            Err(missing) => {
                wrong.set(missing);
                crate::nav::focus_soon("errors");
                return;
            }
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let Person { iin, surname, name, patronymic, login } = person.get_untracked();
        let iin = iin.split_whitespace().collect();
        let body = AccountCreate { iin, surname, name, patronymic, login, role };
        api::run(async move {
            let call = api::call("POST", "accounts").body(&body);
            let answer = attempt.with_untracked(|attempt| call.tried(attempt));
            let answer = answer.json::<Invitation>().await;
            let _ = busy.try_set(false);
            match answer {
                Ok(new) => link.set(new.link),
                Err(problem) => errors::show(&problem, wrong),
            }
        });
    };
    el("form")
        .class("step")
        .attr("novalidate", "")
        .on("submit", create)
        .child(summary(wrong))
        .child(
            section("account.who")
                .child(
                    field("iin", "account.iin", wrong)
                        .hint("account.iin_hint")
                        .short()
                        .code(Bind::of(person, |p| p.iin.clone(), |p, v| p.iin = v)),
                )
                .child(
                    div("row-fields")
                        .child(field("surname", "account.surname", wrong).input(
                            "text",
                            Bind::of(person, |p| p.surname.clone(), |p, v| p.surname = v),
                        ))
                        .child(
                            field("name", "account.name", wrong).input(
                                "text",
                                Bind::of(person, |p| p.name.clone(), |p, v| p.name = v),
                            ),
                        )
                        .child(
                            field("patronymic", "account.patronymic", wrong)
                                .hint("form.optional")
                                .input(
                                    "text",
                                    Bind::of(
                                        person,
                                        |p| p.patronymic.clone(),
                                        |p, v| {
                                            p.patronymic = v;
                                        },
                                    ),
                                ),
                        ),
                )
                .child(
                    field("login", "account.login", wrong)
                        .hint("account.login_hint")
                        .short()
                        .input("text", Bind::of(person, |p| p.login.clone(), |p, v| p.login = v)),
                ),
        )
        .child(section("account.role").child(role.view(NAMES, wrong)))
        .child(
            div("buttons").child(
                el("button")
                    .attr("type", "submit")
                    .class("button")
                    .flag("disabled", move || busy.get())
                    .t("account.create"),
            ),
        )
        .done()
}
