//! The journal of messages: what was sent and where it stands. Filters are in the address.

use std::rc::Rc;

use domain::notice::{Channel, Event};

use super::{at, state_tag, ways};
use crate::{
    dom::{El, div, el, live_text, nothing},
    form::filters,
    json::Json,
    nav::link,
    reactive::AnyView,
    router::{Place, write_query},
    state::app,
    text::{moment_at, number_of, t, t_of},
    ui::{
        field::Options,
        load::{empty, load},
        page::page as frame,
        table::table,
    },
};

const HEADS: &[&str] =
    &["messages.event", "messages.address", "messages.state", "messages.when", "messages.attempts"];

/// States of a message, in the order of its way.
const STATES: [&str; 9] =
    ["queued", "sending", "sent", "delivered", "failed", "dead", "unsure", "suppressed", "expired"];

fn path(place: &Place) -> String {
    match write_query(&place.query).as_str() {
        "" => "messages".to_owned(),
        query => format!("messages?{query}"),
    }
}

/// The page.
pub fn page() -> AnyView {
    let place = app().place;
    let list = load::<Json>(place.with_untracked(path));
    crate::dom::follow(move || {
        let here = place.get();
        if here.route == at("sent") {
            list.ask(path(&here));
        }
    });
    frame("messages.sent", None).child(ways()).child(filters()).child(list.view(rows)).done()
}

fn rows(all: Json) -> AnyView {
    let items = all.list("items");
    if items.is_empty() {
        let filtered = app().place.with_untracked(|place| !place.query.is_empty());
        let clear = link(at("sent")).class("button second").t("messages.clear");
        return empty("messages.none", filtered.then_some(clear));
    }
    let next = all.str("next").to_owned();
    div("group")
        .child(table("messages.sent", HEADS, items.iter().map(cells)))
        .child(if next.is_empty() {
            nothing()
        } else {
            let older = app().place.with_untracked(|place| place.clone().with("cursor", &next));
            link(older).class("button second").t("messages.older").done()
        })
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
