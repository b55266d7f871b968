//! What may be done with an item now, and what has been done.

use domain::bank::life::{Command, Reason};

use kit::bank::{choices, item_at, word};

use super::state_tag;
use crate::{
    api, browser,
    dom::{El, div, el, live, live_text, nothing},
    form::form,
    json::{Json, map},
    nav::link,
    reactive::{AnyView, RwSignal},
    router::Place,
    state::app,
    text::{fill, moment_at, t},
    ui::{self, field::field, load::Loading, page::section},
};

/// The commands of this person; the chosen one asks for words.
pub fn commands(item: &Json, all: Loading<Json>) -> AnyView {
    let may = item.texts("commands");
    if may.is_empty() {
        return nothing();
    }
    let chosen = RwSignal::new(None::<Command>);
    let (id, version) = (item.str("id").to_owned(), item.int("version").unwrap_or_default());
    let buttons = may.iter().filter_map(|code| Command::parse(code)).map(move |command| {
        let class = match command {
            Command::Return | Command::Suspend | Command::Retire => "button danger",
            Command::Submit | Command::Pass | Command::Activate => "button",
            _ => "button second",
        };
        let key = crate::text::key(format!("bank_command.{}", command.code()));
        ui::button(class, key, move |_| chosen.set(Some(command)))
            .attr_live("aria-expanded", move || Some((chosen.get() == Some(command)).to_string()))
    });
    section("bank.what_next")
        .child(div("buttons").children(buttons))
        .child(live(move || match chosen.get() {
            Some(command) => words(command, id.clone(), version, all).done(),
            None => nothing(),
        }))
        .done()
}

fn words(command: Command, id: String, version: i64, all: Loading<Json>) -> El {
    let form = form(map([("text", "".into()), ("reason", "other".into())]));
    let reasons = Reason::ALL.iter().map(|one| one.code()).collect();
    let for_use = matches!(command, Command::Suspend | Command::Retire);
    crate::browser::soon(|| browser::focus("f-text"));
    let key = crate::text::key(format!("bank_command.{}", command.code()));
    let send = move || {
        let mut body = map([("command", command.code().into())]);
        body.put("text", form.whole.with_untracked(|all| all.at("text").clone()));
        if for_use {
            body.put("reason", form.whole.with_untracked(|all| all.at("reason").clone()));
        }
        let call = api::call("POST", format!("bank/items/{id}/commands")).body(&body).seen(version);
        form.ask(call, move |_| {
            app().say(t("bank.done"), false);
            all.again();
        });
    };
    form.element("typed", send)
        .maybe(
            for_use.then(|| {
                form.one_of("reason", "bank.reason", choices("bank_reason", reasons, None))
            }),
        )
        .child({
            let words = field("text", "bank.words", form.errors);
            let words = words.optional(move || !command.needs_reason());
            words.area(form.text("text"))
        })
        .child(div("buttons").child(form.submit(key)))
}

/// What has been done, newest first.
pub fn history(item: &Json) -> El {
    let steps = item.list("steps");
    let out = section("bank.history");
    let versions = versions(item);
    if steps.is_empty() {
        return out.child(versions).child(el("p").class("soft").t("bank.no_steps"));
    }
    out.child(versions).child(el("ol").class("timeline").children(steps.iter().map(|step| {
        let (when, who) = (step.clone(), step.str("who").to_owned());
        let n = step.int("version").unwrap_or_default().to_string();
        el("li")
            .child(
                el("p")
                    .child(el("strong").child(word("bank_command", step.str("command"))))
                    .child(" → ")
                    .child(state_tag(step.str("to"))),
            )
            .child(div("small soft").child(live_text(move || {
                let version = fill("bank.version", &[("n", &n)]);
                let who = if who.is_empty() { t("bank.somebody") } else { &who };
                format!("{} · {version} · {who}", moment_at(&when, "at"))
            })))
            .maybe(
                (!step.str("text").is_empty())
                    .then(|| el("p").class("prose").child(step.str("text").to_owned())),
            )
    })))
}

/// Links to all versions of the text.
fn versions(item: &Json) -> AnyView {
    let head = item.int("head").unwrap_or(1);
    if head < 2 {
        return nothing();
    }
    let (shown, live) = (item.int("text_version"), item.int("live"));
    let route = item_at(item.str("id"));
    el("ul")
        .class("chips")
        .children((1..=head).rev().map(|n| {
            let to = Place::from(route.clone()).with("version", &n.to_string());
            let here = shown == Some(n);
            let number = n.to_string();
            el("li").child(
                link(to)
                    .class("chip")
                    .attr_live("aria-current", move || here.then(|| "true".into()))
                    .child(live_text(move || fill("bank.version", &[("n", &number)])))
                    .maybe((live == Some(n)).then(|| el("span").child(" ● ").t("bank.in_use"))),
            )
        }))
        .done()
}
