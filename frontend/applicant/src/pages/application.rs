//! One application: the list of tasks while it is written, then where it is, who acts next, by
//! when and on which ground.

use std::rc::Rc;

use super::my;
use crate::{
    api::wire,
    dom::{El, div, el, live, live_text, many, nothing},
    form::files::Known,
    json::{self, Json},
    nav::link,
    offline::outbox,
    reactive::AnyView,
    router::Route,
    state::app,
    text::{fill, moment, moment_at, pick_json, t_of},
    ui::{
        load::{Loading, empty, load},
        page::{page_with, section},
        status::marked,
    },
};

pub mod claims;
pub mod commands;
pub mod documents;
pub mod records;
pub mod review;
pub mod sent;
pub mod steps;

pub use steps::step;

/// The tag of a state.
pub fn state_tag(state: &str) -> El {
    let look = match state {
        "draft" => ("tag mute", "✎"),
        "submitted" | "registered" => ("tag", "→"),
        "checking" => ("tag wait", "…"),
        "reopened" | "returned_for_completion" => ("tag wait", "!"),
        "admitted" => ("tag done", "●"),
        "selected" => ("tag done", "✓"),
        "reserve" => ("tag", "◷"),
        "refused" | "cancelled" => ("tag late", "✕"),
        _ => ("tag mute", "○"),
    };
    marked(look, "app_state", state)
}

/// The object under which writes of an application wait.
pub fn object(id: &str) -> String {
    format!("application/{id}")
}

/// The application from the server, asked for anew when something that waited has been sent.
pub fn ask(id: &str) -> Loading<Json> {
    let all = load::<Json>(format!("my/applications/{id}"));
    crate::dom::follow(move || {
        if app().sent.get() > 0 {
            all.again();
        }
    });
    all
}

/// What of it was written here and has not reached the server.
pub fn queued(id: &str) -> Option<Json> {
    let rows = outbox::of_object(&object(id));
    let last = rows.iter().rfind(|row| row.method == "PUT")?;
    json::read(last.body.as_deref()?).map(|body| body.at("content").clone())
}

/// Files by identifier, as the server knows them.
pub fn known(all: &Json) -> Known {
    let files = all.list("files").to_vec();
    Rc::new(move |id| {
        let file = files.iter().find(|file| file.str("id") == id)?;
        Some((file.str("name").to_owned(), file.str("state").to_owned()))
    })
}

fn may(all: &Json, command: &str) -> bool {
    all.list("commands").iter().any(|one| one.text() == command)
}

/// Whether the answers can be changed now.
pub fn is_open(all: &Json) -> bool {
    !all.is_empty("editing") || matches!(all.str("state"), "draft" | "reopened")
}

/// The page.
pub fn page(id: &str) -> AnyView {
    let all = ask(id);
    let id = id.to_owned();
    all.view(move |now| draw(&id, &now, all))
}

fn draw(id: &str, now: &Json, all: Loading<Json>) -> AnyView {
    let (title, organisation) =
        (now.at("vacancy.title").clone(), now.at("vacancy.organisation.name").clone());
    let slug = now.str("vacancy.slug").to_owned();
    let number = now.str("number").to_owned();
    let open = is_open(now);
    let left = div("content")
        .child(waits(id))
        .child(what_is_next(now))
        .child(asked_for(now))
        .child(if open { tasks(id, now) } else { nothing() })
        .child(commands::view(id, now, all))
        .child(verdict(now));
    let side = div("side")
        .child(section("apply.timeline").child(timeline(now)))
        .child(section("apply.sent").child(versions(id, now)));
    page_with(move || pick_json(&title), Some(my("applications")), None)
        .child(
            div("bar")
                .child(state_tag(now.str("state")))
                .maybe(
                    (!number.is_empty())
                        .then(|| el("span").class("num").child(format!("№ {number}"))),
                )
                .child(el("span").class("soft").child(live_text(move || pick_json(&organisation))))
                .child(
                    el("a")
                        .attr_live("href", move || {
                            Some(format!("/{}/vacancies/{slug}", crate::text::lang().code()))
                        })
                        .t("apply.vacancy"),
                ),
        )
        .child(div("cols").child(left).child(side))
        .done()
}

/// Something of it is still on this device.
fn waits(id: &str) -> AnyView {
    let object = object(id);
    live(move || {
        let rows = outbox::of_object(&object);
        if rows.is_empty() {
            return nothing();
        }
        let submits = rows.iter().any(|row| row.what == "submit");
        div("notice wait")
            .attr("role", "status")
            .child(el("p").t(if submits { "apply.waits_submit" } else { "apply.waits" }))
            .done()
    })
}

/// Where it is, who acts next, by when, on which ground.
fn what_is_next(now: &Json) -> El {
    let due = wire::moment(now.str("timeline.next.due_at"));
    let who = now.str("timeline.next.who").to_owned();
    let class = match (who.as_str(), now.flag("timeline.next.overdue")) {
        (_, true) => "deadline late",
        ("applicant", _) => "deadline wait",
        ("nobody", _) => "deadline over",
        _ => "deadline",
    };
    let ground = now.str("timeline.next.ground").to_owned();
    div(class)
        .child(el("p").child(el("strong").child(now.str("timeline.now").to_owned())))
        .child(el("p").child(now.str("timeline.next.text").to_owned()))
        .child(el("p").class("small").child(live_text(move || {
            let who = t_of("apply.who", &who);
            match due {
                Some(due) => format!("{who} · {}", fill("apply.until", &[("at", &moment(due))])),
                None => who,
            }
        })))
        .maybe((!ground.is_empty()).then(|| el("p").class("small soft").child(ground)))
}

