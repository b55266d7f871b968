//! What the staff write for themselves, and what happened so far.

use std::rc::Rc;

use crate::{
    api::{self, wire},
    browser,
    dom::{div, el, live_text, many},
    json::{self, Json},
    reactive::{AnyView, RwSignal},
    text::moment,
    ui::{
        errors,
        field::field,
        load::{Loading, empty},
    },
};

/// The notes and the form for another one.
pub fn notes(id: &str, now: &Json, all: Loading<Json>) -> AnyView {
    let text = RwSignal::new(String::new());
    let wrong = errors::errors();
    let path = format!("applications/{id}/notes");
    let attempt: Rc<api::Attempt> = Rc::default();
    let add = move |event: web_sys::Event| {
        event.prevent_default();
        let (path, attempt) = (path.clone(), Rc::clone(&attempt));
        let body = json::map([("text", text.get_untracked().into())]);
        api::run(async move {
            match api::call("POST", path).body(&body).tried(&attempt).send().await {
                Ok(_) => {
                    attempt.done();
                    text.set(String::new());
                    browser::blur();
                    all.again();
                }
                Err(problem) => errors::show(&problem, wrong),
            }
        });
    };
    div("group")
        .child(el("p").class("soft small").t("application.notes_lead"))
        .child(el("ul").class("rows small").children(now.list("notes").iter().map(|note| {
            let at = wire::moment(note.str("at"));
            let who = note.str("who").to_owned();
            el("li").child(
                div("row-main")
                    .child(el("span").class("text").child(note.str("text").to_owned()))
                    .child(el("span").class("soft").child(live_text(move || {
                        format!("{who} · {}", at.map(moment).unwrap_or_default())
                    }))),
            )
        })))
        .child(
            el("form")
                .attr("novalidate", "")
                .on("submit", add)
                .child(field("text", "application.note", wrong).area(text))
                .child(
                    el("button")
                        .attr("type", "submit")
                        .class("button second")
                        .t("application.note_add"),
                ),
        )
        .done()
}

/// The way of the application, newest first.
pub fn timeline(now: &Json) -> AnyView {
    let entries = now.list("timeline.entries");
    if entries.is_empty() {
        return empty("vacancy.no_history", None);
    }
    el("ol")
        .class("timeline small")
        .children(entries.iter().map(|entry| {
            let at = wire::moment(entry.str("at"));
            el("li")
                .child(el("strong").child(entry.str("text").to_owned()))
                .child(div("soft").child(live_text(move || at.map(moment).unwrap_or_default())))
                .child(many(
                    entry.texts("details").into_iter().map(|one| div("text").child(one).done()),
                ))
                .maybe(
                    (!entry.is_empty("ground"))
                        .then(|| div("soft").child(entry.str("ground").to_owned())),
                )
        }))
        .done()
}
