//! The journal, for the auditor: who did what, when and why. Nothing can be changed here.

use crate::reactive::{AnyView, RwSignal};

use crate::{
    api::{
        self,
        rows::{JournalPage, JournalRow},
    },
    dom::{El, div, el, live, live_text, nothing},
    json::{self, Json},
    nav,
    router::{Route, write_query},
    state::app,
    text::{moment, t, t_of},
    ui::{
        self, errors,
        field::field,
        load::{empty, load},
        page::page as frame,
        table::table,
    },
};

const HEADS: &[&str] =
    &["journal.at", "journal.who", "journal.action", "journal.object", "journal.what"];

fn path(cursor: &str) -> String {
    let place = app().place.get_untracked().with("cursor", cursor);
    format!("journal?{}", write_query(&place.query))
}

/// The page.
pub fn page() -> AnyView {
    let place = app().place;
    let first = load::<JournalPage>(path(""));
    crate::dom::follow(move || {
        if place.with(|place| place.route == Route::Journal) {
            first.ask(path(""));
        }
    });
    let wrong = errors::errors();
    let object = RwSignal::new(place.with_untracked(|place| place.get("object").to_owned()));
    frame("nav.journal", None)
        .child(
            el("form")
                .class("filters")
                .attr("role", "search")
                .on("submit", move |event| {
                    event.prevent_default();
                    nav::go(place.get_untracked().with("object", object.get_untracked().trim()));
                })
                .child(field("object", "journal.filter", wrong).input("search", object))
                .child(
                    el("button").attr("type", "submit").class("button second").t("vacancies.find"),
                ),
        )
        .child(first.view(|page| pages(page).done()))
        .done()
}

fn pages(first: JournalPage) -> El {
    if first.items.is_empty() {
        return el("div").child(empty("journal.none", None));
    }
    let (rows, next) = (RwSignal::new(first.items), RwSignal::new(first.next));
    let more = move |_| {
        let Some(cursor) = next.get_untracked() else { return };
        api::run(async move {
            match api::get::<JournalPage>(path(&cursor)).await {
                Ok(page) => {
                    let _ = rows.try_update(|rows| rows.extend(page.items));
                    let _ = next.try_set(page.next);
                }
                Err(problem) => app().say(problem.words(), true),
            }
        });
    };
    div("pages")
        .child(live(move || table("nav.journal", HEADS, rows.get().into_iter().map(cells)).done()))
        .child(live(move || match next.with(Option::is_some) {
            false => nothing(),
            true => ui::button("button second", "vacancies.more", more).done(),
        }))
}

fn cells(row: JournalRow) -> Vec<AnyView> {
    let JournalRow { at, who, role, action, object_type, object_id, reason, before, after, seq } =
        row;
    let person = live_text(move || {
        let who = if who.is_empty() { t("journal.system").to_owned() } else { who.clone() };
        if role.is_empty() { who } else { format!("{who} · {}", t_of("role", &role)) }
    });
    let what = [changes(&before, &after), reason].join("\n").trim().to_owned();
    vec![
        div("cell-title")
            .child(live_text(move || moment(at)))
            .child(el("span").class("small soft num").child(format!(" № {seq}")))
            .done(),
        person,
        live_text(move || t_of("action", &action)),
        el("span").child(object_type).child(" ").child(el("code").child(object_id)).done(),
        el("span").class("text small").child(what).done(),
    ]
}

/// What differs between two states of an object, a line a field.
fn changes(before: &Json, after: &Json) -> String {
    let both = before.fields().iter().chain(after.fields());
    let mut names: Vec<&String> = both.map(|(name, _)| name).collect();
    crate::text::sort_by(&mut names, |a, b| a <= b);
    names.dedup();
    let shown = |value: Option<&Json>| match value {
        None | Some(Json::Null) => "—".to_owned(),
        Some(Json::Text(text)) => text.clone(),
        Some(other) => json::write(other),
    };
    names
        .into_iter()
        .filter(|name| before.get(name) != after.get(name))
        .map(|name| format!("{name}: {} → {}", shown(before.get(name)), shown(after.get(name))))
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_shown() {
        let read = |text| json::read(text).unwrap();
        let was = read(r#"{"state": "draft", "hours": 16, "same": 1}"#);
        let is = read(r#"{"state": "published", "hours": null, "same": 1}"#);
        assert_eq!(changes(&was, &is), "hours: 16 → —\nstate: draft → published");
        assert_eq!(changes(&Json::Null, &read(r#"{"a": "b"}"#)), "a: — → b");
        assert_eq!(changes(&Json::Null, &Json::Null), "");
    }
}
