//! Before the clock runs: the rules, what the device can do, the line; practice for everybody.

use kit::{
    dom::{AnyView, div, el, live, live_text, many, nothing},
    reactive::RwSignal,
};

use super::{button, counted, lang_of, title};
use crate::{
    browser,
    line::{self, model, page},
    text::{fill, t},
};

/// No link: what this page is, and practice.
pub fn start() -> AnyView {
    many([
        el("h1").t("start.title").done(),
        el("p").class("lead").t("start.about").done(),
        el("p").class("prose").t("start.link").done(),
        div("buttons").child(button("button", "practice.begin", |_| line::practise())).done(),
        el("p").class("prose soft").t("practice.about").done(),
    ])
}

/// It could not be opened.
pub fn closed(line_missing: bool) -> AnyView {
    let (heading, about) = if line_missing {
        ("closed.line", "closed.line_about")
    } else {
        ("closed.link", "closed.link_about")
    };
    many([
        el("h1").t(heading).done(),
        el("p").class("prose").t(about).done(),
        div("buttons")
            .child(button("button", "closed.again", |_| line::retry()))
            .child(button("button second", "practice.begin", |_| line::practise()))
            .done(),
    ])
}

const RULES: [&str; 6] =
    ["rules.phone", "rules.help", "rules.leave", "rules.saved", "rules.offline", "rules.appeal"];

/// Rules, checks, and the beginning.
pub fn check_in() -> AnyView {
    let agreed = RwSignal::new(false);
    let (slots, minutes, lang) = model(|model| {
        let minutes = model.exam.int("length").unwrap_or(0) / 60_000;
        (model.answers.len(), minutes, model.exam.str("lang").to_owned())
    });
    let language = if lang == "ru" { "lang.ru" } else { "lang.kk" };
    let facts = el("dl")
        .class("facts prose")
        .child(fact("check.tasks", counted("check.tasks_n", slots)))
        .child(fact("check.minutes", fill("time.minutes", &[("n", &minutes.to_string())])))
        .child(fact("check.language", t(language).to_owned()));
    many([
        el("h1").child(live_text(title)).done(),
        facts.done(),
        el("h2").t("rules.title").done(),
        el("ul").class("prose").children(RULES.map(|key| el("li").t(key))).done(),
        el("h2").t("check.title").done(),
        checks(),
        el("p").class("prose soft").t("check.practice").done(),
        div("field")
            .child(
                el("ul").class("checks").child(
                    el("li").child(
                        el("label")
                            .child(
                                el("input")
                                    .attr("type", "checkbox")
                                    .id("agree")
                                    .checked(move || agreed.get())
                                    .on("change", move |_| agreed.update(|on| *on = !*on)),
                            )
                            .child(el("span").t("rules.agree")),
                    ),
                ),
            )
            .done(),
        div("buttons")
            .child(
                button("button", "check.begin", move |_| {
                    if agreed.get_untracked() {
                        line::start();
                    } else {
                        page().problem.set(t("rules.first").to_owned());
                        browser::focus("agree");
                    }
                })
                .id("begin")
                .flag("disabled", || page().asking.get()),
            )
            .child(button("button second", "practice.begin", |_| line::practise()))
            .done(),
        el("p")
            .attr("role", "status")
            .child(live_text(|| match page().asking.get() {
                true => t("check.asking").to_owned(),
                false => String::new(),
            }))
            .done(),
        el("p").class("prose soft").t("check.clock").done(),
    ])
}

fn fact(key: &'static str, value: String) -> kit::dom::El {
    el("div").child(el("dt").t(key)).child(el("dd").child(value))
}

/// How many pictures have come: the test can begin before all have.
fn files_row() -> Option<kit::dom::El> {
    let all = model(line::files_all);
    let here = page().files_here.get();
    (all > 0).then(|| {
        let count = [("n", here.to_string()), ("of", all.to_string())];
        let words = fill("check.files_n", &[("n", &count[0].1), ("of", &count[1].1)]);
        let class = if here >= all { "tag done" } else { "tag wait" };
        let wait = el("span").class("small").t("check.files_wait");
        el("li")
            .child(el("span").t("check.files"))
            .child(el("span").class(class).child(words))
            .maybe((here < all).then_some(wait))
    })
}

/// What the device and the line can do, each with a word.
fn checks() -> AnyView {
    live(|| {
        let online = page().online.get();
        let kept = page().problem.with(|words| words != t("store.broken"));
        let row = |good: bool, key: &'static str, why: &'static str| {
            let (class, word) =
                if good { ("tag done", "check.good") } else { ("tag late", "check.bad") };
            el("li")
                .child(el("span").t(key))
                .child(el("span").class(class).t(word))
                .child(if good { nothing() } else { el("span").class("small").t(why).done() })
        };
        el("ul")
            .class("tasks")
            .child(row(online, "check.line", "check.line_bad"))
            .child(row(kept, "check.store", "check.store_bad"))
            .child(row(!lang_of().is_empty(), "check.opened", "check.line_bad"))
            .maybe(files_row())
            .done()
    })
}
