//! What a proctor does with one person: lets in, stops the clock, gives time, writes an act, sends out.

use super::{Watch, row_of, state_tag, status};
use crate::{
    api, browser,
    dom::{El, div, el, live, nothing},
    json::{self, Json, map},
    pages::{act, at, paper::printing},
    reactive::{AnyView, RwSignal},
    state::app,
    text::{fill, t, t_of},
    ui::{
        self,
        errors::{self, Errors, summary},
        field::field,
        page::facts,
        sheet as frame,
    },
};

/// The sheet; it is there while somebody is chosen.
pub fn sheet(watch: Watch) -> AnyView {
    frame::sheet(watch.open, "watch.person", move || {
        let id = watch.chosen.get_untracked();
        let seat = watch
            .session
            .get()
            .and_then(|all| all.list("seats").iter().find(|seat| seat.str("id") == id).cloned());
        seat.map_or_else(nothing, |seat| drawn(watch, &seat))
    })
}

fn path(watch: Watch, attempt: &str, rest: &str) -> String {
    let session = watch.session.get().map_or_else(String::new, |all| all.str("id").to_owned());
    format!("exam-sessions/{session}/candidates/{attempt}/{rest}")
}

fn drawn(watch: Watch, seat: &Json) -> AnyView {
    let id = seat.str("id").to_owned();
    let stage = {
        let id = id.clone();
        crate::dom::settled(move || status(&row_of(watch, &id)).to_owned())
    };
    let name = seat.str("name").to_owned();
    let whom = name.clone();
    let number = seat.str("candidate").to_owned();
    div("seat-sheet")
        .child(el("h3").child(name))
        .child(facts([
            ("seat.state", state_tag(watch, &id).done()),
            ("seat.number", el("code").child(number).done()),
            ("session.seat", el("span").child(seat.str("seat").to_owned()).done()),
        ]))
        .child(paper(watch, id.clone()))
        .child(live(move || {
            let (id, whom) = (id.clone(), whom.clone());
            stage.with(|stage| match stage.as_str() {
                "assigned" | "waits" => check_in(watch, id).done(),
                "scored" | "annulled" | "submitted" | "expired" => act_form(watch, id).done(),
                "terminated" => act_form(watch, id).done(),
                "admitted" => div("group")
                    .child(link(watch, id.clone()))
                    .child(commands(watch, id.clone(), "admitted"))
                    .child(out(watch, id, whom))
                    .done(),
                other => {
                    let paused = if other == "paused" { "paused" } else { "running" };
                    div("group")
                        .child(commands(watch, id.clone(), paused))
                        .child(link(watch, id.clone()))
                        .child(act_form(watch, id.clone()))
                        .child(out(watch, id, whom))
                        .done()
                }
            })
        }))
        .done()
}

/// The same person on paper, when the line is out: rarely wanted, therefore folded.
fn paper(watch: Watch, id: String) -> El {
    let session = watch.session.get().map_or_else(String::new, |all| all.str("id").to_owned());
    let enter = at(format!("sessions/{session}/paper/{id}"));
    el("details")
        .class("on-paper")
        .child(el("summary").t("paper.title"))
        .child(printing(&session, vec![id]))
        .child(el("p").child(crate::nav::link(enter).t("paper.enter")))
}

/// Who it is, the rules, the device and the line: each is ticked by the one who looked.
fn check_in(watch: Watch, id: String) -> El {
    let all = ["watch.check_identity", "watch.check_rules", "watch.check_device"]
        .map(|key| (key, RwSignal::new(false)));
    let ready = move || all.iter().all(|(_, on)| on.get());
    let given = id.clone();
    el("section")
        .child(el("h3").t("watch.check_in"))
        .children(all.map(|(key, on)| {
            el("label")
                .class("tick")
                .child(
                    el("input")
                        .attr("type", "checkbox")
                        .checked(move || on.get())
                        .on("change", move |_| on.update(|on| *on = !*on)),
                )
                .child(el("span").t(key))
        }))
        .child(
            div("buttons").child(
                ui::button("button", "watch.admit", move |_| {
                    let body = map([
                        ("identity", true.into()),
                        ("rules", true.into()),
                        ("device", true.into()),
                    ]);
                    let call = api::call("POST", path(watch, &id, "admit"))
                        .body(&body)
                        .once(browser::uuid());
                    act(call, "watch.admitted", move || {
                        watch.room.look();
                        watch.session.again();
                    });
                })
                .flag("disabled", move || !ready()),
            ),
        )
        .child(link(watch, given))
}

