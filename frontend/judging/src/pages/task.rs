//! A task that somebody appealed against: as it was asked, with its key, what was answered and why it
//! is disputed; and the form of a decision. No names.

mod key;

use kit::{bank::show, form::form};

use super::{appeals::decision_word, at, points, ways};
use crate::{
    api,
    dom::{El, div, el, live, live_text, nothing},
    json::{Json, map},
    nav::{self, link},
    reactive::{AnyView, RwSignal},
    state::app,
    text::{fill, moment_at, number_of, pick_json, t, t_of},
    ui::{
        field::{Options, field},
        load::load,
        page::{page_with, section},
    },
};

/// The page.
pub fn page(exam: &str, item: &str, version: &str) -> AnyView {
    let one = load::<Json>(format!("exam-appeals/{exam}/{item}/{version}"));
    page_with(move || t("appeal.task").to_owned(), Some(at("appeals")), None)
        .child(ways())
        .child(one.view(|all| drawn(&all)))
        .done()
}

fn drawn(all: &Json) -> AnyView {
    let title = all.at("title").clone();
    let had = number_of(all.int("had").unwrap_or(0));
    let waits = all.str("waits").to_owned();
    let open = all.list("appeals").iter().any(|one| one.is_empty("ruling"));
    div("group")
        .child(el("p").child(live_text(move || {
            format!("{} · {}", pick_json(&title), fill("appeal.had", &[("n", &had)]))
        })))
        .child(section("appeal.as_asked").child(show::both(all, true)))
        .child(section("appeal.reasons").child(reasons(all, all.list("appeals"))))
        .child(match (waits.is_empty(), open) {
            (false, _) => div("notice wait")
                .child(el("p").t("ruling.waits"))
                .child(link(at(format!("rulings/{waits}"))).class("button").t("ruling.open"))
                .done(),
            (true, true) => decide(all).done(),
            (true, false) => el("p").class("soft").t("appeal.all_answered").done(),
        })
        .done()
}

/// Why a task is disputed, by numbers and never by names.
pub fn reasons(task: &Json, appeals: &[Json]) -> El {
    let body = if task.is_empty("kk.task.kind") { task.at("ru") } else { task.at("kk") };
    el("ul").class("rows").children(appeals.iter().map(|one| {
        let (when, ground) = (one.clone(), one.str("ground").to_owned());
        let answer = answer_words(one.at("answer"), body);
        let got = one.int("points").map(points);
        el("li").child(
            div("row-main")
                .child(el("p").class("small soft").child(live_text(move || {
                    format!(
                        "{} · {} · {}",
                        when.str("candidate"),
                        t_of("appeal_ground", &ground),
                        moment_at(&when, "at")
                    )
                })))
                .child(el("p").class("prose").child(one.str("reason").to_owned()))
                .child(el("p").child(live_text(move || {
                    let answer = match answer.is_empty() {
                        true => t("appeal.no_answer").to_owned(),
                        false => answer.clone(),
                    };
                    let got = got.clone().unwrap_or_else(|| "—".to_owned());
                    fill("appeal.answered", &[("answer", &answer), ("points", &got)])
                }))),
        )
    }))
}

/// The words of an option of a task.
fn option(body: &Json, list: &str, id: &str) -> String {
    let found = body.list(list).iter().find(|one| one.str("id") == id);
    found.map_or_else(|| id.to_owned(), |one| show::plain(one.at("text")))
}

/// An answer as words: options by their texts, in the order in which they were given.
pub fn answer_words(answer: &Json, body: &Json) -> String {
    let Some((kind, value)) = answer.fields().first() else { return String::new() };
    let Json::List(all) = value else { return value.text().to_owned() };
    let pair = |one: &Json, at: usize| match one {
        Json::List(two) => two.get(at).map(|one| one.text().to_owned()).unwrap_or_default(),
        _ => String::new(),
    };
    let words: Vec<String> = all
        .iter()
        .map(|one| match kind.as_str() {
            "options" | "order" => option(body, "task.options", one.text()),
            "pairs" => format!(
                "{} — {}",
                option(body, "task.left", &pair(one, 0)),
                option(body, "task.right", &pair(one, 1))
            ),
            "gaps" => format!("{}: {}", pair(one, 0), pair(one, 1)),
            _ => String::new(),
        })
        .collect();
    words.join(if kind == "order" { " → " } else { "; " })
}

fn decide(all: &Json) -> El {
    let decision = RwSignal::new(String::new());
    let reason = RwSignal::new(String::new());
    let answers = RwSignal::new(all.at("answers").clone());
    let form = form(Json::Null);
    let errors = form.errors;
    let mut ids = map([]);
    for name in ["exam", "item"] {
        ids.put(name, all.str(name).into());
    }
    ids.put("version", all.int("version").unwrap_or(0).into());
    let options: Options = std::rc::Rc::new(|| {
        let first = (String::new(), t("form.choose").to_owned());
        let rest = ["refused", "credit", "drop", "key"]
            .map(|code| (code.to_owned(), t_of("ruling", code)));
        std::iter::once(first).chain(rest).collect()
    });
    let send = move || {
        let mut body = ids.clone();
        body.put("decision", decision.get_untracked().into());
        body.put("reason", reason.get_untracked().into());
        if decision.with_untracked(|one| one == "key") {
            body.put("answers", answers.get_untracked());
        }
        form.ask(api::call("POST", "exam-rulings").body(&body), |answer| {
            app().say(t("ruling.proposed"), false);
            nav::go(at(format!("rulings/{}", answer.str("id"))));
        });
    };
    let shown = all.clone();
    section("ruling.decide").child(el("p").class("soft").t("ruling.two")).child(
        form.element("", send)
            .child(field("decision", "ruling.what", errors).select(options, decision))
            .child(live(move || match decision.with(|one| one == "key") {
                true => key::form(&shown, answers, errors).done(),
                false => nothing(),
            }))
            .child(field("reason", "ruling.reason", errors).hint("ruling.reason_hint").area(reason))
            .child(div("buttons").child(form.submit("ruling.propose"))),
    )
}

/// The words of a decision and, where it is one, of its new key.
pub fn ruled(decision: &Json) -> AnyView {
    let word = decision_word(decision);
    live_text(move || t_of("ruling", word))
}
