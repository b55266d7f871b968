//! A decision: the task with its old and new key, what signing would do, the second signature or a
//! refusal, and who was rescored from what to what.

use kit::{bank::show, form::form};

use super::{
    act, at, points, tag,
    task::{reasons, ruled},
    ways,
};
use crate::{
    api, browser,
    dom::{El, div, el, live_text, many, nothing},
    json::{Json, map},
    reactive::{AnyView, RwSignal},
    state::app,
    text::{fill, moment_at, number_of, t, t_of},
    ui::{
        self,
        field::field,
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
                .maybe((all.str("state") == "declined").then(|| {
                    let why = all.str("declined_why").to_owned();
                    el("p")
                        .class("notice late")
                        .child(live_text(move || fill("ruling.declined_why", &[("why", &why)])))
                })),
        )
        .child(task(all))
        .child(section("appeal.reasons").child(reasons(all.at("task"), all.list("appeals"))))
        .child(match all.str("state") {
            "proposed" => many([forecast(all).done(), signing(all, one)]),
            "declined" => nothing(),
            _ => rescored(all, one).done(),
        })
        .child(protocol(all))
        .done()
}

/// The task as it was asked, with the key under which it was scored; beside it the new key.
fn task(all: &Json) -> El {
    let old = all.at("task");
    let shown = |heading: &'static str, task: &Json| {
        el("section").child(el("h3").t(heading)).child(show::both(task, true))
    };
    let mut new = old.clone();
    let changes = !all.is_empty("answers.key");
    if changes {
        new.put("answers", all.at("answers").clone());
    }
    section("appeal.as_asked").child(
        div("both").child(
            div("pair")
                .child(shown("ruling.old_key", old))
                .maybe(changes.then(|| shown("ruling.new_key", &new))),
        ),
    )
}

/// What the decision would do, before anybody signs it.
fn forecast(all: &Json) -> El {
    let list = all.list("forecast");
    let points = |row: &Json, name: &str| row.int(name).unwrap_or(0);
    let many_of = |of: fn(i64, i64) -> bool| {
        list.iter().filter(|row| of(points(row, "before"), points(row, "after"))).count()
    };
    let gains = many_of(|before, after| after > before);
    let loses = many_of(|before, after| after < before);
    let passes = |from: bool| {
        let turned = |row: &&Json| {
            let told = |name: &str| matches!(row.get(name), Some(Json::Bool(_)));
            told("passed_before")
                && row.flag("passed_before") == from
                && row.flag("passed_after") != from
        };
        list.iter().filter(turned).count()
    };
    let numbers = [list.len(), gains, loses, passes(false), passes(true)]
        .map(|n| number_of(i64::try_from(n).unwrap_or(0)));
    let rows = list.iter().filter(|row| row.flag("changed"));
    let some = list.iter().any(|row| row.flag("changed"));
    section("ruling.forecast")
        .child(el("p").child(live_text(move || {
            fill(
                "ruling.forecast_counts",
                &[
                    ("n", &numbers[0]),
                    ("up", &numbers[1]),
                    ("down", &numbers[2]),
                    ("pass", &numbers[3]),
                    ("fail", &numbers[4]),
                ],
            )
        })))
        .maybe(some.then(|| table("ruling.forecast", HEADS, rows.map(cells))))
}

/// The second signature, or none: a refusal says why, and the appeals stay open.
fn signing(all: &Json, one: Loading<Json>) -> AnyView {
    let own = all.flag("own");
    let path = format!("exam-rulings/{}", all.str("id"));
    let (sign, decline) = (format!("{path}/sign"), format!("{path}/decline"));
    let reason = RwSignal::new(String::new());
    let form = form(Json::Null);
    let refuse = move || {
        let body = map([("reason", reason.get_untracked().into())]);
        form.ask(api::call("POST", decline.clone()).body(&body), move |_| {
            app().say(t("ruling.declined"), false);
            one.again();
        });
    };
    section("ruling.signing")
        .maybe(own.then(|| el("p").class("notice wait").t("ruling.second")))
        .maybe((!own).then(|| {
            div("buttons").child(ui::button("button", "ruling.sign", move |_| {
                let call = api::call("POST", sign.clone()).once(browser::uuid());
                act(call, "ruling.signed", move || one.again());
            }))
        }))
        .child(
            el("details")
                .child(el("summary").t(if own { "ruling.take_back" } else { "ruling.decline" }))
                .child(
                    form.element("", refuse)
                        .child(
                            field("reason", "ruling.decline_why", form.errors)
                                .hint("ruling.reason_hint")
                                .area(reason),
                        )
                        .child(div("buttons").child(form.submit("ruling.decline_send"))),
                ),
        )
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
