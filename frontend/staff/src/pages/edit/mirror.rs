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

/// Mirrors every change.
pub fn follow(editing: Editing) {
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
