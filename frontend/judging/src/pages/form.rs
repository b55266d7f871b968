//! A form that is being written: parts come from the rules in force, each part says which tasks it
//! takes. Nothing is kept on the device: what is saved is checked against the bank at once.

use kit::{
    form::{Form, form},
    ui::field::{Bind, Options, from_directory},
};

use self::typed::{Typed, parts_of};
use super::{at, ways};
use crate::{
    api,
    dom::{El, div, el, live, live_text},
    json::Json,
    nav,
    reactive::{AnyView, RwSignal},
    state::app,
    text::{fill, number_of, pick_json, t, t_of},
    ui::{
        errors::Errors,
        field::field,
        load::{Loading, load},
        page::{page_with, section},
    },
};

mod blueprint;
mod typed;

/// The page's signals.
#[derive(Clone, Copy)]
struct Page {
    typed: RwSignal<Typed>,
    /// Grows when a part or a sort comes or goes: then the list is drawn anew.
    shape: RwSignal<u32>,
    errors: Errors,
    sending: Form,
    terms: Loading<Json>,
}

/// The page: a new form, or a draft.
pub fn page(id: Option<&str>) -> AnyView {
    let terms = load::<Json>("exam-terms");
    let sending = form(Json::Null);
    let page = Page {
        typed: RwSignal::new(Typed { shuffle: true, ..Typed::default() }),
        shape: RwSignal::new(0),
        errors: sending.errors,
        sending,
        terms,
    };
    let above = id.map_or_else(|| at("forms"), |id| at(format!("forms/{id}")));
    let title = if id.is_some() { "exam.edit" } else { "exam.new" };
    let frame = page_with(move || t(title).to_owned(), Some(above), None).child(ways());
    match id {
        None => frame.child(terms.view(move |terms| whole(page, None, &terms))).done(),
        Some(id) => {
            let draft = load::<Json>(format!("exams/{id}"));
            frame
                .child(draft.view(move |draft| {
                    page.typed.set(Typed::read(&draft));
                    let seen =
                        Some((draft.str("id").to_owned(), draft.int("version").unwrap_or(0)));
                    terms.view(move |terms| whole(page, seen.clone(), &terms))
                }))
                .done()
        }
    }
}

fn save(page: Page, seen: Option<(String, i64)>) {
    let path = match &seen {
        Some((id, _)) => format!("exams/{id}/edit"),
        None => "exams".to_owned(),
    };
    let body = page.typed.with_untracked(Typed::written);
    let mut call = api::call("POST", path).body(&body);
    if let Some((_, version)) = &seen {
        call = call.seen(*version);
    }
    page.sending.ask(call, move |answer| {
        app().say(t("exam.saved"), false);
        let id = seen.map_or_else(|| answer.str("id").to_owned(), |(id, _)| id);
        nav::replace(at(format!("forms/{id}")));
    });
}

fn whole(page: Page, seen: Option<(String, i64)>, terms: &Json) -> AnyView {
    page.sending
        .element("blueprint-form", move || save(page, seen.clone()))
        .child(head(page, terms))
        .child(blueprint::sections(page))
        .child(rest(page))
        .child(div("buttons").child(page.sending.submit("exam.save")))
        .done()
}

fn bind(page: Page, get: fn(&Typed) -> String, set: fn(&mut Typed, String)) -> Bind {
    Bind::of(page.typed, get, set)
}

