//! The queue of the service desk: what is due first comes first. The address is the state.

use std::rc::Rc;

use crate::reactive::{AnyView, RwSignal};
use domain::ticket::{
    api::{TicketList, TicketRow},
    rules::{Severity, State, Topic},
};

use crate::{
    api, browser,
    dom::{El, div, el, live, live_text, many, nothing},
    nav::{self, link},
    router::{Place, Route},
    state::app,
    text::{number_of, t, t_of},
    ui::{
        self, errors,
        field::{Options, field},
        list::{Growing, asked, by_address, unfiltered},
        load::{Loading, empty},
        page::page as frame,
        status::marked,
    },
};

mod clock;
mod draft;
mod facts;
mod reply;
mod send;
pub mod ticket;

const HEADS: &[&str] = &["desk.ticket", "desk.topic", "desk.state", "desk.clock", "desk.assigned"];

/// After so many milliseconds the queue is looked at again.
const LOOK: i32 = 60_000;

fn api_path(place: &Place) -> String {
    asked("desk/tickets", place)
}

/// The page.
pub fn page() -> AnyView {
    let place = app().place;
    let (newer, tick) = (RwSignal::new(false), clock::ticking());
    crate::dom::follow(move || {
        place.with(|_| ());
        newer.set(false);
    });
    let list = by_address::<TicketList>(api_path);
    look_again(list, newer);
    frame("nav.desk", None)
        .child(filters())
        .child(live(move || match newer.get() {
            false => nothing(),
            true => div("notice")
                .attr("role", "status")
                .child(el("p").t("desk.newer"))
                .child(ui::button("button second", "desk.refresh", move |_| {
                    newer.set(false);
                    list.again();
                }))
                .done(),
        }))
        .child(list.view(move |list| {
            let picture = picture(list.open, list.late);
            if list.items.is_empty() {
                let all = unfiltered(Route::Desk, "desk.clear");
                let key = if all.is_some() { "desk.none_found" } else { "desk.none" };
                return div("list").child(picture).child(empty(key, all)).done();
            }
            div("list").child(picture).child(pages(list, tick)).done()
        }))
        .done()
}

/// Looks from time to time whether the queue is still the one that is shown. The rows stay where
/// they are until the reader wants the new ones: nothing moves under a finger.
fn look_again(shown: Loading<TicketList>, newer: RwSignal<bool>) {
    browser::after(LOOK, move || {
        let Some(known) = newer.try_get_untracked() else { return };
        if known || !browser::is_online() {
            look_again(shown, newer);
            return;
        }
        let path = app().place.with_untracked(api_path);
        api::run(async move {
            let found = api::get::<TicketList>(path.clone()).await;
            let same_place = app().place.with_untracked(api_path) == path;
            if let Ok(found) = found
                && same_place
                && newer.try_get_untracked().is_some()
                && crate::dom::quietly(|| shown.get()).is_some_and(|shown| *shown != found)
            {
                newer.set(true);
            }
            look_again(shown, newer);
        });
    });
}

/// How many are open and how many of them late: a bar, and the numbers.
fn picture(open: i64, late: i64) -> El {
    let part = if open > 0 { late * 1000 / open } else { 0 };
    let bar = |class: &'static str, from: i64, width: i64| {
        el("svg:rect")
            .attr("class", class)
            .attr("x", from.to_string())
            .attr("y", "0")
            .attr("width", width.max(0).to_string())
            .attr("height", "12")
    };
    let count = |class: &'static str, sign: &'static str, key: &'static str, n: i64| {
        el("li").child(
            el("span")
                .class(class)
                .child(el("span").attr("aria-hidden", "true").child(sign))
                .child(live_text(move || format!("{}: {}", t(key), number_of(n)))),
        )
    };
    div("load")
        .child(
            el("svg:svg")
                .attr("viewBox", "0 0 1000 12")
                .attr("preserveAspectRatio", "none")
                .attr("aria-hidden", "true")
                .child(bar("rest", part, if open > 0 { 1000 - part } else { 0 }))
                .child(bar("late", 0, part)),
        )
        .child(el("ul").class("counts").child(count("tag", "◷", "desk.open", open)).child(count(
            if late > 0 { "tag late" } else { "tag mute" },
            "!",
            "desk.late",
            late,
        )))
}