/// A link for somebody who has no cabinet of their own.
fn link(watch: Watch, id: String) -> El {
    let made = RwSignal::new(String::new());
    el("section")
        .child(el("h3").t("watch.link"))
        .child(el("p").class("small soft").t("watch.link_about"))
        .child(live(move || match made.get() {
            link if link.is_empty() => nothing(),
            link => el("p")
                .attr("role", "status")
                .child(el("code").class("half-code exam-link").child(link))
                .done(),
        }))
        .child(div("buttons").child(ui::button("button second", "watch.make_link", move |_| {
            let call = api::call("POST", path(watch, &id, "link"));
            api::run(async move {
                match call.send().await {
                    Ok(text) => {
                        let link = json::read(&text).unwrap_or_default().str("link").to_owned();
                        let _ = made.try_set(link);
                    }
                    Err(problem) => app().say(problem.words(), true),
                }
            });
        })))
}

/// Pause and time: each with a reason that stays in the log of the attempt.
fn commands(watch: Watch, id: String, stage: &'static str) -> El {
    let why = RwSignal::new(String::new());
    let minutes = RwSignal::new("10".to_owned());
    let errors = errors::errors();
    let busy = RwSignal::new(false);
    let command = move |op: &'static str, done: &'static str| {
        let id = id.clone();
        ui::button("button second", done_key(op), move |_| {
            do_it(watch, &id, (op, done), (why, minutes), (errors, busy));
        })
        .flag("disabled", move || busy.get())
    };
    el("section")
        .child(el("h3").t("watch.commands"))
        .child(summary(errors))
        .child(field("why", "watch.why", errors).hint("watch.why_hint").input("text", why))
        .child(field("minutes", "watch.minutes", errors).short().code(minutes.into()))
        .child(
            div("buttons")
                .maybe((stage == "running").then(|| command("pause", "watch.paused")))
                .maybe((stage == "paused").then(|| command("resume", "watch.resumed")))
                .child(command("extend", "watch.extended")),
        )
}

fn done_key(op: &str) -> &'static str {
    match op {
        "pause" => "watch.pause",
        "resume" => "watch.resume",
        _ => "watch.extend",
    }
}

type Typed = (RwSignal<String>, RwSignal<String>);

fn do_it(
    watch: Watch,
    id: &str,
    (op, done): (&'static str, &'static str),
    (why, minutes): Typed,
    (errors, busy): (Errors, RwSignal<bool>),
) {
    let wrong = |field: &str, key: &'static str| api::FieldProblem {
        field: field.to_owned(),
        detail: t(key).to_owned(),
    };
    let mut all = Vec::new();
    let reason = why.get_untracked().trim().to_owned();
    if reason.is_empty() {
        all.push(wrong("why", "watch.no_reason"));
    }
    let given = minutes.get_untracked().trim().parse::<i64>().unwrap_or(0);
    if op == "extend" && !(1..=240).contains(&given) {
        all.push(wrong("minutes", "watch.wrong_minutes"));
    }
    let good = all.is_empty();
    errors.set(all);
    if !good || busy.get_untracked() {
        browser::soon(|| browser::focus("errors"));
        return;
    }
    busy.set(true);
    let id = id.to_owned();
    api::run(async move {
        let answer = watch.room.act(&id, op, given, &reason).await;
        let _ = busy.try_set(false);
        match answer {
            Ok(()) => {
                let _ = why.try_set(String::new());
                app().say(t(done), false);
            }
            Err(word) => app().say(t_of("watch_no", &word), true),
        }
    });
}

