//! What the bank holds, and the tree of topics.

use domain::account::permission::Permission;

use kit::bank::topic_name;

use super::ways;
use crate::{
    api, browser,
    dom::{El, div, el, live_text, nothing},
    form::form,
    json::{Json, map},
    reactive::AnyView,
    state::app,
    text::{number_of, pick_json, t, t_of},
    ui::{
        self, chart,
        field::field,
        load::{Loading, load},
        page::{facts, page as frame, section},
    },
};

/// Rows of a chart that are drawn.
const SHOWN: usize = 30;

/// The page.
pub fn page() -> AnyView {
    let all = load::<Json>("bank/passport");
    let topics = load::<Json>("bank/topics");
    frame("bank.passport", None)
        .child(ways())
        .child(all.view(move |all| drawn(&all, topics)))
        .child(tree(topics))
        .done()
}

fn drawn(all: &Json, topics: Loading<Json>) -> AnyView {
    let count = |name: &str| {
        let n = all.int(name).unwrap_or_default();
        live_text(move || number_of(n))
    };
    let group = |by: &'static str, heading: &'static str| {
        let rows = all.list("counts").iter().filter(|one| one.str("by") == by).take(SHOWN);
        let rows: Vec<(AnyView, u32)> = rows
            .map(|one| {
                let code = one.str("code").to_owned();
                let n = u32::try_from(one.int("n").unwrap_or_default()).unwrap_or_default();
                let label = live_text(move || match by {
                    "topic" => topic_name(topics, &code),
                    "subject" => app().name_of("subject", &code),
                    "state" => t_of("bank_state", &code),
                    "kind" => t_of("bank_kind", &code),
                    _ => t_of("bank_level", &code),
                });
                (label, n)
            })
            .collect();
        match rows.is_empty() {
            true => nothing(),
            false => section(heading).child(chart::rows(rows)).done(),
        }
    };
    div("group")
        .child(facts([
            ("bank.all_items", count("items")),
            ("bank.live_items", count("live")),
            ("bank.bilingual", count("bilingual")),
            ("bank.calibrated", count("calibrated")),
            ("bank.open_complaints", count("complaints")),
        ]))
        .child(
            div("home")
                .child(group("state", "bank.by_state"))
                .child(group("kind", "bank.by_kind"))
                .child(group("level", "bank.by_level"))
                .child(group("topic", "bank.by_topic"))
                .child(group("subject", "bank.by_subject")),
        )
        .done()
}

fn tree(topics: Loading<Json>) -> El {
    let keeps = app().may(Permission::ItemManage);
    section("bank.topics")
        .child(topics.view(move |all| {
            let items = all.list("items");
            if items.is_empty() {
                return el("p").class("soft").t("bank.no_topics").done();
            }
            el("ul")
                .class("rows")
                .children(items.iter().map(|one| {
                    let (name, path) = (one.at("name").clone(), one.str("path").to_owned());
                    let deep = "– ".repeat(path.matches('/').count());
                    let gone = path.clone();
                    el("li")
                        .child(
                            div("row-main")
                                .child(
                                    el("span")
                                        .child(deep)
                                        .child(live_text(move || pick_json(&name))),
                                )
                                .child(el("code").class("small soft").child(path)),
                        )
                        .maybe(keeps.then(|| {
                            ui::button("button quiet", "bank.remove", move |_| {
                                remove(&gone, topics);
                            })
                        }))
                }))
                .done()
        }))
        .maybe(keeps.then(|| add(topics)))
}

fn remove(path: &str, topics: Loading<Json>) {
    let call = api::call("POST", "bank/topics/remove")
        .body(&map([("path", path.into())]))
        .once(browser::uuid());
    api::run(async move {
        match call.send().await {
            Ok(_) => topics.again(),
            Err(problem) => app().say(problem.words(), true),
        }
    });
}

fn add(topics: Loading<Json>) -> El {
    let form =
        form(map([("path", "".into()), ("name", map([("kk", "".into()), ("ru", "".into())]))]));
    let send = move || {
        let call = api::call("PUT", "bank/topics").body(&form.whole.get_untracked());
        form.ask(call, move |_| {
            app().say(t("bank.done"), false);
            topics.again();
        });
    };
    form.element("", send)
        .child(el("h3").t("bank.add_topic"))
        .child(
            div("row-fields")
                .child(
                    field("path", "bank.topic_path", form.errors)
                        .hint("bank.topic_path_hint")
                        .input("text", form.text("path")),
                )
                .child(field("name.kk", "lang.kk", form.errors).input("text", form.text("name.kk")))
                .child(
                    field("name.ru", "lang.ru", form.errors).input("text", form.text("name.ru")),
                ),
        )
        .child(div("buttons").child(form.submit("bank.save")))
}
