//! How the person signs in: phones and e-mails, password, passkeys; where they are signed in.

use wasm_bindgen::prelude::*;

use crate::{
    api, browser,
    dom::{El, div, el, live, live_text, nothing},
    form::{Form, form},
    json::{self, Json},
    reactive::{AnyView, RwSignal},
    state::app,
    text::{fill, moment_at, t},
    ui::{
        self,
        errors::{self, summary},
        load::{Loading, load},
        page::{page_with, section},
    },
};

#[wasm_bindgen(module = "/js/passkey.js")]
extern "C" {
    #[wasm_bindgen(js_name = canMakePasskeys)]
    fn can_make_passkeys() -> bool;
    #[wasm_bindgen(js_name = makePasskey)]
    async fn make_passkey(options: &str) -> JsValue;
}

/// The page.
pub fn page() -> AnyView {
    let contacts = load::<Json>("my/contacts");
    let passkeys = load::<Json>("my/passkeys");
    page_with(|| t("nav.security").to_owned(), None, None)
        .child(
            section("security.contacts")
                .child(el("p").class("soft").t("security.contacts_lead"))
                .child(contacts.view(move |all| contact_list(&all, contacts)))
                .child(add_contact(contacts)),
        )
        .child(
            section("security.passkeys")
                .child(el("p").class("soft").t("security.passkeys_lead"))
                .child(passkeys.view(move |all| passkey_list(&all, passkeys))),
        )
        .child(section("security.password").child(password()))
        .child(section("security.sessions").child(kit::pages::security::sessions()))
        .done()
}

fn rows(all: &Json) -> &[Json] {
    match all {
        Json::List(list) => list,
        _ => &[],
    }
}

/// Does something that must be done now, then asks for the list anew.
fn act(method: &'static str, path: String, again: Loading<Json>) {
    api::run(async move {
        match api::call(method, path).once(browser::uuid()).send().await {
            Ok(_) => again.again(),
            Err(problem) => app().say(problem.words(), true),
        }
    });
}

fn contact_list(all: &Json, contacts: Loading<Json>) -> AnyView {
    let only = rows(all).len() < 2;
    el("ul")
        .class("rows")
        .children(rows(all).iter().map(|one| {
            let (id, at) = (one.str("id").to_owned(), moment_at(one, "verified_at"));
            let value = domain::shared::phone::shown(one.str("value"));
            el("li")
                .child(
                    div("row-main").child(el("strong").class("num").child(value)).child(
                        el("span")
                            .class("small soft")
                            .child(live_text(move || fill("security.confirmed", &[("at", &at)]))),
                    ),
                )
                .maybe((!only).then(|| {
                    ui::button("button quiet", "security.remove", move |_| {
                        act("DELETE", format!("my/contacts/{id}"), contacts);
                    })
                }))
        }))
        .done()
}

/// A phone or an e-mail, then the code that came to it.
fn add_contact(contacts: Loading<Json>) -> AnyView {
    let form = form(json::map([("contact", "".into()), ("code", "".into())]));
    let sent: RwSignal<Option<(String, String)>> = RwSignal::new(None);
    let send = move |event: web_sys::Event| {
        event.prevent_default();
        match sent.get_untracked() {
            None => ask_code(form, sent),
            Some((token, _)) => confirm(form, token, sent, contacts),
        }
    };
    el("form")
        .attr("novalidate", "")
        .on("submit", send)
        .child(summary(form.errors))
        .child(live(move || match sent.get() {
            None => ui::field::field("contact", "security.add_contact", form.errors)
                .hint("security.add_contact_hint")
                .input("text", form.text("contact"))
                .done(),
            Some((_, to)) => div("group")
                .child(el("p").child(live_text(move || fill("security.code_sent", &[("to", &to)]))))
                .child(
                    ui::field::field("code", "security.code", form.errors)
                        .short()
                        .code(form.text("code")),
                )
                .done(),
        }))
        .child(
            div("buttons").child(
                el("button")
                    .attr("type", "submit")
                    .class("button second")
                    .flag("disabled", move || form.busy.get())
                    .child(live_text(move || {
                        t(if sent.with(Option::is_some) {
                            "security.confirm"
                        } else {
                            "security.send_code"
                        })
                        .to_owned()
                    })),
            ),
        )
        .done()
}

