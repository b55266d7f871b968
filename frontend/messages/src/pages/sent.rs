//! The journal of messages: what was sent and where it stands. Filters are in the address.

use std::rc::Rc;

use domain::notice::{Channel, Event};

use super::{at, state_tag, ways};
use crate::{
    dom::{El, div, el, live_text},
    form::filters,
    json::Json,
    nav::link,
    reactive::AnyView,
    text::{moment_at, number_of, t, t_of},
    ui::{
        field::Options,
        list::{asked, by_address, older, unfiltered},
        load::empty,
        page::page as frame,
        table::table,
    },
};

const HEADS: &[&str] =
    &["messages.event", "messages.address", "messages.state", "messages.when", "messages.attempts"];

/// States of a message, in the order of its way.
const STATES: [&str; 9] =
    ["queued", "sending", "sent", "delivered", "failed", "dead", "unsure", "suppressed", "expired"];

/// The page.
pub fn page() -> AnyView {
    let list = by_address::<Json>(|place| asked("messages", place));
    frame("messages.sent", None).child(ways()).child(filters()).child(list.view(rows)).done()
}

fn rows(all: Json) -> AnyView {
    let items = all.list("items");
    if items.is_empty() {
        return empty("messages.none", unfiltered(at("sent"), "messages.clear"));
    }
    div("group")
        .child(table("messages.sent", HEADS, items.iter().map(cells)))
        .maybe(older(&all, "messages.older"))
        .done()
}

fn cells(one: &Json) -> Vec<AnyView> {
    let text = |name: &str| one.str(name).to_owned();
    let (channel, event, when) = (text("channel"), text("event"), one.clone());
    vec![
        link(at(format!("sent/{}", one.str("id"))))
            .child(live_text(move || t_of("message_event", &event)))
            .done(),
        el("span")
            .child(live_text(move || t_of("channel", &channel)))
            .child(el("div").class("small soft").child(text("address")))
            .done(),
        el("div")
            .child(state_tag(one.str("state")))
            .child(el("div").class("small soft").child(text("error")))
            .done(),
        live_text(move || moment_at(&when, "queued_at")),
        el("span").class("num").child(number_of(one.int("attempts").unwrap_or_default())).done(),
    ]
}

/// Choices with one that leaves all of them in.
fn choices(codes: impl Fn() -> Vec<(String, String)> + 'static) -> Options {
    Rc::new(move || {
        let any = (String::new(), t("messages.any").to_owned());
        std::iter::once(any).chain(codes()).collect()
    })
}

fn filters() -> El {
    let states =
        choices(|| STATES.map(|code| (code.to_owned(), t_of("message_state", code))).into());
    let channels = choices(|| {
        Channel::ALL.map(|one| (one.code().to_owned(), t_of("channel", one.code()))).into()
    });
    let events = choices(|| {
        let name = |one: &Event| (one.code().to_owned(), t_of("message_event", one.code()));
        Event::ALL.iter().map(name).collect()
    });
    filters::filters(at("sent"))
        .words("q", "messages.search")
        .one_of("state", "messages.state", states)
        .one_of("channel", "messages.channel", channels)
        .one_of("event", "messages.event", events)
        .done("vacancies.find")
}
