//! Saving: the whole announcement, on the version that was seen.

use domain::vacancy::api::{Command, Conflict};

use super::{Editing, conflict::Both, mirror};
use crate::{
    api, browser,
    state::app,
    text::t,
    ui::{errors, field::unread_problems},
    vacancy::send,
};

/// Saves what is typed, then goes on. What is saved already is not sent again.
pub fn save(editing: Editing, then: impl Fn() + 'static) {
    let content = editing.content.get_untracked();
    let saved = editing.saved.get_untracked();
    if editing.busy.get_untracked() {
        return;
    }
    // A conflict that was closed without a choice is still a conflict.
    if editing.conflict.with_untracked(Option::is_some) {
        editing.conflict.update(|_| {});
        return;
    }
    let unread = unread_problems(editing.unread);
    if !unread.is_empty() {
        editing.errors.set(unread);
        browser::soon(|| browser::focus("errors"));
        return;
    }
    if content == saved.content {
        editing.errors.set(Vec::new());
        then();
        return;
    }
    editing.busy.set(true);
    let command = Command::Save { content: Box::new(content.clone()) };
    api::run(async move {
        let answer = send(&saved, &command).await;
        // The page may be gone by now; the mirror still has what was typed.
        if editing.busy.try_set(false).is_some() {
            return;
        }
        match answer {
            Ok(newer) => {
                editing.errors.set(Vec::new());
                editing.restored.set(false);
                editing.base.set((newer.version, newer.content.clone()));
                // What was typed while it was on its way stays.
                if editing.content.get_untracked() == content {
                    editing.content.set(newer.content.clone());
                    mirror::forget(&newer.id);
                }
                editing.saved.set(newer);
                editing.check.again();
                then();
            }
            Err(problem) => match problem.conflict::<Conflict>() {
                Some(conflict) => {
                    let both = Both::new(&saved.content, &content, conflict.current);
                    editing.conflict.set(Some(both));
                }
                None if problem.status == 0 => {
                    app().online.set(browser::is_online());
                    app().say(t("wizard.kept"), true);
                }
                None => errors::show(&problem, editing.errors),
            },
        }
    });
}
