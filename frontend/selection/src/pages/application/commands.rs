//! What can be done with an application; each command says what it asks for.

use std::rc::Rc;

use crate::{
    api::{self, wire},
    dom::{El, div, el, live, live_text, nothing},
    json::{self, Json},
    reactive::{AnyView, RwSignal},
    state::app,
    text::{fill, key, moment, pick_json, t, t_of},
    ui::{
        self,
        errors::{self, Errors, summary},
        field::{Bind, Options, field},
        load::Loading,
        sheet,
    },
};

/// Commands in the order of work: name, key of the button, class.
const OFFERED: [(&str, &str, &str); 7] = [
    ("register", "application.register", "button"),
    ("check", "application.check", "button"),
    ("admit", "application.admit", "button"),
    ("request", "application.request", "button second"),
    ("decide", "application.decide", "button"),
    ("refuse", "application.refuse", "button danger"),
    ("reconsider", "application.reconsider", "button second"),
];

/// The buttons and the sheet.
pub fn view(id: &str, now: &Json, all: Loading<Json>) -> AnyView {
    let open = RwSignal::new(false);
    let chosen = RwSignal::new(("", "form.close"));
    let may = now.texts("commands");
    let offered: Vec<_> =
        OFFERED.into_iter().filter(|(name, ..)| may.iter().any(|one| one == name)).collect();
    if offered.is_empty() {
        return nothing();
    }
    let early = wire::moment(now.str("vacancy.closes_at")).filter(|end| *end > app().now());
    let early = early.filter(|_| offered.iter().any(|(name, ..)| *name == "decide"));
    let (id, now) = (Rc::<str>::from(id), Rc::new(now.clone()));
    let (at_once, seen) = (Rc::clone(&id), Rc::clone(&now));
    div("actions")
        .child(div("buttons").children(offered.into_iter().map(|(name, label, class)| {
            let (id, now) = (Rc::clone(&at_once), Rc::clone(&seen));
            ui::button(class, label, move |_| {
                // What asks for nothing is done at once.
                if matches!(name, "register" | "check") {
                    let body = json::map([("command", name.into())]);
                    give(&id, now.int("version"), body, errors::errors(), all);
                } else {
                    chosen.set((name, label));
                    open.set(true);
                }
            })
            .flag("disabled", move || name == "decide" && early.is_some())
        })))
        .maybe(early.map(|end| {
            let from = move || fill("application.decide_from", &[("at", &moment(end))]);
            el("p").class("hint").child(live_text(from))
        }))
        .child(live(move || {
            let (name, label) = chosen.get();
            let (id, now) = (Rc::clone(&id), Rc::clone(&now));
            sheet::sheet(open, label, move || form(&id, &now, name, label, all))
        }))
        .done()
}

fn text(whole: RwSignal<Json>, path: &'static str) -> Bind {
    Bind::new(
        move || whole.with(|all| all.str(path).to_owned()),
        move |text| whole.update(|all| all.put(path, text.into())),
    )
}

fn form(
    id: &Rc<str>,
    now: &Rc<Json>,
    name: &'static str,
    label: &'static str,
    all: Loading<Json>,
) -> AnyView {
    let whole = RwSignal::new(match name {
        "request" => json::map([("items", Json::List(vec![item()]))]),
        "refuse" => json::map([("grounds", Json::List(Vec::new())), ("text", "".into())]),
        "decide" => json::map([("outcome", "".into()), ("text", "".into())]),
        "admit" => Json::Map(Vec::new()),
        _ => json::map([("reason", "".into())]),
    });
    let wrong = errors::errors();
    let (id, version) = (Rc::clone(id), now.int("version"));
    let fields = match name {
        "request" => request(whole, wrong, now),
        "refuse" => refuse(whole, wrong, now),
        "decide" => decide(whole, wrong),
        "admit" => el("p").t("application.admit_sure"),
        _ => field("reason", "application.reason", wrong).area(text(whole, "reason")),
    };
    el("form")
        .attr("novalidate", "")
        .on("submit", move |event| {
            event.prevent_default();
            if name == "decide" && whole.with_untracked(|all| all.is_empty("outcome")) {
                let detail = t("application.outcome_choose").to_owned();
                wrong.set(vec![api::FieldProblem { field: "outcome".to_owned(), detail }]);
                return;
            }
            let mut body = json::map([("command", name.into())]);
            for (field, value) in whole.get_untracked().fields() {
                body.put(field, value.clone());
            }
            give(&id, version, body, wrong, all);
        })
        .child(summary(wrong))
        .child(fields)
        .child(
            div("buttons").child(
                el("button")
                    .attr("type", "submit")
                    .class(if name == "refuse" { "button danger" } else { "button" })
                    .t(label),
            ),
        )
        .done()
}

fn item() -> Json {
    json::map([("target", "".into()), ("text", "".into())])
}

