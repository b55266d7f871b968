//! The wizard: a list of steps, a page a step, saved at every step, resumed at any time.

use crate::reactive::{AnyView, RwSignal};
use domain::vacancy::{
    api::{CabinetVacancy, CheckAnswer, Issue},
    model::{Content, State},
};
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

use crate::{
    browser,
    dom::{El, div, el, live, live_text},
    logic::{
        mirror::Opening,
        steps::{Progress, Step, languages},
    },
    nav::{self, link},
    router::Route,
    state::app,
    text::{fill, t, t_of},
    ui::{
        self,
        errors::{self, Errors, summary},
        field::{Unread, unread_problems},
        load::{Loading, empty, load},
        page::page_with,
        status::{state_tag, tag},
    },
    vacancy::title_of,
};

mod check;
mod conflict;
mod contacts;
pub mod mirror;
mod period;
mod post;
mod requirements;
mod save;
mod terms;
mod texts;

/// A vacancy that is being written. All of it is signals, so it is passed by copy.
#[derive(Clone, Copy)]
pub struct Editing {
    /// As the server has it.
    pub saved: RwSignal<CabinetVacancy>,
    /// The version on which it is typed, and what that version said.
    pub base: RwSignal<(i64, Content)>,
    /// As it is typed.
    pub content: RwSignal<Content>,
    /// What is wrong.
    pub errors: Errors,
    /// What is no number and stands in a field for one.
    pub unread: Unread,
    /// What the server says of it.
    pub check: Loading<CheckAnswer>,
    /// Both versions, where somebody saved meanwhile.
    pub conflict: RwSignal<Option<conflict::Both>>,
    /// Whether it is being sent.
    pub busy: RwSignal<bool>,
    /// Whether typed text was found from earlier.
    pub restored: RwSignal<bool>,
}

/// The page of a step; without a step the list of steps.
pub fn page(id: String, step: &str) -> AnyView {
    let step = Step::parse(step);
    let vacancy = load::<CabinetVacancy>(format!("vacancies/{id}"));
    let check = load::<CheckAnswer>(format!("vacancies/{id}/check"));
    vacancy.view(move |vacancy| {
        let may = |name: &str| vacancy.commands.iter().any(|command| command == name);
        // What waits for approval or its hour is not written any more, but looked at and published.
        let published_here = step == Some(Step::Check) && may("publish");
        if !may("save") && !published_here {
            let to = link(Route::Vacancy(vacancy.id)).class("button second").t("wizard.to_vacancy");
            return page_with(|| t("wizard.title").to_owned(), Some(Route::Vacancies), None)
                .child(empty("wizard.closed", Some(to)))
                .done();
        }
        let editing = begin(vacancy, check);
        match step {
            None => overview(editing),
            Some(step) => one(editing, step),
        }
    })
}

fn begin(vacancy: CabinetVacancy, check: Loading<CheckAnswer>) -> Editing {
    let opening = mirror::open(&vacancy);
    let content = match &opening {
        Opening::Clean => vacancy.content.clone(),
        Opening::Restored(mirror) | Opening::Conflict(mirror) => mirror.mine.clone(),
    };
    let base = match &opening {
        Opening::Conflict(mirror) => (mirror.version, mirror.base.clone()),
        _ => (vacancy.version, vacancy.content.clone()),
    };
    let editing = Editing {
        base: RwSignal::new(base),
        content: RwSignal::new(content),
        errors: errors::errors(),
        unread: RwSignal::new(mirror::unread(&vacancy.id)),
        check,
        conflict: RwSignal::new(None),
        busy: RwSignal::new(false),
        restored: RwSignal::new(matches!(opening, Opening::Restored(_))),
        saved: RwSignal::new(vacancy),
    };
    if let Opening::Conflict(mirror) = opening {
        let newer = editing.saved.get_untracked();
        editing.conflict.set(Some(conflict::Both::new(&mirror.base, &mirror.mine, newer)));
    }
    // What was no number before a reload is none now.
    editing.errors.set(unread_problems(editing.unread));
    mirror::follow(editing);
    editing
}

/// What the server finds missing, as far as it has answered, and what is no number here.
pub fn issues(editing: Editing) -> Vec<Issue> {
    let mut all = editing.check.get().map(|answer| answer.issues.clone()).unwrap_or_default();
    all.extend(unread_issues(editing));
    all
}

/// What is no number and stands in a field for one.
pub fn unread_issues(editing: Editing) -> Vec<Issue> {
    editing.unread.with(Vec::len);
    let issue = |one: crate::api::FieldProblem| Issue {
        field: one.field,
        code: "number".into(),
        text: one.detail,
    };
    unread_problems(editing.unread).into_iter().map(issue).collect()
}

fn title(editing: Editing) -> impl Fn() -> String + 'static {
    move || editing.saved.with(|vacancy| title_of(&vacancy.title))
}

fn overview(editing: Editing) -> AnyView {
    let id = editing.saved.with_untracked(|vacancy| vacancy.id.clone());
    page_with(title(editing), Some(Route::Vacancies), None)
        .child(head(editing))
        .child(found(editing))
        .child(live(move || {
            if editing.check.get().is_none() {
                return editing.check.view(|_| crate::dom::nothing());
            }
            let issues = issues(editing);
            let content = editing.content.get();
            el("ol")
                .class("tasks")
                .children(Step::ALL.map(|step| {
                    let progress = step.progress(&content, &issues);
                    let key = step.code();
                    el("li")
                        .child(
                            link(Route::Edit(id.clone(), key.into()))
                                .child(live_text(move || t_of("step", key))),
                        )
                        .child(progress_tag(step, progress))
                }))
                .done()
        }))
        .child(conflict::view(editing))
        .done()
}

