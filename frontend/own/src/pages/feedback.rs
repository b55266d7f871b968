//! Writing to the desk, and what it has answered.

use super::my;
use crate::{
    api::{self, wire},
    browser,
    dom::{El, div, el, live, live_text, nothing},
    form::{Form, codes, files, form},
    json::{self, Json},
    nav::link,
    offline::outbox::Write,
    reactive::{AnyView, RwSignal},
    router::Route,
    state::app,
    text::{fill, lang, moment, moment_at, t, t_of},
    ui::{
        errors::{self, summary},
        field::field,
        load::{Loading, empty, load},
        page::{page_with, section},
    },
};

const TOPICS: &[&str] = &["problem", "suggestion", "question", "correction", "praise"];

/// The page.
pub fn page() -> AnyView {
    let list = load::<Json>("my/tickets");
    crate::dom::follow(move || {
        if app().sent.get() > 0 {
            list.again();
        }
    });
    page_with(|| t("nav.feedback").to_owned(), None, None)
        .child(section("feedback.write").child(write(list)))
        .child(section("feedback.mine").child(list.view(mine)))
        .done()
}

/// Where the person came from: the desk sees which screen is meant.
fn screen() -> String {
    app().place.with_untracked(|place| place.get("from").to_owned())
}

fn write(list: Loading<Json>) -> AnyView {
    let asked = app().place.with_untracked(|place| place.get("topic").to_owned());
    let topic = TOPICS.iter().find(|topic| **topic == asked).copied().unwrap_or("question");
    let form = form(json::map([
        ("topic", topic.into()),
        ("text", "".into()),
        ("screen", screen().into()),
        ("files", Json::List(Vec::new())),
    ]));
    let made = RwSignal::new(None::<String>);
    el("form")
        .attr("novalidate", "")
        .on("submit", move |event| {
            event.prevent_default();
            send(form, made, list);
        })
        .child(live(move || match made.get() {
            None => nothing(),
            Some(words) => {
                div("notice done").attr("role", "status").child(el("p").child(words)).done()
            }
        }))
        .child(summary(form.errors))
        .child(form.one_of("topic", "feedback.topic", codes("topic", TOPICS, false)))
        .child(
            field("text", "feedback.text", form.errors)
                .hint("feedback.hint")
                .area(form.text("text")),
        )
        .child(files::attach(
            "file",
            "feedback.screenshot",
            "screenshot",
            files::at(form, "files"),
            std::rc::Rc::new(|_| None),
        ))
        .child(div("buttons").child(form.submit("feedback.send")))
        .done()
}

fn send(form: Form, made: RwSignal<Option<String>>, list: Loading<Json>) {
    let whole = form.whole.get_untracked();
    let file = whole.list("files").first().cloned().unwrap_or_default();
    let body = json::map([
        ("topic", whole.at("topic").clone()),
        ("text", whole.at("text").clone()),
        ("screen", whole.at("screen").clone()),
        ("file", file),
    ]);
    let write = Write {
        method: "POST",
        path: "my/tickets".into(),
        object: format!("ticket/{}", browser::uuid()),
        body: Some(body),
        seen: None,
        what: "ticket",
        name: whole.str("text").chars().take(80).collect(),
    };
    form.send(write, move |answer| {
        form.whole.update(|all| {
            all.put("text", "".into());
            all.put("files", Json::List(Vec::new()));
        });
        if let Some(answer) = answer {
            let at = moment_at(&answer, "due_at");
            made.set(Some(fill("feedback.made", &[("n", answer.str("number")), ("at", &at)])));
            list.again();
        }
    });
}

fn mine(all: Json) -> AnyView {
    let items = all.list("items");
    if items.is_empty() {
        return empty("feedback.none", None);
    }
    el("ul")
        .class("rows")
        .children(items.iter().map(|one| {
            let (state, topic) = (one.str("state").to_owned(), one.str("topic").to_owned());
            let number = one.int("number").unwrap_or_default();
            let at = wire::moment(one.str("created_at"));
            let open = state != "closed" && state != "resolved";
            el("li")
                .child(
                    div("row-main")
                        .child(link(place(one)).child(live_text(move || {
                            format!("T-{number} · {}", t_of("topic", &topic))
                        })))
                        .child(el("span").class("small").child(one.str("text").to_owned()))
                        .child(
                            el("span")
                                .class("small soft")
                                .child(live_text(move || at.map(moment).unwrap_or_default())),
                        ),
                )
                .child(
                    el("span")
                        .class(if open { "tag wait" } else { "tag done" })
                        .child(live_text(move || t_of("ticket_state", &state))),
                )
        }))
        .done()
}

fn place(one: &Json) -> Route {
    my(format!("feedback/{}", one.str("id")))
}

/// One ticket with its messages.
pub fn ticket(id: &str) -> AnyView {
    let all = load::<Json>(format!("my/tickets/{id}"));
    let id = id.to_owned();
    all.view(move |now| {
        let number = now.int("number").unwrap_or_default();
        let form = form(json::map([("text", "".into())]));
        let id = id.clone();
        page_with(move || format!("T-{number}"), Some(my("feedback")), None)
            .child(el("ol").class("timeline").children(now.list("messages").iter().map(message)))
            .maybe(article(&now))
            .maybe(score(&now))
            .child(
                el("form")
                    .attr("novalidate", "")
                    .on("submit", move |event| {
                        event.prevent_default();
                        reply(form, &id, all);
                    })
                    .child(summary(form.errors))
                    .child(field("text", "feedback.reply", form.errors).area(form.text("text")))
                    .child(div("buttons").child(form.submit("feedback.send"))),
            )
            .done()
    })
}

/// The article of the help that goes with the answer.
fn article(now: &Json) -> Option<El> {
    let slug = now.str("article").to_owned();
    (!slug.is_empty()).then(|| {
        el("p").child(
            el("a")
                .attr_live("href", move || Some(format!("/{}/help/{slug}", lang().code())))
                .t("feedback.article"),
        )
    })
}

/// What the person thinks of the answer, or the way to say it.
fn score(now: &Json) -> Option<El> {
    if let Some(score) = now.int("score") {
        let words = move || fill("feedback.scored", &[("n", &score.to_string())]);
        return Some(el("p").class("soft").child(live_text(words)));
    }
    let page = now.str("page").to_owned();
    let over = matches!(now.str("state"), "resolved" | "closed") && !page.is_empty();
    over.then(|| {
        let address = move || Some(format!("/{}{page}", lang().code()));
        el("p").child(el("a").class("button second").attr_live("href", address).t("feedback.score"))
    })
}

fn message(one: &Json) -> El {
    let (mine, at) = (one.str("kind") == "user", wire::moment(one.str("at")));
    let who = one.str("who").to_owned();
    el("li")
        .child(el("strong").child(live_text(move || match mine {
            true => t("feedback.me").to_owned(),
            false if who.is_empty() => t("feedback.desk").to_owned(),
            false => who.clone(),
        })))
        .child(div("text").child(one.str("text").to_owned()))
        .child(div("small soft").child(live_text(move || at.map(moment).unwrap_or_default())))
}

fn reply(form: Form, id: &str, all: Loading<Json>) {
    let call = api::call("POST", format!("my/tickets/{id}/messages"));
    let call = call.body(&form.whole.get_untracked()).once(browser::uuid());
    api::run(async move {
        match call.send().await {
            Ok(_) => all.again(),
            Err(problem) => errors::show(&problem, form.errors),
        }
    });
}
