//! It has been sent: the number, and what happens next.

use super::{ask, home};
use crate::{
    dom::{div, el},
    json::Json,
    nav::link,
    offline::outbox,
    reactive::AnyView,
    text::{moment_at, t},
    ui::page::page_with,
};

/// The page.
pub fn page(id: &str) -> AnyView {
    let all = ask(id);
    let id = id.to_owned();
    all.view(move |now| draw(&id, &now))
}

fn draw(id: &str, now: &Json) -> AnyView {
    let waits = !outbox::of_object(&super::object(id)).is_empty();
    let number = now.str("number").to_owned();
    let last = now.list("sent").last().and_then(|one| one.int("n")).unwrap_or(1);
    let next = now.str("timeline.next.text").to_owned();
    let until = moment_at(now, "timeline.next.due_at");
    if waits || number.is_empty() {
        return page_with(|| t("apply.waits_title").to_owned(), Some(home(id)), None)
            .child(div("notice wait").child(el("p").t("apply.waits_submit")))
            .child(div("buttons").child(link(home(id)).class("button").t("apply.to_application")))
            .done();
    }
    page_with(|| t("apply.sent_title").to_owned(), Some(home(id)), None)
        .child(
            div("sent")
                .attr("role", "status")
                .child(el("p").t("apply.number"))
                .child(el("p").class("num big").child(number))
                .child(el("p").class("small").t("apply.number_hint")),
        )
        .child(el("h2").t("apply.next"))
        .child(el("p").child(next))
        .maybe((!until.is_empty()).then(|| {
            el("p").child(crate::dom::live_text(move || {
                crate::text::fill("apply.until", &[("at", &until)])
            }))
        }))
        .child(el("p").t("apply.told"))
        .child(
            div("buttons")
                .child(link(home(id)).class("button").t("apply.to_application"))
                .child(super::paper(id, last).class("button second").t("apply.pdf_save")),
        )
        .done()
}
