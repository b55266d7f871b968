//! Step 1: post and subject.

use std::rc::Rc;

use crate::reactive::AnyView;
use domain::vacancy::model::Term;

use super::Editing;
use crate::{
    dom::{div, el, live, many, nothing, settled},
    state::app,
    text::{t, t_of},
    ui::field::{Bind, Both, Groups, Options, field},
};

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

pub use crate::ui::field::{day_of, day_text, from_directory};

/// A count that may be missing; one that no machine can hold is as large as it can be, so that
/// the server names it.
pub fn count_of(digits: &str) -> u32 {
    if digits.is_empty() { 0 } else { digits.parse().unwrap_or(u32::MAX) }
}

/// Positions by their groups, in the order of both directories.
fn positions() -> Groups {
    Rc::new(|| {
        let lang = app().lang.get();
        let mut out = vec![(String::new(), vec![(String::new(), t("form.choose").to_owned())])];
        app().directories.with(|all| {
            let of = |group: &str| -> Vec<(String, String)> {
                let mine = all.items("position").iter().filter(|item| item.text("group") == group);
                mine.map(|item| (item.code.clone(), item.name(lang).to_owned())).collect()
            };
            for group in all.items("position_group") {
                out.push((group.name(lang).to_owned(), of(&group.code)));
            }
            out.push((String::new(), of("")));
        });
        out
    })
}

/// The form.
pub fn form(editing: Editing) -> AnyView {
    let Editing { content, errors, unread, .. } = editing;
    // Texts that change only when they really do: a field that is typed into is not drawn anew.
    let position = settled(move || content.with(|content| content.position.clone()));
    let needs = move |what: &'static str| {
        let code = position.get();
        app()
            .directories
            .with(|all| all.find("position", &code).is_some_and(|item| item.flag(what)))
    };
    let term = settled(move || {
        content.with(|c| if c.term == Term::Temporary { "temporary".into() } else { String::new() })
    });
    let temporary = move || !term.with(String::is_empty);
    let terms: Options = Rc::new(|| {
        ["permanent", "temporary"].iter().map(|c| ((*c).to_owned(), t_of("term", c))).collect()
    });
    many([
        field("position", "content.position", errors)
            .select_grouped(
                positions(),
                Bind::of(content, |c| c.position.clone(), |c, v| c.position = v),
            )
            .done(),
        live(move || match needs("needs_subject") {
            false => nothing(),
            true => field("subject", "content.subject", errors)
                .select(
                    from_directory("subject"),
                    Bind::of(
                        content,
                        |c| c.subject.clone().unwrap_or_default(),
                        |c, v| c.subject = some(v),
                    ),
                )
                .done(),
        }),
        live(move || match needs("needs_language") {
            false => nothing(),
            true => field("language", "content.language", errors)
                .select(
                    from_directory("language_of_instruction"),
                    Bind::of(content, |c| c.language.clone(), |c, v| c.language = v),
                )
                .done(),
        }),
        div("row-fields")
            .child(field("term", "content.term", errors).short().select(
                terms,
                Bind::of(
                    content,
                    |c| {
                        if c.term == Term::Temporary {
                            "temporary".into()
                        } else {
                            "permanent".into()
                        }
                    },
                    |c, v| {
                        c.term = if v == "temporary" { Term::Temporary } else { Term::Permanent };
                        if c.term == Term::Permanent {
                            c.temporary_until = None;
                        }
                    },
                ),
            ))
            .child(live(move || match temporary() {
                false => nothing(),
                true => field("temporary_until", "content.temporary_until", errors)
                    .short()
                    .input(
                        "date",
                        Bind::of(
                            content,
                            |c| day_text(c.temporary_until),
                            |c, v| c.temporary_until = day_of(&v),
                        ),
                    )
                    .done(),
            }))
            .child(field("openings", "content.openings", errors).short().whole(
                Bind::of(
                    content,
                    |c| if c.openings == 0 { String::new() } else { c.openings.to_string() },
                    |c, v| c.openings = count_of(&v),
                ),
                unread,
            ))
            .done(),
        el("details")
            .class("fold")
            .child(el("summary").t("wizard.own_title"))
            .child(
                Both {
                    names: ["title.kk", "title.ru"],
                    label: "content.title",
                    hint: Some("wizard.own_title_hint"),
                    lines: 1,
                    whole: content,
                    part: |c| &mut c.title,
                    read: |c| &c.title,
                }
                .view(errors, None),
            )
            .done(),
    ])
}