fn ask_code(form: Form, sent: RwSignal<Option<(String, String)>>) {
    let body = json::map([("contact", form.whole.with_untracked(|all| all.at("contact").clone()))]);
    now(form, api::call("POST", "my/contacts").body(&body), move |answer| {
        sent.set(Some((answer.str("token").to_owned(), answer.str("to").to_owned())));
        crate::nav::focus_soon("f-code");
    });
}

fn confirm(
    form: Form,
    token: String,
    sent: RwSignal<Option<(String, String)>>,
    contacts: Loading<Json>,
) {
    let code = form.whole.with_untracked(|all| all.at("code").clone());
    let body = json::map([("token", token.into()), ("code", code)]);
    now(form, api::call("POST", "my/contacts/confirm").body(&body), move |_| {
        form.whole.set(json::map([("contact", "".into()), ("code", "".into())]));
        sent.set(None);
        contacts.again();
    });
}

/// Sends now: codes and passwords do not wait in a queue.
fn now(form: Form, call: api::Call, then: impl FnOnce(Json) + 'static) {
    if form.busy.get_untracked() {
        return;
    }
    form.busy.set(true);
    api::run(async move {
        let answer = call.once(browser::uuid()).send().await;
        if form.busy.try_set(false).is_some() {
            return;
        }
        match answer {
            Ok(text) => {
                form.errors.set(Vec::new());
                then(json::read(&text).unwrap_or_default());
            }
            Err(problem) => errors::show(&problem, form.errors),
        }
    });
}

fn passkey_list(all: &Json, passkeys: Loading<Json>) -> AnyView {
    let list = rows(all).to_vec();
    div("group")
        .child(el("ul").class("rows").children(list.into_iter().map(|one| {
            let (id, since) = (one.str("id").to_owned(), moment_at(&one, "created_at"));
            el("li")
                .child(
                    div("row-main")
                        .child(el("strong").child(one.str("name").to_owned()))
                        .child(el("span").class("small soft").child(since)),
                )
                .child(ui::button("button quiet", "security.remove", move |_| {
                    act("DELETE", format!("my/passkeys/{}", crate::router::encode(&id)), passkeys);
                }))
        })))
        .child(if can_make_passkeys() {
            ui::button("button second", "security.add_passkey", move |_| add_passkey(passkeys))
                .done()
        } else {
            nothing()
        })
        .done()
}

fn add_passkey(passkeys: Loading<Json>) {
    api::run(async move {
        let options = api::call("POST", "my/passkeys/options").once(browser::uuid()).send().await;
        let options = match options {
            Ok(options) => options,
            Err(problem) => return app().say(problem.words(), true),
        };
        let Some(made) = make_passkey(&options).await.as_string() else {
            return app().say(t("security.passkey_not"), true);
        };
        match api::call("POST", "my/passkeys").text(&made).once(browser::uuid()).send().await {
            Ok(_) => {
                app().say(t("security.passkey_made"), false);
                passkeys.again();
            }
            Err(problem) => app().say(problem.words(), true),
        }
    });
}

fn password() -> El {
    let form = form(json::map([("current", "".into()), ("password", "".into())]));
    el("form")
        .attr("novalidate", "")
        .on("submit", move |event| {
            event.prevent_default();
            let body = form.whole.get_untracked();
            now(form, api::call("PUT", "my/password").body(&body), move |_| {
                form.whole.set(json::map([("current", "".into()), ("password", "".into())]));
                app().say(t("security.password_set"), false);
            });
        })
        .child(el("p").class("soft").t("security.password_lead"))
        .child(summary(form.errors))
        .child(secret(form, "current", "security.password_now", "current-password"))
        .child(secret(form, "password", "security.password_new", "new-password"))
        .child(div("buttons").child(form.submit("security.password_save")))
}

fn secret(form: Form, name: &'static str, label: &'static str, fill: &'static str) -> El {
    ui::field::field(name, label, form.errors).secret(form.text(name), fill)
}
