//! Adding a record to the profile, changing it, and asking an organisation to confirm it.

use domain::profile::record::Kind;

use crate::{
    dom::{el, live_text, nothing},
    form::{form, place},
    json::{self, Json},
    nav::{self, link},
    offline::outbox::Write,
    pages::my,
    profile::{record, title_of},
    reactive::AnyView,
    text::{t, t_of},
    ui::page::page_with,
};

/// Kinds that most people need come first.
const FIRST: [&str; 6] = ["education", "experience", "category", "course", "language", "document"];

/// Choosing what to add.
pub fn choose() -> AnyView {
    let rest = Kind::ALL.iter().map(|kind| kind.code()).filter(|code| !FIRST.contains(code));
    page_with(|| t("profile.add").to_owned(), Some(my("profile")), None)
        .child(el("ul").class("links split").children(FIRST.into_iter().chain(rest).map(|code| {
            el("li").child(
                link(my(format!("profile/new/{code}")))
                    .child(live_text(move || t_of("kind", code))),
            )
        })))
        .done()
}

/// A new record.
pub fn new(kind: &str) -> AnyView {
    kit::shell::with_directories();
    record::new(kind)
}

/// A record that is there, and what an organisation is asked about it.
pub fn edit(id: &str) -> AnyView {
    kit::shell::with_directories();
    record::edit(id, confirming)
}

/// An organisation compares a record with its original when it is asked to; the request can be taken
/// back.
fn confirming(item: &Json) -> AnyView {
    let (command, what) = match item.str("state") {
        "draft" | "returned" => ("submit", "record.ask"),
        "submitted" => ("recall", "record.recall"),
        _ => return nothing(),
    };
    let form = form(json::map([("command", command.into())]));
    let (path, seen) = (format!("my/profile/{}/commands", item.str("id")), item.int("version"));
    let name = title_of(item.at("record"));
    let object = format!("profile/{}", item.str("id"));
    let asks = command == "submit";
    form.element("step panel", move || {
        let write = Write {
            method: "POST",
            path: path.clone(),
            object: object.clone(),
            body: Some(form.whole.get_untracked()),
            seen,
            what: "profile",
            name: name.clone(),
        };
        form.send(write, |_| nav::go(my("profile")));
    })
    .maybe(asks.then(|| el("h2").t("record.confirm")))
    .maybe(asks.then(|| el("p").class("hint").t("record.confirm_hint")))
    .maybe(asks.then(|| place::organisation(form, "organisation")))
    .child(el("p").child(form.submit(what).class("button second")))
    .done()
}
