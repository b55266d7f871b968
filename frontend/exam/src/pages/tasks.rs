//! A task on the screen, and all of them at a glance.

use kit::{
    dom::{AnyView, div, el, live, live_text, many, nothing, quietly},
    json::Json,
    reactive::RwSignal,
};

use super::{button, counted, lang_of};
use crate::{
    files,
    line::{self, model, page},
    rich,
    task::{Shown, controls},
    text::{fill, pick_json, t},
};

/// The task of the moment. It is drawn when another one comes, not when an answer is written.
pub fn one() -> AnyView {
    live(|| {
        let slot = page().slot.get();
        let paused = kit::reactive::settled(|| model(|model| model.status.clone()));
        let there = kit::reactive::settled(move || {
            model(|_| if line::task(slot).is_some() { "1" } else { "" }.to_owned())
        });
        live(move || {
            if paused.get() == "paused" {
                return el("p")
                    .class("notice wait")
                    .attr("role", "status")
                    .t("time.paused_about")
                    .done();
            }
            if there.get().is_empty() {
                return closed_block(slot);
            }
            quietly(|| drawn(slot))
        })
    })
}

fn slots() -> usize {
    model(|model| model.answers.len())
}

/// A block whose key the page does not have: one goes forward only, or there was no line.
fn closed_block(slot: usize) -> AnyView {
    let block = line::task(slot.saturating_sub(1)).and_then(|task| task.int("block"));
    let next = block.map_or(0, |block| block + 1);
    many([
        el("h1").id("task").attr("tabindex", "-1").t("block.title").done(),
        el("p").class("prose").t("block.about").done(),
        div("buttons")
            .child(button("button", "block.next", move |_| {
                line::next_block(u32::try_from(next).unwrap_or(0), slot);
            }))
            .maybe(
                (slot > 0)
                    .then(|| button("button second", "task.back", move |_| line::show(slot - 1))),
            )
            .done(),
    ])
}

fn drawn(slot: usize) -> AnyView {
    let Some(task) = line::task(slot) else { return nothing() };
    let all = slots();
    let lang = lang_of();
    let held = model(|model| model.answers.get(slot).cloned().unwrap_or_default());
    let section = model(|model| {
        let place = usize::try_from(task.int("section").unwrap_or(0)).unwrap_or(0);
        model.exam.list("sections").get(place).map(pick_json).unwrap_or_default()
    });
    let number =
        fill("task.number_of", &[("n", &(slot + 1).to_string()), ("all", &all.to_string())]);
    let body: &Json = task.at("body");
    let shown = Shown { slot, task: body.at("task").clone(), held, lang: lang.clone() };
    many([
        el("h1").id("task").class("number").attr("tabindex", "-1").child(number).done(),
        if section.is_empty() { nothing() } else { el("p").class("soft").child(section).done() },
        files::sign(task.at("sign"), &lang),
        rich::in_language(div("stem prose"), &lang).child(rich::blocks(body.at("stem"))).done(),
        el("form")
            .class("answer")
            .attr("autocomplete", "off")
            .on("submit", |event| event.prevent_default())
            .child(controls(shown))
            .done(),
        el("p")
            .class("state small")
            .attr("role", "status")
            .child(live_text(move || state_of(slot)))
            .done(),
        steps(slot, all),
    ])
}

/// Whether the answer of a task is kept, in words.
fn state_of(slot: usize) -> String {
    if page().practice.get() {
        return String::new();
    }
    let (waits, empty) =
        model(|model| (model.waits(slot), model.answers.get(slot).is_none_or(String::is_empty)));
    match (waits, empty, page().online.get()) {
        (true, _, true) => t("answer.sending"),
        (true, _, false) => t("answer.device"),
        (false, true, _) => t("answer.none"),
        (false, false, _) => t("answer.saved"),
    }
    .to_owned()
}

fn steps(slot: usize, all: usize) -> AnyView {
    let last = slot + 1 >= all;
    let marked = move || model(|model| model.marks.get(slot).copied().unwrap_or_default());
    el("nav")
        .class("steps-bar")
        .attr_t("aria-label", "task.steps")
        .child(
            button("button second", "task.back", move |_| line::show(slot.saturating_sub(1)))
                .flag("disabled", move || slot == 0),
        )
        .child(
            el("button")
                .class("button second flagged")
                .attr("type", "button")
                .attr_live("aria-pressed", move || Some(marked().to_string()))
                .child(
                    el("span")
                        .attr("aria-hidden", "true")
                        .child(live_text(move || if marked() { "★ " } else { "☆ " }.to_owned())),
                )
                .t("task.mark")
                .on("click", move |_| line::mark(slot)),
        )
        .child(if last {
            button("button", "task.review", |_| line::review())
        } else {
            button("button", "task.next", move |_| line::show(slot + 1))
        })
        .child(button("button quiet", "task.all", |_| line::review()))
        .done()
}

/// Which tasks are answered, marked, empty; and handing in.
pub fn review() -> AnyView {
    let sure = RwSignal::new(false);
    let practice = page().practice.get();
    many([
        el("h1").id("review").attr("tabindex", "-1").t("review.title").done(),
        el("p")
            .class("lead")
            .child(live_text(|| {
                let (done, all) = model(|model| (model.answered(), model.answers.len()));
                fill("review.count", &[("n", &done.to_string()), ("all", &all.to_string())])
            }))
            .done(),
        live(|| {
            let (answered, marks) = model(|model| {
                let answered: Vec<bool> = model.answers.iter().map(|a| !a.is_empty()).collect();
                (answered, model.marks.clone())
            });
            let cells =
                answered.into_iter().zip(marks).enumerate().map(|(slot, (done, marked))| {
                    let word = match (done, marked) {
                        (true, false) => "review.done",
                        (true, true) => "review.done_marked",
                        (false, false) => "review.empty",
                        (false, true) => "review.empty_marked",
                    };
                    let sign = match (done, marked) {
                        (true, false) => "✓",
                        (true, true) => "✓★",
                        (false, false) => "–",
                        (false, true) => "★",
                    };
                    el("li").child(
                        el("button")
                            .class(if done { "cell full" } else { "cell" })
                            .attr("type", "button")
                            .attr("aria-label", format!("{}: {}", slot + 1, t(word)))
                            .child(el("span").class("num").child((slot + 1).to_string()))
                            .child(el("span").attr("aria-hidden", "true").child(sign))
                            .on("click", move |_| line::show(slot)),
                    )
                });
            el("ol").class("cells").children(cells.collect::<Vec<_>>()).done()
        }),
        el("p").class("small soft").t("review.signs").done(),
        if practice {
            div("buttons").child(button("button", "practice.end", |_| line::end_practice())).done()
        } else {
            hand_in(sure)
        },
    ])
}

fn hand_in(sure: RwSignal<bool>) -> AnyView {
    live(move || {
        if !sure.get() {
            return div("buttons")
                .child(button("button second", "review.back", |_| {
                    line::show(page().slot.get_untracked());
                }))
                .child(button("button", "review.finish", move |_| sure.set(true)))
                .done();
        }
        let empty = model(|model| model.answers.len() - model.answered());
        let words = if empty == 0 {
            t("review.sure").to_owned()
        } else {
            counted("review.sure_empty", empty)
        };
        el("div")
            .class("notice wait")
            .attr("role", "alertdialog")
            .attr_t("aria-label", "review.finish")
            .child(el("p").child(words))
            .child(
                div("buttons")
                    .child(button("button", "review.yes", |_| line::finish()).id("sure"))
                    .child(button("button second", "review.no", move |_| sure.set(false))),
            )
            .done()
    })
}
