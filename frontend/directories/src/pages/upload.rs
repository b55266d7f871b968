//! A table of the state from a file: what would change is seen first, then it is loaded whole or
//! not at all.

use wasm_bindgen::JsCast;
use web_sys::{Event, File, HtmlInputElement};

use super::at;
use crate::{
    api::{self, Attempt},
    browser,
    dom::{El, div, el, live, live_text, nothing},
    json::{self, Json},
    nav::{self, link},
    reactive::{AnyView, RwSignal},
    state::app,
    text::{fill, key, number_of, t},
    ui::{self, errors, load::skeleton, page::page_with, table::table},
};

/// One of the tables.
#[derive(Clone, Copy)]
pub struct Kind {
    /// As the address of the import names it.
    name: &'static str,
    /// The page above, whose title this is too.
    above: &'static str,
    /// Keys: the title, what the file has to look like.
    title: &'static str,
    lead: &'static str,
}

/// The official table of administrative units.
pub const PLACES: Kind = Kind {
    name: "kato",
    above: "places",
    title: "directories.upload_kato",
    lead: "directories.kato_lead",
};

/// The calendar of a year.
pub const CALENDAR: Kind = Kind {
    name: "calendar",
    above: "calendar",
    title: "directories.upload_year",
    lead: "directories.calendar_lead",
};

/// What the page holds.
#[derive(Clone, Copy)]
struct Work {
    kind: Kind,
    file: RwSignal<Option<File>>,
    report: RwSignal<Option<Json>>,
    busy: RwSignal<bool>,
    wrong: errors::Errors,
    attempt: RwSignal<Attempt>,
}

/// The page.
pub fn page(kind: Kind) -> AnyView {
    let work = Work {
        kind,
        file: RwSignal::new(None),
        report: RwSignal::new(None),
        busy: RwSignal::new(false),
        wrong: errors::errors(),
        attempt: RwSignal::new(Attempt::default()),
    };
    page_with(move || t(kind.title).to_owned(), Some(at(kind.above)), None)
        .child(el("p").class("soft").t(kind.lead))
        .child(errors::summary(work.wrong))
        .child(choose(work))
        .child(live(move || {
            if work.busy.get() {
                return div("working").child(skeleton(4)).done();
            }
            match work.report.get() {
                None => nothing(),
                Some(report) => crate::dom::quietly(|| shown(work, &report)),
            }
        }))
        .done()
}

fn choose(work: Work) -> El {
    let picked = move |event: Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let file = input.and_then(|input| input.files()).and_then(|files| files.get(0));
        if let Some(file) = file {
            work.report.set(None);
            work.wrong.set(Vec::new());
            work.file.set(Some(file));
        }
    };
    el("form")
        .class("step")
        .attr("novalidate", "")
        .on("submit", move |event| {
            event.prevent_default();
            send(work, "check");
        })
        .child(
            div("field")
                .child(el("label").class("label").attr("for", "f-file").t("import.file"))
                .child(ui::field::what_is_wrong("file", work.wrong))
                .child(
                    el("input")
                        .attr("type", "file")
                        .id("f-file")
                        .attr("accept", ".csv,.xlsx,.txt")
                        .attr("aria-describedby", "e-file")
                        .attr_live("aria-invalid", move || {
                            let wrong = work.wrong.with(|all| !all.is_empty());
                            wrong.then(|| "true".into())
                        })
                        .on("change", picked),
                ),
        )
        .child(
            div("buttons").child(
                el("button")
                    .attr("type", "submit")
                    .class("button")
                    .flag("disabled", move || work.busy.get())
                    .t("directories.check"),
            ),
        )
}

