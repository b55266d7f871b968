//! Two clerks: what each of them wrote, field by field, and a choice. Nothing is lost.

use crate::reactive::{AnyView, RwSignal};
use domain::vacancy::{api::CabinetVacancy, model::Content};

use super::{Editing, save};
use crate::{
    dom::{div, el, live, live_text, many, nothing},
    json::{self, Json},
    logic::merge::{self, Difference, Side},
    state::app,
    text::{fill, moment, t},
    ui, vacancy,
};

/// Both versions and the choices.
#[derive(Debug, Clone, PartialEq)]
pub struct Both {
    /// What stands on the server.
    pub newer: CabinetVacancy,
    /// Field by field.
    pub differences: Vec<Difference>,
}

impl Both {
    /// Compares what was typed on `base` with what stands now.
    pub fn new(base: &Content, mine: &Content, newer: CabinetVacancy) -> Both {
        Both { differences: merge::compare(base, mine, &newer.content), newer }
    }
}

/// The choice, where there is one to make.
pub fn view(editing: Editing) -> AnyView {
    let open = RwSignal::new(false);
    crate::dom::follow(move || open.set(editing.conflict.with(Option::is_some)));
    ui::sheet::sheet(open, "conflict.title", move || body(editing))
}

fn body(editing: Editing) -> AnyView {
    let head = live_text(move || {
        editing.conflict.with(|both| {
            both.as_ref().map_or_else(String::new, |both| {
                let at = moment(both.newer.changed_at);
                fill("conflict.text", &[("who", &both.newer.changed_by), ("at", &at)])
            })
        })
    });
    let all = move |side: Side| {
        editing.conflict.update(|both| {
            for one in both.iter_mut().flat_map(|both| &mut both.differences) {
                one.side = side;
            }
        });
    };
    div("conflict")
        .child(el("p").child(head))
        .child(
            div("buttons")
                .child(ui::button("button second", "conflict.all_mine", move |_| all(Side::Mine)))
                .child(ui::button("button second", "conflict.all_theirs", move |_| {
                    all(Side::Theirs);
                })),
        )
        .child(live(move || {
            let Some(both) = editing.conflict.get() else { return nothing() };
            many(both.differences.into_iter().enumerate().map(|(at, one)| row(editing, at, one)))
        }))
        .child(
            div("buttons").child(ui::button("button", "conflict.save", move |_| settle(editing))),
        )
        .done()
}

fn row(editing: Editing, at: usize, one: Difference) -> AnyView {
    let card =
        |side: Side, key: &'static str, value: &Json| {
            let field = one.field.clone();
            let value = value.clone();
            let choose = move |_| {
                editing.conflict.update(|both| {
                    if let Some(one) = both.as_mut().and_then(|both| both.differences.get_mut(at)) {
                        one.side = side;
                    }
                });
            };
            let on = one.side == side;
            el("label")
                .class(if on { "choice on" } else { "choice" })
                .child(
                    el("input")
                        .attr("type", "radio")
                        .attr("name", format!("conflict-{at}"))
                        .checked(move || on)
                        .on("change", choose),
                )
                .child(el("span").child(el("strong").t(key)).child(
                    el("span").class("text").child(live_text(move || words(&field, &value))),
                ))
        };
    let field = one.field.clone();
    el("fieldset")
        .class("difference")
        .child(
            el("legend")
                .class("label")
                .child(vacancy::names(&[field]))
                .maybe(one.both.then(|| el("span").class("tag wait").t("conflict.both"))),
        )
        .child(div("pair").child(card(Side::Mine, "conflict.mine", &one.mine)).child(card(
            Side::Theirs,
            "conflict.theirs",
            &one.theirs,
        )))
        .done()
}

/// Saves the choices on top of the newer version.
fn settle(editing: Editing) {
    let Some(both) = editing.conflict.get_untracked() else { return };
    let merged = merge::merge(&both.newer.content, &both.differences);
    editing.conflict.set(None);
    editing.base.set((both.newer.version, both.newer.content.clone()));
    editing.saved.set(both.newer);
    editing.content.set(merged);
    save::save(editing, || app().say(t("conflict.saved"), false));
}

/// A value of the announcement in words.
pub fn words(field: &str, value: &Json) -> String {
    let directory = match field {
        "position" | "subject" | "category" | "schedule" => field,
        "language" => "language_of_instruction",
        "term" => "employment_kind",
        "documents" => "document_type",
        "extras" => "extra",
        _ => "",
    };
    let one = |value: &Json| match value {
        Json::Text(code) if !directory.is_empty() => app().name_of(directory, code),
        Json::Text(text) => text.clone(),
        other => json::write(other),
    };
    match value {
        Json::Null => "—".into(),
        Json::Text(text) if text.is_empty() => "—".into(),
        Json::List(all) if all.is_empty() => "—".into(),
        Json::List(all) => all.iter().map(one).collect::<Vec<_>>().join("\n"),
        other => one(other),
    }
}
