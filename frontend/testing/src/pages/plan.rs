//! Planning a session: which form, where, when.

use kit::ui::organisation::department_field;

use super::at;
use crate::{
    api, browser,
    dom::{El, div, el, live_text},
    json::{self, Json, map},
    nav,
    reactive::RwSignal,
    state::app,
    text::{pick_json, t},
    ui::{
        errors::{self, summary},
        field::{Options, field},
        load::{Loading, load},
    },
};

/// A moment of a field (`2026-11-02T10:00`) by the country's clock, as it is shown everywhere; empty
/// stays empty.
fn moment(local: &str) -> String {
    match local.get(..16) {
        Some(minute) => format!("{minute}:00+05:00"),
        None => String::new(),
    }
}

/// The form.
pub fn form(list: Loading<Json>) -> El {
    let exams = load::<Json>("exams");
    let errors = errors::errors();
    let busy = RwSignal::new(false);
    let text = || RwSignal::new(String::new());
    let (exam, organisation, kk, ru, room, when) = (text(), text(), text(), text(), text(), text());
    let options: Options = std::rc::Rc::new(move || {
        let first = (String::new(), t("form.choose").to_owned());
        let all = exams.get();
        let open = all.iter().flat_map(|all| all.list("items").to_vec());
        let open = open.filter(|one| one.str("state") == "published");
        let rest = open.map(|one| (one.str("id").to_owned(), pick_json(one.at("title"))));
        std::iter::once(first).chain(rest).collect()
    });
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let place = map([("kk", kk.get_untracked().into()), ("ru", ru.get_untracked().into())]);
        let starts_at = moment(&when.get_untracked());
        let mut body = map([
            ("exam", exam.get_untracked().into()),
            ("organisation", organisation.get_untracked().into()),
            ("place", place),
            ("room", room.get_untracked().into()),
        ]);
        if starts_at.is_empty() {
            // The server would not read an empty moment; a moment long past it names.
            body.put("starts_at", "2000-01-01T00:00:00Z".into());
        } else {
            body.put("starts_at", starts_at.into());
        }
        let call = api::call("POST", "exam-sessions").body(&body).once(browser::uuid());
        api::run(async move {
            let answer = call.send().await;
            let _ = busy.try_set(false);
            match answer {
                Ok(text) => {
                    app().say(t("session.planned"), false);
                    let id = json::read(&text).unwrap_or_default().str("id").to_owned();
                    list.again();
                    nav::go(at(format!("sessions/{id}")));
                }
                Err(problem) => errors::show(&problem, errors),
            }
        });
    };
    el("details")
        .class("panel plan")
        .child(el("summary").child(el("strong").t("session.plan")))
        .child(
            el("form")
                .attr("novalidate", "")
                .on("submit", move |event| {
                    event.prevent_default();
                    send();
                })
                .child(summary(errors))
                .child(
                    field("exam", "session.exam", errors)
                        .hint("session.exam_hint")
                        .select(options, exam),
                )
                .child(department_field("organisation", "form.choose", organisation, errors))
                .child(
                    div("row-fields")
                        .child(field("place", "session.place_kk", errors).input("text", kk))
                        .child(field("place.ru", "session.place_ru", errors).input("text", ru)),
                )
                .child(
                    div("row-fields")
                        .child(field("room", "session.room", errors).short().input("text", room))
                        .child(
                            field("starts_at", "session.when", errors)
                                .short()
                                .input("datetime-local", when),
                        ),
                )
                .child(
                    el("p").class("small soft").child(live_text(|| t("session.zone").to_owned())),
                )
                .child(
                    div("buttons").child(
                        el("button")
                            .attr("type", "submit")
                            .class("button")
                            .flag("disabled", move || busy.get())
                            .t("session.plan_do"),
                    ),
                ),
        )
}
