//! The journal, for the auditor: who did what, when and why. Nothing can be changed here.

use crate::{
    api::rows::{JournalPage, JournalRow},
    dom::{El, div, el, live_text},
    form::filters::filters,
    json::{self, Json},
    reactive::AnyView,
    router::{Place, Route},
    text::{moment, t, t_of},
    ui::{
        list::{Growing, asked, by_address},
        load::empty,
        page::page as frame,
    },
};

const HEADS: &[&str] =
    &["journal.at", "journal.who", "journal.action", "journal.object", "journal.what"];

fn path(place: &Place) -> String {
    asked("journal", place)
}

/// The page.
pub fn page() -> AnyView {
    let first = by_address::<JournalPage>(|place| path(&place.clone().with("cursor", "")));
    frame("nav.journal", None)
        .child(filters(Route::Journal).words("object", "journal.filter").done("vacancies.find"))
        .child(first.view(|page| pages(page).done()))
        .done()
}

fn pages(first: JournalPage) -> El {
    if first.items.is_empty() {
        return el("div").child(empty("journal.none", None));
    }
    let parts = |page: JournalPage| (page.items, page.next);
    Growing { name: "nav.journal", heads: HEADS, path, parts }.view(first, cells)
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