/// Places that can be asked for: sections, documents, rows of the sheet.
fn targets(now: &Json) -> Vec<(String, Json)> {
    let sections = ["person", "contacts", "education", "experience", "statement"];
    let documents = now
        .list("form.documents")
        .iter()
        .map(|one| (format!("document:{}", one.str("code")), one.at("name").clone()));
    let rows = now
        .list("form.rows")
        .iter()
        .filter(|row| row.flag("applies"))
        .map(|one| (format!("row:{}", one.str("code")), one.at("title").clone()));
    let sections = sections.map(|code| (code.to_owned(), Json::Text(code.to_owned())));
    documents.chain(rows).chain(sections).collect()
}

fn request(whole: RwSignal<Json>, wrong: Errors, now: &Json) -> El {
    let all = Rc::new(targets(now));
    let count = RwSignal::new(1_usize);
    div("group")
        .child(live(move || {
            let all = Rc::clone(&all);
            div("group")
                .children((0..count.get()).map(move |at| one(whole, wrong, at, Rc::clone(&all))))
                .done()
        }))
        .child(ui::button("button quiet", "application.more", move |_| {
            whole.update(|all| all.items("items").push(item()));
            count.update(|n| *n += 1);
        }))
}

fn one(whole: RwSignal<Json>, wrong: Errors, at: usize, all: Rc<Vec<(String, Json)>>) -> El {
    let part = move |name: &'static str| {
        Bind::new(
            move || {
                let read =
                    |all: &Json| all.list("items").get(at).map(|one| one.str(name).to_owned());
                whole.with(read).unwrap_or_default()
            },
            move |text| {
                whole.update(|all| {
                    if let Some(one) = all.items("items").get_mut(at) {
                        one.put(name, text.into());
                    }
                });
            },
        )
    };
    let options: Options = Rc::new(move || {
        let first = (String::new(), t("form.choose").to_owned());
        let rest = all.iter().map(|(code, name)| {
            let words = match name {
                Json::Text(section) => t_of("app_section", section),
                name => pick_json(name),
            };
            (code.clone(), words)
        });
        std::iter::once(first).chain(rest).collect()
    });
    el("fieldset")
        .class("panel")
        .child(
            field(key(format!("items.{at}.target")), "application.target", wrong)
                .select(options, part("target")),
        )
        .child(field(key(format!("items.{at}.text")), "application.text", wrong).area(part("text")))
}

fn refuse(whole: RwSignal<Json>, wrong: Errors, now: &Json) -> El {
    let grounds: Vec<(String, Json)> = now
        .list("grounds")
        .iter()
        .filter_map(|pair| match pair {
            Json::List(two) => Some((two.first()?.text().to_owned(), two.get(1)?.clone())),
            _ => None,
        })
        .collect();
    let options: Options = Rc::new(move || {
        grounds.iter().map(|(code, name)| (code.clone(), pick_json(name))).collect()
    });
    div("group")
        .child(field("grounds", "application.grounds", wrong).checks(
            options,
            move |code| whole.with(|all| all.texts("grounds").iter().any(|one| one == code)),
            move |code| {
                whole.update(|all| {
                    let list = all.items("grounds");
                    match list.iter().position(|one| one.text() == code) {
                        Some(at) => drop(list.remove(at)),
                        None => list.push(code.into()),
                    }
                });
            },
        ))
        .child(field("text", "application.words", wrong).area(text(whole, "text")))
}

fn decide(whole: RwSignal<Json>, wrong: Errors) -> El {
    let options: Options = Rc::new(|| {
        let first = (String::new(), t("form.choose").to_owned());
        let rest = ["selected", "reserve", "not_selected"];
        let rest = rest.map(|code| (code.to_owned(), t_of("app_state", code)));
        std::iter::once(first).chain(rest).collect()
    });
    div("group")
        .child(
            field("outcome", "application.outcome", wrong).select(options, text(whole, "outcome")),
        )
        .child(field("text", "application.words", wrong).area(text(whole, "text")))
}

fn give(id: &str, seen: Option<i64>, body: Json, wrong: Errors, all: Loading<Json>) {
    thread_local! {
        static ATTEMPT: api::Attempt = api::Attempt::default();
    }
    let call = api::call("POST", format!("applications/{id}/commands"));
    let call = call.seen(seen.unwrap_or_default()).body(&body);
    api::run(async move {
        let answer = ATTEMPT.with(|attempt| call.tried(attempt)).json::<Json>().await;
        if answer.as_ref().err().is_none_or(|problem: &api::Problem| !problem.may_pass()) {
            ATTEMPT.with(api::Attempt::done);
        }
        match answer {
            Ok(newer) => {
                sheet::close();
                app().say(t("application.done"), false);
                all.put(newer);
            }
            Err(problem) if problem.status == 412 => {
                // Somebody acted meanwhile: what stands now is shown, the person decides anew.
                sheet::close();
                app().say(t("problem.stale"), true);
                match problem.conflict.get("current") {
                    Some(current) => all.put(current.clone()),
                    None => all.again(),
                }
            }
            Err(problem) => errors::show(&problem, wrong),
        }
    });
}
