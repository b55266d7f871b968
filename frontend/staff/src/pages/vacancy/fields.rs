//! The fields that each command asks for, and the command made of them.

use std::rc::Rc;

use crate::reactive::AnyView;
use domain::{
    shared::lang::Text,
    vacancy::{api::Command, model::Outcome},
};

use super::actions::{Asked, Form};
use crate::{
    api::FieldProblem,
    dom::{el, live_text, many, nothing},
    state::app,
    text::{day, fill, t},
    ui::field::{Bind, Both, Options, field},
};

/// The fields of a command.
pub fn view(name: &'static str, form: Form) -> AnyView {
    let Form { asked, wrong, unread, check } = form;
    let reason = || {
        let options: Options = Rc::new(move || {
            let lang = app().lang.get();
            let mut out = vec![(String::new(), t("form.choose").to_owned())];
            app().directories.with(|all| {
                out.extend(
                    all.items("closing_reason")
                        .iter()
                        .filter(|item| item.is_for(name))
                        .map(|item| (item.code.clone(), item.name(lang).to_owned())),
                );
            });
            out
        });
        field("reason", "command.reason", wrong)
            .select(options, Bind::of(asked, |a| a.reason.clone(), |a, v| a.reason = v))
            .done()
    };
    let note = |label: &'static str| {
        Both {
            names: ["note.kk", "note.ru"],
            label,
            hint: Some("command.note_hint"),
            lines: 4,
            whole: asked,
            part: |a| &mut a.note,
            read: |a| &a.note,
        }
        .view(wrong, None)
        .done()
    };
    match name {
        "extend" => many([
            check.view(|answer| match (answer.extend_from, answer.extend_to) {
                (Some(from), Some(to)) => el("p")
                    .class("hint")
                    .child(live_text(move || {
                        fill("command.extend_span", &[("from", &day(from)), ("to", &day(to))])
                    }))
                    .done(),
                (Some(from), None) => el("p")
                    .class("hint")
                    .child(live_text(move || fill("command.extend_from", &[("from", &day(from))])))
                    .done(),
                _ => el("p").class("hint").t("command.extend_none").done(),
            }),
            field("accept_to", "command.new_day", wrong)
                .short()
                .input("date", Bind::of(asked, |a| a.day.clone(), |a, v| a.day = v))
                .done(),
            note("command.reason"),
        ]),
        "pause" => reason(),
        "end_early" | "cancel" => many([reason(), note("command.note")]),
        "return" => note("command.reason"),
        "conclude" => {
            let filled: Options = Rc::new(|| {
                vec![
                    (String::new(), t("form.choose").to_owned()),
                    ("yes".into(), t("outcome.filled").to_owned()),
                    ("no".into(), t("outcome.not_filled").to_owned()),
                ]
            });
            many([
                field("filled", "outcome.how", wrong)
                    .select(filled, Bind::of(asked, |a| a.filled.clone(), |a, v| a.filled = v))
                    .done(),
                field("applicants", "outcome.applicants", wrong)
                    .hint("form.optional")
                    .short()
                    .whole(Bind::of(asked, |a| a.people.clone(), |a, v| a.people = v), unread)
                    .done(),
                note("command.note"),
            ])
        }
        _ => nothing(),
    }
}

/// The command, or what is missing for it. The server checks all of it again.
///
/// `bare`: nobody has to be told why, as when what nobody has seen yet goes back to a draft.
pub fn command(name: &str, bare: bool, asked: &Asked) -> Result<Command, Vec<FieldProblem>> {
    let mut missing = Vec::new();
    let mut need = |have: bool, name: &str, key: &'static str| {
        if !have {
            missing.push(FieldProblem { field: name.into(), detail: t(key).to_owned() });
        }
    };
    let note: Text = asked.note.clone();
    let day = crate::api::wire::day(&asked.day);
    let with_reason = matches!(name, "pause" | "end_early" | "cancel");
    need(!with_reason || !asked.reason.is_empty(), "reason", "need.reason");
    need(name != "extend" || day.is_some(), "accept_to", "need.day");
    need(name != "conclude" || !asked.filled.is_empty(), "filled", "need.outcome");
    let words = bare || !matches!(name, "extend" | "return");
    need(words || !note.kk.trim().is_empty(), "note.kk", "need.kk");
    need(words || !note.ru.trim().is_empty(), "note.ru", "need.ru");
    if !missing.is_empty() {
        return Err(missing);
    }
    let reason = asked.reason.clone();
    Ok(match (name, day) {
        ("extend", Some(accept_to)) => Command::Extend { accept_to, reason: note },
        ("return", _) => Command::Return { reason: note },
        ("pause", _) => Command::Pause { reason },
        ("resume", _) => Command::Resume,
        ("end_early", _) => Command::EndEarly { reason, note },
        ("cancel", _) => Command::Cancel { reason, note },
        ("start_review", _) => Command::StartReview,
        ("conclude", _) => Command::Conclude {
            filled: asked.filled == "yes",
            outcome: Outcome { reason: None, note, applicants: asked.people.parse().ok() },
        },
        _ => Command::Archive,
    })
}
