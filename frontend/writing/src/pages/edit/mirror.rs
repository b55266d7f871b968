//! Keeps what is typed in the browser until the server has it.

use domain::vacancy::api::CabinetVacancy;

use super::Editing;
use crate::{
    api::wire::ToJson,
    browser, json,
    kept::{PREFIX, count_unsaved},
    logic::mirror::{self, Mirror, Opening},
    state::app,
};

fn key(id: &str) -> String {
    format!("{PREFIX}{id}")
}

/// What was kept of a vacancy, and what that means now.
pub fn open(vacancy: &CabinetVacancy) -> Opening {
    let kept = browser::kept(&key(&vacancy.id));
    mirror::open(kept.as_deref(), vacancy.version, &vacancy.content)
}

fn unread_key(id: &str) -> String {
    format!("unread.{id}")
}

/// What was typed into fields for numbers and is none, a line each.
pub fn unread(id: &str) -> Vec<(String, String)> {
    let kept = browser::kept(&unread_key(id)).unwrap_or_default();
    let pair =
        |line: &str| line.split_once('\t').map(|(field, text)| (field.to_owned(), text.to_owned()));
    kept.lines().filter_map(pair).collect()
}

/// Mirrors every change.
pub fn follow(editing: Editing) {
    crate::dom::follow(move || {
        let id = editing.saved.with_untracked(|saved| saved.id.clone());
        let lines: Vec<String> = editing
            .unread
            .with(|all| all.iter().map(|(field, text)| format!("{field}\t{text}")).collect());
        if lines.is_empty() {
            browser::forget(&unread_key(&id));
        } else {
            let _ = browser::keep(&unread_key(&id), &lines.join("\n"));
        }
    });
    crate::dom::follow(move || {
        let mine = editing.content.get();
        let id = editing.saved.with(|saved| saved.id.clone());
        let (version, base) = editing.base.get();
        if mine == base {
            forget(&id);
            return;
        }
        let kept = Mirror { version, base, mine, at: browser::now() };
        if !browser::keep(&key(&id), &json::write(&kept.to_json())) {
            app().say(crate::text::t("wizard.no_room"), true);
        }
        count_unsaved();
    });
}

/// The server has it.
pub fn forget(id: &str) {
    browser::forget(&key(id));
    count_unsaved();
}
