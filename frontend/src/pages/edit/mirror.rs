//! Keeps what is typed in the browser until the server has it.

use domain::vacancy::api::CabinetVacancy;

use super::Editing;
use crate::{
    api::wire::ToJson,
    browser, json,
    logic::mirror::{self, Mirror, Opening, PREFIX},
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

/// Counts the drafts that the server does not have.
pub fn count_unsaved() {
    let count = browser::kept_keys().iter().filter(|key| key.starts_with(PREFIX)).count();
    if app().unsaved.get_untracked() != count {
        app().unsaved.set(count);
    }
}
