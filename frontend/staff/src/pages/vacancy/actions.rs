//! What can be done with a vacancy: a button a command, a sheet for what the command asks.

use crate::reactive::{AnyView, RwSignal};
use domain::vacancy::{
    api::{CabinetVacancy, CheckAnswer, Command, Conflict},
    model::State,
};

use super::{copy, fields};
use crate::{
    api,
    dom::{El, div, el, live, nothing},
    state::app,
    text::t,
    ui::{
        self,
        errors::{self, Errors, summary},
        field::{Unread, unread_problems},
        load::{Loading, load},
        sheet,
    },
    vacancy::send,
};

/// What a command asks for; filled by its form.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Code of the reason.
    pub reason: String,
    /// Words for the readers.
    pub note: domain::shared::lang::Text,
    /// A day.
    pub day: String,
    /// A number of people.
    pub people: String,
    /// Whether somebody was chosen: `yes`, `no` or nothing yet.
    pub filled: String,
}

/// The signals of the form of a command.
#[derive(Clone, Copy)]
pub struct Form {
    /// What is filled in.
    pub asked: RwSignal<Asked>,
    /// What is wrong.
    pub wrong: Errors,
    /// What is no number.
    pub unread: Unread,
    /// What the server says of the vacancy: the days of an extension.
    pub check: Loading<CheckAnswer>,
}

/// Commands in the order in which they are offered: name, key of the button, class.
const OFFERED: [(&str, &str, &str); 10] = [
    ("publish", "command.to_check", "button second"),
    ("resume", "command.resume", "button"),
    ("start_review", "command.start_review", "button"),
    ("conclude", "command.conclude", "button"),
    ("extend", "command.extend", "button second"),
    ("pause", "command.pause", "button second"),
    ("return", "command.return", "button second"),
    ("end_early", "command.end_early", "button second"),
    ("archive", "command.archive", "button second"),
    ("cancel", "command.cancel", "button danger"),
];

/// Whether to publish is what the reader is here for: somebody asked for the approval.
pub fn publishes(now: &CabinetVacancy) -> bool {
    now.state == State::Approval && now.commands.iter().any(|one| one == "publish")
}

/// The buttons and the sheet.
pub fn view(now: &CabinetVacancy, vacancy: Loading<CabinetVacancy>) -> AnyView {
    let open = RwSignal::new(false);
    let command = RwSignal::new("");
    let asked = RwSignal::new(Asked::default());
    let wrong = errors::errors();
    let unread = RwSignal::new(Vec::new());
    let check = load::<CheckAnswer>(format!("vacancies/{}/check", now.id));
    let may = |name: &str| now.commands.iter().any(|one| one == name);
    let buttons = OFFERED.iter().filter(|(name, ..)| may(name)).map(|(name, key, class)| {
        if *name == "publish" {
            let to = crate::router::Route::Edit(now.id.clone(), "check".into());
            let class = if publishes(now) { "button" } else { class };
            return crate::nav::link(to).class(class).t(key);
        }
        ui::button(class, key, move |_| {
            asked.set(Asked::default());
            wrong.set(Vec::new());
            unread.set(Vec::new());
            command.set(name);
            open.set(true);
        })
    });
    let seen = now.clone();
    div("actions")
        .child(div("buttons").children(buttons).child(copy::view(now)))
        .child(live(move || {
            let name = command.get();
            let key =
                OFFERED.iter().find(|(one, ..)| *one == name).map_or("form.close", |one| one.1);
            let seen = seen.clone();
            sheet::sheet(open, key, move || {
                form(name, key, &seen, Form { asked, wrong, unread, check }, vacancy)
            })
        }))
        .done()
}

fn form(
    name: &'static str,
    key: &'static str,
    seen: &CabinetVacancy,
    form: Form,
    vacancy: Loading<CabinetVacancy>,
) -> AnyView {
    let Form { asked, wrong, unread, .. } = form;
    let busy = RwSignal::new(false);
    // A scheduled announcement has had no readers: going back to a draft needs no words for them.
    let bare = name == "return" && seen.state == State::Scheduled;
    let seen = seen.clone();
    let act = move |event: web_sys::Event| {
        event.prevent_default();
        let numbers = unread_problems(unread);
        if !numbers.is_empty() {
            wrong.set(numbers);
            crate::nav::focus_soon("errors");
            return;
        }
        let command = match fields::command(name, bare, &asked.get_untracked()) {
            Ok(command) => command,
            Err(missing) => {
                wrong.set(missing);
                crate::nav::focus_soon("errors");
                return;
            }
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let seen = seen.clone();
        api::run(async move { run(&seen, &command, busy, wrong, vacancy).await });
    };
    el("form")
        .attr("novalidate", "")
        .on("submit", act)
        .child(summary(wrong))
        .child(explain(name))
        .child(if bare { nothing() } else { fields::view(name, form) })
        .child(
            div("buttons").child(
                el("button")
                    .attr("type", "submit")
                    .class(if name == "cancel" { "button danger" } else { "button" })
                    .flag("disabled", move || busy.get())
                    .t(key),
            ),
        )
        .done()
}

/// What will happen, before it happens.
fn explain(name: &'static str) -> El {
    el("p").child(crate::dom::live_text(move || crate::text::t_of("explain", name)))
}

async fn run(
    seen: &CabinetVacancy,
    command: &Command,
    busy: RwSignal<bool>,
    wrong: Errors,
    vacancy: Loading<CabinetVacancy>,
) {
    let answer = send(seen, command).await;
    let _ = busy.try_set(false);
    match answer {
        Ok(newer) => {
            sheet::close();
            app().say(t("vacancy.done"), false);
            vacancy.put(newer);
        }
        Err(problem) => {
            if let Some(conflict) = problem.conflict::<Conflict>() {
                // Somebody acted meanwhile: what stands now is shown, the person decides anew.
                sheet::close();
                app().say(t("problem.stale"), true);
                vacancy.put(conflict.current);
            } else {
                errors::show(&problem, wrong);
            }
        }
    }
}
