//! What can be done with an application: send again, complete, open for changes, withdraw.

use super::{home, may, object};
use crate::{
    dom::{El, div, el, live, nothing},
    form::{Form, form},
    json::{self, Json},
    nav,
    offline::outbox::Write,
    reactive::{AnyView, RwSignal},
    state::app,
    text::t,
    ui::{self, errors::summary, load::Loading, sheet},
};

/// Commands in the order in which they are offered: name, key of the button, class.
const OFFERED: [(&str, &str, &str); 5] = [
    ("complete", "apply.complete", "button"),
    ("reopen", "apply.reopen", "button second"),
    ("keep", "apply.keep", "button second"),
    ("withdraw", "apply.withdraw", "button danger"),
    ("discard", "apply.discard", "button danger"),
];

/// The buttons and the sheet.
pub fn view(id: &str, now: &Json, all: Loading<Json>) -> AnyView {
    let open = RwSignal::new(false);
    let chosen = RwSignal::new(("", "form.close"));
    let (id, now) = (id.to_owned(), now.clone());
    let offered: Vec<_> = OFFERED.into_iter().filter(|(name, ..)| may(&now, name)).collect();
    if offered.is_empty() {
        return nothing();
    }
    div("actions")
        .child(div("buttons").children(offered.into_iter().map(|(name, key, class)| {
            ui::button(class, key, move |_| {
                chosen.set((name, key));
                open.set(true);
            })
        })))
        .child(live(move || {
            let (name, key) = chosen.get();
            let (id, now) = (id.clone(), now.clone());
            sheet::sheet(open, key, move || ask(&id, &now, name, key, all))
        }))
        .done()
}

/// What will happen, and what the command asks for.
fn ask(id: &str, now: &Json, name: &'static str, key: &'static str, all: Loading<Json>) -> AnyView {
    let form = form(json::map([("reason", "".into()), ("note", "".into())]));
    let field: Option<El> = match name {
        "withdraw" => Some(form.lines("reason", "apply.reason")),
        "complete" => Some(form.lines("note", "apply.note")),
        _ => None,
    };
    let (id, version) = (id.to_owned(), now.int("version"));
    let title = crate::text::pick_json(now.at("vacancy.title"));
    el("form")
        .attr("novalidate", "")
        .on("submit", move |event| {
            event.prevent_default();
            let (reason, note) =
                form.whole.with_untracked(|all| (all.at("reason").clone(), all.at("note").clone()));
            let mut body = json::map([("command", name.into())]);
            match name {
                "withdraw" => body.put("reason", reason),
                "complete" => body.put("note", note),
                _ => {}
            }
            give(form, &id, version, body, title.clone(), all, name);
        })
        .child(summary(form.errors))
        .child(el("p").child(crate::dom::live_text(move || crate::text::t_of("explain", name))))
        .maybe(field)
        .child(div("buttons").child(form.submit(key)))
        .done()
}

fn give(
    form: Form,
    id: &str,
    seen: Option<i64>,
    body: Json,
    name: String,
    all: Loading<Json>,
    command: &'static str,
) {
    let write = Write {
        method: "POST",
        path: format!("my/applications/{id}/commands"),
        object: object(id),
        body: Some(body),
        seen,
        what: "command",
        name,
    };
    let id = id.to_owned();
    form.send(write, move |answer| {
        sheet::close();
        match answer {
            Some(_) if command == "discard" => nav::go(super::my("applications")),
            Some(newer) if newer.get("id").is_some() => {
                app().say(t("apply.done"), false);
                all.put(newer);
            }
            _ => nav::go(home(&id)),
        }
    });
}
