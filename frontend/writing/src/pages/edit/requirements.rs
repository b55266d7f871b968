//! Step 4: requirements and documents.

use std::rc::Rc;

use crate::reactive::AnyView;

use super::{
    Editing,
    post::{count_of, from_directory},
};
use crate::{
    dom::{div, many, settled},
    state::app,
    text::t,
    ui::field::{Bind, Options, field},
};

fn turn(list: &mut Vec<String>, code: String) {
    if let Some(place) = list.iter().position(|one| *one == code) {
        list.remove(place);
    } else {
        list.push(code);
    }
}

/// The form.
pub fn form(editing: Editing) -> AnyView {
    let Editing { content, errors, unread, .. } = editing;
    let group = settled(move || {
        let code = content.with(|content| content.position.clone());
        app().directories.with(|all| {
            all.find("position", &code)
                .map(|item| item.text("group").to_owned())
                .unwrap_or_default()
        })
    });
    // Only what applies to the position: a long list is not read.
    let of_group = move |name: &'static str, first: bool| -> Options {
        Rc::new(move || {
            let (lang, group) = (app().lang.get(), group.get());
            let mut out = Vec::new();
            if first {
                out.push((String::new(), t("wizard.any_category").to_owned()));
            }
            app().directories.with(|all| {
                out.extend(
                    all.items(name)
                        .iter()
                        .filter(|item| group.is_empty() || item.is_for(&group))
                        .filter(|item| !item.flag("legacy") && item.code != "none")
                        .map(|item| (item.code.clone(), item.name(lang).to_owned())),
                );
            });
            out
        })
    };
    let extras: Options = Rc::new(move || from_directory("extra")().into_iter().skip(1).collect());
    many([
        div("row-fields")
            .child(
                field("experience", "content.experience", errors)
                    .hint("wizard.experience_hint")
                    .short()
                    .whole(
                        Bind::of(
                            content,
                            |c| c.experience.to_string(),
                            |c, v| c.experience = count_of(&v),
                        ),
                        unread,
                    ),
            )
            .child(field("category", "content.category", errors).select(
                of_group("category", true),
                Bind::of(
                    content,
                    |c| c.category.clone().unwrap_or_default(),
                    |c, v| c.category = Some(v).filter(|v| !v.is_empty()),
                ),
            ))
            .done(),
        field("documents", "content.documents", errors)
            .hint("wizard.documents_hint")
            .checks(
                of_group("document_type", false),
                move |code| content.with(|c| c.documents.iter().any(|one| one == code)),
                move |code| content.update(|c| turn(&mut c.documents, code)),
            )
            .done(),
        field("extras", "content.extras", errors)
            .checks(
                extras,
                move |code| content.with(|c| c.extras.iter().any(|one| one == code)),
                move |code| content.update(|c| turn(&mut c.extras, code)),
            )
            .done(),
    ])
}
