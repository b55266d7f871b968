//! Planning a session: which form, where, when.

use domain::shared::lang::Lang;
use kit::{form::form, text::key, ui::organisation::department_field};

use super::at;
use crate::{
    api,
    dom::{El, div, el, live_text},
    json::{Json, map},
    nav,
    reactive::RwSignal,
    state::app,
    text::{pick_json, t},
    ui::{
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
pub fn panel(list: Loading<Json>) -> El {
    let exams = load::<Json>("exams");
    let form = form(Json::Null);
    let errors = form.errors;
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
        form.ask(api::call("POST", "exam-sessions").body(&body), move |answer| {
            app().say(t("session.planned"), false);
            list.again();
            nav::go(at(format!("sessions/{}", answer.str("id"))));
        });
    };
    el("details")
        .class("panel plan")
        .child(el("summary").child(el("strong").t("session.plan")))
        .child(
            form.element("", send)
                .child(
                    field("exam", "session.exam", errors)
                        .hint("session.exam_hint")
                        .select(options, exam),
                )
                .child(department_field("organisation", "form.choose", organisation, errors))
                .child(
                    div("row-fields")
                        .child(field("place", "session.place_kk", errors).input("text", kk))
                        .child(
                            field(
                                key(format!("place.{}", Lang::Ru.code())),
                                "session.place_ru",
                                errors,
                            )
                            .input("text", ru),
                        ),
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
                .child(div("buttons").child(form.submit("session.plan_do"))),
        )
}
