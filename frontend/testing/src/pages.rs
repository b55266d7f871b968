//! The pages, a file each, and what they share.

use domain::account::permission::Permission;

use crate::{
    api::Call,
    dom::{El, el, live_text},
    json::Json,
    nav::link,
    reactive::AnyView,
    router::Route,
    state::app,
    text::{number_of, t_of},
};

pub mod analysis;
pub mod appeals;
pub mod exam;
pub mod exams;
pub mod figures;
pub mod form;
pub mod people;
pub mod plan;
pub mod ruling;
pub mod session;
pub mod sessions;
pub mod task;
pub mod watch;

/// Draws the page of a route.
pub fn draw(route: Route) -> AnyView {
    let Route::Testing(rest) = route else { return kit::pages::unknown::page() };
    let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [] => first(),
        ["sessions"] => sessions::page(),
        ["sessions", id] => session::page(id),
        ["sessions", id, "room"] => watch::page(id),
        ["forms"] => exams::page(),
        ["forms", "new"] => form::page(None),
        ["forms", id] => exam::page(id),
        ["forms", id, "edit"] => form::page(Some(id)),
        ["appeals"] => appeals::page(),
        ["appeals", exam, item, version] => task::page(exam, item, version),
        ["rulings", id] => ruling::page(id),
        ["analyses"] => analysis::page(),
        ["analyses", id] => figures::page(id),
        ["analyses", id, item, version] => figures::item(id, item, version),
        _ => kit::pages::unknown::page(),
    }
}

/// What this person comes for.
fn first() -> AnyView {
    let may = |permission| app().may(permission);
    if may(Permission::TestManage) || may(Permission::TestWatch) {
        sessions::page()
    } else if may(Permission::TestAppeal) {
        appeals::page()
    } else if may(Permission::ItemGuard) {
        exams::page()
    } else {
        analysis::page()
    }
}

/// An address here.
pub fn at(rest: impl Into<String>) -> Route {
    Route::Testing(rest.into())
}

/// The way to the other pages, as far as this person has to do with them.
pub fn ways() -> El {
    let may = |permission| app().may(permission);
    let mut all = Vec::new();
    if may(Permission::TestManage) || may(Permission::TestWatch) {
        all.push(("sessions", "testing.sessions"));
    }
    if may(Permission::TestManage) || may(Permission::ItemGuard) {
        all.push(("forms", "testing.forms"));
    }
    if may(Permission::TestAppeal) {
        all.push(("appeals", "testing.appeals"));
    }
    if may(Permission::ItemCalibrate) {
        all.push(("analyses", "testing.analyses"));
    }
    let alone = all.len();
    el("nav").class("tabs").attr_t("aria-label", "nav.testing").children(all.into_iter().map(
        move |(rest, key)| {
            let here = move || {
                app().place.with(|place| match &place.route {
                    Route::Testing(open) => {
                        open.starts_with(rest) || (open.is_empty() && alone == 1)
                    }
                    _ => false,
                })
            };
            link(at(rest)).attr_live("aria-current", move || here().then(|| "page".into())).t(key)
        },
    ))
}

/// A state as a word and a sign, never colour alone.
pub fn tag(prefix: &'static str, state: &str) -> El {
    let (class, sign) = match state {
        "draft" | "assigned" | "queued" => ("tag mute", "○"),
        "published" | "running" => ("tag done", "●"),
        "admitted" | "ready" => ("tag", "✓"),
        "paused" => ("tag wait", "❚❚"),
        "proposed" | "signed" => ("tag wait", "…"),
        "terminated" | "annulled" | "failed" => ("tag late", "✕"),
        _ => ("tag mute", "▣"),
    };
    let state = state.to_owned();
    el("span")
        .class(class)
        .child(el("span").attr("aria-hidden", "true").child(sign))
        .child(live_text(move || t_of(prefix, &state)))
}

/// Points of millionths, hundredths where there are some.
pub fn points(millionths: i64) -> String {
    let hundredths = millionths / 10_000;
    match hundredths % 100 {
        0 => number_of(hundredths / 100),
        rest => format!("{},{rest:02}", hundredths / 100),
    }
}

/// Points of how many, at two paths; a dash where nothing may be told yet.
pub fn points_of(all: &Json, of: &str) -> String {
    match (all.int(of), all.int("most")) {
        (Some(points), Some(most)) => {
            format!("{} / {}", self::points(points), self::points(most))
        }
        _ => "—".to_owned(),
    }
}

/// A number as the server wrote it, cut to so many places and with the comma of the language; a dash
/// where there is none.
pub fn figure(value: &Json, places: usize) -> String {
    let Json::Number(digits) = value else { return "—".to_owned() };
    let Some(number) = kit::browser::number_from(digits) else { return "—".to_owned() };
    let scale = (0..places).fold(1.0, |scale, _| scale * 10.0);
    let text = kit::browser::number_text((number * scale).round() / scale);
    if crate::text::lang() == domain::shared::lang::Lang::En {
        text
    } else {
        text.replace('.', ",")
    }
}

/// Sends a command; then says what was done, or why not.
pub fn act(call: Call, done: &'static str, then: impl FnOnce() + 'static) {
    crate::api::run(async move {
        match call.send().await {
            Ok(_) => {
                crate::browser::blur();
                app().say(crate::text::t(done), false);
                then();
            }
            Err(problem) => app().say(problem.words(), true),
        }
    });
}
