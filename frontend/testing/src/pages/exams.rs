//! The list of forms.

use domain::account::permission::Permission;

use super::{at, tag, ways};
use crate::{
    dom::{div, el, live_text},
    json::Json,
    nav::link,
    reactive::AnyView,
    state::app,
    text::{fill, moment_at, number_of, pick_json, t_of},
    ui::{
        list::{asked, by_address, older},
        load::empty,
        page::page as frame,
        table::table,
    },
};

const HEADS: &[&str] = &["exam.title", "exam.state", "exam.purpose", "exam.size", "exam.changed"];

/// The page.
pub fn page() -> AnyView {
    let list = by_address::<Json>(|place| asked("exams", place));
    let writes = app().may(Permission::TestManage);
    let new = move || link(at("forms/new")).class("button").t("exam.new");
    frame("testing.forms", writes.then(new))
        .child(ways())
        .child(el("p").class("soft").t("exam.lead"))
        .child(list.view(move |all| {
            let items = all.list("items");
            if items.is_empty() {
                return empty("exam.none", writes.then(new));
            }
            div("group")
                .child(table("testing.forms", HEADS, items.iter().map(cells)))
                .maybe(older(&all, "testing.older"))
                .done()
        }))
        .done()
}

fn cells(one: &Json) -> Vec<AnyView> {
    let (title, purpose, when) =
        (one.at("title").clone(), one.str("purpose").to_owned(), one.clone());
    let (tasks, minutes) = (one.int("tasks").unwrap_or(0), one.int("minutes").unwrap_or(0));
    vec![
        link(at(format!("forms/{}", one.str("id"))))
            .child(live_text(move || pick_json(&title)))
            .done(),
        tag("exam_state", one.str("state")).done(),
        live_text(move || t_of("exam_purpose", &purpose)),
        live_text(move || {
            fill("exam.tasks_minutes", &[("n", &number_of(tasks)), ("m", &number_of(minutes))])
        }),
        live_text(move || moment_at(&when, "changed_at")),
    ]
}
