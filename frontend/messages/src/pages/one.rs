//! One message with its text: looking leaves a trace, sending once more needs a reason.

use super::{at, state_tag};
use crate::{
    api,
    dom::{El, div, el, live_text},
    form::{Form, form},
    json::{self, Json},
    nav,
    reactive::AnyView,
    state::app,
    text::{moment_at, t, t_of},
    ui::{
        field::field,
        load::load,
        page::{facts, page_with},
    },
};

/// States after which a message may go once more.
const OVER: [&str; 6] = ["sent", "delivered", "failed", "dead", "unsure", "expired"];

/// The page.
pub fn page(id: &str) -> AnyView {
    let id = id.to_owned();
    load::<Json>(format!("messages/{id}")).view(move |all| {
        let one = all.at("message").clone();
        let again = OVER.contains(&one.str("state")) && one.str("event") != "account.code";
        page_with(|| t("messages.one").to_owned(), Some(at("sent")), None)
            .child(what(&one))
            .child(
                el("section")
                    .class("panel")
                    .child({
                        let (event, subject) =
                            (one.str("event").to_owned(), all.str("subject").to_owned());
                        el("h2").child(live_text(move || match subject.as_str() {
                            "" => t_of("message_event", &event),
                            subject => subject.to_owned(),
                        }))
                    })
                    .child(
                        div("text").attr("lang", one.str("lang")).child(all.str("body").to_owned()),
                    ),
            )
            .maybe(again.then(|| once_more(id.clone())))
            .done()
    })
}

fn what(one: &Json) -> El {
    let words = |name: &str| {
        let text = one.str(name);
        el("span").child(if text.is_empty() { "—" } else { text }.to_owned()).done()
    };
    let when = |name: &'static str| {
        let one = one.clone();
        live_text(move || match moment_at(&one, name) {
            at if at.is_empty() => "—".to_owned(),
            at => at,
        })
    };
    let channel = one.str("channel").to_owned();
    facts([
        ("messages.state", state_tag(one.str("state")).done()),
        ("messages.channel", live_text(move || t_of("channel", &channel))),
        ("messages.address", words("address")),
        ("messages.gateway", words("gateway")),
        ("messages.error", words("error")),
        ("messages.when", when("queued_at")),
        ("messages.taken", when("sent_at")),
        ("messages.arrived", when("delivered_at")),
    ])
}

fn once_more(id: String) -> El {
    let form = form(json::map([("reason", "".into())]));
    form.element("panel", move || send(form, &id))
        .child(el("h2").t("messages.resend"))
        .child(
            field("reason", "messages.reason", form.errors)
                .hint("messages.reason_hint")
                .area(form.text("reason")),
        )
        .child(div("buttons").child(form.submit("messages.resend_do")))
}

fn send(form: Form, id: &str) {
    let call = api::call("POST", format!("messages/{id}/resend")).body(&form.whole.get_untracked());
    form.ask(call, |_| {
        app().say(t("messages.resent"), false);
        nav::go(at("sent"));
    });
}