/// The list of tasks, a page each.
fn tasks(id: &str, now: &Json) -> AnyView {
    let path = id.to_owned();
    section("apply.tasks")
        .child(el("ol").class("tasks").children(now.list("tasks").iter().map(move |task| {
            let code = task.str("section").to_owned();
            let state = task.str("state").to_owned();
            let words = task.str("title").to_owned();
            let why = task.str("why").to_owned();
            let to = if code == "check" { "check".to_owned() } else { code.clone() };
            let name = match state == "cannot_start" {
                true => el("span").class("soft").child(words),
                false => link(my(format!("applications/{path}/{to}"))).child(words),
            };
            el("li")
                .child(
                    div("row-main").child(name).maybe(
                        (!why.is_empty()).then(|| el("span").class("small soft").child(why)),
                    ),
                )
                .child(task_tag(&state))
        })))
        .done()
}

fn task_tag(state: &str) -> El {
    let (class, key) = match state {
        "done" => ("tag done", "task.done"),
        "attention" => ("tag late", "task.attention"),
        "in_progress" => ("tag wait", "task.in_progress"),
        "cannot_start" => ("tag mute", "task.cannot_start"),
        _ => ("tag mute", "task.not_started"),
    };
    el("span").class(class).t(key)
}

/// What the clerk asks to be completed.
fn asked_for(now: &Json) -> AnyView {
    if now.str("state") != "returned_for_completion" {
        return nothing();
    }
    let until = moment_at(now, "completion.due_at");
    div("notice wait")
        .child(el("h2").t("apply.asked"))
        .child(el("ul").children(now.list("completion.items").iter().map(|item| {
            let place = place_name(now, item.str("target"));
            el("li")
                .child(el("strong").child(live_text(move || words(&place))))
                .child(el("br"))
                .child(item.str("text").to_owned())
        })))
        .child(el("p").child(live_text(move || fill("apply.until", &[("at", &until)]))))
        .done()
}

fn verdict(now: &Json) -> AnyView {
    let text = now.str("verdict.text").to_owned();
    let grounds = now.texts("verdict.grounds");
    if text.is_empty() && grounds.is_empty() {
        return nothing();
    }
    section("apply.decision")
        .child(el("ul").class("plain").children(
            grounds.into_iter().map(|code| {
                el("li").child(live_text(move || app().name_of("refusal_ground", &code)))
            }),
        ))
        .child(el("p").class("text").child(text))
        .done()
}

/// What happened, newest first.
pub fn timeline(now: &Json) -> AnyView {
    let entries = now.list("timeline.entries");
    if entries.is_empty() {
        return empty("apply.no_timeline", None);
    }
    el("ol")
        .class("timeline small")
        .children(entries.iter().map(|entry| {
            let at = wire::moment(entry.str("at"));
            let ground = entry.str("ground").to_owned();
            el("li")
                .child(el("strong").child(entry.str("text").to_owned()))
                .child(div("soft").child(live_text(move || at.map(moment).unwrap_or_default())))
                .child(many(
                    entry.texts("details").into_iter().map(|one| div("text").child(one).done()),
                ))
                .maybe((!ground.is_empty()).then(|| div("soft").child(ground)))
        }))
        .done()
}

/// Versions that were sent.
fn versions(id: &str, now: &Json) -> AnyView {
    let sent = now.list("sent");
    if sent.is_empty() {
        return el("p").class("soft").t("apply.not_sent").done();
    }
    el("ul")
        .class("plain small")
        .children(sent.iter().map(|one| {
            let (n, at) = (one.int("n").unwrap_or_default(), wire::moment(one.str("at")));
            el("li")
                .child(live_text(move || {
                    let at = at.map(moment).unwrap_or_default();
                    fill("apply.version", &[("n", &n.to_string()), ("at", &at)])
                }))
                .child(" ")
                .child(paper(id, n).t("apply.pdf"))
        }))
        .done()
}

/// A link to a version as a PDF, in the language of the reader.
pub fn paper(id: &str, n: i64) -> El {
    let path = format!("/api/v1/cabinet/my/applications/{id}/sent.pdf?n={n}&lang=");
    el("a")
        .attr("download", "")
        .attr_live("href", move || Some(format!("{path}{}", crate::text::lang().code())))
}

/// The name of a place that the clerk asks about: a document, a row, a task.
fn place_name(now: &Json, target: &str) -> Json {
    let named = |list: &str, code: &str, name: &str| {
        let one = now.list(list).iter().find(|one| one.str("code") == code);
        one.map(|one| one.at(name).clone()).unwrap_or_default()
    };
    match target.split_once(':') {
        Some(("document", code)) => named("form.documents", code, "name"),
        Some((_, code)) => named("form.rows", code, "title"),
        None => {
            let task = now.list("tasks").iter().find(|task| task.str("section") == target);
            task.map(|task| task.at("title").clone()).unwrap_or_default()
        }
    }
}

/// A name that is one text, or a text of three languages.
fn words(name: &Json) -> String {
    match name {
        Json::Text(words) => words.clone(),
        name => pick_json(name),
    }
}

/// Back to the list of tasks.
pub fn home(id: &str) -> Route {
    my(format!("applications/{id}"))
}
