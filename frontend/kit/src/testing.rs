//! What the two cabinets of tests share: those who run them, and those who judge what came out.

use domain::{account::permission::Permission, shared::lang::Lang};

use crate::{
    api::{self, Call},
    browser,
    dom::{El, el},
    json::Json,
    nav::link,
    router::Route,
    state::app,
    text::{lang, number_of, t},
    ui::status::marked,
};

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
    let look = match state {
        "draft" | "assigned" | "queued" => ("tag mute", "○"),
        "published" | "running" => ("tag done", "●"),
        "admitted" | "ready" => ("tag", "✓"),
        "paused" => ("tag wait", "❚❚"),
        "proposed" | "signed" => ("tag wait", "…"),
        "terminated" | "annulled" | "failed" => ("tag late", "✕"),
        _ => ("tag mute", "▣"),
    };
    marked(look, prefix, state)
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
    let Some(number) = browser::number_from(digits) else { return "—".to_owned() };
    let scale = (0..places).fold(1.0, |scale, _| scale * 10.0);
    let text = browser::number_text((number * scale).round() / scale);
    if lang() == Lang::En { text } else { text.replace('.', ",") }
}

/// Sends a command; then says what was done, or why not.
pub fn act(call: Call, done: &'static str, then: impl FnOnce() + 'static) {
    api::run(async move {
        match call.send().await {
            Ok(_) => {
                browser::blur();
                app().say(t(done), false);
                then();
            }
            Err(problem) => app().say(problem.words(), true),
        }
    });
}
