//! A ticket: what was written, what is known, what is done.

use std::rc::Rc;

use crate::reactive::{AnyView, RwSignal};
use domain::ticket::{
    api::{DeskCommand, MessageRow, TicketView},
    rules::{Severity, State},
};

use super::{clock, facts, reply, send::Desk, severity_tag, shown, state_tag};
use crate::{
    dom::{El, div, el, live, live_text, many, nothing},
    nav::link,
    router::{Place, Route},
    state::app,
    text::{fill, moment, t},
    ui::{self, load::load, page::page_with, page::section, status::tag},
};

/// The page.
pub fn page(id: String) -> AnyView {
    let ticket = load::<TicketView>(format!("desk/tickets/{id}"));
    let desk = Desk::new(&id, ticket);
    let tick = clock::ticking();
    ticket.view(move |view| draw(desk, Rc::new(view), tick).done())
}

fn draw(desk: Desk, ticket: Rc<TicketView>, tick: RwSignal<u32>) -> El {
    let number = shown(ticket.row.number);
    let mine =
        app().me.with_untracked(|me| me.as_ref().is_some_and(|me| me.name == ticket.row.assigned));
    let open = matches!(ticket.row.state, State::New | State::InWork | State::Waiting);
    let for_take = Rc::clone(&ticket);
    let take = (open && !mine).then(|| {
        ui::button("button second", "desk.take", move |_| {
            desk.send(&for_take, DeskCommand::Take, "desk.done.take", || {});
        })
        .flag("disabled", move || desk.busy.get())
    });
    let title = move || fill("desk.title", &[("number", &number)]);
    let merged =
        ticket.merged_into.map(|into| {
            let list = link(Place::from(Route::Desk).with("q", &shown(into)));
            div("notice")
                .child(el("p").child(live_text(move || {
                    fill("desk.merged_into", &[("number", &shown(into))])
                })))
                .child(el("p").child(list.t("desk.merged_find")))
        });
    page_with(title, Some(Route::Desk), take)
        .child(
            div("under row-side")
                .child(state_tag(ticket.row.state))
                .maybe(
                    (ticket.row.severity != Severity::Usual)
                        .then(|| severity_tag(ticket.row.severity)),
                )
                .child(clock::view(&ticket.row, tick)),
        )
        .child(changed(desk))
        .maybe(merged)
        .child(
            div("cols")
                .child(
                    div("main-part")
                        .child(messages(desk, &ticket))
                        .child(reply::view(desk, &ticket)),
                )
                .child(facts::view(desk, &ticket)),
        )
}

/// What others did while this page was open; what was typed is still there.
fn changed(desk: Desk) -> AnyView {
    live(move || {
        let all = desk.changed.get();
        if all.is_empty() {
            return nothing();
        }
        div("notice wait")
            .id("changed")
            .attr("role", "alert")
            .attr("tabindex", "-1")
            .child(el("h2").t("desk.changed"))
            .child(el("ul").child(many(
                all.into_iter().map(|one| el("li").child(live_text(move || one.words())).done()),
            )))
            .child(el("p").t("desk.changed_text"))
            .done()
    })
}

fn messages(desk: Desk, ticket: &Rc<TicketView>) -> El {
    let known = desk.known.get_untracked();
    let lang = ticket.lang.clone();
    let rows = ticket
        .messages
        .iter()
        .cloned()
        .enumerate()
        .map(move |(place, row)| message(row, place >= known, &lang));
    section("desk.messages").child(el("ol").class("timeline").children(rows))
}

fn message(row: MessageRow, new: bool, lang: &str) -> El {
    let MessageRow { at, kind, who, text } = row;
    let inside = kind == "note";
    let from_writer = kind == "user";
    let who = live_text(move || match (from_writer, who.is_empty()) {
        (true, _) => t("desk.writer").to_owned(),
        (false, true) => t("desk.system").to_owned(),
        (false, false) => who.clone(),
    });
    let said = el("p").class("prose text").child(text);
    el("li")
        .class(if inside { "inside" } else { "said" })
        .child(
            div("row-side")
                .child(el("strong").child(who))
                .maybe(inside.then(|| tag("tag wait", "desk.inside")))
                .maybe(new.then(|| tag("tag", "desk.fresh")))
                .child(el("span").class("soft small").child(live_text(move || moment(at)))),
        )
        // Its writer's language is known; a colleague may write in any.
        .child(if from_writer { said.attr("lang", lang) } else { said })
}
