//! Step 6: what is missing, how the reader will see it, publication.

use crate::reactive::{AnyView, RwSignal};
use domain::{
    shared::time::Timestamp,
    vacancy::api::{CheckAnswer, Command, Issue},
};

use super::{Editing, conflict::Both, mirror, period, save, unread_issues};
use crate::{
    api,
    dom::{El, div, el, live, live_text, many, nothing},
    logic::steps::Step,
    nav::{self, link},
    router::{Place, Route},
    state::app,
    text::{count, t, t_of},
    ui::{self, errors, field::field, page::section},
    vacancy::{preview, send},
};

/// The page.
pub fn form(editing: Editing) -> AnyView {
    let id = editing.saved.with_untracked(|vacancy| vacancy.id.clone());
    // What is typed elsewhere and not saved would not be checked.
    let unsaved = move || editing.saved.with(|s| editing.content.with(|c| *c != s.content));
    many([
        live(move || match unsaved() {
            false => nothing(),
            true => div("notice wait")
                .child(el("p").t("check.unsaved"))
                .child(ui::button("button second", "wizard.save", move |_| {
                    save::save(editing, || app().say(t("wizard.saved"), false));
                }))
                .done(),
        }),
        live({
            let id = id.clone();
            move || {
                let unread = unread_issues(editing);
                if unread.is_empty() {
                    return nothing();
                }
                let found = unread.len() as i64;
                div("notice late")
                    .child(el("h2").child(live_text(move || count("check.issues", found))))
                    .child(el("ul").class("issues").children(by_step(&id, unread)))
                    .done()
            }
        }),
        editing.check.view({
            let id = id.clone();
            move |answer| verdict(editing, &id, answer)
        }),
        section("check.preview").child(preview(&id)).done(),
    ])
}

fn verdict(editing: Editing, id: &str, answer: CheckAnswer) -> AnyView {
    let ready = answer.issues.is_empty();
    let found = answer.issues.len() as i64;
    let (texts_meant, both_meant) = (RwSignal::new(false), RwSignal::new(false));
    let (asked_texts, asked_twin) = (!answer.warnings.is_empty(), answer.twin.is_some());
    let meant = move || (!asked_texts || texts_meant.get()) && (!asked_twin || both_meant.get());
    div("verdict")
        .child(if ready {
            div("notice done").child(el("p").child("✓ ").t("check.ready"))
        } else {
            div("notice wait")
                .child(el("h2").child(live_text(move || count("check.issues", found))))
                .child(el("ul").class("issues").children(by_step(id, answer.issues.clone())))
        })
        .maybe((!answer.warnings.is_empty()).then(|| {
            div("notice wait")
                .child(el("h2").t("check.warnings"))
                .child(el("ul").class("issues").children(by_step(id, answer.warnings.clone())))
                .child(confirm(texts_meant, "check.texts_meant"))
        }))
        .maybe(answer.twin.clone().map(|twin| {
            div("notice wait")
                .child(el("h2").t("check.twin"))
                .child(
                    el("p")
                        .t("check.twin_text")
                        .child(" ")
                        .child(link(Route::Vacancy(twin.id)).child(format!("№ {}", twin.number))),
                )
                .child(confirm(both_meant, "check.twin_meant"))
        }))
        .child(section("period.title").child(period::timeline(&answer)))
        .child(publish(editing, ready, meant, both_meant))
        .done()
}

/// A box that the clerk ticks to say that it is meant so.
fn confirm(meant: RwSignal<bool>, key: &'static str) -> El {
    el("p").class("checks").child(
        el("label")
            .child(
                el("input")
                    .attr("type", "checkbox")
                    .checked(move || meant.get())
                    .on("change", move |_| meant.update(|meant| *meant = !*meant)),
            )
            .child(el("span").t(key)),
    )
}

fn by_step(id: &str, issues: Vec<Issue>) -> Vec<El> {
    issues
        .into_iter()
        .map(|issue| {
            let step = Step::of_field(&issue.field);
            let name = issue.field.split('.').next().unwrap_or_default().to_owned();
            let to = Place::from(Route::Edit(id.to_owned(), step.code().into()))
                .with("field", &issue.field);
            el("li").child(link(to).child(issue.text)).child(" ").child(
                el("span").class("small soft").child(live_text(move || {
                    format!("{} · {}", t_of("step", step.code()), t_of("content", &name))
                })),
            )
        })
        .collect()
}

