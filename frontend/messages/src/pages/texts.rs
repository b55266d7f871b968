//! The texts of messages, by event.

use super::{text_of, ways};
use crate::{
    dom::{div, el, live_text, many, nothing},
    json::Json,
    nav::link,
    reactive::AnyView,
    text::{fill, pick_json, t_of},
    ui::{load::load, page::page as frame, status::tag, table::table},
};

const HEADS: &[&str] =
    &["messages.heading", "messages.event", "messages.to_whom", "messages.weight"];

/// The page.
pub fn page() -> AnyView {
    frame("messages.texts", None)
        .child(ways())
        .child(el("p").class("soft").t("messages.texts_lead"))
        .child(load::<Json>("messages/templates").view(|all| {
            let rows = match &all {
                Json::List(rows) => rows.as_slice(),
                _ => &[],
            };
            table("messages.texts", HEADS, rows.iter().map(cells)).done()
        }))
        .done()
}

fn cells(one: &Json) -> Vec<AnyView> {
    let (event, to, title) =
        (one.str("event").to_owned(), one.str("to").to_owned(), one.at("title").clone());
    let edited = one.int("edited").unwrap_or_default();
    vec![
        div("cell-title")
            .child(link(text_of(&event)).child(live_text(move || pick_json(&title))))
            .done(),
        el("span").class("small soft").child(event).done(),
        live_text(move || t_of("messages.to", &to)),
        many([
            match one.flag("significant") {
                true => tag("tag", "messages.significant").done(),
                false => nothing(),
            },
            match edited {
                0 => nothing(),
                n => el("span")
                    .class("tag mute")
                    .child(live_text(move || fill("messages.edited", &[("n", &n.to_string())])))
                    .done(),
            },
        ]),
    ]
}
