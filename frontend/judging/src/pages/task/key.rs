//! Another key of the same sort: what is right now. Points and the rule of counting stay.

use kit::{
    bank::show,
    text::key as kept,
    ui::field::{Bind, Options},
};

use crate::{
    dom::{El, div, el, live_text},
    json::{Json, map},
    reactive::RwSignal,
    text::fill,
    ui::{
        errors::Errors,
        field::{field, what_is_wrong},
    },
};

/// Where what is right stands in the answers.
const RIGHT: &str = "key.right";

/// A part of what is right, by its place.
fn of(
    answers: RwSignal<Json>,
    at: usize,
    get: fn(&Json) -> String,
    set: fn(&mut Json, String),
) -> Bind {
    Bind::new(
        move || answers.with(|all| all.list(RIGHT).get(at).map(get).unwrap_or_default()),
        move |text| {
            answers.update(|all| {
                if let Some(one) = all.items(RIGHT).get_mut(at) {
                    set(one, text);
                }
            });
        },
    )
}

fn options(list: Vec<(String, String)>) -> Options {
    std::rc::Rc::new(move || list.clone())
}

/// Identifiers and words of a list of the task, in Kazakh where there is Kazakh.
fn named(body: &Json, list: &str) -> Vec<(String, String)> {
    let one = |one: &Json| (one.str("id").to_owned(), show::plain(one.at("text")));
    body.list(list).iter().map(one).collect()
}

/// The fields of a key, by its sort.
pub fn form(all: &Json, answers: RwSignal<Json>, errors: Errors) -> El {
    let body = if all.is_empty("kk.task.kind") { all.at("ru") } else { all.at("kk") };
    let whole = el("fieldset")
        .class("thing")
        .id("f-answers")
        .attr("tabindex", "-1")
        .child(el("legend").t("ruling.new_key"))
        .child(what_is_wrong("answers", errors));
    let n = all.list("answers.key.right").len();
    match all.str("answers.key.of") {
        "options" => whole.child(ticks(body, answers)),
        "order" => {
            let list = named(body, "task.options");
            whole.children((0..n).map(|at| {
                field(kept(format!("key.{at}")), "ruling.place", errors).select(
                    options(list.clone()),
                    of(answers, at, |one| one.text().to_owned(), |one, id| *one = id.into()),
                )
            }))
        }
        "pairs" => pairs(whole, body, answers, errors, n),
        "number" => whole
            .child(field("key.from", "ruling.from", errors).short().code(of(
                answers,
                0,
                |one| digits(one.at("from")),
                |one, text| one.put("from", typed(&text)),
            )))
            .child(field("key.to", "ruling.to", errors).short().code(of(
                answers,
                0,
                |one| digits(one.at("to")),
                |one, text| one.put("to", typed(&text)),
            ))),
        "gaps" => whole.children((0..n).map(|at| {
            field(kept(format!("key.{at}")), "ruling.gap", errors).hint("ruling.gap_hint").input(
                "text",
                of(answers, at, accepted, |one, text| {
                    let words = text.split(';').map(str::trim).filter(|word| !word.is_empty());
                    let words = words.map(|word| map([("text", word.into())]));
                    one.put("accept", Json::List(words.collect()));
                }),
            )
        })),
        _ => whole.child(el("p").class("soft").t("ruling.not_here")),
    }
}

fn digits(number: &Json) -> String {
    match number {
        Json::Number(digits) => digits.replace('.', ","),
        other => other.text().to_owned(),
    }
}

/// A number as people write it; what is none stays a text, and the server says so.
fn typed(text: &str) -> Json {
    let plain = text.trim().replace(',', ".");
    match kit::browser::number_from(&plain) {
        Some(number) => Json::Number(kit::browser::number_text(number)),
        None => text.into(),
    }
}

fn accepted(one: &Json) -> String {
    let words: Vec<&str> = one.list("accept").iter().map(|one| one.str("text")).collect();
    words.join("; ")
}

/// Options: which are right now.
fn ticks(body: &Json, answers: RwSignal<Json>) -> El {
    let single = body.str("task.kind") == "single";
    let kind = if single { "radio" } else { "checkbox" };
    el("ul").class("checks").children(named(body, "task.options").into_iter().map(|(id, words)| {
        let (has, turned) = (id.clone(), id);
        el("li").child(
            el("label")
                .child(
                    el("input")
                        .attr("type", kind)
                        .attr("name", "new-key")
                        .checked(move || answers.with(|all| all.texts(RIGHT).contains(&has)))
                        .on("change", move |_| {
                            answers.update(|all| {
                                let list = all.items(RIGHT);
                                match list.iter().position(|one| one.text() == turned) {
                                    _ if single => *list = vec![turned.as_str().into()],
                                    Some(at) => drop(list.remove(at)),
                                    None => list.push(turned.as_str().into()),
                                }
                                kit::text::sort_by(list, |a, b| a.text() <= b.text());
                            });
                        }),
                )
                .child(el("span").child(words)),
        )
    }))
}

fn pairs(whole: El, body: &Json, answers: RwSignal<Json>, errors: Errors, n: usize) -> El {
    let (left, right) = (named(body, "task.left"), named(body, "task.right"));
    let of_pair = |one: &Json, at: usize| match one {
        Json::List(two) => two.get(at).map(|one| one.text().to_owned()).unwrap_or_default(),
        _ => String::new(),
    };
    whole.children((0..n).map(|at| {
        let id = answers.with_untracked(|all| {
            all.list(RIGHT).get(at).map(|one| of_pair(one, 0)).unwrap_or_default()
        });
        let name = left.iter().find(|(have, _)| *have == id).map_or(id, |(_, words)| words.clone());
        let bound = of(
            answers,
            at,
            |one| match one {
                Json::List(two) => two.get(1).map(|one| one.text().to_owned()).unwrap_or_default(),
                _ => String::new(),
            },
            |one, id| {
                if let Json::List(two) = one
                    && let Some(second) = two.get_mut(1)
                {
                    *second = id.into();
                }
            },
        );
        div("pair-key")
            .child(el("p").child(live_text(move || fill("ruling.pair_of", &[("what", &name)]))))
            .child(
                field(kept(format!("key.{at}")), "ruling.pair", errors)
                    .select(options(right.clone()), bound),
            )
    }))
}