fn head(page: Page, terms: &Json) -> El {
    let groups = terms.list("groups").to_vec();
    let all = groups.clone();
    let options: Options = std::rc::Rc::new(move || {
        let first = (String::new(), t("form.choose").to_owned());
        let rest = all.iter().map(|one| (one.str("code").to_owned(), pick_json(one.at("title"))));
        std::iter::once(first).chain(rest).collect()
    });
    let purposes: Options = std::rc::Rc::new(|| {
        let first = (String::new(), t("form.choose").to_owned());
        let rest = ["attestation", "hiring", "rehearsal"]
            .map(|code| (code.to_owned(), t_of("exam_purpose", code)));
        std::iter::once(first).chain(rest).collect()
    });
    let known = terms.clone();
    let group = Bind::new(
        move || page.typed.with(|typed| typed.group.clone()),
        move |code| {
            // Parts that nobody has touched follow the group.
            let parts = parts_of(&known, &code);
            page.typed.update(|typed| {
                typed.group = code;
                if typed
                    .parts
                    .iter()
                    .all(|part| part.cells.iter().all(|cell| cell.topic.is_empty()))
                {
                    typed.parts = parts;
                }
            });
            page.shape.update(|n| *n += 1);
        },
    );
    let act = terms.str("act").to_owned();
    let edition = terms.str("edition").to_owned();
    section("exam.about")
        .child(
            div("row-fields")
                .child(
                    field("title", "exam.title_kk", page.errors)
                        .input("text", bind(page, |all| all.kk.clone(), |all, text| all.kk = text)),
                )
                .child(
                    field("title.ru", "exam.title_ru", page.errors)
                        .input("text", bind(page, |all| all.ru.clone(), |all, text| all.ru = text)),
                ),
        )
        .child(
            div("row-fields")
                .child(field("purpose", "exam.purpose", page.errors).select(
                    purposes,
                    bind(page, |all| all.purpose.clone(), |all, code| all.purpose = code),
                ))
                .child(field("group", "exam.group", page.errors).select(options, group))
                .child(
                    field("subject", "exam.subject", page.errors).hint("exam.subject_hint").select(
                        from_directory("subject"),
                        bind(page, |all| all.subject.clone(), |all, code| all.subject = code),
                    ),
                ),
        )
        .child(el("p").class("small soft").child(live_text(move || {
            fill("exam.by_rules", &[("act", &act), ("edition", &edition)])
        })))
        .child(live(move || {
            let code = page.typed.with(|typed| typed.group.clone());
            let found = groups.iter().find(|one| one.str("code") == code).cloned();
            match found {
                None => crate::dom::nothing(),
                Some(group) => marks(&group).done(),
            }
        }))
}

/// What the rules say about a group: tasks, minutes, pass marks.
fn marks(group: &Json) -> El {
    let (tasks, minutes) = (group.int("tasks").unwrap_or(0), group.int("minutes").unwrap_or(0));
    let marks = group.list("marks").to_vec();
    el("p").class("small").child(live_text(move || {
        let size =
            fill("exam.tasks_minutes", &[("n", &number_of(tasks)), ("m", &number_of(minutes))]);
        let marks: Vec<String> = marks
            .iter()
            .map(|mark| {
                let name = t_of("exam_category", mark.str("category"));
                format!("{name} — {} %", mark.int("percent").unwrap_or(0))
            })
            .collect();
        format!("{size}. {}", marks.join(", "))
    }))
}

/// A box to tick.
fn tick(page: Page, label: &'static str, get: fn(&mut Typed) -> &mut bool) -> El {
    let now = move || page.typed.with(|typed| *get(&mut typed.clone()));
    el("label")
        .class("tick")
        .child(el("input").attr("type", "checkbox").checked(now).on("change", move |_| {
            page.typed.update(|typed| {
                let on = get(typed);
                *on = !*on;
            });
        }))
        .child(el("span").t(label))
}

fn rest(page: Page) -> El {
    section("exam.conditions")
        .child(
            div("row-fields")
                .child(
                    field("difficulty", "exam.difficulty_from", page.errors)
                        .hint("exam.difficulty_hint")
                        .short()
                        .code(bind(page, |all| all.from.clone(), |all, text| all.from = text)),
                )
                .child(
                    field("difficulty.to", "exam.difficulty_to", page.errors).short().code(bind(
                        page,
                        |all| all.to.clone(),
                        |all, text| all.to = text,
                    )),
                )
                .child(
                    field("exposure_cap", "exam.cap_percent", page.errors)
                        .hint("exam.cap_hint")
                        .short()
                        .code(bind(page, |all| all.cap.clone(), |all, text| all.cap = text)),
                ),
        )
        .child(
            div("ticks")
                .child(tick(page, "exam.shuffle", |all| &mut all.shuffle))
                .child(tick(page, "exam.forward", |all| &mut all.forward))
                .child(tick(page, "exam.calculator", |all| &mut all.calculator)),
        )
        .child(el("p").class("small soft").t("exam.enemies_about"))
}