fn publish(
    editing: Editing,
    ready: bool,
    meant: impl Fn() -> bool + Copy + 'static,
    again: RwSignal<bool>,
) -> El {
    let commands = editing.saved.with_untracked(|vacancy| vacancy.commands.clone());
    let may = |name: &str| commands.iter().any(|command| command == name);
    let later = RwSignal::new(false);
    let (date, time) = (RwSignal::new(String::new()), RwSignal::new("09:00".to_owned()));
    let wrong = errors::errors();
    let act = move |_| {
        let at = if later.get_untracked() {
            match local(&date.get_untracked(), &time.get_untracked()) {
                Some(at) => Some(at),
                None => {
                    let detail = t("check.when_missing").to_owned();
                    wrong.set(vec![api::FieldProblem { field: "publish_date".into(), detail }]);
                    nav::focus_soon("f-publish_date");
                    return;
                }
            }
        } else {
            None
        };
        give(
            editing,
            Command::Publish { at, again: again.get_untracked() },
            if at.is_some() { "check.will_publish" } else { "check.published" },
        );
    };
    let blocked = move || {
        !ready || !meant() || editing.busy.get() || editing.unread.with(|all| !all.is_empty())
    };
    let radio = move |value: bool, key: &'static str| {
        el("li").child(
            el("label")
                .child(
                    el("input")
                        .attr("type", "radio")
                        .attr("name", "when")
                        .checked(move || later.get() == value)
                        .on("change", move |_| later.set(value)),
                )
                .child(el("span").t(key)),
        )
    };
    let body = if may("publish") {
        section("check.publish")
            .child(
                el("ul")
                    .class("checks")
                    .child(radio(false, "check.now"))
                    .child(radio(true, "check.later")),
            )
            .child(live(move || match later.get() {
                false => nothing(),
                true => div("row-fields")
                    .child(field("publish_date", "check.date", wrong).short().input("date", date))
                    .child(
                        field("publish_time", "check.time", wrong)
                            .hint("check.astana")
                            .short()
                            .input("time", time),
                    )
                    .done(),
            }))
            .child(
                div("buttons").child(
                    el("button")
                        .attr("type", "button")
                        .class("button")
                        .flag("disabled", blocked)
                        .child(live_text(move || {
                            t(if later.get() { "check.schedule" } else { "check.publish_now" })
                                .to_owned()
                        }))
                        .on("click", act),
                ),
            )
    } else if may("request_approval") {
        section("check.approval").child(el("p").t("check.approval_text")).child(
            div("buttons").child(
                ui::button("button", "command.request_approval", move |_| {
                    give(editing, Command::RequestApproval, "check.sent");
                })
                .flag("disabled", blocked),
            ),
        )
    } else {
        section("check.publish").child(el("p").t("check.nobody"))
    };
    // A button that does nothing has its reason beside it.
    let unread = move || editing.unread.with(|all| !all.is_empty());
    body.child(el("p").class("small soft").child(live_text(move || {
        match (!ready || unread(), meant()) {
            (true, _) => t("check.blocked").to_owned(),
            (false, false) => t("check.confirm_first").to_owned(),
            (false, true) => String::new(),
        }
    })))
}

/// A moment on the clocks of the country from the two fields.
fn local(date: &str, time: &str) -> Option<Timestamp> {
    let (hour, minute) = time.get(..5)?.split_once(':')?;
    let time = chrono::NaiveTime::from_hms_opt(hour.parse().ok()?, minute.parse().ok()?, 0)?;
    Some(Timestamp::from_local(crate::api::wire::day(date)?, time))
}

fn give(editing: Editing, command: Command, said: &'static str) {
    if editing.busy.get_untracked() {
        return;
    }
    editing.busy.set(true);
    let saved = editing.saved.get_untracked();
    api::run(async move {
        let answer = send(&saved, &command).await;
        let _ = editing.busy.try_set(false);
        match answer {
            Ok(newer) => {
                mirror::forget(&newer.id);
                app().say(t(said), false);
                nav::go(Route::Vacancy(newer.id));
            }
            Err(problem) => match problem.conflict::<domain::vacancy::api::Conflict>() {
                Some(conflict) => {
                    let mine = editing.content.get_untracked();
                    let both = Both::new(&saved.content, &mine, conflict.current);
                    let _ = editing.conflict.try_set(Some(both));
                }
                None => {
                    // Somebody published the same one meanwhile: the page asks about it.
                    if problem.code == "duplicate" {
                        editing.check.again();
                    }
                    errors::show(&problem, editing.errors);
                }
            },
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_publication_is_astana_time() {
        let at = local("2026-11-23", "09:00").unwrap();
        assert_eq!(at.to_string(), "2026-11-23T04:00:00.000Z");
        assert_eq!(local("2026-11-23", "09:00:00"), Some(at));
        assert_eq!(local("", "09:00"), None);
        assert_eq!(local("2026-11-23", "9"), None);
    }
}