fn progress_tag(step: Step, progress: Progress) -> El {
    match (step, progress) {
        (Step::Check, Progress::Complete) => tag("tag done", "progress.ready"),
        (Step::Check, _) => tag("tag mute", "progress.later"),
        (_, Progress::NotStarted) => tag("tag mute", "progress.not_started"),
        (_, Progress::Partial) => tag("tag wait", "progress.in_progress"),
        (_, Progress::Complete) => tag("tag done", "progress.complete"),
    }
}

/// State, number and how complete each language is.
fn head(editing: Editing) -> El {
    let state = editing.saved.with_untracked(|vacancy| vacancy.state);
    let number = editing.saved.with_untracked(|vacancy| vacancy.number);
    let organisation = editing.saved.with_untracked(|vacancy| vacancy.organisation.name.clone());
    div("bar")
        .child(state_tag(state))
        .child(el("span").class("num soft").child(format!("№ {number}")))
        .child(el("span").class("soft").child(live_text(move || crate::text::pick(&organisation))))
        .child(live(move || {
            let (kk, ru, all) = editing.content.with(languages);
            let one = |name: &str, n: usize| {
                let (class, sign) =
                    if n == all { ("tag done", "✓ ") } else { ("tag wait", "… ") };
                el("span").class(class).child(format!("{sign}{name} {n}/{all}"))
            };
            el("span")
                .class("langs-filled")
                .attr_t("title", "wizard.languages")
                .child(one("Қаз", kk))
                .child(" ")
                .child(one("Рус", ru))
                .done()
        }))
}

/// Typed text was found that the server does not have.
fn found(editing: Editing) -> AnyView {
    live(move || {
        if !editing.restored.get() {
            return crate::dom::nothing();
        }
        div("notice wait")
            .attr("role", "status")
            .child(el("p").t("wizard.restored"))
            .child(ui::button("button quiet", "wizard.discard", move |_| {
                editing.content.set(editing.saved.with_untracked(|saved| saved.content.clone()));
                editing.unread.set(Vec::new());
                editing.restored.set(false);
            }))
            .done()
    })
}

fn one(editing: Editing, step: Step) -> AnyView {
    let id = editing.saved.with_untracked(|vacancy| vacancy.id.clone());
    let place = Step::ALL.iter().position(|one| *one == step).unwrap_or_default() + 1;
    let form = match step {
        Step::Post => post::form(editing),
        Step::Load => terms::form(editing),
        Step::Texts => texts::form(editing),
        Step::Requirements => requirements::form(editing),
        Step::Contacts => contacts::form(editing),
        Step::Check => check::form(editing),
    };
    let wanted = app().place.with_untracked(|place| place.get("field").to_owned());
    if !wanted.is_empty() {
        // The link of an issue leads to the control itself, or to the first of its pair.
        browser::soon(move || {
            browser::soon(move || {
                browser::focus(&format!("f-{wanted}.kk"));
                browser::focus(&format!("f-{wanted}"));
            });
        });
    }
    let back = Route::Edit(id, String::new());
    let heading = move || {
        let n = place.to_string();
        format!("{} — {}", fill("wizard.step", &[("n", &n)]), t_of("step", step.code()))
    };
    page_with(heading, Some(back.clone()), None)
        .child(el("p").class("soft under").child(live_text(title(editing))))
        .child(head(editing))
        .child(found(editing))
        .child(summary(editing.errors))
        .child(
            el("form")
                .class("step")
                .attr("novalidate", "")
                .on("submit", move |event| {
                    event.prevent_default();
                    if step != Step::Check {
                        save::save(editing, move || onward(editing, step));
                    }
                })
                .on("keydown", move |event| {
                    let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
                    if !(key.ctrl_key() || key.meta_key()) {
                        return;
                    }
                    match key.key().as_str() {
                        "s" | "S" | "ы" | "Ы" => {
                            event.prevent_default();
                            save::save(editing, || app().say(t("wizard.saved"), false));
                        }
                        "Enter" if step != Step::Check => {
                            event.prevent_default();
                            save::save(editing, move || onward(editing, step));
                        }
                        _ => {}
                    }
                })
                .child(form)
                .maybe((step != Step::Check).then(|| buttons(editing, back))),
        )
        .child(conflict::view(editing))
        .done()
}

fn onward(editing: Editing, step: Step) {
    let id = editing.saved.with_untracked(|vacancy| vacancy.id.clone());
    let next = step.next().map_or_else(String::new, |next| next.code().to_owned());
    nav::go(Route::Edit(id, next));
}

fn buttons(editing: Editing, back: Route) -> El {
    let public = editing.saved.with_untracked(|vacancy| vacancy.state != State::Draft);
    div("buttons")
        .child(
            el("button")
                .attr("type", "submit")
                .class("button")
                .flag("disabled", move || editing.busy.get())
                .t(if public { "wizard.save_public" } else { "wizard.next" }),
        )
        .child(
            ui::button("button second", "wizard.save", move |_| {
                let back = back.clone();
                save::save(editing, move || {
                    app().say(t("wizard.saved"), false);
                    nav::go(back.clone());
                });
            })
            .flag("disabled", move || editing.busy.get()),
        )
        .child(
            el("span")
                .class("small soft keys")
                .child(el("kbd").child("Ctrl"))
                .child(" + ")
                .child(el("kbd").child("S"))
                .child(" ")
                .t("wizard.key_save"),
        )
}
