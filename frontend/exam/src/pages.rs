//! The page: a head with the time and what is saved, and one screen below it.

mod calculator;
mod check_in;
mod over;
mod tasks;

use domain::shared::lang::Lang;
use kit::{
    dom::{AnyView, El, div, el, live, live_text, many, nothing, quietly},
    state::app,
};

use crate::{
    line::{Screen, arrive, model, page},
    text::{self, count, fill, pick_json, t},
};

/// Everything.
pub fn frame() -> AnyView {
    // The first call is under the owner that lives for ever.
    let _ = page();
    arrive();
    many([
        head(),
        live(|| {
            let shown = matches!(page().screen.get(), Screen::Task | Screen::Review);
            if shown { bar() } else { nothing() }
        }),
        el("main")
            .class("wrap exam")
            .child(problem())
            .child(live(|| match page().screen.get() {
                Screen::Start => check_in::start(),
                Screen::Opening => el("p").class("soft").attr("role", "status").t("opening").done(),
                Screen::Closed(line) => check_in::closed(line),
                // What is ticked and pressed stays where it is when the line says something.
                Screen::CheckIn => quietly(check_in::check_in),
                Screen::Task => tasks::one(),
                Screen::Review => tasks::review(),
                Screen::Over => over::over(),
                Screen::Replaced => over::replaced(),
            }))
            .child(reckoning())
            .done(),
    ])
}

/// The calculator stays as it is from task to task and while one looks at all of them.
fn reckoning() -> AnyView {
    let at_work = kit::reactive::settled(|| {
        let shown = matches!(page().screen.get(), Screen::Task | Screen::Review);
        if shown { "1" } else { "" }.to_owned()
    });
    live(move || if at_work.get().is_empty() { nothing() } else { quietly(calculator::panel) })
}

/// A button with a text.
pub fn button(
    class: &'static str,
    key: &'static str,
    act: impl FnMut(web_sys::Event) + 'static,
) -> El {
    el("button").class(class).attr("type", "button").t(key).on("click", act)
}

/// What went wrong, said at once.
fn problem() -> AnyView {
    live(|| {
        let words = page().problem.get();
        if words.is_empty() {
            return nothing();
        }
        el("p").class("notice late").attr("role", "alert").child(words).done()
    })
}

fn head() -> AnyView {
    let langs = [(Lang::Kk, "Қаз", "ақ"), (Lang::Ru, "Рус", "ский"), (Lang::En, "Eng", "lish")];
    let langs = langs.map(|(lang, short, rest)| {
        el("button")
            .class("button quiet")
            .attr("type", "button")
            .attr("lang", lang.code())
            .attr_live("aria-current", move || {
                (app().lang.get() == lang).then(|| "true".to_owned())
            })
            .child(short)
            .child(el("span").class("vh").child(rest))
            .on("click", move |_| app().speak(lang))
    });
    el("header")
        .class("header")
        .child(
            div("wrap")
                .child(el("span").class("brand").child("Mansap"))
                .child(el("nav").class("langs").attr_t("aria-label", "langs").children(langs)),
        )
        .child(div("ornament"))
        .done()
}

/// Time and what is saved, always in sight.
fn bar() -> AnyView {
    if page().practice.get() {
        let words = div("status wrap").child(el("strong").t("practice.bar"));
        return el("section").class("statusbar").attr_t("aria-label", "bar").child(words).done();
    }
    let bar = div("status wrap")
        .child(
            el("p")
                .class("time")
                .attr("role", "timer")
                .child(el("span").class("soft").t("time.left"))
                .child(" ")
                .child(el("strong").class("num").child(live_text(time_left))),
        )
        .child(el("p").class("saved").attr("role", "status").child(live(saved)))
        .child(el("p").class("vh").attr("role", "status").child(live_text(warning)));
    el("section").class("statusbar").attr_t("aria-label", "bar").child(bar).done()
}

/// Minutes, and seconds only in the last five of them: a clock that runs frightens.
fn time_left() -> String {
    let now = page().tick.get();
    let (left, status) = model(|model| (model.left(now), model.status.clone()));
    if status == "paused" {
        return t("time.paused").to_owned();
    }
    let Some(left) = left else { return String::new() };
    let seconds = (left / 1000).max(0);
    if seconds < 300 {
        return format!("{}:{:02}", seconds / 60, seconds % 60);
    }
    let minutes = seconds.div_euclid(60) + i64::from(seconds % 60 > 0);
    if minutes < 60 {
        fill("time.minutes", &[("n", &minutes.to_string())])
    } else {
        let (hours, rest) = ((minutes / 60).to_string(), (minutes % 60).to_string());
        fill("time.hours", &[("h", &hours), ("n", &rest)])
    }
}

/// Said aloud when so many minutes are left, and at no other time.
fn warning() -> String {
    let now = page().tick.get();
    let Some(left) = model(|model| model.left(now)) else { return String::new() };
    let minute = 60_000;
    let mark = [1, 5, 10, 30].into_iter().find(|mark| left <= mark * minute);
    match mark {
        Some(mark) if left > 0 => fill("time.warning", &[("n", &mark.to_string())]),
        _ => String::new(),
    }
}

/// "Saved" is said of nothing that was not confirmed.
fn saved() -> AnyView {
    let waiting = model(waiting_of);
    let online = page().online.get();
    let (class, words) = match (waiting, online) {
        (0, true) => ("tag done", t("saved.all").to_owned()),
        (0, false) => ("tag wait", t("saved.offline").to_owned()),
        (n, true) => ("tag wait unsent", count("saved.sending", n)),
        (n, false) => ("tag wait unsent", count("saved.device", n)),
    };
    el("span").attr("class", class).child(words).done()
}

fn waiting_of(model: &crate::model::Model) -> i64 {
    i64::try_from(model.waiting()).unwrap_or(i64::MAX)
}

/// Title of the exam, in the language of the page.
pub fn title() -> String {
    model(|model| pick_json(model.exam.at("title")))
}

/// Language of the test.
pub fn lang_of() -> String {
    model(|model| model.exam.str("lang").to_owned())
}

/// A counted text, for others.
pub fn counted(key: &'static str, n: usize) -> String {
    text::count(key, i64::try_from(n).unwrap_or(i64::MAX))
}
