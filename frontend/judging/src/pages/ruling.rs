//! A decision: what was proposed, the second signature, and who was rescored from what to what.

use super::{act, at, points, tag, task::ruled, ways};
use crate::{
    api, browser,
    dom::{El, div, el, live_text, nothing},
    json::Json,
    reactive::AnyView,
    text::{fill, moment_at, number_of, t, t_of},
    ui::{
        self,
        load::{Loading, load},
        page::{facts, page_with, section},
        table::table,
    },
};

/// The page.
pub fn page(id: &str) -> AnyView {
    let one = load::<Json>(format!("exam-rulings/{id}"));
    page_with(move || t("ruling.title").to_owned(), Some(at("appeals")), None)
        .child(ways())
        .child(one.view(move |all| drawn(&all, one)))
        .done()
}

fn drawn(all: &Json, one: Loading<Json>) -> AnyView {
    let (proposed, signed) = (all.clone(), all.clone());
    div("group")
        .child(
            section("ruling.decision")
                .child(facts([
                    ("ruling.what", ruled(all.at("decision"))),
                    ("ruling.state", tag("ruling_state", all.str("state")).done()),
                    ("ruling.proposed_at", live_text(move || moment_at(&proposed, "proposed_at"))),
                    (
                        "ruling.signed_at",
                        live_text(move || match signed.is_empty("signed_at") {
                            true => "—".to_owned(),
                            false => moment_at(&signed, "signed_at"),
                        }),
                    ),
                ]))
                .child(el("p").class("prose").child(all.str("reason").to_owned()))
                .child(signing(all, one)),
        )
        .child(protocol(all))
        .child(if all.str("state") == "proposed" { nothing() } else { rescored(all, one).done() })
        .done()
}

fn signing(all: &Json, one: Loading<Json>) -> AnyView {
    if all.str("state") != "proposed" {
        return nothing();
    }
    if all.flag("own") {
        return el("p").class("notice wait").t("ruling.second").done();
    }
    let path = format!("exam-rulings/{}/sign", all.str("id"));
    div("buttons")
        .child(ui::button("button", "ruling.sign", move |_| {
            let call = api::call("POST", path.clone()).once(browser::uuid());
            act(call, "ruling.signed", move || one.again());
        }))
        .done()
}

fn protocol(all: &Json) -> AnyView {
    if all.is_empty("digest") {
        return nothing();
    }
    let path = format!("/api/v1/cabinet/exam-rulings/{}/protocol", all.str("id"));
    section("ruling.protocol")
        .child(el("p").class("soft small").t("ruling.protocol_about"))
        .child(el("p").child(el("code").class("half-code").child(all.str("digest").to_owned())))
        .child(
            div("buttons")
                .child(
                    el("a")
                        .class("button second")
                        .attr("href", path)
                        .attr("download", "")
                        .t("ruling.download"),
                )
                .child(ui::button("button quiet", "ruling.print", |_| {
                    let _ = browser::window().print();
                })),
        )
        .done()
}

const HEADS: &[&str] =
    &["seat.number", "ruling.before", "ruling.after", "ruling.category", "ruling.change"];

/// The list before and after. Those whose result changed come first.
fn rescored(all: &Json, one: Loading<Json>) -> El {
    let list = all.list("rescored");
    let changed = list.iter().filter(|row| row.flag("changed")).count();
    let numbers = [list.len(), changed].map(|n| number_of(i64::try_from(n).unwrap_or(0)));
    let waits = all.str("state") == "signed";
    let rows = list
        .iter()
        .filter(|row| row.flag("changed"))
        .chain(list.iter().filter(|row| !row.flag("changed")));
    section("ruling.rescored")
        .child(el("p").attr("role", "status").child(live_text(move || {
            fill("ruling.counts", &[("n", &numbers[0]), ("changed", &numbers[1])])
        })))
        .maybe(waits.then(|| {
            div("notice wait").child(el("p").t("ruling.under_way")).child(ui::button(
                "button second",
                "ruling.look_again",
                move |_| one.again(),
            ))
        }))
        .maybe((!list.is_empty()).then(|| table("ruling.rescored", HEADS, rows.map(cells))))
}

fn cells(row: &Json) -> Vec<AnyView> {
    let number = |name: &str| {
        let points = points(row.int(name).unwrap_or(0));
        el("span").class("num").child(points).done()
    };
    let (before, after) =
        (row.str("reached_before").to_owned(), row.str("reached_after").to_owned());
    let changed = row.flag("changed");
    let name = |code: &str| match code.is_empty() {
        true => t("seat.no_category").to_owned(),
        false => t_of("exam_category", code),
    };
    vec![
        el("code").child(row.str("candidate").to_owned()).done(),
        number("before"),
        number("after"),
        live_text(move || match before == after {
            true => name(&after),
            false => format!("{} → {}", name(&before), name(&after)),
        }),
        match changed {
            true => el("span").class("tag done").t("ruling.changed").done(),
            false => el("span").class("soft").t("ruling.same").done(),
        },
    ]
}
