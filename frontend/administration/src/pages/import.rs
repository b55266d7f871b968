//! Import of a list: a file, what was understood of it, then drafts or publication.

use crate::reactive::{AnyView, RwSignal};
use domain::import::api::{ImportReport, Mode};
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Event, File, HtmlInputElement};

use crate::{
    api::{self, Attempt},
    browser,
    dom::{El, div, el, live, live_text, nothing},
    state::app,
    text::t,
    ui::{self, errors, load::skeleton, organisation::department_field, page::page as frame},
};

mod report;

/// What the page holds.
#[derive(Clone, Copy)]
struct Work {
    organisation: RwSignal<String>,
    file: RwSignal<Option<File>>,
    report: RwSignal<Option<ImportReport>>,
    busy: RwSignal<bool>,
    wrong: errors::Errors,
    attempt: RwSignal<Attempt>,
}

/// The page.
pub fn page() -> AnyView {
    let work = Work {
        organisation: RwSignal::new(String::new()),
        file: RwSignal::new(None),
        report: RwSignal::new(None),
        busy: RwSignal::new(false),
        wrong: errors::errors(),
        attempt: RwSignal::new(Attempt::default()),
    };
    frame("nav.import", None)
        .child(el("p").class("soft").t("import.lead"))
        .child(errors::summary(work.wrong))
        .child(choose(work))
        .child(live(move || {
            if work.busy.get() {
                return div("working").child(el("p").t("import.working")).child(skeleton(5)).done();
            }
            match work.report.get() {
                None => nothing(),
                Some(report) => crate::dom::quietly(|| {
                    report::view(report.clone(), move |mode| send(work, mode))
                }),
            }
        }))
        .done()
}

fn choose(work: Work) -> El {
    let over = RwSignal::new(false);
    let take = move |file: Option<File>| {
        if let Some(file) = file {
            work.report.set(None);
            work.wrong.set(Vec::new());
            work.file.set(Some(file));
        }
    };
    let picked = move |event: Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        take(input.and_then(|input| input.files()).and_then(|files| files.get(0)));
    };
    let dropped = move |event: Event| {
        event.prevent_default();
        over.set(false);
        let data = event.dyn_into::<DragEvent>().ok().and_then(|event| event.data_transfer());
        take(data.and_then(|data| data.files()).and_then(|files| files.get(0)));
    };
    el("form")
        .class("step")
        .attr("novalidate", "")
        .on("submit", move |event| {
            event.prevent_default();
            send(work, Mode::Check);
        })
        .child(department_field("organisation", "form.choose", work.organisation, work.wrong))
        .child(
            el("div")
                .attr_live("class", move || {
                    Some(if over.get() { "drop over".into() } else { "drop".into() })
                })
                .on("dragover", move |event| {
                    event.prevent_default();
                    over.set(true);
                })
                .on("dragleave", move |_| over.set(false))
                .on("drop", dropped)
                .child(el("label").class("label").attr("for", "f-file").t("import.file"))
                .child(el("p").class("hint").id("h-file").t("import.drop"))
                .child(ui::field::what_is_wrong("file", work.wrong))
                .child(
                    el("input")
                        .attr("type", "file")
                        .id("f-file")
                        .attr("accept", ".csv,.xlsx,.txt")
                        .attr("aria-describedby", "h-file e-file")
                        .attr_live("aria-invalid", move || {
                            let wrong =
                                work.wrong.with(|all| all.iter().any(|one| one.field == "file"));
                            wrong.then(|| "true".into())
                        })
                        .on("change", picked),
                )
                .child(el("p").class("small").child(live_text(move || {
                    work.file.with(|file| {
                        file.as_ref().map_or_else(String::new, |file| {
                            format!("{} · {} KB", file.name(), (file.size() as u64).div_ceil(1024))
                        })
                    })
                }))),
        )
        .child(
            div("buttons").child(
                el("button")
                    .attr("type", "submit")
                    .class("button")
                    .flag("disabled", move || work.busy.get())
                    .t("import.check"),
            ),
        )
}

fn send(work: Work, mode: Mode) {
    let organisation = work.organisation.get_untracked();
    let file = work.file.get_untracked();
    let mut missing = Vec::new();
    let mut need = |have: bool, field: &str, key: &'static str| {
        if !have {
            missing.push(api::FieldProblem { field: field.into(), detail: t(key).to_owned() });
        }
    };
    need(!organisation.is_empty(), "organisation", "need.organisation");
    need(file.is_some(), "file", "need.file");
    let Some(file) = file.filter(|_| missing.is_empty()) else {
        work.wrong.set(missing);
        crate::nav::focus_soon("errors");
        return;
    };
    if work.busy.get_untracked() {
        return;
    }
    work.busy.set(true);
    let word = match mode {
        Mode::Check => "check",
        Mode::Draft => "draft",
        Mode::Publish => "publish",
    };
    let lang = app().lang.get_untracked().code();
    let path = format!("import/vacancies?organisation={organisation}&mode={word}&lang={lang}");
    let said =
        format!("{path} {} {} {}", file.name(), file.size() as u64, file.last_modified() as u64);
    let key = work.attempt.with_untracked(|attempt| attempt.key(&said, browser::uuid));
    api::run(async move {
        let answer = api::call("POST", path).once(key).file(&file).json::<ImportReport>().await;
        let _ = work.busy.try_set(false);
        match answer {
            Ok(report) => {
                let _ = work.attempt.try_update(|attempt| attempt.done());
                let _ = work.report.try_set(Some(report));
                crate::nav::focus_soon("import-report");
            }
            // What is wrong with the file is said at the file.
            Err(problem) if problem.code.starts_with("import_") => {
                let detail = problem.words();
                let _ =
                    work.wrong.try_set(vec![api::FieldProblem { field: "file".into(), detail }]);
                crate::nav::focus_soon("errors");
            }
            Err(problem) => ui::errors::show(&problem, work.wrong),
        }
    });
}
