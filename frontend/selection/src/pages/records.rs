//! Records of people's profiles that this organisation is asked to compare with their originals.

use domain::account::permission::Permission;

use super::application::evidence::Desk;
use crate::{
    api::{self, wire},
    dom::{El, div, el, live, live_text, nothing},
    json::{self, Json},
    nav::{self, link},
    reactive::{AnyView, RwSignal},
    router::Route,
    state::app,
    text::{ago, count, fill, pick_json, t, t_of},
    ui::{
        self,
        errors::{self, summary},
        field::field,
        load::{empty, load},
        page::{page_with, section},
        sheet,
    },
};

/// The way to the list, for those who compare.
pub fn way() -> AnyView {
    if !app().may(Permission::ProfileConfirm) {
        return nothing();
    }
    let waiting = load::<Json>("records");
    waiting.view(|all| match all.list("items").len() {
        0 => nothing(),
        n => el("p")
            .child(
                link(Route::Records(String::new()))
                    .child(live_text(move || count("records.waiting", n as i64))),
            )
            .done(),
    })
}

/// The list, the oldest request first.
pub fn page() -> AnyView {
    let all = load::<Json>("records");
    page_with(|| t("records.title").to_owned(), Some(Route::Applications), None)
        .child(el("p").class("soft").t("records.lead"))
        .child(all.view(|all| {
            let items = all.list("items");
            if items.is_empty() {
                return empty("records.none", None);
            }
            el("ul").class("rows").children(items.iter().map(row)).done()
        }))
        .done()
}

fn row(item: &Json) -> El {
    let (kind, since) = (item.str("kind").to_owned(), wire::moment(item.str("since")));
    let files = item.int("files").unwrap_or_default();
    let title = item.str("title").to_owned();
    let name = match item.flag("own") {
        true => el("span").child(title),
        false => link(Route::Records(item.str("id").to_owned())).child(title),
    };
    el("li")
        .child(
            div("row-main")
                .child(name)
                .child(el("span").class("small").child(item.str("who").to_owned()))
                .maybe(item.flag("own").then(|| el("span").class("small soft").t("records.own"))),
        )
        .child(
            div("row-side").child(el("span").child(live_text(move || t_of("kind", &kind)))).child(
                el("span").class("small soft").child(live_text(move || {
                    let since = since.map(|at| ago(at, app().now())).unwrap_or_default();
                    format!("{} · {since}", count("records.files", files))
                })),
            ),
        )
}

/// One record beside its files.
pub fn one(id: &str) -> AnyView {
    let all = load::<Json>(format!("records/{id}"));
    all.view(|now| {
        let desk = Desk::new(&now);
        let kind = now.str("item.kind").to_owned();
        let files: Vec<String> =
            now.list("files").iter().map(|file| file.str("id").to_owned()).collect();
        let facts = now.list("facts").iter().filter_map(|pair| match pair {
            Json::List(two) => Some((two.first()?.clone(), two.get(1)?.clone())),
            _ => None,
        });
        let facts = facts.map(|(name, said)| {
            el("div")
                .child(el("dt").child(live_text(move || pick_json(&name))))
                .child(el("dd").class("text").child(live_text(move || pick_json(&said))))
        });
        let title = now.str("title").to_owned();
        page_with(move || title.clone(), Some(Route::Records(String::new())), None)
            .child(
                div("bar")
                    .child(el("span").child(live_text(move || t_of("kind", &kind))))
                    .child(el("strong").child(now.str("who").to_owned())),
            )
            .child(commands(&now))
            .child(
                div("cols evidence-cols")
                    .child(
                        div("content").child(
                            section("records.says")
                                .child(el("dl").class("facts").children(facts))
                                .child(match files.is_empty() {
                                    true => el("p").class("soft").t("application.no_file"),
                                    false => desk.buttons(&files),
                                }),
                        ),
                    )
                    .child(div("side").child(desk.viewer())),
            )
            .done()
    })
}

fn commands(now: &Json) -> AnyView {
    let open = RwSignal::new(false);
    let chosen = RwSignal::new(("return", "records.return"));
    let (id, seen) = (now.str("item.id").to_owned(), now.int("item.version").unwrap_or_default());
    let organisation = now.at("organisation.name").clone();
    let confirmed = id.clone();
    let ask = move |name, label| {
        move |_| {
            chosen.set((name, label));
            open.set(true);
        }
    };
    div("actions")
        .child(el("p").class("hint").child(live_text(move || {
            fill("records.hint", &[("organisation", &pick_json(&organisation))])
        })))
        .child(
            div("buttons")
                .child(ui::button("button", "records.confirm", move |_| {
                    let body = json::map([("command", "confirm".into())]);
                    give(&confirmed, seen, body, errors::errors());
                }))
                .child(ui::button(
                    "button second",
                    "records.return",
                    ask("return", "records.return"),
                ))
                .child(ui::button(
                    "button danger",
                    "records.reject",
                    ask("reject", "records.reject"),
                )),
        )
        .child(live(move || {
            let (name, label) = chosen.get();
            let id = id.clone();
            sheet::sheet(open, label, move || why(&id, seen, name, label))
        }))
        .done()
}

/// Sending back and finding false want a reason: the person reads it.
fn why(id: &str, seen: i64, name: &'static str, label: &'static str) -> AnyView {
    let reason = RwSignal::new(String::new());
    let wrong = errors::errors();
    let id = id.to_owned();
    el("form")
        .attr("novalidate", "")
        .on("submit", move |event| {
            event.prevent_default();
            let text = reason.get_untracked();
            give(&id, seen, json::map([("command", name.into()), ("reason", text.into())]), wrong);
        })
        .child(summary(wrong))
        .child(el("p").child(live_text(move || t_of("records.explain", name))))
        .child(field("reason", "records.reason", wrong).area(reason))
        .child(
            div("buttons").child(
                el("button")
                    .attr("type", "submit")
                    .class(if name == "reject" { "button danger" } else { "button" })
                    .t(label),
            ),
        )
        .done()
}

fn give(id: &str, seen: i64, body: Json, wrong: errors::Errors) {
    thread_local! {
        static ATTEMPT: api::Attempt = api::Attempt::default();
    }
    let call = api::call("POST", format!("records/{id}/commands")).seen(seen).body(&body);
    api::run(async move {
        let answer = ATTEMPT.with(|attempt| call.tried(attempt)).send().await;
        if answer.as_ref().err().is_none_or(|problem: &api::Problem| !problem.may_pass()) {
            ATTEMPT.with(api::Attempt::done);
        }
        match answer {
            Ok(_) => {
                sheet::close();
                app().say(t("records.done"), false);
                nav::go(Route::Records(String::new()));
            }
            // Its owner has written it anew or taken the request back: the list knows.
            Err(problem) if matches!(problem.status, 404 | 412) => {
                sheet::close();
                app().say(t("records.gone"), true);
                nav::go(Route::Records(String::new()));
            }
            Err(problem) if problem.errors.is_empty() => app().say(problem.words(), true),
            Err(problem) => errors::show(&problem, wrong),
        }
    });
}
