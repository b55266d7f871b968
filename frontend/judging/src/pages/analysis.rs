//! Item analyses: those that were asked for, and asking for one.

use kit::form::form;

use super::{at, tag, ways};
use crate::{
    api,
    dom::{El, div, el, live_text},
    json::{Json, map},
    nav::link,
    reactive::{AnyView, RwSignal},
    state::app,
    text::{fill, moment_at, number_of, pick_json, t, t_of},
    ui::{
        field::{Options, field},
        load::{Loading, empty, load},
        page::{page as frame, section},
        table::table,
    },
};

const HEADS: &[&str] = &[
    "analysis.exam",
    "analysis.state",
    "analysis.model",
    "analysis.answers",
    "analysis.flagged",
    "analysis.asked",
];

/// The page.
pub fn page() -> AnyView {
    let list = load::<Json>("analyses");
    let exams = load::<Json>("exams");
    frame("testing.analyses", None)
        .child(ways())
        .child(ask(list, exams))
        .child(el("p").child(link(at("analyses/equate")).t("equate.open")))
        .child(list.view(move |all| {
            let items = all.list("items");
            if items.is_empty() {
                return empty("analysis.none", None);
            }
            table("testing.analyses", HEADS, items.iter().map(|one| cells(one, exams))).done()
        }))
        .done()
}

/// The title of an exam by its identifier.
pub fn exam_title(exams: Loading<Json>, id: &str) -> String {
    let found = exams.get().and_then(|all| {
        let exam = all.list("items").iter().find(|one| one.str("id") == id)?;
        Some(pick_json(exam.at("title")))
    });
    found.unwrap_or_else(|| id.to_owned())
}

fn cells(one: &Json, exams: Loading<Json>) -> Vec<AnyView> {
    let (exam, when, model) =
        (one.str("exam").to_owned(), one.clone(), one.str("model").to_owned());
    let number = |name: &str| number_of(one.int(name).unwrap_or(0));
    vec![
        link(at(format!("analyses/{}", one.str("id"))))
            .child(live_text(move || exam_title(exams, &exam)))
            .done(),
        tag("analysis_state", one.str("state")).done(),
        live_text(move || t_of("analysis_model", &model)),
        el("span").class("num").child(number("attempts")).done(),
        el("span").class("num").child(number("flagged")).done(),
        live_text(move || moment_at(&when, "created_at")),
    ]
}

fn ask(list: Loading<Json>, exams: Loading<Json>) -> El {
    let form = form(Json::Null);
    let errors = form.errors;
    let exam = RwSignal::new(String::new());
    let model = RwSignal::new("two_parameter".to_owned());
    let options: Options = std::rc::Rc::new(move || {
        let first = (String::new(), t("form.choose").to_owned());
        let all = exams.get();
        let open = all.iter().flat_map(|all| all.list("items").to_vec());
        let open = open.filter(|one| one.str("state") != "draft");
        let rest = open.map(|one| {
            let published = fill(
                "analysis.of",
                &[("exam", &pick_json(one.at("title"))), ("at", &moment_at(&one, "published_at"))],
            );
            (one.str("id").to_owned(), published)
        });
        std::iter::once(first).chain(rest).collect()
    });
    let models: Options = std::rc::Rc::new(|| {
        ["two_parameter", "one_parameter", "rasch", "rasch_free_variance"]
            .map(|code| (code.to_owned(), t_of("analysis_model", code)))
            .into()
    });
    let send = move || {
        let body =
            map([("exam", exam.get_untracked().into()), ("model", model.get_untracked().into())]);
        form.ask(api::call("POST", "analyses").body(&body), move |_| {
            app().say(t("analysis.asked_for"), false);
            list.again();
        });
    };
    section("analysis.ask").child(el("p").class("soft").t("analysis.lead")).child(
        form.element("", send)
            .child(
                div("row-fields")
                    .child(field("exam", "analysis.exam", errors).select(options, exam))
                    .child(field("model", "analysis.model", errors).select(models, model)),
            )
            .child(div("buttons").child(form.submit("analysis.ask_do"))),
    )
}