/// Shortest description of an act, characters; the server holds to the same.
const WHAT_LEAST: usize = 20;

/// Sending somebody out cannot be taken back: it is asked once more, by name, and what happened becomes
/// the act (Order 83, annex 10) in the same step.
fn out(watch: Watch, id: String, name: String) -> El {
    let (asked, busy) = (RwSignal::new(false), RwSignal::new(false));
    let errors = errors::errors();
    let step = move || {
        let id = id.clone();
        div("group")
            .child(
                el("p")
                    .class("notice late")
                    .attr("id", "send-out")
                    .attr("tabindex", "-1")
                    .child(fill("watch.terminate_about", &[("name", &name)])),
            )
            .child(summary(errors))
            .child(field("out", "watch.act_what", errors).area(watch.what))
            .child(
                div("buttons")
                    .child(
                        ui::button("button danger", "watch.terminate_yes", move |_| {
                            send_out(watch, id.clone(), (errors, busy));
                        })
                        .flag("disabled", move || busy.get()),
                    )
                    .child(ui::button("button quiet", "watch.terminate_no", move |_| {
                        asked.set(false);
                    })),
            )
            .done()
    };
    el("section").child(el("h3").t("watch.violation")).child(live(move || {
        if asked.get() {
            return crate::dom::quietly(&step);
        }
        div("buttons")
            .child(ui::button("button danger", "watch.terminate", move |_| {
                asked.set(true);
                browser::soon(|| browser::focus("send-out"));
            }))
            .done()
    }))
}

fn send_out(watch: Watch, id: String, (errors, busy): (Errors, RwSignal<bool>)) {
    let what = watch.what.get_untracked().trim().to_owned();
    if busy.get_untracked() {
        return;
    }
    if what.chars().count() < WHAT_LEAST {
        let detail = t("watch.what_short").to_owned();
        errors.set(vec![api::FieldProblem { field: "out".to_owned(), detail }]);
        return browser::soon(|| browser::focus("errors"));
    }
    errors.set(Vec::new());
    busy.set(true);
    api::run(async move {
        let ended = watch.room.act(&id, "terminate", 0, &what).await;
        if let Err(word) = ended {
            let _ = busy.try_set(false);
            return app().say(t_of("watch_no", &word), true);
        }
        // What was typed stays: if the act was not taken, its form stands there with these words.
        match write_act(watch, &id, &what).await {
            Ok(()) => app().say(t("watch.terminated"), false),
            Err(problem) => app().say(problem.words(), true),
        }
        let _ = busy.try_set(false);
    });
}

async fn write_act(watch: Watch, id: &str, what: &str) -> Result<(), api::Problem> {
    let body = map([
        ("what", what.into()),
        // The moment of the server: clocks of tablets go wrong.
        ("at", app().now().to_string().into()),
    ]);
    let call = api::call("POST", path(watch, id, "acts")).body(&body).once(browser::uuid());
    call.send().await?;
    let _ = watch.what.try_set(String::new());
    Ok(())
}

/// An act of violation: what happened, in words. It is signed by whoever runs the session.
fn act_form(watch: Watch, id: String) -> El {
    let what = watch.what;
    let errors = errors::errors();
    el("section")
        .child(el("h3").t("watch.act"))
        .child(el("p").class("small soft").t("watch.act_about"))
        .child(summary(errors))
        .child(field("what", "watch.act_what", errors).area(what))
        .child(div("buttons").child(ui::button("button danger", "watch.act_write", move |_| {
            let id = id.clone();
            api::run(async move {
                match write_act(watch, &id, &what.get_untracked()).await {
                    Ok(()) => {
                        errors.set(Vec::new());
                        browser::blur();
                        app().say(t("watch.act_written"), false);
                    }
                    Err(problem) => errors::show(&problem, errors),
                }
            });
        })))
}
