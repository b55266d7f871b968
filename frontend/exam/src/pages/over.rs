//! After the end: what was handed in, the result, appeals.

use kit::{
    dom::{AnyView, div, el, live, live_text, many, nothing, quietly},
    json::Json,
    reactive::{RwSignal, settled},
};

use super::{button, counted, title};
use crate::{
    browser,
    line::{self, model, page},
    rich,
    task::{Shown, controls},
    text::{fill, pick_json, t, t_of},
};

const GROUNDS: [&str; 5] = ["key", "no_answer", "many_answers", "incorrect", "missing"];

/// Another page has it.
pub fn replaced() -> AnyView {
    many([
        el("h1").t("replaced.title").done(),
        el("p").class("prose").t("replaced.about").done(),
        live(|| match model(crate::model::Model::waiting) {
            0 => nothing(),
            n => el("p").class("notice wait").child(counted("saved.sending", n)).done(),
        }),
        div("buttons").child(button("button", "replaced.back", |_| line::take_back())).done(),
    ])
}

/// It is over, or it is handed in on this device.
pub fn over() -> AnyView {
    let stage = settled(|| {
        let now = page().tick.get();
        model(|model| {
            if model.status == "terminated" || model.annulled {
                "terminated"
            } else if model.report.is_some() && !model.unheard() {
                "result"
            } else if matches!(model.status.as_str(), "submitted" | "expired") {
                "counting"
            } else if model.left(now).is_some_and(|left| left <= 0) && !model.handed_in {
                "time_over"
            } else {
                "handed_in"
            }
            .to_owned()
        })
    });
    live(move || {
        let stage = stage.get();
        let about = |heading: &'static str, words: &'static str| {
            many([
                el("h1").t(heading).done(),
                el("p").class("prose").attr("role", "status").t(words).done(),
                waiting(),
            ])
        };
        match stage.as_str() {
            "result" => quietly(result),
            "terminated" => about("over.terminated", "over.terminated_about"),
            "counting" => about("over.counting", "over.counting_about"),
            "time_over" => about("over.time", "over.time_about"),
            _ => about("over.handed_in", "over.handed_in_about"),
        }
    })
}

/// What waits on this device, and whether there is a line.
fn waiting() -> AnyView {
    live(|| {
        let n = model(crate::model::Model::waiting);
        let online = page().online.get();
        match (n, online) {
            (0, _) => nothing(),
            (n, true) => {
                el("p").class("notice wait unsent").child(counted("saved.sending", n)).done()
            }
            (n, false) => {
                el("p").class("notice wait unsent").child(counted("over.device", n)).done()
            }
        }
    })
}

fn points(value: i64) -> String {
    let hundredths = value / 10_000;
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    let mark = if crate::text::lang() == domain::shared::lang::Lang::En { '.' } else { ',' };
    if rest == 0 { whole.to_string() } else { format!("{whole}{mark}{rest:02}") }
}

/// The numbers are drawn anew when a decision has changed them; what is being typed below stays.
fn result() -> AnyView {
    let scored = settled(|| model(|model| model.scoring.to_string()));
    many([
        live(move || {
            scored.get();
            quietly(numbers)
        }),
        el("p").class("prose").t("result.next").done(),
        appealed(),
        appeals(),
    ])
}

fn numbers() -> AnyView {
    let (report, sections, uncounted) = model(|model| {
        let sections: Vec<Json> = model.exam.list("sections").to_vec();
        (model.report.clone().unwrap_or_default(), sections, model.uncounted.len())
    });
    let sum = |one: &Json| (one.int("points").unwrap_or(0), one.int("most").unwrap_or(0));
    let (got, most) = sum(report.at("total"));
    let share = if most > 0 { got * 100 / most } else { 0 };
    let reached = match report.str("reached") {
        "" => t("result.none").to_owned(),
        code => fill("result.reached", &[("category", &t_of("category", code))]),
    };
    let rows = report.list("sections").iter().zip(&sections).map(|(one, title)| {
        let (got, most) = sum(one);
        el("tr")
            .child(el("th").attr("scope", "row").child(pick_json(title)))
            .child(el("td").class("num").child(points(got)))
            .child(el("td").class("num").child(points(most)))
    });
    let heads = ["result.part", "result.points", "result.most"];
    many([
        el("h1").id("result").attr("tabindex", "-1").t("result.title").done(),
        el("p").class("soft").child(live_text(title)).done(),
        el("p")
            .class("big")
            .child(fill(
                "result.sum",
                &[("n", &points(got)), ("most", &points(most)), ("percent", &share.to_string())],
            ))
            .done(),
        el("p").class("lead").child(reached).done(),
        el("table")
            .child(el("caption").t("result.parts"))
            .child(
                el("thead").child(
                    el("tr").children(heads.map(|key| el("th").attr("scope", "col").t(key))),
                ),
            )
            .child(el("tbody").children(rows))
            .done(),
        if uncounted > 0 {
            el("p").class("notice wait").child(counted("result.uncounted", uncounted)).done()
        } else {
            nothing()
        },
    ])
}

