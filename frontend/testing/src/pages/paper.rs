//! A session on paper: forms for the printer, and answers that were written on them, typed in by two
//! people who do not see each other's.

use domain::account::permission::Permission;

use super::at;
use crate::{
    api, browser,
    dom::{El, div, el, live, live_text, nothing},
    json::{self, Json, map},
    nav::link,
    reactive::{AnyView, RwSignal},
    room::Room,
    state::app,
    text::{fill, moment_at, number_of, t, t_of},
    ui::{
        self,
        errors::{self, summary},
        field::field,
        load::{Loading, load},
        page::{facts, page_with, section},
    },
};

/// Asks for forms with a reason; a link to them appears.
pub fn printing(session: &str, attempts: Vec<String>) -> El {
    let path = format!("exam-sessions/{session}/prints");
    let reason = RwSignal::new(String::new());
    let made = RwSignal::new(String::new());
    let errors = errors::errors();
    let press = move |_| {
        let list: Vec<Json> = attempts.iter().map(|one| one.as_str().into()).collect();
        let body = map([("attempts", Json::List(list)), ("reason", reason.get_untracked().into())]);
        let call = api::call("POST", path.clone()).body(&body).once(browser::uuid());
        api::run(async move {
            match call.send().await {
                Ok(text) => {
                    let said = json::read(&text).unwrap_or_default();
                    errors.set(Vec::new());
                    let _ = made.try_set(said.str("address").to_owned());
                }
                Err(problem) => errors::show(&problem, errors),
            }
        });
    };
    div("group")
        .child(el("p").class("small soft").t("paper.print_about"))
        .child(summary(errors))
        .child(
            field("reason", "paper.reason", errors).hint("paper.reason_hint").input("text", reason),
        )
        .child(div("buttons").child(ui::button("button second", "paper.print", press)))
        .child(live(move || match made.get() {
            address if address.is_empty() => nothing(),
            address => el("p")
                .attr("role", "status")
                .child(
                    el("a")
                        .class("button")
                        .attr("href", address)
                        .attr("target", "_blank")
                        .attr("rel", "noopener")
                        .t("paper.open"),
                )
                .done(),
        }))
}

/// The section of a session's page.
pub fn section_of(all: &Json) -> AnyView {
    let seats = all.list("seats");
    if seats.is_empty() || !(all.flag("may_manage") || all.flag("may_watch")) {
        return nothing();
    }
    let session = all.str("id").to_owned();
    let rows = seats.iter().map(|seat| {
        let to = at(format!("sessions/{session}/paper/{}", seat.str("id")));
        let number = seat.str("seat").to_owned();
        let mut name = seat.str("name").to_owned();
        if !number.is_empty() {
            name = format!("{number}. {name}");
        }
        el("li").child(link(to).child(name))
    });
    section("paper.title")
        .child(printing(&session, Vec::new()))
        .child(
            el("details")
                .child(el("summary").t("paper.enter"))
                .child(el("p").class("small soft").t("paper.enter_about"))
                .child(el("ul").class("rows").children(rows)),
        )
        .done()
}

/// The page on which answers are typed.
pub fn page(session: &str, attempt: &str) -> AnyView {
    let path = format!("exam-sessions/{session}/candidates/{attempt}/paper");
    let one = load::<Json>(path.clone());
    let room = Room::of(session);
    let (session, attempt) = (session.to_owned(), attempt.to_owned());
    page_with(|| t("paper.enter").to_owned(), Some(at(format!("sessions/{session}"))), None)
        .child(one.view(move |all| drawn(&all, one, &path, room, &attempt)))
        .done()
}

fn drawn(all: &Json, one: Loading<Json>, path: &str, room: Room, attempt: &str) -> AnyView {
    let lang = all.str("lang").to_owned();
    let whole = div("group").child(facts([
        ("seat.name", el("span").child(all.str("name").to_owned()).done()),
        ("seat.number", el("code").child(all.str("candidate").to_owned()).done()),
        ("session.seat", el("span").child(all.str("seat").to_owned()).done()),
        ("paper.lang", live_text(move || t_of("lang", &lang))),
    ]));
    if !all.is_empty("agreed_at") {
        return whole.child(agreed(all, one, room, attempt)).done();
    }
    if !all.flag("open") {
        return whole.child(el("p").class("notice wait").t("paper.closed")).done();
    }
    whole.child(stage(all)).child(form(all, one, path, room, attempt)).done()
}

