//! Step 3: texts, Kazakh and Russian side by side.

use crate::reactive::{AnyView, RwSignal};
use domain::{shared::lang::Text, vacancy::model::Content};

use super::Editing;
use crate::{
    dom::{El, many},
    state::app,
    text::t,
    ui::{self, field::Both},
};

/// The form.
pub fn form(editing: Editing) -> AnyView {
    let Editing { content, errors, .. } = editing;
    many([
        Both {
            names: ["duties.kk", "duties.ru"],
            label: "content.duties",
            hint: Some("wizard.duties_hint"),
            lines: 8,
            whole: content,
            part: |c| &mut c.duties,
            read: |c| &c.duties,
        }
        .view(errors, Some(standard(content, "duties", |c| &mut c.duties)))
        .done(),
        Both {
            names: ["requirements.kk", "requirements.ru"],
            label: "content.requirements",
            hint: Some("wizard.requirements_hint"),
            lines: 8,
            whole: content,
            part: |c| &mut c.requirements,
            read: |c| &c.requirements,
        }
        .view(errors, Some(standard(content, "requirements", |c| &mut c.requirements)))
        .done(),
        Both {
            names: ["conditions.kk", "conditions.ru"],
            label: "content.conditions",
            hint: Some("form.optional"),
            lines: 4,
            whole: content,
            part: |c| &mut c.conditions,
            read: |c| &c.conditions,
        }
        .view(errors, None)
        .done(),
    ])
}

/// A button that puts in the standard text of the position. What is written already stays: the
/// standard text goes under it.
fn standard(
    content: RwSignal<Content>,
    what: &'static str,
    part: fn(&mut Content) -> &mut Text,
) -> El {
    ui::button("button quiet", "wizard.insert_standard", move |_| {
        let position = content.with_untracked(|content| content.position.clone());
        let standard = app().directories.with_untracked(|all| {
            all.find("position", &position).map(|item| item.both(what)).unwrap_or_default()
        });
        if standard.is_empty() {
            app().say(t("wizard.no_standard"), true);
            return;
        }
        content.update(|content| {
            let text = part(content);
            for (side, standard) in [(&mut text.kk, standard.kk), (&mut text.ru, standard.ru)] {
                if side.trim().is_empty() {
                    side.clear();
                } else if !standard.is_empty() {
                    side.push_str("\n\n");
                }
                side.push_str(&standard);
            }
        });
    })
}