/// What was appealed against, and what came of it.
fn appealed() -> AnyView {
    let told = settled(|| model(|model| kit::json::write(&Json::List(model.appeals.clone()))));
    live(move || {
        let Some(Json::List(all)) = kit::json::read(&told.get()) else { return nothing() };
        if all.is_empty() {
            return nothing();
        }
        let rows = all.iter().map(|one| {
            let task =
                fill("appeal.task_n", &[("n", &(one.int("slot").unwrap_or(0) + 1).to_string())]);
            let decision = match one.str("decision") {
                "" => "open",
                code => code,
            };
            let words =
                format!("{} · {}", t_of("ground", one.str("ground")), t_of("decided", decision));
            el("li").child(el("strong").child(task)).child(": ").child(words)
        });
        el("section")
            .attr("aria-labelledby", "appealed")
            .child(el("h2").id("appealed").t("appeal.mine"))
            .child(el("ul").children(rows))
            .done()
    })
}

/// The task that is appealed against as it was asked, with one's own answer; never the key.
fn recalled(slot: usize) -> AnyView {
    let Some(task) = line::task(slot) else { return nothing() };
    let lang = super::lang_of();
    let held = model(|model| model.answers.get(slot).cloned().unwrap_or_default());
    let empty = held.is_empty();
    let body = task.at("body");
    let shown = Shown { slot, task: body.at("task").clone(), held, lang: lang.clone() };
    div("card recalled")
        .child(rich::in_language(div("stem prose"), &lang).child(rich::blocks(body.at("stem"))))
        .child(div("answer").child(controls(shown)))
        .maybe(empty.then(|| el("p").class("soft").t("answer.none")))
        .done()
}

/// Appeals, as long as they are taken: one a task, each with a reason of its own.
fn appeals() -> AnyView {
    let until = model(|model| model.appeals_until);
    let Some(until) = until else { return nothing() };
    let closed = settled(move || {
        let now = page().tick.get();
        model(|model| if model.now(now) > until { "1" } else { "" }.to_owned())
    });
    live(move || {
        if !closed.get().is_empty() {
            return el("p").class("prose soft").t("appeal.closed").done();
        }
        quietly(|| form(until))
    })
}

/// Those that were taken, said aloud.
fn sent() -> AnyView {
    let numbers = settled(|| {
        let numbers: Vec<String> = model(|model| {
            let slots = model.appeals.iter().filter_map(|one| one.int("slot"));
            slots.map(|n| (n + 1).to_string()).collect()
        });
        numbers.join(", ")
    });
    live(move || {
        let numbers = numbers.get();
        if numbers.is_empty() {
            return nothing();
        }
        let words = fill("appeal.sent", &[("tasks", &numbers)]);
        el("p").class("notice done").attr("role", "status").child(words).done()
    })
}

fn form(until: i64) -> AnyView {
    let slots = model(|model| model.answers.len());
    let (slot, ground, reason) = (
        RwSignal::new(0_usize),
        RwSignal::new(GROUNDS[0].to_owned()),
        RwSignal::new(String::new()),
    );
    let wrong = RwSignal::new(String::new());
    let left = live_text(move || {
        let now = page().tick.get();
        let left = model(|model| until - model.now(now)) / 60_000 + 1;
        fill("appeal.left", &[("n", &left.max(0).to_string())])
    });
    let tasks =
        (0..slots).map(|n| el("option").attr("value", n.to_string()).child((n + 1).to_string()));
    let grounds = GROUNDS.map(|code| el("option").attr("value", code).child(t_of("ground", code)));
    let send = move |_| {
        let at = slot.get_untracked();
        line::appeal(at, &ground.get_untracked(), &reason.get_untracked(), move |answer| {
            match answer {
                Ok(()) => {
                    wrong.set(String::new());
                    reason.set(String::new());
                }
                Err(words) => {
                    wrong.set(words);
                    browser::focus("appeal-reason");
                }
            }
        });
    };
    el("section")
        .attr("aria-labelledby", "appeal")
        .child(el("h2").id("appeal").t("appeal.title"))
        .child(el("p").class("prose").t("appeal.about"))
        .child(el("p").class("soft").child(left))
        .child(sent())
        .child(
            div("field short")
                .child(el("label").attr("for", "appeal-task").t("appeal.task"))
                .child(el("select").id("appeal-task").children(tasks).on("change", move |event| {
                    slot.set(browser::value_of(&event).parse().unwrap_or(0));
                })),
        )
        .child(live(move || {
            let at = slot.get();
            quietly(|| recalled(at))
        }))
        .child(
            div("field").child(el("label").attr("for", "appeal-ground").t("appeal.ground")).child(
                el("select")
                    .id("appeal-ground")
                    .children(grounds)
                    .on("change", move |event| ground.set(browser::value_of(&event))),
            ),
        )
        .child(
            div("field")
                .child(el("label").attr("for", "appeal-reason").t("appeal.reason"))
                .child(el("p").class("hint").id("appeal-hint").t("appeal.hint"))
                .child(live(move || {
                    let words = wrong.get();
                    if words.is_empty() {
                        return nothing();
                    }
                    el("p").class("error").attr("role", "alert").child(words).done()
                }))
                .child(
                    el("textarea")
                        .id("appeal-reason")
                        .attr("maxlength", "4000")
                        .attr("aria-describedby", "appeal-hint")
                        .value(move || reason.get())
                        .on("input", move |event| reason.set(browser::value_of(&event))),
                ),
        )
        .child(
            div("buttons").child(
                button("button", "appeal.send", send).flag("disabled", || page().asking.get()),
            ),
        )
        .done()
}
