//! Appeals by task, never by person; and what was decided.

use super::{at, tag, ways};
use crate::{
    dom::{El, div, el, live_text},
    json::Json,
    nav::link,
    reactive::AnyView,
    text::{day_at, fill, moment_at, number_of, pick_json, t, t_of},
    ui::{
        load::{empty, load},
        page::{page as frame, section},
        table::table,
    },
};

const HEADS: &[&str] =
    &["appeal.task", "appeal.exam", "appeal.count", "appeal.due", "appeal.stage"];

/// The page.
pub fn page() -> AnyView {
    let open = load::<Json>("exam-appeals");
    let done = load::<Json>("exam-rulings");
    frame("testing.appeals", None)
        .child(ways())
        .child(el("p").class("soft").t("appeal.lead"))
        .child(section("appeal.open").child(open.view(|all| {
            let Json::List(items) = &all else { return empty("appeal.none", None) };
            if items.is_empty() {
                return empty("appeal.none", None);
            }
            table("appeal.open", HEADS, items.iter().map(cells)).done()
        })))
        .child(section("appeal.rulings").child(done.view(|all| {
            let items = all.list("items");
            if items.is_empty() {
                return el("p").class("soft").t("appeal.no_rulings").done();
            }
            el("ul").class("rows").children(items.iter().map(ruling)).done()
        })))
        .done()
}

fn cells(one: &Json) -> Vec<AnyView> {
    let (title, when) = (one.at("title").clone(), one.clone());
    let rest =
        format!("{}/{}/{}", one.str("exam"), one.str("item"), one.int("version").unwrap_or(0));
    let waits = !one.is_empty("waits");
    vec![
        link(at(format!("appeals/{rest}"))).child(one.str("code").to_owned()).done(),
        live_text(move || pick_json(&title)),
        el("span").class("num").child(number_of(one.int("appeals").unwrap_or(0))).done(),
        live_text(move || match when.is_empty("due") {
            true => t("appeal.no_calendar").to_owned(),
            false => day_at(&when, "due"),
        }),
        tag("ruling_state", if waits { "proposed" } else { "none" }).done(),
    ]
}

fn ruling(one: &Json) -> El {
    let (title, when) = (one.at("title").clone(), one.clone());
    let decision = decision_word(one.at("decision"));
    let numbers = ["rescored", "changed"].map(|name| number_of(one.int(name).unwrap_or(0)));
    el("li")
        .child(
            div("row-main")
                .child(
                    link(at(format!("rulings/{}", one.str("id"))))
                        .child(one.str("code").to_owned())
                        .child(" · ")
                        .child(live_text(move || t_of("ruling", decision))),
                )
                .child(div("small soft").child(live_text(move || {
                    let path = if when.is_empty("signed_at") { "proposed_at" } else { "signed_at" };
                    let told =
                        fill("ruling.counts", &[("n", &numbers[0]), ("changed", &numbers[1])]);
                    format!("{} · {} · {told}", pick_json(&title), moment_at(&when, path))
                }))),
        )
        .child(div("row-side").child(tag("ruling_state", one.str("state"))))
}

/// A decision of the server as the code of a word.
pub fn decision_word(decision: &Json) -> &'static str {
    match (decision.str("decision"), decision.str("how")) {
        ("refused", _) => "refused",
        ("voided", "drop") => "drop",
        ("voided", _) => "credit",
        _ => "key",
    }
}
