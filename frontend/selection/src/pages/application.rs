//! One application: what was sent beside its evidence, what can be done, notes, the way so far.

use super::{applications::state_tag, points_of};
use crate::{
    api::wire,
    dom::{El, div, el, live_text},
    json::Json,
    reactive::AnyView,
    router::{Place, Route},
    text::{fill, moment, pick_json},
    ui::{
        load::{Loading, load},
        page::section,
    },
};

mod answers;
mod commands;
pub(super) mod evidence;
mod notes;

/// The page.
pub fn page(id: &str) -> AnyView {
    let all = load::<Json>(format!("applications/{id}"));
    let id = id.to_owned();
    all.view(move |now| draw(&id, &now, all))
}

fn draw(id: &str, now: &Json, all: Loading<Json>) -> AnyView {
    let content = now.at("content");
    let name =
        ["surname", "name", "patronymic"].map(|part| content.at("person").str(part).to_owned());
    let name = name.join(" ").trim().to_owned();
    let title = now.at("vacancy.title").clone();
    let vacancy = now.str("vacancy.id").to_owned();
    let number = now.str("number").to_owned();
    let paper = format!("/api/v1/cabinet/applications/{id}/sent.pdf?lang=");
    let desk = evidence::Desk::new(now);
    let points = points_of(now, "form.points");
    let list = crate::nav::link(Place::from(Route::Applications).with("vacancy", &vacancy));
    div("page")
        .child(el("p").class("back").child(list.child("‹ ").t("nav.applications")))
        .child(div("page-head").child(el("h1").id("page-title").attr("tabindex", "-1").child(name)))
        .child(
            div("bar")
                .child(state_tag(now.str("state")))
                .child(el("span").class("num").child(format!("№ {number}")))
                .child(
                    crate::nav::link(Route::Vacancy(vacancy))
                        .child(live_text(move || pick_json(&title))),
                )
                .child(
                    el("a")
                        .attr("download", "")
                        .attr_live("href", move || {
                            Some(format!("{paper}{}", crate::text::lang().code()))
                        })
                        .t("application.pdf"),
                )
                .maybe((!points.is_empty()).then(|| {
                    el("span")
                        .class("num soft")
                        .child(live_text(move || fill("application.claimed", &[("n", &points)])))
                })),
        )
        .child(what_is_next(now))
        .child(commands::view(id, now, all))
        .child(
            div("cols evidence-cols")
                .child(div("content").child(answers::view(now, &desk)))
                .child(div("side").child(desk.viewer())),
        )
        .child(
            div("half")
                .child(section("application.notes").child(notes::notes(id, now, all)))
                .child(section("application.timeline").child(notes::timeline(now))),
        )
        .done()
}

fn what_is_next(now: &Json) -> El {
    let due = wire::moment(now.str("timeline.next.due_at"));
    let class = match (now.flag("timeline.next.overdue"), now.str("timeline.next.who")) {
        (true, _) => "deadline late",
        (_, "organisation" | "commission") => "deadline wait",
        (_, "nobody") => "deadline over",
        _ => "deadline",
    };
    div(class)
        .child(el("p").child(el("strong").child(now.str("timeline.now").to_owned())))
        .child(el("p").child(now.str("timeline.next.text").to_owned()))
        .maybe(due.map(|due| {
            el("p")
                .class("small")
                .child(live_text(move || fill("application.until", &[("at", &moment(due))])))
        }))
        .maybe(
            (!now.is_empty("timeline.next.ground")).then(|| {
                el("p").class("small soft").child(now.str("timeline.next.ground").to_owned())
            }),
        )
}