fn pages(first: TicketList, tick: RwSignal<u32>) -> El {
    let parts = |page: TicketList| (page.items, page.next);
    Growing { name: "nav.desk", heads: HEADS, path: api_path, parts }
        .view(first, move |row| cells(row, tick))
}

fn cells(row: TicketRow, tick: RwSignal<u32>) -> Vec<AnyView> {
    let clock = clock::view(&row, tick);
    let TicketRow { id, number, topic, severity, state, text, assigned, .. } = row;
    let title = link(Route::Ticket(id)).child(shown(number));
    let nobody = assigned.is_empty();
    vec![
        div("cell-title").child(title).child(div("small excerpt").child(text)).done(),
        live_text(move || t_of("desk.topic", topic.code())),
        many([
            state_tag(state).done(),
            if severity == Severity::Usual { nothing() } else { severity_tag(severity).done() },
        ]),
        clock,
        match nobody {
            true => el("span").class("soft").t("desk.nobody").done(),
            false => el("span").child(assigned).done(),
        },
    ]
}

/// The number as people read it.
fn shown(number: i64) -> String {
    format!("T-{number}")
}

/// Where a ticket stands: a word and a sign.
fn state_tag(state: State) -> El {
    let look = match state {
        State::New => ("tag", "●"),
        State::InWork => ("tag", "✎"),
        State::Waiting => ("tag wait", "…"),
        State::Resolved => ("tag done", "✓"),
        State::Closed => ("tag mute", "✕"),
        State::Merged => ("tag mute", "⧉"),
    };
    marked(look, "desk.state", state.code())
}

/// How bad it is.
fn severity_tag(severity: Severity) -> El {
    let look = match severity {
        Severity::Down => ("tag late", "▲"),
        Severity::High => ("tag wait", "▲"),
        Severity::Usual => ("tag mute", "–"),
    };
    marked(look, "desk.severity", severity.code())
}

fn filters() -> El {
    let place = app().place;
    let wrong = errors::errors();
    let of = |name: &str| RwSignal::new(place.with_untracked(|place| place.get(name).to_owned()));
    let (q, state, topic, late) = (of("q"), of("state"), of("topic"), of("late"));
    // The list follows the choices at once, the text when it is sent.
    crate::dom::follow(move || {
        let (state, topic, late) = (state.get(), topic.get(), late.get());
        let here = place.get_untracked();
        let there = here.clone().with("state", &state).with("topic", &topic).with("late", &late);
        if ["state", "topic", "late"].iter().any(|name| there.get(name) != here.get(name)) {
            nav::go(there.with("cursor", ""));
        }
    });
    // And the choices follow the address: the way back, the press that clears them.
    crate::dom::follow(move || {
        let here = place.get();
        if here.route != Route::Desk {
            return;
        }
        for (name, signal) in [("q", q), ("state", state), ("topic", topic), ("late", late)] {
            if signal.with_untracked(|now| now != here.get(name)) {
                signal.set(here.get(name).to_owned());
            }
        }
    });
    let states: Options = Rc::new(|| {
        let mut out = vec![(String::new(), t("desk.state_any").to_owned())];
        out.extend(State::ALL.iter().map(|s| (s.code().to_owned(), t_of("desk.state", s.code()))));
        out
    });
    let topics: Options = Rc::new(|| {
        let mut out = vec![(String::new(), t("desk.topic_any").to_owned())];
        out.extend(Topic::ALL.iter().map(|s| (s.code().to_owned(), t_of("desk.topic", s.code()))));
        out
    });
    el("form")
        .class("filters")
        .attr("role", "search")
        .on("submit", move |event| {
            event.prevent_default();
            nav::go(place.get_untracked().with("q", q.get_untracked().trim()).with("cursor", ""));
        })
        .child(field("q", "desk.search", wrong).input("search", q))
        .child(field("state", "desk.state", wrong).select(states, state))
        .child(field("topic", "desk.topic", wrong).select(topics, topic))
        .child(
            el("label")
                .class("chip")
                .child(
                    el("input")
                        .attr("type", "checkbox")
                        .attr("name", "late")
                        .checked(move || late.with(|late| late == "1"))
                        .on("change", move |_| {
                            late.update(|late| {
                                *late = if late == "1" { String::new() } else { "1".into() };
                            });
                        }),
                )
                .child(el("span").t("desk.late_only")),
        )
        .child(el("button").attr("type", "submit").class("button second").t("vacancies.find"))
}