/// Two have read the same: the worker of tests takes it, at once or when it is asked again.
fn agreed(all: &Json, one: Loading<Json>, room: Room, attempt: &str) -> El {
    let when = all.clone();
    let words = live_text(move || {
        let applied = !when.is_empty("applied_at");
        let (key, name) =
            if applied { ("paper.applied", "applied_at") } else { ("paper.agreed", "agreed_at") };
        fill(key, &[("when", &moment_at(&when, name))])
    });
    let notice = div(if all.is_empty("applied_at") { "notice wait" } else { "notice done" })
        .attr("role", "status")
        .child(el("p").child(words));
    let attempt = attempt.to_owned();
    notice.maybe(
        (all.is_empty("applied_at") && watches()).then(|| {
            ui::button("button", "paper.apply", move |_| apply(room, attempt.clone(), one))
        }),
    )
}

/// Only a proctor speaks to the worker of tests; without one it comes and looks by itself.
fn watches() -> bool {
    app().may(Permission::TestWatch)
}

fn apply(room: Room, attempt: String, one: Loading<Json>) {
    api::run(async move {
        match room.act(&attempt, "paper", 0, "").await {
            Ok(()) => app().say(t("paper.taken"), false),
            Err(word) => app().say(t_of("watch_no", &word), true),
        }
        one.again();
    });
}

/// Who has typed already, and where two differ: never what the other has typed.
fn stage(all: &Json) -> AnyView {
    let differs: Vec<String> = all
        .list("differs")
        .iter()
        .filter_map(|one| match one {
            Json::Number(digits) => Some(digits.clone()),
            _ => None,
        })
        .collect();
    if !differs.is_empty() {
        return el("p")
            .class("notice late")
            .attr("role", "status")
            .child(fill("paper.differs", &[("tasks", &differs.join(", "))]))
            .done();
    }
    let key = match (all.is_empty("mine"), all.int("others").unwrap_or(0)) {
        (false, _) => "paper.waits",
        (true, 0) => "paper.first",
        (true, _) => "paper.second",
    };
    el("p").class("notice").t(key).done()
}

fn form(all: &Json, one: Loading<Json>, path: &str, room: Room, attempt: &str) -> El {
    let act = RwSignal::new(String::new());
    let errors = errors::errors();
    let busy = RwSignal::new(false);
    let tasks = all.list("tasks").to_vec();
    let typed: Vec<RwSignal<String>> = tasks.iter().map(|_| RwSignal::new(String::new())).collect();
    let (path, attempt, fields) = (path.to_owned(), attempt.to_owned(), typed.clone());
    let send = move |event: web_sys::Event| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let list: Vec<Json> = typed.iter().map(|one| one.get_untracked().into()).collect();
        let body = map([("answers", Json::List(list)), ("act", act.get_untracked().into())]);
        let call = api::call("POST", path.clone()).body(&body).once(browser::uuid());
        let attempt = attempt.clone();
        api::run(async move {
            let answer = call.send().await;
            let _ = busy.try_set(false);
            match answer {
                Ok(text) => {
                    errors.set(Vec::new());
                    let said = json::read(&text).unwrap_or_default();
                    match said.str("state") {
                        "agreed" if watches() => apply(room, attempt, one),
                        "agreed" => one.again(),
                        state => {
                            app().say(t_of("paper_said", state), state == "differs");
                            one.again();
                        }
                    }
                }
                Err(problem) => errors::show(&problem, errors),
            }
        });
    };
    let rows = tasks.iter().zip(fields).enumerate().map(|(n, (task, value))| {
        let id = format!("f-answers.{n}");
        let how = task.str("how").to_owned();
        let hint = format!("h-{n}");
        let wrong =
            crate::ui::field::what_is_wrong(crate::text::key(format!("answers.{n}")), errors);
        el("li")
            .child(el("label").attr("for", &id).child(live_text(move || {
                fill("paper.task", &[("n", &number_of(i64::try_from(n + 1).unwrap_or(0)))])
            })))
            .child(wrong)
            .child(
                el("input")
                    .id(&id)
                    .attr("type", "text")
                    .attr("autocomplete", "off")
                    .attr("autocapitalize", "off")
                    .attr("spellcheck", "false")
                    .attr("maxlength", "4000")
                    .attr("aria-describedby", &hint)
                    .on("input", move |event| value.set(browser::value_of(&event))),
            )
            .child(
                el("span")
                    .class("small soft")
                    .id(hint)
                    .child(live_text(move || t_of("paper_how", &how))),
            )
    });
    el("form")
        .attr("autocomplete", "off")
        .on("submit", send)
        .child(summary(errors))
        .child(el("p").class("small soft").t("paper.form_about"))
        .child(field("act", "paper.act", errors).hint("paper.act_hint").input("text", act))
        .child(el("ol").class("paper-answers").children(rows))
        .child(
            div("buttons").child(
                el("button")
                    .class("button")
                    .attr("type", "submit")
                    .flag("disabled", move || busy.get())
                    .t("paper.send"),
            ),
        )
}