fn send(work: Work, mode: &'static str) {
    let Some(file) = work.file.get_untracked() else {
        let detail = t("need.file").to_owned();
        work.wrong.set(vec![api::FieldProblem { field: "file".into(), detail }]);
        nav::focus_soon("errors");
        return;
    };
    if work.busy.get_untracked() {
        return;
    }
    work.busy.set(true);
    let lang = app().lang.get_untracked().code();
    let path = format!("import/{}?mode={mode}&lang={lang}", work.kind.name);
    let said =
        format!("{path} {} {} {}", file.name(), file.size() as u64, file.last_modified() as u64);
    let once = work.attempt.with_untracked(|attempt| attempt.key(&said, browser::uuid));
    api::run(async move {
        let answer = api::call("POST", path).once(once).file(&file).send().await;
        let _ = work.busy.try_set(false);
        match answer {
            Ok(text) => {
                let _ = work.attempt.try_update(|attempt| attempt.done());
                let _ = work.report.try_set(json::read(&text));
                nav::focus_soon("report");
            }
            // What is wrong with the file is said at the file.
            Err(problem) if problem.code.starts_with("import_") => {
                let detail = problem.words();
                let _ =
                    work.wrong.try_set(vec![api::FieldProblem { field: "file".into(), detail }]);
                nav::focus_soon("errors");
            }
            Err(problem) => errors::show(&problem, work.wrong),
        }
    });
}

const COUNTS: [&str; 6] = ["total", "created", "updated", "unchanged", "closed", "refused"];
const HEADS: &[&str] = &["import.row", "import.column", "import.errors"];

/// What a file is: its counts, what is wrong with it, what can be done.
fn shown(work: Work, report: &Json) -> AnyView {
    let number = |name: &str| report.int(name).unwrap_or_default();
    let changes = number("created") + number("updated") + number("closed");
    let (refused, done) = (number("refused"), report.str("mode") == "publish");
    let counts = COUNTS.into_iter().filter(|name| number(name) > 0).map(|name| {
        let (label, n) = (key(format!("directories.count.{name}")), number(name));
        let class = if name == "refused" { "tag late" } else { "tag" };
        el("li").child(
            el("span").class(class).child(live_text(move || fill(label, &[("n", &number_of(n))]))),
        )
    });
    let verdict = match (done, refused, changes) {
        (true, 0, _) => "directories.loaded",
        (_, 1.., _) => "directories.nothing_loaded",
        (_, _, 0) => "directories.same",
        _ => "directories.would",
    };
    let mistakes: Vec<Json> = report.list("errors").to_vec();
    let ready = !done && refused == 0 && changes > 0;
    div("report")
        .child(el("h2").id("report").attr("tabindex", "-1").t(verdict))
        .child(el("p").class("soft").child(report.str("format").to_owned()))
        .child(el("ul").class("counts").children(counts))
        .children(report.texts("notes").into_iter().map(|note| el("p").class("notice").child(note)))
        .maybe(ready.then(|| {
            div("buttons").child(
                ui::button("button", "directories.load", move |_| send(work, "publish"))
                    .flag("disabled", move || work.busy.get()),
            )
        }))
        .maybe(done.then(|| link(at(work.kind.above)).class("button second").t("directories.look")))
        .maybe(
            (!mistakes.is_empty())
                .then(|| table("import.errors", HEADS, mistakes.iter().map(mistake))),
        )
        .done()
}

/// A mistake: the number of the row and a note.
fn mistake(one: &Json) -> Vec<AnyView> {
    let Json::List(pair) = one else { return Vec::new() };
    let (row, note) =
        (pair.first().cloned().unwrap_or_default(), pair.get(1).cloned().unwrap_or_default());
    let number = match row {
        Json::Number(digits) => digits,
        _ => String::new(),
    };
    let value = note.str("value").to_owned();
    vec![
        el("span").class("num").child(number).done(),
        el("span").child(note.str("column").to_owned()).done(),
        div("text")
            .child(note.str("text").to_owned())
            .maybe((!value.is_empty()).then(|| el("div").class("small soft").child(value)))
            .done(),
    ]
}
