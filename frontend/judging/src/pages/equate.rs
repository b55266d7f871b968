//! Two forms on one scale: which score of one is worth as much as which of the other.

use super::{at, figure, ways};
use crate::{
    api,
    dom::{El, div, el, live, live_text, nothing},
    json::Json,
    pages::{analysis::exam_title, figures::chart},
    reactive::{AnyView, RwSignal},
    router::encode,
    text::{fill, moment_at, pick_json, t},
    ui::{
        self,
        errors::{self, summary},
        field::{Options, field},
        load::{Loading, load},
        page::{facts, page_with, section},
    },
};

/// The page.
pub fn page() -> AnyView {
    let list = load::<Json>("analyses");
    let exams = load::<Json>("exams");
    let done = RwSignal::new(None::<Json>);
    page_with(|| t("equate.title").to_owned(), Some(at("analyses")), None)
        .child(ways())
        .child(choose(list, exams, done))
        .child(live(move || done.with(|done| done.as_ref().map_or_else(nothing, drawn))))
        .done()
}

fn choose(list: Loading<Json>, exams: Loading<Json>, done: RwSignal<Option<Json>>) -> El {
    let errors = errors::errors();
    let (from, to) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let options = || -> Options {
        std::rc::Rc::new(move || {
            let first = (String::new(), t("form.choose").to_owned());
            let all = list.get();
            let ready = all.iter().flat_map(|all| all.list("items").to_vec());
            let rest = ready.filter(|one| one.str("state") == "done").map(|one| {
                let title = exam_title(exams, one.str("exam"));
                let words = [("exam", title.as_str()), ("at", &moment_at(&one, "created_at"))];
                (one.str("id").to_owned(), fill("analysis.of", &words))
            });
            std::iter::once(first).chain(rest).collect()
        })
    };
    let ask = move |_| {
        let path = format!(
            "equatings?from={}&to={}",
            encode(&from.get_untracked()),
            encode(&to.get_untracked())
        );
        api::run(async move {
            match api::get::<Json>(path).await {
                Ok(found) => {
                    errors.set(Vec::new());
                    let _ = done.try_set(Some(found));
                }
                Err(problem) => errors::show(&problem, errors),
            }
        });
    };
    section("equate.choose")
        .child(el("p").class("soft").t("equate.lead"))
        .child(summary(errors))
        .child(
            div("row-fields")
                .child(field("from", "equate.from", errors).select(options(), from))
                .child(field("to", "equate.to", errors).select(options(), to)),
        )
        .child(div("buttons").child(ui::button("button", "equate.do", ask)))
}

fn drawn(found: &Json) -> AnyView {
    let number = |path: &str, places: usize| {
        el("span").class("num").child(figure(found.at(path), places)).done()
    };
    let named = |name: &'static str| {
        let title = found.at(&format!("{name}.title")).clone();
        live_text(move || pick_json(&title))
    };
    let line = found.at("linear").clone();
    div("group")
        .attr("role", "status")
        .child(section("equate.forms").child(facts([
            ("equate.from", named("from")),
            ("equate.from_people", number("from.people", 0)),
            ("equate.from_mean", number("from.mean", 2)),
            ("equate.from_sd", number("from.sd", 2)),
            ("equate.to", named("to")),
            ("equate.to_people", number("to.people", 0)),
            ("equate.to_mean", number("to.mean", 2)),
            ("equate.to_sd", number("to.sd", 2)),
            (
                "equate.line",
                live_text(move || match line {
                    Json::Null => t("equate.no_line").to_owned(),
                    ref line => fill(
                        "equate.formula",
                        &[
                            ("a", &figure(line.at("slope"), 3)),
                            ("b", &figure(line.at("intercept"), 3)),
                        ],
                    ),
                }),
            ),
        ])))
        .child(el("section").class("panel plot").child(chart(found.at("plot"), true)))
        .done()
}
