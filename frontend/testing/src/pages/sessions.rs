//! Sessions: when and where, who runs them, how far they are; and planning one.

use domain::account::permission::Permission;

use super::{at, plan, ways};
use crate::{
    dom::{El, div, el, live_text},
    json::Json,
    nav::link,
    reactive::AnyView,
    state::app,
    text::{fill, moment_at, number_of, pick_json},
    ui::{
        list::{asked, by_address, older},
        load::empty,
        page::page as frame,
        status::marked,
    },
};

/// The page.
pub fn page() -> AnyView {
    let list = by_address::<Json>(|place| asked("exam-sessions", place));
    let plans = app().may(Permission::TestManage);
    frame("testing.sessions", None)
        .child(ways())
        .maybe(plans.then(|| plan::panel(list)))
        .child(list.view(|all| {
            let items = all.list("items");
            if items.is_empty() {
                return empty("session.none", None);
            }
            div("group")
                .child(el("ul").class("rows").children(items.iter().map(row)))
                .maybe(older(&all, "testing.older"))
                .done()
        }))
        .done()
}

/// Where a session stands: what has happened counts, not the plan.
pub fn stage(one: &Json) -> &'static str {
    let count = |name: &str| one.int(name).unwrap_or(0);
    if !one.is_empty("revealed_at") {
        "revealed"
    } else if count("candidates") == 0 {
        "empty"
    } else if count("over") == count("candidates") {
        "over"
    } else if count("admitted") > 0 {
        "open"
    } else {
        "planned"
    }
}

/// The stage as a tag.
pub fn stage_tag(one: &Json) -> El {
    let stage = stage(one);
    let look = match stage {
        "open" => ("tag done", "●"),
        "over" | "revealed" => ("tag mute", "▣"),
        "empty" => ("tag wait", "…"),
        _ => ("tag", "◷"),
    };
    marked(look, "session_stage", stage)
}

fn row(one: &Json) -> El {
    let (title, place, when) = (one.at("title").clone(), one.at("place").clone(), one.clone());
    let room = one.str("room").to_owned();
    let numbers = ["over", "candidates"].map(|name| number_of(one.int(name).unwrap_or(0)));
    el("li")
        .child(
            div("row-main")
                .child(
                    link(at(format!("sessions/{}", one.str("id"))))
                        .child(live_text(move || pick_json(&title))),
                )
                .child(div("small soft").child(live_text(move || {
                    let room = match room.is_empty() {
                        true => String::new(),
                        false => fill("session.room_n", &[("room", &room)]),
                    };
                    format!("{} · {} {room}", moment_at(&when, "starts_at"), pick_json(&place))
                }))),
        )
        .child(div("row-side").child(stage_tag(one)).child(
            el("span").class("small soft num").child(live_text(move || {
                fill("session.over_of", &[("n", &numbers[0]), ("of", &numbers[1])])
            })),
        ))
}
